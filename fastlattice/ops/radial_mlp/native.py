"""radial_mlp on the CPU, native: csrc/ops/radial_mlp/radial_mlp.cpp."""

from __future__ import annotations

from typing import Any

import torch

from fastlattice.ops.backends.native import call, dense, int64_array, refusal
from fastlattice.ops.dispatch import implements
from fastlattice.ops.radial_mlp.custom_op import RADIAL_MLP


def _inputs(
    length: torch.Tensor,
    radius: torch.Tensor,
    weights: list[torch.Tensor],
    biases: list[torch.Tensor],
    max_length: float,
    max_radius: float,
) -> tuple[Any, ...]:
    """What both native functions take first: rows, the layers' number and widths, the last centres, and the arrays."""
    widths = int64_array([weights[0].shape[1], *(w.shape[0] for w in weights)])
    sizes = len(length), len(weights), widths, max_length, max_radius
    return *sizes, length, radius, weights, biases


def _forward(length: torch.Tensor, radius: torch.Tensor, weights: list[torch.Tensor], *others: Any) -> torch.Tensor:
    out = length.new_empty(len(length), weights[-1].shape[0])
    call("fl_radial_mlp", length.dtype, *_inputs(length, radius, weights, *others), out)
    return out


def _backward(grad: torch.Tensor, *arguments: Any) -> list[torch.Tensor]:
    *inputs, wanted = arguments
    room = RADIAL_MLP.room(inputs, wanted)
    grad_length, grad_radius, *of_layers = room
    call("fl_radial_mlp_backward", grad.dtype, *_inputs(*inputs), grad, grad_length, grad_radius, *of_layers)
    return RADIAL_MLP.wanted(room)


radial_mlp = RADIAL_MLP.define("radial_mlp", _forward, _backward, "cpu", dense)
implements("radial_mlp", "native", refusal)(radial_mlp)
