"""The scores of `hodge conservativeness` against Jacobians by PyTorch's autograd, for random networks of every native activation, one to
three hidden layers, two to five dimensions, with and without biases, tied and not. Prints the largest difference of each score, and
writes those of PyTorch to autograd.json.

    python3 validation/reference/autograd.py path/to/hodge      # with torch, numpy and safetensors; a few seconds
"""
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import torch
from safetensors.torch import save_file

KINDS = {
    "sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": torch.relu, "softplus": lambda z: torch.logaddexp(z, torch.zeros_like(z)), "linear": lambda z: z,
    "silu": torch.nn.functional.silu, "gelu": torch.nn.functional.gelu, "elu": torch.nn.functional.elu,
    "leaky-relu": torch.nn.functional.leaky_relu,
}


def network(seed, kind, depth, bias, tied):
    """Tensors as of nn.Linear, and the map."""
    torch.manual_seed(seed)
    d = 2 + seed % 4
    widths = [d, *[3 + (seed + k) % 9 for k in range(depth)], d]
    tensors = {}
    for k, (inputs, outputs) in enumerate(zip(widths, widths[1:])):
        tensors[f"layers.{k}.weight"] = torch.randn(outputs, inputs, dtype=torch.float64)
        if bias:
            tensors[f"layers.{k}.bias"] = torch.randn(outputs, dtype=torch.float64)
    if tied:
        tensors["layers.1.weight"] = tensors["layers.0.weight"].T.contiguous()

    def forward(x):
        for k in range(depth + 1):
            x = torch.nn.functional.linear(x, tensors[f"layers.{k}.weight"], tensors.get(f"layers.{k}.bias"))
            x = KINDS[kind](x) if k < depth else x
        return x

    return d, tensors, forward


def scores(jacobian, points):
    """sym_map, sym_field, rho, curl_rms."""
    found = []
    for x in points:
        j = jacobian(x)
        d = len(x)
        own = j - torch.eye(d, dtype=torch.float64)
        a = ((j - j.T) / 2).square().sum()
        share = lambda m: float(a / m.square().sum()) if m.square().sum() > 0 else 0.0
        found.append([1 - share(j), 1 - share(own), share(j) * 2 * d / (d - 1), float(2 * a)])
    sym_map, sym_field, rho, curl = np.mean(found, axis=0)
    return {"sym_map": sym_map, "sym_field": sym_field, "rho": rho, "curl_rms": curl**0.5}


def main(program):
    cases = [(kind, depth, bias, False) for kind in KINDS for depth in (1, 2, 3) for bias in (True, False)]
    cases += [(kind, 1, True, True) for kind in KINDS]
    worst, stored = {}, {}
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for seed, (kind, depth, bias, tied) in enumerate(cases):
            d, tensors, forward = network(seed, kind, depth, bias, tied)
            points = torch.randn(30, d, dtype=torch.float64)
            metadata = {"activation": kind} | ({"tied": "true"} if tied else {})
            save_file(tensors, folder / f"{seed}.safetensors", metadata=metadata)
            np.save(folder / f"{seed}.npy", points.numpy())
            command = [program, "conservativeness", f"autoencoder:{folder}/{seed}.safetensors", "--points", f"{folder}/{seed}.npy"]
            found = json.loads(subprocess.run([*command, "--format", "json"], check=True, capture_output=True).stdout)
            expected = scores(lambda x: torch.autograd.functional.jacobian(forward, x), points)
            stored[f"{kind}-{depth}{'' if bias else '-unbiased'}{'-tied' if tied else ''}"] = expected
            for key, value in expected.items():
                apart = abs(found[key] - value) / max(1, abs(value))
                worst[key] = max(worst.get(key, (0, "")), (apart, f"{kind}, {depth} hidden, d = {d}"))
    print(len(cases), "networks")
    for key, (apart, where) in worst.items():
        print(f"{key:10} {apart:.1e}   {where}")
        assert apart < 1e-12
    file = pathlib.Path(__file__).with_suffix(".json")
    file.write_text(json.dumps({"torch": torch.__version__, "scores": stored}, indent=1) + "\n")


main(*sys.argv[1:])
