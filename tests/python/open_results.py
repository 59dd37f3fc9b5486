"""Checks that other programs open every kind of result, with the numbers that went in. Usage: open_results.py HODGE

Works in the current folder: makes inputs, runs the program HODGE on them and opens what it writes in xarray (both engines, as
dataset and as tree), h5py, netCDF4, VTK, pyvista and, where it is installed, ncdump. Prints every failure and exits with 1 if
there is one.
"""

import shutil
import subprocess
import sys
import warnings

import h5py
import netCDF4
import numpy as np
import pyvista
import xarray as xr
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkIOHDF import vtkHDFReader

ENGINES = ["h5netcdf", "netcdf4"]
PARTS = ["gradient", "solenoidal", "harmonic"]
TIMES = {"units": "hours since 2001-02-28", "calendar": "noleap", "standard_name": "time"}
failures = []
random = np.random.default_rng(20)


def check(condition, message):
    if not condition:
        failures.append(message)


def same(found, wanted):
    return found.shape == wanted.shape and np.array_equal(found, wanted, equal_nan=True)


def write_netcdf(path, fields, times, axes=("y", "x"), units="m", form="NETCDF4", **words):
    """Fields (time, component, y, x) with one time each, half a unit between points."""
    with netCDF4.Dataset(path, "w", format=form) as file:
        for name, count in zip(("time",) + axes, fields.shape[:1] + fields.shape[2:]):
            file.createDimension(name, count)
            axis = file.createVariable(name, "f8", (name,))
            axis[:] = times if name == "time" else 10 + 0.5 * np.arange(count)
            axis.units = {"lon": "degrees_east", "lat": "degrees_north"}.get(name, units)
        file["time"].setncatts(TIMES)
        for name, values in zip("uv", fields.swapaxes(0, 1)):
            part = file.createVariable(name, "f8", ("time",) + axes, fill_value=np.nan)
            part[:] = values
            part.units = "m s-1"
        file.setncatts(words)


def datasets(path):
    """The groups that hold arrays of fields."""
    with h5py.File(path) as file:
        return [f"fields/{name}" for name in file["fields"]] if "fields" in file else [""]


def every_group(path):
    groups = [""]
    with h5py.File(path) as file:
        file.visititems(lambda name, item: groups.append(name) if isinstance(item, h5py.Group) else None)
    return groups


def opens_everywhere(path):
    """Every variable of every group is read by all programs, which agree."""
    with h5py.File(path) as file, netCDF4.Dataset(path) as other:
        other.set_auto_mask(False)
        for group in every_group(path):
            variables = (other[group] if group else other).variables
            for name, variable in variables.items():
                stored = file[f"{group}/{name}"]
                if stored.dtype.kind in "fiu":
                    check(same(variable[:], stored[()]), f"{path} {group}/{name}: netCDF4 differs from h5py")
        for group in every_group(path):
            found = [xr.load_dataset(path, engine=engine, group=group or None) for engine in ENGINES]
            for data in found:
                wanted = {name for name, item in file[group or "/"].items() if isinstance(item, h5py.Dataset)}
                check(set(data.variables) == wanted, f"{path} {group}: {set(data.variables) ^ wanted}")
                if not group.endswith("inputs") and not group.startswith("VTKHDF"):
                    check(set(data.dims) <= set(data.coords), f"{path} {group}: {data.dims} without coordinates")
            if not group.startswith("VTKHDF"):
                numbers = [data.drop_vars([n for n in data.variables if data[n].dtype.kind not in "fiu"]) for data in found]
                check(numbers[0].equals(numbers[1]), f"{path} {group}: the engines differ")
    for engine in ENGINES:
        with xr.open_datatree(path, engine=engine) as tree:
            wanted = {"/" + group for group in every_group(path)}
            check(set(tree.groups) == wanted, f"{path}: {engine} has the groups {tree.groups}")
            tree.load()
    if shutil.which("ncdump"):
        dump = subprocess.run(["ncdump", "-h", path], capture_output=True, text=True)
        check(dump.returncode == 0, f"{path}: ncdump says {dump.stderr}")


def vtk_steps(path):
    """The arrays of every step, by name, and the times of the steps."""
    reader = vtkHDFReader()
    check(reader.CanReadFile(path) == 1, f"{path}: vtkHDFReader refuses it")
    reader.SetFileName(path)
    reader.UpdateInformation()
    count = max(reader.GetNumberOfSteps(), 1)
    steps, times, images = [], [], []
    for step in range(count):
        if count > 1:
            reader.SetStep(step)
        reader.Modified()
        reader.Update()
        image = reader.GetOutputDataObject(0)
        data = image.GetPointData()
        names = [data.GetArrayName(k) for k in range(data.GetNumberOfArrays())]
        steps.append({name: vtk_to_numpy(data.GetArray(name)).copy() for name in names})
        times.append(reader.GetTimeValue())
        images.append((image.GetDimensions(), image.GetOrigin(), image.GetSpacing()))
    return steps, times, images


def shows_in_vtk(path, shape, start, step):
    """VTK sees the numbers that h5py reads, at the points that the coordinates say, at all times."""
    steps, times, images = vtk_steps(path)
    cells, padding = shape[::-1], [0] * (3 - len(shape))
    wanted = (tuple(list(cells) + [1] * len(padding)), tuple([start] * len(cells) + padding))
    for dimensions, origin, spacing in images:
        check(dimensions == wanted[0], f"{path}: {dimensions} points, not {wanted[0]}")
        check(np.allclose(origin, wanted[1]), f"{path}: the origin is {origin}")
        check(np.allclose(spacing[: len(cells)], step), f"{path}: the spacing is {spacing}")
    with h5py.File(path) as file:
        seen = 0
        for name, array in file.items():
            if not isinstance(array, h5py.Dataset) or array.shape[-len(shape) :] != shape:
                continue
            seen += 1
            axes = [axis[0].name.rsplit("/")[-1] for axis in array.dims]
            varies = axes[0] in ["time", "t", "field"]
            if varies:
                check(same(np.array(times), file[axes[0]][:]), f"{path}: steps at {times}")
            for number, found in enumerate(steps):
                one = array[number] if varies else array[()]
                flat = one.ravel()
                if "component" in axes:
                    flat = np.zeros((one[0].size, 3), one.dtype)
                    flat[:, : one.shape[0]] = one.reshape(one.shape[0], -1).T
                shown = found.get(name)
                check(shown is not None and shown.dtype == flat.dtype, f"{path}: VTK has no {name} as {flat.dtype}")
                check(shown is not None and same(shown, flat), f"{path}: VTK differs in {name}, step {number}")
        check(seen >= 6, f"{path}: only {seen} arrays on points")
    wrapped = pyvista.HDFReader(path).read()
    check(set(steps[0]) <= set(wrapped.point_data), f"{path}: pyvista has {list(wrapped.point_data)}")


def holds(path, wanted, group="", dims=("time", "component", "y", "x"), tolerance=1e-10):
    """The input is what went in, and the parts add up to it."""
    for engine in ENGINES:
        with xr.open_dataset(path, engine=engine, group=group or None) as data:
            check(data["input"].dims == dims, f"{path}: input is {data['input'].dims}")
            check(same(data["input"].values, wanted), f"{path}: input has other numbers in {engine}")
            letters = [str(letter) for letter in data["component"].values]
            check(letters == ["x", "y", "z"][: len(letters)], f"{path}: components {letters}")
            names = [name for name in PARTS + ["divergence_free"] if name in data]
            total = sum(data[name] for name in names) + data["sampling_remainder"]
            check(np.allclose(total, wanted, atol=tolerance, equal_nan=True), f"{path}: parts do not add up")
            check(all(dim in data.coords for dim in dims), f"{path}: coordinates {list(data.coords)}")


def run(hodge, output, *words):
    done = subprocess.run([hodge, "decompose", *words, "-o", output], capture_output=True, text=True)
    check(done.returncode == 0, f"{output}: hodge says {done.stderr}")
    opens_everywhere(output)
    return output


def check_series(hodge):
    fields, times = random.normal(size=(5, 2, 12, 10)), [0.0, 6, 12, 18, 24]
    words = {"title": "A title", "institution": "Here", "Conventions": "CF-1.6", "method": "by hand", "history": "x" * 2000}
    write_netcdf("plain.nc", fields, times, **words)
    path = run(hodge, "series.nc", "plain.nc")
    holds(path, fields)
    shows_in_vtk(path, (12, 10), 10, 0.5)
    for engine in ENGINES:
        with xr.open_dataset(path, engine=engine) as data:
            days = [(date.calendar, date.month, date.day) for date in data["time"].values]
            check(days[-1] == ("noleap", 3, 1), f"times are {days}")
            check(data.attrs["title"] == "A title" and data.attrs["institution"] == "Here", "words of the input")
            check(data.attrs["Conventions"] == "CF-1.10" and data.attrs["method"] == "staggered", "own words win")
            lines = data.attrs["history"].split("\n")
            check("hodge" in lines[0] and lines[1:] == ["x" * 2000], "history: ours first, then that of the input")
            check(data["input"].attrs["units"] == "m s-1", "units")
        with xr.open_dataset(path, engine=engine, group="evidence") as table:
            check(table["finished"].dims == ("time",) and bool((table["finished"] == 1).all()), "evidence")
    path = run(hodge, "small.hdf5", "plain.nc", "--precision", "f32", "--deflate", "3")
    holds(path, fields.astype("f4"), tolerance=1e-5)
    shows_in_vtk(path, (12, 10), 10, 0.5)
    write_netcdf("classic.nc", fields, times, form="NETCDF3_64BIT_OFFSET", title="A title")
    path = run(hodge, "classic.h5", "classic.nc")
    holds(path, fields)
    with xr.open_dataset(path) as data:
        check(data.attrs["title"] == "A title" and data["time"].values[-1].calendar == "noleap", "words of NetCDF-3")
    for number in range(3):
        write_netcdf(f"part{number}.nc", fields[number : number + 1], times[number : number + 1], title="A title")
    path = run(hodge, "joined.nc4", "part0.nc", "part1.nc", "part2.nc")
    holds(path, fields[:3])
    shows_in_vtk(path, (12, 10), 10, 0.5)
    write_netcdf("other.nc", fields[:2, :, :7, :8], times[:2], title="Another")
    path = run(hodge, "two.h5", "plain.nc", "other.nc")
    check(datasets(path) == ["fields/other", "fields/plain"], f"groups {datasets(path)}")
    holds(path, fields, "fields/plain")
    holds(path, fields[:2, :, :7, :8], "fields/other")
    with h5py.File(path) as file:
        check("VTKHDF" not in file and "title" not in file.attrs, "one domain of two is shown")


def check_masks(hodge):
    fields = random.normal(size=(4, 2, 12, 10))
    for number in range(4):
        fields[number, :, 3:6, number : number + 3] = np.nan
    write_netcdf("holes.nc", fields, np.arange(4.0))
    path = run(hodge, "holes.h5", "holes.nc", "--mask", "nan")
    holds(path, fields)
    shows_in_vtk(path, (12, 10), 10, 0.5)
    with xr.open_dataset(path) as data:
        wanted = np.isfinite(fields[:, 0])
        check(data["mask"].dtype == np.uint8 and same(data["mask"].values == 1, wanted), "mask of every time")
        check(np.isnan(data["gradient"].encoding["_FillValue"]), "_FillValue")
    path = run(hodge, "hole.h5", "holes.nc", "--mask", "nan", "--select", "time=2")
    holds(path, fields[2], dims=("component", "y", "x"))
    shows_in_vtk(path, (12, 10), 10, 0.5)
    for engine in ENGINES:
        with xr.open_dataset(path, engine=engine, decode_times=False) as data:
            check(data["gradient"].coords["time"].item() == 2, "the time of the only field")


def check_contents(hodge):
    flat, solid = random.normal(size=(2, 11, 9)), random.normal(size=(3, 5, 6, 7))
    np.save("flat.npy", flat)
    np.save("solid.npy", solid)
    np.save("solids.npy", np.stack([solid, 2 * solid, 3 * solid]))
    words = ["--spacing", "0.5", "--origin", "10"]
    plane, space = ("component", "y", "x"), ("component", "z", "y", "x")
    for ending, more in [("2d", []), ("2d-f32", ["--precision", "f32"]), ("2d-z", ["--deflate", "1"])]:
        path = run(hodge, f"{ending}.h5", "flat.npy", *words, "--potentials", "--faces", *more)
        single = "f32" in ending
        holds(path, flat.astype("f4") if single else flat, dims=plane, tolerance=1e-5 if single else 1e-10)
        shows_in_vtk(path, (11, 9), 10, 0.5)
        for engine in ENGINES:
            with xr.open_datatree(path, engine=engine) as tree:
                check(np.allclose(tree["faces"].x_face, 9.75 + 0.5 * np.arange(10)), "coordinates of faces in a tree")
        with xr.open_dataset(path) as data:
            check(data["stream_function"].dims == ("y_face", "x_face"), f"psi on {data['stream_function'].dims}")
            check(np.allclose(data["x_face"], 9.75 + 0.5 * np.arange(10)), "places of the faces")
    path = run(hodge, "3d.h5", "solid.npy", *words, "--boundary", "all")
    holds(path, solid, dims=space)
    shows_in_vtk(path, (5, 6, 7), 10, 0.5)
    path = run(hodge, "3d-series.h5", "solids.npy", *words, "--periodic", "x,y,z", "--spectra", "--potentials")
    holds(path, np.stack([solid, 2 * solid, 3 * solid]), dims=("t",) + space)
    shows_in_vtk(path, (5, 6, 7), 10, 0.5)
    path = run(hodge, "numbered.h5", "solid.npy", "solid.npy", *words)
    holds(path, np.stack([solid, solid]), dims=("field",) + space)
    shows_in_vtk(path, (5, 6, 7), 10, 0.5)
    path = run(hodge, "3d-f32.h5", "solid.npy", *words, "--precision", "f32", "--potentials", "--faces")
    shows_in_vtk(path, (5, 6, 7), 10, 0.5)
    with xr.open_dataset("3d-series.h5", group="spectrum") as data:
        check(data["gradient"].dims == ("t", "component", "wavenumber"), f"spectra {data['gradient'].dims}")


def check_stretched(hodge):
    x, y, z = 0.1 * np.arange(7.0) ** 2, np.arange(6.0), np.arange(5.0)
    solid = random.normal(size=(3, 5, 6, 7))
    np.savez("stretched.npz", u=solid[0], v=solid[1], w=solid[2], x=x, y=y, z=z)
    path = run(hodge, "stretched.h5", "stretched.npz")
    check("VTKHDF" not in every_group(path), "unequal distances shown as equal ones")
    parts = xr.load_dataset(path)
    image = pyvista.RectilinearGrid(parts.x.values, parts.y.values, parts.z.values)
    image["input"] = parts.input.transpose("z", "y", "x", "component").values.reshape(-1, 3)
    nearest = image.find_closest_point((x[5], y[2], z[3]))
    check(same(np.array(image["input"][nearest]), solid[:, 3, 2, 5]), "a stretched grid in pyvista")


def check_globe(hodge):
    fields = random.normal(size=(3, 2, 8, 9))
    write_netcdf("globe.nc", fields, [0.0, 1, 2], axes=("lat", "lon"))
    path = run(hodge, "globe.nc4", "globe.nc", "--potentials", "--faces")
    holds(path, fields, dims=("time", "component", "lat", "lon"))
    with xr.open_dataset(path) as data:
        names = [data[name].attrs["standard_name"] for name in ["lon", "lat", "time"]]
        check(names == ["longitude", "latitude", "time"], f"standard names {names}")
        check("VTKHDF" not in every_group(path), "angles shown as places")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    for part in [check_contents, check_series, check_masks, check_stretched, check_globe]:
        try:
            part(sys.argv[1])
        except Exception as error:  # a program that cannot open a file is a failure to report
            failures.append(f"{part.__name__}: {type(error).__name__}: {error}")
    for failure in failures:
        print("FAILED:", failure)
    sys.exit(1 if failures else 0)
