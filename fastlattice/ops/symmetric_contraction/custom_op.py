"""symmetric_contraction as a custom op: what its compiled implementations share."""

from __future__ import annotations

import torch

from fastlattice.ops.custom_op import CustomOp


def _fake(features: torch.Tensor, weights: torch.Tensor, correlation: int, output_degrees: list[int]) -> torch.Tensor:
    return features.new_empty(features.shape)


SYMMETRIC_CONTRACTION = CustomOp(
    "symmetric_contraction",
    "Tensor features, Tensor weights, int correlation, int[] output_degrees",
    groups=(("features", "weights"),),
    fake=_fake,
)
