"""symmetric_contraction: two stages against the released network's couplings, equivariance, gradients."""

import pytest
import torch

from fastlattice import ops
from fastlattice.errors import ArgumentError
from tests.support.network import FLOAT, contraction_weights, generator, rotation, wigner
from tests.support.tolerances import OP_FORWARD, OP_GRADIENT, difference

pytestmark = pytest.mark.usefixtures("torch_backend")


@pytest.fixture(autouse=True)
def torch_backend(monkeypatch):
    monkeypatch.setenv("FASTLATTICE_BACKEND", "torch")


def features(nodes=5, lmax=4, channels=3, dtype=FLOAT, seed=0):
    return torch.randn(nodes, (lmax + 1) ** 2, channels, generator=generator(seed), dtype=FLOAT).to(dtype)


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
@pytest.mark.parametrize("correlation", [1, 2, 3])
@pytest.mark.parametrize("lmax", [1, 2, 3, 4])
def test_reference(lmax, correlation, dtype):
    """Forward and every gradient, those of the released network's weights among them."""
    reference = pytest.importorskip("fastlattice.reference")
    a = features(lmax=lmax, dtype=dtype).requires_grad_()
    weights = [w.requires_grad_() for w in contraction_weights(lmax, correlation, 3, dtype=dtype)]
    outputs = range(lmax + 1)
    found = ops.symmetric_contraction(a, weights, correlation, outputs)
    expected = reference.symmetric_contraction(a, weights, correlation, outputs)
    assert difference(found, expected) <= OP_FORWARD[dtype]
    gradients = [torch.autograd.grad(out.sin().sum(), [a, *weights]) for out in (found, expected)]
    largest = max(s.abs().max() for s in gradients[1])
    for one, other in zip(*gradients, strict=True):
        assert (one - other).abs().max() <= OP_GRADIENT[dtype] * largest


@pytest.mark.parametrize("outputs", [[0], [0, 2, 4], [1, 3], []])
def test_outputs(outputs):
    """What is not asked for is zero, and its weights get zero gradients, not none."""
    a, weights = features(), [w.requires_grad_() for w in contraction_weights(4, 3, 3)]
    full = ops.symmetric_contraction(a, weights, 3, range(5))
    some = ops.symmetric_contraction(a, weights, 3, outputs)
    (some.sum() + 0 * weights[0].sum()).backward()
    for degree in range(5):
        part = slice(degree**2, (degree + 1) ** 2)
        mine = weights[3 * degree : 3 * degree + 3]
        if degree in outputs:
            assert difference(some[:, part], full[:, part]) < 1e-14
            assert all(w.grad.any() for w in mine)
        else:
            assert not some[:, part].any()
            assert not any(w.grad.any() for w in mine)


def test_folded_weights():
    """Folding first is the same, and the fold is linear."""
    a, first, second = features(), contraction_weights(4, 3, 3), contraction_weights(4, 3, 3, seed=1)
    folded = ops.fold_weights(first, 4, 3)
    assert folded.shape == (158, 3)
    found = ops.symmetric_contraction(a, folded, 3, range(5))
    assert torch.equal(found, ops.symmetric_contraction(a, first, 3, range(5)))
    total = ops.fold_weights([x + 2 * y for x, y in zip(first, second, strict=True)], 4, 3)
    assert difference(total, folded + 2 * ops.fold_weights(second, 4, 3)) < 1e-14


@pytest.mark.parametrize("correlation", [1, 2, 3])
def test_homogeneous(correlation):
    """Doubling the features multiplies terms with nu factors by 2^nu: only the top order left after finite differences.

    With weights of the lower orders zero, f(2 A) = 2^nu f(A).
    """
    a, weights = features(), contraction_weights(4, correlation, 3)
    top = [w if n % correlation == correlation - 1 else torch.zeros_like(w) for n, w in enumerate(weights)]
    doubled = ops.symmetric_contraction(2 * a, top, correlation, range(5))
    assert difference(doubled, 2**correlation * ops.symmetric_contraction(a, top, correlation, range(5))) < 1e-14


@pytest.mark.parametrize("proper", [True, False])
@pytest.mark.parametrize("correlation", [1, 2, 3])
def test_equivariance(correlation, proper):
    pytest.importorskip("e3nn")
    a, weights, turn = features(), contraction_weights(4, correlation, 3), wigner(4, rotation(proper))
    found = ops.symmetric_contraction(torch.einsum("ij,njc->nic", turn, a), weights, correlation, range(5))
    expected = torch.einsum("ij,njc->nic", turn, ops.symmetric_contraction(a, weights, correlation, range(5)))
    assert difference(found, expected) <= OP_FORWARD[FLOAT]


@pytest.mark.parametrize("correlation", [1, 2, 3])
def test_gradcheck(correlation):
    a = features(nodes=2, lmax=2, channels=2).requires_grad_()
    weights = ops.fold_weights(contraction_weights(2, correlation, 2), 2, correlation).requires_grad_()

    def function(a, weights):
        return ops.symmetric_contraction(a, weights, correlation, range(3))

    assert torch.autograd.gradcheck(function, [a, weights])
    assert torch.autograd.gradgradcheck(function, [a, weights], fast_mode=True)


@pytest.mark.parametrize("nodes", [0, 1, 63])
def test_awkward_sizes_and_views(nodes):
    a, weights = features(nodes=nodes), contraction_weights(4, 3, 3)
    expected = ops.symmetric_contraction(a, weights, 3, range(5))
    view = a.permute(2, 1, 0).contiguous().permute(2, 1, 0)
    assert difference(ops.symmetric_contraction(view, weights, 3, range(5)), expected) < 1e-14


def test_inference_mode_leaves_no_trace():
    """Constants that were first needed in inference mode serve a backward pass later."""
    from fastlattice.ops.symmetric_contraction.portable import _plan

    _plan.cache_clear()
    a, weights = features(lmax=3), contraction_weights(3, 3, 3)
    with torch.inference_mode():
        expected = ops.symmetric_contraction(a, weights, 3, range(4))
    a.requires_grad_()
    found = ops.symmetric_contraction(a, weights, 3, range(4))
    assert torch.equal(found, expected.clone())
    found.sum().backward()
    assert a.grad.isfinite().all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"features": torch.zeros(5, 24, 3, dtype=FLOAT)}, "features has 24 components"),
        ({"correlation": 4}, "correlation is 4"),
        ({"output_degrees": [0, 5]}, r"output_degrees are \[0, 5\]"),
        ({"weights": torch.zeros(157, 3, dtype=FLOAT)}, r"weights has shape \[157, 3\], expected \[158, 3\]"),
        ({"weights": contraction_weights(4, 3, 3)[:-1]}, "14 weights; expected 15"),
        ({"weights": contraction_weights(4, 3, 4)}, r"weights\[0\] has shape \[1, 4\], expected \[1, 3\]"),
        ({"weights": contraction_weights(4, 3, 3)[::-1]}, r"weights\[0\] has shape"),
    ],
)
def test_wrong_arguments(change, message):
    good = {
        "features": features(),
        "weights": contraction_weights(4, 3, 3),
        "correlation": 3,
        "output_degrees": range(5),
    }
    with pytest.raises(ArgumentError, match=message):
        ops.symmetric_contraction(**{**good, **change})
