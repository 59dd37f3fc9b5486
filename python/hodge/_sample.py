"""Analytic fields with known parts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Sequence

import numpy as np
from numpy.typing import NDArray

from . import _hodge


@dataclass(frozen=True)
class Sample:
    """A field at the points of a grid.

    Attributes
    ----------
    components : list of ndarray
        Of shape ``([z,] y, x)``, in the order x, y[, z].
    coordinates : list of ndarray
        Of the points along x, y[, z].
    periodic : list of str
        Axes that go round.
    mask : ndarray of bool or None
        Cells that take part.
    """

    components: list[NDArray[np.float64]]
    coordinates: list[NDArray[np.float64]]
    periodic: list[str]
    mask: NDArray[np.bool_] | None

    def grid(self) -> dict[str, Any]:
        """The grid as `hodge.decompose` and `hodge.Plan` take it."""
        return {"coordinates": self.coordinates, "periodic": self.periodic, "mask": self.mask}


def sample(case: str, n: int | Sequence[int] = (), window: Sequence[float] = ()) -> Sample:
    """An analytic field by its name, such as ``"B4"``; ``hodge list`` prints all.

    Parameters
    ----------
    case : str
        Its name.
    n : int or sequence of int, optional
        Points along x, y[, z], or one number for all.
    window : sequence of float, optional
        Start and end along x, y[, z].

    Returns
    -------
    Sample
        The field and its grid.

    Examples
    --------
    >>> import hodge
    >>> field = hodge.sample("B4", 32)
    >>> parts = hodge.decompose(*field.components, **field.grid())
    >>> len(field.components), field.components[0].shape
    (2, (32, 32))
    """
    cells = [n] if isinstance(n, int) else list(n)
    found = _hodge.sample(case, cells, [float(end) for end in window])
    return Sample(
        components=found["components"],
        coordinates=[np.asarray(axis) for axis in found["coordinates"]],
        periodic=found["periodic"],
        mask=found["mask"],
    )
