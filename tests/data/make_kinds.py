"""Writes kinds_*.safetensors and kinds.json beside this file: networks with names, biases and activations as they are found
elsewhere, and what numpy computes with them. Jacobians are by complex steps, h(z + i 1e-30)/1e-30: no derivative is written down."""

import json
import pathlib

import numpy as np
from safetensors.numpy import save_file
from scipy.special import erf

here = pathlib.Path(__file__).parent
rng = np.random.default_rng(3)

H = {
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": np.tanh,
    "linear": lambda z: z,
    "silu": lambda z: z / (1 + np.exp(-z)),
    "gelu": lambda z: z * (1 + erf(z / np.sqrt(2))) / 2,
    "elu": lambda z: np.where(z.real > 0, z, np.exp(z) - 1),
    "leaky-relu": lambda z: np.where(z.real > 0, z, 0.01 * z),
}

# Name, widths, stems, activations of all layers, metadata, whether there are biases, whether the last weight is the first transposed.
KINDS = [
    ("silu", [2, 7, 2], ["0", "2"], ["silu", "linear"], {"activation": "SiLU"}, True, False),
    ("gelu", [2, 6, 2], ["net.0", "net.2"], ["gelu", "linear"], {"activation": "GELU"}, True, False),
    ("gelu_deep", [3, 5, 4, 3], ["model.1", "model.3", "model.5"], ["gelu", "gelu", "linear"], {"activation": "gelu"}, False, False),
    ("elu", [4, 6, 3, 5, 4], ["encoder.0", "encoder.2", "decoder.0", "decoder.2"], ["elu", "tanh", "elu", "linear"],
     {"activation": "elu,tanh,elu"}, True, False),
    ("leaky", [3, 5, 5, 3], ["layers.0", "layers.1", "layers.2"], ["leaky-relu", "leaky-relu", "sigmoid"],
     {"activation": "leaky_relu,leaky_relu,sigmoid"}, True, False),
    ("silent", [2, 8, 2], ["layers.0", "layers.1"], ["tanh", "linear"], None, False, False),
    ("tied", [3, 5, 3], ["encoder"], ["silu", "linear"], {"activation": "swish", "tied": "true"}, False, True),
]

stored = {}
for name, sizes, stems, activations, metadata, biased, tied in KINDS:
    W = [rng.normal(size=(b, a)) for a, b in zip(sizes, sizes[1:])]
    b = [rng.normal(size=n) * biased for n in sizes[1:]]
    if tied:
        W[-1] = W[0].T
    tensors = {f"{stem}.weight": w for stem, w in zip(stems, W)}
    if biased:
        tensors |= {f"{stem}.bias": c for stem, c in zip(stems, b)}
    save_file(tensors, here / f"kinds_{name}.safetensors", metadata=metadata)

    def r(x):
        for w, c, activation in zip(W, b, activations):
            x = H[activation](x @ w.T + c)
        return x

    x = rng.normal(size=(5, sizes[0]))
    step = [r(x + 1e-30j * np.eye(sizes[0])[j]).imag / 1e-30 for j in range(sizes[0])]
    stored[name] = {"points": x.ravel().tolist(), "reconstruction": r(x + 0j).real.ravel().tolist(),
                    "jacobian": np.stack(step, -1).ravel().tolist(), "given": None if metadata else "tanh"}
    jacobian = np.stack(step, -1)
    part = (jacobian + jacobian.transpose(0, 2, 1)) / 2
    stored[name]["sym"] = float(np.mean((part**2).sum((1, 2)) / (jacobian**2).sum((1, 2))))
(here / "kinds.json").write_text(json.dumps(stored) + "\n")
