"""Functions of symmetric matrices, with derivatives that hold where eigenvalues coincide, as a cubic lattice's do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import torch

_Elementwise = Callable[[torch.Tensor], torch.Tensor]
Function = tuple[_Elementwise, _Elementwise]
"""What is applied to the eigenvalues, and its derivative."""

FUNCTIONS: dict[str, Function] = {
    "sqrt": (torch.sqrt, lambda w: 0.5 * w.rsqrt()),
    "rsqrt": (torch.rsqrt, lambda w: -0.5 * w.rsqrt() / w),
    "log": (torch.log, torch.reciprocal),
}
"""Functions by name; they need positive eigenvalues."""


def share(largest: float) -> Function:
    """(1 + e^w)^-1, where w counts as no larger than `largest`."""
    return (
        lambda w: torch.sigmoid(-w.clamp(max=largest)),
        lambda w: -torch.sigmoid(w) * torch.sigmoid(-w) * (w < largest),
    )


class _OfSymmetric(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, matrix: torch.Tensor, function: Function) -> torch.Tensor:
        values, vectors = torch.linalg.eigh(matrix)
        image = function[0](values)
        ctx.save_for_backward(values, vectors, image)
        ctx.slope = function[1]
        return (vectors * image[..., None, :]) @ vectors.mT

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx: Any, *gradients: torch.Tensor) -> tuple[torch.Tensor, None]:
        values, vectors, image = ctx.saved_tensors
        step = values[..., :, None] - values[..., None, :]
        scale = values.abs().amax(-1)[..., None, None]
        # A difference of images loses as many digits as the eigenvalues share; from a millionth on, the derivative at
        # their mean is the better number, to the square of that.
        near = step.abs() < 1e-6 * scale
        middle = 0.5 * (values[..., :, None] + values[..., None, :])
        quotient = (image[..., :, None] - image[..., None, :]) / step.masked_fill(near, 1.0)
        quotient = torch.where(near, ctx.slope(middle), quotient)
        inner = vectors.mT @ (0.5 * (gradients[0] + gradients[0].mT)) @ vectors
        return vectors @ (inner * quotient) @ vectors.mT, None


def of_symmetric(matrix: torch.Tensor, function: str | Function) -> torch.Tensor:
    """A function of symmetric matrices; its derivative is the theorem of Daleckii and Krein.

    Args:
        matrix: [..., n, n] symmetric, floating point.
        function: the name of one of FUNCTIONS, or a function and its derivative.

    Returns:
        [..., n, n], once differentiable.
    """
    return cast(
        torch.Tensor, _OfSymmetric.apply(matrix, FUNCTIONS[function] if isinstance(function, str) else function)
    )
