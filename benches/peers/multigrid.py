"""pyamg on the Laplacian of a box, zero at the walls: python multigrid.py SOLVER NX NY [NZ]

SOLVER is ruge_stuben or smoothed_aggregation; both precondition conjugate gradients to 1e-10.
Prints one JSON object: set-up and solve in seconds, iterations, and memory in bytes, the matrix
included."""

import sys

import numpy as np
import scipy.sparse as sp

from pyamg_run import measure


def laplacian(shape):
    total = sp.csr_matrix((np.prod(shape),) * 2)
    for k, n in enumerate(shape):
        gradient = sp.diags([-np.ones(n - 1), np.ones(n - 1)], [0, 1], (n - 1, n))
        second = (gradient.T @ gradient).tolil()
        second[0, 0] += 2
        second[n - 1, n - 1] += 2
        before, after = np.prod(shape[:k], dtype=int), np.prod(shape[k + 1 :], dtype=int)
        total = total + sp.kron(sp.kron(sp.eye(before), second), sp.eye(after))
    return total.tocsr()


def main():
    name, shape = sys.argv[1], [int(n) for n in sys.argv[2:]]
    matrix = laplacian(shape)
    rhs = np.random.default_rng(1).uniform(-1, 1, matrix.shape[0])
    measure(name, shape, matrix, rhs)


main()
