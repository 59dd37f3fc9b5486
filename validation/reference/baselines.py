#!/usr/bin/env python3
"""Errors and known defects of the baselines chorin, chorin-wide, fourier-detrended and fourier-mirrored.

    python3 validation/reference/baselines.py > validation/reference/baselines.json

Needs numpy and scipy and takes some seconds. Nothing here comes from hodge. Points are in the middle of n cells along each axis, or
at i h on a periodic one.

chorin       G_k central differences, at walls with the point itself for the one beyond; sum of the compact second differences of
             phi = -sum G_k' v_k by a sparse factor with one point pinned; gradient G phi, harmonic the mean where an axis is periodic.
chorin-wide  the same with the pseudo-inverse of sum G_k' G_k, by Fourier modes; harmonic the modes that G does not see.
fourier-*    i k of numpy.fft, that of the Nyquist mode 0, of the field less a plane fitted by lstsq, which is harmonic, or of the
             field beside its mirror image (np.pad, symmetric).

Rows of "studies" have errors relative to the exact part, or to the whole field where that is 0, and "divergence", the largest h |G' r| over the largest
sum of |v_k| on both sides of a point. "null_modes" are the sizes of the null space of sum G_k' G_k by numpy.linalg.matrix_rank.
"""
import json
import sys

import numpy as np
from scipy.sparse import diags, identity, kron
from scipy.sparse.linalg import splu

PI = np.pi
sin, cos, exp = np.sin, np.cos, np.exp


def p1(x, y):
    return (
        [cos(x) * cos(2 * y) - 1.5 * sin(3 * x + y), -2 * sin(x) * sin(2 * y) - 0.5 * sin(3 * x + y)],
        [-cos(2 * x) * sin(y) - 2 / 3 * cos(x - 2 * y), 2 * sin(2 * x) * cos(y) - cos(x - 2 * y) / 3],
        [0.3 + 0 * x, -0.2 + 0 * x],
    )


def p2(x, y):
    return [cos(x) * sin(y), sin(x) * cos(y)], [-cos(x) * sin(y), sin(x) * cos(y)], [0 * x, 0 * x]


def p3(x, y):
    e, q = exp(sin(x) + cos(y)), 2 + cos(x) * sin(y)
    return [e * cos(x), -e * sin(y)], [-cos(x) * cos(y) / q**2, -sin(x) * sin(y) / q**2], [0 * x, 0 * x]


def p5(x, y, z):
    d = [-sin(x) * cos(y) * cos(z), -cos(x) * sin(y) * cos(z), -cos(x) * cos(y) * sin(z)]
    return d, [sin(x) * cos(y) * cos(z), -cos(x) * sin(y) * cos(z), 0 * x], [0 * x] * 3


def b2(x, y):
    a, b = x * (1 - x), y * (1 - y)
    r = [32 * a**2 * b * (1 - 2 * y), -32 * a * b**2 * (1 - 2 * x)]
    return [3 * x**2 * y - y**2 + 1, x**3 - 2 * x * y], r, [0 * x, 0 * x]


def b3(x, y):
    d = [-PI * sin(PI * x) * cos(PI * y) - PI / 2 * sin(2 * PI * x), -PI * cos(PI * x) * sin(PI * y)]
    return d, [2 * PI * sin(PI * x) * cos(2 * PI * y), -PI * cos(PI * x) * sin(2 * PI * y)], [0 * x, 0 * x]


def periodic(n, h):
    up = diags([1.0, 1.0], [1, 1 - n], shape=(n, n), format="csr")
    return (up - up.T) / (2 * h), (2 * identity(n) - up - up.T) / h**2


def walls(n, h):
    slope = diags([-1.0, 1.0], [-1, 1], shape=(n, n), format="lil")
    slope[0, 0], slope[-1, -1] = -1, 1
    second = diags([-1.0, 2.0, -1.0], [-1, 0, 1], shape=(n, n), format="lil")
    second[0, 0] = second[-1, -1] = 1
    return slope.tocsr() / (2 * h), second.tocsr() / h**2


def along(matrix, k, dims, n):
    out = identity(1)
    for a in range(dims):
        out = kron(out, matrix if a == k else identity(n), format="csr")
    return out


def split_chorin(v, h, axis):
    dims, n = len(v), v[0].shape[0]
    slopes = [along(axis(n, h)[0], k, dims, n) for k in range(dims)]
    laplacian = sum(along(axis(n, h)[1], k, dims, n) for k in range(dims)).tolil()
    right = sum(slope.T @ c.ravel() for slope, c in zip(slopes, v))
    laplacian[0, :], laplacian[0, 0], right[0] = 0, 1, 0
    phi = splu(laplacian.tocsc()).solve(right)
    gradient = [(slope @ phi).reshape(c.shape) for slope, c in zip(slopes, v)]
    harmonic = [np.full_like(c, c.mean() if axis is periodic else 0) for c in v]
    return gradient, [a - b - c for a, b, c in zip(v, gradient, harmonic)], harmonic, slopes


def split_wide(v, h, _):
    dims, n = len(v), v[0].shape[0]
    symbol = np.sin(2 * PI * np.arange(n) / n) / h
    symbol[[0, n // 2]] = 0
    k = np.meshgrid(*[symbol] * dims, indexing="ij", sparse=True)
    gradient, harmonic = project(v, k)
    slopes = [along(periodic(n, h)[0], a, dims, n) for a in range(dims)]
    return gradient, [a - b - c for a, b, c in zip(v, gradient, harmonic)], harmonic, slopes


def project(v, k):
    spectra = [np.fft.fftn(c) for c in v]
    square = sum(a * a for a in k)
    unseen = square == 0
    share = sum(a * b for a, b in zip(k, spectra)) / np.where(unseen, 1, square)
    back = lambda spectrum: np.fft.ifftn(spectrum).real
    return [back(a * share) for a in k], [back(np.where(unseen, b, 0)) for b in spectra]


def split_fourier(v, h, mirrored):
    dims, shape = len(v), v[0].shape
    if mirrored:
        trend, rest = [0 * c for c in v], [np.pad(c, [(0, m) for m in c.shape], "symmetric") for c in v]
    else:
        columns = np.stack([np.ones(shape).ravel()] + [g.ravel() for g in np.indices(shape)], axis=1)
        trend = [(columns @ np.linalg.lstsq(columns, c.ravel(), rcond=None)[0]).reshape(shape) for c in v]
        rest = [a - b for a, b in zip(v, trend)]
    n = rest[0].shape[0]
    wave = 2 * PI * np.fft.fftfreq(n, h)
    wave[n // 2] = 0
    k = np.meshgrid(*[wave] * dims, indexing="ij", sparse=True)
    gradient, harmonic = project(rest, k)
    box = tuple(slice(0, m) for m in shape)
    gradient = [c[box] for c in gradient]
    harmonic = [c[box] + t for c, t in zip(harmonic, trend)]
    slopes = [along(walls(shape[0], h)[0], a, dims, shape[0]) for a in range(dims)]
    return gradient, [a - b - c for a, b, c in zip(v, gradient, harmonic)], harmonic, slopes


def norm(parts):
    return np.sqrt(sum((c**2).sum() for c in parts))


def study(case, method, n):
    split, axis = STUDIES[method]
    of = CASES[case][0]
    dims, length = CASES[case][1:]
    h = length / n
    x = h * np.arange(n) if axis is periodic else h * (np.arange(n) + 0.5)
    exact = of(*np.meshgrid(*[x] * dims, indexing="ij"))
    v = [sum(c) for c in zip(*exact)]
    *parts, slopes = split(v, h, method == "fourier-mirrored" if method.startswith("fourier") else axis)
    row = {"case": case, "method": method, "dims": dims, "n": n}
    whole = norm(v)
    for name, part, x in zip(("gradient", "solenoidal", "harmonic"), parts, exact):
        size = norm(x)
        row["error_" + name] = norm([a - b for a, b in zip(part, x)]) / (size if size > 1e-14 * whole else whole)
    if not method.startswith("fourier"):
        divergence = sum(slope.T @ c.ravel() for slope, c in zip(slopes, parts[1]))
        row["divergence"] = h * abs(divergence).max() / (2 * sum(abs(c) for c in v).max())
    return row


CASES = {"P1": (p1, 2, 2 * PI), "P2": (p2, 2, 2 * PI), "P3": (p3, 2, 2 * PI), "P5": (p5, 3, 2 * PI)}
CASES |= {"B2": (b2, 2, 1), "B3": (b3, 2, 1)}
STUDIES = {
    "chorin": (split_chorin, periodic),
    "chorin-wide": (split_wide, periodic),
    "fourier-detrended": (split_fourier, walls),
    "fourier-mirrored": (split_fourier, walls),
}


def null_modes(n, dims, axis):
    slopes = [along(axis(n, 1.0)[0], k, dims, n) for k in range(dims)]
    wide = sum(slope.T @ slope for slope in slopes).toarray()
    return {"n": n, "dims": dims, "walls": axis is walls, "count": int(len(wide) - np.linalg.matrix_rank(wide))}


def main():
    rows = []
    for case in ("P1", "P2", "P3"):
        rows += [study(case, method, n) for method in ("chorin", "chorin-wide") for n in (32, 64, 128)]
    rows += [study("P5", method, n) for method in ("chorin", "chorin-wide") for n in (8, 16, 32)]
    for case in ("B2", "B3"):
        rows += [study(case, method, n) for method in ("fourier-detrended", "fourier-mirrored") for n in (32, 64, 128)]
    for row in rows:
        print(row, file=sys.stderr)
    counts = [(6, 2, periodic), (5, 2, periodic), (6, 2, walls), (4, 3, periodic), (5, 3, periodic), (4, 3, walls)]
    json.dump({"studies": rows, "null_modes": [null_modes(*c) for c in counts]}, sys.stdout, indent=1)
    print()


main()
