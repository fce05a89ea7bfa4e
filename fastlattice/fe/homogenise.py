"""Exact finite elements: the homogenised stiffness of periodic frames, and its gradient.

Every strut is one exact Timoshenko element of circular section between the nodes of the periodic cell, so there is
no mesh and no discretisation error: the result is the limit of an ever finer beam model under periodic boundary
conditions. The solver is native, block-sparse and direct, in double precision.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, NamedTuple

import torch

from fastlattice import _native
from fastlattice.lattice.batch import LatticeBatch
from fastlattice.lattice.lattice import Lattice
from fastlattice.lattice.strings import StringColumn

DISCRETISATIONS = ("exact", "abaqus-b31")
STOCKIEST_STRUT = 0.25
"""Largest r/L for which a strut counts as a beam."""


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
}


class Failure(NamedTuple):
    """A lattice without a stiffness: its index in the batch, its name, and why."""

    index: int  # type: ignore[assignment]  # tuple.index is of no use here
    name: str
    reason: str


@dataclass(frozen=True)
class Homogenised:
    """Homogenised stiffness of B lattices.

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
    """

    stiffness: torch.Tensor
    status: torch.Tensor
    rank: torch.Tensor
    beam_valid: torch.Tensor
    culprit: torch.Tensor
    names: StringColumn

    def __len__(self) -> int:
        return len(self.status)

    @property
    def ok(self) -> torch.Tensor:
        """[B] bool, true where there is a stiffness."""
        return self.status == Status.OK

    def failures(self) -> list[Failure]:
        """The lattices without a stiffness, in order."""
        return [Failure(b, self.names[b], self._reason(b)) for b in (~self.ok).nonzero()[:, 0].tolist()]

    def _reason(self, b: int) -> str:
        status, rank, culprit = Status(int(self.status[b])), int(self.rank[b]), int(self.culprit[b])
        if status in (Status.ZERO_LENGTH_STRUT, Status.DUPLICATE_STRUT):
            return f"{status.description}: strut {culprit}"
        if status in (Status.NOT_THREE_PERIODIC, Status.FLOATING_PIECE):
            return f"{status.description}: node {culprit}, rank {rank}"
        return status.description if culprit < 0 else f"{status.description}: node {culprit}"


def homogenise(
    lattices: LatticeBatch | Lattice | Sequence[Lattice],
    nu: float = 0.3,
    kappa: float = 0.89,
    threads: int | None = None,
    discretisation: str = "exact",
) -> Homogenised:
    """Homogenised elastic stiffness of periodic strut lattices, exact within Timoshenko beam theory.

    Struts are rigidly joined, of circular section; E_s = 1. The element is that of Przemieniecki (1968, section 5.6)
    with phi = 12 EI / (kappa G A L^2) = 6 (1 + nu) r^2 / (kappa L^2). A bad lattice is reported in `status` and
    never disturbs the others. A lattice's result has the same bits alone or in any batch, at any number of threads.

    Gradients flow to the columns cell, positions and radii of a LatticeBatch that require them (first order; the
    adjoint needs no second solve). Lattices whose status is not OK get zero gradients.

    Args:
        lattices: a batch, one lattice or a sequence of lattices.
        nu: Poisson's ratio of the solid, -1 < nu < 0.5.
        kappa: shear correction factor of the section, > 0 (0.89 as in Abaqus for circular sections).
        threads: threads to use; None takes torch.get_num_threads(). They take lattices one by one; where there are
            fewer cells above 2,000 nodes than threads, all threads share each of those.
        discretisation: "exact", or "abaqus-b31" to repeat a computation with four linear elements of Abaqus' type
            B31 in each piece that the faces of the cell cut a strut into; it is stiffer in bending by phi_eff =
            phi - (1 - (1 + nu) / (2 kappa)) / 16 * sum (l / L)^3 over the pieces. No gradients.

    Raises:
        ValueError: nu, kappa, threads or discretisation out of range, or gradients asked of "abaqus-b31".
        LatticeError: something in the sequence is not a Lattice.
    """
    if not -1 < nu < 0.5:
        raise ValueError(f"nu must lie between -1 and 0.5, not {nu}")
    if not (kappa > 0 and math.isfinite(kappa)):
        raise ValueError(f"kappa must be a positive number, not {kappa}")
    threads = torch.get_num_threads() if threads is None else threads
    if threads < 1:
        raise ValueError(f"threads must be at least 1, not {threads}")
    if discretisation not in DISCRETISATIONS:
        raise ValueError(f"discretisation must be one of {', '.join(DISCRETISATIONS)}, not {discretisation!r}")
    if isinstance(lattices, Lattice):
        lattices = [lattices]
    batch = lattices if isinstance(lattices, LatticeBatch) else LatticeBatch.from_lattices(lattices)

    options = (float(nu), float(kappa), int(threads), discretisation)
    stiffness, status, rank, beam_valid, culprit = _Homogenise.apply(
        batch.cell, batch.positions, batch.radii, batch, options
    )
    return Homogenised(stiffness, status, rank, beam_valid, culprit, batch.names)


class _Homogenise(torch.autograd.Function):
    """(cell, positions, radii) -> stiffness, status, rank, beam_valid, culprit."""

    @staticmethod
    def forward(
        ctx: Any,
        cell: torch.Tensor,
        positions: torch.Tensor,
        radii: torch.Tensor,
        batch: LatticeBatch,
        options: tuple[float, float, int, str],
    ) -> tuple[torch.Tensor, ...]:
        nu, kappa, threads, discretisation = options
        wants_gradient = any(ctx.needs_input_grad[:3])
        if wants_gradient and discretisation != "exact":
            raise ValueError(
                f"discretisation {discretisation!r} has no gradients (pieces appear and vanish as nodes cross the "
                "faces of the cell): use 'exact', or detach cell, positions and radii"
            )
        count = len(cell)
        stiffness = torch.empty(count, 6, 6, dtype=torch.float64)
        status, rank = torch.empty(count, dtype=torch.int32), torch.empty(count, dtype=torch.int32)
        beam_valid, culprit = torch.empty(count, dtype=torch.bool), torch.empty(count, dtype=torch.int64)
        displacements = torch.empty(len(positions), 6, 8, dtype=torch.float64) if wants_gradient else None
        graph = (batch.struts, batch.shifts, radii, batch.node_offsets, batch.strut_offsets)
        _native.call(
            "fl_frame_homogenise",
            count,
            cell,
            positions,
            *graph,
            nu,
            kappa,
            DISCRETISATIONS.index(discretisation),
            threads,
            *(stiffness, status, rank, culprit, beam_valid, displacements),
        )
        ctx.mark_non_differentiable(status, rank, beam_valid, culprit)
        if wants_gradient:
            ctx.save_for_backward(cell, positions, radii, stiffness, status, displacements)
            ctx.batch, ctx.options = batch, options
        return stiffness, status, rank, beam_valid, culprit

    @staticmethod
    def backward(ctx: Any, cotangent: torch.Tensor, *_: Any) -> tuple[torch.Tensor | None, ...]:
        return *_Adjoint.apply(cotangent, *ctx.saved_tensors, ctx.batch, ctx.options), None, None


class _Adjoint(torch.autograd.Function):
    """Gradients of sum(stiffness * cotangent): a function of its own, so that differentiating it again raises."""

    @staticmethod
    def forward(
        ctx: Any,
        cotangent: torch.Tensor,
        cell: torch.Tensor,
        positions: torch.Tensor,
        radii: torch.Tensor,
        stiffness: torch.Tensor,
        status: torch.Tensor,
        displacements: torch.Tensor,
        batch: LatticeBatch,
        options: tuple[float, float, int, str],
    ) -> tuple[torch.Tensor, ...]:
        nu, kappa, threads, _ = options
        grads = torch.empty_like(cell), torch.empty_like(positions), torch.empty_like(radii)
        _native.call(
            "fl_frame_adjoint",
            len(cell),
            *(cell, positions, batch.struts, batch.shifts, radii, batch.node_offsets, batch.strut_offsets),
            *(nu, kappa, threads),
            *(status, stiffness, displacements, cotangent.contiguous()),
            *grads,
        )
        return grads

    @staticmethod
    def backward(ctx: Any, *_: Any) -> Any:
        raise RuntimeError("homogenise has first derivatives only: its gradient cannot be differentiated again")
