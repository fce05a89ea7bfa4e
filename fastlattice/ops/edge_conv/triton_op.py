"""edge_conv in Triton: kernels/edge_conv.py."""

from __future__ import annotations

import torch

from fastlattice.ops.backends.triton import call, check_range, refusal
from fastlattice.ops.dispatch import implements
from fastlattice.ops.edge_conv.custom_op import EDGE_CONV


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
    check_range(edge_index, len(features), "edge_index")
    if strut is not None:
        check_range(strut, len(hidden), "strut")
    parameters = weight, edge_index, linear_weight, linear_bias
    return call("edge_conv", "edge_conv", features, sh, hidden, *parameters, agg_norm, strut)


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
    parameters = weight, edge_index, linear_weight, linear_bias
    return call("edge_conv", "edge_conv_backward", grad, features, sh, hidden, *parameters, agg_norm, strut, wanted)


edge_conv = EDGE_CONV.define("edge_conv_triton", _forward, _backward)
implements("edge_conv", "triton", refusal)(edge_conv)
