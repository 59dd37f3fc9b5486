"""Times a hierarchy of pyamg that preconditions conjugate gradients to 1e-10."""

import json
import resource
import time

import pyamg


def peak():
    return 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def measure(name, shape, matrix, rhs):
    """Prints one JSON object for the solver `name` (ruge_stuben or smoothed_aggregation)."""
    solver = getattr(pyamg, name + "_solver")
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
