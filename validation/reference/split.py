"""What `hodge split` is compared with: the conservative network closest to one, on the same units; no code in common with hodge.

Every number of r(x_i) is a row, every unit a column w_lk h_l(x_i), c is eliminated by taking weighted means off, columns get length 1,
and numpy's lstsq leaves out what singular values below 1e-10 of the largest stand for. hodge factorises units and weights apart.

`split_circle_1.safetensors`, `_4`, `_6` are what `hodge train circle_train.csv --units 1000 --initial uniform:1 --noise gaussian:0.05 --rate 8e-4 --seed N` wrote
for the authors' circle, `split_small.safetensors` 60 units in 5 dimensions that this script makes (`--make`).

    python3 validation/reference/split.py > validation/reference/split.json
"""

import json
import sys
from pathlib import Path

import numpy as np
from safetensors import safe_open
from safetensors.numpy import save_file

HERE = Path(__file__).parent
CUT = 1e-10


def load(name):
    with safe_open(HERE / name, "numpy") as file:
        get = lambda key: file.get_tensor(key).astype(np.float64)
        tensors = [get(f"layers.{k}.{part}") for k in (0, 1) for part in ("weight", "bias")]
        return *tensors, file.metadata()["activation"]


def activation(name, z):
    return {"sigmoid": lambda: 1 / (1 + np.exp(-z)), "tanh": lambda: np.tanh(z), "relu": lambda: np.maximum(z, 0)}[name]()


def fit(name, x, density=None):
    """Share of the energy of r(x) - x that is left, its root mean square, rank, and e."""
    w, b, r, c, kind = load(name)
    p = np.ones(len(x)) if density is None else density
    h = activation(kind, x @ w.T + b)
    target = h @ r.T + c
    mean = lambda a: (p[:, None] * a).sum(0) / p.sum()
    root = np.sqrt(p)
    spread = root[:, None] * (h - mean(h))
    spread[:, np.linalg.norm(spread, axis=0) <= CUT * np.linalg.norm(root[:, None] * h, axis=0)] = 0
    columns = (spread[:, None, :] * w.T[None]).reshape(-1, len(w))
    lengths = np.linalg.norm(columns, axis=0)
    lengths[lengths == 0] = 1
    right = (root[:, None] * (target - mean(target))).ravel()
    scaled, _, rank, values = np.linalg.lstsq(columns / lengths, right, rcond=CUT)
    left = right - columns / lengths @ scaled
    field = (p[:, None] * (target - x) ** 2).sum()
    near = values[(values > 1e-2 * CUT * values[0]) & (values < 1e2 * CUT * values[0])]
    print(name, len(x), "rank", rank, "values near the cut", len(near), file=sys.stderr)
    return {
        "file": name,
        "points": len(x),
        "share_left": float((left**2).sum() / field),
        "residual_rms": float(np.sqrt((left**2).sum() / p.sum())),
        "field_rms": float(np.sqrt(field / p.sum())),
        "rank": int(rank),
        "largest_factor": float(np.abs(scaled / lengths).max()),
    }


def window(n, half=0.6):
    t = -half + (np.arange(n) + 0.5) * 2 * half / n
    x, y = np.meshgrid(t, t)
    return np.stack([x.ravel(), y.ravel()], -1)


def make_small():
    random = np.random.default_rng(11)
    w = random.normal(size=(60, 5))
    w[7] = 0  # a constant unit
    r = 0.3 * w.T * random.uniform(-1, 1, 60) + 0.05 * random.normal(size=(5, 60))
    tensors = {
        "layers.0.weight": w,
        "layers.0.bias": random.normal(size=60),
        "layers.1.weight": np.ascontiguousarray(r),
        "layers.1.bias": random.normal(size=5),
    }
    save_file(tensors, HERE / "split_small.safetensors", metadata={"activation": "tanh"})


def small_points():
    """The points of the tests: x_i = sin(1.7 i + 0.3), five to a point, and a density."""
    x = np.sin(1.7 * np.arange(400 * 5) + 0.3).reshape(400, 5)
    return x, 1 + np.cos(np.arange(400.0))


def main():
    if "--make" in sys.argv:
        return make_small()
    x, density = small_points()
    rows = {"small": fit("split_small.safetensors", x), "small weighted": fit("split_small.safetensors", x, density)}
    rows["small few"] = fit("split_small.safetensors", x[:9])
    for seed in (1, 4, 6):
        for n in (24, 128):
            rows[f"circle {seed} {n}"] = fit(f"split_circle_{seed}.safetensors", window(n))
    print(json.dumps(rows, indent=1))


main()
