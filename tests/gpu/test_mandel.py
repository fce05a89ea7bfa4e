"""mandel in Triton, interpreted: against the torch backend and exact functions of eigenvalues, every gradient."""

from functools import partial

import pytest
import torch

from fastlattice import ops
from fastlattice.errors import BackendError
from fastlattice.ops.mandel import POSITIVE_FUNCTIONS
from tests.support.backends import exact_exponential, mandel, mandel_inputs
from tests.support.network import FLOAT
from tests.support.tolerances import OP_FORWARD, OP_GRADIENT, difference

pytest.importorskip("triton")
DTYPES = [torch.float64, torch.float32]


with_gradient = partial(mandel, backend="triton")


def agree(rows, function, dtype):
    given = mandel_inputs(rows, dtype, seed=rows)
    (found, gradient), (expected, other) = with_gradient(*given, function), mandel(*given, function, "torch")
    assert difference(found, expected) <= OP_FORWARD[dtype]
    assert difference(gradient, other) <= OP_GRADIENT[dtype]
    assert torch.equal(found, found.mT)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("function", POSITIVE_FUNCTIONS)
def test_torch_backend(function, dtype):
    agree(63, function, dtype)


@pytest.mark.parametrize("rows", [0, 1, 32])
def test_other_numbers_of_lattices(rows):
    agree(rows, "matrix_power_2", FLOAT)


@pytest.mark.parametrize("dtype", DTYPES)
def test_exponential(dtype):
    """From no scaling at all to five squarings side by side, each lattice relative to its own largest entry.

    Rounding of the input alone changes e^M by |M| roundings: the bound grows with the norm.
    """
    given, cotangent = mandel_inputs(32, seed=32)
    rounded = (given.detach() * torch.tensor([0.0, 2e-9, 0.03, 7.0], dtype=FLOAT).repeat(8)[:, None]).to(dtype)
    found = with_gradient(rounded.clone().requires_grad_(), cotangent.to(dtype), "matrix_exp")
    norm = torch.linalg.matrix_norm(ops.mandel(rounded.double(), "none", backend="torch"), 2).clamp(min=1)
    bounds = norm * {torch.float64: 1e-14, torch.float32: 2e-6}[dtype]
    exact = exact_exponential(rounded.double(), cotangent.to(dtype).double())
    for one, other in zip(found, exact, strict=True):
        error = (one.double() - other).flatten(1).abs().amax(1) / other.flatten(1).abs().amax(1)
        assert (error <= bounds).all(), (error / bounds).max()


@pytest.mark.filterwarnings("ignore:.*encountered in.*:RuntimeWarning")
def test_exponential_far_out():
    """e^(t 1) decays to zero and grows to infinity, also where the norm has hardly a power of two above it."""
    given = torch.zeros(4, 21)
    given[:, :2] = torch.tensor([[-1e5], [1e5], [-1e30], [1e38]]) * torch.tensor([1.0, 5**0.5])
    found = ops.mandel(given, "matrix_exp", backend="triton")
    assert not found[[0, 2]].any()
    assert not found[[1, 3]].diagonal(dim1=1, dim2=2).isfinite().any()


@pytest.mark.filterwarnings("ignore:.*encountered in.*:RuntimeWarning")
@pytest.mark.parametrize("function", ["matrix_trunc_exp_4", "matrix_exp"])
def test_bad_lattices_stay_alone(function):
    """A NaN, an infinity or an overflow changes no bit of its neighbours, and is not hidden."""
    given = mandel_inputs(12, torch.float32, seed=12)[0].detach()
    expected = ops.mandel(given, function, backend="triton")
    spoilt = given.clone()
    spoilt[3, 5], spoilt[7, 20], spoilt[9] = torch.nan, torch.inf, 3e38
    found = ops.mandel(spoilt, function, backend="triton")
    good = [n for n in range(12) if n not in (3, 7, 9)]
    assert torch.equal(found[good], expected[good])
    assert all(not found[n].isfinite().all() for n in (3, 7))


@pytest.mark.parametrize("function", ["none", "matrix_trunc_exp_2"])
def test_custom_op(function):
    given, cotangent = mandel_inputs(3, seed=3)
    torch.library.opcheck(torch.ops.fastlattice.mandel_triton.default, (given, function))
    arguments = (cotangent, given.detach(), function, [True])
    torch.library.opcheck(torch.ops.fastlattice.mandel_triton_backward.default, arguments)


def test_views():
    given, cotangent = mandel_inputs(5, seed=5)
    wide = torch.zeros(21, 10, dtype=FLOAT)
    wide[:, ::2] = given.detach().T
    view, turned = wide[:, ::2].T.requires_grad_(), cotangent.permute(2, 1, 0).contiguous().permute(2, 1, 0)
    for one, other in zip(
        with_gradient(view, turned, "matrix_power_2"), with_gradient(given, cotangent, "matrix_power_2"), strict=True
    ):
        assert torch.equal(one, other)


def test_no_second_derivative():
    given, _ = mandel_inputs(2, seed=2)
    out = ops.mandel(given, "matrix_power_2", backend="triton")
    (gradient,) = torch.autograd.grad(out.sin().sum(), given, create_graph=True)
    with pytest.raises(RuntimeError, match="mandel has first derivatives only"):
        gradient.sum().backward()


def test_half_precision_is_refused():
    with pytest.raises(BackendError, match=r"triton cannot run mandel .* float32 and float64"):
        ops.mandel(torch.zeros(2, 21, dtype=torch.bfloat16), "none", backend="triton")
