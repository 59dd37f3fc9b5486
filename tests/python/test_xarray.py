"""Datasets of xarray, and Dask."""

import numpy as np
import pytest
import xarray as xr

import hodge

random = np.random.default_rng(5)


def wind(times=4, ny=18, nx=36, **attributes):
    """Noise on a globe."""
    lat, lon = np.arange(-90 + 90 / ny, 90, 180 / ny), np.arange(0, 360, 360 / nx)
    units = {"units": "m s-1", **attributes}
    values = random.standard_normal((2, times, ny, nx))
    variables = {name: (("time", "lat", "lon"), v, units) for name, v in zip(["uo", "vo"], values)}
    time = np.datetime64("2001-01-01") + np.arange(times) * np.timedelta64(1, "D")
    coordinates = {
        "time": time.astype("datetime64[ns]"),
        "lat": ("lat", lat, {"units": "degrees_north"}),
        "lon": ("lon", lon, {"units": "degrees_east"}),
    }
    return xr.Dataset(variables, coordinates, {"title": "noise", "history": "made"})


def test_a_dataset_gives_the_parts_of_its_arrays():
    ds = wind()
    found = ds.hodge.decompose("uo", "vo")
    plain = hodge.decompose(ds.uo.values, ds.vo.values, coordinates=(ds.lon, ds.lat), metric="sphere")
    np.testing.assert_array_equal(found.uo_gradient, plain.gradient[0])
    np.testing.assert_array_equal(found.vo_solenoidal, plain.solenoidal[1])
    np.testing.assert_allclose(found.gradient_share, plain.shares["gradient"], atol=1e-14)
    assert found.uo_gradient.dims == ds.uo.dims and found.uo_gradient.attrs["units"] == "m s-1"
    xr.testing.assert_identical(found.time, ds.time)
    xr.testing.assert_identical(found.lat, ds.lat)
    assert found.attrs["title"] == "noise" and found.attrs["history"].endswith("made")
    assert "hodge" in found.attrs["history"].splitlines()[0]


def test_the_example_of_windspharm_has_known_potentials():
    """Velocity potential and stream function of a wind whose own are spherical harmonics."""
    ds = wind(1, 72, 144).isel(time=0, drop=True)
    phi, lam = np.radians(ds.lat), np.radians(ds.lon)
    radius = 6_371_200.0
    chi, psi = np.cos(phi) * np.cos(lam), np.sin(phi) * np.cos(phi) * np.sin(lam)
    ds["uo"] = (-np.sin(lam) - (np.cos(phi) ** 2 - np.sin(phi) ** 2) * np.sin(lam)).transpose("lat", "lon")
    ds["vo"] = (-np.sin(phi) * np.cos(lam) + np.sin(phi) * np.cos(lam)).transpose("lat", "lon")
    ds["uo"].attrs = ds["vo"].attrs = {"units": "m s-1"}
    found = ds.hodge.decompose("uo", "vo", stream_function=True)
    assert abs(found.potential - radius * chi).max() < 2e-3 * radius
    at_lat = np.radians(found.lat_corner)
    at_lon = np.radians(found.lon_corner)
    expected = radius * np.sin(at_lat) * np.cos(at_lat) * np.sin(at_lon)
    found_psi = found.stream_function_meteorology
    assert abs(found_psi - expected).max() < 2e-3 * radius
    assert found.potential.attrs["units"] == "m s-1 m"


def test_axes_run_as_in_the_dataset():
    ds = wind()
    expected = ds.hodge.decompose("uo", "vo", stream_function=True)
    upside = ds.isel(lat=slice(None, None, -1)).hodge.decompose("uo", "vo", stream_function=True)
    xr.testing.assert_allclose(upside.sortby("lat").sortby("lat_corner"), expected)
    turned = ds.transpose("lon", "time", "lat").hodge.decompose("uo", "vo", stream_function=True)
    assert turned.uo_gradient.dims == ("lon", "time", "lat")
    xr.testing.assert_allclose(turned.transpose(*expected.uo_gradient.dims, ...), expected)


def test_masks_are_variables_conditions_and_missing_values():
    ds = wind()
    sea = xr.DataArray(np.ones((18, 36), bool), dims=("lat", "lon"))
    sea[5:8, 10:14] = False
    ds["depth"] = xr.where(sea, 100.0, -3.0)
    by_array = ds.hodge.decompose("uo", "vo", mask=sea)
    by_condition = ds.hodge.decompose("uo", "vo", mask="depth>0")
    by_values = ds.where(sea).hodge.decompose("uo", "vo", mask="nan")
    for found in [by_condition, by_values]:
        xr.testing.assert_allclose(found, by_array)
    assert np.isnan(by_array.uo_gradient.where(~sea, drop=True)).all()
    varying = ds.copy(deep=True)
    varying["uo"][1, 12, 3] = np.nan
    found = varying.hodge.decompose("uo", "vo", mask="nan")
    assert np.isnan(found.uo_gradient[1, 12, 3]) and np.isfinite(found.uo_gradient[0]).all()


def test_what_is_not_clear_is_refused():
    ds = wind()
    cases = [
        (lambda: ds.hodge.decompose("u", "v"), "uo, vo"),
        (lambda: ds.hodge.decompose("uo"), "2 or 3"),
        (lambda: ds.hodge.decompose("uo", "vo", mask="land"), "mask"),
        (lambda: ds.where(ds.uo < 2).hodge.decompose("uo", "vo"), "missing|NaN"),
        (lambda: ds.chunk(lat=9).hodge.decompose("uo", "vo"), r"\.chunk\(lat=-1, lon=-1\)"),
        (lambda: ds.assign_coords(lat=("lat", ds.lat.values**2)).hodge.decompose("uo", "vo"), "lat"),
        (lambda: ds.pad(lon=(0, 1), mode="wrap").hodge.decompose("uo", "vo"), "first again|meridian|lon"),
    ]
    for call, words in cases:
        with pytest.raises(ValueError, match=words):
            call()


def test_periodic_boxes_and_plain_coordinates():
    x = np.arange(12) * 0.5
    values = random.standard_normal((2, 3, 10, 12))
    names = ("run", "y", "x")
    ds = xr.Dataset({"vx": (names, values[0]), "vy": (names, values[1])}, {"x": x, "y": np.arange(10) * 0.25})
    found = ds.hodge.decompose("vx", "vy", periodic=True)
    plain = hodge.decompose(*values, spacing=(0.5, 0.25), periodic=True)
    np.testing.assert_allclose(found.vx_gradient, plain.gradient[0], atol=1e-14)


def test_lazy_arrays_stay_lazy_and_give_the_same_bits():
    ds = wind(6)
    eager = ds.hodge.decompose("uo", "vo", stream_function=True)
    lazy = ds.chunk(time=2).hodge.decompose("uo", "vo", stream_function=True)
    assert all(lazy[name].chunks is not None for name in ["uo_gradient", "potential", "gradient_share"])
    computed = lazy.compute(scheduler="synchronous")
    xr.testing.assert_identical(computed.drop_attrs(), eager.drop_attrs())
    again = ds.chunk(time=2).hodge.decompose("uo", "vo", stream_function=True)
    assert again.uo_gradient.data.name == lazy.uo_gradient.data.name


def test_single_precision_stays_single():
    ds = wind().astype("f4")
    found = ds.chunk(time=1).hodge.decompose("uo", "vo")
    assert found.uo_gradient.dtype == np.float32
    assert found.compute().uo_gradient.dtype == np.float32


def test_a_cluster_of_processes_gives_the_same_bits(tmp_path):
    distributed = pytest.importorskip("distributed")
    pytest.importorskip("zarr")
    ds = wind(6, 24, 48)
    ds["uo"][:, 3:5, 4:9] = np.nan
    ds.chunk(time=1).to_zarr(tmp_path / "in.zarr")
    opened = xr.open_zarr(tmp_path / "in.zarr")
    eager = ds.hodge.decompose("uo", "vo", mask="nan")
    options = dict(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None)
    with distributed.LocalCluster(**options) as cluster, distributed.Client(cluster):
        opened.hodge.decompose("uo", "vo", mask="nan").to_zarr(tmp_path / "out.zarr")
    found = xr.open_zarr(tmp_path / "out.zarr").load()
    xr.testing.assert_equal(found.drop_attrs(), eager.drop_attrs())
