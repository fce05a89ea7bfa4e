"""Sums over the nodes of each lattice, in the readout: `segments.sum_rows`, in a fixed order, without atomics."""

import torch

from fastlattice.kernels.segments import Segments, sum_rows
from fastlattice.kernels.segments import specialisations as sum_specialisations
from fastlattice.kernels.specialisation import Specialisation


def sum_by_lattice(rows: torch.Tensor, batch: torch.Tensor, num_graphs: int) -> torch.Tensor:
    """[B, S], the sum of the rows [N, S] of each lattice; batch [N] int64 is the lattice of each."""
    return sum_rows(rows, Segments.of(batch, num_graphs))


def specialisations(dtype: str, channels: int, degrees: list[int]) -> list[Specialisation]:
    """What the readout of some degrees compiles.

    Args:
        dtype: "fp32" or "fp64".
        channels: C.
        degrees: that are read.
    """
    return sum_specialisations(dtype, 1 + channels * sum(2 * degree + 1 for degree in degrees))  # 1: counts the nodes
