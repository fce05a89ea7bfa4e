"""symmetric_contraction in Triton: kernels/symmetric_contraction.py."""

from __future__ import annotations

import torch

from fastlattice.ops.backends.triton import call, refusal
from fastlattice.ops.dispatch import implements
from fastlattice.ops.symmetric_contraction.custom_op import SYMMETRIC_CONTRACTION


def _forward(
    features: torch.Tensor, weights: torch.Tensor, correlation: int, output_degrees: list[int]
) -> torch.Tensor:
    return call("symmetric_contraction", "symmetric_contraction", features, weights, correlation, output_degrees)


def _backward(
    grad_out: torch.Tensor,
    features: torch.Tensor,
    weights: torch.Tensor,
    correlation: int,
    output_degrees: list[int],
    wanted: list[bool],
) -> list[torch.Tensor]:
    arguments = grad_out, features, weights, correlation, output_degrees
    return list(call("symmetric_contraction", "symmetric_contraction_backward", *arguments))


symmetric_contraction = SYMMETRIC_CONTRACTION.define("symmetric_contraction_triton", _forward, _backward)
implements("symmetric_contraction", "triton", refusal)(symmetric_contraction)
