"""symmetric_contraction on the CPU, native: csrc/ops/symmetric_contraction/symmetric_contraction.cpp."""

from __future__ import annotations

import torch

from fastlattice.ops.backends.native import call, dense, refusal
from fastlattice.ops.check import lmax_of
from fastlattice.ops.constants import degree_mask
from fastlattice.ops.dispatch import implements
from fastlattice.ops.symmetric_contraction.custom_op import SYMMETRIC_CONTRACTION


def _sizes(features: torch.Tensor, correlation: int, output_degrees: list[int]) -> tuple[int, ...]:
    """What the native function asks for before the arrays: nodes, lmax, channels, order, one bit for each degree."""
    nodes, components, channels = features.shape
    return nodes, lmax_of(components), channels, correlation, degree_mask(output_degrees)


def _forward(
    features: torch.Tensor, weights: torch.Tensor, correlation: int, output_degrees: list[int]
) -> torch.Tensor:
    out = features.new_empty(features.shape)
    sizes = _sizes(features, correlation, output_degrees)
    call("fl_symmetric_contraction", features.dtype, *sizes, features, weights, out)
    return out


def _backward(
    grad_out: torch.Tensor,
    features: torch.Tensor,
    weights: torch.Tensor,
    correlation: int,
    output_degrees: list[int],
    wanted: list[bool],
) -> list[torch.Tensor]:
    grads = [features.new_empty(features.shape), weights.new_empty(weights.shape)]
    sizes = _sizes(features, correlation, output_degrees)
    call("fl_symmetric_contraction_backward", features.dtype, *sizes, features, weights, grad_out, *grads)
    return grads


symmetric_contraction = SYMMETRIC_CONTRACTION.define("symmetric_contraction", _forward, _backward, "cpu", dense)
implements("symmetric_contraction", "native", refusal)(symmetric_contraction)
