"""The script that a user would write: the parts of a field in an HDF5 file (datasets u, v[, w], spacing 1) by h5py and scipy.

python3 whole_scipy.py IN OUT.h5 THREADS [walls]

One more axis than components is a series along the first; IN may be a folder of files with one field each. Periodic: gradient, solenoidal part and mean. `walls`: the gradient with
the flux through the walls (no-flux), of components interpolated to the faces. Written are input, parts and potential, with walls
the sampling remainder too, as hodge writes them, and the file is on disk (fsync) at the end.
"""

import os
import sys

import h5py
import numpy as np
import scipy.fft as sf

NAMES = "input", "gradient", "solenoidal", "harmonic", "potential", "sampling_remainder"


def periodic(v, workers):
    n, axes = v.shape[1:], tuple(range(v.ndim - 1))
    last = len(n) - 1
    waves = [2 * np.pi * (sf.rfftfreq(m) if i == last else sf.fftfreq(m)) for i, m in enumerate(n)]
    k = np.meshgrid(*waves, indexing="ij", sparse=True)[::-1]
    square = sum(a * a for a in k)
    square.flat[0] = 1
    modes = [sf.rfftn(c, axes=axes, workers=workers) for c in v]
    ratio = sum(a * b for a, b in zip(k, modes)) / square
    gradient = np.stack([sf.irfftn(a * ratio, s=n, axes=axes, workers=workers) for a in k])
    harmonic = np.stack([np.full(n, c.flat[0].real / np.prod(n)) for c in modes])
    potential = sf.irfftn(-1j * ratio, s=n, axes=axes, workers=workers)
    return gradient, v - gradient - harmonic, harmonic, potential


def walls(v, workers):
    dims = v.ndim - 1
    faces, divergence = [], 0
    for k, c in enumerate(v):
        axis = dims - 1 - k
        lower, upper = np.take(c, [0], axis), np.take(c, [-1], axis)
        padded = np.concatenate([lower, c, upper], axis)
        inner = [slice(None)] * dims
        inner[axis] = slice(1, None)
        outer = list(inner)
        outer[axis] = slice(None, -1)
        faces.append(0.5 * (padded[tuple(inner)] + padded[tuple(outer)]))
        flux = np.moveaxis(faces[k], axis, 0).copy()
        flux[[0, -1]] = 0
        divergence = divergence + np.moveaxis(np.diff(flux, axis=0), 0, axis)
    eigenvalues = [2 - 2 * np.cos(np.pi * np.arange(m) / m) for m in v.shape[1:]]
    total = sum(np.meshgrid(*eigenvalues, indexing="ij", sparse=True))
    total.flat[0] = 1
    modes = sf.dctn(-divergence, workers=workers) / total
    modes.flat[0] = 0
    potential = sf.idctn(modes, workers=workers)
    gradient, points = [], []
    for k, face in enumerate(faces):
        axis = dims - 1 - k
        moved = np.moveaxis(face, axis, 0)
        points.append(np.moveaxis(0.5 * (moved[1:] + moved[:-1]), 0, axis))
        moved[1:-1] = np.diff(np.moveaxis(potential, axis, 0), axis=0)
        gradient.append(np.moveaxis(0.5 * (moved[1:] + moved[:-1]), 0, axis))
    gradient, points = np.stack(gradient), np.stack(points)
    return gradient, points - gradient, np.zeros_like(v), potential, v - points


def fields(source):
    """Index, number of fields and components of each field."""
    if os.path.isdir(source):
        names = sorted(os.listdir(source))
        for i, name in enumerate(names):
            with h5py.File(os.path.join(source, name)) as f:
                yield i, len(names), np.stack([f[c][()] for c in sorted(f)])
        return
    with h5py.File(source) as f:
        names = sorted(f)
        if f[names[0]].ndim == len(names):
            yield None, 1, np.stack([f[name][()] for name in names])
            return
        count = f[names[0]].shape[0]
        for i in range(count):
            yield i, count, np.stack([f[name][i] for name in names])


def main():
    source, target, workers = sys.argv[1], sys.argv[2], int(sys.argv[3])
    split = walls if sys.argv[4:] == ["walls"] else periodic
    with h5py.File(target, "w") as g:
        for i, _, v in fields(source):
            group = g.create_group(f"fields/{i or 0}")
            parts = split(v, workers)
            for name, values in zip(NAMES, (v, *parts)):
                group[name] = values
    descriptor = os.open(target, os.O_RDWR)
    os.fsync(descriptor)
    os.close(descriptor)


if __name__ == "__main__":
    main()
