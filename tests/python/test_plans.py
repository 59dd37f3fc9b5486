"""Plans and decompose against numpy and scipy."""

import os
import pickle
import signal
import subprocess
import sys
import threading

import hypothesis.extra.numpy as arrays
import hypothesis.strategies as st
import numpy as np
import pytest
import scipy.sparse as sparse
from hypothesis import given, settings
from scipy.sparse.linalg import spsolve

import hodge

random = np.random.default_rng(11)


def leray(field, spacing):
    """Gradient part, its potential and the null modes of a periodic field by numpy alone."""
    space = field.shape[1:]
    waves = []
    for axis, (n, h) in enumerate(zip(space, spacing[::-1])):
        k = 2 * np.pi * np.fft.fftfreq(n, h)
        if n % 2 == 0:
            k[n // 2] = 0
        waves.append(k.reshape([-1 if a == axis else 1 for a in range(len(space))]))
    waves = waves[::-1]
    transforms = np.fft.fftn(field, axes=range(1, field.ndim))
    square = sum(k**2 for k in waves)
    null = square == 0
    divergence = sum(1j * k * v for k, v in zip(waves, transforms))
    phi = -divergence / np.where(null, 1, square)
    back = lambda v: np.fft.ifftn(v).real
    gradient = np.array([back(1j * k * phi) for k in waves])
    return gradient, back(phi), np.array([back(np.where(null, v, 0)) for v in transforms])


@pytest.mark.parametrize("shape", [(6, 8), (7, 9), (16, 5), (4, 6, 8), (5, 3, 7)])
def test_periodic_fields_agree_with_numpy(shape):
    dims = len(shape)
    spacing = [0.5, 0.25, 2.0][:dims]
    field = random.standard_normal((dims, *shape))
    parts = hodge.decompose(field, spacing=spacing, periodic=True)
    gradient, phi, null = leray(field, spacing)
    assert parts.evidence["method"] == "spectral"
    np.testing.assert_allclose(parts.gradient, gradient, atol=1e-13)
    np.testing.assert_allclose(parts.harmonic, null, atol=1e-13)
    np.testing.assert_allclose(parts.potential, phi, atol=1e-13)
    np.testing.assert_allclose(parts.gradient + parts.solenoidal + parts.harmonic, field, atol=1e-13)
    energy = (field**2).sum()
    assert parts.shares["gradient"] == pytest.approx((gradient**2).sum() / energy, abs=1e-12)


def divergence_matrix(shape):
    """Of faces to cells, spacing 1, walls all around: by scipy's products of lines."""
    ny, nx = shape
    line = lambda n: sparse.diags([-np.ones(n), np.ones(n)], [0, 1], shape=(n, n + 1))
    return sparse.hstack([sparse.kron(sparse.eye(ny), line(nx)), sparse.kron(line(ny), sparse.eye(nx))]).tocsr()


@pytest.mark.parametrize("boundary", ["no-flux", "zero-potential"])
def test_faces_between_walls_agree_with_a_sparse_solve(boundary):
    shape = (9, 12)
    u, v = random.standard_normal((9, 13)), random.standard_normal((10, 12))
    field = np.concatenate([u.ravel(), v.ravel()])
    divergence = divergence_matrix(shape)
    # Half weights at walls: a face there has half a cell beside it.
    weights_u, weights_v = np.ones((9, 13)), np.ones((10, 12))
    weights_u[:, [0, -1]] = weights_v[[0, -1]] = 0.5
    weights = np.concatenate([weights_u.ravel(), weights_v.ravel()])
    if boundary == "zero-potential":
        gradient = -sparse.diags(1 / weights) @ divergence.T
        phi = spsolve((divergence @ gradient).tocsc(), divergence @ field)
        expected = gradient @ phi
    else:
        # Any potential: the weighted least squares problem with gradients of cells and of one more layer around.
        inside = np.concatenate([(weights_u == 1).ravel(), (weights_v == 1).ravel()])
        gradient = -sparse.diags(inside.astype(float)) @ divergence.T
        interior = field * inside
        laplacian = (divergence @ gradient).tolil()
        laplacian[0] = 0
        laplacian[0, 0] = 1
        right = divergence @ interior
        right[0] = 0
        phi = spsolve(laplacian.tocsc(), right)
        expected = gradient @ phi + field * ~inside
    parts = hodge.decompose(u, v, staggered=True, boundary=boundary)
    gu, gv = parts.gradient
    assert gu.shape == u.shape and gv.shape == v.shape
    np.testing.assert_allclose(np.concatenate([gu.ravel(), gv.ravel()]), expected, atol=1e-11)
    rest = np.concatenate([p.ravel() for p in parts.solenoidal])
    assert np.abs(divergence @ rest).max() < 1e-11


def test_a_sphere_has_the_parts_of_rotation_and_harmonics():
    lat, lon = np.arange(-88.75, 90, 2.5), np.arange(0, 360, 2.5)
    phi, lam = np.radians(lat)[:, None], np.radians(lon)[None, :]
    radius = 6_371_200.0
    # chi = a cos(phi) cos(lam), psi = a sin(phi): u = (dchi/dlam / cos(phi) - dpsi/dphi) / a as in meteorology.
    gu, gv = -np.sin(lam) + 0 * phi, -np.sin(phi) * np.cos(lam)
    su, sv = -np.cos(phi) + 0 * lam, 0 * phi + 0 * lam
    parts = hodge.decompose(gu + su, gv + sv, coordinates=(lon, lat), metric="sphere")
    for found, wanted in zip([*parts.gradient, *parts.solenoidal], [gu, gv, su, sv]):
        assert np.abs(found - wanted).max() < 2e-3
    assert np.abs(parts.harmonic).max() < 1e-12
    chi = radius * np.cos(phi) * np.cos(lam)
    assert np.abs(parts.potential - chi).max() < 2e-3 * radius
    # Both are harmonics of degree 1: the integral of each square is 8 pi a^2 / 3.
    assert parts.shares["gradient"] == pytest.approx(1 / 2, abs=1e-3)
    north_first = hodge.decompose((gu + su)[::-1], (gv + sv)[::-1], coordinates=(lon, lat[::-1]), metric="sphere")
    np.testing.assert_allclose(north_first.gradient[:, ::-1], parts.gradient, atol=1e-12)
    np.testing.assert_allclose(north_first.streamfunction[::-1], parts.streamfunction, rtol=1e-9, atol=1e-3)


def test_masks_leave_out_cells():
    mask = np.ones((12, 15), bool)
    mask[4:7, 5:9] = False
    field = random.standard_normal((2, 12, 15))
    by_mask = hodge.decompose(*field, mask=mask)
    by_values = hodge.decompose(*np.where(mask, field, np.nan), mask="nan")
    assert np.isnan(by_mask.gradient[:, ~mask]).all() and np.isfinite(by_mask.gradient[:, mask]).all()
    for part in ["gradient", "solenoidal", "harmonic"]:
        np.testing.assert_array_equal(getattr(by_mask, part), getattr(by_values, part))
    # A rotation around the island, tangential to every wall of a ring, goes around a hole: the circulation is harmonic.
    assert len(by_mask.evidence["circulations"]) == 1
    all_cells = hodge.decompose(*field, mask=np.ones((12, 15), bool))
    np.testing.assert_array_equal(all_cells.gradient, hodge.decompose(*field).gradient)


def test_masks_by_values_may_change_from_field_to_field():
    plan = hodge.Plan((8, 9), mask="nan")
    fields = random.standard_normal((3, 2, 8, 9))
    fields[0, :, 2, 3] = fields[2, :, 5:7, 1] = np.nan
    parts = plan(fields)
    for n in range(3):
        one = hodge.decompose(*fields[n], mask=np.isfinite(fields[n, 0]))
        np.testing.assert_allclose(parts.gradient[n], one.gradient, atol=1e-13)


@settings(max_examples=60, deadline=None)
@given(
    data=st.data(),
    shape=st.one_of(st.tuples(*[st.integers(2, 7)] * 2), st.tuples(*[st.integers(2, 5)] * 3)),
    leading=st.sampled_from([(), (1,), (3,), (2, 2), (0,)]),
    dtype=st.sampled_from(["f4", "f8", ">f8", ">f4", "i4", "u2"]),
    layout=st.sampled_from(["C", "F", "steps", "reversed", "readonly", "broadcast"]),
    periodic=st.booleans(),
)
def test_any_array_gives_the_parts_of_its_values(data, shape, leading, dtype, layout, periodic):
    dims = len(shape)
    kind = np.dtype(dtype).newbyteorder("=")
    numbers = st.integers(-50, 50) if kind.kind == "i" else st.integers(0, 100)
    field = data.draw(arrays.arrays(kind, leading + (dims,) + shape, elements=numbers)).astype(dtype)
    plain = field.astype("f8")
    if layout == "F":
        field = np.asfortranarray(field)
    elif layout == "steps":
        field = np.repeat(field, 2, axis=-1)[..., ::2]
    elif layout == "reversed":
        field = np.ascontiguousarray(field[..., ::-1])[..., ::-1]
    elif layout == "readonly":
        field.setflags(write=False)
    elif layout == "broadcast" and leading and leading[0]:
        field = np.broadcast_to(field[:1], field.shape)
        plain = np.broadcast_to(plain[:1], plain.shape)
    plan = hodge.Plan(shape, spacing=0.5, periodic=True if periodic else None)
    parts = plan(field)
    expected = plan(np.ascontiguousarray(plain))
    single = kind == np.dtype("f4")
    assert parts.gradient.dtype == (np.float32 if single else np.float64)
    for part in ["gradient", "solenoidal", "harmonic", "potential"]:
        found, wanted = getattr(parts, part), getattr(expected, part)
        assert found.shape == wanted.shape
        np.testing.assert_allclose(found, wanted.astype(found.dtype), rtol=0, atol=1e-5 if single else 1e-11)
    apart = plan(*[field[(..., k) + (slice(None),) * dims] for k in range(dims)])
    np.testing.assert_array_equal(np.moveaxis(apart.gradient, 0, -dims - 1), parts.gradient)
    if periodic and plain.size and not single:
        one = plain.reshape((-1, dims) + shape)[-1]
        gradient, _, _ = leray(one, [0.5] * dims)
        np.testing.assert_allclose(parts.gradient.reshape(one[None].shape[:0] + (-1, dims) + shape)[-1], gradient, atol=1e-9)


def test_parts_go_into_given_arrays():
    for periodic in [None, True]:
        plan = hodge.Plan((6, 7), periodic=periodic)
        field = random.standard_normal((4, 2, 6, 7))
        expected = plan(field)
        whole = np.zeros((3, 4, 2, 6, 7))
        parts = plan(field, out=list(whole))
        np.testing.assert_array_equal(whole[0], expected.gradient)
        assert parts.solenoidal is not None and np.shares_memory(parts.solenoidal, whole)
        strided = [np.zeros((4, 2, 6, 14), "f4")[..., ::2] for _ in range(3)]
        plan(field, out=strided)
        np.testing.assert_allclose(strided[2], expected.harmonic, atol=1e-6)
        apart = [[np.zeros((4, 6, 7)) for _ in range(2)] for _ in range(3)]
        plan(field[:, 0], field[:, 1], out=apart)
        np.testing.assert_array_equal(apart[1][1], expected.solenoidal[:, 1])
        with pytest.raises(ValueError, match="shape"):
            plan(field, out=[np.zeros((4, 2, 7, 6))] * 3)
        with pytest.raises((ValueError, TypeError)):
            plan(field, out=[whole[0]] * 3)


def test_errors_say_what_was_expected_and_can_be_pickled():
    field = random.standard_normal((2, 8, 9))
    cases = [
        (lambda: hodge.decompose(*field, boundary="noflux"), "no-flux"),
        (lambda: hodge.decompose(*field, method="fourier"), "spectral"),
        (lambda: hodge.decompose(*field, method="spectral"), "axis x is bounded"),
        (lambda: hodge.decompose(field[0]), "apart"),
        (lambda: hodge.decompose(*np.where(field > 2, np.nan, field) * np.where(np.arange(9) == 4, np.inf, 1)), "NaN or infinite"),
        (lambda: hodge.decompose(field[0], field[1, :5]), "y component has the shape"),
        (lambda: hodge.decompose(*(field + 1j)), "real"),
        (lambda: hodge.decompose(*field, mask=field[0]), "compare it"),
        (lambda: hodge.decompose(*field, mask=np.ones((9, 8), bool)), "shape"),
        (lambda: hodge.decompose(*field, spacing=1, coordinates=(np.arange(9), np.arange(8))), "two ways"),
        (lambda: hodge.decompose(*field, coordinates=(np.zeros(9), np.arange(8))), "longitude|x"),
        (lambda: hodge.decompose(*field, periodic="q"), "named x, y and z"),
        (lambda: hodge.decompose(*field, threads=-1), "threads"),
        (lambda: hodge.Plan((8,)), "shape"),
        (lambda: hodge.read("nowhere.h5"), "nowhere.h5"),
        (lambda: hodge.sample("Q9"), "Q9"),
    ]
    for call, words in cases:
        with pytest.raises(ValueError, match=words) as caught:
            call()
        again = pickle.loads(pickle.dumps(caught.value))
        assert str(again) == str(caught.value)


def test_plans_are_pickled_by_their_arguments():
    mask = np.ones((8, 9), bool)
    mask[3:5, 4] = False
    plan = hodge.Plan((8, 9), spacing=(0.5, 2.0), periodic="x", mask=mask, boundary="no-flux")
    again = pickle.loads(pickle.dumps(plan))
    field = random.standard_normal((2, 8, 9))
    np.testing.assert_array_equal(again(field).gradient, plan(field).gradient)
    assert again.__dask_tokenize__() == plan.__dask_tokenize__()
    other = hodge.Plan((8, 9), spacing=(0.5, 2.0), periodic="x", mask=~mask | True, boundary="no-flux")
    assert other.__dask_tokenize__() != plan.__dask_tokenize__()


def test_derivatives_are_those_of_the_method():
    plan = hodge.Plan((8, 9), spacing=0.5)
    x, y = np.meshgrid(0.5 * np.arange(9), 0.5 * np.arange(8))
    np.testing.assert_allclose(plan.divergence(3 * x + y, x - 5 * y), -2, atol=1e-12)
    inner = plan.curl(3 * x + y, 4 * x - 5 * y)[1:-1, 1:-1]
    np.testing.assert_allclose(inner, 3, atol=1e-12)
    field = random.standard_normal((2, 8, 9))
    periodic = hodge.Plan((8, 9), spacing=0.5, periodic=True)
    projected = periodic.project(field)
    assert np.abs(periodic.divergence(projected)).max() < 1e-12
    assert np.abs(periodic.curl(periodic(field).gradient)).max() < 1e-12


def test_threads_do_not_change_bits_and_plans_serve_several_threads():
    field = random.standard_normal((3, 17, 19, 21))
    plans = [hodge.Plan((17, 19, 21), threads=n) for n in (1, 2, 3)]
    expected = plans[0](field)
    for plan in plans:
        np.testing.assert_array_equal(plan(field).solenoidal, expected.solenoidal)
    found = [None] * 6

    def work(n):
        found[n] = plans[1](field).gradient

    workers = [threading.Thread(target=work, args=(n,)) for n in range(6)]
    [worker.start() for worker in workers]
    [worker.join() for worker in workers]
    assert all(np.array_equal(one, expected.gradient) for one in found)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_process_has_threads_of_its_own():
    code = (
        "import os, sys, numpy as np, hodge\n"
        "plan = hodge.Plan((32, 32, 32)); field = np.ones((3, 32, 32, 32)); plan(field)\n"
        "child = os.fork()\n"
        "if child == 0:\n"
        "    plan(field); hodge.Plan((16, 16))(np.ones((2, 16, 16))); os._exit(0)\n"
        "sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))\n"
    )
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], timeout=120)
    assert done.returncode == 0


def test_an_interrupt_ends_a_long_plan():
    code = (
        "import numpy as np, hodge\n"
        "mask = np.ones((400, 400), bool); mask[5::10, 5::10] = False\n"
        "print('begins', flush=True)\n"
        "try:\n"
        "    hodge.Plan((400, 400), mask=mask, boundary='no-flux', threads=1)(np.ones((200, 2, 400, 400)))\n"
        "except KeyboardInterrupt:\n"
        "    print('interrupted', flush=True)\n"
    )
    run = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert run.stdout.readline() == "begins\n"
    threading.Event().wait(1.0)
    run.send_signal(signal.SIGINT)
    assert run.communicate(timeout=60)[0] == "interrupted\n"


def test_the_program_answers():
    rows = hodge.validate("B3")
    assert rows
    assert {row["case"] for row in rows} == {"B3"}
    x = np.linspace(-1, 1, 12)
    found = hodge.compare(x + 0 * x[:, None], x[:, None] + 0 * x, spacing=2 / 11, options=["--methods", "staggered,central"])
    assert found
    done = subprocess.run([sys.executable, "-m", "hodge", "--version"], capture_output=True, text=True)
    assert done.stdout.strip() == f"hodge {hodge.__version__}"
