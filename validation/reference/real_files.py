#!/usr/bin/env python3
"""Energy fractions of real fields on the faces, on a plane or a sphere, boundary no-flux.

    python3 validation/reference/real_files.py FOLDER > validation/reference/real_files.json

FOLDER holds the data (tests look for it where HODGE_DATA points). Needs numpy, scipy and h5py. Nothing here comes
from hodge: the parts are least-squares fits of grad(phi), phi free in every cell, and of rot(A), A free on every edge
with four active cells around it and zero elsewhere; what neither fits is harmonic. Axes are x, y[, z] throughout.
"""
import json
import pathlib
import sys

import h5py
import numpy as np
from scipy.sparse import coo_matrix, diags
from scipy.sparse.linalg import cg


class Grid:
    """Cells, spacing, topology and mask; face i of an axis lies before cell i."""

    def __init__(self, active, spacing, periodic):
        self.active, self.spacing, self.periodic = active, spacing, periodic
        self.dims = active.ndim
        self.faces = [
            tuple(n + (k == a and not periodic[k]) for k, n in enumerate(active.shape)) for a in range(self.dims)
        ]
        beside = [self.sides(active, a, False) for a in range(self.dims)]
        self.interior = [lower & upper for lower, upper in beside]
        self.wall = [lower ^ upper for lower, upper in beside]
        ends = np.cumsum([0] + [np.prod(shape) for shape in self.faces])
        self.number = [np.arange(ends[a], ends[a + 1]).reshape(self.faces[a]) for a in range(self.dims)]
        self.count = ends[-1]

    def sides(self, values, axis, outside):
        """What lies before and behind each face."""
        if self.periodic[axis]:
            return np.roll(values, 1, axis), values
        pad = [(1, 1) if k == axis else (0, 0) for k in range(values.ndim)]
        padded = np.pad(values, pad, constant_values=outside)
        return np.delete(padded, -1, axis), np.delete(padded, 0, axis)

    def gradient(self):
        """From cells to the faces between two active ones."""
        cells = np.arange(self.active.size).reshape(self.active.shape)
        entries = []
        for a in range(self.dims):
            lower, upper = self.sides(cells, a, -1)
            keep = self.interior[a]
            entries += [(self.number[a][keep], lower[keep], -1 / self.spacing[a])]
            entries += [(self.number[a][keep], upper[keep], 1 / self.spacing[a])]
        return matrix(entries, self.count, cells.size)

    def rotation(self):
        """From edges with four active cells around them to the faces: (rot A)_a = sum_b d_b A_ab."""
        entries, edges = [], 0
        for a in range(self.dims):
            for b in range(a + 1, self.dims):
                free = np.logical_and(*self.sides(self.interior[a], b, False))
                edge = edges + np.arange(free.size).reshape(free.shape)
                edges += free.size
                for face, along, sign in ((a, b, 1), (b, a, -1)):
                    before, behind = self.sides(self.number[face], along, -1)
                    scale = sign / self.spacing[along]
                    entries += [(behind[free], edge[free], -scale), (before[free], edge[free], scale)]
        return matrix(entries, self.count, edges)


def matrix(entries, rows, columns):
    rows_of = np.concatenate([e[0] for e in entries])
    columns_of = np.concatenate([e[1] for e in entries])
    values = np.concatenate([np.full(e[0].size, e[2]) for e in entries])
    return coo_matrix((values, (rows_of, columns_of)), shape=(rows, columns)).tocsr()


def run(active, start, step, periodic):
    """Up to three active cells in a row, counted from start on; beyond the ends of a period they go on."""
    cells = []
    for i in range(start, start + 3 * step, step):
        if not (periodic or 0 <= i < active.size) or not active[i % active.size]:
            break
        cells.append(i)
    return cells


def line_to_faces(active, periodic):
    """The matrix from the cells of a line to its faces: through two cells on either side, or, where a side has
    fewer, through the three nearest of the run, or what there is of them."""
    matrix = np.zeros((active.size + (not periodic), active.size))
    for face, row in enumerate(matrix):
        lower, upper = run(active, face - 1, -1, periodic), run(active, face, 1, periodic)
        cells = lower[:2] + upper[:2]
        if min(len(lower), len(upper)) < 2:
            cells = sorted(lower + upper, key=lambda i: abs(i + 0.5 - face))[:3]
        if cells:
            powers = np.vander([i + 0.5 - face for i in cells], increasing=True).T
            weights = np.linalg.solve(powers, np.eye(len(cells))[0])
            np.add.at(row, [i % active.size for i in cells], weights)
    return matrix


def to_faces(grid, points):
    """Each component along its axis."""
    result = []
    for a, values in enumerate(points):
        values = np.moveaxis(np.where(grid.active, values, 0.0), a, -1)
        active = np.moveaxis(grid.active, a, -1)
        faces = np.zeros(active.shape[:-1] + (grid.faces[a][a],))
        known = {}
        for line in np.ndindex(active.shape[:-1]):
            key = active[line].tobytes()
            if key not in known:
                known[key] = line_to_faces(active[line], grid.periodic[a])
            faces[line] = known[key] @ values[line]
        result.append(np.moveaxis(faces, -1, a))
    return result


def fit(operator, values):
    """The closest field in the range of an operator."""
    normal = (operator.T @ operator).tocsr()
    diagonal = normal.diagonal()
    inverse = diags(np.where(diagonal > 0, 1 / np.where(diagonal > 0, diagonal, 1), 0.0))
    solution, failed = cg(normal, operator.T @ values, rtol=1e-13, atol=0.0, maxiter=20000, M=inverse)
    assert not failed, "no convergence"
    return operator @ solution


RADIUS = 6371200.0


def sphere(grid, spacing, first_latitude):
    """Measures S of the faces and distances d across them, longitude and latitude in degrees."""
    width, height = np.radians(spacing)
    centres = np.radians(first_latitude) + height * np.arange(grid.active.shape[1])
    edges = centres[0] - height / 2 + height * np.arange(centres.size + 1)
    ones = [np.ones(shape) for shape in grid.faces]
    areas = [RADIUS * height * ones[0], RADIUS * width * np.cos(edges) * ones[1]]
    distances = [RADIUS * width * np.cos(centres) * ones[0], RADIUS * height * ones[1]]
    return [np.concatenate([a.ravel() for a in both]) for both in (areas, distances)]


def fractions(points, active, spacing, periodic=(), first_latitude=None):
    """Shares of the parts, on a sphere where the first latitude is given: there the fits are in the inner product
    sum S d v w, of differences over d and over S."""
    on_sphere = first_latitude is not None
    grid = Grid(active, [1.0] * active.ndim if on_sphere else spacing, [k in periodic for k in range(active.ndim)])
    v = np.concatenate([f.ravel() for f in to_faces(grid, points)])
    inside = np.concatenate([i.ravel() for i in grid.interior])
    walls = np.concatenate([w.ravel() for w in grid.wall])
    weight = np.where(inside, 1.0, np.where(walls, 0.5, 0.0))
    gradient_of, rotation_of = grid.gradient(), grid.rotation()
    if on_sphere:
        areas, distances = sphere(grid, spacing, first_latitude)
        weight, root = weight * areas * distances, np.sqrt(areas * distances)
        gradient_of, rotation_of = diags(root / distances) @ gradient_of, diags(root / areas) @ rotation_of
    else:
        weight, root = weight * np.prod(spacing), 1.0
    energy = lambda field: float(np.sum(weight * field**2))
    gradient = fit(gradient_of, np.where(inside, root * v, 0.0)) / root + np.where(walls, v, 0.0)
    solenoidal = fit(rotation_of, root * (v - gradient)) / root
    harmonic = v - gradient - solenoidal
    whole = energy(v)
    shares = [energy(part) / whole for part in (gradient, solenoidal, harmonic)]
    assert abs(sum(shares) - 1) < (1e-11 if on_sphere else 1e-12), shares
    return {
        "shape": list(active.shape),
        "spacing": [float(h) for h in spacing],
        "active_cells": int(active.sum()),
        "energy": whole,
        **dict(zip(("gradient", "solenoidal", "harmonic"), shares)),
    }


def dataset(file, name, sample=None):
    """The numbers of a CF variable, missing ones as NaN."""
    data = file[name]
    stored = data[...] if sample is None else data[sample]
    values = stored.astype(float)
    if "_FillValue" in data.attrs:
        values[stored == data.attrs["_FillValue"][0]] = np.nan
    return values * float(data.attrs["scale_factor"][0]) if "scale_factor" in data.attrs else values


def step(coordinates):
    """The spacing of coordinates that are equally far apart."""
    coordinates = np.asarray(coordinates, float)
    return (coordinates[-1] - coordinates[0]) / (coordinates.size - 1)


def ocean(path, on_sphere=False):
    with h5py.File(path) as file:
        points = [dataset(file, name, 0).T for name in ("ugos", "vgos")]
        spacing = [step(file["longitude"]), step(file["latitude"])]
        south = float(file["latitude"][0])
    active = np.isfinite(points).all(axis=0)
    return fractions(points, active, spacing, first_latitude=south if on_sphere else None)


def box(path):
    with h5py.File(path) as file:
        points = [file[name][...].T for name in "uv"]
        spacing = [step(file["x"]), step(file["y"])]
    return fractions(points, np.ones(points[0].shape, bool), spacing)


def aorta(path, masked):
    with h5py.File(path) as file:
        points = [file[name][0].astype(float) for name in "uvw"]
        active = file["mask"][0] != 0
    return fractions(points, active if masked else np.ones_like(active), [1.188] * 3)


def winds(folder, month):
    points = []
    for letter in "uv":
        with h5py.File(folder / f"{letter}wnd_mean.nc") as file:
            # From south to north.
            points.append(dataset(file, f"{letter}wnd", month)[::-1].T)
            spacing = [step(file["longitude"]), -step(file["latitude"])]
    return fractions(points, np.ones(points[0].shape, bool), spacing, periodic=(0,))


def table(path, header, separator, columns, invalid):
    """Rows x, y, u, v, … of a grid in any order; invalid vectors do not take part."""
    rows = np.loadtxt(path, skiprows=header, delimiter=separator)
    (x, i), (y, j) = (np.unique(rows[:, k], return_inverse=True) for k in (0, 1))
    points = np.full((columns, x.size, y.size), np.nan)
    points[:, i, j] = rows[:, 2 : 2 + columns].T
    if invalid:
        bad = invalid(rows)
        points[:, i[bad], j[bad]] = np.nan
    active = np.isfinite(points).all(axis=0)
    return fractions(list(points), active, [step(x), step(y)])


def carotid(path):
    data = path.read_bytes()
    start = data.index(b"VECTORS vectors float\n") + len(b"VECTORS vectors float\n")
    shape = (45, 49, 76)
    values = np.frombuffer(data, ">f4", 3 * np.prod(shape), start).reshape(shape + (3,)).astype(float)
    points = [values[..., k].transpose(2, 1, 0) for k in range(3)]
    return fractions(points, np.ones(points[0].shape, bool), [1.0] * 3)


def main(folder):
    film = folder / "piv/Run000001.T000.D000.P000.H001.L.vec"
    rows = {
        "north_atlantic": box(folder / "wind/north_atlantic_500hpa.h5"),
        "caribbean": ocean(folder / "ocean/caribbean.nc"),
        "black_sea": ocean(folder / "ocean/black_sea.nc"),
        "gulf_stream": ocean(folder / "ocean/gulf_stream.nc"),
        "caribbean_sphere": ocean(folder / "ocean/caribbean.nc", True),
        "black_sea_sphere": ocean(folder / "ocean/black_sea.nc", True),
        "gulf_stream_sphere": ocean(folder / "ocean/gulf_stream.nc", True),
        "aorta": aorta(folder / "mri/aorta.h5", False),
        "aorta_masked": aorta(folder / "mri/aorta.h5", True),
        "july_winds": winds(folder / "wind", 6),
        "vortex": table(folder / "piv/PIVchallengeCaseBvelField.txt", 1, None, 2, None),
        "soap_film": table(film, 1, ",", 2, lambda rows: rows[:, 4] <= 0),
        "karman": table(folder / "piv/karman_16Hz_000_A.jpg.txt", 1, None, 2, lambda rows: rows[:, 4] != 0),
        "carotid": carotid(folder / "mri/carotid.vtk"),
    }
    lines = [f"{json.dumps(name)}: {json.dumps(row)}" for name, row in rows.items()]
    print("{\n" + ",\n".join(lines) + "\n}")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
