"""pyamg on the Laplacian of a globe with land, no flux into it: python masked_globe.py SOLVER NX NY

SOLVER is ruge_stuben or smoothed_aggregation; both precondition conjugate gradients to 1e-10. The land is that of
`cargo bench --bench sparse -- multigrid NX NY --globe --digits 10`. Prints one JSON object: set-up and solve in
seconds, iterations, and memory in bytes, the matrix included. With a path that ends in .mtx for SOLVER the matrix,
one cell of each sea fixed, is written there for `cholmod PATH ORDERING`."""

import sys

import numpy as np
import scipy.io
import scipy.sparse as sp


def laplacian(nx, ny):
    """Conductances S/d of the faces between cells at sea, on the sphere of radius 1."""
    lon = np.radians(-180 + 360 * (np.arange(nx) + 0.5) / nx)
    lat, edge = np.radians(-90 + 180 * (np.arange(ny) + 0.5) / ny), np.radians(-90 + 180 * np.arange(ny + 1) / ny)
    across, along = 2 * np.pi / nx, np.pi / ny
    x, y = np.meshgrid(lon, lat)
    land = np.sin(3 * x + 2 * np.sin(4 * y)) * np.cos(5 * y) > 0.6
    sea = ~(land | (np.sin(20 * x) * np.sin(20 * y) > 0.9))
    number = np.cumsum(sea.ravel()).reshape(sea.shape) - 1
    east = np.broadcast_to((along / (np.cos(lat) * across))[:, None], sea.shape)
    north = np.broadcast_to((np.cos(edge[1:-1]) * across / along)[:, None], (ny - 1, nx))
    pairs = [(number, np.roll(number, -1, 1), sea & np.roll(sea, -1, 1), east),
             (number[:-1], number[1:], sea[:-1] & sea[1:], north)]
    a, b, c = (np.concatenate([p[i][p[2]] for p in pairs]) for i in (0, 1, 3))
    n = number.max() + 1
    couplings = sp.coo_matrix((np.r_[c, c], (np.r_[a, b], np.r_[b, a])), (n, n)).tocsr()
    return (sp.diags(np.asarray(couplings.sum(1)).ravel()) - couplings).tocsr()


def main():
    name, shape = sys.argv[1], [int(n) for n in sys.argv[2:]]
    matrix = laplacian(*shape)
    rhs = np.random.default_rng(1).uniform(-1, 1, matrix.shape[0])
    # One constant for each sea.
    _, sea = sp.csgraph.connected_components(matrix, directed=False)
    if name.endswith(".mtx"):
        _, first = np.unique(sea, return_index=True)
        fixed = np.zeros(len(sea))
        fixed[first] = 1
        scipy.io.mmwrite(name, sp.tril(matrix + sp.diags(fixed)), symmetry="symmetric")
        return
    from pyamg_run import measure

    rhs -= (np.bincount(sea, rhs) / np.bincount(sea))[sea]
    measure(name, shape, matrix, rhs)


main()
