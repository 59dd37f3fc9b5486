"""Checks parts of `--method central` with numpy.gradient. Usage: central_gradient.py FILE

Prints divergence of the solenoidal and curl of the gradient part at every point, over those of the input, and exits with 1 where one
exceeds 1e-12, or where the parts do not add up or are not orthogonal by the trapezoid rule.
"""

import sys

import h5py
import numpy as np

failed = False


def check(what, value):
    global failed
    failed |= not value <= 1e-12
    print(f"{what} {value:.1e}")


with h5py.File(sys.argv[1]) as file:
    field, gradient, solenoidal, harmonic = (
        file[part][...].astype(float) for part in ("input", "gradient", "solenoidal", "harmonic")
    )
    axes = [file[axis][...] for axis in "xyz"[: len(field)]]

# Arrays are (component, [z,] y, x).
along = lambda k: len(axes) - 1 - k
width = [np.gradient(x).reshape([-1] + [1] * k) for k, x in enumerate(axes)]
d = lambda f, k: np.gradient(f, axis=along(k)) / width[k]
divergence = lambda v: sum(d(v[k], k) for k in range(len(axes)))
curls = lambda v: [d(v[b], a) - d(v[a], b) for b in range(len(axes)) for a in range(b)]
weights = 1.0
for k, x in enumerate(axes):
    steps = np.r_[0, np.diff(x), 0]
    weights = weights * ((steps[1:] + steps[:-1]) / 2).reshape([-1] + [1] * k)
inner = lambda v, w: (weights * v * w).sum()
size = abs(divergence(field)).max()

check("divergence of the solenoidal part", abs(divergence(solenoidal)).max() / size)
check("curl of the gradient part", max(abs(c).max() for c in curls(gradient)) / size)
check("sum", abs(field - gradient - solenoidal - harmonic).max() / abs(field).max())
for a, b in [(gradient, solenoidal), (gradient, harmonic), (solenoidal, harmonic)]:
    check("product of two parts", abs(inner(a, b)) / inner(field, field))
check("missing harmonic part", 0.0 if inner(harmonic, harmonic) > 1e-3 * inner(field, field) else 1.0)
sys.exit(failed)
