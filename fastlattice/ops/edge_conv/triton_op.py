"""edge_conv in Triton: kernels/edge_conv.py."""

from __future__ import annotations

from typing import Any

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
    strut: torch.Tensor | None,
) -> torch.Tensor:
    check_range(edge_index, len(features), "edge_index")
    if strut is not None:
        check_range(strut, len(hidden), "strut")
    parameters = weight, edge_index, linear_weight, linear_bias
    return call("edge_conv", "edge_conv", features, sh, hidden, *parameters, agg_norm, strut)


def _backward(grad: torch.Tensor, *arguments: Any) -> list[torch.Tensor]:
    return call("edge_conv", "edge_conv_backward", grad, *arguments)


edge_conv = EDGE_CONV.define("edge_conv_triton", _forward, _backward)
implements("edge_conv", "triton", refusal)(edge_conv)
