"""Writes lzf.h5 and half.h5 beside this file with h5py: u, v compressed by a filter that HDF5 itself lacks, and in half
precision, in sixteenths, as `value` of tests/library/types.rs has them."""
import pathlib

import h5py
import numpy as np

here = pathlib.Path(__file__).parent
j, i = np.mgrid[0:7, 0:9]
field = [(7 * i + 3 * i * j + 5 * j * j + 11 * c * i) % 61 / 16 - 1 for c in range(2)]
for name, kind, options in [("lzf", "f8", {"compression": "lzf", "chunks": (7, 9)}), ("half", "f2", {})]:
    with h5py.File(here / f"{name}.h5", "w") as file:
        for component, values in zip("uv", field):
            file.create_dataset(component, data=values.astype(kind), **options)
