#!/usr/bin/env python3
"""One Poisson equation on a box stretched 100 to 1 along both axes, by pyamg and by scipy's LU, and by hodge.

    python3 benches/peers/stretched_pyamg.py target/release/hodge FOLDER

Prints set-up and solve of pyamg (Ruge-Stueben, conjugate gradients to 1e-10), factor and solve of scipy, and hodge's
plan and decomposition under no-flux, which is one such solve and the sweeps around it. Needs numpy, scipy and pyamg.
"""
import json
import pathlib
import subprocess
import sys
import time

import numpy as np
import pyamg
import scipy.sparse as sparse
from scipy.sparse.linalg import splu

program, folder = sys.argv[1], pathlib.Path(sys.argv[2])


def timed(work):
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


for n in (128, 256, 512, 1024):
    faces = (100.0 ** (np.arange(n + 1) / n) - 1) / 99
    width, points = np.diff(faces), 0.5 * (faces[1:] + faces[:-1])
    step = np.diff(points)
    difference = sparse.diags(1 / step) @ sparse.diags([-np.ones(n - 1), np.ones(n - 1)], [0, 1], shape=(n - 1, n))
    stiffness = difference.T @ sparse.diags(step) @ difference
    mass = sparse.diags(width)
    matrix = (sparse.kron(mass, stiffness) + sparse.kron(stiffness, mass)).tocsr()
    noise = np.random.default_rng(0).standard_normal(n * n)
    noise -= noise.mean()
    setup, amg = timed(lambda: pyamg.ruge_stuben_solver(matrix))
    history = []
    solve, _ = timed(lambda: amg.solve(noise, tol=1e-10, accel="cg", maxiter=200, residuals=history))
    pinned = (matrix + sparse.csr_matrix(([matrix.diagonal().max()], ([0], [0])), matrix.shape)).tocsc()
    factor, lu = timed(lambda: splu(pinned, permc_spec="MMD_AT_PLUS_A")) if n < 1024 else (np.nan, None)
    substitute, _ = timed(lambda: lu.solve(noise)) if lu else (np.nan, None)
    path = folder / f"stretched{n}.npz"
    u, v = np.random.default_rng(1).standard_normal((2, n, n))
    np.savez(path, u=u, v=v, x=points, y=points)
    command = [program, "decompose", path, "--boundary", "no-flux", "--threads", "2", "--format", "json", "--quiet"]
    run = [json.loads(subprocess.run(command, capture_output=True, check=True).stdout)["seconds"] for _ in range(3)]
    plan, own = (sorted(seconds[what] for seconds in run)[1] for what in ("plan", "decompose"))
    print(
        f"{n} x {n}: pyamg {setup:.3f} + {solve:.3f} ({len(history) - 1} iterations), "
        f"scipy {factor:.3f} + {substitute:.3f}, hodge {plan:.3f} + {own:.4f}"
    )
