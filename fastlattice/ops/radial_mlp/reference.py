"""Gaussian embedding of edge lengths and radii, and the hidden layers of the radial network (equation 11)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from e3nn.math import soft_one_hot_linspace


def radial_mlp(
    length: torch.Tensor,
    radius: torch.Tensor,
    weights: Sequence[torch.Tensor],
    biases: Sequence[torch.Tensor],
    max_length: float,
    max_radius: float,
) -> torch.Tensor:
    """Hidden activations of the radial network; its last, linear layer belongs to `edge_conv`.

    Args:
        length: [M] lengths.
        radius: [M] radii.
        weights: of each hidden layer, [H, 2 K] for the first with K Gaussians for each of length and radius.
        biases: of each hidden layer, [H].
        max_length: centre of the last Gaussian of the length; the first is at 0.
        max_radius: the same for the radius.

    Returns:
        [M, H].
    """
    number = weights[0].shape[1] // 2
    hidden = torch.cat(
        [
            soft_one_hot_linspace(length, 0.0, max_length, number, basis="gaussian", cutoff=False),
            soft_one_hot_linspace(radius, 0.0, max_radius, number, basis="gaussian", cutoff=False),
        ],
        dim=1,
    )
    for weight, bias in zip(weights, biases, strict=True):
        hidden = torch.nn.functional.silu(hidden @ weight.T + bias)
    return hidden
