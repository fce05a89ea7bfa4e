"""edge_sh on the CPU, native: csrc/ops/edge_sh/edge_sh.cpp."""

from __future__ import annotations

import torch

from fastlattice.ops.backends.native import call, dense, refusal
from fastlattice.ops.dispatch import implements
from fastlattice.ops.edge_sh.custom_op import EDGE_SH


def _forward(
    positions: torch.Tensor,
    edge_index: torch.Tensor,
    shifts: torch.Tensor,
    lmax: int,
    reverse: torch.Tensor | None,
) -> tuple[torch.Tensor, torch.Tensor]:
    edges = edge_index.shape[1]
    sh, length = positions.new_empty(edges, (lmax + 1) ** 2), positions.new_empty(edges)
    size = positions.shape[0], edges, lmax
    call("fl_edge_sh", positions.dtype, *size, positions, edge_index, shifts, reverse, sh, length)
    return sh, length


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
    grads = [positions.new_empty(positions.shape), shifts.new_empty(shifts.shape)]
    size = (len(positions), edge_index.shape[1], lmax)
    call("fl_edge_sh_backward", positions.dtype, *size, positions, edge_index, shifts, grad_sh, grad_length, *grads)
    return grads


edge_sh = EDGE_SH.define("edge_sh", _forward, _backward, "cpu", dense)
implements("edge_sh", "native", refusal)(edge_sh)
