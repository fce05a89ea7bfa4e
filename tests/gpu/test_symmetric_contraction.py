"""symmetric_contraction in Triton, interpreted: against the torch backend, which is tested against e3nn's couplings.

The interpreter's cost grows with the number of programs, of 128 nodes and channels each, hardly with the lanes in use.
"""

import pytest
import torch

from fastlattice.ops import constants
from tests.support.backends import assert_contraction, contract, contraction, contraction_inputs
from tests.support.network import FLOAT

pytest.importorskip("triton")

DTYPES = [torch.float64, torch.float32]


def agree(arguments, correlation, outputs, dtype):
    found = contraction(*arguments, correlation, outputs, "triton")
    assert_contraction(found, contraction(*arguments, correlation, outputs, "torch"), dtype)
    return found


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("correlation", [1, 2, 3])
@pytest.mark.parametrize("lmax", [1, 2, 3, 4])
def test_torch_backend(lmax, correlation, dtype):
    """Forward and every gradient; lanes without a node, and channels that divide no power of two."""
    arguments = contraction_inputs(nodes=7, lmax=lmax, channels=5, correlation=correlation, dtype=dtype)
    agree(arguments, correlation, range(lmax + 1), dtype)


@pytest.mark.parametrize(("nodes", "channels"), [(0, 3), (1, 1), (63, 3), (3, 0), (2, 129), (128, 1)])
def test_sizes(nodes, channels):
    """None, less than a program, more than one, a node's channels in two programs, a full program."""
    agree(contraction_inputs(nodes=nodes, lmax=2, channels=channels), 3, range(3), FLOAT)


@pytest.mark.parametrize("lmax", [0, 2, 4])
@pytest.mark.parametrize("correlation", [1, 2, 3])
def test_output_subsets(lmax, correlation):
    """No degree, the first, every second one, the last; what nobody asked for is zero and has no gradient."""
    arguments = contraction_inputs(nodes=2, lmax=lmax, channels=2, correlation=correlation)
    assert not any(x.any() for x in contraction(*arguments, correlation, [], "triton"))
    for outputs in ([0], range(0, lmax + 1, 2), [lmax]):
        found = agree(arguments, correlation, outputs, FLOAT)
        for degree in set(range(lmax + 1)) - set(outputs):
            assert not found[0][:, constants.components(degree)].any()


@pytest.mark.parametrize("nodes", [3, 4, 11])
def test_slots(nodes, monkeypatch):
    """As many nodes as slots, or several to a slot, or too few for the last; sums in the same order each time."""
    from fastlattice.kernels import symmetric_contraction as kernels

    monkeypatch.setattr(kernels, "LANES", 4 * 40)
    arguments = contraction_inputs(nodes=nodes, lmax=3, channels=40)
    found = agree(arguments, 3, range(4), FLOAT)
    for one, other in zip(found, contraction(*arguments, backend="triton"), strict=True):
        assert torch.equal(one, other)


def test_uninitialised_memory_is_not_read(monkeypatch):
    """What kernels write is everything that is read afterwards."""

    def nan(*arguments, **options):
        return make(*arguments, **options).fill_(torch.nan)

    arguments = contraction_inputs(nodes=5, lmax=2, channels=30)
    expected = contraction(*arguments, backend="torch")
    make, new = torch.empty_like, torch.Tensor.new_empty
    monkeypatch.setattr(torch, "empty_like", nan)
    monkeypatch.setattr(torch.Tensor, "new_empty", lambda *a, **o: new(*a, **o).fill_(torch.nan))
    assert_contraction(contraction(*arguments, backend="triton"), expected, FLOAT)


def test_views():
    """Features, weights and cotangent with strides of their own, the cotangent's zero among them."""
    a, w, _ = contraction_inputs(nodes=4, lmax=2, channels=6)
    views = [
        x.detach().permute(*reversed(range(x.ndim))).contiguous().permute(*reversed(range(x.ndim))) for x in (a, w)
    ]
    ones = torch.ones((), dtype=FLOAT).expand_as(a)
    found = contraction(*(view.requires_grad_() for view in views), ones, backend="triton")
    for one, other in zip(found, contraction(a, w, ones.contiguous(), backend="triton"), strict=True):
        assert torch.equal(one, other)


def test_gradcheck():
    a, w, _ = contraction_inputs(nodes=2, lmax=1, channels=2)
    assert torch.autograd.gradcheck(lambda a, w: contract(a, w, backend="triton"), [a, w], fast_mode=True)


@pytest.mark.parametrize(("correlation", "outputs"), [(2, [0, 1]), (3, [0])])
def test_opcheck(correlation, outputs):
    a, w, cotangent = contraction_inputs(nodes=3, lmax=1, channels=2, correlation=correlation)
    torch.library.opcheck(torch.ops.fastlattice.symmetric_contraction_triton.default, (a, w, correlation, outputs))
    arguments = (cotangent, a.detach(), w.detach(), correlation, outputs, [True])
    torch.library.opcheck(torch.ops.fastlattice.symmetric_contraction_triton_backward.default, arguments)


def test_second_derivative_is_refused():
    a, w, cotangent = contraction_inputs(nodes=2, lmax=1)
    (gradient,) = torch.autograd.grad(contract(a, w, backend="triton"), a, cotangent, create_graph=True)
    with pytest.raises(RuntimeError, match="symmetric_contraction has first derivatives only; backend='torch'"):
        gradient.sum().backward()
