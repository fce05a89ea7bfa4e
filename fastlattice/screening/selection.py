"""What is kept of results while they stream: the best, or the Pareto front.

Both can be taken part by part: the best of all are among the best of every part, and ties go to the lower id, so that
nothing depends on how results are cut into parts.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fastlattice.screening.expressions import ExpressionError, column_named

Columns = Mapping[str, NDArray[Any]]
LESS_IS_BETTER = ("density", "anisotropy")
"""Columns that are made small unless said otherwise; all others are made large."""
_BLOCK = 512


@dataclass(frozen=True)
class Objective:
    """A column and whether its small values are the good ones.

    Attributes:
        column: its name.
        smallest: are small values good?
    """

    column: str
    smallest: bool

    def cost(self, columns: Columns) -> NDArray[np.float64]:
        """[n], the smaller the better; NaN where there is no number."""
        values = columns[self.column].astype(np.float64)
        return values if self.smallest else -values

    def __str__(self) -> str:
        return f"{'min' if self.smallest else 'max'}:{self.column}"


def objective(text: str, numbers: Collection[str]) -> Objective:
    """An objective from a column's name, as in "E_min", "min:nu_xy" or "max:density".

    Raises:
        ExpressionError: there is no such column.
    """
    way, _, name = text.strip().rpartition(":")
    if way not in ("", "min", "max"):
        raise ExpressionError(f"{text!r}: before a column's name stands min: or max:, not {way}:")
    column = column_named(name, numbers)
    return Objective(column, way == "min" if way else column in LESS_IS_BETTER)


def best(columns: Columns, by: Objective, count: int) -> NDArray[np.int64]:
    """Rows of the best `count`, the best first; rows without a number are never among them."""
    cost = by.cost(columns)
    order = np.lexsort((columns["id"], cost))
    return order[: min(count, int((~np.isnan(cost)).sum()))]


def pareto_front(columns: Columns, objectives: Sequence[Objective]) -> NDArray[np.int64]:
    """Rows that no other row is at least as good as in every objective and better in one, in the order of ids.

    Rows that are equal in all objectives stay together; rows without a number are never among them.
    """
    costs = np.stack([each.cost(columns) for each in objectives], axis=1)
    rows = np.flatnonzero(~np.isnan(costs).any(axis=1))
    rows = rows[np.lexsort(costs[rows].T[::-1])]  # a row is dominated only by rows before it
    front = np.empty((0, costs.shape[1]))
    kept = []
    for start in range(0, len(rows), _BLOCK):
        block = rows[start : start + _BLOCK]
        block = block[~_dominated(costs[block], front)]
        block = block[~_dominated(costs[block], costs[block])]
        kept.append(block)
        front = np.concatenate([front, costs[block]])
    found = np.concatenate(kept) if kept else rows
    return found[np.argsort(columns["id"][found], kind="stable")]


def _dominated(costs: NDArray[np.float64], by: NDArray[np.float64]) -> NDArray[np.bool_]:
    """[n]: is a row of `by` no worse in every column and better in one?"""
    found = np.zeros(len(costs), dtype=bool)
    for start in range(0, len(by), _BLOCK):
        others = by[start : start + _BLOCK]
        no_worse = np.all(others[None] <= costs[:, None], axis=2)
        better = np.any(others[None] < costs[:, None], axis=2)
        found |= np.any(no_worse & better, axis=1)
    return found
