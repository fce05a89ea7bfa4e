"""edge_conv on the CPU, native: csrc/ops/edge_conv/edge_conv.cpp."""

from __future__ import annotations

from typing import Any

import torch

from fastlattice.ops.backends.native import call, dense, refusal
from fastlattice.ops.check import lmax_of
from fastlattice.ops.dispatch import implements
from fastlattice.ops.edge_conv.custom_op import EDGE_CONV


def _inputs(
    features: torch.Tensor,
    sh: torch.Tensor,
    hidden: torch.Tensor,
    weight: torch.Tensor,
    edge_index: torch.Tensor,
    linear_weight: torch.Tensor,
    linear_bias: torch.Tensor,
    agg_norm: float,
    strut: torch.Tensor | None,
) -> tuple[Any, ...]:
    """What both native functions take first: nodes, edges, rows of hidden, l_in, lmax, channels, width, and so on."""
    degrees = lmax_of(features.shape[1]), lmax_of(sh.shape[1])
    sizes = len(features), len(sh), len(hidden), *degrees, features.shape[2], hidden.shape[1], agg_norm
    return *sizes, features, sh, hidden, weight, edge_index, linear_weight, linear_bias, strut


def _forward(features: torch.Tensor, sh: torch.Tensor, *others: Any) -> torch.Tensor:
    out = features.new_empty(len(features), sh.shape[1], features.shape[2])
    call("fl_edge_conv", features.dtype, *_inputs(features, sh, *others), out)
    return out


def _backward(grad: torch.Tensor, *arguments: Any) -> list[torch.Tensor]:
    *inputs, wanted = arguments
    room = EDGE_CONV.room(inputs, wanted)
    call("fl_edge_conv_backward", grad.dtype, *_inputs(*inputs), grad, *room)
    return EDGE_CONV.wanted(room)


edge_conv = EDGE_CONV.define("edge_conv", _forward, _backward, "cpu", dense)
implements("edge_conv", "native", refusal)(edge_conv)
