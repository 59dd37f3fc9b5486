"""A copy of the same bytes by h5py: every field of a series is read, and as much written as hodge writes about it.

python3 copy_h5py.py IN OUT.h5 ARRAYS

IN is an HDF5 file (datasets u, v[, w] with a leading axis) or a folder of files with one field each; ARRAYS is how many arrays of
a component are written for each field, and the file is on disk (fsync) at the end.
"""

import os
import sys

import h5py

from whole_scipy import fields


def main():
    source, target, arrays = sys.argv[1], sys.argv[2], int(sys.argv[3])
    with h5py.File(target, "w") as g:
        data = None
        for i, count, v in fields(source):
            if data is None:
                data = [g.create_dataset(f"a{k}", (count, *v.shape[1:]), "f8") for k in range(arrays)]
            for k, array in enumerate(data):
                array[i or 0] = v[k % len(v)]
    descriptor = os.open(target, os.O_RDWR)
    os.fsync(descriptor)
    os.close(descriptor)


main()
