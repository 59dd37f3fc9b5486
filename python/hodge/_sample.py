"""Analytic fields with known parts."""

from __future__ import annotations

from dataclasses import dataclass, field
from os import PathLike
from typing import Any, Sequence

import numpy as np
from numpy.typing import NDArray

from . import _hodge
from ._plan import options, periodic_axes


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
    count : int
        Fields that the source has.
    units : tuple
        Of the components, and of the coordinates along x, y[, z].
    notes : list of str
        What was found or assumed.
    """

    components: list[NDArray[np.float64]]
    coordinates: list[NDArray[np.float64]]
    periodic: list[str]
    mask: NDArray[np.bool_] | None
    count: int = 1
    units: tuple[str, list[str]] = ("", [])
    notes: list[str] = field(default_factory=list, repr=False)

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
    return _sampled(_hodge.sample(case, cells, [float(end) for end in window]))


def read(
    path: str | PathLike[str],
    index: int = 0,
    *,
    datasets: Sequence[str] = (),
    axes: str | None = None,
    mask: str | None = None,
    metric: str | None = None,
    periodic: bool | str | Sequence[str] | None = None,
    spacing: float | Sequence[float] | None = None,
    staggered: bool = False,
) -> Sample:
    """A field of a file: HDF5, NetCDF, NPY, NPZ, VTK or a table, read as the program reads it.

    Parameters
    ----------
    path : str or path
        The file.
    index : int, optional
        Which of its fields, from 0.
    datasets : sequence of str, optional
        Names of the components; found by their names.
    axes : str, optional
        The axes by letters, slowest first, such as ``"t,c,y,x"``.
    mask : str, optional
        ``"nan"``, a dataset or a condition such as ``"mask>0.5"``.
    metric, periodic, spacing, staggered
        As `hodge.Plan` takes them.

    Returns
    -------
    Sample
        The field at points, 0 in cells that take no part, ascending along every axis.

    Raises
    ------
    ValueError
        If the file cannot be read or leaves something open; the text says what was found.

    Examples
    --------
    >>> import hodge, numpy as np, os, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = os.path.join(folder, "flow.npy")
    ...     np.save(path, np.ones((2, 6, 8)))
    ...     field = hodge.read(path, spacing=0.5)
    >>> [c.shape for c in field.components]
    [(6, 8), (6, 8)]
    """
    given = options(
        [],
        datasets,
        origin_name=str(path),
        axes=axes,
        mask=None if mask == "nan" else mask,
        mask_missing=mask == "nan",
        metric=metric,
        periodic=periodic_axes(periodic),
        spacing=None if spacing is None else [float(h) for h in np.atleast_1d(spacing)],
        staggered=staggered,
    )
    return _sampled(_hodge.read(given, index))


def _sampled(found: _hodge._Sampled) -> Sample:
    return Sample(
        components=found["components"],
        coordinates=[np.asarray(axis) for axis in found["coordinates"]],
        periodic=found["periodic"],
        mask=found["mask"],
        count=found["count"],
        units=found["units"],
        notes=found["notes"],
    )
