"""The analytic fields of hodge, written down once more for the programs beside this one, which have no code in common with hodge.

Each function of a position gives the gradient, the solenoidal and the harmonic part, components first; None is 0.
"""
import numpy as np

PI = np.pi
sin, cos, exp = np.sin, np.cos, np.exp


def bump(t):
    return (t * (1 - t)) ** 2, 2 * t * (1 - t) * (1 - 2 * t)


def square(k, t):
    return sin(k * t) ** 2, k * sin(2 * k * t)


def p1(x, y):
    wave, shear = sin(3 * x + y), cos(x - 2 * y) / 3
    return ([cos(x) * cos(2 * y) - 1.5 * wave, -2 * sin(x) * sin(2 * y) - 0.5 * wave],
            [-cos(2 * x) * sin(y) - 2 * shear, 2 * sin(2 * x) * cos(y) - shear], [0.3 + 0 * x, -0.2 + 0 * x])


def p2(x, y):
    return [cos(x) * sin(y), sin(x) * cos(y)], [-cos(x) * sin(y), sin(x) * cos(y)], None


def p3(x, y):
    e, q = exp(sin(x) + cos(y)), 2 + cos(x) * sin(y)
    return [e * cos(x), -e * sin(y)], [-cos(x) * cos(y) / q**2, -sin(x) * sin(y) / q**2], None


def p4(x, y, z):
    a, b, c = 1, 0.8, 0.6
    return ([cos(x) * cos(y) * sin(2 * z), -sin(x) * sin(y) * sin(2 * z), 2 * sin(x) * cos(y) * cos(2 * z)],
            [a * sin(z) + c * cos(y), b * sin(x) + a * cos(z), c * sin(y) + b * cos(x)], [0.1 + 0 * x, 0.2 + 0 * x, -0.3 + 0 * x])


def p5(x, y, z):
    return ([-sin(x) * cos(y) * cos(z), -cos(x) * sin(y) * cos(z), -cos(x) * cos(y) * sin(z)],
            [sin(x) * cos(y) * cos(z), -cos(x) * sin(y) * cos(z), 0 * x], None)


def b1(x, y):
    wave = PI * cos(PI * (x + y))
    return [wave, wave], [-sin(PI * x) * cos(PI * y), cos(PI * x) * sin(PI * y)], None


def b2(x, y):
    (bx, sx), (by, sy) = bump(x), bump(y)
    return [3 * x * x * y - y * y + 1, x**3 - 2 * x * y], [16 * bx * sy, -16 * sx * by], None


def b3(x, y):
    return ([-PI * (sin(PI * x) * cos(PI * y) + 0.5 * sin(2 * PI * x)), -PI * cos(PI * x) * sin(PI * y)],
            [2 * PI * sin(PI * x) * cos(2 * PI * y), -PI * cos(PI * x) * sin(2 * PI * y)], None)


def b4(x, y):
    return ([PI * cos(PI * x) * sin(PI * y), PI * sin(PI * x) * cos(PI * y)],
            [PI * sin(2 * PI * x) * cos(PI * y), -2 * PI * cos(2 * PI * x) * sin(PI * y)],
            [2 * x + 0.5 * exp(x) * cos(y), -2 * y - 0.5 * exp(x) * sin(y)])


def b5(x, y):
    bx, by = x * (1 - x), y * (1 - y)
    return ([(1 - 2 * x) * by, bx * (1 - 2 * y)], [x * bx * (1 - y) * (1 - 3 * y), -(2 - 3 * x) * x * by * (1 - y)],
            [3 * (x * x - y * y) + 1, -6 * x * y + 2])


def b6(x, y, z):
    d = [cos(PI * x) * sin(PI * y) * sin(PI * z), sin(PI * x) * cos(PI * y) * sin(PI * z), sin(PI * x) * sin(PI * y) * cos(PI * z)]
    return d, [3 * d[0], -3 * d[1], 0 * x], None


def vortex(x, y, z):
    return [-3 * PI * sin(PI * x) * cos(PI * y) * cos(PI * z), 2 * PI * cos(PI * x) * sin(PI * y) * cos(PI * z),
            PI * cos(PI * x) * cos(PI * y) * sin(PI * z)]


def b7(x, y, z):
    return ([-PI * sin(PI * x) * cos(2 * PI * y) * cos(PI * z) + y * z, -2 * PI * cos(PI * x) * sin(2 * PI * y) * cos(PI * z) + x * z,
             -PI * cos(PI * x) * cos(2 * PI * y) * sin(PI * z) + x * y], vortex(x, y, z), None)


def b8(x, y, z):
    (bx, sx), (by, sy), (bz, sz) = ((4 * t * (1 - t), 4 - 8 * t) for t in (x, y, z))
    return [sx * by * bz, bx * sy * bz, bx * by * sz], vortex(x, y, z), [2 * x + y * z, 2 * y + x * z, -4 * z + x * y]


def b9(x, y, z):
    scale = 16 * (1 + z)
    return [2 * x * y, x * x + z, y - 3 * z * z], [scale * x * (1 - x) * (1 - 2 * y), -scale * (1 - 2 * x) * y * (1 - y), 0 * x], None


def s1(x, y):
    return [-x, -y], [y, -x], None


def u2(x, y):
    (fx, dx), (fy, dy), (f2, d2) = square(PI, x), square(PI, y), square(2 * PI, x)
    return [dx * fy, fx * dy], [f2 * dy, -d2 * fy], None


def u3(*x):
    def gradient(k):
        (fx, dx), (fy, dy), (fz, dz) = (square(PI * a, t) for a, t in zip(k, x))
        return [dx * fy * fz, fx * dy * fz, fx * fy * dz]

    ax, ay, az = gradient((1, 2, 1)), [g / 2 for g in gradient((1, 1, 2))], gradient((2, 1, 1))
    return gradient((1, 1, 1)), [az[1] - ay[2], ax[2] - az[0], ay[0] - ax[1]], None


def w1(x, y, z):
    (fx, dx), (fy, dy) = square(PI, x), square(PI / 1.5, y)
    g = 1 + 0.5 * cos(2 * PI * z / 0.8)
    return [0 * x, 0 * x, sin(2 * PI * z / 0.8)], [fx * dy * g, -dx * fy * g, 0 * x], None


def e1(*x):
    """sum alpha_l w_l h(w_l.x + b_l) + c - x, sum q_l h, with alpha_l = r_l.w_l / |w_l|^2 and q_l = r_l - alpha_l w_l."""
    if len(x) == 2:
        w, b, act = [[2.0, -1.0], [0.5, 1.5], [-1.0, 2.5]], [0.25, -0.5, 0.75], lambda t: 1 / (1 + exp(-t))
        r, c = [[1.5, -0.5, -1.0], [0.75, 2.0, 0.5]], [-0.25, -1.0]
    else:
        w, b, act = [[1.0, -0.5, 0.25], [0.5, 1.0, -1.0], [-0.75, 0.5, 1.25]], [0.25, -0.5, 0.1], np.tanh
        r, c = [[0.75, -0.5, 0.25], [1.0, 0.5, -0.25], [-0.5, 0.25, 1.5]], [0.1, -0.2, 0.3]
    w, r = np.array(w), np.array(r).T
    slope = (w * r).sum(1, keepdims=True) / (w * w).sum(1, keepdims=True)
    unit = [act(sum(a * t for a, t in zip(row, x)) + shift) for row, shift in zip(w, b)]
    mix = lambda columns: [sum(columns[l, k] * unit[l] for l in range(len(unit))) for k in range(len(x))]
    return [v + c[k] - x[k] for k, v in enumerate(mix(slope * w))], mix(r - slope * w), None


def e2(*x):
    if len(x) == 2:
        turn = 2 * PI * np.arange(12) / 12
        cloud = 0.4 * np.array([cos(turn), sin(turn)]).T
    else:
        t = np.arange(24) / 23
        cloud = np.array([0.4 * cos(4 * PI * t), 0.4 * sin(4 * PI * t), 0.8 * t - 0.4]).T
    distance = sum((x[k][..., None] - cloud[:, k]) ** 2 for k in range(len(x)))
    weight = exp(-(distance - distance.min(-1, keepdims=True)) / 0.045)
    weight /= weight.sum(-1, keepdims=True)
    return [(weight * (cloud[:, k] - x[k][..., None])).sum(-1) for k in range(len(x))], None, None


def g1(x, y):
    return [-x, -y], [y, -x], None


def c1(x, y, z):
    return [2 * x * z, 0 * x, x * x], [x * z, y * z, 1 - 2 * (x * x + y * y) - z * z], None


def c2(x, y, z):
    """Between cylinders: grad of x (1 + z^2), rotation of (s - 1)^2 (4 - s)^2 (1 + z)/10 about z, (-y, x)/s, s = x^2 + y^2."""
    s = x * x + y * y
    g = (s - 1) * (4 - s) * (5 - 2 * s) * (1 + z) / 5
    return [1 + z * z, 0 * x, 2 * x * z], [2 * y * g, -2 * x * g, 0 * x], [-y / s, x / s, 0 * x]


def c3(x, y, z):
    """Between spheres: grad of (s - 1)(4 - s)/4, s = |x|^2, which is 0 on both, rotations, and x/|x|^3."""
    s = x * x + y * y + z * z
    slope, cube = (5 - 2 * s) / 2, s**1.5
    return [slope * x, slope * y, slope * z], [z - y, x, -x], [x / cube, y / cube, z / cube]


def c5(x, y, z):
    return [19 * y - 10 * x, 19 * x - y, -8 / 3 * z], [-9 * y, 9 * x - x * z, x * y], None


def h1(x, y):
    """The five orthogonal fields: phi = 0 and psi = 0 at the walls, tangential and normal harmonic, both gradient and curl."""
    s = x * x + y * y
    g, slope = (s - 1) * (4 - s), 5 - 2 * s
    return ([g + 2 * x * x * slope, 2 * x * y * slope], [g + 2 * y * (1 + y) * slope, -2 * x * (1 + y) * slope],
            [-y / s, x / s], [x / s, y / s], [2 * x, -2 * y])


def h2(x, y):
    s = x * x + y * y
    return None, None, [-y / s, x / s]


def sp1(x, y):
    s, c = sin(y), cos(y)
    p, q = 9 * s**2 - 1, 143 * s**6 - 143 * s**4 + 33 * s**2 - 1
    slope = 858 * s**5 - 572 * s**3 + 66 * s
    return ([-3 * sin(3 * x) * c**2 * p, cos(3 * x) * (18 * s * c**4 - 3 * s * c**2 * p)],
            [cos(2 * x) * (2 * s * c * q - c**3 * slope), -2 * sin(2 * x) * c * q], None)


def sp2(x, y):
    return ([-sin(x) + 0 * y, -sin(y) * cos(x)], [-cos(2 * y) * cos(x + 0.7), -sin(y) * sin(x + 0.7)], None)


def sp3(x, y):
    (a, da), (b, db) = square(PI, x + 1), square(PI, y - 0.3)
    return sp1(x, y)[0], [-a * db, da * b / cos(y)], None


def sp4(x, y):
    return None, None, [1 / cos(y) + 0 * x, 0 * x]


def sp5(x, y, r):
    gradient, rotation, _ = sp1(x, y)
    chi = cos(3 * x) * cos(y) ** 3 * (9 * sin(y) ** 2 - 1)
    return [r * c for c in gradient] + [2 * r * chi], [r * c for c in rotation] + [0 * r * x], None


def curved(w):
    return w + 0.2 * w**2


def cv1(x, y):
    """Along z'(w) and to the left of it, w = x + iy."""
    z, slope = curved(x + 1j * y), 1 + 0.4 * (x + 1j * y)
    east, north = b2(z.real, z.imag)[0]
    gradient = (east + 1j * north) * slope.conj() / abs(slope)
    (a, da), (b, db) = square(PI, x), square(PI, y)
    return [gradient.real, gradient.imag], [a * db / abs(slope), -da * b / abs(slope)], None
