"""Fields of auto-encoders with one hidden layer, from the weights in a safetensors file: scores, sink conditions and, on a box,
the no-flux shares. Nothing here comes from hodge but the weights; numpy and the sparse factors of staggered.py.

    python3 validation/reference/networks.py > validation/reference/networks.json       # tests/data/helix.safetensors, a few seconds
    python3 validation/reference/networks.py WEIGHTS POINTS [X0,X1,Y0,Y1[,Z0,Z1] N]     # any other
    python3 validation/reference/networks.py WEIGHTS train-images-idx3-ubyte.gz:200     # Jacobians at 200 digits, eq. 10 at all
"""
import gzip
import json
import pathlib
import struct
import sys

import numpy as np
from scores import scores
from staggered import box, sampled, split

DATA = pathlib.Path(__file__).parents[2] / "tests/data"
ACTIVATIONS = {
    "sigmoid": (lambda z: 1 / (1 + np.exp(-z)), lambda h: h * (1 - h)),
    "tanh": (np.tanh, lambda h: 1 - h * h),
    "relu": (lambda z: np.maximum(z, 0), lambda h: (h > 0).astype(float)),
}


class Network:
    """r(x) = R h(W x + b) + c, the rows of W being the w_l."""

    def __init__(self, path):
        raw = pathlib.Path(path).read_bytes()
        (length,) = struct.unpack("<Q", raw[:8])
        header, body = json.loads(raw[8 : 8 + length]), raw[8 + length :]
        meta = header.pop("__metadata__")
        kinds = {"F32": "<f4", "F64": "<f8"}
        tensor = lambda t: np.frombuffer(body[slice(*t["data_offsets"])], kinds[t["dtype"]]).reshape(t["shape"]).astype(float)
        tensors = {name: tensor(t) for name, t in header.items()}
        self.w, self.b = tensors["layers.0.weight"], tensors["layers.0.bias"]
        self.c = tensors["layers.1.bias"]
        self.r = self.w.T if meta.get("tied") == "true" else tensors["layers.1.weight"]
        self.h, self.slope = ACTIVATIONS[meta["activation"]]

    def hidden(self, x):
        return self.h(x @ self.w.T + self.b)

    def field(self, x):
        return self.hidden(x) @ self.r.T + self.c - x

    def jacobians(self, x):
        return np.einsum("il,nl,lj->nij", self.r, self.slope(self.hidden(x)), self.w)

    def lengths(self, x):
        """The left side of eq. 10."""
        return self.slope(self.hidden(x)) @ (self.w**2).sum(1)


def at_points(network, x):
    found = scores(network.jacobians(x), 1)
    wanted = ("points", "sym_map", "sym_field", "rho", "curl_rms", "curl_max", "contracting_fraction", "attracting_fraction", "growth_max", "pooled")
    return {"sink_fraction": float((network.lengths(x) < x.shape[1]).mean())} | {key: found[key] for key in wanted}


def centres(window, n):
    axes = [a + (b - a) * (np.arange(n) + 0.5) / n for a, b in window]
    return np.stack([p.ravel() for p in np.meshgrid(*axes, indexing="ij")], -1)


def shares(network, window, n):
    """Of the energy on the faces of n cells along each axis."""
    grid = box(window, [n] * len(window))
    field = lambda *x: (list(np.moveaxis(network.field(np.stack(x, -1)), -1, 0)), None, None)
    v = sum(sampled(grid, field))
    energy = lambda part: float((grid.weight * part * part).sum())
    gradient, solenoidal, _ = split(grid, v, "no-flux", False, False)
    return {"n": n, "energy": energy(v), "gradient": energy(gradient) / energy(v), "solenoidal": energy(solenoidal) / energy(v)}


def read(points):
    if not str(points).endswith(".gz"):
        named = pathlib.Path(points).read_text()[0].isalpha()
        return np.loadtxt(points, delimiter=",", ndmin=2, skiprows=int(named))
    raw = gzip.open(points).read()
    count = int.from_bytes(raw[4:8], "big")
    return np.frombuffer(raw[16:], np.uint8).reshape(count, -1) / 255


def everything(weights, points, window=None, n=None):
    name, _, first = str(points).partition(":")
    network, x = Network(weights), read(name)
    found = at_points(network, x[: int(first)] if first else x)
    if first:
        sums = np.concatenate([network.lengths(some) for some in np.array_split(x, 1 + len(x) // 1000)])
        found["eq. 10 at all"] = {"points": len(x), "share": float((sums < x.shape[1]).mean()), "sums": [sums.min(), sums.max()]}
    if window:
        found |= {"grid": at_points(network, centres(window, n)), "fraction": shares(network, window, n)}
    return found


if __name__ == "__main__":
    given = sys.argv[1:] or [DATA / "helix.safetensors", DATA / "helix.csv", "-0.6,0.6,-0.6,0.6,-0.6,0.6", "12"]
    window = None
    if len(given) > 2:
        ends = [float(end) for end in given[2].split(",")]
        window = list(zip(ends[::2], ends[1::2]))
    print(json.dumps(everything(*given[:2], window, int(given[3]) if window else None), indent=1))
