#!/usr/bin/env python3
"""Errors of the parts of exact fields in free space by the methods natural and natural-spectral, and of what they rest on.

    python3 validation/reference/free_space.py > validation/reference/free_space.json

Needs numpy and scipy and takes a minute. Nothing here comes from hodge.

natural      v on the faces of n cells along each axis. phi = int G div v with div v constant in each cell; psi (in 3D A) = -int G
             curl v with the curl in the middle of each cell from the means of the faces, by np.gradient with edge_order 2.
             The integral of G = ln r/2 pi (3D: -1/4 pi r) over a cell is a sum of antiderivatives over its corners, in long double. phi in
             the cells and one beyond, A at the edges by scipy.signal.fftconvolve, differences between; errors over the faces, those
             in the walls half.
natural-spectral  v at the points, continued by 0 to twice as many. The Green function cut off at the diameter of the box (Vico,
             Greengard, Ferrando 2016) on four times as many points, in one complex transform without any use of symmetry.

Rows of "studies" have errors relative to the exact part, or to the whole field where that is 0. "direct" has parts of a field of few
cells by sums over all cells, no transforms. "F4" has energies by quadrature and a gradient, by the closed form.
"""
import json
import sys

import numpy as np
from scipy.integrate import dblquad
from scipy.signal import fftconvolve
from scipy.special import j0, j1

PI = np.pi
LONG = np.longdouble


# -- exact fields: (gradient, solenoidal, harmonic), each a list of components ------------------------------------
def gaussians(x, y):
    phi, psi = np.exp(-160 * x**2 - 120 * y**2), np.exp(-100 * ((x - 0.1) ** 2 + y**2))
    return [-320 * x * phi, -240 * y * phi], [-200 * y * psi, 200 * (x - 0.1) * psi], [0 * x, 0 * x]


def bumps(x, y):
    p = [0 * x, 0 * x]
    for a, mx, my in ((1, 0, 0), (-1, -0.5, 0), (1, 0, 0.5), (-1, 0.5, 0), (1, 0, -0.5)):
        value = a / 5 * np.exp(-((x - mx) ** 2 + (y - my) ** 2) / 0.125) / (2 * PI * 0.0625)
        p = [p[0] - (x - mx) / 0.0625 * value, p[1] - (y - my) / 0.0625 * value]
    return p, [-p[1], p[0]], [0 * x, 0 * x]


def vortex(x, y):
    square = np.maximum(x**2 + y**2, 1e-300)
    g = -np.expm1(-square / 0.04) / square / (2 * PI)
    return [x * g, y * g], [-1.5 * y * g, 1.5 * x * g], [0 * x, 0 * x]


def square(x, y):
    d = [0 * x, 0 * x]
    for a in (-1, 1):
        for b in (-1, 1):
            u, v = a - x, b - y
            with np.errstate(all="ignore"):
                log = np.log(u * u + v * v)
                d[0] = d[0] - a * b / PI * (0.5 * np.where(v == 0, 0, v * log) + np.where(u == 0, 0, u * np.arctan(v / u)))
                d[1] = d[1] - a * b / PI * (0.5 * np.where(u == 0, 0, u * log) + np.where(v == 0, 0, v * np.arctan(u / v)))
    return d, [0 * x, 0 * x], [x - d[0], y - d[1]]


def space(x, y, z):
    wide, narrow = np.exp(-8 * (x**2 + y**2 + z**2)), np.exp(-12 * (x**2 + y**2 + z**2))
    gradient = [-16 * x * wide, -16 * y * wide, -16 * z * wide]
    solenoidal = [-16 * y * wide, -24 * y * z * narrow + 16 * x * wide, (24 * y**2 - 1) * narrow]
    return gradient, solenoidal, [0 * x] * 3


def cube(x, y, z):
    d, at = [0 * x] * 3, (x, y, z)
    for sides in np.ndindex(2, 2, 2):
        side = 2 * np.array(sides) - 1
        u = [s - t for s, t in zip(side, at)]
        r = np.sqrt(u[0] ** 2 + u[1] ** 2 + u[2] ** 2)
        for k in range(3):
            a, b, c = u[k], u[(k + 1) % 3], u[(k + 2) % 3]
            with np.errstate(all="ignore"):
                face = np.where(b == 0, 0, b * np.log(c + r)) + np.where(c == 0, 0, c * np.log(b + r))
                face = face - np.where(a == 0, 0, a * np.arctan(b * c / (a * r)))
            d[k] = d[k] + side.prod() * 3 / (4 * PI) * face
    return d, [0 * x] * 3, [t - g for t, g in zip(at, d)]


def squares(a, x):
    return np.sin(a * PI * x) ** 2, a * PI * np.sin(2 * a * PI * x)


def universal(x, y):
    (fx, dx), (fy, dy), (gx, ex) = squares(1, x), squares(1, y), squares(2, x)
    return [dx * fy, fx * dy], [gx * dy, -ex * fy], [0 * x, 0 * x]


def universal_space(x, y, z):
    def slopes(a, b, c):
        (fx, dx), (fy, dy), (fz, dz) = squares(a, x), squares(b, y), squares(c, z)
        return [dx * fy * fz, fx * dy * fz, fx * fy * dz]

    a, b, c = slopes(1, 2, 1), [t / 2 for t in slopes(1, 1, 2)], slopes(2, 1, 1)
    return slopes(1, 1, 1), [c[1] - b[2], a[2] - c[0], b[0] - a[1]], [0 * x] * 3


# Field, the interval that is the window along each axis, axes, sizes for natural.
CASES = {
    "F1": (gaussians, (-1.5, 1.5), 2, (32, 64, 128, 256)),
    "F2": (bumps, (-1.5, 1.5), 2, (32, 64, 128)),
    "F3": (vortex, (-1, 1), 2, (32, 64, 128, 256)),
    "F4": (square, (-1, 1), 2, (32, 64, 128, 256)),
    "U2": (universal, (0, 1), 2, (32, 64, 128, 256)),
    "C4": (space, (-2, 2), 3, (16, 32, 64)),
    "F5": (cube, (-1, 1), 3, (16, 32, 64)),
    "U3": (universal_space, (0, 1), 3, (16, 32, 64)),
}


# -- integrals of the Green function over cells --------------------------------------------------------------------
def antiderivative(*u):
    u = [np.asarray(a, dtype=LONG) for a in u]
    with np.errstate(all="ignore"):
        if len(u) == 2:
            a, b = u
            terms = [np.where(a * b == 0, 0, a * b * (np.log(a * a + b * b) - 3))]
            terms += [np.where(a == 0, 0, a * a * np.arctan(b / a)), np.where(b == 0, 0, b * b * np.arctan(a / b))]
            return sum(terms) / (4 * LONG(PI))
        r, total = np.sqrt(u[0] ** 2 + u[1] ** 2 + u[2] ** 2), 0
        for k in range(3):
            a, b, c = u[k], u[(k + 1) % 3], u[(k + 2) % 3]
            # a + r = (b^2 + c^2)/(r - a)
            log = np.where(a < 0, np.log((b * b + c * c) / (r - a)), np.log(a + r))
            total = total + np.where(b * c == 0, 0, b * c * log)
            total = total - np.where(a == 0, 0, a * a / 2 * np.arctan(b * c / (a * r)))
        return -total / (4 * LONG(PI))


def cell_integrals(centres, h):
    """Over cells with centres on a tensor grid."""
    edges = [np.r_[c - s / 2, c[-1] + s / 2] for c, s in zip(centres, h)]
    values = antiderivative(*np.meshgrid(*edges, indexing="ij"))
    for axis in range(len(h)):
        values = np.diff(values, axis=axis)
    return values.astype(float)


def convolved(source, h, on_faces, direct=False):
    """int G source: at faces of axes on faces, else in cells and one beyond either end."""
    n = source.shape
    offsets = [np.arange(-m, m) + 0.5 if f else np.arange(-m, m + 1.0) for m, f in zip(n, on_faces)]
    kernel = cell_integrals([o * s for o, s in zip(offsets, h)], h)
    if not direct:
        # From the first place on, m - 1 places into the full convolution.
        full = fftconvolve(source, kernel)
        return full[tuple(slice(m - 1, m - 1 + m + (1 if f else 2)) for m, f in zip(n, on_faces))]
    places = [m + 1 if f else m + 2 for m, f in zip(n, on_faces)]
    sums = np.zeros(places)
    for place in np.ndindex(*places):
        window = tuple(slice(p, p + m) for p, m in zip(place, n))
        # Offsets grow with the place and fall with the cell.
        sums[place] = (source * kernel[window][(slice(None, None, -1),) * len(n)]).sum()
    return sums


def natural(v, h, direct=False):
    """Gradient and solenoidal part on the faces, arrays indexed x, y[, z]."""
    dims = len(h)
    divergence = sum(np.diff(v[k], axis=k) / h[k] for k in range(dims))
    phi = convolved(divergence, h, [False] * dims, direct)
    inner = lambda k: tuple(slice(None) if a == k else slice(1, -1) for a in range(dims))
    gradient = [np.diff(phi[inner(k)], axis=k) / h[k] for k in range(dims)]
    middle = [(np.delete(v[k], 0, k) + np.delete(v[k], -1, k)) / 2 for k in range(dims)]
    solenoidal = [np.zeros_like(c) for c in v]
    for a in range(dims):
        for b in range(a + 1, dims):
            slope = lambda values, k: np.gradient(values, h[k], axis=k, edge_order=2)
            curl = slope(middle[b], a) - slope(middle[a], b)
            potential = -convolved(curl, h, [k in (a, b) for k in range(dims)], direct)
            potential = potential[tuple(slice(None) if k in (a, b) else slice(1, -1) for k in range(dims))]
            solenoidal[a] += np.diff(potential, axis=b) / h[b]
            solenoidal[b] -= np.diff(potential, axis=a) / h[a]
    return gradient, solenoidal


def on_faces(of, window, n, dims):
    h = (window[1] - window[0]) / n
    faces, points = np.linspace(*window, n + 1), window[0] + h * (np.arange(n) + 0.5)
    grids = [np.meshgrid(*[faces if a == k else points for a in range(dims)], indexing="ij") for k in range(dims)]
    return [[of(*grids[k])[part][k] for k in range(dims)] for part in range(3)], [h] * dims


def face_norm(v):
    total = 0.0
    for k, c in enumerate(v):
        weights = np.ones(c.shape[k])
        weights[[0, -1]] = 0.5
        total += (c**2 * weights.reshape([-1 if a == k else 1 for a in range(c.ndim)])).sum()
    return np.sqrt(total)


def errors(found, exact, norm):
    whole = norm([sum(c) for c in zip(*exact)])
    result = []
    for part, x in zip(found, exact):
        size = norm(x)
        result.append(norm([a - b for a, b in zip(part, x)]) / (size if size > 1e-14 * whole else whole))
    return result


def study_natural(name, n):
    of, window, dims, _ = CASES[name]
    exact, h = on_faces(of, window, n, dims)
    v = [sum(c) for c in zip(*exact)]
    gradient, solenoidal = natural(v, h)
    rest = [a - b - c for a, b, c in zip(v, gradient, solenoidal)]
    return errors([gradient, solenoidal, rest], exact, face_norm)


def study_rotation(n, energy):
    """(y - x, -x - y): the relative error of the energy of the solenoidal part, which is that of F4's gradient part."""
    exact, h = on_faces(lambda x, y: ([-x, -y], [y, -x], [0 * x, 0 * x]), (-1, 1), n, 2)
    solenoidal = natural([sum(c) for c in zip(*exact)], h)[1]
    return abs(face_norm(solenoidal) ** 2 * h[0] * h[1] / energy - 1)


# -- truncated kernel ----------------------------------------------------------------------------------------------
def study_spectral(name, n):
    of, window, dims, _ = CASES[name]
    h = (window[1] - window[0]) / n
    points = window[0] + h * (np.arange(n) + 0.5)
    exact = of(*np.meshgrid(*[points] * dims, indexing="ij"))
    v = [sum(c) for c in zip(*exact)]
    reach = (window[1] - window[0]) * np.sqrt(dims)
    k = 2 * PI * np.fft.fftfreq(4 * n, h)
    s = np.sqrt(sum(np.meshgrid(*[k**2] * dims, indexing="ij", sparse=True)))
    s.flat[0] = 1
    if dims == 2:
        green = (1 - j0(reach * s)) / s**2 - reach * np.log(reach) / s * j1(reach * s)
        green.flat[0] = reach**2 / 4 - reach**2 / 2 * np.log(reach)
    else:
        green = 2 * (np.sin(reach * s / 2) / s) ** 2
        green.flat[0] = reach**2 / 2
    real = np.fft.ifftn(green).real
    keep = np.r_[0 : n + 1, 3 * n + 1 : 4 * n]
    for axis in range(dims):
        real = real.take(keep, axis)
    green = np.fft.fftn(real)
    k = 2 * PI * np.fft.fftfreq(2 * n, h)
    k[n] = 0
    k = np.meshgrid(*[k] * dims, indexing="ij", sparse=True)
    box = (slice(0, n),) * dims
    spectra = [np.fft.fftn(c, [2 * n] * dims, range(dims)) for c in v]
    along, total = sum(a * b for a, b in zip(k, spectra)), sum(a * a for a in k)
    back = lambda spectrum: np.fft.ifftn(green * spectrum).real[box]
    gradient = [back(a * along) for a in k]
    solenoidal = [back(total * b - a * along) for a, b in zip(k, spectra)]
    rest = [a - b - c for a, b, c in zip(v, gradient, solenoidal)]
    norm = lambda parts: np.sqrt(sum((c**2).sum() for c in parts))
    return errors([gradient, solenoidal, rest], exact, norm)


def direct(shape, h):
    """Parts of v_k = sin(1.3 i + k), i the number of the face with x fastest, as lists with x fastest."""
    v = []
    for k in range(len(shape)):
        faces = [m + (a == k) for a, m in enumerate(shape)]
        v.append(np.sin(1.3 * np.arange(np.prod(faces)) + k).reshape(faces[::-1]).T)
    parts = natural(v, h, direct=True)
    flat = lambda part: [c.T.ravel().tolist() for c in part]
    return {"shape": shape, "spacing": h, "gradient": flat(parts[0]), "solenoidal": flat(parts[1])}


def energies_of_square():
    options = {"epsabs": 1e-11, "epsrel": 1e-11}
    part = lambda i: lambda y, x: float(sum(c**2 for c in square(np.array(x), np.array(y))[i]))
    # By symmetry four times a quarter.
    return [4 * dblquad(part(i), 0, 1, 0, 1, **options)[0] for i in (0, 2)]


def main():
    rows = []
    keys = ("error_gradient", "error_solenoidal", "error_harmonic")
    for name, (_, _, dims, sizes) in CASES.items():
        for n in sizes:
            rows.append({"case": name, "method": "natural", "dims": dims, "n": n} | dict(zip(keys, study_natural(name, n))))
    gradient, harmonic = energies_of_square()
    for n in (32, 64, 128, 256):
        rows.append({"case": "S1", "method": "natural", "dims": 2, "n": n, "error_energy": study_rotation(n, gradient)})
    for name, sizes in (("F1", (32, 64, 128)), ("C4", (16, 32, 64))):
        for n in sizes:
            row = {"case": name, "method": "natural-spectral", "dims": CASES[name][2], "n": n}
            rows.append(row | dict(zip(keys, study_spectral(name, n))))
    slope = [float(c) for c in square(np.array(0.5), np.array(0.25))[0]]
    json.dump(
        {
            "studies": rows,
            "direct": [direct([6, 5], [0.5, 0.25]), direct([4, 3, 5], [0.5, 0.25, 0.75])],
            "F4": {"gradient": gradient, "harmonic": harmonic, "slope": slope},
        },
        sys.stdout,
        indent=1,
    )
    print()


main()
