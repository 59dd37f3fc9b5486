"""Datasets of xarray: ``ds.hodge.decompose("u", "v")``, by the rules of the reader of files.

Importing `hodge` registers the accessor where xarray is installed.
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from datetime import datetime, timezone
from typing import Any, Callable, Sequence

import numpy as np
import xarray as xr

from ._hodge import __version__
from ._plan import PARTS, Plan, periodic_axes
from ._variables import Variable

#: Bytes that the plans of this process which are kept for Dask may take, by their coordinates and factors.
CACHE_BYTES = 2 << 30

_kept: OrderedDict[str, tuple[Plan, int]] = OrderedDict()
_lock = threading.Lock()


def _shared(plan: Plan) -> Plan:
    """The plan of this process that is equal to one that came by pickling, so that a worker has one factor."""
    token = plan._token()
    with _lock:
        if token in _kept:
            _kept.move_to_end(token)
            return _kept[token][0]
        _kept[token] = (plan, _bytes(plan))
        while len(_kept) > 1 and sum(size for _, size in _kept.values()) > CACHE_BYTES:
            _kept.popitem(last=False)
        return plan


def _bytes(plan: Plan) -> int:
    """About what a plan takes: the arrays it keeps, and for a factor what that of a box would."""
    cells = int(np.prod(plan.shape))
    factor = 240 * int(np.log2(cells + 1)) if plan.backend == "cholesky" else 0
    return cells * (8 * 12 + factor)


class _LazyPlan:
    """The arguments of a plan, which is made where it is called: once in a process."""

    def __init__(self, plan: Plan) -> None:
        self._arguments = plan._arguments
        self._token = plan._token()

    def __dask_tokenize__(self) -> object:
        return self._token

    def __call__(self) -> Plan:
        with _lock:
            found = _kept.get(self._token)
        return found[0] if found is not None else _shared(Plan._of(*self._arguments))


@xr.register_dataset_accessor("hodge")  # type: ignore[no-untyped-call, unused-ignore]
class DatasetAccessor:
    """``Dataset.hodge``."""

    def __init__(self, dataset: xr.Dataset) -> None:
        self._dataset = dataset

    def plan(
        self,
        *components: str,
        mask: str | xr.DataArray | None = None,
        metric: str | None = None,
        periodic: bool | str | Sequence[str] | None = None,
        boundary: str | None = None,
        method: str | None = None,
        radius: float | None = None,
        thickness: str | None = None,
        fill_gaps: int | None = None,
        backend: str | None = None,
        undivided: bool = False,
        to_points: str | None = None,
        threads: int | None = None,
    ) -> Plan:
        """The plan by which `decompose` splits these variables."""
        dataset = self._dataset
        for name in components:
            if name not in dataset:
                raise ValueError(f"there is no variable {name!r}; there are {', '.join(map(str, dataset.data_vars))}")
        if len(components) not in (2, 3):
            raise ValueError(f"2 or 3 variables are the components of a field, not {len(components)}")
        arrays = [dataset[name] for name in components]
        variables = [_described(array) for array in arrays]
        coordinates: dict[str, xr.DataArray] = {}
        for array in arrays:
            coordinates.update({str(name): coordinate for name, coordinate in array.coords.items()})
        variables += [_read(c) for c in coordinates.values() if c.ndim > 0 and c.dtype.kind in "biuf"]
        missing, words, extra = _mask(dataset, mask)
        variables += extra
        given = dict(
            origin_name="the dataset",
            mask=words,
            mask_missing=missing,
            metric=metric,
            periodic=periodic_axes(periodic, len(components)),
            boundary=boundary,
            method=method,
            radius=radius,
            thickness=thickness,
            fill_gaps=fill_gaps,
            backend=backend,
            undivided=undivided,
            to_points=to_points,
        )
        return Plan._of(variables, components, given, threads)

    def decompose(
        self, *components: str, shares: bool = True, stream_function: bool = False, **options: Any
    ) -> xr.Dataset:
        """Split variables into gradient, solenoidal and harmonic part.

        Parameters
        ----------
        *components : str
            Names of the variables that are the components x, y[, z]. Their other dimensions, such as ``time``, are a
            batch; arrays of Dask stay lazy and are split chunk by chunk.
        shares : bool, optional
            Whether the shares of the parts in the energy are found for every field.
        stream_function : bool, optional
            Whether psi with solenoidal = (d psi/dy, -d psi/dx) is made, in 2D: at the corners of the cells, along dimensions
            named ``lat_corner`` and so on, or at the points by the spectral method. On a sphere
            ``stream_function_meteorology`` is the negative.
        mask : {"nan"}, str or DataArray, optional
            ``"nan"`` leaves out what is missing; else cells that take part: a variable, by its name or a condition such
            as ``"depth > 0"``, or an array of bool.
        metric : {"plane", "sphere"}, optional
            What distances are taken from. Longitudes and latitudes in degrees are found and are those of a sphere.
        **options
            As `hodge.Plan` takes them.

        Returns
        -------
        Dataset
            ``NAME_gradient``, ``NAME_solenoidal``, ``NAME_harmonic`` for each component, ``potential``, and
            ``gradient_share`` and so on; dimensions, coordinates and attributes are those of the variables.

        Raises
        ------
        ValueError
            Where axes, coordinates or options are not clear; the text says what settles it.

        Examples
        --------
        >>> import hodge, numpy as np, xarray as xr
        >>> lat, lon = np.arange(-85.0, 86, 10), np.arange(0.0, 360, 10)
        >>> u = np.cos(np.radians(lat))[:, None] * np.ones(36)
        >>> wind = xr.Dataset(
        ...     {"u": (("lat", "lon"), u, {"units": "m s-1"}), "v": (("lat", "lon"), 0 * u, {"units": "m s-1"})},
        ...     {"lat": ("lat", lat, {"units": "degrees_north"}), "lon": ("lon", lon, {"units": "degrees_east"})},
        ... )
        >>> parts = wind.hodge.decompose("u", "v")
        >>> bool(abs(parts.u_gradient).max() < 1e-12), round(float(parts.solenoidal_share), 12)
        (True, 1.0)
        """
        plan = self.plan(*components, **options)
        core = [name for name, _, _ in plan._plan.axes]
        arrays = [self._dataset[name] for name in components]
        for array in arrays:
            _refuse_chunked(array, core)
        dtype = np.result_type(*[np.float32 if a.dtype == np.float32 else np.float64 for a in arrays])
        if stream_function and len(components) == 3:
            raise ValueError("there is a stream function of two components, not of three")
        outputs = [core] * (3 * len(components) + 1) + [[]] * (3 if shares else 0)
        types = [dtype] * (3 * len(components) + 1) + [np.dtype(float)] * (3 if shares else 0)
        corners = _corners(plan, core)
        if stream_function:
            outputs.append([name for name, _ in corners])
            types.append(dtype)
        lazy = any(array.chunks is not None for array in arrays)
        function = _split_by(_LazyPlan(plan) if lazy else (lambda: plan), shares, stream_function)
        found = xr.apply_ufunc(
            function,
            *arrays,
            input_core_dims=[core] * len(arrays),
            output_core_dims=outputs,
            dask="parallelized",
            output_dtypes=types,
            dask_gufunc_kwargs={"output_sizes": {name: len(at) for name, at in corners if stream_function}},
            keep_attrs=False,
        )
        result = self._named(plan, components, found, shares)
        if stream_function:
            self._add_stream_function(result, found[-1], corners)
        return result

    def _add_stream_function(
        self, result: xr.Dataset, psi: xr.DataArray, corners: list[tuple[str, np.ndarray[Any, Any]]]
    ) -> None:
        units = {"units": result["potential"].attrs.get("units", "")}
        own = {name: at for name, at in corners if name not in psi.coords}
        psi = psi.assign_coords({name: (name, at) for name, at in own.items()})
        psi.attrs = {"long_name": "psi with solenoidal = (d psi/dy, -d psi/dx)", **units}
        result["stream_function"] = psi
        if "radius" in " ".join(result.attrs["hodge_notes"].split()):
            negative = -psi
            negative.attrs = {
                "standard_name": "atmosphere_horizontal_streamfunction",
                "long_name": "psi as in meteorology, with solenoidal = (-d psi/dy, d psi/dx): -stream_function",
                **units,
            }
            result["stream_function_meteorology"] = negative

    def _named(self, plan: Plan, components: Sequence[str], found: Any, shares: bool) -> xr.Dataset:
        first = self._dataset[components[0]]
        result = xr.Dataset(attrs=dict(self._dataset.attrs))
        units = plan._plan.units
        for number, part in enumerate(PARTS):
            for k, name in enumerate(components):
                array = found[number * len(components) + k].transpose(*self._dataset[name].dims)
                array.attrs = _attributes(self._dataset[name], f"{part} part of {name}")
                result[f"{name}_{part}"] = array
        potential = found[3 * len(components)].transpose(*first.dims)
        potential.attrs = {"long_name": "potential, gradient part = grad potential"}
        length = "m" if any("radius" in note for note in plan.notes) else units[1] if len(units) > 1 else ""
        if units[0] and length:
            potential.attrs["units"] = f"{units[0]} {length}"
        result["potential"] = potential
        if shares:
            for number, part in enumerate(PARTS):
                share = found[3 * len(components) + 1 + number]
                share.attrs = {"long_name": f"share of the {part} part in the energy", "units": "1"}
                result[f"{part}_share"] = share
        now = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        line = f"{now} hodge {__version__}: decompose {', '.join(components)}, {plan.method or 'staggered'}"
        for coordinate in set(result.coords) & set(self._dataset.coords):
            result[coordinate].attrs.update(self._dataset[coordinate].attrs)
        result.attrs["hodge_notes"] = "; ".join(plan.notes)
        before = result.attrs.get("history")
        result.attrs["history"] = f"{line}\n{before}" if before else line
        return result


def _corners(plan: Plan, core: Sequence[str]) -> list[tuple[str, np.ndarray[Any, Any]]]:
    """Where the stream function is: its dimensions and the coordinates along them, as they run in the dataset."""
    found = plan._plan.corners
    if found is None:
        return [(name, np.empty(n)) for name, n in zip(core, plan.shape)]
    along = []
    for (name, turned, _), at in zip(plan._plan.axes, found):
        values = np.asarray(at)
        along.append((f"{name}_corner", values[::-1] if turned else values))
    return along


def _split_by(plan: Callable[[], Plan], shares: bool, stream_function: bool) -> Callable[..., tuple[Any, ...]]:
    """The function that `xarray.apply_ufunc` calls."""

    def split(*arrays: Any) -> tuple[Any, ...]:
        lead = arrays[0].shape[: arrays[0].ndim - (len(arrays))]
        dtype = np.result_type(*[np.float32 if a.dtype == np.float32 else np.float64 for a in arrays])
        if any(array.size == 0 for array in arrays):
            empty = [np.empty(arrays[0].shape, dtype) for _ in range(3 * len(arrays) + 1)]
            psi = [np.empty((0,) * arrays[0].ndim, dtype)] if stream_function else []
            return (*empty, *[np.empty(lead) for _ in range(3 if shares else 0)], *psi)
        parts = plan()(*arrays, evidence=shares, rotation=stream_function)
        whole = [c for part in (parts.gradient, parts.solenoidal, parts.harmonic) for c in part]
        numbers = [np.asarray(parts.shares[part]) for part in PARTS] if shares else []
        psi = [parts.streamfunction] if stream_function else []
        return (*whole, parts.potential, *numbers, *psi)

    return split


def _described(array: xr.DataArray) -> Variable:
    """Name, dimensions and attributes; what xarray has decoded already is not said again."""
    dims = tuple(map(str, array.dims))
    return Variable(str(array.name), dims, array.shape, array.dtype.str, None, dict(array.attrs))


def _read(array: xr.DataArray) -> Variable:
    dims = tuple(map(str, array.dims))
    return Variable(str(array.name), dims, array.shape, array.dtype.str, np.asarray(array), dict(array.attrs))


def _mask(
    dataset: xr.Dataset, mask: str | xr.DataArray | None
) -> tuple[bool, str | None, list[Variable]]:
    """Whether missing values are left out, the condition of the mask, and its variable."""
    if mask is None or (isinstance(mask, str) and mask == "nan"):
        return mask is not None, None, []
    if isinstance(mask, xr.DataArray):
        if mask.dtype.kind not in "biu":
            raise ValueError(f"the mask holds True where a cell takes part, not {mask.dtype}; compare it, such as by mask > 0.5")
        if bool(mask.all()):
            return False, None, []
        array = mask.rename("mask_of_the_caller")
        return False, "mask_of_the_caller", [_read(array.astype(np.uint8))]
    names = [name for name in re.findall(r"[A-Za-z_]\w*", mask) if name in dataset.variables]
    if not names:
        raise ValueError(f'mask is "nan", a variable or a condition of one, not {mask!r}')
    return False, mask, [_read(dataset[names[0]])]


def _attributes(array: xr.DataArray, words: str) -> dict[str, Any]:
    """Those of a component that hold for its parts too."""
    kept = {key: value for key, value in array.attrs.items() if key in ("units", "grid_mapping", "cell_methods")}
    return {**kept, "long_name": words}


def _refuse_chunked(array: xr.DataArray, core: Sequence[str]) -> None:
    sizes = array.chunksizes
    cut = [name for name in core if len(sizes.get(name, ())) > 1]
    if cut:
        mend = ", ".join(f"{name}=-1" for name in core)
        raise ValueError(
            f"{array.name} is chunked along {', '.join(cut)}, and every field has to be whole: use .chunk({mend})"
        )
