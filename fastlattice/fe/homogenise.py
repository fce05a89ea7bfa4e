"""Exact finite elements: the homogenised stiffness of periodic frames, and its gradient.

Every strut is one exact Timoshenko element of circular section between the nodes of the periodic cell, so there is
no mesh and no discretisation error: the result is the limit of an ever finer beam model under periodic boundary
conditions. The solver is native, block-sparse and direct, in double precision.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, NamedTuple

import torch

from fastlattice import _native
from fastlattice._choices import BEAMS, DISCRETISATIONS, KAPPA
from fastlattice.fe.adjoint import Adjoint, Gradients, gradients_of_geometry
from fastlattice.fe.pieces import Rows, pieces
from fastlattice.fe.status import StiffnessResult
from fastlattice.lattice.batch import Geometry, LatticeBatch, as_batch
from fastlattice.lattice.lattice import Lattice


class Homogenised(StiffnessResult):
    """Homogenised stiffness of B lattices, in float64: what `StiffnessResult` says."""


class Checks(NamedTuple):
    """What is known of B lattices before their stiffness: columns as of `StiffnessResult`."""

    status: torch.Tensor
    rank: torch.Tensor
    beam_valid: torch.Tensor
    culprit: torch.Tensor


class _Options(NamedTuple):
    """nu, kappa, threads and the name of the discretisation."""

    nu: float
    kappa: float
    threads: int
    discretisation: str


def homogenise(
    lattices: LatticeBatch | Lattice | Iterable[Lattice],
    nu: float = 0.3,
    kappa: float = KAPPA,
    threads: int | None = None,
    discretisation: str = "exact",
    beam: str = "timoshenko",
) -> Homogenised:
    """Homogenised elastic stiffness of periodic strut lattices, exact within Timoshenko beam theory.

    Struts are rigidly joined, of circular section; E_s = 1. The element is that of Przemieniecki (1968, section 5.6)
    with phi = 12 EI / (kappa G A L^2) = 6 (1 + nu) r^2 / (kappa L^2). A bad lattice is reported in `status` and
    never disturbs the others. A lattice's result has the same bits alone or in any batch, at any number of threads.
    Realisations of one net take half the time: where five lattices of at most 64 nodes, or more, have the same struts
    and shifts arrays, anywhere in the batch, they are solved together, a lattice a lane of the machine's vectors.

    Gradients flow to the columns cell, positions and radii of a LatticeBatch that require them (first order; the
    adjoint needs no second solve). Lattices whose status is not OK get zero gradients.

    Args:
        lattices: a batch, one lattice or a sequence of lattices.
        nu: Poisson's ratio of the solid, -1 < nu < 0.5.
        kappa: shear correction factor of the section, > 0 (0.89 as in Abaqus for circular sections). math.inf leaves
            out the struts' shear: Euler-Bernoulli beams, which older catalogues of lattices were computed with.
        threads: threads to use; None takes torch.get_num_threads(). They share out the lattices; where there are fewer
            cells above 2,000 nodes than threads, all threads share each of those.
        discretisation: "exact", or "abaqus-b31" to repeat a computation with four linear elements of Abaqus' type
            B31 in each piece that the faces of the cell cut a strut into; it is stiffer in bending by phi_eff =
            phi - (1 - (1 + nu) / (2 kappa)) / 16 * sum (l / L)^3 over the pieces. No gradients.
        beam: "timoshenko", or "euler-bernoulli", which is kappa = math.inf by its name.

    Raises:
        ValueError: nu, kappa, threads, discretisation or beam out of range, gradients asked of "abaqus-b31", or a kappa
            given beside "euler-bernoulli".
        LatticeError: something in the sequence is not a Lattice.
    """
    options = _checked_options(nu, kappa, threads, discretisation, beam)
    batch = as_batch(lattices)
    stiffness, status, rank, valid, culprit = _Homogenise.apply(options, *batch._columns_for_native())
    return Homogenised(stiffness, status, rank, valid, culprit, batch.names, batch)


def _checked_options(nu: float, kappa: float, threads: int | None, discretisation: str, beam: str) -> _Options:
    if not -1 < nu < 0.5:
        raise ValueError(f"nu must lie between -1 and 0.5, not {nu}")
    if not kappa > 0:
        raise ValueError(f"kappa must be a positive number or math.inf, not {kappa}")
    threads = torch.get_num_threads() if threads is None else threads
    if threads < 1:
        raise ValueError(f"threads must be at least 1, not {threads}")
    if discretisation not in DISCRETISATIONS:
        raise ValueError(f"discretisation must be one of {', '.join(DISCRETISATIONS)}, not {discretisation!r}")
    if beam not in BEAMS:
        raise ValueError(f"beam must be one of {', '.join(BEAMS)}, not {beam!r}")
    if beam == "euler-bernoulli":
        if kappa not in (KAPPA, math.inf):
            raise ValueError(f"kappa is {kappa}, but an Euler-Bernoulli beam has no shear that it could correct")
        kappa = math.inf
    return _Options(float(nu), float(kappa), int(threads), discretisation)


def check(lattices: LatticeBatch | Lattice | Iterable[Lattice], threads: int | None = None) -> Checks:
    """The checks of `homogenise` that come before its solver: of arrays, struts, connections and slenderness.

    Args:
        lattices, threads: as for `homogenise`.

    Raises:
        LatticeError: something in the sequence is not a Lattice.
    """
    threads = _checked_options(0.3, KAPPA, threads, "exact", "timoshenko").threads
    geometry = as_batch(lattices)._columns_for_native()
    count = len(geometry.cell)
    status, rank = torch.empty(count, dtype=torch.int32), torch.empty(count, dtype=torch.int32)
    culprit, valid = torch.empty(count, dtype=torch.int64), torch.empty(count, dtype=torch.bool)
    _native.call("fl_frame_check", count, *geometry, threads, status, rank, culprit, valid)
    return Checks(status, rank, valid, culprit)


def _native_call(rows: Rows, *arguments: Any) -> None:
    """A native call on some rows, which Ctrl-C leaves at once where it may be long."""
    (_native.call_interruptibly if rows.long else _native.call)(*arguments)


class _Homogenise(torch.autograd.Function):
    """(options, geometry) -> stiffness, status, rank, beam_valid, culprit."""

    @staticmethod
    def forward(ctx: Any, options: _Options, *arrays: torch.Tensor) -> tuple[torch.Tensor, ...]:
        geometry = Geometry(*arrays)
        wants_gradient = any(ctx.needs_input_grad)
        if wants_gradient and options.discretisation != "exact":
            raise ValueError(
                f"discretisation {options.discretisation!r} has no gradients (pieces appear and vanish as nodes cross "
                "the faces of the cell): use 'exact', or detach cell, positions and radii"
            )
        count, nodes = len(geometry.cell), len(geometry.positions)
        stiffness = torch.empty(count, 6, 6, dtype=torch.float64)
        status, rank = torch.empty(count, dtype=torch.int32), torch.empty(count, dtype=torch.int32)
        valid, culprit = torch.empty(count, dtype=torch.bool), torch.empty(count, dtype=torch.int64)
        displacements = torch.empty(nodes, 6, 8, dtype=torch.float64) if wants_gradient else None
        method = (options.nu, options.kappa, DISCRETISATIONS.index(options.discretisation), options.threads)
        for rows in pieces(geometry):
            _native_call(
                rows,
                "fl_frame_homogenise",
                len(rows.geometry.cell),
                *(*rows.geometry, *method),
                *map(rows.of_lattices, (stiffness, status, rank, culprit, valid)),
                None if displacements is None else rows.of_nodes(displacements),
            )
        ctx.mark_non_differentiable(status, rank, valid, culprit)
        if wants_gradient:
            ctx.save_for_backward(stiffness, status, displacements, *geometry)
            ctx.options = options
        return stiffness, status, rank, valid, culprit

    @staticmethod
    def backward(ctx: Any, cotangent: torch.Tensor, *_: Any) -> tuple[torch.Tensor | None, ...]:
        options = ctx.options

        def differentiate(rows: Rows, cotangent: torch.Tensor, found: Gradients, gradients: Gradients) -> None:
            stiffness, status, displacements = found
            _native_call(
                rows,
                "fl_frame_adjoint",
                len(rows.geometry.cell),
                *(*rows.geometry, options.nu, options.kappa, options.threads),
                *(rows.of_lattices(status), rows.of_lattices(stiffness), rows.of_nodes(displacements)),
                *(rows.of_lattices(cotangent), rows.of_lattices(gradients[0])),
                *(rows.of_nodes(gradients[1]), rows.of_struts(gradients[2])),
            )

        gradients = Adjoint.apply("homogenise", differentiate, 3, cotangent, *ctx.saved_tensors)
        return None, *gradients_of_geometry(gradients)
