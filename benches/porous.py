#!/usr/bin/env python3
"""A porous block: noise smoothed over S cells, of which the upper 76 % of N x N x N are fluid.

    python3 benches/porous.py N [S] OUT.npz

Writes u, v, w: a smooth flow and noise, with NaN in the solid (seed 1). Needs numpy and scipy. With N = 128 and S =
4.5, the default, the fluid is 1 piece with 138 independent loops and 9 cavities.
"""
import sys

import numpy as np
from scipy.ndimage import gaussian_filter

n, out = int(sys.argv[1]), sys.argv[-1]
smooth = float(sys.argv[2]) if len(sys.argv) > 3 else 4.5
random = np.random.default_rng(1)
noise = gaussian_filter(random.standard_normal((n, n, n)), smooth, mode="wrap")
solid = noise < np.quantile(noise, 0.24)
z, y, x = np.meshgrid(*[(np.arange(n) + 0.5) / n] * 3, indexing="ij")
flow = [np.sin(3 * y + z), np.cos(2 * x - z), np.sin(x + 4 * y)]
fields = {}
for name, part in zip("uvw", flow):
    part = part + 0.3 * random.standard_normal(part.shape)
    part[solid] = np.nan
    fields[name] = part
np.savez(out, **fields)
