"""Periodic edge vectors in spherical harmonics (equation 12 of Grega et al. 2024)."""

from __future__ import annotations

import torch
from e3nn import o3


def edge_sh(
    positions: torch.Tensor, edge_index: torch.Tensor, shifts: torch.Tensor, lmax: int
) -> tuple[torch.Tensor, torch.Tensor]:
    """Spherical harmonics of edge directions, component-normalised, and edge lengths.

    Args:
        positions: [N, 3].
        edge_index: [2, E] int64, senders and receivers.
        shifts: [E, 3]; the edge vector is positions[receiver] - positions[sender] + shift.
        lmax: largest degree.

    Returns:
        [E, (lmax + 1)^2] harmonics and [E] lengths.
    """
    sender, receiver = edge_index
    vectors = positions[receiver] - positions[sender] + shifts
    harmonics = o3.spherical_harmonics(list(range(lmax + 1)), vectors, normalize=True, normalization="component")
    return harmonics, vectors.norm(dim=1)
