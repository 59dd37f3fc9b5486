"""No-flux projection of a staggered field on a box: noflux.py scipy|ducc0 THREADS NX NY [NZ], the protocol of noflux.c.

`scipy`: scipy.fft.dctn with the differences in numpy. `ducc0`: ducc0.fft.dct with the differences in numba, in place.
"""

import sys
import time

import numpy as np

peer, threads = sys.argv[1], int(sys.argv[2])
shape = [int(n) for n in sys.argv[3:]][::-1]
dims = len(shape)
rng = np.random.default_rng(0)
v = [rng.random([n + (a == k) for a, n in enumerate(shape)]) - 0.5 for k in range(dims)]
eigenvalues = sum(
    (2 - 2 * np.cos(np.pi * np.arange(n) / n)).reshape([-1] + [1] * (dims - 1 - a)) for a, n in enumerate(shape)
)
inverse = np.divide(1.0, eigenvalues, out=np.zeros_like(eigenvalues), where=eigenvalues > 0)


def along(k, part):
    return (slice(None),) * k + (part,)


def scipy_projection():
    import scipy.fft

    inside, low, high = slice(1, -1), slice(None, -1), slice(1, None)

    def project():
        rhs = np.zeros(shape)
        for k in range(dims):
            flux = v[k][along(k, inside)]
            rhs[along(k, high)] += flux
            rhs[along(k, low)] -= flux
        spectrum = scipy.fft.dctn(rhs, type=2, workers=threads, overwrite_x=True)
        spectrum *= inverse
        phi = scipy.fft.idctn(spectrum, type=2, workers=threads, overwrite_x=True)
        gradient = [u.copy() for u in v]
        for k in range(dims):
            np.subtract(phi[along(k, high)], phi[along(k, low)], out=gradient[k][along(k, inside)])
        return gradient, [u - g for u, g in zip(v, gradient)]

    return project


def ducc_projection():
    import ducc0
    import numba

    numba.set_num_threads(threads)

    @numba.njit(parallel=True, fastmath=True)
    def rhs2(u, w, out):
        for y in numba.prange(out.shape[0]):
            for x in range(out.shape[1]):
                t = (w[y, x] if y > 0 else 0.0) - (w[y + 1, x] if y + 1 < out.shape[0] else 0.0)
                out[y, x] = t + (u[y, x] if x > 0 else 0.0) - (u[y, x + 1] if x + 1 < out.shape[1] else 0.0)

    @numba.njit(parallel=True, fastmath=True)
    def parts2(u, w, p, gu, gw, su, sw):
        ny, nx = p.shape
        for y in numba.prange(ny + 1):
            if y < ny:
                gu[y, 0], gu[y, nx], su[y, 0], su[y, nx] = u[y, 0], u[y, nx], 0.0, 0.0
                for x in range(1, nx):
                    gu[y, x] = p[y, x] - p[y, x - 1]
                    su[y, x] = u[y, x] - gu[y, x]
            for x in range(nx):
                gw[y, x] = w[y, x] if y == 0 or y == ny else p[y, x] - p[y - 1, x]
                sw[y, x] = w[y, x] - gw[y, x]

    @numba.njit(parallel=True, fastmath=True)
    def rhs3(u, w, t, out):
        nz, ny, nx = out.shape
        for z in numba.prange(nz):
            for y in range(ny):
                for x in range(nx):
                    r = (t[z, y, x] if z > 0 else 0.0) - (t[z + 1, y, x] if z + 1 < nz else 0.0)
                    r += (w[z, y, x] if y > 0 else 0.0) - (w[z, y + 1, x] if y + 1 < ny else 0.0)
                    out[z, y, x] = r + (u[z, y, x] if x > 0 else 0.0) - (u[z, y, x + 1] if x + 1 < nx else 0.0)

    @numba.njit(parallel=True, fastmath=True)
    def parts3(u, w, t, p, gu, gw, gt, su, sw, st):
        nz, ny, nx = p.shape
        for z in numba.prange(nz + 1):
            for y in range(ny):
                for x in range(nx):
                    gt[z, y, x] = t[z, y, x] if z == 0 or z == nz else p[z, y, x] - p[z - 1, y, x]
                    st[z, y, x] = t[z, y, x] - gt[z, y, x]
            if z < nz:
                for y in range(ny):
                    gu[z, y, 0], gu[z, y, nx] = u[z, y, 0], u[z, y, nx]
                    su[z, y, 0], su[z, y, nx] = 0.0, 0.0
                    for x in range(1, nx):
                        gu[z, y, x] = p[z, y, x] - p[z, y, x - 1]
                        su[z, y, x] = u[z, y, x] - gu[z, y, x]
                for y in range(ny + 1):
                    for x in range(nx):
                        gw[z, y, x] = w[z, y, x] if y == 0 or y == ny else p[z, y, x] - p[z, y - 1, x]
                        sw[z, y, x] = w[z, y, x] - gw[z, y, x]

    @numba.njit(parallel=True)
    def scale(a, b):
        for i in numba.prange(a.shape[0]):
            a[i] *= b[i]

    xfirst = v[::-1]
    gradient, solenoidal = [np.zeros_like(u) for u in xfirst], [np.zeros_like(u) for u in xfirst]
    phi = np.zeros(shape)
    rhs, parts = (rhs2, parts2) if dims == 2 else (rhs3, parts3)

    def project():
        rhs(*xfirst, phi)
        ducc0.fft.dct(phi, type=2, inorm=1, out=phi, nthreads=threads)
        scale(phi, inverse)
        ducc0.fft.dct(phi, type=3, inorm=1, out=phi, nthreads=threads)
        parts(*xfirst, phi, *gradient, *solenoidal)
        return gradient[::-1], solenoidal[::-1]

    project()
    return project


project = scipy_projection() if peer == "scipy" else ducc_projection()
print("ready 0", flush=True)
gradient = solenoidal = None
for _ in sys.stdin:
    start = time.perf_counter()
    gradient, solenoidal = project()
    print(f"{time.perf_counter() - start:.6f}", flush=True)
cells = np.prod(shape)
g, s = (sum(np.vdot(a, a) for a in part) / cells for part in (gradient, solenoidal))
left = np.abs(sum(np.diff(a, axis=k) for k, a in enumerate(solenoidal))).max()
print(f"gradient {g:.6f} solenoidal {s:.6f} divergence {left:.1e}")
