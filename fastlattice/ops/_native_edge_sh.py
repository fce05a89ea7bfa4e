"""edge_sh on the CPU, native: csrc/edge_sh.cpp."""

from __future__ import annotations

import torch

from fastlattice.ops._custom_op import once_differentiable
from fastlattice.ops._dispatch import implements
from fastlattice.ops._native_op import call, refusal


@torch.library.custom_op("fastlattice::edge_sh", mutates_args=(), device_types="cpu")
def edge_sh(
    positions: torch.Tensor,
    edge_index: torch.Tensor,
    shifts: torch.Tensor,
    lmax: int,
    reverse: torch.Tensor | None = None,
) -> tuple[torch.Tensor, torch.Tensor]:
    """See `fastlattice.ops.edge_sh`."""
    edges = edge_index.shape[1]
    sh, length = positions.new_empty(edges, (lmax + 1) ** 2), positions.new_empty(edges)
    call("fl_edge_sh", positions.dtype, len(positions), edges, lmax, positions, edge_index, shifts, reverse, sh, length)
    return sh, length


@edge_sh.register_fake
def _(positions, edge_index, shifts, lmax, reverse=None):  # type: ignore[no-untyped-def]
    edges = edge_index.shape[1]
    return positions.new_empty(edges, (lmax + 1) ** 2), positions.new_empty(edges)


@torch.library.custom_op("fastlattice::edge_sh_backward", mutates_args=(), device_types="cpu")
def edge_sh_backward(
    grad_sh: torch.Tensor,
    grad_length: torch.Tensor,
    positions: torch.Tensor,
    edge_index: torch.Tensor,
    shifts: torch.Tensor,
    lmax: int,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Gradients of positions and shifts."""
    grads = torch.empty_like(positions, memory_format=torch.contiguous_format), shifts.new_empty(shifts.shape)
    size = (len(positions), edge_index.shape[1], lmax)
    call("fl_edge_sh_backward", positions.dtype, *size, positions, edge_index, shifts, grad_sh, grad_length, *grads)
    return grads


@edge_sh_backward.register_fake
def _(grad_sh, grad_length, positions, edge_index, shifts, lmax):  # type: ignore[no-untyped-def]
    return positions.new_empty(positions.shape), shifts.new_empty(shifts.shape)


def _setup(ctx, inputs, output) -> None:  # type: ignore[no-untyped-def]
    positions, edge_index, shifts, ctx.lmax, _ = inputs
    ctx.save_for_backward(positions, edge_index, shifts)


def _backward(ctx, grad_sh, grad_length):  # type: ignore[no-untyped-def]
    grad_positions, grad_shifts = edge_sh_backward(grad_sh, grad_length, *ctx.saved_tensors, ctx.lmax)
    return grad_positions, None, grad_shifts, None, None


edge_sh.register_autograd(_backward, setup_context=_setup)
once_differentiable(edge_sh_backward, "edge_sh")
implements("edge_sh", "native", refusal)(edge_sh)
