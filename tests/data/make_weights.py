"""Writes weights.safetensors and weights.json beside this file: a network in the layout of
torch.nn.Linear, saved with the safetensors package, and what numpy computes with it."""
import json, pathlib
import numpy as np
from safetensors.numpy import save_file

here = pathlib.Path(__file__).parent
rng = np.random.default_rng(1)
sizes = [2, 6, 5, 2]
W = [rng.normal(size=(b, a)) for a, b in zip(sizes, sizes[1:])]
b = [rng.normal(size=n) for n in sizes[1:]]
tensors = {f"layers.{k}.weight": W[k] for k in range(3)} | {f"layers.{k}.bias": b[k] for k in range(3)}
save_file(tensors, here / "weights.safetensors", metadata={"activation": "sigmoid,softplus"})
x = rng.normal(size=(4, 2))
z0 = x @ W[0].T + b[0]
h0 = 1 / (1 + np.exp(-z0))
z1 = h0 @ W[1].T + b[1]
r = np.log1p(np.exp(z1)) @ W[2].T + b[2]
slopes = zip(h0 * (1 - h0), 1 / (1 + np.exp(-z1)))
jacobian = [W[2] @ np.diag(s1) @ W[1] @ np.diag(s0) @ W[0] for s0, s1 in slopes]
stored = {"points": x.ravel().tolist(), "reconstruction": r.ravel().tolist(),
          "jacobian": np.concatenate([j.ravel() for j in jacobian]).tolist()}
(here / "weights.json").write_text(json.dumps(stored) + "\n")
