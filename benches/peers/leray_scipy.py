"""Periodic projection with scipy.fft: leray_scipy.py THREADS NX NY [NZ], the protocol of leray.c."""

import sys
import time

import numpy as np
import scipy.fft

threads, shape = int(sys.argv[1]), [int(n) for n in sys.argv[2:]]
dims = len(shape)
field = np.random.default_rng(0).random((dims, *shape[::-1])) - 0.5


def wavenumbers(n, real):
    k = np.arange(n // 2 + 1) if real else np.fft.fftfreq(n, 1 / n)
    return np.where(2 * np.abs(k) == n, 0.0, k)


k = [wavenumbers(n, a == 0).reshape([-1] + [1] * a) for a, n in enumerate(shape)]
square = sum(k * k for k in k)
inverse_square = np.divide(1.0, square, out=np.zeros_like(square), where=square > 0)
axes = tuple(range(1, dims + 1))


def project():
    spectrum = scipy.fft.rfftn(field, axes=axes, workers=threads)
    mean = spectrum[(slice(None),) + (0,) * dims].real / field[0].size
    dot = sum(k * u for k, u in zip(k, spectrum)) * inverse_square
    for c in range(dims):
        np.multiply(k[c], dot, out=spectrum[c])
    gradient = scipy.fft.irfftn(spectrum, field.shape[1:], axes=axes, workers=threads, overwrite_x=True)
    solenoidal = field - gradient
    solenoidal -= mean.reshape([-1] + [1] * dims)
    return gradient, solenoidal


print("ready 0", flush=True)
for _ in sys.stdin:
    start = time.perf_counter()
    gradient, solenoidal = project()
    print(f"{time.perf_counter() - start:.6f}", flush=True)
g, s, gs = (np.vdot(a, b) for a, b in [(gradient, gradient), (solenoidal, solenoidal), (gradient, solenoidal)])
print(f"gradient {g / field[0].size:.6f} solenoidal {s / field[0].size:.6f} cosine {gs / np.sqrt(g * s):.1e}")
