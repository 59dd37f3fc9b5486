"""Whole runs of hodge against a script of h5py and scipy and against a plain copy of the same bytes.

python3 benches/whole.py FOLDER [--cases NAMES] [--threads 1,2] [--turns N] [--large] [--json FILE] [--hodge PROGRAM]

FOLDER takes the inputs and outputs (up to 12 GB, with --large 70) and is left as it was. Needs numpy, scipy and h5py, and
`cargo build --release --bin hodge --example speed`. The programs take turns; each ends when its result is on disk (fsync).
"""

import argparse
import json
import math
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parent.parent
RELEASE = ROOT / "target" / "release"
SCRIPT = Path(__file__).parent / "peers" / "whole_scipy.py"
PIECE = 16 << 20
# name: cells, fields in the file, walls
CASES = {
    "1024x1024": ((1024, 1024), 1, False),
    "2048x2048": ((2048, 2048), 1, False),
    "256x256x256": ((256, 256, 256), 1, False),
    "1000 of 256x256": ((256, 256), 1000, False),
    "1000 files of 256x256": ((256, 256), 1000, False),
    "2048x2048 walls": ((2048, 2048), 1, True),
}
GROWTH = {"4096x4096": ((4096, 4096), 1, False), "128x128x128": ((128, 128, 128), 1, False)}
LARGE = {"512x512x512": ((512, 512, 512), 1, False)}


def environment(threads):
    kept = {k: v for k, v in os.environ.items() if k not in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")}
    return kept | {n: str(threads) for n in ("RAYON_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")}


def on_disk(path):
    descriptor = os.open(path, os.O_RDWR)
    os.fsync(descriptor)
    os.close(descriptor)


def write_input(path, cells, fields):
    """Random numbers, the same in every run, written a plane or a field at a time.

    In a process of its own: what this one has in memory would count for its children.
    """
    import h5py
    import numpy as np

    random = np.random.default_rng(7)
    shape = cells if fields == 1 else (fields, *cells)
    with h5py.File(path, "w") as file:
        for name in "uvw"[: len(cells)]:
            data = file.create_dataset(name, shape, "f8")
            for i in range(shape[0]):
                data[i] = random.standard_normal(shape[1:])
    on_disk(path)


def write_files(folder, cells, fields):
    """The same numbers, each field in a file of its own."""
    import h5py
    import numpy as np

    random = np.random.default_rng(7)
    folder.mkdir()
    for i in range(fields):
        with h5py.File(folder / f"{i:04}.h5", "w") as file:
            for name in "uvw"[: len(cells)]:
                file[name] = random.standard_normal(cells)
    os.sync()


def child(command, output, threads):
    """Seconds to the end of the process and of the fsync of its output, its processor seconds and largest memory."""
    output.unlink(missing_ok=True)
    start = time.monotonic()
    process = subprocess.Popen(
        [str(c) for c in command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment(threads)
    )
    said = process.stderr.read().decode()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{command[0]} ended with {process.returncode}: {said}")
    on_disk(output)
    wall = time.monotonic() - start
    return {"wall": wall, "cpu": usage.ru_utime + usage.ru_stime, "memory": usage.ru_maxrss * 1024}


def inputs(source):
    return sorted(source.iterdir()) if source.is_dir() else [source]


def stored(path):
    """Bytes that a file takes on the disk."""
    return path.stat().st_blocks * 512


def copy(source, target, bytes_written):
    """Reads the input and writes as many bytes as hodge does, by one process of plain reads and writes."""
    target.unlink(missing_ok=True)
    before, start = os.times(), time.monotonic()
    buffer = bytearray(PIECE)
    for path in inputs(source):
        with open(path, "rb", buffering=0) as file:
            while file.readinto(buffer):
                pass
    with open(target, "wb", buffering=0) as file:
        left = bytes_written
        while left > 0:
            left -= file.write(memoryview(buffer)[: min(left, PIECE)])
        os.fsync(file.fileno())
    after = os.times()
    return {"wall": time.monotonic() - start, "cpu": after.user - before.user + after.system - before.system, "memory": PIECE}


def kernel(cells, fields, walls, threads):
    """Seconds of the decomposition alone, for all fields."""
    case = f"spectral{len(cells)}d"
    if walls:
        known = subprocess.run([RELEASE / "examples" / "speed", "none", "1"], capture_output=True, text=True).stderr
        case = "parallel2d" if "parallel2d" in known else "noflux2d"
    size = "x".join(str(n) for n in reversed(cells))
    command = [RELEASE / "examples" / "speed", case, size]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment(threads))
    return case, fields * json.loads(done.stdout)["median_seconds"]


def medians(runs):
    return {key: median(run[key] for run in runs) for key in runs[0]}


def measure(name, case, threads, arguments, folder):
    cells, fields, walls = case
    source, ours, theirs, plain = (folder / f"{n}.h5" for n in ("input", "hodge", "script", "copy"))
    again = folder / "again.h5"
    if "files" in name:
        source = folder / "files"
    names = ",".join("uvw"[: len(cells)])
    axes = [] if walls else ["--periodic", ",".join("xyz"[: len(cells)])]
    hodge = [arguments.hodge, "decompose", *inputs(source), "-o", ours, "--datasets", names, "--spacing", "1", *axes]
    hodge += ["--threads", threads, "--quiet"]
    script = [sys.executable, SCRIPT, source, theirs, threads, *(["walls"] if walls else [])]
    copy_h5py = [sys.executable, SCRIPT.with_name("copy_h5py.py"), source, again]
    runs = {"hodge": [], "script": [], "copy": []}
    if fields > 1:
        runs["h5py"] = []
    seconds = []
    for turn in range(arguments.turns + 1):
        # the first turn warms up: the input is then in the cache of the system for all
        took = {"hodge": child(hodge, ours, threads), "script": child(script, theirs, threads)}
        took["copy"] = copy(source, plain, stored(ours))
        if fields > 1:
            arrays = round(stored(ours) / (8 * fields * math.prod(cells)))
            took["h5py"] = child([*copy_h5py, arrays], again, threads)
        speed, kernel_seconds = kernel(cells, fields, walls, threads)
        if turn > 0:
            seconds.append(kernel_seconds)
            for who, run in took.items():
                runs[who].append(run)
    found = {who: medians(list_of_runs) for who, list_of_runs in runs.items()}
    sizes = {"read": sum(map(stored, inputs(source))), "written": stored(ours), "script_written": stored(theirs)}
    for path in (ours, theirs, plain, again):
        path.unlink(missing_ok=True)
    bound = median(seconds) + found["copy"]["wall"]
    ratios = {
        key: found["hodge"][key] / found["script"][key] for key in ("wall", "cpu", "memory")
    } | {"over_bound": found["hodge"]["wall"] / bound}
    if fields > 1:
        ratios["over_h5py_copy"] = found["hodge"]["wall"] / found["h5py"]["wall"]
    field = 8 * len(cells) * math.prod(cells)
    ratios["fields"] = (found["hodge"]["memory"] - (64 << 20)) / field
    return {"case": name, "threads": threads, "kernel": speed, "kernel_seconds": median(seconds), **found, "bytes": sizes, "ratios": ratios}


HEADINGS = [
    "case", "threads", "hodge, s", "script, s", "copy, s", "kernel, s", "hodge / script", "hodge / (kernel + copy)",
    "hodge / h5py copy", "processor: hodge, s", "script, s", "ratio", "memory: hodge, MiB", "script, MiB", "ratio", "fields",
]


def table(results):
    lines = ["| " + " | ".join(HEADINGS) + " |", "|" + "---|" * len(HEADINGS)]
    for r in results:
        ours, theirs, ratios = r["hodge"], r["script"], r["ratios"]
        row = [r["case"], r["threads"]]
        row += [f"{x:.3g}" for x in (ours["wall"], theirs["wall"], r["copy"]["wall"], r["kernel_seconds"])]
        row += [f"**{ratios['wall']:.2f}**", f"**{ratios['over_bound']:.2f}**"]
        row += [f"**{ratios['over_h5py_copy']:.2f}**" if "over_h5py_copy" in ratios else "–"]
        row += [f"{ours['cpu']:.3g}", f"{theirs['cpu']:.3g}", f"**{ratios['cpu']:.2f}**"]
        row += [f"{ours['memory'] / 2**20:.0f}", f"{theirs['memory'] / 2**20:.0f}", f"{ratios['memory']:.2f}"]
        lines.append("| " + " | ".join(str(x) for x in [*row, f"{ratios['fields']:.1f}"]) + " |")
    return "\n".join(lines)


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="where inputs and outputs go; removed afterwards")
    parser.add_argument("--cases", help="names with commas; by default all but the largest")
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--turns", type=int, default=5, help="runs of each, after one that is not counted")
    parser.add_argument("--large", action="store_true", help="512x512x512 too")
    parser.add_argument("--hodge", type=Path, default=RELEASE / "hodge", help="the program")
    parser.add_argument("--json", type=Path, default=ROOT / "benches" / "whole.json", help="where the results go")
    return parser.parse_args()


def main():
    arguments = parse()
    every = CASES | GROWTH | (LARGE if arguments.large else {})
    names = arguments.cases.split(",") if arguments.cases else list(every)
    for name in names:
        if name not in CASES | GROWTH | LARGE:
            sys.exit(f"there is no case {name}; expected some of {', '.join(CASES | GROWTH | LARGE)}")
    results = []
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        for name in names:
            case = (CASES | GROWTH | LARGE)[name]
            source = Path(folder) / "input.h5"
            target, made = (write_files, Path(folder) / "files") if "files" in name else (write_input, source)
            writer = multiprocessing.get_context("spawn").Process(target=target, args=(made, *case[:2]))
            writer.start()
            writer.join()
            for threads in map(int, arguments.threads.split(",")):
                results.append(measure(name, case, threads, arguments, Path(folder)))
                print(json.dumps(results[-1]["ratios"] | {"case": name, "threads": threads}), file=sys.stderr, flush=True)
            shutil.rmtree(made) if made.is_dir() else made.unlink()
            arguments.json.write_text(json.dumps(results, indent=1) + "\n")
    print(table(results))


if __name__ == "__main__":
    main()
