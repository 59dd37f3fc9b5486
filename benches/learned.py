"""What learned fields cost: scores of a 784-500-784 network and training beside PyTorch, field, Jacobian and scores of a 2-1000-2
network beside the stored table.

python3 benches/learned.py [--threads N] [--turns N] [--points N] [--only PART] [--json FILE] [--hodge PROGRAM]

Needs numpy and torch, and `cargo build --release --bin hodge --example speed`. In turns; medians count. PyTorch is timed within
its process, once it is loaded and has the points; hodge as a whole process, with what it reads and prints.
"""

import argparse
import json
import multiprocessing
import os
import resource
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parent.parent
RELEASE = ROOT / "target" / "release"
PEERS = Path(__file__).parent / "peers"
D, UNITS = 784, 500


def environment(threads):
    kept = {k: v for k, v in os.environ.items() if k not in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")}
    return kept | {n: str(threads) for n in ("RAYON_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")}


def safetensors(path, tensors, activation):
    """Writes arrays of doubles."""
    header, at = {"__metadata__": {"activation": activation, "tied": "false"}}, 0
    for name, array in tensors.items():
        header[name] = {"dtype": "F64", "shape": list(array.shape), "data_offsets": [at, at + array.nbytes]}
        at += array.nbytes
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(a.tobytes() for a in tensors.values()))


def inputs(folder, count):
    """A network that is neither random nor symmetric, R near W transposed, and points like digits: most of a row 0."""
    import numpy as np

    random = np.random.default_rng(5)
    w = random.standard_normal((UNITS, D)) * (2 / D**0.5)
    r = 0.8 * w.T + random.standard_normal((D, UNITS)) * (0.7 / D**0.5)
    tensors = {"layers.0.weight": w, "layers.0.bias": 0.1 * random.standard_normal(UNITS)}
    tensors |= {"layers.1.weight": np.ascontiguousarray(r), "layers.1.bias": np.zeros(D)}
    safetensors(folder / "wide.safetensors", tensors, "sigmoid")
    points = random.random((count, D)) * (random.random((count, D)) < 0.2)
    np.save(folder / "points.npy", points)
    np.savez(folder / "wide.npz", w=w, b=tensors["layers.0.bias"], r=r, points=points)
    for activation in ("sigmoid", "relu"):
        w, r = random.uniform(-1, 1, (1000, 2)), random.uniform(-1, 1, (2, 1000))
        tensors = {"layers.0.weight": w, "layers.0.bias": np.zeros(1000), "layers.1.weight": r, "layers.1.bias": np.zeros(2)}
        safetensors(folder / f"plane_{activation}.safetensors", tensors, activation)


def probes(archive, kind, threads):
    """One JVP and one VJP of the network at every point with random signs, a line of input a turn; in a process of its own."""
    import numpy as np
    import torch

    torch.set_num_threads(threads)
    precision = {"f32": torch.float32, "f64": torch.float64}[kind]
    stored = np.load(archive)
    w, b, r, points = (torch.from_numpy(stored[name]).to(precision) for name in ("w", "b", "r", "points"))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024

    def network(x):
        return torch.nn.functional.linear(torch.sigmoid(torch.nn.functional.linear(x, w, b)), r)

    print("ready 0", flush=True)
    for _ in sys.stdin:
        start, processor, parts, wholes = time.perf_counter(), time.process_time(), [], []
        for x in points.split(500):
            v = torch.randint(0, 2, x.shape, dtype=precision) * 2 - 1
            _, right = torch.func.jvp(network, (x,), (v,))
            _, back = torch.func.vjp(network, x)
            (left,) = back(v)
            parts.append(((right - left) ** 2).sum(1) / 4)
            wholes.append((right**2 + left**2).sum(1) / 2)
        part, whole = torch.cat(parts), torch.cat(wholes)
        ratio = part.mean() / whole.mean()
        error = (part - ratio * whole).std() / whole.mean() / len(part) ** 0.5
        took = time.perf_counter() - start, time.process_time() - processor
        print(*took, ratio.item(), error.item(), flush=True)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(after - before, after)


class Process:
    """A program that does its work once for each line."""

    def __init__(self, command, threads):
        self.process = subprocess.Popen(
            [str(c) for c in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment(threads)
        )
        self.process.stdout.readline()

    def turn(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return [float(word) for word in self.process.stdout.readline().split()]

    def end(self):
        self.process.stdin.close()
        said = self.process.stdout.read().split()
        self.process.wait()
        return [float(word) for word in said]


def whole(command, threads):
    """Seconds of a process, its largest memory and the JSON that it prints."""
    start = time.monotonic()
    process = subprocess.Popen([str(c) for c in command], stdout=subprocess.PIPE, env=environment(threads))
    said = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{command[0]} ended with {process.returncode}")
    seconds, processor = time.monotonic() - start, usage.ru_utime + usage.ru_stime
    return {"seconds": seconds, "processor": processor, "memory": usage.ru_maxrss * 1024, "found": json.loads(said)}


def scores(arguments, folder):
    """The scores of the wide network: exact, and by a probe a point, beside PyTorch's probes."""
    command = [arguments.hodge, "conservativeness", folder / "wide.safetensors", "--points", folder / "points.npy"]
    command += ["--condition-points", 0, "--format", "json", "--threads", arguments.threads]
    own = {"exact": [*command, "--no-eigenvalues"], "probe": [*command, "--probes", 1]}
    own["forward, a tenth of the points"] = [*command, "--probes", 1, "--forward-only", "--first", arguments.points // 10]
    peer = [sys.executable, "-W", "ignore", __file__, "--threads", arguments.threads, "--probes", folder / "wide.npz"]
    torch = {kind: Process([*peer, kind], arguments.threads) for kind in ("f64", "f32")}
    runs, turns = {name: [] for name in own}, {kind: [] for kind in torch}
    for turn in range(arguments.turns + 1):
        for name in own:
            runs[name].append(whole(own[name], arguments.threads))
        for kind in torch:
            turns[kind].append(torch[kind].turn())
    found = {}
    for name, of in runs.items():
        last = of[-1]["found"]
        found[name] = {
            "seconds": median(run["seconds"] for run in of[1:]),
            "processor": median(run["processor"] for run in of[1:]),
            "memory": max(run["memory"] for run in of),
            "nasym": 1 - last["pooled"]["sym_map"] if "pooled" in last else last["nasym"],
            "standard_error": last["estimate"]["sym_map"]["standard_error"] if "estimate" in last else 0.0,
        }
    for kind, of in turns.items():
        added, memory = torch[kind].end()
        found[f"torch {kind}"] = {"seconds": median(t[0] for t in of[1:]), "processor": median(t[1] for t in of[1:]), "memory": memory, "memory of the probes": added, "nasym": of[-1][2], "standard_error": of[-1][3]}
    few = [*own["exact"], "--first", arguments.points // 4]
    found["exact, a quarter of the points"] = {"memory": whole(few, arguments.threads)["memory"]}
    found["bytes of the points"] = arguments.points * D * 8
    return found


def plane(arguments, folder):
    """Field and Jacobian by examples/speed, and the scores by the program, of networks in the plane at 1024² points; beside them
    what benches/results.json has of field and Jacobian."""
    stored = json.loads((ROOT / "benches" / "results.json").read_text())["autoencoder"]["found"]
    found = {}
    for activation, case in (("sigmoid", "autoencoder"), ("relu", "autoencoder-relu")):
        own = Process([RELEASE / "examples" / "speed", case, 1024, "--turns"], arguments.threads)
        command = [arguments.hodge, "conservativeness", folder / f"plane_{activation}.safetensors", "--domain=-0.6,0.6,-0.6,0.6", "--n", 1024]
        command += ["--condition-points", 0, "--format", "json", "--threads", arguments.threads]
        turns = [(own.turn()[0], whole(command, arguments.threads)) for _ in range(arguments.turns + 1)][1:]
        own.end()
        found[activation] = {
            "field and jacobian": median(t[0] for t in turns), "least": min(t[0] for t in turns),
            "stored": stored[activation]["hodge"]["seconds"],
            "scores": median(t[1]["seconds"] for t in turns), "memory of the scores": max(t[1]["memory"] for t in turns),
        }
    return found


def training(arguments, _folder):
    own = Process([RELEASE / "examples" / "speed", "training", 5000, "--turns"], arguments.threads)
    torch = Process([sys.executable, PEERS / "training.py", arguments.threads, 5000], arguments.threads)
    turns = [(own.turn()[0], torch.turn()[0]) for _ in range(3 * arguments.turns + 1)][1:]
    own.end(), torch.end()
    return {
        "hodge": median(t[0] for t in turns), "torch": median(t[1] for t in turns),
        "hodge, least": min(t[0] for t in turns), "torch, least": min(t[1] for t in turns),
    }


def table(found):
    lines = []
    if wide := found.get("scores"):
        lines += ["| 784–500–784, scores | s | of PyTorch f64 | f32 | processor, s | nasym | standard error | peak memory, MB |", "|---|---|---|---|---|---|---|---|"]
        for name in ("exact", "probe", "forward, a tenth of the points", "torch f64", "torch f32"):
            run = wide[name]
            ratios = [run["seconds"] / wide[f"torch {kind}"]["seconds"] for kind in ("f64", "f32")]
            lines.append(f"| {name} | {run['seconds']:.3f} | {ratios[0]:.2f} | {ratios[1]:.2f} | {run['processor']:.3f} | {run['nasym']:.5f} | {run['standard_error']:.1e} | {run['memory'] / 1e6:.0f} |")
    if plane := found.get("plane"):
        lines += ["", "| 2–1000–2, 1024² points | field and Jacobian, s | least | stored | scores, the whole process, s |", "|---|---|---|---|---|"]
        for name, run in plane.items():
            lines.append(f"| {name} | {run['field and jacobian']:.3f} | {run['least']:.3f} | {run['stored']:.3f} | {run['scores']:.3f} |")
    if run := found.get("training"):
        ratios = run["hodge"] / run["torch"], run["hodge, least"] / run["torch, least"]
        lines += ["", f"epoch of 5000: {run['hodge']:.3f} s, PyTorch {run['torch']:.3f} s: {ratios[0]:.2f}; least {run['hodge, least']:.3f}, {run['torch, least']:.3f}: {ratios[1]:.2f}"]
    return "\n".join(lines)


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--turns", type=int, default=5, help="runs of each, after one that is not counted")
    parser.add_argument("--points", type=int, default=10_000, help="points of the wide network")
    parser.add_argument("--hodge", type=Path, default=RELEASE / "hodge", help="the program")
    parser.add_argument("--json", type=Path, default=ROOT / "benches" / "learned.json", help="where the results go")
    parser.add_argument("--only", choices=["scores", "plane", "training"], help="one part alone")
    parser.add_argument("--probes", nargs=2, help=argparse.SUPPRESS)
    return parser.parse_args()


def main():
    arguments = parse()
    if arguments.probes:
        return probes(*arguments.probes, arguments.threads)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        # In a process of its own: what this one has in memory would count for its children.
        writer = multiprocessing.get_context("spawn").Process(target=inputs, args=(folder, arguments.points))
        writer.start()
        writer.join()
        found = {"threads": arguments.threads, "points": arguments.points, "load": os.getloadavg()[0]}
        parts = {"scores": scores, "plane": plane, "training": training}
        for part in [arguments.only] if arguments.only else parts:
            found[part] = parts[part](arguments, folder)
    arguments.json.write_text(json.dumps(found, indent=1) + "\n")
    print(table(found))


if __name__ == "__main__":
    main()
