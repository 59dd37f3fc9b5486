"""The work of benches/autoencoder.rs with numpy, in blocks that stay in cache. Best of three."""
import time
import numpy as np

n, H, block = 1024, 1000, 2048
at = -0.6 + 1.2 * (np.arange(n) + 0.5) / n
points = np.stack(np.meshgrid(at, at), -1).reshape(-1, 2)
rng = np.random.default_rng(1)
W, R, b, c = rng.uniform(-1, 1, (H, 2)), rng.uniform(-1, 1, (2, H)), np.zeros(H), np.zeros(2)
products = (R[:, None, :] * W.T[None, :, :]).reshape(4, H).T.copy()


def evaluate(name):
    field, jacobian = np.empty_like(points), np.empty((len(points), 4))
    for start in range(0, len(points), block):
        x = points[start:start + block]
        z = x @ W.T + b
        if name == "sigmoid":
            h = 1 / (1 + np.exp(-z))
            slope = h * (1 - h)
        else:
            h, slope = np.maximum(z, 0), (z > 0).astype(float)
        field[start:start + block] = h @ R.T + c - x
        jacobian[start:start + block] = slope @ products
    return field, jacobian


for name in ("sigmoid", "relu"):
    best = min((lambda t: (evaluate(name), time.perf_counter() - t)[1])(time.perf_counter()) for _ in range(3))
    print(f"{name} field and Jacobian on {n}²: {best:.3f} s")
