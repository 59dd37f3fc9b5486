"""Field and Jacobian of a 2→1000→2 network on a grid, in blocks that stay in cache:
autoencoder.py numpy|torch sigmoid|relu THREADS N N, the protocol of noflux.c."""

import sys
import time

import numpy as np

peer, activation, threads, n = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
units, block = 1000, 2048
at = -0.6 + 1.2 * (np.arange(n) + 0.5) / n
points = np.stack(np.meshgrid(at, at), -1).reshape(-1, 2)
rng = np.random.default_rng(1)
W, R, b, c = rng.uniform(-1, 1, (units, 2)), rng.uniform(-1, 1, (2, units)), np.zeros(units), np.zeros(2)
# J = Σ_l h'(z_l) r_l w_lᵀ: one product with this matrix
products = (R[:, None, :] * W.T[None, :, :]).reshape(4, units).T.copy()


def with_numpy():
    field, jacobian = np.empty_like(points), np.empty((len(points), 4))
    for start in range(0, len(points), block):
        x = points[start : start + block]
        z = x @ W.T + b
        if activation == "sigmoid":
            h = 1 / (1 + np.exp(-z))
            slope = h * (1 - h)
        else:
            h, slope = np.maximum(z, 0), (z > 0).astype(float)
        field[start : start + block] = h @ R.T + c - x
        jacobian[start : start + block] = slope @ products


def torch_evaluation():
    import torch

    torch.set_num_threads(threads)
    x_all, w, r, bt, ct, p = (torch.from_numpy(a) for a in (points, W, R, b, c, products))
    field, jacobian = torch.empty_like(x_all), torch.empty((len(points), 4), dtype=torch.float64)

    @torch.no_grad()
    def run():
        for start in range(0, len(points), block):
            x = x_all[start : start + block]
            z = torch.addmm(bt, x, w.T)
            if activation == "sigmoid":
                h = torch.sigmoid(z)
                slope = h * (1 - h)
            else:
                h, slope = torch.relu(z), (z > 0).to(torch.float64)
            field[start : start + block] = torch.addmm(ct, h, r.T) - x
            jacobian[start : start + block] = slope @ p

    return run


run = with_numpy if peer == "numpy" else torch_evaluation()
print("ready 0", flush=True)
for _ in sys.stdin:
    start = time.perf_counter()
    run()
    print(f"{time.perf_counter() - start:.6f}", flush=True)
