"""The norm of each degree of a node's features, in torch; the native network's is csrc/network/degree_norm.h."""

from __future__ import annotations

import torch

from fastlattice.ops import constants


def degree_norm(features: torch.Tensor, scale: torch.Tensor, share: float, floor: float) -> torch.Tensor:
    """[N, (lmax + 1)^2, C] features h to h_l s_l / sqrt(mean h_l^2 + share mean h^2 + floor), s [lmax + 1, C]."""
    added = share * (features * features).mean((1, 2), keepdim=True) + floor
    parts = []
    for degree, own in enumerate(scale):
        part = features[:, constants.components(degree)]
        parts.append(part * ((part * part).mean((1, 2), keepdim=True) + added).rsqrt() * own)
    return torch.cat(parts, 1)
