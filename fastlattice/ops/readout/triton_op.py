"""readout in Triton: products by torch's library, sums over the nodes by kernels/readout.py."""

from __future__ import annotations

from functools import partial

import torch

from fastlattice.ops.backends.triton import call, check_range, refusal
from fastlattice.ops.check import check_nodes
from fastlattice.ops.dispatch import implements
from fastlattice.ops.readout.custom_op import SUM_BY_LATTICE
from fastlattice.ops.readout.portable import composed


def _forward(rows: torch.Tensor, batch: torch.Tensor, num_graphs: int) -> torch.Tensor:
    check_range(batch, num_graphs, "batch")
    check_nodes(batch, num_graphs)
    return call("readout", "sum_by_lattice", rows, batch, num_graphs)


def _backward(
    grad: torch.Tensor, rows: torch.Tensor, batch: torch.Tensor, num_graphs: int, wanted: list[bool]
) -> list[torch.Tensor]:
    return [grad[batch]]


sum_by_lattice = SUM_BY_LATTICE.define("sum_by_lattice_triton", _forward, _backward)
implements("readout", "triton", refusal)(partial(composed, sum_by_lattice))
