"""The parts of a field, and the function that makes them in one call."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._plan import PARTS, Plan, periodic_axes

Array = NDArray[Any]


@dataclass(frozen=True)
class Decomposition:
    """v = gradient + solenoidal + harmonic.

    The sum is exact where a method computes: at the points by the spectral and the central method, on the faces by the
    staggered one, whose parts at the points add up to the field but for what interpolation to the faces and back loses,
    the sampling remainder in the evidence.

    Attributes
    ----------
    gradient, solenoidal, harmonic : ndarray
        The parts, with the shape of the field; of separate components they are stacked along a first axis, so that
        ``gu, gv = parts.gradient``. NaN in cells that take no part. With ``staggered=True`` each is a tuple of arrays on
        the faces.
    potential : ndarray or None
        phi at the points with gradient = grad(phi), in units of the field times length.
    reports : list of dict
        One for each field: energies, shares under every convention, cosines, residuals of the laws, what was solved, and
        warnings.
    notes : list of str
        What was found or assumed of the grid.
    """

    gradient: Any
    solenoidal: Any
    harmonic: Any
    potential: Array | None
    dims: int
    leading: tuple[int, ...] = ()
    rotation: list[Array] = field(default_factory=list, repr=False)
    reports: list[dict[str, Any]] = field(default_factory=list, repr=False)
    notes: list[str] = field(default_factory=list, repr=False)

    @property
    def streamfunction(self) -> Array:
        """psi with solenoidal = (d psi/dy, -d psi/dx), in 2D, where the method has it: at the points by the spectral
        method, else at the corners of the cells.
        """
        if self.dims == 2 and self.rotation:
            return self.rotation[0]
        raise AttributeError(
            "there is a stream function in 2D, of plans that are called with rotation=True, by the methods spectral, "
            "staggered and natural"
        )

    @property
    def vector_potential(self) -> tuple[Array, Array, Array]:
        """A with solenoidal = curl A, in 3D, its components x, y, z on the edges along them (by the spectral method at the
        points).
        """
        if self.dims == 3 and len(self.rotation) == 3:
            return self.rotation[0], self.rotation[1], self.rotation[2]
        raise AttributeError(
            "there is a vector potential in 3D, of plans that are called with rotation=True, by the methods spectral, "
            "staggered and natural, between coordinates in flat space"
        )

    @property
    def shares(self) -> dict[str, Any]:
        """Shares of the parts in the energy of the field: numbers, or arrays with the leading axes of a batch; NaN where
        there is none, as of a field that is zero.
        """
        if not self.reports:
            raise AttributeError("shares are measured by decompose, and by plans that are called with evidence=True")
        shares = {}
        for part in (*PARTS, "divergence_free"):
            found = [report["fraction"].get(part) for report in self.reports]
            numbers = np.array([np.nan if share is None else share for share in found])
            shares[part] = numbers.reshape(self.leading)[()]
        return shares

    @property
    def evidence(self) -> dict[str, Any] | list[dict[str, Any]]:
        """The report of the field, of a batch a list with those of all."""
        if not self.reports:
            raise AttributeError("evidence is measured by decompose, and by plans that are called with evidence=True")
        return self.reports if self.leading else self.reports[0]


def parts_of(
    arrays: Sequence[Array], stacked: bool, dtype: np.dtype[Any], out: Sequence[Any] | None
) -> tuple[list[Any], int]:
    """The arrays of the three parts, and the axis of the components in those that hold all."""
    dims = len(arrays)
    shape = arrays[0].shape
    axis = len(shape) - dims if stacked else 0
    if out is not None:
        if len(out) != 3:
            raise ValueError(f"out holds arrays for the three parts {', '.join(PARTS)}, not {len(out)}")
        return [tuple(part) if isinstance(part, list) else part for part in out], axis
    if len({array.shape for array in arrays}) > 1:
        return [tuple(np.empty(array.shape, dtype) for array in arrays) for _ in range(3)], axis
    return [np.empty(shape[:axis] + (dims,) + shape[axis:], dtype) for _ in range(3)], axis


def decompose(
    *components: ArrayLike,
    spacing: float | Sequence[float] | None = None,
    coordinates: Sequence[ArrayLike] | None = None,
    periodic: bool | str | Sequence[str] | None = None,
    mask: ArrayLike | str | None = None,
    boundary: str | None = None,
    method: str | None = None,
    metric: str | None = None,
    radius: float | None = None,
    thickness: str | None = None,
    fill_gaps: int | None = None,
    staggered: bool = False,
    backend: str | None = None,
    undivided: bool = False,
    to_points: str | None = None,
    threads: int | None = None,
    rotation: bool = True,
    evidence: bool = True,
) -> Decomposition:
    """Split a vector field into gradient, solenoidal and harmonic part, and measure them.

    Parameters
    ----------
    *components : array_like
        u, v[, w], each of shape ``(..., y, x)`` or ``(..., z, y, x)``, or one array with an axis of components before
        those of space. Leading axes are a batch.
    rotation : bool, optional
        Whether the stream function or the vector potential is made.
    evidence : bool, optional
        Whether the parts are measured.
    spacing, coordinates, periodic, mask, boundary, method, metric, radius, thickness, fill_gaps, staggered, backend, \
undivided, to_points, threads
        As `Plan` takes them.

    Returns
    -------
    Decomposition
        The parts, the potentials, the shares of the energy and the evidence.

    Raises
    ------
    ValueError
        If the arrays or the options do not fit each other, or a value is not finite; the text says what was expected.

    Examples
    --------
    A saddle and a rotation; the closest field with an energy is the saddle:

    >>> import hodge, numpy as np
    >>> y, x = np.meshgrid(np.linspace(-1, 1, 41), np.linspace(-1, 1, 41), indexing="ij")
    >>> parts = hodge.decompose(x - y, x - y, spacing=0.05, boundary="no-flux")
    >>> gu, gv = parts.gradient
    >>> sorted(parts.shares) == ["divergence_free", "gradient", "harmonic", "solenoidal"]
    True
    >>> parts.evidence["method"], parts.evidence["boundary"]
    ('staggered', 'no-flux')
    """
    if not components:
        raise TypeError("decompose needs the components of a field: decompose(u, v) or decompose(u, v, w)")
    if len(components) == 1:
        found = np.shape(components[0])
        dims = _dims_of_one(found, coordinates)
        shape = found[len(found) - dims :]
    else:
        dims = len(components)
        shape = _shape_of(components, staggered, periodic)
    plan = Plan(
        shape,
        spacing=spacing,
        coordinates=coordinates,
        periodic=periodic,
        mask=mask,
        boundary=boundary,
        method=method,
        metric=metric,
        radius=radius,
        thickness=thickness,
        fill_gaps=fill_gaps,
        staggered=staggered,
        backend=backend,
        undivided=undivided,
        to_points=to_points,
        threads=threads,
    )
    return plan(*components, rotation=rotation, evidence=evidence)


def _dims_of_one(shape: tuple[int, ...], coordinates: Sequence[ArrayLike] | None) -> int:
    """Axes of space of one array with an axis of components before them."""
    fits = [dims for dims in (2, 3) if len(shape) > dims and shape[-dims - 1] == dims]
    if coordinates is not None:
        fits = [dims for dims in fits if dims == len(coordinates)]
    if len(fits) == 1:
        return fits[0]
    if not fits:
        raise ValueError(
            f"one array has the shape (..., 2, y, x) or (..., 3, z, y, x), not {shape}; components are given apart as "
            "decompose(u, v)"
        )
    raise ValueError(
        f"an array of shape {shape} may be 2D or 3D: give its components apart, such as "
        "decompose(a[..., 0, :, :], a[..., 1, :, :])"
    )


def _shape_of(
    components: Sequence[ArrayLike], staggered: bool, periodic: bool | str | Sequence[str] | None
) -> tuple[int, ...]:
    """Points along the axes of space, of the first component."""
    dims = len(components)
    shape = np.shape(components[0])
    if len(shape) < dims:
        raise ValueError(
            f"{dims} components have {dims} axes of space or more, not the shape {shape}; one array of a field in 2D is given "
            "alone, as decompose(v)"
        )
    own = list(shape[len(shape) - dims :])
    if staggered and "x" not in (periodic_axes(periodic) or []):
        own[-1] -= 1
    return tuple(own)


__all__ = ["Decomposition", "decompose", "parts_of"]
