"""The native symmetric_contraction against the reference and the torch backend, and what native code can get wrong.

The torch backend is tested against the reference with the same tolerances, and is fast enough for the larger sizes.
"""

from pathlib import Path

import pytest
import torch

from fastlattice import ops
from fastlattice.errors import BackendError
from fastlattice.ops import constants
from tests.support.backends import assert_contraction, contract, contraction, contraction_inputs
from tests.support.network import FLOAT, contraction_weights, rotation, wigner
from tests.support.tolerances import OP_FORWARD, OP_GRADIENT, difference

pytestmark = pytest.mark.usefixtures("uninitialised_memory_is_nan")

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
@pytest.mark.parametrize("correlation", [1, 2, 3])
@pytest.mark.parametrize("lmax", [1, 2, 3, 4])
def test_reference(lmax, correlation, dtype):
    """Forward and every gradient, down to the released network's weights, against e3nn's couplings."""
    reference = pytest.importorskip("fastlattice.reference")
    a, _, cotangent = contraction_inputs(nodes=3, lmax=lmax, channels=2, correlation=correlation, dtype=dtype)
    weights = [w.requires_grad_() for w in contraction_weights(lmax, correlation, 2, dtype=dtype)]
    found = contract(a, weights, correlation)
    expected = reference.symmetric_contraction(a, weights, correlation, range(lmax + 1))
    assert difference(found, expected) <= OP_FORWARD[dtype]
    gradients = [torch.autograd.grad(out, [a, *weights], cotangent) for out in (found, expected)]
    assert difference(gradients[0][0], gradients[1][0]) <= OP_GRADIENT[dtype]
    largest = max(s.abs().max() for s in gradients[1][1:])
    for one, other in zip(*gradients, strict=True):
        assert (one - other).abs().max() <= OP_GRADIENT[dtype] * max(largest, other.abs().max())


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
@pytest.mark.parametrize("channels", [0, 1, 3, 8, 16, 17, 32, 50])
def test_channels(channels, dtype):
    """None, less than a vector, whole vectors, and a last one that is not full."""
    arguments = contraction_inputs(nodes=11, channels=channels, dtype=dtype)
    assert_contraction(contraction(*arguments), contraction(*arguments, backend="torch"), dtype)


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
@pytest.mark.parametrize(("nodes", "lmax"), [(0, 4), (1, 4), (32, 2), (63, 2), (1000, 2), (4200, 1)])
def test_nodes(nodes, lmax, dtype):
    """None, one, a whole unit of work, many; beyond 4,096 the parts of the weights' gradient grow."""
    arguments = contraction_inputs(nodes=nodes, lmax=lmax, channels=3, dtype=dtype)
    assert_contraction(contraction(*arguments), contraction(*arguments, backend="torch"), dtype)


@pytest.mark.parametrize("lmax", [0, 1, 2, 3, 4])
@pytest.mark.parametrize("correlation", [1, 2, 3])
def test_output_subsets(lmax, correlation):
    """Every degree alone, every second one, none."""
    arguments = contraction_inputs(nodes=2, lmax=lmax, channels=2, correlation=correlation)
    assert not any(x.any() for x in contraction(*arguments, correlation, []))
    for outputs in [*([degree] for degree in range(lmax + 1)), range(0, lmax + 1, 2)]:
        mine = contraction(*arguments, correlation, outputs)
        assert_contraction(mine, contraction(*arguments, correlation, outputs, "torch"), FLOAT)
        for degree in set(range(lmax + 1)) - set(outputs):
            assert not mine[0][:, constants.components(degree)].any()


@pytest.mark.parametrize("correlation", [1, 2, 3])
@pytest.mark.parametrize("lmax", [1, 4])
def test_gradcheck(lmax, correlation):
    a, w, _ = contraction_inputs(nodes=2, lmax=lmax, channels=2, correlation=correlation)
    assert torch.autograd.gradcheck(lambda a, w: contract(a, w, correlation), [a, w], fast_mode=lmax == 4)


def test_views():
    """Features, weights and cotangent with strides of their own, the cotangent's zero among them."""
    a, w, _ = contraction_inputs(nodes=4, channels=6)
    views = [
        x.detach().permute(*reversed(range(x.ndim))).contiguous().permute(*reversed(range(x.ndim))) for x in (a, w)
    ]
    ones = torch.ones((), dtype=FLOAT).expand_as(a)
    assert not any(view.is_contiguous() for view in (*views, ones))
    found = contraction(*(view.requires_grad_() for view in views), ones)
    for one, other in zip(found, contraction(a, w, ones.contiguous()), strict=True):
        assert torch.equal(one, other)


def test_gradients_where_needed():
    a, w, cotangent = contraction_inputs()
    _, both_a, both_w = contraction(a, w, cotangent)
    contract(a, w.detach()).backward(cotangent)
    contract(a.detach(), w).backward(cotangent)
    assert torch.equal(a.grad, both_a)
    assert torch.equal(w.grad, both_w)
    assert not contract(a.detach(), w.detach()).requires_grad


def test_second_derivative_is_refused():
    a, w, cotangent = contraction_inputs()
    (gradient,) = torch.autograd.grad(contract(a, w), a, cotangent, create_graph=True)
    with pytest.raises(RuntimeError, match="symmetric_contraction has first derivatives only; backend='torch'"):
        gradient.sum().backward()


@pytest.fixture
def threads():
    """Sets torch's number of threads for a test."""
    before = torch.get_num_threads()
    yield torch.set_num_threads
    torch.set_num_threads(before)


@pytest.mark.parametrize(("nodes", "lmax"), [(9, 4), (300, 3), (5000, 1)])
def test_same_bits_for_any_number_of_threads(nodes, lmax, threads):
    arguments = contraction_inputs(nodes=nodes, lmax=lmax, channels=18, dtype=torch.float32)
    found = []
    for count in (1, 2, 3):
        threads(count)
        found.append(contraction(*arguments))
    for other in found[1:]:
        assert all(torch.equal(one, two) for one, two in zip(found[0], other, strict=True))


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
def test_same_bits_in_any_batch(dtype):
    """A node's output and gradient do not depend on the nodes around it, nor on its place."""
    a, w, cotangent = contraction_inputs(nodes=37, channels=18, dtype=dtype)
    out, gradient, _ = contraction(a, w, cotangent)
    for rows in ([0], [36], [5, 6, 7], list(range(3, 30)), [20, 4, 11, 36, 0, 1, 2, 3, 8, 9]):
        part = a.detach()[rows].requires_grad_()
        alone, alone_slope, _ = contraction(part, w, cotangent[rows])
        assert torch.equal(alone, out[rows])
        assert torch.equal(alone_slope, gradient[rows])


@pytest.mark.parametrize("proper", [True, False])
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
@pytest.mark.parametrize("correlation", [1, 2, 3])
def test_equivariance(correlation, dtype, proper):
    pytest.importorskip("e3nn")
    a, w, _ = contraction_inputs(correlation=correlation)
    turn = wigner(4, rotation(proper))
    turned = torch.einsum("ij,njc->nic", turn, a)
    found = contract(turned.to(dtype), w.to(dtype), correlation)
    expected = torch.einsum("ij,njc->nic", turn, contract(a.to(dtype), w.to(dtype), correlation).double())
    assert difference(found.double(), expected) <= {torch.float64: 1e-12, torch.float32: 1e-5}[dtype]


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_half_precision_is_declined(dtype):
    """By name with the reason; by itself the torch backend takes it."""
    a, w, _ = (x.detach().to(dtype) for x in contraction_inputs(lmax=1))
    with pytest.raises(BackendError, match=r"native cannot run symmetric_contraction .* float32 and float64"):
        contract(a, w)
    assert torch.equal(contract(a, w, backend="auto"), contract(a, w, backend="torch"))


def test_other_devices_are_declined():
    a, w, _ = (x.detach().to("meta") for x in contraction_inputs(lmax=1))
    with pytest.raises(BackendError, match=r"native cannot run symmetric_contraction on meta .* CPU"):
        contract(a, w)


def test_it_is_what_auto_takes(monkeypatch):
    monkeypatch.delenv("FASTLATTICE_BACKEND", raising=False)
    for dtype in (torch.float32, torch.float64):
        (choice,) = (choice for choice in ops.choices(dtype=dtype) if choice.op == "symmetric_contraction")
        assert choice.backend == "native"
