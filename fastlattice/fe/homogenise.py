"""Exact finite elements: the homogenised stiffness of periodic frames, and its gradient.

Every strut is one exact Timoshenko element of circular section between the nodes of the periodic cell, so there is
no mesh and no discretisation error: the result is the limit of an ever finer beam model under periodic boundary
conditions. The solver is native, block-sparse and direct, in double precision.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch

from fastlattice import _native
from fastlattice._choices import DISCRETISATIONS, KAPPA
from fastlattice._observers import has_tangent, observed
from fastlattice.fe.adjoint import Adjoint, Gradients, gradients_of_geometry
from fastlattice.fe.options import Options, checked_options, checked_threads
from fastlattice.fe.pieces import Rows, native_call, pieces
from fastlattice.fe.status import Checks, StiffnessResult
from fastlattice.lattice.batch import Geometry, LatticeBatch, as_batch
from fastlattice.lattice.joints import MAX_JOINT_OVERLAP
from fastlattice.lattice.lattice import Lattice


class Homogenised(StiffnessResult):
    """Homogenised stiffness of B lattices, in float64: what `StiffnessResult` says."""


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
    options = checked_options(nu, kappa, threads, discretisation, beam)
    batch = as_batch(lattices)
    geometry = batch._columns_for_native()
    # Where nothing is recorded and nobody looks on, torch has nothing to add.
    recorded = torch.is_grad_enabled() and any([array.requires_grad for array in geometry])
    if recorded or observed(geometry) or has_tangent(geometry):
        stiffness, *columns = _Homogenise.apply(options, *geometry)
        found = Checks(*columns)
    else:
        stiffness, found = solve(geometry, options, None)
    return Homogenised(stiffness, *found, batch.names, batch)


def homogenise_and_measure(batch: LatticeBatch, threads: int | None = None) -> tuple[Homogenised, torch.Tensor]:
    """`homogenise`, and on the way, in a fraction of the time that it takes alone, what else is asked of many lattices.

    Args:
        batch: the lattices.
        threads: as for `homogenise`.

    Returns:
        The result, whose `joints_valid` is known, and the relative densities [B] float64; no gradients.
    """
    options = checked_options(0.3, KAPPA, threads, "exact", "timoshenko")
    geometry = Geometry(*(array.detach() for array in batch._columns_for_native()))
    overlap, density = torch.empty(2, len(batch), dtype=torch.float64)
    stiffness, found = solve(geometry, options, None, (overlap, density))
    result = Homogenised(stiffness, *found, batch.names, batch)
    vars(result)["joints_valid"] = overlap <= MAX_JOINT_OVERLAP
    return result, density


def check(lattices: LatticeBatch | Lattice | Iterable[Lattice], threads: int | None = None) -> Checks:
    """The checks of `homogenise` that come before its solver: of arrays, struts, connections and slenderness.

    Args:
        lattices, threads: as for `homogenise`.

    Raises:
        LatticeError: something in the sequence is not a Lattice.
    """
    threads = checked_threads(threads)
    geometry = as_batch(lattices)._columns_for_native()
    found = Checks.room(len(geometry.cell))
    _native.call("fl_frame_check", len(geometry.cell), *geometry, threads, *found.for_native())
    return found


def solve(
    geometry: Geometry,
    options: Options,
    displacements: torch.Tensor | None,
    measured: tuple[torch.Tensor, torch.Tensor] | None = None,
) -> tuple[torch.Tensor, Checks]:
    """Stiffness [B, 6, 6] and what else is known; where there is room for them, displacements [N, 6, 8] of nodes, and
    the overlap of joints and the relative density [B]."""
    count = len(geometry.cell)
    stiffness, found = torch.empty(count, 6, 6, dtype=torch.float64), Checks.room(count)
    method = (options.nu, options.kappa, DISCRETISATIONS.index(options.discretisation), options.threads)
    for rows in pieces(geometry):
        native_call(
            rows,
            "fl_frame_homogenise",
            len(rows.geometry.cell),
            *(*rows.geometry, *method),
            *map(rows.of_lattices, (stiffness, *found.for_native())),
            *((None, None) if measured is None else map(rows.of_lattices, measured)),
            None if displacements is None else rows.of_nodes(displacements),
        )
    return stiffness, found


class _Homogenise(torch.autograd.Function):
    """(options, geometry) -> stiffness, status, rank, beam_valid, culprit."""

    @staticmethod
    def forward(ctx: Any, options: Options, *arrays: torch.Tensor) -> tuple[torch.Tensor, ...]:
        geometry = Geometry(*arrays)
        wants_gradient = any(ctx.needs_input_grad)
        if wants_gradient and options.discretisation != "exact":
            raise ValueError(
                f"discretisation {options.discretisation!r} has no gradients (pieces appear and vanish as nodes cross "
                "the faces of the cell): use 'exact', or detach cell, positions and radii"
            )
        nodes = len(geometry.positions)
        displacements = torch.empty(nodes, 6, 8, dtype=torch.float64) if wants_gradient else None
        stiffness, found = solve(geometry, options, displacements)
        ctx.mark_non_differentiable(*found)
        if wants_gradient:
            ctx.save_for_backward(stiffness, found.status, displacements, *geometry)
            ctx.options = options
        return stiffness, *found

    @staticmethod
    def backward(ctx: Any, cotangent: torch.Tensor, *_: Any) -> tuple[torch.Tensor | None, ...]:
        options = ctx.options

        def differentiate(rows: Rows, cotangent: torch.Tensor, found: Gradients, gradients: Gradients) -> None:
            stiffness, status, displacements = found
            native_call(
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
