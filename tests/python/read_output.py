"""Checks that a result file opens in h5py and xarray with coordinates. Usage: read_output.py FILE

The file is the one tests/files.rs writes; prints every failure and exits with 1 if there is one.
"""

import sys

import h5py
import numpy as np
import xarray as xr

failures = []


def check(condition, message):
    if not condition:
        failures.append(message)


def check_h5py(path):
    with h5py.File(path) as file:
        check(file.attrs["hodge_layout"] == 2, "root attribute hodge_layout is not 2")
        check(file.attrs["command"] == "hodge décompose x", f"command: {file.attrs['command']!r}")
        group = file["fields/box"]
        check(group.attrs["energy.gradient"] == 0.25, "nested attribute energy.gradient")
        check(list(group.attrs["shape"]) == [6, 5, 4], "array attribute shape")
        check(list(group.attrs["walls"]) == ["x", "y"], "array of text attribute walls")
        check(bool(group.attrs["converged"]) is True, "attribute converged")
        check("unknown" not in group.attrs, "null attribute is written")
        for name in ["input", "gradient"]:
            dataset = group[name]
            check(dataset.shape == (3, 4, 5, 6), f"{name}: shape {dataset.shape}")
            check(dataset.chunks is not None, f"{name} is not chunked")
            check(dataset.compression == "gzip" and dataset.shuffle, f"{name} is not compressed")
            scales = [d[0].name.rsplit("/", 1)[-1] for d in dataset.dims]
            check(scales == ["component", "z", "y", "x"], f"{name}: scales {scales}")
        check(group["input"].attrs["units"] == "m s⁻¹", "units of input")
        check([c.decode() for c in group["component"]] == ["x", "y", "z"], "names of components")
        face = group["faces/gradient_x"]
        check(face.shape == (4, 5, 7), f"faces/gradient_x: shape {face.shape}")
        check(face.dims[2][0].name == "/fields/box/faces/x_face", "scale of faces")
        c, k, j, i = np.ogrid[0:3, 0:4, 0:5, 0:6]
        wanted = 1000 * c + 100 * k + 10 * j + i
        check(np.array_equal(group["input"][:], wanted), "values of input: component x is not last")
        check(group["small"].dtype == np.float64, f"dtype {group['small'].dtype}")


def check_xarray(path):
    with xr.open_dataset(path, engine="h5netcdf", group="fields/box") as data:
        check(data["gradient"].dims == ("component", "z", "y", "x"), f"dims {data['gradient'].dims}")
        for axis in ["x", "y", "z", "component"]:
            check(axis in data.coords, f"{axis} is not a coordinate: {list(data.coords)}")
        check(np.allclose(data.x, (np.arange(6) + 0.5) / 6), f"coordinate x: {data.x.values}")
        check(data.x.attrs["units"] == "m", "units of x")
        value = float(data["input"].sel(component="y").isel(x=2, y=3, z=1))
        check(value == 1132, f"selection by coordinate gives {value}")
        check(data["small"].dims == ("z", "y", "x"), f"dims of small {data['small'].dims}")
    with xr.open_datatree(path, engine="h5netcdf") as tree:
        faces = tree["fields/box/faces"]
        check(faces["gradient_x"].dims == ("z", "y", "x_face"), f"faces {faces['gradient_x'].dims}")
        check(np.allclose(faces.x_face, np.arange(7) / 6), f"coordinate x_face {faces.x_face.values}")


if __name__ == "__main__":
    for part in [check_h5py, check_xarray]:
        try:
            part(sys.argv[1])
        except Exception as error:  # a reader that cannot open the file is a failure to report
            failures.append(f"{part.__name__}: {type(error).__name__}: {error}")
    for failure in failures:
        print("FAILED:", failure)
    sys.exit(1 if failures else 0)
