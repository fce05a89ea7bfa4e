"""radial_mlp as a custom op."""

from __future__ import annotations

from typing import Any

import torch

from fastlattice.ops.custom_op import CustomOp


def _fake(length: torch.Tensor, radius: torch.Tensor, weights: list[torch.Tensor], *others: Any) -> torch.Tensor:
    return length.new_empty(len(length), weights[-1].shape[0])


RADIAL_MLP = CustomOp(
    "radial_mlp",
    "Tensor length, Tensor radius, Tensor[] weights, Tensor[] biases, float max_length, float max_radius",
    groups=(("length", "radius"), ("weights", "biases")),
    fake=_fake,
)
