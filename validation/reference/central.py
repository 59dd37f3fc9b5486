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
<e, e>/<x, x>, e the error of the part found and x the exact part; over <v, v> where x is 0. For S1, E1 and C5 the only one is that of
the energy of the solenoidal part, relative to J of Saint-Venant torsion or to "energies" of staggered.json. The points of a case with n cells lie at the n + 1 faces of
axes with walls, and at i/n of periodic ones.
"""
import json
import pathlib
import sys
from functools import reduce
from itertools import combinations

import fields as f
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


TORSION = 16 * (1 / 3 - 64 / PI**5 * sum(np.tanh(n * PI / 2) / n**5 for n in range(1, 20001, 2)))

# Of the solenoidal part under no-flux.
with open(pathlib.Path(__file__).with_name("staggered.json")) as file:
    ENERGIES = {name: known["solenoidal"] for name, known in json.load(file)["energies"].items()}

PLANE, SPACE = [32, 64, 128, 256], [8, 16, 32]

# The field, window and sizes.
CASES = [
    ("B1", f.b1, [(-1, 1)] * 2, PLANE), ("B2", f.b2, [(0, 1)] * 2, PLANE), ("B3", f.b3, [(0, 1)] * 2, PLANE),
    ("B4", f.b4, [(0, 1)] * 2, PLANE), ("B5", f.b5, [(0, 1)] * 2, PLANE), ("S1", f.s1, [(-1, 1)] * 2, PLANE),
    ("E1", f.e1, [(-1, 1)] * 2, PLANE), ("E2", f.e2, [(-0.6, 0.6)] * 2, PLANE), ("U2", f.u2, [(0, 1)] * 2, PLANE), ("RL1", f.b2, [(0, 1)] * 2, PLANE),
    ("SP3", f.sp3, [(-1, 0), (0.3, 1.3)], PLANE), ("SP4", f.sp4, [(-PI, PI), (-PI / 3, PI / 3)], PLANE),
    ("P5", f.p5, [(0, 2 * PI)] * 3, SPACE), ("B7", f.b7, [(0, 1)] * 3, SPACE), ("B8", f.b8, [(0, 1)] * 3, SPACE), ("B9", f.b9, [(0, 1)] * 3, SPACE),
    ("C5", f.c5, [(-20, 20), (-25, 25), (0, 50)], SPACE), ("E1", f.e1, [(-1, 1)] * 3, SPACE),
    ("E2", f.e2, [(-0.6, 0.6)] * 3, SPACE), ("U3", f.u3, [(0, 1)] * 3, SPACE), ("W1", f.w1, [(0, 1), (0, 1.5), (0, 0.8)], SPACE),
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
    if name != "SP4":  # On a box without holes what is harmonic is a gradient.
        known = [known[0] + known[2], known[1], 0 * known[2]]
    v = sum(known)
    found = grid.parts(v, iterated)
    row = dict(case=name, method="central", boundary="no-flux", dims=len(window), n=n)
    energies = {"S1": TORSION, "C5": ENERGIES["C5"], "E1": ENERGIES[f"E1 {len(window)}d"]}
    energy = energies.get(name)
    if energy:
        return row | dict(error_energy=abs(grid.inner(found[1], found[1]) - energy) / energy)
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


if __name__ == "__main__":
    main()
