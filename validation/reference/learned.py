"""What the methods `learned` and `learned-tied` are compared with; no code in common with hodge. Takes half a minute.

S1 is (-x, -y) + (y, -x) on [-1, 1]^2. Its no-flux gradient part by the series of Saint-Venant torsion, and the closest field
r(x) - x with r(x) = sum e_l w_l tanh(w_l.x + b_l) + c, e_l >= 0, by scipy's nnls over a dictionary of random units that is ten
times as large as hodge's, with steeper ones, in which units are taken up one by one.

The studies of `hodge validate --method learned`: numpy's lstsq with the random units of hodge's seed 0, from an own ChaCha8.

    python3 validation/reference/learned.py > validation/reference/learned.json
"""

import json

import numpy as np
from scipy.optimize import nnls

TERMS = 2000


def solenoidal(x, y):
    """rot psi for -Lap psi = -2, psi = 0 on the walls: psi = x^2 - 1 + sum a_k cos(q x) cosh(q y)/cosh(q), q = k pi/2."""
    psi_x, psi_y = 2 * x, np.zeros_like(x)
    for k in range(1, 2 * TERMS, 2):
        q = k * np.pi / 2
        a = 32 / (np.pi * k) ** 3 * (-1) ** ((k - 1) // 2)
        far = np.exp(q * (np.abs(y) - 1))
        back = np.exp(-2 * q * np.abs(y))
        psi_x = psi_x - a * q * np.sin(q * x) * far * (1 + back) / (1 + np.exp(-2 * q))
        psi_y = psi_y + a * q * np.cos(q * x) * np.sign(y) * far * (1 - back) / (1 + np.exp(-2 * q))
    return np.stack([psi_y, -psi_x], -1)


def field(x, y):
    return np.stack([y - x, -x - y], -1)


def no_flux():
    """Values, and the energy of the gradient part by Gauss's rule."""
    at = np.array([[0.5, 0.25], [-0.1, 0.7], [0.9, -0.6], [-0.95, -0.95]])
    values = field(at[:, 0], at[:, 1]) - solenoidal(at[:, 0], at[:, 1])
    nodes, weights = np.polynomial.legendre.leggauss(60)
    x, y = np.meshgrid(nodes, nodes)
    gradient = field(x, y) - solenoidal(x, y)
    energy = float((np.outer(weights, weights)[..., None] * gradient**2).sum())
    return {"points": at.tolist(), "gradient": values.tolist(), "energy": energy}


def cone(n, units, steepest, seed):
    t = -1 + (np.arange(n) + 0.5) * 2 / n
    x, y = (a.ravel() for a in np.meshgrid(t, t))
    gradient = field(x, y) - solenoidal(x, y)
    target = field(x, y) + np.stack([x, y], -1)
    random = np.random.default_rng(seed)
    angle = random.uniform(0, 2 * np.pi, units)
    w = np.stack([np.cos(angle), np.sin(angle)], -1) * (steepest ** random.random(units))[:, None]
    b = -(w * random.uniform(-1, 1, (units, 2))).sum(1)
    h = np.tanh(np.stack([x, y], -1) @ w.T + b)
    h -= h.mean(0)  # the constants are free
    matrix = np.concatenate([h * w[:, 0], h * w[:, 1]])
    matrix /= np.linalg.norm(matrix, axis=0)
    mean = target.mean(0)
    right = (target - mean).T.ravel()
    chosen, left = [], right.copy()
    for _ in range(500):
        slope = matrix.T @ left
        if chosen:
            slope[chosen] = -1
        best = int(np.argmax(slope))
        if slope[best] < 1e-9 * np.linalg.norm(right):
            break
        chosen.append(best)
        factors, _ = nnls(matrix[:, chosen], right)
        left = right - matrix[:, chosen] @ factors
        chosen = [l for l, e in zip(chosen, factors) if e > 0]
    found = (right - left).reshape(2, -1).T + mean - np.stack([x, y], -1)
    cell = 4 / n**2
    energy, distance = (found**2).sum() * cell, np.sqrt(((found - gradient) ** 2).sum() * cell)
    return {"n": n, "units": units, "energy": float(energy), "distance": float(distance)}


def chacha(seed, words):
    """The words of rand_chacha's ChaCha8Rng::seed_from_u64(seed), stream 0."""
    mask, key, state = 2**32 - 1, [], seed
    for _ in range(8):  # PCG32
        state = (state * 6364136223846793005 + 11634580027462260723) % 2**64
        word, turn = ((state >> 18) ^ state) >> 27 & mask, state >> 59
        key.append((word >> turn | word << (32 - turn)) & mask)
    count = -(-words // 16)
    start = np.zeros((16, count), np.uint32)
    start[:4] = np.array([0x61707865, 0x3320646E, 0x79622D32, 0x6B206574], np.uint32)[:, None]
    start[4:12] = np.array(key, np.uint32)[:, None]
    start[12] = np.arange(count)
    x = start.copy()

    def quarter(a, b, c, d):
        for to, by, turned, turn in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
            x[to] += x[by]
            x[turned] ^= x[to]
            x[turned] = x[turned] << np.uint32(turn) | x[turned] >> np.uint32(32 - turn)

    for _ in range(4):
        for i in range(4):
            quarter(i, 4 + i, 8 + i, 12 + i)
        for i in range(4):
            quarter(i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4)
    return (x + start).T.ravel()


def uniform(seed, count):
    words = chacha(seed, 2 * count).astype(np.uint64)
    return ((words[0 : 2 * count : 2] | words[1 : 2 * count : 2] << np.uint64(32)) >> np.uint64(11)) / 2.0**53


def random_units(dims, units):
    """Directions, lengths below 6 and centres, in the square or cube of side 2."""
    u = uniform(0, units * (5 + dims)).reshape(units, 5 + dims)
    radius = np.sqrt(-2 * np.log(1 - u[:, [0, 0, 2, 2]]))
    turn = 2 * np.pi * u[:, [1, 1, 3, 3]]
    normal = radius * np.stack([np.cos(turn[:, 0]), np.sin(turn[:, 1]), np.cos(turn[:, 2]), np.sin(turn[:, 3])], -1)
    normal = normal[:, :dims]
    w = 6 * u[:, 4:5] * normal / np.linalg.norm(normal, axis=1, keepdims=True)
    return w, -(w * (2 * u[:, 5:] - 1)).sum(1)


def b3(x):
    (sx, sy), (cx, cy), tau = np.sin(np.pi * x).T, np.cos(np.pi * x).T, 2 * np.pi
    gradient = [-np.pi * (sx * cy + 0.5 * np.sin(tau * x[:, 0])), -np.pi * cx * sy]
    return np.stack(gradient, -1), np.stack([tau * sx * np.cos(tau * x[:, 1]), -np.pi * cx * np.sin(tau * x[:, 1])], -1)


def b7(x):
    """grad(cos pi x cos 2pi y cos pi z + xyz) and curl(c s s, 2 s c s, -s s c)."""
    (s, sy, sz), (c, cy, cz), pi = np.sin(np.pi * x).T, np.cos(np.pi * x).T, np.pi
    s2, c2 = np.sin(2 * pi * x[:, 1]), np.cos(2 * pi * x[:, 1])
    px, py, pz = x.T
    gradient = [-pi * s * c2 * cz + py * pz, -2 * pi * c * s2 * cz + px * pz, -pi * c * c2 * sz + px * py]
    rest = [-3 * pi * s * cy * cz, 2 * pi * c * sy * cz, pi * c * cy * sz]
    return np.stack(gradient, -1), np.stack(rest, -1)


def study(case, dims, n, parts):
    """Errors of numpy's lstsq with the units of seed 0; case S1 on [-1, 1]^2, others on the unit square or cube."""
    start, side = (-1, 2) if case == "S1" else (0, 1)
    t = (np.arange(n) + 0.5) / n
    grids = np.meshgrid(*[t] * dims, indexing="ij")
    x = start + side * np.stack([g.ravel() for g in grids[::-1]], -1)
    xi = 2 * (x - start) / side - 1
    gradient, rest = parts(x)
    units = min([500, 800][dims - 2], dims * n**dims // 12)
    w, b = random_units(dims, units)
    h = np.tanh(xi @ w.T + b)
    ones = [np.eye(dims)[k] * np.ones_like(xi) for k in range(dims)]
    columns = np.concatenate([np.stack([*ones, xi], -1), w.T[None] * h[:, None]], 2)
    matrix = columns.reshape(-1, columns.shape[-1])
    matrix /= np.linalg.norm(matrix, axis=0)
    field = (gradient + rest).ravel()
    found = (matrix @ np.linalg.lstsq(matrix, field, rcond=1e-8)[0]).reshape(gradient.shape)
    row = {"case": case, "method": "learned", "dims": dims, "n": n}
    if case == "S1":
        torsion = 16 / 3 - NO_FLUX["energy"]
        energy = ((gradient + rest - found) ** 2).sum() * (side / n) ** dims
        return row | {"error_energy": float(abs(energy - torsion) / torsion)}
    error = np.linalg.norm(found - gradient)
    names = {"error_gradient": gradient, "error_solenoidal": rest}
    return row | {name: float(error / np.linalg.norm(part)) for name, part in names.items()} | {"error_harmonic": 0.0}


def s1(x):
    rest = solenoidal(x[:, 0], x[:, 1])
    return field(x[:, 0], x[:, 1]) - rest, rest


NO_FLUX = no_flux()
STUDIES = [("S1", 2, (32, 64, 96), s1), ("B3", 2, (32, 64), b3), ("B7", 3, (12, 20), b7)]
studies = [study(case, dims, n, parts) for case, dims, sizes, parts in STUDIES for n in sizes]
print(json.dumps({"no_flux": NO_FLUX, "cone": [cone(40, 10000, 64, 1), cone(60, 10000, 64, 2)], "studies": studies}, indent=1))
