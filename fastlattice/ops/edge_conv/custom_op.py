"""edge_conv as a custom op: what its compiled implementations share."""

from __future__ import annotations

from typing import Any

import torch

from fastlattice.ops.custom_op import CustomOp


def _fake(features: torch.Tensor, sh: torch.Tensor, *others: Any) -> torch.Tensor:
    return features.new_empty(len(features), sh.shape[1], features.shape[2])


EDGE_CONV = CustomOp(
    "edge_conv",
    "Tensor features, Tensor sh, Tensor hidden, Tensor weight, Tensor edge_index, Tensor linear_weight, "
    "Tensor linear_bias, float agg_norm, Tensor? strut",
    groups=(("features",), ("sh",), ("hidden",), ("weight", "linear_weight", "linear_bias")),
    fake=_fake,
)
