"""edge_sh as a custom op: what its compiled implementations share."""

from __future__ import annotations

import torch

from fastlattice.ops.custom_op import CustomOp


def _fake(
    positions: torch.Tensor,
    edge_index: torch.Tensor,
    shifts: torch.Tensor,
    lmax: int,
    reverse: torch.Tensor | None,
) -> tuple[torch.Tensor, torch.Tensor]:
    edges = edge_index.shape[1]
    return positions.new_empty(edges, (lmax + 1) ** 2), positions.new_empty(edges)


EDGE_SH = CustomOp(
    "edge_sh",
    "Tensor positions, Tensor edge_index, Tensor shifts, int lmax, Tensor? reverse",
    groups=(("positions", "shifts"),),
    fake=_fake,
    results=2,
)
