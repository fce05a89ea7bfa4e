"""What the compiled implementations of symmetric_contraction share."""

from __future__ import annotations

from typing import Any

import torch

from fastlattice.ops.custom_op import CustomOp


def _fake(features: torch.Tensor, weights: torch.Tensor, correlation: int, outputs: list[int]) -> torch.Tensor:
    return features.new_empty(features.shape)


def _fake_backward(
    grad_out: torch.Tensor, features: torch.Tensor, weights: torch.Tensor, correlation: int, outputs: list[int]
) -> tuple[torch.Tensor, torch.Tensor]:
    return features.new_empty(features.shape), weights.new_empty(weights.shape)


def _setup(ctx: Any, inputs: Any, output: Any) -> None:
    features, weights, ctx.correlation, ctx.outputs = inputs
    ctx.save_for_backward(features, weights)


def _formula(backward: Any, ctx: Any, grad_out: torch.Tensor) -> tuple[Any, ...]:
    grads = backward(grad_out, *ctx.saved_tensors, ctx.correlation, ctx.outputs)
    return *(grad if needed else None for grad, needed in zip(grads, ctx.needs_input_grad, strict=False)), None, None


SYMMETRIC_CONTRACTION = CustomOp("symmetric_contraction", _fake, _fake_backward, _setup, _formula)


def mask_of(degrees: list[int]) -> int:
    """One bit for each degree."""
    return sum(1 << degree for degree in set(degrees))
