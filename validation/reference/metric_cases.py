#!/usr/bin/env python3
"""Errors of the parts of exact fields on grids with a metric, boundary no-flux: globes, a window, a band and a shell
of a sphere, a conformal map and a stretched square.

    python3 validation/reference/metric_cases.py > validation/reference/metric_cases.json

Needs numpy and scipy and takes a few seconds. Nothing here comes from hodge.

A grid is two numbers for each face, its measure S (an area, in 2D a length) and the distance d between the points on
its two sides; at a wall d is the distance from the point to the face, half of what hodge stores. With them

    net outflow of a cell: sum of +-S v      grad phi = (phi_upper - phi_lower) / d      <v, w> = sum of S d v w

The gradient part of a field v on the faces is v at walls and grad phi between cells, such that what is left has no
net outflow anywhere. What is left is the solenoidal part; on the band, which is a ring, it splits into the rotation of
a stream function that is 0 at both walls, and a harmonic part. A face with S = 0, at a pole, takes no part.

The exact field is the sum of its exact parts. Each component is taken at the centres of the faces normal to it: face
i of an axis lies before cell i, and the point of a cell midway between its faces. On a whole circle the points have
longitudes 360 i / n degrees. Off poles, the first and last latitudes are half a spacing off; at poles, the given
latitudes reach them, and the outermost rows are cells of half the height, whose points and eastward components are a
quarter of a spacing off. Spheres have radius 1.

A row of the output tells for each part, over all faces with S > 0, walls and all components together,

    l2       the square root of <e, e> / <x, x>, e the error of the part found, x the exact part
    max      the largest |e| over the largest |x|
    energy   <v, v> of the part found
    order_*  the observed order of either error from the row before, unless this is the first or errors are rounding

On the band, where only the harmonic part is not zero, x is that for all three. Cells are counted along x, y[, z].
"""
import json

import numpy as np
from scipy.sparse import coo_matrix, diags
from scipy.sparse.linalg import splu

PI = np.pi


class Axis:
    """Cells between edges; on a periodic axis the last edge is the first. Steps are the distances across faces."""

    def __init__(self, edges, periodic=False):
        self.edges, self.faces = edges, edges[:-1] if periodic else edges
        self.points, self.widths = (edges[1:] + edges[:-1]) / 2, np.diff(edges)
        before = self.points[-1] - (edges[-1] - edges[0]) if periodic else edges[0]
        self.steps = np.diff(np.r_[before, self.points, [] if periodic else edges[-1]])


class Grid:
    """S and d of the faces normal to each axis. Arrays are indexed x, y[, z]."""

    def __init__(self, axes, areas, distances):
        self.cells = [axis.points.size for axis in axes]
        # Of the faces normal to each axis, their places.
        self.places = [[x.faces if k == a else x.points for k, x in enumerate(axes)] for a in range(len(axes))]
        shapes = [[x.size for x in places] for places in self.places]
        self.areas, self.distances = flat(areas, shapes), flat(distances, shapes)
        self.shapes, self.weight, self.live = shapes, self.areas * self.distances, self.areas > 0
        ends = np.cumsum([0] + [np.prod(shape) for shape in shapes])
        self.number = [np.arange(*ends[a : a + 2]).reshape(shape) for a, shape in enumerate(shapes)]
        cell, entries = np.arange(np.prod(self.cells)), []
        for a, (number, n) in enumerate(zip(self.number, self.cells)):
            for side, sign in ((0, -1), (1, 1)):
                entries.append((cell, number.take(np.arange(side, n + side), a, mode="wrap"), sign))
        self.outflow = matrix(entries, (cell.size, ends[-1]))
        beside = np.bincount(self.outflow.indices, minlength=ends[-1])
        self.inside, self.wall = self.live & (beside == 2), self.live & (beside == 1)

    def sample(self, parts, name):
        """Each component of a part at the faces normal to it."""
        on_faces = [parts(*np.meshgrid(*x, indexing="ij"))[name][a] for a, x in enumerate(self.places)]
        return np.where(self.live, flat(on_faces, self.shapes), 0.0)

    def energy(self, v):
        return float(np.sum(self.weight * v**2))

    def gradient_part(self, v):
        """Solves for a potential and adds its gradient, again and again until rounding alone is left to flow out."""
        conductance = np.where(self.inside, self.areas / self.distances, 0.0)
        # The first potential is 0, which makes the others unique.
        factors = factorised((self.outflow @ diags(conductance) @ self.outflow.T)[1:, 1:])
        part, gross = np.where(self.wall, v, 0.0), np.max(abs(self.outflow) @ (self.areas * abs(v)))
        for _ in range(6):
            outflow = self.outflow @ (self.areas * (v - part))
            if np.max(abs(outflow)) < 1e-15 * gross:
                return part
            potential = np.r_[0.0, factors.solve(-outflow[1:])]
            part -= np.where(self.inside, self.outflow.T @ potential / self.distances, 0.0)
        raise ArithmeticError("net outflow remains")

    def rotation_part(self, v):
        """The rotation of a stream function next to v, in 2D without poles, x periodic: psi is 0 at the ends of y."""
        x, y = self.number
        psi = np.arange(y[:, 1:-1].size).reshape(y[:, 1:-1].shape)
        entries = [(x[:, :-1], psi, 1), (x[:, 1:], psi, -1)]
        entries += [(y[:, 1:-1], psi, 1), (y[:, 1:-1], np.roll(psi, -1, 0), -1)]
        rotation = diags(1 / self.areas) @ matrix(entries, (v.size, psi.size))
        adjoint = rotation.T @ diags(self.weight)
        return rotation @ factorised(adjoint @ rotation).solve(adjoint @ v)


def flat(values, shapes):
    return np.concatenate([np.broadcast_to(v, shape).ravel() for v, shape in zip(values, shapes)])


def matrix(entries, shape):
    """From triples of rows, columns and the value at all of them."""
    rows, columns = (np.concatenate([e[i].ravel() for e in entries]) for i in (0, 1))
    values = np.concatenate([np.full(e[0].size, float(e[2])) for e in entries])
    return coo_matrix((values, (rows, columns)), shape).tocsr()


def factorised(symmetric):
    options = {"SymmetricMode": True}
    return splu(symmetric.tocsc(), permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options=options)


def sphere(longitude, latitude):
    """S = w_lat, cos(lat) w_lon; d = cos(lat) step_lon, step_lat; w the widths of cells."""
    areas = [latitude.widths, cosine(latitude.faces) * longitude.widths[:, None]]
    return Grid([longitude, latitude], areas, [cosine(latitude.points) * longitude.steps[:, None], latitude.steps])


def shell(longitude, latitude, radius):
    """S = w_lat D(r^2)/2, cos(lat) w_lon D(r^2)/2, r^2 w_lon D(sin lat), D differences over a cell;
    d = r cos(lat) step_lon, r step_lat, step_r."""
    half, r = np.diff(radius.edges**2) / 2, radius.points
    width, step = longitude.widths[:, None, None], longitude.steps[:, None, None]
    areas = [latitude.widths[:, None] * half, cosine(latitude.faces)[:, None] * width * half]
    areas.append(radius.faces**2 * width * np.diff(np.sin(latitude.edges))[:, None])
    distances = [r * cosine(latitude.points)[:, None] * step, r * latitude.steps[:, None], radius.steps]
    return Grid([longitude, latitude, radius], areas, distances)


def mapped(to_plane, x, y):
    """From lengths in the plane only: S between the corners of a face, d between points, at walls from the point to
    the middle of the face. Without a map S = w_y, w_x and d = step_x, step_y."""

    def lengths(along_x, along_y, axis):
        return abs(np.diff(to_plane(along_x[:, None] + 1j * along_y), axis=axis))

    x_ends, y_ends = (np.r_[a.edges[0], a.points, a.edges[-1]] for a in (x, y))
    areas = [lengths(x.edges, y.edges, 1), lengths(x.edges, y.edges, 0)]
    return Grid([x, y], areas, [lengths(x_ends, y.points, 0), lengths(x.points, y_ends, 1)])


def cosine(latitude):
    """0 at the poles."""
    return np.where(abs(latitude) < PI / 2, np.cos(latitude), 0.0)


def uniform(low, high, cells):
    return Axis(np.linspace(low, high, cells + 1))


def circle(cells):
    return Axis((np.arange(cells + 1) - 0.5) * 2 * PI / cells, periodic=True)


def globe(columns, at_poles):
    if not at_poles:
        return sphere(circle(columns), uniform(-PI / 2, PI / 2, columns // 2))
    points = np.linspace(-PI / 2, PI / 2, columns // 2 + 1)
    return sphere(circle(columns), Axis(np.r_[-PI / 2, (points[1:] + points[:-1]) / 2, PI / 2]))


def harmonics(lon, lat):
    """grad chi = (chi_lon / c, chi_lat), chi = cos 3lon c^3 (9s^2 - 1), s and c the sine and cosine of lat; and
    k x grad psi = (-psi_lat, psi_lon / c), psi = cos 2lon c^2 (143s^6 - 143s^4 + 33s^2 - 1)."""
    s, c = np.sin(lat), np.cos(lat)
    p, q = 9 * s**2 - 1, 143 * s**6 - 143 * s**4 + 33 * s**2 - 1
    slope = 858 * s**5 - 572 * s**3 + 66 * s
    gradient = -3 * np.sin(3 * lon) * c**2 * p, np.cos(3 * lon) * (18 * s * c**4 - 3 * s * c**2 * p)
    rotation = np.cos(2 * lon) * (2 * s * c * q - c**3 * slope), -2 * np.sin(2 * lon) * c * q
    return {"gradient": gradient, "solenoidal": rotation}


def across_poles(lon, lat):
    """grad chi, chi = c cos lon; k x grad psi, psi = s c cos(lon + 0.7)."""
    gradient = -np.sin(lon), -np.sin(lat) * np.cos(lon)
    rotation = -np.cos(2 * lat) * np.cos(lon + 0.7), -np.sin(lat) * np.sin(lon + 0.7)
    return {"gradient": gradient, "solenoidal": rotation}


def window(lon, lat):
    """grad chi as on the globe; k x grad psi, psi = sin^2(pi (lon + 1)) sin^2(pi (lat - 0.3))."""
    (a, slope_a), (b, slope_b) = bump(lon + 1), bump(lat - 0.3)
    return {"gradient": harmonics(lon, lat)["gradient"], "solenoidal": (-a * slope_b, slope_a * b / np.cos(lat))}


def band(_, lat):
    return {"harmonic": (1 / np.cos(lat), 0.0)}


def thick(lon, lat, r):
    """grad (r^2 chi) and r (k x grad psi), with derivatives on the unit sphere, chi and psi as on the globe."""
    parts = {name: (r * east, r * north, 0.0) for name, (east, north) in harmonics(lon, lat).items()}
    chi = np.cos(3 * lon) * np.cos(lat) ** 3 * (9 * np.sin(lat) ** 2 - 1)
    return parts | {"gradient": (*parts["gradient"][:2], 2 * r * chi)}


def plane_gradient(x, y):
    """Of x^3 y - x y^2 + x."""
    return 3 * x**2 * y - y**2 + 1, x**3 - 2 * x * y


def square(x, y):
    """The field B2: (psi_y, -psi_x) of psi = 16 (x (1 - x) y (1 - y))^2 beside the gradient."""
    a, b = x * (1 - x), y * (1 - y)
    rotation = 32 * a**2 * b * (1 - 2 * y), -32 * a * (1 - 2 * x) * b**2
    return {"gradient": plane_gradient(x, y), "solenoidal": rotation}


def bump(t):
    """sin^2 pi t and its derivative."""
    return np.sin(PI * t) ** 2, PI * np.sin(2 * PI * t)


def curved(w):
    return w + 0.2 * w**2


def curvilinear(x, y):
    """The gradient at z(w), w = x + iy, along z'(w) and to the left of it, which are the normals of faces; and
    (psi_y, -psi_x) / |z'(w)|, psi = sin^2 pi x sin^2 pi y."""
    z, slope = curved(x + 1j * y), 1 + 0.4 * (x + 1j * y)
    east, north = plane_gradient(z.real, z.imag)
    gradient = (east + 1j * north) * slope.conj() / abs(slope)
    (a, slope_a), (b, slope_b) = bump(x), bump(y)
    rotation = a * slope_b / abs(slope), -slope_a * b / abs(slope)
    return {"gradient": (gradient.real, gradient.imag), "solenoidal": rotation}


def row(case, grid, field):
    exact = {name: grid.sample(field, name) for name in field(*np.zeros(len(grid.cells)))}
    v = sum(exact.values())
    found = {"gradient": grid.gradient_part(v)}
    found["solenoidal"] = v - found["gradient"]
    if "harmonic" in exact:
        found["solenoidal"] = grid.rotation_part(found["solenoidal"])
        found["harmonic"] = v - found["gradient"] - found["solenoidal"]
    result = {"case": case, "cells": grid.cells}
    for name, part in found.items():
        error, scale = part - exact.get(name, 0.0), exact.get(name, v)
        l2, largest = np.sqrt(grid.energy(error) / grid.energy(scale)), np.max(abs(error)) / np.max(abs(scale))
        result[name] = {"l2": float(l2), "max": float(largest), "energy": grid.energy(part)}
    return result


def study(case, field, grids):
    """Grids from coarse to fine."""
    rows = [row(case, grid, field) for grid in grids]
    for coarse, fine in zip(rows, rows[1:]):
        finer = np.log(fine["cells"][0] / coarse["cells"][0])
        for part in [part for part in ("gradient", "solenoidal") if fine[part]["max"] > 1e-12]:
            for norm in ("l2", "max"):
                fine[part][f"order_{norm}"] = float(np.log(coarse[part][norm] / fine[part][norm]) / finer)
    return rows


def main():
    rows = []
    for name, field in (("SP1", harmonics), ("SP2", across_poles)):
        for place, at_poles in (("off poles", False), ("at poles", True)):
            rows += study(f"{name} {place}", field, [globe(n, at_poles) for n in (72, 144, 288)])
    windows = [sphere(uniform(-1.0, 0.0, n), uniform(0.3, 1.3, n)) for n in (16, 32, 64)]
    bands = [sphere(circle(3 * n), uniform(-PI / 3, PI / 3, n)) for n in (16, 32)]
    shells = [shell(circle(6 * n), uniform(-PI / 2, PI / 2, 3 * n), uniform(0.5, 1.0, n)) for n in (4, 8, 12)]
    maps = [mapped(curved, *[uniform(0.0, 1.0, n)] * 2) for n in (16, 32, 64)]
    stretched = [Axis((100 ** np.linspace(0, 1, n + 1) - 1) / 99) for n in (16, 32, 64, 128)]
    boxes = [mapped(lambda w: w, axis, axis) for axis in stretched]
    rows += study("SP3", window, windows) + study("SP4", band, bands) + study("SP5", thick, shells)
    rows += study("CV1", curvilinear, maps) + study("RL1", square, boxes)
    print("[\n" + ",\n".join(json.dumps(r) for r in rows) + "\n]")


if __name__ == "__main__":
    main()
