#!/usr/bin/env python3
"""Parts of exact fields on discs, annuli, balls and shells made of cells and under a density, and of fields without any smoothness.

    python3 validation/reference/masked.py > validation/reference/masked.json

Needs numpy and scipy and takes a minute. Nothing here comes from hodge; cells are those whose centre lies inside.

Exact fields: as in staggered.py, by sparse factors. What is harmonic: in 2D what a stream function that is 0 at the walls leaves of the
solenoidal part; between cylinders the same of one layer; with zero potentials the direction of the gradient of a potential
that is 1 at the inner wall and 0 at the outer one.

Other fields, by numpy.linalg.lstsq alone: gradients of phi at cells, rotations of A at vertices (2D) or edges (3D). no-flux: phi free and
nothing through walls, A on edges between four active cells. zero-potential: phi 0 at walls, A on every edge of an active cell.
normal-parallel: the gradient of the second and the rotation of the first. Z1 is (-1)^(i + j [+ k]) in every component on 6 cells along each axis, (-1)^i on 8,
and random on 7, i counted from the first face or point; random numbers are (s >> 11)/2^52 - 1 of s <- 6364136223846793005 s + 1442695040888963407 mod 2^64.
Rows have the energies of the three parts.
"""
import json
import sys
from itertools import combinations, product

import fields as f
import numpy as np
from metric_cases import matrix
from scipy.sparse import diags
from scipy.sparse.linalg import splu
from staggered import Solver, box, errors, sampled, torus

PI = np.pi


def masked_grid(window, cells, inside, density=None):
    grid = box(window, cells)
    points = np.meshgrid(*[axis for axis in centres(grid)], indexing="ij")
    grid.active = inside(*points) if inside else np.ones(cells, bool)
    grid.outflow = grid.outflow[grid.active.ravel()]
    beside = np.bincount(grid.outflow.indices, minlength=grid.live.size)
    grid.live, grid.inside, grid.wall = beside > 0, beside == 2, beside == 1
    for k, number in enumerate(grid.number):
        own = np.zeros(grid.live.size, bool)
        own[number] = True
        grid.distances[own & grid.wall] = (window[k][1] - window[k][0]) / cells[k] / 2
    if density:
        on_faces = [density(*np.meshgrid(*places, indexing="ij")) for places in grid.places]
        grid.areas = grid.areas * np.concatenate([p.ravel() for p in on_faces])
    grid.weight = np.where(grid.live, grid.areas * grid.distances, 0)
    return grid


def centres(grid):
    return [grid.places[(k + 1) % len(grid.cells)][k] for k in range(len(grid.cells))]


def project(grid, basis, v):
    adjoint = basis.T @ diags(grid.weight)
    return basis @ splu((adjoint @ basis).tocsc()).solve(adjoint @ v)


def stream(grid):
    """Rotations of stream functions that are 0 at the walls, 2D."""
    a, (x, y) = grid.active, grid.number
    free = a[1:, 1:] & a[:-1, 1:] & a[1:, :-1] & a[:-1, :-1]
    i, j = np.nonzero(free)
    psi, i, j = np.arange(len(i)), i + 1, j + 1
    entries = [(x[i, j - 1], psi, 1), (x[i, j], psi, -1), (y[i - 1, j], psi, -1), (y[i, j], psi, 1)]
    return diags(1 / grid.areas) @ matrix(entries, (grid.live.size, len(psi)))


def normal_field(grid, inner):
    """The gradient of a potential that is 1 at some walls and 0 at the others."""
    solver = Solver(grid, True)
    jump = np.where(grid.wall & inner, -1 / grid.distances, 0) * np.asarray(grid.outflow.sum(0)).ravel()
    return jump - solver.part(jump)


def along(grid, v, h):
    weight = grid.weight * h
    return h * (weight @ v) / (weight @ h)


def radius(grid):
    out = np.zeros(grid.live.size)
    for number, places in zip(grid.number, grid.places):
        out[number] = np.sqrt(sum(c**2 for c in np.meshgrid(*places, indexing="ij")))
    return out


def parts_of(case, grid, v, boundary):
    zero = Solver(grid, True).part(v) if boundary != N else None
    free = Solver(grid, False).part(v) if boundary != Z else None
    if boundary == Z:
        h = along(grid, v - zero, normal_field(grid, radius(grid) < 1.5))
        return zero, v - zero - h, h
    rest = v - free
    h = 0 * v
    if case == "C2":
        h = layered(grid, rest)
    elif len(grid.cells) == 2 and case != "G1":
        h = rest - project(grid, stream(grid), rest)
    if boundary == N:
        return free, rest - h, h
    return zero, rest - h, v - zero - (rest - h)


def layered(grid, rest):
    """The tangential harmonic field of a layer between cylinders, in all of them."""
    n = grid.cells[0]
    layer = masked_grid(CASES["C2"][1][:2], [n, n], lambda x, y: ring(x * x + y * y))
    spin = sampled(layer, f.h2)[2]
    spin -= Solver(layer, False).part(spin)
    spin -= project(layer, stream(layer), spin)
    h = np.zeros(rest.size)
    for k in (0, 1):
        h[grid.number[k]] = spin[layer.number[k]][..., None]
    return along(grid, rest, h)


def ring(square):
    return (square > 1) & (square < 4)


def h1_under(boundary):
    groups = {"no-flux": ([0, 3, 4], [1], [2]), "zero-potential": ([0], [1, 2, 4], [3]), "normal-parallel": ([0], [1], [2, 3, 4])}

    def parts(x, y):
        five = f.h1(x, y)
        return tuple([sum(five[i][k] for i in group) for k in (0, 1)] for group in groups[boundary])

    return parts


def quiet(of):
    def parts(*x):
        with np.errstate(all="ignore"):
            return tuple(p if p is None else [np.nan_to_num(c, posinf=0, neginf=0) for c in p] for p in of(*x))

    return parts


N, Z, B = "no-flux", "zero-potential", "normal-parallel"
PLANE, SPACE = (32, 64, 128), (16, 32)
CASES = {
    "S1d": (f.s1, [(-1.1, 1.1)] * 2, lambda x, y: x * x + y * y < 1, [N], PLANE),
    "H1": (None, [(-2.2, 2.2)] * 2, lambda x, y: ring(x * x + y * y), [N, Z, B], PLANE),
    "H2": (f.h2, [(-1, 1)] * 2, lambda x, y: np.maximum(abs(x), abs(y)) > 0.25, [B], PLANE),
    "G1": (f.g1, [(-6, 6)] * 2, None, [N], PLANE),
    "C1": (f.c1, [(-1.1, 1.1)] * 3, lambda x, y, z: x * x + y * y + z * z < 1, [N], SPACE),
    "C2": (f.c2, [(-2.2, 2.2)] * 2 + [(0, 1)], lambda x, y, z: ring(x * x + y * y), [N], SPACE),
    "C3": (f.c3, [(-2.2, 2.2)] * 3, lambda x, y, z: ring(x * x + y * y + z * z), [Z, B], SPACE),
}


def study(case, boundary, n):
    of, window, inside, _, _ = CASES[case]
    cells = [n, n, n // 4] if case == "C2" else [n] * len(window)
    density = (lambda x, y: np.exp(-(x * x + y * y) / 2)) if case == "G1" else None
    grid = masked_grid(window, cells, inside, density)
    exact = sampled(grid, quiet(of or h1_under(boundary)))
    found = parts_of(case, grid, sum(exact), boundary)
    inner = lambda a, b: float((grid.weight * a * b).sum())
    return {"case": case, "method": "staggered", "boundary": boundary, "dims": len(cells), "n": n} | errors(inner, exact, found)


class Dense:
    """Faces, cells and edges of a small grid by their indices."""

    def __init__(self, active, steps, periodic):
        self.active, self.steps, self.periodic = active, steps, periodic
        self.dims, self.shape = active.ndim, active.shape
        self.faces = [(k, i) for k in range(self.dims) for i in self.places([a == k for a in range(self.dims)])]
        self.index = {face: n for n, face in enumerate(self.faces)}
        self.count = np.array([sum(self.cell(c) for c in self.beside(face)) for face in self.faces])
        volume = np.prod(steps)
        self.weight = volume * self.count / 2

    def places(self, staggered):
        """All indices, x fastest, on faces along the axes that are staggered."""
        lengths = [n + (s and not self.periodic) for n, s in zip(self.shape, staggered)]
        return [tuple(reversed(i)) for i in product(*[range(n) for n in reversed(lengths)])]

    def wrap(self, i):
        return tuple(a % n for a, n in zip(i, self.shape)) if self.periodic else tuple(i)

    def cell(self, i):
        return all(0 <= a < n for a, n in zip(i, self.shape)) and self.active[tuple(i)]

    def beside(self, face):
        k, i = face
        lower = list(i)
        lower[k] -= 1
        return [self.wrap(lower), self.wrap(i)]

    def gradients(self, grounded):
        cells = {i: n for n, i in enumerate(zip(*np.nonzero(self.active)))}
        out = np.zeros((len(self.faces), len(cells)))
        for row, face in enumerate(self.faces):
            if self.count[row] == 2 or grounded:
                for c, sign in zip(self.beside(face), (-1, 1)):
                    if self.cell(c):
                        out[row, cells[tuple(c)]] += sign / self.steps[face[0]] * (2 if self.count[row] == 1 else 1)
        return out

    def rotations(self, every):
        columns = []
        for a, b in combinations(range(self.dims), 2):
            for i in self.places([k in (a, b) for k in range(self.dims)]):
                around = [self.cell(self.shifted(i, a, -s, b, -t)) for s in (0, 1) for t in (0, 1)]
                if all(around) or (every and any(around)):
                    column = np.zeros(len(self.faces))
                    for (k, other, s, sign) in ((a, b, 1, 1), (a, b, 0, -1), (b, a, 1, -1), (b, a, 0, 1)):
                        face = self.index.get((k, self.shifted(i, other, -s, other, 0)))
                        if face is not None:
                            column[face] += sign / self.steps[other]
                    columns.append(np.where(self.count > 0, column, 0))
        return np.array(columns).T if columns else np.zeros((len(self.faces), 0))

    def shifted(self, i, a, s, b, t):
        i = list(i)
        i[a] += s
        i[b] += t
        return self.wrap(i)

    def part(self, basis, v):
        root = np.sqrt(self.weight)
        if not basis.shape[1]:
            return 0 * v
        return basis @ np.linalg.lstsq(root[:, None] * basis, root * v, rcond=1e-11)[0]

    def energies(self, v, boundary):
        walls = np.where((self.count == 1), v, 0) if boundary == N else 0 * v
        gradient = walls + self.part(self.gradients(boundary != N), v - walls)
        solenoidal = self.part(self.rotations(boundary in (Z, "periodic")), v - walls if boundary == N else v)
        parts = (gradient, solenoidal, v - gradient - solenoidal)
        return {"energy_" + name: float(self.weight @ p**2) for name, p in zip(("gradient", "solenoidal", "harmonic"), parts)}


class Random:
    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.state >> 11) / 2**52 - 1


def random_data(dense, seed):
    random = Random(seed)
    return np.array([random.next() for _ in dense.faces]) * (dense.count > 0)


def shapes():
    cube = np.indices((6, 6, 6))
    x, y, z = cube
    yield "ring", ~((x >= 2) & (x < 4) & (y >= 2) & (y < 4)) | (z > 5), [1 / 6] * 3, 7
    yield "shell", ((cube < 1) | (cube >= 5)).any(0), [1 / 6] * 3, 7
    yield "cavity", ~((x == 3) & (y == 3) & (z == 3)) & ~((x == 1) & (y == 1)), [1 / 6] * 3, 7
    for shape, steps, mask_seed, seed in (((24, 17), (1 / 24, 0.6 / 17), 3, 5), ((9, 7, 8), (1 / 9, 0.6 / 7, 1.7 / 8), 4, 6)):
        random = Random(mask_seed)
        active = np.array([random.next() < 0.4 for _ in range(np.prod(shape))]).reshape(shape, order="F")
        yield "random-mask", active, steps, seed


def adversarial(n, indices, random):
    """One value for each place of each component."""
    if n == 6:
        return np.array([(-1.0) ** sum(i) for i in indices])
    return np.array([(-1.0) ** i[0] if n == 8 else random.next() for i in indices])


def z1(dims):
    for n in (6, 8, 7):
        for boundary in (N, Z, B, "periodic"):
            dense = Dense(np.ones([n] * dims, bool), [1 / n] * dims, boundary == "periodic")
            v = adversarial(n, [i for _, i in dense.faces], Random(9))
            row = {"case": "Z1", "method": "staggered", "boundary": boundary, "dims": dims, "n": n}
            yield row | dense.energies(v, boundary)
        indices = [i for _, i in dense.faces]
        v = adversarial(n, indices, Random(9)).reshape(dims, -1)
        v = np.array([c.reshape([n] * dims, order="F") for c in v])
        wave = np.fft.fftfreq(n, 1 / n)
        wave[np.abs(wave) == n / 2] = 0
        k = np.array(np.meshgrid(*[wave] * dims, indexing="ij"))
        spectra = np.fft.fftn(v, axes=range(1, dims + 1))
        square = (k * k).sum(0)
        d = k * ((k * spectra).sum(0) / np.where(square == 0, 1, square))
        h = np.where(square == 0, spectra, 0)
        sizes = [float((abs(p) ** 2).sum() / n ** (2 * dims)) for p in (d, spectra - d - h, h)]
        row = {"case": "Z1", "method": "spectral", "boundary": "periodic", "dims": dims, "n": n}
        yield row | {"energy_" + name: size for name, size in zip(("gradient", "solenoidal", "harmonic"), sizes)}


def angles(n, boundary):
    """H2 by differences of the polar angle between the cells beside a face, no-flux."""
    _, window, inside, _, _ = CASES["H2"]
    grid = masked_grid(window, [n, n], inside)
    v = np.zeros(grid.live.size)
    for k, number in enumerate(grid.number):
        x = np.meshgrid(*grid.places[k], indexing="ij")
        ends = []
        for side in (-1 / n, 1 / n):
            at = list(x)
            at[k] = at[k] + side
            ends.append(np.arctan2(at[1], at[0]))
        turn = (ends[1] - ends[0] + PI) % (2 * PI) - PI
        v[number] = turn * n / 2
    v = np.where(grid.live, v, 0)
    parts = parts_of("H2", grid, v, boundary)
    row = {"case": "H2", "method": "staggered", "boundary": boundary, "dims": 2, "n": n}
    return row | {"energy_" + name: float(grid.weight @ p**2) for name, p in zip(("gradient", "solenoidal", "harmonic"), parts)}


def main():
    rows = []
    for case, (_, _, _, boundaries, sizes) in CASES.items():
        for boundary in boundaries:
            rows += [study(case, boundary, n) for n in sizes]
            print(*rows[-len(sizes):], sep="\n", file=sys.stderr)
    rows += [angles(n, N) for n in PLANE]
    for name, active, steps, seed in shapes():
        dense = Dense(active, steps, False)
        v = random_data(dense, seed)
        for boundary in (N, Z, B):
            rows.append({"case": name, "method": "staggered", "boundary": boundary, "dims": dense.dims, "n": active.shape[0]} | dense.energies(v, boundary))
            print(rows[-1], file=sys.stderr)
    rows += [*z1(2), *z1(3)]
    print('{"studies": [\n%s\n]}' % ",\n".join("  " + json.dumps(row) for row in rows))


if __name__ == "__main__":
    main()
