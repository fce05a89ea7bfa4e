"""Effective conductivity of periodic strut lattices, exact for slender struts, and its gradient."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import pi
from typing import Any

import torch
from torch.autograd.function import once_differentiable

from fastlattice.fe.adjoint import gradients_of_geometry
from fastlattice.fe.options import checked_threads
from fastlattice.fe.pieces import native_call, pieces
from fastlattice.fe.status import Checks, LatticeResult
from fastlattice.lattice.batch import Geometry, LatticeBatch, as_batch
from fastlattice.lattice.lattice import Lattice
from fastlattice.lattice.ragged import owners
from fastlattice.lattice.strings import StringColumn

SPEED = 16  # in units of that of homogenise: 5 in small cells, 40 in large ones; for how the batch is cut


@dataclass(frozen=True)
class Conductivity(LatticeResult):
    """Effective conductivity of B lattices.

    Attributes:
        conductivity: [B, 3, 3] float64, symmetric, over that of the solid: heat or current through the lattice is minus
            this times the solid's conductivity times the gradient; NaN exactly where status is not OK.
        status, rank, beam_valid, culprit, names: as of `StiffnessResult`.
    """

    conductivity: torch.Tensor
    status: torch.Tensor
    rank: torch.Tensor
    beam_valid: torch.Tensor
    culprit: torch.Tensor
    names: StringColumn


def conductivity(lattices: LatticeBatch | Lattice | Iterable[Lattice], threads: int | None = None) -> Conductivity:
    """Effective thermal or electrical conductivity of lattices, over that of their solid.

    Each strut conducts pi r^2 / L times the difference of its ends' temperatures (or potentials), with nothing lost
    through its surface, and the cell repeats. At most the bound of Wiener, the relative density times the solid's; the
    mean over three directions is at most a third of the density. What fails, and what is reported, is as for
    `homogenise`; a lattice's result has the same bits alone or in any batch, at any number of threads.

    Gradients flow to the columns cell, positions and radii of a LatticeBatch that require them (first order; the energy
    is stationary in the temperatures, so no second solve is needed). Lattices whose status is not OK get zeros.

    Args:
        lattices: a batch, one lattice or a sequence of lattices.
        threads: threads to use; None takes torch.get_num_threads().

    Raises:
        ValueError: threads is below 1.
        LatticeError: something in the sequence is not a Lattice.
    """
    threads = checked_threads(threads)
    batch = as_batch(lattices)
    tensor, *found = _Conductivity.apply(threads, *batch._columns_for_native())
    return Conductivity(tensor, *Checks(*found), batch.names)


class _Conductivity(torch.autograd.Function):
    """(threads, geometry) -> conductivity, status, rank, beam_valid, culprit."""

    @staticmethod
    def forward(ctx: Any, threads: int, *arrays: torch.Tensor) -> tuple[torch.Tensor, ...]:
        geometry = Geometry(*arrays)
        count = len(geometry.cell)
        tensor, found = torch.empty(count, 3, 3, dtype=torch.float64), Checks.room(count)
        temperatures = torch.empty_like(geometry.positions) if any(ctx.needs_input_grad) else None
        for rows in pieces(geometry, SPEED):
            native_call(
                rows,
                "fl_frame_conductivity",
                len(rows.geometry.cell),
                *(*rows.geometry, threads),
                *map(rows.of_lattices, (tensor, *found.for_native())),
                None if temperatures is None else rows.of_nodes(temperatures),
            )
        ctx.mark_non_differentiable(*found)
        if temperatures is not None:
            ctx.save_for_backward(found.status, temperatures, *geometry)
        return tensor, *found

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, cotangent: torch.Tensor, *_: Any) -> tuple[torch.Tensor | None, ...]:
        """Of the energy at temperatures that stay as they are."""
        status, temperatures, *arrays = ctx.saved_tensors
        names = ("cell", "positions", "radii")
        given = Geometry(*arrays)
        ok = status == 0
        with torch.enable_grad():
            leaves = {name: getattr(given, name).detach().requires_grad_() for name in names}
            value = (_energy(given._replace(**leaves), temperatures, ok) * cotangent[ok]).sum()
        return None, *gradients_of_geometry(torch.autograd.grad(value, list(leaves.values())))


def _energy(geometry: Geometry, temperatures: torch.Tensor, ok: torch.Tensor) -> torch.Tensor:
    """Conductivity [B', 3, 3] of the lattices that have one, from the temperatures' fluctuations [N, 3]."""
    owner = owners(geometry.strut_offsets)
    kept = ok[owner].nonzero()[:, 0]
    owner = owner[kept]
    i, j = (geometry.struts[kept] + geometry.node_offsets[owner, None]).unbind(1)
    shift = geometry.shifts[kept].to(torch.float64)
    vector = geometry.positions[j] - geometry.positions[i] + (shift[:, None] @ geometry.cell[owner])[:, 0]
    conductance = pi * geometry.radii[kept].square() / vector.norm(dim=1)
    difference = temperatures[j] - temperatures[i] + vector
    energy = conductance[:, None, None] * difference[:, :, None] * difference[:, None, :]
    place = (ok.cumsum(0) - 1)[owner]
    cell = geometry.cell[ok]
    volume = torch.linalg.det(cell).abs()
    return torch.zeros_like(cell).index_add(0, place, energy) / volume[:, None, None]
