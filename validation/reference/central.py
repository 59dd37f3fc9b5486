#!/usr/bin/env python3
"""Parts that are exact at the sample points, boundary no-flux: on small grids in full, errors of exact fields, shares of real ones.

    python3 validation/reference/central.py …/data > validation/reference/central.json

Needs numpy, scipy and h5py and takes two minutes. Nothing here comes from hodge.

The derivative along an axis is numpy.gradient(f)/numpy.gradient(x), on periodic axes of the values wrapped around; its matrix is
what that makes of every unit vector. A point weighs the product of half the distances between its neighbours, at walls of itself
and its neighbour (trapezoid rule), on a sphere times the cosine of the latitude. With these weights the gradient part is the
nearest to the field of all grad phi, and the solenoidal part the nearest of all rotations of A, one A for each pair of axes, that
is 0 on the walls of both; the harmonic part is the rest. Both are linear least squares: numpy.linalg.lstsq for the small grids,
scipy's lsmr for the others.

On a sphere, with c the cosine of the latitude: grad phi = (phi_x/c, phi_y), rotation of psi = (psi_y, -psi_x/c), lengths in
radians times the radius, which is 1.

Arrays of the output are flattened with x fastest, one list for each component. Errors of a part are the square root of
<e, e>/<x, x>, e the error of the part found and x the exact part; over <v, v> where x is 0. For S1 the only one is that of the
energy of the solenoidal part, relative to J of Saint-Venant torsion. The points of a case with n cells lie at the n + 1 faces of
axes with walls, and at i/n of periodic ones.
"""
import json
import sys
from functools import reduce
from itertools import combinations

import h5py
import numpy as np
from scipy.sparse import csr_matrix, diags, hstack, identity, kron, vstack
from scipy.sparse.linalg import lsmr

PI = np.pi


def derivative(x, period=None):
    """The matrix of the derivative and half the distances between neighbours."""
    if period is None:
        width = np.gradient(x)
        steps = np.r_[0, np.diff(x), 0]
        of = lambda f: np.gradient(f) / width
    else:
        width = np.gradient(np.r_[x[-1] - period, x, x[0] + period])[1:-1]
        steps = np.diff(np.r_[x[-1] - period, x, x[0] + period])
        of = lambda f: np.gradient(np.r_[f[-1], f, f[0]])[1:-1] / width
    return np.array([of(unit) for unit in np.eye(len(x))]).T, (steps[1:] + steps[:-1]) / 2


class Grid:
    """Axes are (coordinates, period or None), x first; on a sphere in radians. Arrays are indexed x, y[, z] and flattened so that z
    runs fastest."""

    def __init__(self, axes, sphere=False):
        self.axes, self.shape = axes, [len(x) for x, _ in axes]
        rules = [derivative(*axis) for axis in axes]
        eyes = [identity(n) for n in self.shape]
        along = [[csr_matrix(rules[k][0]) if a == k else eyes[a] for a in range(len(axes))] for k in range(len(axes))]
        self.d = [reduce(kron, factors).tocsr() for factors in along]
        weights = reduce(np.multiply.outer, [h for _, h in rules])
        if sphere:
            cosine = np.cos(axes[1][0])[None, :] * np.ones(self.shape)
            weights = weights * cosine
            self.d[0] = diags(1 / cosine.ravel()) @ self.d[0]
        self.weights = np.tile(weights.ravel(), len(axes))

    def inside(self, pair):
        """Points on no wall of two axes."""
        kept = np.ones(self.shape, bool)
        for k in pair:
            if self.axes[k][1] is None:
                ends = [slice(None)] * len(self.shape)
                for ends[k] in (0, -1):
                    kept[tuple(ends)] = False
        return kept.ravel()

    def gradient(self):
        return vstack(self.d).tocsr()

    def rotation(self):
        blocks = []
        for a, b in combinations(range(len(self.shape)), 2):
            columns = [csr_matrix(self.d[0].shape)] * len(self.shape)
            columns[a], columns[b] = self.d[b], -self.d[a]
            blocks.append(vstack(columns).tocsc()[:, self.inside((a, b))])
        return hstack(blocks).tocsr()

    def inner(self, v, w):
        return float((self.weights * v * w).sum())

    def parts(self, v, solve):
        root = np.sqrt(self.weights)
        found = [m @ solve(diags(root) @ m, root * v) if m.shape[1] else 0 * v for m in (self.gradient(), self.rotation())]
        return found + [v - found[0] - found[1]]

    def lists(self, v):
        return [a.reshape(self.shape).ravel(order="F").tolist() for a in np.split(v, len(self.shape))]


def dense(matrix, right):
    return np.linalg.lstsq(matrix.toarray(), right, rcond=1e-10)[0]


def iterated(matrix, right):
    """With columns of length 1, which lsmr takes fewer steps for."""
    length = np.sqrt(np.asarray(matrix.multiply(matrix).sum(0)).ravel())
    length[length == 0] = 1
    return lsmr(matrix @ diags(1 / length), right, atol=1e-13, btol=1e-13, conlim=0, maxiter=40000)[0] / length


def small():
    random = np.random.default_rng(2024)
    even = lambda n, step: (np.arange(n) * step, None)
    uneven = lambda n: (np.cumsum(random.uniform(0.2, 1.8, n)), None)
    ring = lambda n, step: (np.arange(n) * step, n * step)
    grids = {
        "even": (Grid([even(6, 0.5), even(7, 0.3)]), None),
        "narrow": (Grid([even(2, 1.0), even(5, 0.7)]), None),
        "uneven": (Grid([uneven(7), uneven(5)]), None),
        "channel": (Grid([ring(6, 0.4), even(5, 0.6)]), None),
        "ring of odd length": (Grid([even(4, 0.9), ring(5, 0.4)]), None),
        "torus": (Grid([ring(6, 0.4), ring(4, 0.6)]), None),
        "window": (Grid([(np.radians([10.0, 20, 30, 40, 50, 60]), None), (np.radians([20.0, 32, 44, 56, 68]), None)], True), 1),
        "box": (Grid([even(4, 0.5), even(5, 0.3), even(3, 0.8)]), None),
        "uneven box": (Grid([uneven(4), uneven(3), uneven(5)]), None),
        "duct": (Grid([even(4, 0.5), ring(4, 0.3), even(5, 0.8)]), None),
    }
    for name, (grid, sphere) in grids.items():
        v = random.uniform(-1, 1, len(grid.weights))
        gradient, solenoidal, harmonic = (grid.lists(part) for part in grid.parts(v, dense))
        axes = [(np.degrees(x) if sphere else x).tolist() for x, _ in grid.axes]
        periods = [period for _, period in grid.axes]
        yield dict(name=name, axes=axes, periods=periods, sphere=bool(sphere), field=grid.lists(v),
                   gradient=gradient, solenoidal=solenoidal, harmonic=harmonic)


def bump(t):
    return (t * (1 - t)) ** 2, 2 * t * (1 - t) * (1 - 2 * t)


def square(k, t):
    return np.sin(k * t) ** 2, k * np.sin(2 * k * t)


def b1(x, y):
    wave = PI * np.cos(PI * (x + y))
    return [wave, wave], [-np.sin(PI * x) * np.cos(PI * y), np.cos(PI * x) * np.sin(PI * y)], None


def b2(x, y):
    (bx, sx), (by, sy) = bump(x), bump(y)
    return [3 * x * x * y - y * y + 1, x**3 - 2 * x * y], [16 * bx * sy, -16 * sx * by], None


def b3(x, y):
    s, c = np.sin, np.cos
    return ([-PI * (s(PI * x) * c(PI * y) + 0.5 * s(2 * PI * x)), -PI * c(PI * x) * s(PI * y)],
            [2 * PI * s(PI * x) * c(2 * PI * y), -PI * c(PI * x) * s(2 * PI * y)], None)


def b4(x, y):
    s, c = np.sin, np.cos
    h = [2 * x + 0.5 * np.exp(x) * c(y), -2 * y - 0.5 * np.exp(x) * s(y)]
    return ([PI * c(PI * x) * s(PI * y) + h[0], PI * s(PI * x) * c(PI * y) + h[1]],
            [PI * s(2 * PI * x) * c(PI * y), -2 * PI * c(2 * PI * x) * s(PI * y)], None)


def b5(x, y):
    bx, by = x * (1 - x), y * (1 - y)
    return ([(1 - 2 * x) * by + 3 * (x * x - y * y) + 1, bx * (1 - 2 * y) - 6 * x * y + 2],
            [x * bx * (1 - y) * (1 - 3 * y), -(2 - 3 * x) * x * by * (1 - y)], None)


def u2(x, y):
    (fx, dx), (fy, dy), (f2, d2) = square(PI, x), square(PI, y), square(2 * PI, x)
    return [dx * fy, fx * dy], [f2 * dy, -d2 * fy], None


def denoise(cloud, *x):
    distance = sum((x[k][..., None] - cloud[:, k]) ** 2 for k in range(len(x)))
    weight = np.exp(-(distance - distance.min(-1, keepdims=True)) / 0.045)
    weight /= weight.sum(-1, keepdims=True)
    return [(weight * (cloud[:, k] - x[k][..., None])).sum(-1) for k in range(len(x))]


def e2(*x):
    if len(x) == 2:
        turn = 2 * PI * np.arange(12) / 12
        cloud = 0.4 * np.array([np.cos(turn), np.sin(turn)]).T
    else:
        t = np.arange(24) / 23
        cloud = np.array([0.4 * np.cos(4 * PI * t), 0.4 * np.sin(4 * PI * t), 0.8 * t - 0.4]).T
    return denoise(cloud, *x), [0 * a for a in x], None


def sp3(x, y):
    s, c = np.sin(y), np.cos(y)
    q = 9 * s * s - 1
    (a, da), (b, db) = square(PI, x + 1), square(PI, y - 0.3)
    return ([-3 * np.sin(3 * x) * c * c * q, np.cos(3 * x) * (18 * s * c**4 - 3 * c * c * s * q)], [-a * db, da * b / c], None)


def sp4(x, y):
    return [0 * x, 0 * x], [0 * x, 0 * x], [1 / np.cos(y), 0 * x]


def vortex(x, y, z):
    s, c = np.sin, np.cos
    return [-3 * PI * s(PI * x) * c(PI * y) * c(PI * z), 2 * PI * c(PI * x) * s(PI * y) * c(PI * z), PI * c(PI * x) * c(PI * y) * s(PI * z)]


def b7(x, y, z):
    s, c = np.sin, np.cos
    return ([-PI * s(PI * x) * c(2 * PI * y) * c(PI * z) + y * z, -2 * PI * c(PI * x) * s(2 * PI * y) * c(PI * z) + x * z,
             -PI * c(PI * x) * c(2 * PI * y) * s(PI * z) + x * y], vortex(x, y, z), None)


def b8(x, y, z):
    (bx, sx), (by, sy), (bz, sz) = ((4 * t * (1 - t), 4 - 8 * t) for t in (x, y, z))
    return ([sx * by * bz + 2 * x + y * z, bx * sy * bz + 2 * y + x * z, bx * by * sz - 4 * z + x * y], vortex(x, y, z), None)


def b9(x, y, z):
    scale = 16 * (1 + z)
    return [2 * x * y, x * x + z, y - 3 * z * z], [scale * x * (1 - x) * (1 - 2 * y), -scale * (1 - 2 * x) * y * (1 - y), 0 * x], None


def u3(*x):
    def gradient(k):
        (fx, dx), (fy, dy), (fz, dz) = (square(PI * a, t) for a, t in zip(k, x))
        return [dx * fy * fz, fx * dy * fz, fx * fy * dz]

    ax, ay, az = gradient((1, 2, 1)), [g / 2 for g in gradient((1, 1, 2))], gradient((2, 1, 1))
    return gradient((1, 1, 1)), [az[1] - ay[2], ax[2] - az[0], ay[0] - ax[1]], None


def p5(x, y, z):
    s, c = np.sin, np.cos
    return [-s(x) * c(y) * c(z), -c(x) * s(y) * c(z), -c(x) * c(y) * s(z)], [s(x) * c(y) * c(z), -c(x) * s(y) * c(z), 0 * x], None


def w1(x, y, z):
    (fx, dx), (fy, dy) = square(PI, x), square(PI / 1.5, y)
    g = 1 + 0.5 * np.cos(2 * PI * z / 0.8)
    return [0 * x, 0 * x, np.sin(2 * PI * z / 0.8)], [fx * dy * g, -dx * fy * g, 0 * x], None


def s1(x, y):
    return [-x, -y], [y, -x], None


TORSION = 16 * (1 / 3 - 64 / PI**5 * sum(np.tanh(n * PI / 2) / n**5 for n in range(1, 20001, 2)))

PLANE, SPACE = [32, 64, 128, 256], [8, 16, 32]

# Exact parts under no-flux, window, sizes, and how the axes are made.
CASES = [
    ("B1", b1, [(-1, 1)] * 2, PLANE), ("B2", b2, [(0, 1)] * 2, PLANE), ("B3", b3, [(0, 1)] * 2, PLANE),
    ("B4", b4, [(0, 1)] * 2, PLANE), ("B5", b5, [(0, 1)] * 2, PLANE), ("S1", s1, [(-1, 1)] * 2, PLANE),
    ("E2", e2, [(-0.6, 0.6)] * 2, PLANE), ("U2", u2, [(0, 1)] * 2, PLANE), ("RL1", b2, [(0, 1)] * 2, PLANE),
    ("SP3", sp3, [(-1, 0), (0.3, 1.3)], PLANE), ("SP4", sp4, [(-PI, PI), (-PI / 3, PI / 3)], PLANE),
    ("P5", p5, [(0, 2 * PI)] * 3, SPACE), ("B7", b7, [(0, 1)] * 3, SPACE), ("B8", b8, [(0, 1)] * 3, SPACE), ("B9", b9, [(0, 1)] * 3, SPACE),
    ("E2", e2, [(-0.6, 0.6)] * 3, SPACE), ("U3", u3, [(0, 1)] * 3, SPACE), ("W1", w1, [(0, 1), (0, 1.5), (0, 0.8)], SPACE),
]


def of_case(name, exact, window, n):
    place = (lambda s: (100**s - 1) / 99) if name == "RL1" else (lambda s: s)
    axes = [(a + (b - a) * place(np.arange(n + 1) / n), None) for a, b in window]
    if name == "SP4":
        cells = 3 * n
        axes[0] = (-PI + 2 * PI * np.arange(cells) / cells, 2 * PI)
    grid = Grid(axes, name.startswith("SP"))
    points = np.meshgrid(*[x for x, _ in axes], indexing="ij")
    known = [np.concatenate([c.ravel() for c in part]) if part else np.zeros(len(grid.weights)) for part in exact(*points)]
    v = sum(known)
    found = grid.parts(v, iterated)
    row = dict(case=name, method="central", boundary="no-flux", dims=len(window), n=n)
    if name == "S1":
        energy = grid.inner(found[1], found[1])
        return row | dict(error_energy=abs(energy - TORSION) / TORSION)
    for part, x, found in zip(("gradient", "solenoidal", "harmonic"), known, found):
        size = grid.inner(x, x)
        size = size if size > 1e-28 * grid.inner(v, v) else grid.inner(v, v)
        row["error_" + part] = (grid.inner(found - x, found - x) / size) ** 0.5
    return row


def real(folder):
    lines = [line.split() for line in open(folder + "/piv/PIVchallengeCaseBvelField.txt")]
    rows = np.array([[float(t) for t in line[:4]] for line in lines if line and line[0][0] in "0123456789-"])
    x, y = (np.unique(rows[:, k]) for k in (0, 1))
    piv = np.zeros((2, len(x), len(y)))
    for row in rows:
        piv[:, np.searchsorted(x, row[0]), np.searchsorted(y, row[1])] = row[2:4]
    yield "piv_case_b", [x, y], piv
    with h5py.File(folder + "/wind/north_atlantic_500hpa.h5") as file:
        x, y = file["x"][...], file["y"][...]
        step = [(a[-1] - a[0]) / (len(a) - 1) for a in (x, y)]
        axes = [h * np.arange(len(a)) for h, a in zip(step, (x, y))]
        yield "north_atlantic_500hpa", axes, np.array([file[k][...].astype(float).T for k in ("u", "v")])


def shares(axes, values):
    grid = Grid([(x, None) for x in axes])
    v = values.reshape(-1)
    energy = grid.inner(v, v)
    return [grid.inner(part, part) / energy for part in grid.parts(v, iterated)]


def main():
    out = dict(small=list(small()), studies=[of_case(name, exact, window, n) for name, exact, window, sizes in CASES for n in sizes],
               real={name: shares(axes, values) for name, axes, values in real(sys.argv[1])})
    # One grid, one case or one field a line.
    text = [",\n".join("  " + json.dumps(item) for item in out[key]) for key in ("small", "studies")]
    print('{"small": [\n%s\n],\n"studies": [\n%s\n],\n"real": %s}' % (*text, json.dumps(out["real"])))


main()
