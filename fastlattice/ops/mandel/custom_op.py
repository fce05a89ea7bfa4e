"""What the compiled implementations of mandel share."""

from __future__ import annotations

from typing import Any

import torch

from fastlattice.ops.custom_op import CustomOp


def _fake(coefficients: torch.Tensor, positive_function: str) -> torch.Tensor:
    return coefficients.new_empty(len(coefficients), 6, 6)


def _fake_backward(grad_out: torch.Tensor, coefficients: torch.Tensor, positive_function: str) -> torch.Tensor:
    return coefficients.new_empty(coefficients.shape)


def _setup(ctx: Any, inputs: Any, output: Any) -> None:
    coefficients, ctx.positive_function = inputs
    ctx.save_for_backward(coefficients)


def _formula(backward: Any, ctx: Any, grad_out: torch.Tensor) -> tuple[torch.Tensor, None]:
    return backward(grad_out, *ctx.saved_tensors, ctx.positive_function), None


MANDEL = CustomOp("mandel", _fake, _fake_backward, _setup, _formula)
