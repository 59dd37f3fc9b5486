"""Plans: what can be computed before a field is known, used for many fields."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _hodge
from ._threads import threads_of
from ._variables import Variable

if TYPE_CHECKING:
    from ._decompose import Decomposition

NAMES = ("x", "y", "z")
COMPONENTS = ("u", "v", "w")
PARTS = ("gradient", "solenoidal", "harmonic")


def options(
    variables: Sequence[Variable],
    components: Sequence[str],
    **given: Any,
) -> dict[str, Any]:
    """Every option of `hodge._hodge.Plan` under its name."""
    known: dict[str, Any] = {
        "texts": [],
        "origin_name": "the arrays",
        "axes": None,
        "spacing": None,
        "origin": None,
        "periodic": None,
        "metric": None,
        "radius": None,
        "thickness": None,
        "mask": None,
        "mask_missing": False,
        "fill_gaps": None,
        "staggered": False,
        "boundary": None,
        "method": None,
        "backend": None,
        "undivided": False,
        "to_points": None,
        "units": None,
        "seed": None,
    }
    unknown = set(given) - set(known)
    if unknown:
        raise TypeError(f"unexpected options: {', '.join(sorted(unknown))}")
    known.update(given)
    known["variables"] = [variable.described() for variable in variables]
    known["components"] = list(components)
    return known


def periodic_axes(periodic: bool | str | Sequence[str] | None, dims: int = 3) -> list[str] | None:
    """Letters of the periodic axes: of ``True`` all, of ``False`` none."""
    if periodic is None:
        return None
    if isinstance(periodic, bool):
        return list(NAMES[:dims]) if periodic else []
    if isinstance(periodic, str):
        return periodic.replace(",", " ").split() if "," in periodic else list(periodic)
    return list(periodic)


def floating(array: ArrayLike, name: str) -> NDArray[Any]:
    """An array of float32 or float64 in the order of bytes of the machine; others become float64."""
    if isinstance(array, np.ma.MaskedArray):
        array = np.ma.filled(array.astype(np.result_type(array, np.float32)), np.nan)
    found = np.asarray(array)
    if found.dtype.kind not in "biuf":
        raise ValueError(
            f"{name} holds {found.dtype}, and real numbers are needed; the real and the imaginary part of complex ones are "
            "two fields"
        )
    wanted = np.float32 if found.dtype.kind == "f" and found.dtype.itemsize == 4 else np.float64
    return np.require(np.asarray(found, dtype=wanted), requirements="A")


class Plan:
    """A method planned for one grid, for any number of fields on it.

    What costs time before a field is known, such as the factor of a matrix, is computed once. A plan can be pickled, by
    its arguments, and used by several threads.

    Parameters
    ----------
    shape : sequence of int
        Points along ``(z, y, x)`` or ``(y, x)``.
    spacing : float or sequence of float, optional
        Distance of points along x, y[, z], in one unit; 1 if there are no ``coordinates`` either.
    coordinates : sequence of array_like, optional
        Coordinates of the points along x, y[, z], even or not, ascending or descending.
    periodic : bool, str or sequence of str, optional
        Axes that go round, such as ``"xy"`` or ``True`` for all. By default none; longitudes once round the globe are
        found.
    mask : array_like of bool or {"nan"}, optional
        Cells that take part, in the shape of the grid; ``"nan"`` leaves out those with a missing value in any component,
        which may be others in every field.
    boundary : {"normal-parallel", "no-flux", "zero-potential"}, optional
        Convention at walls; ``"normal-parallel"`` by default.
    method : str, optional
        ``"spectral"`` where every axis is periodic, else ``"staggered"``; ``"central"``, ``"natural"`` and others by
        name.
    metric : {"plane", "sphere"}, optional
        ``"sphere"`` takes x as longitude and y as latitude in degrees, z as height in metres.
    radius : float, optional
        Of the sphere in metres; 6 371 200 by default.
    thickness : {"thin", "thick"}, optional
        Whether lengths in a shell do not or do grow with height.
    fill_gaps : int, optional
        Holes of missing values of at most so many cells are filled by interpolation.
    staggered : bool, optional
        Components sit on the faces normal to them, with one value more along their axis unless that is periodic.
    backend : {"transform", "separable", "cholesky", "multigrid"}, optional
        Solver of Poisson's equation.
    undivided : bool, optional
        Solenoidal and harmonic part stay one, for one solve.
    to_points : {"four-point", "mean"}, optional
        How parts on faces come to the points.
    threads : int, optional
        Threads that work; by default all processors, inside a Dask worker 1.

    Raises
    ------
    ValueError
        If the options do not fit each other or the grid; the text says what was expected.

    Notes
    -----
    One component costs the memory of ``8 * N`` bytes for ``N`` points; a plan holds up to a dozen of them, and for masks
    in 2D a factor of some ``30 * N * log2(N)`` bytes.

    Examples
    --------
    >>> import hodge, numpy as np
    >>> plan = hodge.Plan((64, 64), spacing=2 * np.pi / 64, periodic="xy")
    >>> x = np.arange(64) * 2 * np.pi / 64
    >>> v = np.stack([np.cos(x), np.sin(x)])[:, None, :] * np.ones((64, 1))
    >>> parts = plan(v)
    >>> np.allclose(parts.gradient[0], np.cos(x)), np.allclose(parts.solenoidal[1], np.sin(x))
    (True, True)
    """

    def __init__(
        self,
        shape: Sequence[int],
        *,
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
    ) -> None:
        dims = len(shape)
        if dims not in (2, 3):
            raise ValueError(f"a grid has the shape (y, x) or (z, y, x), not {tuple(shape)}")
        if spacing is not None and coordinates is not None:
            raise ValueError("spacing and coordinates are two ways to say one thing; give one of them")
        names, axes = _axis_names(metric)[:dims], periodic_axes(periodic, dims)
        variables = [_component(k, shape, names, staggered, axes) for k in range(dims)]
        if coordinates is not None:
            variables += _coordinates(coordinates, shape, names, metric)
        steps: list[float] | None = None
        if coordinates is None:
            steps = [float(h) for h in np.broadcast_to(1.0 if spacing is None else spacing, (dims,))]
        missing, cells = _mask(mask, shape, names)
        variables += cells
        given = dict(
            spacing=steps,
            periodic=axes,
            metric=metric,
            radius=radius,
            thickness=thickness,
            mask="mask" if cells else None,
            mask_missing=missing,
            fill_gaps=fill_gaps,
            staggered=staggered,
            boundary=boundary,
            method=method,
            backend=backend,
            undivided=undivided,
            to_points=to_points,
        )
        self._open(variables, COMPONENTS[:dims], given, threads)

    @classmethod
    def _of(
        cls,
        variables: Sequence[Variable],
        components: Sequence[str],
        given: Mapping[str, Any],
        threads: int | None,
    ) -> Plan:
        """A plan for described variables."""
        plan = cls.__new__(cls)
        plan._open(variables, components, given, threads)
        return plan

    def _open(
        self,
        variables: Sequence[Variable],
        components: Sequence[str],
        given: Mapping[str, Any],
        threads: int | None,
    ) -> None:
        self._arguments = (tuple(variables), tuple(components), dict(given), threads)
        known = options(variables, components, **given)
        self._plan = _hodge.Plan(known, threads_of(threads), True)
        for name, _, without_last in self._plan.axes:
            if without_last:
                raise ValueError(
                    f"the last plane along {name} is the first again: leave it out, such as by "
                    f".isel({name}=slice(None, -1)) or [..., :-1]"
                )

    def __reduce__(self) -> tuple[Any, ...]:
        return (Plan._of, self._arguments)

    def __dask_tokenize__(self) -> object:
        return self._token()

    def _token(self) -> str:
        """A digest of the arguments: equal for equal plans."""
        variables, components, given, threads = self._arguments
        digest = hashlib.sha256()
        for variable in variables:
            described = variable.described()
            values = described.pop("values")
            digest.update(json.dumps(described, sort_keys=True).encode())
            if values is not None:
                digest.update(values.tobytes())
        digest.update(json.dumps([components, given, threads], sort_keys=True).encode())
        return digest.hexdigest()

    @property
    def shape(self) -> tuple[int, ...]:
        """Points along ``(z, y, x)`` or ``(y, x)``."""
        return tuple(self._plan.shape)

    @property
    def notes(self) -> list[str]:
        """What was found or assumed, in words."""
        return list(self._plan.notes)

    @property
    def method(self) -> str | None:
        """The method; ``None`` where it depends on the values."""
        return self._plan.chosen[0] if self._plan.chosen else None

    @property
    def boundary(self) -> str | None:
        """The convention at walls; ``None`` where it depends on the values."""
        return self._plan.chosen[1] if self._plan.chosen else None

    @property
    def backend(self) -> str | None:
        """The solver of Poisson's equation, if there is one."""
        return self._plan.chosen[2] if self._plan.chosen else None

    def __repr__(self) -> str:
        return f"hodge.Plan(shape={self.shape}, method={self.method!r}, boundary={self.boundary!r})"

    def __call__(
        self,
        *components: ArrayLike,
        out: Sequence[Any] | None = None,
        potential: bool = True,
        rotation: bool = False,
        evidence: bool = False,
    ) -> Decomposition:
        """Split a field, or a batch of fields.

        Parameters
        ----------
        *components : array_like
            One array of shape ``(..., component, [z,] y, x)``, or one array ``(..., [z,] y, x)`` for each component.
            Values of float32 give parts of float32; they are computed in float64.
        out : sequence of array, optional
            Arrays for the gradient, the solenoidal and the harmonic part, as `Decomposition` holds them; each may be a
            sequence of one array for each component.
        potential : bool, optional
            Whether the potential is made.
        rotation : bool, optional
            Whether the stream function or vector potential is made.
        evidence : bool, optional
            Whether the parts are measured.

        Returns
        -------
        Decomposition
            Its parts have the shape of the field; given as separate components, they are stacked along a first axis.

        Raises
        ------
        ValueError
            If shapes do not fit, a value is not finite, or a solve fails.
        """
        from ._decompose import Decomposition, parts_of

        arrays, stacked = self._split_components(components)
        lead = arrays[0].shape[: arrays[0].ndim - len(self.shape)]
        dtype = np.result_type(*arrays)
        made, axis = parts_of(arrays, stacked, dtype, out)
        phi = np.empty(lead + self.shape, dtype) if potential else None
        found: _hodge._Found = {"rotation": [], "evidence": []}
        if arrays[0].size > 0:
            found = self._plan.split(arrays, made, axis, phi, (rotation, evidence))
        turning = [np.asarray(a, dtype) for a in found["rotation"]]
        return Decomposition(
            gradient=made[0],
            solenoidal=made[1],
            harmonic=made[2],
            potential=phi,
            rotation=turning,
            dims=len(self.shape),
            reports=[json.loads(report) for report in found["evidence"]],
            leading=lead,
            notes=self.notes,
        )

    def _split_components(self, components: Sequence[ArrayLike]) -> tuple[list[NDArray[Any]], bool]:
        """An array for each component, and whether they were given as one."""
        dims = len(self.shape)
        if len(components) == 1 and not self._plan.staggered:
            whole = floating(components[0], "the field")
            if whole.ndim < dims + 1 or whole.shape[-dims - 1] != dims:
                raise ValueError(
                    f"one array has the shape (..., {dims}, {', '.join(map(str, self.shape))}) with an axis of components, "
                    f"not {whole.shape}"
                )
            return [whole[(..., k) + (slice(None),) * dims] for k in range(dims)], True
        if len(components) != dims:
            raise ValueError(f"{dims} components are expected, not {len(components)}")
        return [floating(c, f"the {NAMES[k]} component") for k, c in enumerate(components)], False

    def project(self, *components: ArrayLike) -> NDArray[Any]:
        """The field without its gradient part: of the conventions at walls, ``"no-flux"`` leaves what is tangential there.

        Parameters
        ----------
        *components : array_like
            As `__call__` takes them.

        Returns
        -------
        ndarray
            Solenoidal and harmonic part together.
        """
        parts = self(*components, potential=False)
        return np.asarray(parts.solenoidal + parts.harmonic)

    def divergence(self, *components: ArrayLike) -> NDArray[np.float64]:
        """The divergence at the points, by the differences for which the parts are exact.

        Parameters
        ----------
        *components : array_like
            As `__call__` takes them.

        Returns
        -------
        ndarray
            Of shape ``(..., [z,] y, x)``, in units of the field over length.

        Examples
        --------
        >>> import hodge, numpy as np
        >>> plan = hodge.Plan((8, 8), spacing=0.5)
        >>> x, y = 0.5 * np.arange(8), 0.5 * np.arange(8)[:, None]
        >>> bool(np.allclose(plan.divergence(x + 0 * y, 2 * y + 0 * x), 3))
        True
        """
        arrays, _ = self._split_components(components)
        return self._plan.derivative(arrays, False)[0]

    def curl(self, *components: ArrayLike) -> NDArray[np.float64] | tuple[NDArray[np.float64], ...]:
        """The curl by the differences for which the parts are exact: at the corners of the cells in 2D, in 3D its components
        x, y, z on the edges along them; at the points by the spectral method.

        Parameters
        ----------
        *components : array_like
            As `__call__` takes them.

        Returns
        -------
        ndarray or tuple of ndarray
            In units of the field over length.
        """
        arrays, _ = self._split_components(components)
        found = self._plan.derivative(arrays, True)
        return found[0] if len(found) == 1 else tuple(found)


def _axis_names(metric: str | None) -> tuple[str, str, str]:
    return ("longitude", "latitude", "height") if metric == "sphere" else NAMES


def _component(
    k: int, shape: Sequence[int], names: Sequence[str], staggered: bool, periodic: list[str] | None
) -> Variable:
    own = [int(n) for n in shape]
    dims = tuple(reversed(names))
    if staggered and NAMES[k] not in (periodic or []):
        own[len(own) - 1 - k] += 1
    if staggered:
        dims = tuple(f"{name}_face" if name == names[k] else name for name in dims)
    return Variable(COMPONENTS[k], dims, tuple(own))


def _coordinates(
    coordinates: Sequence[ArrayLike], shape: Sequence[int], names: Sequence[str], metric: str | None
) -> list[Variable]:
    if len(coordinates) != len(shape):
        raise ValueError(f"{len(shape)} arrays of coordinates are expected, not {len(coordinates)}")
    units = ("degrees_east", "degrees_north", "m")
    found = []
    for k, (name, given) in enumerate(zip(names, coordinates)):
        values = np.asarray(given, dtype=np.float64)
        wanted = shape[len(shape) - 1 - k]
        if values.shape != (wanted,):
            raise ValueError(f"coordinates along {NAMES[k]} have the shape ({wanted},), not {values.shape}")
        attrs = {"units": units[k]} if metric == "sphere" else {}
        found.append(Variable(name, (name,), values.shape, values=values, attrs=attrs))
    return found


def _mask(
    mask: ArrayLike | str | None, shape: Sequence[int], names: Sequence[str]
) -> tuple[bool, list[Variable]]:
    if mask is None:
        return False, []
    if isinstance(mask, str):
        if mask != "nan":
            raise ValueError(f'mask is an array of the cells that take part, or "nan", not {mask!r}')
        return True, []
    cells = np.asarray(mask)
    if cells.shape != tuple(shape):
        raise ValueError(f"the mask has the shape {tuple(shape)} of the grid, not {cells.shape}")
    if cells.dtype.kind not in "biu":
        raise ValueError(f"the mask holds True where a cell takes part, not {cells.dtype}; compare it, such as by mask > 0.5")
    if cells.all():
        return False, []
    return False, [Variable("mask", tuple(reversed(names)), cells.shape, "|u1", cells)]
