"""Checks that scipy reads the matrices of `hodge operators`. Usage: read_operators.py FILE

The file is the one tests/cli/operators.rs writes: a fully periodic box of 6 × 5 × 4 cells.
"""

import sys

import numpy as np
from scipy.sparse import csr_matrix

z = np.load(sys.argv[1])


def matrix(name):
    return csr_matrix((z[name + "_data"], z[name + "_indices"], z[name + "_indptr"]), shape=z[name + "_shape"])


D0, D1, D2, star0, star1, size1 = map(matrix, ["D0", "D1", "D2", "star0", "star1", "size1"])
n = 6 * 5 * 4
assert (D0.shape, D1.shape, D2.shape) == ((3 * n, n), (3 * n, 3 * n), (n, 3 * n)), "shapes"
assert abs(D1 @ D0).max() == 0 and abs(D2 @ D1).max() == 0, "differences of differences"
assert D1.has_canonical_format and D1.indices.dtype == np.int32, "the layout of scipy"

# One wave along x: an eigenvector of the Laplacian, in arrays (z, y, x).
h = size1.diagonal()[0]
wave = np.broadcast_to(np.cos(2 * np.pi * np.arange(6) / 6), (4, 5, 6)).ravel()
found = (D0.T @ star1 @ D0 @ wave) / star0.diagonal()
assert np.allclose(found, (2 * np.sin(np.pi / 6) / h) ** 2 * wave), "eigenvalue of the Laplacian"
