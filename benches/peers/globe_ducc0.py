#!/usr/bin/env python3
"""The parts of random winds on globes by spin-1 spherical harmonics (ducc0), two threads, and by hodge.

    python3 benches/peers/globe_ducc0.py target/release/hodge FOLDER

Prints the seconds of analysis and two syntheses, and those of hodge's plan and decomposition. Needs numpy and ducc0.
"""
import json
import pathlib
import subprocess
import sys
import time

import ducc0
import numpy as np

program, folder = sys.argv[1], pathlib.Path(sys.argv[2])
for n in (144, 360, 1440):
    rows = n // 2
    winds = np.random.default_rng(0).standard_normal((2, rows, n))
    seconds = []
    for _ in range(5):
        start = time.perf_counter()
        alm = ducc0.sht.analysis_2d(map=winds, spin=1, lmax=rows - 1, geometry="F1", nthreads=2)
        for k in range(2):
            part = alm.copy()
            part[1 - k] = 0
            ducc0.sht.synthesis_2d(
                alm=part, spin=1, lmax=rows - 1, ntheta=rows, nphi=n, geometry="F1", nthreads=2
            )
        seconds.append(time.perf_counter() - start)
    path = folder / f"globe{n}.npz"
    longitudes, latitudes = np.arange(n) * 360 / n, -90 + (np.arange(rows) + 0.5) * 360 / n
    np.savez(path, u=winds[0], v=winds[1], lon=longitudes, lat=latitudes)
    command = [program, "decompose", path, "--threads", "2", "--format", "json", "--quiet"]
    runs = [json.loads(subprocess.run(command, capture_output=True, check=True).stdout) for _ in range(5)]
    plan, own = (sorted(run["seconds"][what] for run in runs)[2] for what in ("plan", "decompose"))
    print(f"{n} x {rows}: ducc0 {sorted(seconds)[2]:.4f}, hodge {own:.4f} after a plan of {plan:.3f}")
