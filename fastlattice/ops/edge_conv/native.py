"""edge_conv on the CPU, native: csrc/ops/edge_conv/edge_conv.cpp."""

from __future__ import annotations

import torch

from fastlattice.ops.backends.native import call, refusal
from fastlattice.ops.dispatch import implements
from fastlattice.ops.edge_conv.custom_op import EDGE_CONV, empty_gradients


def _size(features: torch.Tensor, sh: torch.Tensor, hidden: torch.Tensor) -> tuple[int, ...]:
    """Nodes, edges, rows of hidden, l_in, lmax, channels, width of hidden."""
    l_in, lmax = (round(t.shape[1] ** 0.5) - 1 for t in (features, sh))
    return len(features), len(sh), len(hidden), l_in, lmax, features.shape[2], hidden.shape[1]


def _forward(
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
    out = features.new_empty(len(features), sh.shape[1], features.shape[2])
    inputs = features, sh, hidden, weight, edge_index, linear_weight, linear_bias, strut
    call("fl_edge_conv", features.dtype, *_size(features, sh, hidden), agg_norm, *inputs, out)
    return out


def _backward(
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
    grads = empty_gradients(wanted, features, sh, hidden, weight, linear_weight, linear_bias)
    left = iter(grads)
    outputs = [next(left) if w else None for w in [*wanted[:3], *[wanted[3]] * 3]]
    inputs = features, sh, hidden, weight, edge_index, linear_weight, linear_bias, strut
    size = _size(features, sh, hidden)
    call("fl_edge_conv_backward", features.dtype, *size, agg_norm, *inputs, grad, *outputs)
    return grads


edge_conv = EDGE_CONV.define("edge_conv", _forward, _backward, "cpu")
implements("edge_conv", "native", refusal)(edge_conv)
