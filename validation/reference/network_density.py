"""Gradient shares of a network's field under a density and on a disc, by numpy's least squares: what `hodge decompose autoencoder:…` with
--density-points, --density and --mask is compared with. No code in common with hodge.

On faces normal to x and y, with half weights at walls, phi of the cells minimises
sum w p (grad phi - v)²; across walls phi is free, so that the gradient there is v.

    python3 validation/reference/network_density.py > validation/reference/network_density.json
"""
import json

import numpy as np

WINDOW, N = (-1.5, 1.5), 20
POINTS = [[0.3 * np.cos(2.0 * i) + 0.01 * i, 0.5 * np.sin(3.0 * i)] for i in range(40)]
BANDWIDTH = 0.3


UNITS = 6


def network():
    """tanh units with weights that are sines: their Jacobian is far from symmetric."""
    l, i = np.arange(UNITS), np.arange(2)
    w = 1.5 * np.sin(1.3 * (2 * l[:, None] + i) + 0.5)
    r = 1.2 * np.cos(0.7 * (UNITS * i[:, None] + l) + 0.2)
    return lambda x: np.tanh(x @ w.T + 0.4 * np.cos(l)) @ r.T - x


def share(field, density, active):
    """The gradient share; `density` of positions (n, 2), `active` of cells [y, x]."""
    h = (WINDOW[1] - WINDOW[0]) / N
    rows, wanted, whole, walls = [], [], 0.0, 0.0
    for axis in (0, 1):
        for j in range(N):
            for i in range(N + 1):
                place = [WINDOW[0] + i * h, WINDOW[0] + (j + 0.5) * h][:: 1 if axis == 0 else -1]
                beside = [(j, i - 1), (j, i)] if axis == 0 else [(i - 1, j), (i, j)]
                beside = [c if 0 <= min(c) and max(c) < N and active[c] else None for c in beside]
                if beside == [None, None]:
                    continue
                at = np.array([place])
                p, v = density(at)[0], field(at)[0, axis]
                if None in beside:
                    whole += 0.5 * p * v * v
                    walls += 0.5 * p * v * v
                    continue
                whole += p * v * v
                row = np.zeros((N, N))
                row[beside[0]], row[beside[1]] = -1 / h, 1 / h
                rows.append(np.sqrt(p) * row.ravel())
                wanted.append(np.sqrt(p) * v)
    rows, wanted = np.array(rows), np.array(wanted)
    phi = np.linalg.lstsq(rows, wanted, rcond=1e-13)[0]
    return (np.sum((rows @ phi) ** 2) + walls) / whole


def kernel(at):
    squares = ((at[:, None, :] - np.array(POINTS)[None]) ** 2).sum(2)
    return np.exp(-squares / (2 * BANDWIDTH**2)).sum(1)


if __name__ == "__main__":
    x = WINDOW[0] + (np.arange(N) + 0.5) * (WINDOW[1] - WINDOW[0]) / N
    centres = np.meshgrid(x, x)
    inside = lambda cx, cy, r: (centres[0] - cx) ** 2 + (centres[1] - cy) ** 2 <= r * r
    all_, one, field = np.full((N, N), True), lambda at: np.ones(len(at)), network()
    print(json.dumps({
        "window": WINDOW, "cells": N, "points": POINTS, "bandwidth": BANDWIDTH,
        "plain": share(field, one, all_),
        "kernel": share(field, kernel, all_),
        "disc": share(field, one, inside(0, 0, 0.9)),
        "disc_aside": share(field, one, inside(0.2, -0.3, 0.7)),
        "disc_and_kernel": share(field, kernel, inside(0.2, -0.3, 0.7)),
    }, indent=1))
