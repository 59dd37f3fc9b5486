#!/usr/bin/env python3
"""Errors of the parts of exact fields on boxes, tori and grids with a metric, by staggered components and by Fourier modes.

    python3 validation/reference/staggered.py > validation/reference/staggered.json

Needs numpy and scipy and takes two minutes. Nothing here comes from hodge; grids are those of metric_cases.py.

staggered   eigenvectors of the first axis by numpy.linalg.eigh, one sparse factor of the others for each; a sparse factor of all where
            the first axis is not even. no-flux: the part that leaves no net outflow and nothing through walls. zero-potential: the
            gradient of a potential that is 0 at walls. normal-parallel: the gradient of the second, the rest of the first, and what is
            left. periodic: as no-flux, which has no walls; the harmonic part of a torus is the mean.
spectral    i k of numpy.fft, that of the Nyquist mode 0; what no derivative sees is harmonic.

Rows have errors relative to the exact part, or to the field where that is 0. Of S1, E1 and C5 only energies are known: the error is that of the energy of
the solenoidal part. S1 by the series of Saint-Venant torsion; "energies" of E1 and C5 under no-flux by Galerkin's method with
Legendre polynomials up to degree N, which the last digits of two N agree in.
"""
import json
import sys
from functools import partial

import fields as f
import numpy as np
from metric_cases import Axis, circle, flat, globe, mapped, shell, sphere, uniform
from scipy.linalg import eigh
from scipy.sparse import diags
from scipy.sparse.linalg import splu

PI = np.pi
TORSION = 16 * (1 / 3 - 64 / PI**5 * sum(np.tanh(n * PI / 2) / n**5 for n in range(1, 20001, 2)))


def torus(low, high, cells):
    """Points at low + i h."""
    step = (high - low) / cells
    return Axis(low + step * (np.arange(cells + 1) - 0.5), periodic=True)


def box(window, cells, make=uniform):
    from metric_cases import Grid

    axes = [make(a, b, n) for (a, b), n in zip(window, cells)]
    areas = []
    for k in range(len(axes)):
        others = [np.ones(axis.faces.size) if a == k else axis.widths for a, axis in enumerate(axes)]
        areas.append(outer(others))
    distances = [outer([axis.steps if a == k else np.ones(axis.points.size) for a, axis in enumerate(axes)]) for k in range(len(axes))]
    return Grid(axes, areas, distances)


def outer(factors):
    out = np.ones(())
    for factor in factors:
        out = np.multiply.outer(out, factor)
    return out


class Solver:
    """net outflow of conductance (phi_upper - phi_lower) = -right, phi 0 at walls or no flow through them."""

    def __init__(self, grid, grounded):
        self.grid = grid
        open_faces = grid.live if grounded else grid.inside
        self.conductance = np.where(open_faces, grid.areas / grid.distances, 0.0)
        self.singular = not (grounded and grid.wall.any())
        first = self.conductance[grid.number[0]].reshape(grid.number[0].shape[0], -1)
        inner = first[1]
        self.separable = np.allclose(first[1:-1], inner, rtol=1e-12) and self.even_others()
        if self.separable:
            self.modes(first, inner)
        else:
            whole = grid.outflow @ diags(self.conductance) @ grid.outflow.T
            self.factor = splu((whole[1:, 1:] if self.singular else whole).tocsc())

    def even_others(self):
        others = [self.conductance[number] for number in self.grid.number[1:]]
        return all(np.allclose(c, c[:1], rtol=1e-12) for c in others)

    def modes(self, first, inner):
        grid, n = self.grid, self.grid.cells[0]
        k = int(np.argmax(inner))
        ratio = first[:, k] / inner[k]
        matrix = np.zeros((n, n))
        for face, c in enumerate(ratio):
            ends = [i % n if len(ratio) == n else i for i in (face - 1, face)]
            ends = [i for i in ends if 0 <= i < n]
            for i in ends:
                matrix[i, i] += c
            if len(ends) == 2:
                matrix[ends[0], ends[1]] -= c
                matrix[ends[1], ends[0]] -= c
        values, self.vectors = eigh(matrix)
        others = self.conductance.copy()
        others[grid.number[0].ravel()] = 0
        rest = inner.size
        block = grid.outflow[:rest]
        plane = block @ diags(others) @ block.T
        self.factors = []
        for m, value in enumerate(values):
            a = (plane + value * diags(inner)).tocsc()
            pinned = self.singular and m == 0
            self.factors.append((pinned, splu(a[1:, 1:] if pinned else a)))

    def solve(self, right):
        if not self.separable:
            return np.r_[0.0, self.factor.solve(right[1:])] if self.singular else self.factor.solve(right)
        spectrum = self.vectors.T @ right.reshape(self.grid.cells[0], -1)
        found = [np.r_[0.0, lu.solve(row[1:])] if pinned else lu.solve(row) for (pinned, lu), row in zip(self.factors, spectrum)]
        return (self.vectors @ np.array(found)).ravel()

    def part(self, v):
        grid = self.grid
        part = np.zeros_like(v) if not self.singular else np.where(grid.wall, v, 0.0)
        for _ in range(3):
            potential = self.solve(-(grid.outflow @ (grid.areas * (v - part))))
            part -= np.where(self.conductance > 0, grid.outflow.T @ potential / grid.distances, 0.0)
        return part


def regroup(parts, boundary, box_harmonic):
    """The exact parts under a convention; the harmonic one of a box is a gradient and a rotation."""
    d, r, h = parts
    if box_harmonic and boundary == "no-flux":
        return d + h, r, 0 * h
    if box_harmonic and boundary == "zero-potential":
        return d, r + h, 0 * h
    return d, r, h


def split(grid, v, boundary, torus_shaped, ring):
    free = Solver(grid, False).part(v) if boundary != "zero-potential" else None
    zero = Solver(grid, True).part(v) if boundary in ("zero-potential", "normal-parallel") else None
    if boundary == "normal-parallel":
        return zero, v - free, free - zero
    d = zero if free is None else free
    if boundary == "periodic" and torus_shaped:
        mean = np.zeros_like(v)
        for number in grid.number:
            mean[number] = v[number].mean()
        return d, v - d - mean, mean
    if ring and boundary == "no-flux":
        r = grid.rotation_part(v - d)
        return d, r, v - d - r
    return d, v - d, 0 * v


def sampled(grid, of):
    out = []
    parts = [of(*np.meshgrid(*places, indexing="ij")) for places in grid.places]
    for i in range(3):
        values = [0.0 if p[i] is None else p[i][a] for a, p in enumerate(parts)]
        out.append(np.where(grid.live, flat(values, grid.shapes), 0.0))
    return out


def errors(inner, exact, found):
    v = sum(exact)
    whole = inner(v, v) ** 0.5
    row = {}
    for name, x, part in zip(("gradient", "solenoidal", "harmonic"), exact, found):
        size = inner(x, x) ** 0.5
        row["error_" + name] = float(inner(part - x, part - x) ** 0.5 / (size if size > 1e-14 * whole else whole))
    return row


def energy_error(found, known):
    return float(abs(found - known[1]) / (known[1] if known[1] > 0 else known[0] + known[2]))


def staggered(case, boundary, n):
    of, make, joined, known = CASES[case]
    grid = make(n) if boundary != "periodic" or case in METRIC else box(WINDOWS[case], [n] * len(WINDOWS[case]), torus)
    exact = regroup(sampled(grid, of), boundary, joined)
    inner = lambda a, b: float((grid.weight * a * b).sum())
    found = split(grid, sum(exact), boundary, case not in METRIC, case == "SP4")
    row = {"case": case.split()[0], "method": "staggered", "boundary": boundary, "dims": len(grid.cells), "n": n}
    if known is not None:
        return row | {"error_energy": energy_error(inner(found[1], found[1]), known[boundary])}
    return row | errors(inner, exact, found)


def spectral(case, n):
    of, window = CASES[case][0], WINDOWS[case]
    axes = [a + (b - a) * np.arange(n) / n for a, b in window]
    points = np.meshgrid(*axes, indexing="ij")
    exact = [np.zeros((len(axes), *points[0].shape)) if p is None else np.array(p) for p in of(*points)]
    v = sum(exact)
    waves = []
    for a, b in window:
        wave = 2 * PI * np.fft.fftfreq(n, (b - a) / n)
        wave[n // 2] = 0
        waves.append(wave)
    k = np.array(np.meshgrid(*waves, indexing="ij"))
    spectra = np.array([np.fft.fftn(c) for c in v])
    square = (k * k).sum(0)
    unseen = square == 0
    d = k * ((k * spectra).sum(0) / np.where(unseen, 1, square))
    h = np.where(unseen, spectra, 0)
    found = [np.array([np.fft.ifftn(c).real for c in part]) for part in (d, spectra - d - h, h)]
    row = {"case": case.split()[0], "method": "spectral", "boundary": "periodic", "dims": len(axes), "n": n}
    return row | errors(lambda a, b: float((a * b).sum()), exact, found)


def galerkin(of, window, degree):
    """|v|^2, |gradient|^2 under no-flux: the greatest 2 <v, grad phi> - |grad phi|^2 over polynomials of a degree along each axis."""
    x, w = np.polynomial.legendre.leggauss(degree + 24)
    value = np.polynomial.legendre.legvander(x, degree)
    slope = np.array([np.polynomial.legendre.legval(x, np.polynomial.legendre.legder(unit)) for unit in np.eye(degree + 1)]).T
    half = [(b - a) / 2 for a, b in window]
    points = np.meshgrid(*[(a + b) / 2 + h * x for (a, b), h in zip(window, half)], indexing="ij")
    v = sum(np.array(p) for p in of(*points) if p is not None)
    weight = outer([h * w for h in half])
    vectors, values = [], []
    for h in half:
        stiff, mass = slope.T @ (slope * (w / h)[:, None]), value.T @ (value * (w * h)[:, None])
        lam, vec = eigh(stiff, mass)
        values.append(np.maximum(lam, 0))
        vectors.append(vec)
    right = 0
    for k in range(len(window)):
        term = v[k] * weight
        for a in range(len(window)):
            basis = (slope / half[a] if a == k else value) @ vectors[a]
            term = np.moveaxis(np.tensordot(basis.T, term, (1, a)), 0, a)
        right = right + term
    total = sum(np.meshgrid(*values, indexing="ij"))
    total.flat[0] = np.inf
    gradient = float((right**2 / total).sum())
    return float((v * v * weight).sum()), gradient


def known_energies():
    out = {}
    for case, degrees in (("E1 2d", (40, 60)), ("E1 3d", (24, 36)), ("C5", (24, 36)), ("S1", (40, 60))):
        pairs = [galerkin(CASES[case][0], WINDOWS[case], n) for n in degrees]
        print(case, pairs, file=sys.stderr)
        whole, gradient = pairs[1]
        out[case] = {"gradient": gradient, "solenoidal": whole - gradient, "of_lower_degree": pairs[0][1]}
    return out


TURN, UNIT, PAIR = (0, 2 * PI), (0, 1), (-1, 1)
WINDOWS = {name: [TURN] * 2 for name in ("P1", "P2", "P3")} | {name: [TURN] * 3 for name in ("P4", "P5")}
WINDOWS |= {name: [UNIT] * 2 for name in ("B2", "B3", "B4", "B5", "U2")} | {name: [UNIT] * 3 for name in ("B7", "B8", "B9", "U3")}
WINDOWS |= {"B1": [PAIR] * 2, "S1": [PAIR] * 2, "B6": [PAIR] * 3, "E1 2d": [PAIR] * 2, "E1 3d": [PAIR] * 3}
WINDOWS |= {"E2 2d": [(-0.6, 0.6)] * 2, "E2 3d": [(-0.6, 0.6)] * 3, "W1": [UNIT, (0, 1.5), (0, 0.8)], "C5": [(-20, 20), (-25, 25), (0, 50)]}

S1 = {"no-flux": (16 / 3 - TORSION, TORSION, 0), "zero-potential": (TORSION, 16 / 3 - TORSION, 0), "normal-parallel": (TORSION, TORSION, 0)}


def plain(name, of):
    return (of, lambda n: box(WINDOWS[name], [n] * len(WINDOWS[name])), name in ("B4", "B5", "B8"), None)


CASES = {name: plain(name, getattr(f, name.split()[0].lower())) for name in WINDOWS}
CASES["S1"] = (*CASES["S1"][:3], S1)
STRETCHED = lambda a, b, n: Axis(a + (b - a) * (100 ** (np.arange(n + 1) / n) - 1) / 99)
METRIC = {
    "SP1": (f.sp1, lambda n: globe(2 * n, False)),
    "SP2": (f.sp2, lambda n: globe(2 * n, False)),
    "SP3": (f.sp3, lambda n: sphere(uniform(-1.0, 0.0, n), uniform(0.3, 1.3, n))),
    "SP4": (f.sp4, lambda n: sphere(circle(3 * n), uniform(-PI / 3, PI / 3, n))),
    "SP5": (f.sp5, lambda n: shell(circle(2 * n), uniform(-PI / 2, PI / 2, n), uniform(0.5, 1.0, n // 2))),
    "CV1": (f.cv1, lambda n: mapped(f.curved, *[uniform(0.0, 1.0, n)] * 2)),
    "RL1": (f.b2, lambda n: box([UNIT] * 2, [n] * 2, STRETCHED)),
}
CASES |= {name: (of, make, False, None) for name, (of, make) in METRIC.items()}

N, Z, B, P = "no-flux", "zero-potential", "normal-parallel", "periodic"
STUDIES = {
    "B1": [P, N], "B2": [N], "B3": [N], "B4": [N, Z, B], "B5": [N, Z, B], "E1 2d": [N], "E2 2d": [N], "P1": [P], "P2": [P, Z], "P3": [P],
    "S1": [N, Z, B], "U2": [P, N, Z, B], "RL1": [N], "CV1": [N], "SP1": [P], "SP2": [P], "SP3": [N], "SP4": [N],
    "B6": [P, Z], "B7": [N], "B8": [N, Z, B], "B9": [N], "C5": [N], "E1 3d": [N], "E2 3d": [N], "P4": [P], "P5": [P, N], "U3": [P, N, Z, B],
    "W1": [P, N], "SP5": [N],
}


def sizes(case, boundary):
    dims = 3 if case == "SP5" else 2 if case in METRIC else len(WINDOWS[case])
    factored = boundary == N or case in METRIC
    if dims == 2:
        return sorted({32, 64, 128, 256} | ({16} if factored and case != "CV1" else set())) if case != "CV1" else [16, 32, 64, 128]
    return sorted({16, 32, 64} | ({12, 24, 40} if factored else set()))


def main():
    energies = known_energies()
    for case in ("E1 2d", "E1 3d", "C5"):
        CASES[case] = (*CASES[case][:3], {N: (energies[case]["gradient"], energies[case]["solenoidal"], 0)})
    wanted = sys.argv[1:] or list(STUDIES)
    rows = []
    for case in wanted:
        for boundary in STUDIES[case]:
            rows += [staggered(case, boundary, n) for n in sizes(case, boundary)]
            if boundary == P and case not in METRIC:
                rows += [spectral(case, n) for n in (8, 16, 32, 64)]
            print(rows[-1], file=sys.stderr)
    text = ",\n".join("  " + json.dumps(row) for row in rows)
    print('{"energies": %s,\n"studies": [\n%s\n]}' % (json.dumps(energies), text))


if __name__ == "__main__":
    main()
