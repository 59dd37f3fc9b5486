"""Variables with dimensions and attributes, as the reader of files takes them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Mapping

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Variable:
    """An array, or the description of one whose values come later."""

    name: str
    dims: tuple[str, ...]
    shape: tuple[int, ...]
    dtype: str = "<f8"
    values: NDArray[Any] | None = None
    attrs: Mapping[str, Any] = field(default_factory=dict)

    def described(self) -> dict[str, Any]:
        """For `hodge._hodge.Plan`."""
        dtype = np.dtype(self.dtype)
        kind = {"b": "u", "f": "f", "i": "i", "u": "u"}.get(dtype.kind)
        if kind is None:
            raise ValueError(
                f"{self.name} holds {dtype}, and real numbers are needed; the real and the imaginary part of complex ones "
                "are two fields"
            )
        texts: list[tuple[str, str]] = []
        numbers: list[tuple[str, list[float], bool]] = []
        for key, value in self.attrs.items():
            if isinstance(value, str):
                texts.append((str(key), value))
                continue
            array = np.atleast_1d(np.asarray(value))
            if array.dtype.kind in "biuf" and array.ndim == 1:
                numbers.append((str(key), [float(v) for v in array], array.dtype.kind == "f"))
        values = self.values
        if values is not None:
            values = np.ascontiguousarray(values, dtype=np.float64)
        return {
            "name": self.name,
            "dims": list(self.dims),
            "shape": list(self.shape),
            "kind": kind,
            "bytes": dtype.itemsize,
            "values": values,
            "texts": texts,
            "numbers": numbers,
        }
