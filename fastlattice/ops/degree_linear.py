"""The linear map of the channels of each degree (e3nn's o3.Linear), in torch."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from fastlattice.ops import constants


def degree_linear(features: torch.Tensor, weight: torch.Tensor, degrees: Sequence[int]) -> torch.Tensor:
    """features [N, (lmax + 1)^2, C] times weight [(lmax + 1) * C * C] by degree, divided by sqrt(C).

    The components of degrees that are not in `degrees` come out as zeros.
    """
    channels = features.shape[2]
    maps = weight.view(-1, channels, channels) / channels**0.5
    parts = []
    for degree, matrix in enumerate(maps):
        part = features[:, constants.components(degree)]
        parts.append(part @ matrix if degree in degrees else torch.zeros_like(part))
    return torch.cat(parts, dim=1)
