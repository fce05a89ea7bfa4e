"""What the compiled implementations of edge_conv share."""

from __future__ import annotations

from typing import Any

import torch

from fastlattice.ops.custom_op import CustomOp


def _fake(
    features: torch.Tensor,
    sh: torch.Tensor,
    hidden: torch.Tensor,
    weight: torch.Tensor,
    edge_index: torch.Tensor,
    linear_weight: torch.Tensor,
    linear_bias: torch.Tensor,
    agg_norm: float,
    strut: torch.Tensor | None = None,
) -> torch.Tensor:
    return features.new_empty(len(features), sh.shape[1], features.shape[2])


def _fake_backward(
    grad: torch.Tensor,
    features: torch.Tensor,
    sh: torch.Tensor,
    hidden: torch.Tensor,
    weight: torch.Tensor,
    edge_index: torch.Tensor,
    linear_weight: torch.Tensor,
    linear_bias: torch.Tensor,
    agg_norm: float,
    strut: torch.Tensor | None,
    wanted: list[bool],
) -> list[torch.Tensor]:
    return empty_gradients(wanted, features, sh, hidden, weight, linear_weight, linear_bias)


def empty_gradients(wanted: list[bool], *inputs: torch.Tensor) -> list[torch.Tensor]:
    """Room for the gradients of features, sh, hidden and of all parameters: those of the four that are wanted."""
    everything = [*wanted[:3], *[wanted[3]] * 3]
    return [t.new_empty(t.shape) for t, w in zip(inputs, everything, strict=True) if w]


def _setup(ctx: Any, inputs: Any, output: Any) -> None:
    *tensors, ctx.agg_norm, strut = inputs
    ctx.save_for_backward(*tensors, strut)


def _formula(backward: Any, ctx: Any, grad: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
    features, sh, hidden, weight, edge_index, linear_weight, linear_bias, strut = ctx.saved_tensors
    need = ctx.needs_input_grad
    wanted = [*need[:3], need[3] or need[5] or need[6]]
    parameters = weight, edge_index, linear_weight, linear_bias
    left = iter(backward(grad, features, sh, hidden, *parameters, ctx.agg_norm, strut, wanted))
    grads = [next(left) if w else None for w in [*wanted[:3], *[wanted[3]] * 3]]
    return *grads[:4], None, *grads[4:], None, None


EDGE_CONV = CustomOp("edge_conv", _fake, _fake_backward, _setup, _formula)
