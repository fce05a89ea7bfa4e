"""readout in Triton: products by torch's library, sums over the nodes by kernels/readout.py."""

from __future__ import annotations

from functools import partial

import torch

from fastlattice.ops.backends.triton import call, check_range, refusal
from fastlattice.ops.dispatch import implements
from fastlattice.ops.readout import check_nodes
from fastlattice.ops.readout.portable import composed


@torch.library.custom_op("fastlattice::sum_by_lattice_triton", mutates_args=())
def sum_by_lattice(rows: torch.Tensor, batch: torch.Tensor, num_graphs: int) -> torch.Tensor:
    """[B, S], the sum of the rows [N, S] of each lattice."""
    check_range(batch, num_graphs, "batch")
    check_nodes(batch, num_graphs)
    return call("readout", "sum_by_lattice", rows, batch, num_graphs)


@sum_by_lattice.register_fake
def _(rows, batch, num_graphs):  # type: ignore[no-untyped-def]
    return rows.new_empty(num_graphs, rows.shape[1])


def _setup(ctx, inputs, output) -> None:  # type: ignore[no-untyped-def]
    ctx.save_for_backward(inputs[1])


def _formula(ctx, grad):  # type: ignore[no-untyped-def]
    (batch,) = ctx.saved_tensors
    return grad[batch], None, None


sum_by_lattice.register_autograd(_formula, setup_context=_setup)
implements("readout", "triton", refusal)(partial(composed, sum_by_lattice))
