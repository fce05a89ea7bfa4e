"""Stiffness along directions, and the scale of a stiffness by which errors are made relative."""

from __future__ import annotations

import math

import torch
from torch import Tensor

DIRECTIONS = 250
"""Directions over which Grega et al. (2024) average."""


def sphere_directions(count: int = DIRECTIONS) -> Tensor:
    """[count, 3] float64 unit vectors spread evenly over the sphere: a Fibonacci spiral, the same on every machine.

    The mean over them is the mean over random directions without its noise.
    """
    index = torch.arange(count, dtype=torch.float64)
    z = 1 - (2 * index + 1) / count
    angle = index * (math.pi * (3 - math.sqrt(5)))
    ring = (1 - z**2).sqrt()
    return torch.stack([ring * angle.cos(), ring * angle.sin(), z], dim=1)


def directional_stiffness(stiffness: Tensor, directions: Tensor | None = None) -> Tensor:
    """[B, Q] stiffness C_ijkl d_i d_j d_k d_l along directions, in the unit of `stiffness`; differentiable.

    Args:
        stiffness: [B, 6, 6] Mandel, in the order 11, 22, 33, 23, 13, 12.
        directions: [Q, 3] unit vectors; None: `sphere_directions()`.
    """
    d = (sphere_directions() if directions is None else directions).to(stiffness)
    x, y, z = d.unbind(1)
    root = math.sqrt(2)
    dyads = torch.stack([x * x, y * y, z * z, root * y * z, root * x * z, root * x * y], dim=1)
    return torch.einsum("qi,bij,qj->bq", dyads, stiffness, dyads)


def mean_square(stiffness: Tensor) -> Tensor:
    """[B] gamma, the mean of the 36 squared Mandel entries of [B, 6, 6] (Grega et al. 2024, equation 16)."""
    return stiffness.square().mean((-1, -2))
