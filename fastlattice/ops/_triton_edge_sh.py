"""edge_sh in Triton: kernels/edge_sh.py."""

from __future__ import annotations

import torch

from fastlattice.ops._custom_edge_sh import EDGE_SH
from fastlattice.ops._dispatch import implements
from fastlattice.ops._triton_op import call, check_range, refusal


def _forward(
    positions: torch.Tensor,
    edge_index: torch.Tensor,
    shifts: torch.Tensor,
    lmax: int,
    reverse: torch.Tensor | None = None,
) -> tuple[torch.Tensor, torch.Tensor]:
    check_range(edge_index, len(positions), "edge_index")
    return call("edge_sh", "edge_sh", positions, edge_index, shifts, lmax)


def _backward(
    grad_sh: torch.Tensor,
    grad_length: torch.Tensor,
    positions: torch.Tensor,
    edge_index: torch.Tensor,
    shifts: torch.Tensor,
    lmax: int,
) -> tuple[torch.Tensor, torch.Tensor]:
    return call("edge_sh", "edge_sh_backward", grad_sh, grad_length, positions, edge_index, shifts, lmax)


edge_sh = EDGE_SH.define("edge_sh_triton", _forward, _backward)
implements("edge_sh", "triton", refusal)(edge_sh)
