"""readout as a custom op, and the sum over the nodes of each lattice as one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from fastlattice.ops.custom_op import CustomOp


def width(multiplicities: Sequence[int]) -> int:
    """Numbers that a readout gives for a lattice, for the multiplicity of every degree."""
    return sum(count * (2 * degree + 1) for degree, count in enumerate(multiplicities))


def _fake(features: torch.Tensor, batch: torch.Tensor, num_graphs: int, *others: Any) -> torch.Tensor:
    return features.new_empty(num_graphs, width(others[-1]))


READOUT = CustomOp(
    "readout",
    "Tensor features, Tensor batch, SymInt num_graphs, Tensor gate, Tensor weight, Tensor bias, int[] multiplicities",
    groups=(("features",), ("gate", "weight", "bias")),
    fake=_fake,
)


def _fake_sum(rows: torch.Tensor, batch: torch.Tensor, num_graphs: int) -> torch.Tensor:
    return rows.new_empty(num_graphs, rows.shape[1])


SUM_BY_LATTICE = CustomOp(
    "readout", "Tensor rows, Tensor batch, SymInt num_graphs", groups=(("rows",),), fake=_fake_sum
)
