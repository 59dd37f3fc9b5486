"""Writes the tables of benches/README.md, between its marks, and growth.png from results.json."""

import json
import math
from pathlib import Path

BENCHES = Path(__file__).parent.parent
RESULTS = json.loads((BENCHES / "results.json").read_text())
# rustfft in cache and memory of the machine the bounds were taken on, two threads: FLOP/s and bytes/s
FLOPS, BYTES = 2 * 22e9, 33e9
SINGLE_FLOPS = 2 * 41e9
# what two cores can multiply and add at best in double precision, and read of large arrays
PEAK_FLOPS, READ_BYTES = 2 * 59e9, 38e9


def found(group):
    return RESULTS[group]["found"] if group in RESULTS else {}


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(map(str, row)) + " |" for row in rows]) + "\n"


def seconds(value):
    return f"{value:.4f}" if value < 0.1 else f"{value:.3f}" if value < 1 else f"{value:.2f}"


def ratio(ours, theirs, target):
    value = ours / theirs
    if target is None:
        return f"{value:.2f}"
    return f"**{value:.2f}** (≤ {target})" if value <= target else f"{value:.2f} (target {target} missed)"


def shape(size):
    return [int(n) for n in size.split("x")]


def bound(size, transforms, arrays):
    """Seconds of `transforms` real transforms of the array, and of `arrays` passes over it."""
    points = math.prod(shape(size))
    return transforms * 2.5 * points * math.log2(points) / FLOPS, arrays * 8 * points / BYTES


def projections(group, peers, targets):
    rows = []
    for size, times in found(group).items():
        dims, ours = len(shape(size)), times["hodge"]["seconds"]
        if group == "spectral":
            arithmetic, memory = bound(size, 2 * dims, 3 * dims)
        else:
            arithmetic, memory = bound(size, 2, 3 * dims + 1)
        limit = max(arithmetic, memory)
        cells = [size, seconds(ours), f"{times['hodge']['plan'] * 1e3:.1f} ms"]
        limits = targets[dims]
        cells += [f"{seconds(times[p]['seconds'])}: {ratio(ours, times[p]['seconds'], t)}" for p, t in zip(peers, limits)]
        cells += [f"{seconds(arithmetic)} / {seconds(memory)}", f"{ours / limit:.1f} ×"]
        if group == "spectral":
            arrays = 3 * dims * 8 * math.prod(shape(size))
            cells.append(f"{times['memory'] / arrays:.2f} ×")
        rows.append(cells)
    head = ["cells", "hodge, s", "plan", *(f"{p}, s: ratio" for p in peers), "bound: flops / memory, s", "over the bound"]
    return table(head + (["peak memory over input and outputs"] if group == "spectral" else []), rows)


def single_table():
    rows = []
    for size, times in found("single").items():
        dims, ours = len(shape(size)), times["hodge"]["seconds"]
        arithmetic, memory = bound(size, 2 * dims, 3 * dims)
        arithmetic, memory = arithmetic * FLOPS / SINGLE_FLOPS, memory / 2
        rows.append([
            size, seconds(ours), *(f"{seconds(times[p]['seconds'])}: {ratio(ours, times[p]['seconds'], t)}" for p, t in (("mkl", 0.8), ("fftw", None))),
            f"{seconds(arithmetic)} / {seconds(memory)}", f"{ours / max(arithmetic, memory):.1f} ×",
        ])
    return table(["cells", "hodge, s", "mkl, s: ratio", "fftw, s: ratio", "bound: flops / memory, s", "over the bound"], rows)


def size_table():
    times = found("sizes")
    pairs = [("360x181", "256x256"), ("241x480", "256x256"), ("257x257", "256x256"), ("1000x1000", "1024x1024"), ("243x243x243", "256x256x256")]
    each = {size: t / math.prod(shape(size)) * 1e9 for size, t in times.items()}
    rows = [[a, f"{each[a]:.2f}", b, f"{each[b]:.2f}", ratio(each[a], each[b], 2.5)] for a, b in pairs if a in each]
    return table(["cells", "ns a cell", "power of two", "ns a cell", "ratio"], rows)


def sparse_table():
    rows = []
    for size, r in found("sparse").items():
        ours = r["hodge"]
        for order, limit in [("metis", 0.3), ("nesdis", 0.3), ("pardiso", 1.5)]:
            if order not in r:
                continue
            peer = r[order]
            set_up = peer["analyse"] + peer["factor"]
            solve = None if order == "pardiso" else 1.0
            name = "MKL PARDISO" if order == "pardiso" else f"CHOLMOD, {order}"
            fill = f"{peer['nonzeros'] / 1e6:.1f}"
            fill = f"{ours['nonzeros'] / 1e6:.1f} / {fill}: {ratio(ours['nonzeros'], peer['nonzeros'], 1.1 if order == 'metis' else None)}"
            rows.append([
                size, name, f"{seconds(ours['plan'])} / {seconds(set_up)}: {ratio(ours['plan'], set_up, limit)}", seconds(ours["operations"] / PEAK_FLOPS), seconds(peer["factor"]),
                f"{seconds(ours['solve'])} / {seconds(peer['solve'])}: {ratio(ours['solve'], peer['solve'], solve)}",
                seconds(2 * 8 * ours["nonzeros"] / BYTES),
                f"{seconds(ours['solve_each_of_16'])} / {seconds(peer['solve_each_of_16'])}: {ratio(ours['solve_each_of_16'], peer['solve_each_of_16'], solve)}",
                fill,
            ])
    head = ["cells", "peer", "analyse + factor", "bound: operations", "factor of the peer alone", "solve one", "bound: L read twice", "solve each of 16", "nonzeros of L, millions"]
    return table(head, rows)


def multigrid_bytes(dims):
    """Bytes a cell and iteration of the sweeps, each array counted once a sweep that reads or writes it: conjugate
    gradients in double precision, and a cycle in single precision whose coarser levels keep couplings."""
    conjugate = 12 + 12 + 20 + 17 + 48
    cycle = 12 + 16 + 16 + 12 + 28 + 32
    with_couplings = cycle + 4 * dims * 6
    return conjugate + cycle + with_couplings / (2**dims - 1)


def multigrid_table():
    rows = []
    for size, r in found("multigrid").items():
        ours = r["hodge"]["plan"] + r["hodge"]["solve"]
        peers = {n: p["set_up"] + p["solve"] for n, p in r.items() if n != "hodge"}
        best = min(peers, key=peers.get)
        cells = math.prod(shape(size))
        limit = r["hodge"]["iterations"] * cells * multigrid_bytes(len(shape(size))) / READ_BYTES
        rows.append([size, f"{seconds(r['hodge']['plan'])} + {seconds(r['hodge']['solve'])}", seconds(limit), r["hodge"]["iterations"], f"{best} {seconds(peers[best])}, {r[best]['iterations']}",
                     ratio(ours, peers[best], 0.333), ratio(r["hodge"]["memory"], r[best]["memory"], 0.5)])
    return table(["cells", "hodge, s: set-up + solve", "bound: bytes of the solve", "iterations", "best of pyamg, s, iterations", "time", "memory"], rows)


def autoencoder_table():
    rows = []
    for name, r in found("autoencoder").items():
        ours, torch = r["hodge"]["seconds"], r["torch"]["seconds"]
        # instructions on the multipliers for a unit and eight points; five products for a sample
        limit = 5 * 5000 * 2 * 784 * 500 / (2 * PEAK_FLOPS) if name == "training" else {"sigmoid": 21, "relu": 8}[name] * 2 * 1024**2 * 1000 / PEAK_FLOPS
        if name == "training":
            rows.append(["epoch of 5000, 784–500–784", seconds(limit), f"{seconds(ours)} ({5000 / ours:.0f} samples/s)", "", f"{seconds(torch)}: {ratio(ours, torch, 1.25)}"])
        else:
            numpy = r["numpy"]["seconds"]
            rows.append([f"{name}, field and Jacobian, 1024²", seconds(limit), seconds(ours), f"{seconds(numpy)}: {ratio(ours, numpy, 0.2)}", f"{seconds(torch)}: {ratio(ours, torch, 0.5)}"])
    return table(["work", "bound: operations", "hodge, s", "numpy", "PyTorch"], rows)


def growth_table():
    rows = []
    for case, times in found("growth").get("times", {}).items():
        dims = int(case[-2])
        each = [f"{n}: {t / int(n) ** dims / (dims * math.log2(int(n))) * 1e9:.3f}" for n, t in times.items()]
        rows.append([case, ", ".join(each)])
    return table(["case", "n: ns a cell and log2 of the cells"], rows)


def thread_table():
    rows = []
    for case, t in found("growth").get("threads", {}).items():
        plan = f"{t['plan_one'] / t['plan_two']:.2f}" if t["plan_one"] > 0.05 else ""
        rows.append([case, seconds(t["one"]), seconds(t["two"]), f"{t['one'] / t['two']:.2f}", plan])
    return table(["case", "1 thread, s", "2 threads, s", "speed-up", "of the plan"], rows)


def picture():
    times = found("growth").get("times")
    if not times:
        return
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(1, 2, figsize=(11, 4.2))
    for axis, dims in zip(axes, (3, 2)):
        for case in (f"spectral{dims}d", f"noflux{dims}d"):
            cells = [int(n) ** dims for n in times[case]]
            line = axis.loglog(cells, list(times[case].values()), "o-", label=case)[0]
            first = list(times[case].values())[0]
            law = [first * c * math.log(c) / (cells[0] * math.log(cells[0])) for c in cells]
            axis.loglog(cells, law, ":", color=line.get_color(), label=f"{case}: N log N from the first")
        axis.set_xlabel("cells N")
        axis.set_ylabel("seconds, 2 threads")
        axis.grid(True, which="both", alpha=0.3)
        axis.legend()
    figure.tight_layout()
    figure.savefig(BENCHES / "growth.png", dpi=80)


def main():
    text = (BENCHES / "README.md").read_text()
    cpus = sorted({r["cpu"] for r in RESULTS.values()})
    tables = {
        "machine": f"Measured on {' and '.join(cpus)}, {RESULTS['spectral']['threads']} threads.\n" if "spectral" in RESULTS else "",
        "spectral": projections("spectral", ["mkl", "fftw", "scipy"], {2: [0.8, None, None], 3: [0.8, 0.6, 0.333]}),
        "single": single_table(),
        "sizes": size_table(),
        "noflux": projections("noflux", ["fftw", "ducc0", "scipy"], dict.fromkeys((2, 3), [0.8, 0.9, 0.333])),
        "sparse": sparse_table(),
        "multigrid": multigrid_table(),
        "autoencoder": autoencoder_table(),
        "growth": growth_table(),
        "threads": thread_table(),
    }
    for name, content in tables.items():
        start, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->\n"
        before, rest = text.split(start)
        text = before + start + content + end + rest.split(end)[1]
    (BENCHES / "README.md").write_text(text)
    picture()


main()
