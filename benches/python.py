"""The Python module against the Rust kernel it calls and against a function of scipy, in memory.

python3 benches/python.py [--turns N] [--dask] [--json FILE]

Needs numpy, scipy, the module in release (`maturin develop --release`) and `cargo build --release --example speed`; with --dask
also xarray, dask, distributed and zarr. Every contender is a process that takes its turn and prints its seconds and the most
memory it had beyond the input.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

SPEED = Path(__file__).parent.parent / "target" / "release" / "examples" / "speed"
THREADS = str(os.cpu_count())
# Cells along z, y, x and fields.
CASES = {"256x256x256": ((256, 256, 256), 1), "1024x1024": ((1024, 1024), 1), "1000 of 256x256": ((256, 256), 1000)}


def environment():
    names = ("RAYON_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")
    return os.environ | {name: THREADS for name in names}


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def contender(name, case):
    """One of them: a line when it is ready, and one for each line it is sent."""
    import numpy as np

    cells, fields = CASES[case]
    dims = len(cells)
    field = np.random.default_rng(7).standard_normal((fields, dims, *cells))
    if name == "scipy":
        import scipy.fft

        axes = tuple(range(2, dims + 2))
        waves = [np.fft.fftfreq(n, 1 / n) for n in cells[:-1]] + [np.arange(cells[-1] // 2 + 1.0)]
        waves = [np.where(2 * np.abs(k) == n, 0.0, k) for k, n in zip(waves, cells)]
        waves = [k.reshape([-1 if a == axis else 1 for a in range(dims)]) for axis, k in enumerate(waves)][::-1]
        square = sum(k * k for k in waves)
        inverse = np.divide(1.0, square, out=np.zeros_like(square), where=square > 0)

        def run():
            spectrum = scipy.fft.rfftn(field, axes=axes, workers=-1)
            dot = sum(k * spectrum[:, c] for c, k in enumerate(waves)) * inverse
            for c in range(dims):
                np.multiply(waves[c], dot, out=spectrum[:, c])
            gradient = scipy.fft.irfftn(spectrum, cells, axes=axes, workers=-1, overwrite_x=True)
            solenoidal = field - gradient
            mean = field.mean(axis=axes, keepdims=True)
            solenoidal -= mean
            return gradient, solenoidal

    else:
        import hodge

        plan = hodge.Plan(cells, periodic=True)
        out = [np.empty_like(field) for _ in range(3)] if name == "out" else None

        def run():
            if name == "decompose":
                return hodge.decompose(field if fields > 1 else field[0], periodic=True, rotation=False, evidence=False)
            return plan(field, out=out, potential=False)

    before = peak() if name != "out" else peak() - 3 * field.nbytes
    print("ready", flush=True)
    for _ in sys.stdin:
        start = time.perf_counter()
        kept = run()
        print(json.dumps([time.perf_counter() - start, peak() - before]), flush=True)
        del kept


def turns(case, names, count):
    """Seconds and peak bytes of each in turns, the first of which does not count."""
    running, found = {}, {name: [] for name in names}
    for name in names:
        command = [sys.executable, __file__, "--contender", name, case]
        if name == "kernel":
            command = [SPEED, f"spectral{len(CASES[case][0])}d", case, "--turns"]
        running[name] = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment())
        running[name].stdout.readline()
    for turn in range(count + 1):
        for name, process in running.items():
            process.stdin.write("\n")
            process.stdin.flush()
            said = json.loads(process.stdout.readline())
            if turn:
                found[name].append(said if isinstance(said, list) else [said, None])
    for process in running.values():
        process.stdin.close()
        process.wait()
    return {name: {"seconds": median(s for s, _ in all), "bytes": max(b or 0 for _, b in all)} for name, all in found.items()}


def overhead(count=2000):
    """Seconds of a call at 64 x 64 beyond the work in it: of the least of many calls of the plan with arrays given."""
    import numpy as np

    import hodge

    field = np.random.default_rng(7).standard_normal((2, 64, 64))
    out = [np.empty_like(field) for _ in range(3)]
    least = {}
    for threads in (1, None):
        plan = hodge.Plan((64, 64), periodic=True, threads=threads)
        seconds = []
        for _ in range(count):
            start = time.perf_counter()
            plan(field, out=out, potential=False)
            seconds.append(time.perf_counter() - start)
        least[str(threads)] = {"least": min(seconds), "median": median(seconds)}
    command = [SPEED, "spectral2d", "64x64"]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment() | {"RAYON_NUM_THREADS": "1"})
    kernel = json.loads(done.stdout)
    return {"python": least, "kernel": {"least": kernel["min_seconds"], "median": kernel["median_seconds"]}}


def cluster():
    """48 fields of 512 x 512 from zarr to zarr by one process and by two."""
    import distributed
    import numpy as np
    import xarray as xr

    import hodge  # noqa: F401

    seconds = {}
    with tempfile.TemporaryDirectory() as folder:
        values = np.random.default_rng(7).standard_normal((2, 48, 512, 512))
        names = ("time", "y", "x")
        ds = xr.Dataset({"u": (names, values[0]), "v": (names, values[1])}, {"x": np.arange(512.0), "y": np.arange(512.0)})
        ds.chunk(time=2).to_zarr(f"{folder}/in.zarr")
        eager = ds.hodge.decompose("u", "v")
        for workers in (1, 2, 1, 2):
            options = dict(n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=None)
            with distributed.LocalCluster(**options) as local, distributed.Client(local):
                opened = xr.open_zarr(f"{folder}/in.zarr")
                opened.isel(time=slice(0, 2)).hodge.decompose("u", "v").compute()
                start = time.perf_counter()
                opened.hodge.decompose("u", "v").to_zarr(f"{folder}/out{workers}.zarr", mode="w")
                seconds[workers] = min(seconds.get(workers, np.inf), time.perf_counter() - start)
        same = xr.open_zarr(f"{folder}/out2.zarr").load()
        xr.testing.assert_equal(same.drop_attrs(), eager.drop_attrs())
    return {"one": seconds[1], "two": seconds[2], "ratio": seconds[1] / seconds[2]}


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--turns", type=int, default=5)
    arguments.add_argument("--dask", action="store_true")
    arguments.add_argument("--json", type=Path)
    arguments.add_argument("--contender", nargs=2, help=argparse.SUPPRESS)
    arguments = arguments.parse_args()
    if arguments.contender:
        return contender(*arguments.contender)
    results = {"overhead": overhead()}
    print("overhead at 64x64:", json.dumps(results["overhead"]), flush=True)
    for case, (_, fields) in CASES.items():
        names = ["scipy", "plan", "out", "decompose"] + (["kernel"] if fields == 1 else [])
        found = turns(case, names, arguments.turns)
        results[case] = found
        for name, one in found.items():
            ratio = one["seconds"] / found["scipy"]["seconds"]
            memory = f"{one['bytes'] / 1e6:8.0f} MB" if one["bytes"] else ""
            print(f"{case:16} {name:10} {one['seconds']:8.4f} s {ratio:6.2f} of scipy {memory}", flush=True)
    if arguments.dask:
        results["dask"] = cluster()
        print("48 x 512x512, zarr to zarr:", json.dumps(results["dask"]), flush=True)
    if arguments.json:
        arguments.json.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
