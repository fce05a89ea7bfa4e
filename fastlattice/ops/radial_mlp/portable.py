"""radial_mlp in plain torch, for every device and dtype, differentiable to any order."""

from __future__ import annotations

import torch

from fastlattice.ops.dispatch import implements


@implements("radial_mlp", "torch")
def radial_mlp(
    length: torch.Tensor,
    radius: torch.Tensor,
    weights: list[torch.Tensor],
    biases: list[torch.Tensor],
    max_length: float,
    max_radius: float,
) -> torch.Tensor:
    """As `ops.radial_mlp`."""
    number = weights[0].shape[1] // 2

    def gaussians(x: torch.Tensor, last: float) -> torch.Tensor:
        centres = torch.linspace(0.0, last, number, dtype=x.dtype, device=x.device)
        return torch.exp(-(((x[:, None] - centres) / (last / (number - 1))) ** 2)) / 1.12

    hidden = torch.cat([gaussians(length, max_length), gaussians(radius, max_radius)], dim=1)
    for weight, bias in zip(weights, biases, strict=True):
        hidden = torch.nn.functional.silu(torch.nn.functional.linear(hidden, weight, bias))
    return hidden
