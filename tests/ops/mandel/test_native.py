"""The native mandel against the reference and exact functions of eigenvalues, and what native code can get wrong."""

from functools import partial
from pathlib import Path

import pytest
import torch

from fastlattice import ops
from fastlattice.elasticity import rotate
from fastlattice.errors import BackendError
from fastlattice.ops.mandel import POSITIVE_FUNCTIONS
from tests.support.backends import exact_exponential, mandel, mandel_inputs
from tests.support.network import FLOAT, rotation, wigner
from tests.support.tolerances import OP_FORWARD, OP_GRADIENT, difference

pytestmark = pytest.mark.usefixtures("uninitialised_memory_is_nan")

ROOT = Path(__file__).resolve().parents[3]
DTYPES = [torch.float64, torch.float32]


with_gradient = partial(mandel, backend="native")


def assert_close(found, expected, dtype):
    for one, other, tolerance in zip(found, expected, [OP_FORWARD, OP_GRADIENT], strict=True):
        assert difference(one, other) <= tolerance[dtype]


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("function", POSITIVE_FUNCTIONS)
@pytest.mark.parametrize("rows", [0, 1, 15, 16, 17, 63, 1000])
def test_reference(rows, function, dtype):
    """No lattice, parts of a vector, many chunks."""
    reference = pytest.importorskip("fastlattice.reference")
    given, cotangent = mandel_inputs(rows, dtype)
    expected = reference.mandel(given, function)
    gradient = torch.autograd.grad(expected, given, cotangent)[0]
    assert_close(with_gradient(given, cotangent, function), (expected, gradient), dtype)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("scale", [0.0, 1e-9, 0.01, 0.3, 1.0, 3.0])
def test_exponential(scale, dtype):
    """From no scaling at all to five squarings, each lattice relative to its own largest entry.

    Rounding of the input alone changes e^M by |M| roundings: the bound grows with the norm.
    """
    given, cotangent = mandel_inputs(50, FLOAT, scale)
    found = with_gradient(given.detach().to(dtype).requires_grad_(), cotangent.to(dtype), "matrix_exp")
    rounded = given.detach().to(dtype).double()
    norm = torch.linalg.matrix_norm(ops.mandel(rounded, "none", backend="torch"), 2).clamp(min=1)
    bounds = norm * {torch.float64: 1e-14, torch.float32: 2e-6}[dtype]
    for one, other in zip(found, exact_exponential(rounded, cotangent.to(dtype).double()), strict=True):
        error = (one.double() - other).flatten(1).abs().amax(1) / other.flatten(1).abs().amax(1)
        assert (error <= bounds).all(), (error / bounds).max()


@pytest.mark.parametrize("dtype", DTYPES)
def test_exponential_of_isotropic_matrices(dtype):
    """e^(t 1) = e^t 1 far into decay and growth, to zero and to infinity."""
    given = torch.zeros(1, 21, dtype=dtype)
    given[0, :2] = torch.linalg.lstsq(
        ops.mandel(torch.eye(21, dtype=FLOAT)[:2], "none").flatten(1).T, torch.eye(6, dtype=FLOAT).flatten()
    ).solution.to(dtype)
    for t in (-80.0, -20.0, 0.0, 20.0, 80.0):
        expected = torch.tensor(t, dtype=FLOAT).exp() * torch.eye(6, dtype=FLOAT)
        found = ops.mandel(t * given, "matrix_exp", backend="native")[0]
        assert difference(found.double(), expected) <= 100 * {torch.float64: 1e-14, torch.float32: 1e-6}[dtype]
    decayed = ops.mandel(-1e5 * given, "matrix_exp", backend="native")
    assert not decayed.any()
    grown = ops.mandel(1e5 * given, "matrix_exp", backend="native")
    assert not grown[0].diagonal().isfinite().any()


@pytest.mark.parametrize("function", POSITIVE_FUNCTIONS)
def test_bad_lattices_stay_alone(function):
    """A NaN, an infinity or an overflow makes no neighbour wrong, and is not hidden."""
    given, cotangent = mandel_inputs(32, torch.float32)
    expected = with_gradient(given, cotangent, function)
    spoilt = given.detach().clone()
    spoilt[3, 5], spoilt[7, 20], spoilt[9] = torch.nan, torch.inf, 3e38
    found = with_gradient(spoilt.requires_grad_(), cotangent, function)
    good = [n for n in range(32) if n not in (3, 7, 9)]
    for one, other in zip(found, expected, strict=True):
        assert torch.equal(one[good], other[good])
    assert all(not found[0][n].isfinite().all() for n in (3, 7))


@pytest.mark.parametrize("function", POSITIVE_FUNCTIONS)
def test_symmetric_and_positive(function):
    found = ops.mandel(mandel_inputs(500, scale=2.0)[0].detach(), function, backend="native")
    assert torch.equal(found, found.mT)
    values = torch.linalg.eigvalsh(found)
    assert function == "none" or (values[:, 0] >= -1e-13 * values[:, -1]).all()


@pytest.mark.parametrize("function", POSITIVE_FUNCTIONS)
def test_gradcheck(function):
    given, _ = mandel_inputs(3, scale=0.8)
    assert torch.autograd.gradcheck(lambda x: ops.mandel(x, function, backend="native"), given)


@pytest.mark.parametrize("function", POSITIVE_FUNCTIONS)
def test_views(function):
    given, cotangent = mandel_inputs(7)
    expected = with_gradient(given, cotangent, function)
    view = given.detach().T.contiguous().T.requires_grad_()
    turned = cotangent.permute(2, 0, 1).contiguous().permute(1, 2, 0)
    assert not view.is_contiguous()
    assert not turned.is_contiguous()
    for one, other in zip(with_gradient(view, turned, function), expected, strict=True):
        assert torch.equal(one, other)
    broadcast = torch.ones((), dtype=FLOAT).expand(7, 6, 6)
    ones = with_gradient(given, broadcast.contiguous(), function)
    assert torch.equal(with_gradient(given, broadcast, function)[1], ones[1])


def test_second_derivative_is_refused():
    given, cotangent = mandel_inputs()
    out = ops.mandel(given, "matrix_exp", backend="native")
    (gradient,) = torch.autograd.grad(out, given, cotangent, create_graph=True)
    with pytest.raises(RuntimeError, match="mandel has first derivatives only; backend='torch'"):
        gradient.sum().backward()


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("function", POSITIVE_FUNCTIONS)
def test_same_bits_in_any_batch(function, dtype):
    """Whatever stands beside a lattice, at whatever place, with however many threads."""
    given, cotangent = mandel_inputs(700, dtype)
    with torch.no_grad():
        given *= torch.logspace(-3, 1, 700, dtype=dtype)[:, None]  # as many squarings as there are
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(1)
        expected = with_gradient(given, cotangent, function)
        torch.set_num_threads(3)
        for one, other in zip(with_gradient(given, cotangent, function), expected, strict=True):
            assert torch.equal(one, other)
    finally:
        torch.set_num_threads(before)
    for rows in ([0], [699], [3, 650, 2], list(range(5, 300)), list(range(699, -1, -1))):
        part = given.detach()[rows].requires_grad_()
        for one, other in zip(with_gradient(part, cotangent[rows], function), expected, strict=True):
            assert torch.equal(one, other[rows])


@pytest.mark.parametrize("proper", [True, False])
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("function", POSITIVE_FUNCTIONS)
def test_equivariance(function, dtype, proper):
    pytest.importorskip("e3nn")
    turn, given = rotation(proper), mandel_inputs()[0].detach()
    turns = {l: wigner(4, turn)[l**2 : (l + 1) ** 2, l**2 : (l + 1) ** 2] for l in (0, 2, 4)}
    turned = given @ torch.block_diag(*(turns[l] for l in (0, 0, 2, 2, 4))).T
    found = ops.mandel(turned.to(dtype), function, backend="native").double()
    expected = rotate(ops.mandel(given.to(dtype), function, backend="native").double(), turn, notation="mandel")
    assert difference(found, expected) <= {torch.float64: 1e-12, torch.float32: 1e-5}[dtype]


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_half_precision_is_declined(dtype):
    with pytest.raises(BackendError, match=r"native cannot run mandel .* float32 and float64"):
        ops.mandel(torch.zeros(2, 21, dtype=dtype), "none", backend="native")


def test_other_devices_are_declined():
    with pytest.raises(BackendError, match=r"native cannot run mandel on meta .* CPU"):
        ops.mandel(torch.zeros(2, 21, device="meta"), "none", backend="native")


def test_it_is_what_auto_takes(monkeypatch):
    monkeypatch.delenv("FASTLATTICE_BACKEND", raising=False)
    for dtype in DTYPES:
        (choice,) = (choice for choice in ops.choices(dtype=dtype) if choice.op == "mandel")
        assert choice.backend == "native"
