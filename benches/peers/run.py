"""Runs hodge against its peers on this machine and writes the tables of benches/README.md.

python3 benches/peers/run.py [GROUP ...]      groups: spectral, single, sizes, noflux, sparse, multigrid, autoencoder, growth

Installs what the peers need (Debian packages as root; Python packages into target/peers), builds them and hodge, and gives the
programs their turns: one call each, one after the other, so that a busy neighbour hits all alike. The least time of a
program counts. A group that is named is measured again; the figures of the others stay in benches/results.json.
"""

import json
import os
import platform
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
WORK = ROOT / "target" / "peers"
PYTHON = WORK / "venv" / "bin" / "python"
SPEED = ROOT / "target" / "release" / "examples" / "speed"
RESULTS = HERE.parent / "results.json"
THREADS = 2


def shell(command, **options):
    return subprocess.run(command, check=True, shell=True, **options)


def install():
    WORK.mkdir(parents=True, exist_ok=True)
    if not PYTHON.exists():
        shell("apt-get update -qq && apt-get install -y -qq libfftw3-dev libsuitesparse-dev libopenblas-dev python3-venv")
        shell(f"python3 -m venv {WORK}/venv")
        packages = "numpy scipy numba ducc0 mkl mkl-devel pyamg torch matplotlib"
        shell(f"{PYTHON} -m pip install -q {packages}")
    venv = WORK / "venv"
    flags = "gcc -O3 -march=native -fopenmp"
    shell(f"{flags} {HERE}/leray.c -o {WORK}/leray_fftw -lfftw3_omp -lfftw3 -lm")
    mkl = f"-I{venv}/include/fftw -L{venv}/lib -l:libmkl_rt.so.3 -Wl,-rpath,{venv}/lib"
    shell(f"{flags} {HERE}/leray.c -o {WORK}/leray_mkl {mkl} -lm")
    shell(f"{flags} -DSINGLE {HERE}/leray.c -o {WORK}/leray_fftw_f32 -lfftw3f_omp -lfftw3f -lm")
    shell(f"{flags} -DSINGLE {HERE}/leray.c -o {WORK}/leray_mkl_f32 {mkl} -lm")
    shell(f"{flags} {HERE}/noflux.c -o {WORK}/noflux_fftw -lfftw3_omp -lfftw3 -lm")
    shell(f"gcc -O2 {HERE}/cholmod.c -o {WORK}/cholmod -lcholmod")
    # MKL's interface library loads its threads late and expects these libraries to be there
    late = f"-I{venv}/include -L{venv}/lib -l:libmkl_rt.so.3 -Wl,-rpath,{venv}/lib -lm -ldl"
    shell(f"gcc -O2 -fopenmp -Wl,--no-as-needed {HERE}/pardiso.c -o {WORK}/pardiso {late}")
    shell("cargo build --release --example speed", cwd=ROOT)


def environment(threads, own_kernels=True):
    # a numpy from PyPI knows new processors; Debian's OpenBLAS may need what the machine sets for it
    drop = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE") if own_kernels else ()
    kept = {k: v for k, v in os.environ.items() if k not in drop}
    count = str(threads)
    names = ("RAYON_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    return kept | {name: count for name in names} | {"MKL_THREADING_LAYER": "GNU"}


def turns(contenders, repeats=9, seconds_in_all=6):
    """Least seconds of each command, and what it said of planning, in turns after one warm-up: as many as were asked
    for, and of short ones more, up to sixty, until so many seconds have passed."""
    running, times, planning, words = {}, {}, {}, {}
    for name, command in contenders.items():
        process = subprocess.Popen(
            [str(c) for c in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env=environment(THREADS),
        )
        planning[name] = float(process.stdout.readline().split()[1])
        running[name], times[name] = process, []
    start, turn = time.monotonic(), 0
    while turn <= repeats or turn <= 60 and time.monotonic() - start < seconds_in_all:
        for name, process in running.items():
            process.stdin.write("\n")
            process.stdin.flush()
            seconds = float(process.stdout.readline())
            if turn > 0:
                times[name].append(seconds)
        turn += 1
    for name, process in running.items():
        process.stdin.close()
        words[name] = process.stdout.read().strip()
        process.wait()
    for name, said in words.items():
        print(f"  {name:8} {min(times[name]):.4f} s, plan {planning[name]:.3f} s  {said}", flush=True)
    return {n: {"seconds": min(t), "plan": planning[n]} for n, t in times.items()}


def speed(case, size, threads=THREADS):
    command = [SPEED, case, str(size)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment(threads))
    result = json.loads(done.stdout)
    print(f"  {case} {size}, {threads} threads: {result['min_seconds']:.4f} s", flush=True)
    return result


def last_json(command, own_kernels=True):
    command = [str(c) for c in command]
    variables = environment(THREADS, own_kernels)
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=variables)
    print(" ", done.stdout.strip().splitlines()[-1], flush=True)
    return json.loads(done.stdout.strip().splitlines()[-1])


def spectral():
    found = {}
    for size in ["256x256x256", "128x128x128", "1024x1024", "4096x4096"]:
        sizes = size.split("x")
        found[size] = turns({
            "hodge": [SPEED, f"spectral{len(sizes)}d", size, "--turns"],
            "mkl": [WORK / "leray_mkl", THREADS, *sizes],
            "fftw": [WORK / "leray_fftw", THREADS, *sizes],
            "scipy": [PYTHON, HERE / "leray_scipy.py", THREADS, *sizes],
        })
        found[size]["memory"] = speed(f"spectral{len(sizes)}d", size)["peak_memory_bytes"]
    return found


def single():
    found = {}
    for size in ["256x256x256", "4096x4096"]:
        sizes = size.split("x")
        found[size] = turns({
            "hodge": [SPEED, f"spectral{len(sizes)}d", size, "--precision", "f32", "--turns"],
            "mkl": [WORK / "leray_mkl_f32", THREADS, *sizes],
            "fftw": [WORK / "leray_fftw_f32", THREADS, *sizes],
        })
    return found


def sizes():
    found = {}
    for size in ["360x181", "241x480", "256x256", "1000x1000", "1024x1024", "257x257", "243x243x243", "256x256x256"]:
        found[size] = speed(f"spectral{size.count('x') + 1}d", size)["min_seconds"]
    return found


def noflux():
    found = {}
    for size in ["2048x2048", "192x192x192"]:
        sizes = size.split("x")
        found[size] = turns({
            "hodge": [SPEED, f"noflux{len(sizes)}d", size, "--turns"],
            "fftw": [WORK / "noflux_fftw", THREADS, *sizes],
            "ducc0": [PYTHON, HERE / "noflux.py", "ducc0", THREADS, *sizes],
            "scipy": [PYTHON, HERE / "noflux.py", "scipy", THREADS, *sizes],
        })
    return found


def bench_sparse(*arguments):
    command = ["cargo", "bench", "--quiet", "--bench", "sparse", "--", *map(str, arguments)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT, env=environment(THREADS))
    print(" ", done.stdout.strip().splitlines()[-1], flush=True)
    return json.loads(done.stdout.strip().splitlines()[-1])


def least_of_runs(contenders, repeats):
    """Runs whole programs in turns and keeps the least of every figure of each: a system that takes memory back
    between programs makes the first one pay for getting it again."""
    found = {}
    for _ in range(repeats):
        for name, run in contenders.items():
            said, before = run(), found.get(name, {})
            found[name] = {k: min(v, before.get(k, v)) if isinstance(v, (int, float)) else v for k, v in said.items()}
    return found


def sparse():
    found = {}
    for size in [(512, 512), (1024, 1024), (48, 48, 48), (64, 64, 64)]:
        padded = (*size, 1)[:3]
        cholmod = {
            order: lambda order=order: last_json([WORK / "cholmod", *padded, order], own_kernels=False)
            for order in ("metis", "nesdis")
        }
        found["x".join(map(str, size))] = least_of_runs({
            "hodge": lambda: bench_sparse("cholesky", *size),
            **cholmod,
            "pardiso": lambda: last_json([WORK / "pardiso", *padded]),
        }, repeats=3)
    return found


def multigrid():
    found = {}
    for size in [(1024, 1024), (128, 128, 128)]:
        pyamg = {
            solver: lambda solver=solver: last_json([PYTHON, HERE / "multigrid.py", solver, *size])
            for solver in ("ruge_stuben", "smoothed_aggregation")
        }
        hodge = {"hodge": lambda: bench_sparse("multigrid", *size, "--dirichlet", "--digits", 10)}
        found["x".join(map(str, size))] = least_of_runs(hodge | pyamg, repeats=3)
    return found


def autoencoder():
    found = {}
    for activation, case in [("sigmoid", "autoencoder"), ("relu", "autoencoder-relu")]:
        found[activation] = turns({
            "hodge": [SPEED, case, 1024, "--turns"],
            "numpy": [PYTHON, HERE / "autoencoder.py", "numpy", activation, THREADS, 1024],
            "torch": [PYTHON, HERE / "autoencoder.py", "torch", activation, THREADS, 1024],
        }, repeats=3)
    found["training"] = turns({
        "hodge": [SPEED, "training", 5000, "--turns"],
        "torch": [PYTHON, HERE / "training.py", THREADS, 5000],
    }, repeats=5)
    return found


def growth():
    found = {"times": {}, "threads": {}}
    for case, all_sizes in [("spectral3d", [64, 96, 128, 192, 256, 384]), ("noflux3d", [64, 96, 128, 192, 256, 384]),
                            ("spectral2d", [512, 1024, 2048, 4096, 8192]), ("noflux2d", [512, 1024, 2048, 4096, 8192])]:
        found["times"][case] = {size: speed(case, size)["min_seconds"] for size in all_sizes}
    for case, size in [("spectral3d", 256), ("spectral2d", 4096), ("noflux3d", 192), ("noflux2d", 2048), ("cholesky2d", 1024),
                       ("cholesky3d", 64), ("multigrid2d", 1024), ("multigrid3d", 128), ("autoencoder", 512), ("training", 2000)]:
        runs = {threads: lambda threads=threads: speed(case, size, threads) for threads in (1, 2)}
        one, two = least_of_runs(runs, repeats=3).values()
        found["threads"][f"{case} {size}"] = {
            "one": one["min_seconds"], "two": two["min_seconds"], "plan_one": one["plan_seconds"], "plan_two": two["plan_seconds"],
        }
    return found


GROUPS = {f.__name__: f for f in (spectral, single, sizes, noflux, sparse, multigrid, autoencoder, growth)}


def main():
    asked = sys.argv[1:] or list(GROUPS)
    unknown = [a for a in asked if a not in GROUPS]
    if unknown:
        sys.exit(f"there is no group {unknown[0]}; expected some of {', '.join(GROUPS)}")
    install()
    results = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    cpu = next((l.split(":")[1].strip() for l in open("/proc/cpuinfo") if l.startswith("model name")), platform.machine())
    for name in asked:
        print(name, flush=True)
        results[name] = {"cpu": cpu, "threads": THREADS, "found": GROUPS[name]()}
        RESULTS.write_text(json.dumps(results, indent=1) + "\n")
    shell(f"{PYTHON} {HERE}/table.py")


main()
