"""What the compiled implementations of edge_sh share."""

from __future__ import annotations

from typing import Any

import torch

from fastlattice.ops.custom_op import CustomOp


def _fake(
    positions: torch.Tensor,
    edge_index: torch.Tensor,
    shifts: torch.Tensor,
    lmax: int,
    reverse: torch.Tensor | None = None,
) -> tuple[torch.Tensor, torch.Tensor]:
    edges = edge_index.shape[1]
    return positions.new_empty(edges, (lmax + 1) ** 2), positions.new_empty(edges)


def _fake_backward(
    grad_sh: torch.Tensor,
    grad_length: torch.Tensor,
    positions: torch.Tensor,
    edge_index: torch.Tensor,
    shifts: torch.Tensor,
    lmax: int,
) -> tuple[torch.Tensor, torch.Tensor]:
    return positions.new_empty(positions.shape), shifts.new_empty(shifts.shape)


def _setup(ctx: Any, inputs: Any, output: Any) -> None:
    positions, edge_index, shifts, ctx.lmax, _ = inputs
    ctx.save_for_backward(positions, edge_index, shifts)


def _formula(backward: Any, ctx: Any, grad_sh: torch.Tensor, grad_length: torch.Tensor) -> tuple[Any, ...]:
    grad_positions, grad_shifts = backward(grad_sh, grad_length, *ctx.saved_tensors, ctx.lmax)
    return grad_positions, None, grad_shifts, None, None


EDGE_SH = CustomOp("edge_sh", _fake, _fake_backward, _setup, _formula)
