"""What `hodge conservativeness` is compared with: the scores of stored Jacobians by formulas written down again, in numpy alone.

The Jacobians are those that PyTorch (torch.json) and numpy (weights.json) found of the networks in tests/data, and random ones
of several dimensions, zero, symmetric and antisymmetric ones among them, which are written to tests/data/jacobians-D.npy.
The standard error of the forward-only probe is the exact one: of a quadratic form in random signs.

    python3 validation/reference/scores.py > validation/reference/scores.json
"""
import json
import pathlib

import numpy as np

DATA = pathlib.Path(__file__).parents[2] / "tests/data"


def scores(jacobians, shift):
    """Means and pooled ratios over Jacobians (n, D, D) of r, the field being r(x) - shift x."""
    n, d, _ = jacobians.shape
    identity = shift * np.eye(d)
    anti = np.array([np.linalg.norm((j - j.T) / 2) ** 2 for j in jacobians])
    map_ = np.array([np.linalg.norm(j) ** 2 for j in jacobians])
    field = np.array([np.linalg.norm(j - identity) ** 2 for j in jacobians])
    random = (d - 1) / (2 * d)
    ratio = lambda a, b: np.divide(a, b, out=np.zeros_like(a), where=b != 0)
    expected = map_ + shift * d
    return {
        "points": n,
        "zero_jacobians": int((map_ == 0).sum()),
        "zero_field_jacobians": int((field == 0).sum()),
        "sym_map": np.mean([1 - a / m if m else 1 for a, m in zip(anti, map_)]),
        "map_baseline": (d + 1) / (2 * d),
        "sym_field": np.mean([1 - a / f if f else 1 for a, f in zip(anti, field)]),
        "field_baseline": np.mean(1 - random * ratio(map_, expected)),
        "rho": np.mean(ratio(anti, random * map_)),
        "sym_sqrt": np.mean(np.sqrt(1 - ratio(anti, map_))),
        "nasym": np.mean(ratio(anti, map_)),
        "lambda": np.mean(np.sqrt(ratio(anti, map_))),
        "lambda_max": np.sqrt(ratio(anti, map_)).max(),
        "jacobian_rms": np.sqrt(map_.mean()),
        "field_jacobian_rms": np.sqrt(field.mean()),
        "curl_rms": np.sqrt(np.mean(2 * anti)),
        "curl_max": np.sqrt(2 * anti.max()),
        "curl_relative": np.sqrt(np.sum(2 * anti) / map_.sum()),
        "contracting_fraction": np.mean([np.trace(j - identity) < 0 for j in jacobians]),
        "attracting_fraction": np.mean(growth(jacobians, shift) < 0),
        "growth_max": growth(jacobians, shift).max(),
        "pooled": {
            "sym_map": 1 - anti.sum() / map_.sum(),
            "sym_field": 1 - anti.sum() / field.sum(),
            "field_baseline": 1 - random * map_.sum() / expected.sum(),
            "rho": anti.sum() / (random * map_.sum()),
        },
        # Of |Jv|² - v'J(Jv) = v'Mv over random signs v, at each point with one probe.
        "forward_curl_squared": [float(np.trace(j.T @ j - j @ j)) for j in jacobians],
        "forward_standard_error": [float(error(j)) for j in jacobians],
    }


def growth(jacobians, shift):
    return np.linalg.eigvalsh((jacobians + jacobians.transpose(0, 2, 1)) / 2)[:, -1] - shift


def error(j):
    m = j.T @ j - j @ j
    m = (m + m.T) / 2
    return np.sqrt(2 * (np.sum(m * m) - np.sum(np.diag(m) ** 2)))


def stored(name, d):
    return np.array(json.loads((DATA / f"{name}.json").read_text())["jacobian"]).reshape(-1, d, d)


def made(d, n):
    random = np.random.default_rng(d)
    j = random.standard_normal((n, d, d)) * np.exp(random.standard_normal((n, 1, 1)))
    j[0] = 0
    j[1] = np.eye(d)
    j[2] = j[2] + j[2].T
    j[3] = j[3] - j[3].T
    j[4] = np.eye(d) + 0.1 * (j[4] - j[4].T)
    np.save(DATA / f"jacobians-{d}.npy", j)
    return j


if __name__ == "__main__":
    found = {}
    points = len(json.loads((DATA / "weights.json").read_text())["points"])
    entries = len(json.loads((DATA / "weights.json").read_text())["jacobian"])
    for name, j in {"torch": stored("torch", 2), "weights": stored("weights", entries // points),
                    "jacobians-2": made(2, 12), "jacobians-3": made(3, 9), "jacobians-7": made(7, 8)}.items():
        found[name] = {"reconstruction": scores(j, 1), "output": scores(j, 0)}
    print(json.dumps(found, indent=1))
