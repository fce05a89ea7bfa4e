"""What the tests of an op have in common whichever backend runs it: inputs, gradients, and what must hold of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from fastlattice import ops
from fastlattice.ops import constants
from tests.support.network import FLOAT, generator
from tests.support.tolerances import OP_FORWARD, OP_GRADIENT, difference

CONV_LEAVES = ("features", "sh", "hidden", "weight", "linear_weight", "linear_bias")


def edge_conv(given: dict[str, Any], backend: str, names: Sequence[str] = CONV_LEAVES) -> tuple[torch.Tensor, ...]:
    """The output, and the gradients of the named arguments."""
    leaves = {name: given[name].detach().clone().requires_grad_() for name in names}
    out = ops.edge_conv(**{**given, **leaves}, backend=backend)
    cotangent = torch.randn(out.shape, generator=generator(9), dtype=FLOAT).to(out.dtype)
    return out.detach(), *torch.autograd.grad(out, list(leaves.values()), cotangent)


def mandel_inputs(
    rows: int = 9, dtype: torch.dtype = FLOAT, scale: float = 0.4, seed: int = 0
) -> tuple[torch.Tensor, torch.Tensor]:
    """Coefficients that require gradients, and a cotangent that is not symmetric."""
    rng = generator(seed)
    coefficients = scale * torch.randn(rows, 21, generator=rng, dtype=FLOAT)
    return coefficients.to(dtype).requires_grad_(), torch.randn(rows, 6, 6, generator=rng, dtype=FLOAT).to(dtype)


def mandel(
    given: torch.Tensor, cotangent: torch.Tensor, function: str, backend: str
) -> tuple[torch.Tensor, torch.Tensor]:
    """The matrices, and the gradient of the coefficients."""
    out = ops.mandel(given, function, backend=backend)
    return out.detach(), *torch.autograd.grad(out, given, cotangent)


def exact_exponential(given: torch.Tensor, cotangent: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """e^M and its gradient by eigenvalues: a product with divided differences of the exponential."""
    values, q = torch.linalg.eigh(ops.mandel(given.detach(), "none", backend="torch"))
    difference, mean = (values[:, :, None] - values[:, None]) / 2, (values[:, :, None] + values[:, None]) / 2
    ratio = torch.where(difference.abs() < 1e-3, 1 + difference**2 / 6, difference.sinh() / difference)
    divided = mean.exp() * ratio
    gradient = q @ (divided * (q.mT @ ((cotangent + cotangent.mT) / 2) @ q)) @ q.mT
    basis = ops.mandel(torch.eye(21, dtype=FLOAT), "none", backend="torch")
    return q @ torch.diag_embed(values.exp()) @ q.mT, torch.einsum("qij,bij->bq", basis, gradient)


def assert_same_harmonics(
    found: tuple[torch.Tensor, torch.Tensor],
    expected: tuple[torch.Tensor, torch.Tensor],
    leaves: Sequence[torch.Tensor],
    dtype: torch.dtype,
) -> None:
    """Two results of edge_sh, and their gradients by the leaves."""
    for one, other in zip(found, expected, strict=True):
        assert difference(one, other) <= OP_FORWARD[dtype]
    gradients = [
        torch.autograd.grad(sh.sin().sum() + length.square().sum(), leaves, retain_graph=True)
        for sh, length in (found, expected)
    ]
    for one, other in zip(*gradients, strict=True):
        assert difference(one, other) <= OP_GRADIENT[dtype]


def assert_no_direction_without_length(given: dict[str, Any], backend: str) -> None:
    """Of edge 7 of 20: harmonics of degree l > 0 and all gradients vanish, and the other edges do not notice."""
    dtype, (sender, receiver) = given["positions"].dtype, given["edge_index"][:, 7]
    given["shifts"][7] = given["positions"][sender] - given["positions"][receiver]
    leaves = [given["positions"].requires_grad_(), given["shifts"].requires_grad_()]
    sh, length = ops.edge_sh(**given, lmax=4, backend=backend)
    assert torch.equal(sh[7], torch.eye(25, dtype=dtype)[0])
    assert length[7] == 0
    gradients = torch.autograd.grad(sh.sin().sum() + length.sum(), leaves)
    assert all(gradient.isfinite().all() for gradient in gradients)
    assert not gradients[1][7].any()
    assert gradients[1].ne(0).any(dim=1).sum() == 19


def contraction_inputs(nodes=5, lmax=4, channels=3, correlation=3, dtype=FLOAT, seed=0):
    """Features and folded weights that require gradients, and a cotangent, none of them special."""
    rng = generator(seed)

    def normal(*shape):
        return torch.randn(*shape, generator=rng, dtype=FLOAT).to(dtype)

    folded = sum(constants.folded_counts(lmax, correlation))
    a, w = normal(nodes, (lmax + 1) ** 2, channels), normal(folded, channels)
    return a.requires_grad_(), w.requires_grad_(), normal(*a.shape)


def contract(a, w, correlation=3, output_degrees=None, backend="native"):
    """The output, of all degrees if none are named."""
    degrees = range(round(a.shape[1] ** 0.5)) if output_degrees is None else output_degrees
    return ops.symmetric_contraction(a, w, correlation, degrees, backend=backend)


def contraction(a, w, cotangent, correlation=3, output_degrees=None, backend="native"):
    """Output, and gradients of features and weights."""
    out = contract(a, w, correlation, output_degrees, backend)
    return out, *torch.autograd.grad(out, [a, w], cotangent)


def assert_contraction(found, expected, dtype):
    """Output, and every gradient."""
    for one, other, tolerance in zip(found, expected, [OP_FORWARD, OP_GRADIENT, OP_GRADIENT], strict=True):
        assert difference(one, other) <= tolerance[dtype]


def mlp_inputs(rows=30, bases=6, width=16, layers=2, dtype=FLOAT):
    """Arguments of radial_mlp by name."""
    rng = generator(1)

    def normal(*shape):
        return torch.randn(*shape, generator=rng, dtype=FLOAT).to(dtype)

    sizes = [2 * bases] + [width] * (layers - 1)
    return {
        "length": torch.rand(rows, generator=rng, dtype=FLOAT).to(dtype),
        "radius": 0.03 * torch.rand(rows, generator=rng, dtype=FLOAT).to(dtype),
        "weights": [normal(width, n) / n**0.5 for n in sizes],
        "biases": [normal(width) for _ in sizes],
        "max_length": 0.6,
        "max_radius": 0.03,
    }
