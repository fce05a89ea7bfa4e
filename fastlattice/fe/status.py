"""What became of each lattice: the status, the failures in words, and what every result has."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property
from typing import NamedTuple

import torch

from fastlattice.lattice.batch import LatticeBatch
from fastlattice.lattice.joints import joints_valid
from fastlattice.lattice.strings import StringColumn

MAX_SLENDERNESS = 0.25
"""Largest r/L for which a strut counts as a beam; csrc/frame/checks.cpp has the same."""


class Status(IntEnum):
    """What became of a lattice. Where several apply, the lowest value other than OK is reported."""

    OK = 0
    INVALID_INPUT = 1
    ZERO_LENGTH_STRUT = 2
    DUPLICATE_STRUT = 3
    ISOLATED_NODE = 4
    NOT_THREE_PERIODIC = 5
    FLOATING_PIECE = 6
    SINGULAR_PIVOT = 7
    OUT_OF_MEMORY = 8
    NOT_FINITE = 9

    @property
    def description(self) -> str:
        """The status in words."""
        return _DESCRIPTIONS[self]


_DESCRIPTIONS = {
    Status.OK: "ok",
    Status.INVALID_INPUT: (
        "invalid input: a NaN or infinite number, a radius that is not positive, a cell without volume, no nodes or "
        "more than 2^20, a node index out of range, a shift or position more than 2^18 cells away, or for abaqus-b31 "
        "struts that cross more than 2^20 faces of cells"
    ),
    Status.ZERO_LENGTH_STRUT: "a strut has no length (below 1e-12 of the longest lattice vector)",
    Status.DUPLICATE_STRUT: "a strut is there twice (the same nodes and shift, in either direction)",
    Status.ISOLATED_NODE: "a node has no strut",
    Status.NOT_THREE_PERIODIC: "no piece of the lattice is connected in three directions",
    Status.FLOATING_PIECE: "a piece beside the three-periodic net is finite, a chain or a sheet: nothing holds it",
    Status.SINGULAR_PIVOT: "the stiffness is singular to working precision (a pivot below 1e-12 of its diagonal)",
    Status.OUT_OF_MEMORY: "the lattice needs more memory than there is",
    Status.NOT_FINITE: "the network's output is not finite: its numbers left the range of its dtype",
}


class Failure(NamedTuple):
    """A lattice without a stiffness: its index in the batch, its name, and why."""

    index: int  # type: ignore[assignment]  # tuple.index is of no use here
    name: str
    reason: str


class Checks(NamedTuple):
    """What is known of B lattices beside their stiffness: columns as of `StiffnessResult`."""

    status: torch.Tensor
    rank: torch.Tensor
    beam_valid: torch.Tensor
    culprit: torch.Tensor

    @classmethod
    def room(cls, count: int) -> Checks:
        """For `count` lattices, not yet written."""
        return cls(
            status=torch.empty(count, dtype=torch.int32),
            rank=torch.empty(count, dtype=torch.int32),
            beam_valid=torch.empty(count, dtype=torch.bool),
            culprit=torch.empty(count, dtype=torch.int64),
        )

    def for_native(self) -> tuple[torch.Tensor, ...]:
        """In the order in which native functions write them."""
        return self.status, self.rank, self.culprit, self.beam_valid


class LatticeResult:
    """What every result of B lattices has: `StiffnessResult` and `Conductivity` say what the columns are."""

    status: torch.Tensor
    rank: torch.Tensor
    culprit: torch.Tensor
    names: StringColumn

    def __len__(self) -> int:
        return len(self.status)

    @property
    def ok(self) -> torch.Tensor:
        """[B] bool, true where there is a result."""
        return self.status == Status.OK

    def failures(self) -> list[Failure]:
        """The lattices without a result, in order."""
        return [Failure(b, self.names[b], self._reason(b)) for b in (~self.ok).nonzero()[:, 0].tolist()]

    def _reason(self, b: int) -> str:
        status, rank, culprit = Status(int(self.status[b])), int(self.rank[b]), int(self.culprit[b])
        if status in (Status.ZERO_LENGTH_STRUT, Status.DUPLICATE_STRUT):
            return f"{status.description}: strut {culprit}"
        if status in (Status.NOT_THREE_PERIODIC, Status.FLOATING_PIECE):
            return f"{status.description}: node {culprit}, rank {rank}"
        return status.description if culprit < 0 else f"{status.description}: node {culprit}"


@dataclass(frozen=True)
class StiffnessResult(LatticeResult):
    """Stiffness of B lattices, however it was computed.

    Attributes:
        stiffness: [B, 6, 6] float64, Mandel matrix in the order 11, 22, 33, 23, 13, 12, in units of the solid's Young's
            modulus; NaN rows exactly where status is not OK.
        status: [B] int32, values of `Status`.
        rank: [B] int32, rank (0 to 3) of the cycle vectors of the quotient graph, the lowest over its connected
            pieces: 3 for a net, 2 for a sheet, 1 for a chain, 0 for a finite piece; -1 where the graph is invalid.
        beam_valid: [B] bool, true where every strut is slender enough for beam theory, r/L <= 0.25 (which also rules
            out struts shorter than their diameter).
        culprit: [B] int64, the first strut (zero length, duplicate) or node (isolated, of the loose piece, of the
            vanishing pivot) at fault; -1 where there is none.
        names: the lattices' names.
        lattices: the lattices themselves.
        joints_valid: [B] bool, true where struts overlap so little at the nodes that beam theory holds there: of no
            strut more than 13.4% lies inside those it meets (`fastlattice.lattice.joints`). Found when first asked for.
    """

    stiffness: torch.Tensor
    status: torch.Tensor
    rank: torch.Tensor
    beam_valid: torch.Tensor
    culprit: torch.Tensor
    names: StringColumn
    lattices: LatticeBatch = field(repr=False)

    @cached_property
    def joints_valid(self) -> torch.Tensor:  # noqa: D102 (described above)
        return joints_valid(self.lattices)
