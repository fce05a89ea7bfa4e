"""symmetric_contraction on the CPU, native: csrc/symmetric_contraction.cpp."""

from __future__ import annotations

import torch

from fastlattice.ops._custom_op import once_differentiable
from fastlattice.ops._dispatch import implements
from fastlattice.ops._native_op import call, refusal


def _sizes(features: torch.Tensor, correlation: int, outputs: list[int]) -> tuple[int, ...]:
    """What the native function asks for before the arrays: nodes, lmax, channels, order, one bit for each degree."""
    nodes, components, channels = features.shape
    return nodes, round(components**0.5) - 1, channels, correlation, sum(1 << degree for degree in set(outputs))


@torch.library.custom_op("fastlattice::symmetric_contraction", mutates_args=(), device_types="cpu")
def symmetric_contraction(
    features: torch.Tensor, weights: torch.Tensor, correlation: int, outputs: list[int]
) -> torch.Tensor:
    """See `fastlattice.ops.symmetric_contraction`; the weights are folded."""
    out = features.new_empty(features.shape)
    sizes = _sizes(features, correlation, outputs)
    call("fl_symmetric_contraction", features.dtype, *sizes, features, weights, out)
    return out


@symmetric_contraction.register_fake
def _(features, weights, correlation, outputs):  # type: ignore[no-untyped-def]
    return features.new_empty(features.shape)


@torch.library.custom_op("fastlattice::symmetric_contraction_backward", mutates_args=(), device_types="cpu")
def symmetric_contraction_backward(
    grad_out: torch.Tensor, features: torch.Tensor, weights: torch.Tensor, correlation: int, outputs: list[int]
) -> tuple[torch.Tensor, torch.Tensor]:
    """Gradients of features and weights."""
    grads = features.new_empty(features.shape), weights.new_empty(weights.shape)
    sizes = _sizes(features, correlation, outputs)
    call("fl_symmetric_contraction_backward", features.dtype, *sizes, features, weights, grad_out, *grads)
    return grads


@symmetric_contraction_backward.register_fake
def _(grad_out, features, weights, correlation, outputs):  # type: ignore[no-untyped-def]
    return features.new_empty(features.shape), weights.new_empty(weights.shape)


def _setup(ctx, inputs, output) -> None:  # type: ignore[no-untyped-def]
    features, weights, ctx.correlation, ctx.outputs = inputs
    ctx.save_for_backward(features, weights)


def _backward(ctx, grad_out):  # type: ignore[no-untyped-def]
    grads = symmetric_contraction_backward(grad_out, *ctx.saved_tensors, ctx.correlation, ctx.outputs)
    return *(grad if needed else None for grad, needed in zip(grads, ctx.needs_input_grad, strict=False)), None, None


symmetric_contraction.register_autograd(_backward, setup_context=_setup)
once_differentiable(symmetric_contraction_backward, "symmetric_contraction")
implements("symmetric_contraction", "native", refusal)(symmetric_contraction)
