"""edge_sh in Triton: kernels/edge_sh.py."""

from __future__ import annotations

import torch

from fastlattice.ops.backends.triton import call, check_range, refusal
from fastlattice.ops.dispatch import implements
from fastlattice.ops.edge_sh.custom_op import EDGE_SH


def _forward(
    positions: torch.Tensor,
    edge_index: torch.Tensor,
    shifts: torch.Tensor,
    lmax: int,
    reverse: torch.Tensor | None,
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
    reverse: torch.Tensor | None,
    wanted: list[bool],
) -> list[torch.Tensor]:
    return list(call("edge_sh", "edge_sh_backward", grad_sh, grad_length, positions, edge_index, shifts, lmax))


edge_sh = EDGE_SH.define("edge_sh_triton", _forward, _backward)
implements("edge_sh", "triton", refusal)(edge_sh)
