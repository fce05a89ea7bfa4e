"""What networks in plain torch share: vectors of the struts, reductions, and the way from 21 numbers to a stiffness.

Sums run in the order of the edges whatever the number of threads, and so do their gradients.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import torch
from torch import nn

from fastlattice.models.inputs import Inputs
from fastlattice.ops import constants

REDUCTIONS = ("sum", "mean", "min", "max")
POSITIVE = ("none", "square")
ROWS_AT_ONCE = 1024
"""Edges whose messages are made at a time on a CPU, so that what they need stays in a core's cache.

Elsewhere it is 64 times as many. CGC of width 128 takes a quarter less time so than with all edges at once, NNConv of
width 32 less than a third of it.
"""


def strut_vectors(graph: Inputs) -> tuple[torch.Tensor, torch.Tensor]:
    """[E, 3] vectors from sender to receiver and [E, 1] their lengths."""
    sender, receiver = graph.edge_index
    vectors = graph.positions.index_select(0, receiver) - graph.positions.index_select(0, sender) + graph.shifts
    return vectors, vectors.norm(dim=1, keepdim=True)


def in_parts(messages: Callable[..., torch.Tensor], *columns: torch.Tensor) -> torch.Tensor:
    """[E, d]: messages(*columns) of columns [E, ...], of some edges at a time.

    It bounds the memory where no gradient is recorded.
    """
    rows = ROWS_AT_ONCE if columns[0].device.type == "cpu" else 64 * ROWS_AT_ONCE
    parts = zip(*(column.split(rows) for column in columns), strict=True)
    return torch.cat([messages(*part) for part in parts])


def reduced(values: torch.Tensor, index: torch.Tensor, count: int, reduction: str) -> torch.Tensor:
    """[count, d]: `values` [n, d] of each `index` [n] int64 in one; 0 where there is none.

    Args:
        values: what is reduced.
        index: 0 to count - 1.
        count: rows of the result.
        reduction: one of REDUCTIONS. Where several values are the least or the largest, each gets an equal share of
            the gradient.
    """
    out = values.new_zeros(count, values.shape[1])
    if reduction in ("min", "max"):
        rows = index[:, None].expand_as(values)
        return out.scatter_reduce(0, rows, values, "a" + reduction, include_self=False)
    out = out.index_add(0, index, values)
    if reduction == "sum":
        return out
    numbers = values.new_zeros(count).index_add(0, index, values.new_ones(len(values)))
    return out / numbers.clamp_min(1)[:, None]


def readout(width: int, activation: Callable[[], nn.Module]) -> nn.Sequential:
    """The released networks' last layers: from `width` features of a lattice to 21 numbers."""
    sizes = (width, 128, 64, 32, 21)
    layers: list[nn.Module] = []
    for n, m in pairwise(sizes):
        layers += [nn.Linear(n, m), activation()]
    return nn.Sequential(*layers[:-1])


def stiffness_of(numbers: torch.Tensor, positive: str) -> torch.Tensor:
    """[B, 6, 6] symmetric matrices from the upper triangle of the Mandel matrix, row by row.

    Args:
        numbers: [B, 21].
        positive: one of POSITIVE; "square" returns the square of the matrix, which is positive semi-definite.
    """
    places = constants.constant(_places, like=numbers, dtype=torch.int64)
    matrix = numbers.index_select(1, places).unflatten(1, (6, 6))
    return matrix @ matrix if positive == "square" else matrix


@constants.table
def _places() -> torch.Tensor:
    """[36] int64: which of the 21 numbers stands where in the 6x6."""
    rows, columns = torch.triu_indices(6, 6)
    places = torch.zeros(6, 6, dtype=torch.int64)
    places[rows, columns] = places[columns, rows] = torch.arange(21)
    return places.flatten()
