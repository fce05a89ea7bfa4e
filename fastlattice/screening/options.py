"""What a screening keeps: conditions, the best, the Pareto front, and which columns that takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fastlattice.errors import FastlatticeError
from fastlattice.screening.expressions import Condition, conditions
from fastlattice.screening.properties import ANISOTROPY, DERIVED, EXTREMES, MODULI, STIFFNESS
from fastlattice.screening.selection import Objective, objective

TEXTS = ("name", "status")
FLAGS = ("beam_valid", "joints_valid", "in_range")
COLUMNS = ("id", "name", "density", *STIFFNESS, *MODULI, ANISOTROPY, "status", *FLAGS)
"""Columns of results, in order; extremes stand before `status`."""
PREDICTED = tuple(f"{name}_predicted" for name in (*STIFFNESS, *DERIVED))
"""Of the network, where finite elements are computed beside it."""
DISAGREEMENT = "disagreement"
"""|C_network - C_fe| / |C_fe| in the Frobenius norm."""


@dataclass(frozen=True)
class Options:
    """What is kept of the results; see `fastlattice.screen` for the words.

    Attributes:
        cheap, dear: conditions without and with extremes over directions.
        by, top: the best `top` by an objective, or None.
        pareto: objectives of the front; empty: none.
        extremes: those of `EXTREMES` that become columns.
        certify: how many of the best are computed again by finite elements.
        identity: all of it, ready for JSON.
    """

    cheap: tuple[Condition, ...]
    dear: tuple[Condition, ...]
    by: Objective | None
    top: int | None
    pareto: tuple[Objective, ...]
    extremes: tuple[str, ...]
    certify: int
    identity: dict[str, Any]

    @property
    def selects(self) -> bool:
        """Is there a choice among all rows, which a part alone cannot make?"""
        return self.top is not None or bool(self.pareto)


def parsed(
    where: str | None = None,
    top: int | None = None,
    by: str | None = None,
    pareto: str | Sequence[str] | None = None,
    extremes: bool = False,
    certify: int = 0,
    both: bool = False,
) -> Options:
    """Options from what a user says; `both`: finite elements and a network are computed.

    Raises:
        ExpressionError: a condition or a column's name is malformed.
        FastlatticeError: options do not go together.
    """
    extra = (*PREDICTED, DISAGREEMENT) if both else ()
    numbers = ("id", "density", *STIFFNESS, *DERIVED, *EXTREMES, *FLAGS, *extra)
    parts = conditions(where, numbers, TEXTS) if where else []
    dear = tuple(part for part in parts if part.names & set(EXTREMES))
    best_by = objective(by, numbers) if by else None
    names = pareto.split(",") if isinstance(pareto, str) else list(pareto or ())
    front = tuple(objective(name, numbers) for name in names)
    if (top or certify) and best_by is None:
        raise FastlatticeError("the best need an objective: say by=..., as E_min or min:anisotropy")
    if best_by is not None and not top and not certify:
        raise FastlatticeError("by=... says what is best: say also how many, top=N or certify=N")
    if (top is not None and top < 1) or certify < 0:
        raise FastlatticeError("top and certify are numbers of at least 1")
    if top is not None and front:
        raise FastlatticeError("the best of one objective or the Pareto front of several: choose one")
    if len(front) == 1:
        raise FastlatticeError("a Pareto front has two objectives or more; the best of one are top=N, by=...")
    objectives = [*front, *([best_by] if best_by else [])]
    used = {name for part in dear for name in part.names} | {each.column for each in objectives}
    found = tuple(name for name in EXTREMES if extremes or name in used)
    identity = {
        "where": [part.text for part in parts],
        "top": top,
        "by": str(best_by) if best_by else None,
        "pareto": [str(each) for each in front],
        "extremes": list(found),
        "certify": certify,
    }
    cheap = tuple(part for part in parts if part not in dear)
    return Options(cheap, dear, best_by, top, front, found, certify, identity)
