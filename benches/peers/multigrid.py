"""pyamg on the Laplacian of a box, zero at the walls: python multigrid.py SOLVER NX NY [NZ]

SOLVER is ruge_stuben or smoothed_aggregation; both precondition conjugate gradients to 1e-10.
Prints one JSON object: set-up and solve in seconds, iterations, and memory in bytes, the matrix
included."""

import json
import resource
import sys
import time

import numpy as np
import pyamg
import scipy.sparse as sp


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


def peak():
    return 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main():
    name, shape = sys.argv[1], [int(n) for n in sys.argv[2:]]
    solver = getattr(pyamg, name + "_solver")
    matrix = laplacian(shape)
    rhs = np.random.default_rng(1).uniform(-1, 1, matrix.shape[0])
    before = peak()
    start = time.perf_counter()
    hierarchy = solver(matrix)
    ready = time.perf_counter()
    residuals = []
    hierarchy.solve(rhs, tol=1e-10, accel="cg", residuals=residuals, maxiter=200)
    done = time.perf_counter()
    result = {
        "peer": "pyamg " + name,
        "n": shape,
        "set_up": round(ready - start, 3),
        "solve": round(done - ready, 3),
        "iterations": len(residuals) - 1,
        "reached": residuals[-1] / residuals[0],
        "memory": peak() - before + matrix.data.nbytes + matrix.indices.nbytes,
    }
    print(json.dumps(result), flush=True)


main()
