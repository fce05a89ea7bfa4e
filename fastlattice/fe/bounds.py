"""Upper bounds of the homogenised stiffness by truncated relaxation, and their gradients.

A lattice whose nodes are held to the macro-strain is stiffer than it is; let them move along a few fields, and it is
less so, but never too soft: the energy of any field bounds the exact one from above. The fields are the first of those
that a block-Jacobi conjugate gradient solver would take, so that the cost grows with the struts alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch

from fastlattice._choices import KAPPA
from fastlattice.fe.adjoint import Adjoint, Gradients, gradients_of_geometry
from fastlattice.fe.options import Options, checked_options
from fastlattice.fe.pieces import Rows, native_call, pieces
from fastlattice.fe.status import Checks, StiffnessResult
from fastlattice.lattice.batch import Geometry, LatticeBatch, as_batch
from fastlattice.lattice.lattice import Lattice

MAX_ORDER = 64
"""Most steps: a lattice that needs more is better homogenised."""


class Bounds(StiffnessResult):
    """Upper bounds of B lattices' stiffness: what `StiffnessResult` says, but for

    stiffness: [B, order + 1, 6, 6] float64, C_0 (nodes held to the macro-strain) to C_order; NaN where status is not
        OK.
    """


def bounds(
    lattices: LatticeBatch | Lattice | Iterable[Lattice],
    order: int = 2,
    nu: float = 0.3,
    kappa: float = KAPPA,
    threads: int | None = None,
    beam: str = "timoshenko",
) -> Bounds:
    """Rigorous upper bounds C_0 >= ... >= C_order >= C of what `homogenise` computes, at a cost linear in the struts.

    The order is Loewner's: differences are positive semi-definite, up to rounding. C_0 is the affine bound, every node
    moving with the macro-strain without turning. C_k is the least energy over the fields p_1 = D^-1 f and p_{k+1} =
    D^-1 K p_k of k steps, of all six macro-strains together, f the unbalanced loads, K the stiffness and D its blocks
    of the nodes (block-Jacobi preconditioned block conjugate gradients; O'Leary, Linear Algebra and its Applications
    29, 1980). Supercells and rotations change nothing but what follows from them. Fields that symmetry makes linearly
    dependent, to a millionth, are left out: there the bounds jump, as the space of fields does. A lattice's bounds
    have the same bits alone or in any batch, at any number of threads.

    Gradients flow to the columns cell, positions and radii of a LatticeBatch that require them (first order; exact for
    the truncated relaxation). Lattices whose status is not OK get zero gradients. A mechanism has bounds as well:
    SINGULAR_PIVOT says only that a node's own stiffness is singular to working precision.

    Args:
        lattices, nu, kappa, threads, beam: as for `homogenise`.
        order: steps, 0 to 64. Memory grows with their number, time with its square once they are many.

    Raises:
        ValueError: order, nu, kappa, threads or beam out of range, or a kappa given beside "euler-bernoulli".
        LatticeError: something in the sequence is not a Lattice.
    """
    options = checked_options(nu, kappa, threads, "exact", beam)
    if isinstance(order, bool) or not isinstance(order, int) or not 0 <= order <= MAX_ORDER:
        raise ValueError(f"order must be an integer from 0 to {MAX_ORDER}, not {order!r}")
    batch = as_batch(lattices)
    stiffness, *found = _Bounds.apply(options, order, *batch._columns_for_native())
    return Bounds(stiffness, *Checks(*found), batch.names, batch)


class _Bounds(torch.autograd.Function):
    """(options, order, geometry) -> stiffness, status, rank, beam_valid, culprit."""

    @staticmethod
    def forward(ctx: Any, options: Options, order: int, *arrays: torch.Tensor) -> tuple[torch.Tensor, ...]:
        geometry = Geometry(*arrays)
        count = len(geometry.cell)
        stiffness, found = torch.empty(count, order + 1, 6, 6, dtype=torch.float64), Checks.room(count)
        for rows in pieces(geometry):
            native_call(
                rows,
                "fl_frame_bounds",
                *(len(rows.geometry.cell), order),
                *(*rows.geometry, options.nu, options.kappa, options.threads),
                *map(rows.of_lattices, (stiffness, *found.for_native())),
            )
        ctx.mark_non_differentiable(*found)
        ctx.save_for_backward(stiffness, found.status, *geometry)
        ctx.options, ctx.order = options, order
        return stiffness, *found

    @staticmethod
    def backward(ctx: Any, cotangent: torch.Tensor, *_: Any) -> tuple[torch.Tensor | None, ...]:
        options, order = ctx.options, ctx.order

        def differentiate(rows: Rows, cotangent: torch.Tensor, found: Gradients, gradients: Gradients) -> None:
            stiffness, status = found
            native_call(
                rows,
                "fl_frame_bounds_adjoint",
                *(len(rows.geometry.cell), order),
                *(*rows.geometry, options.nu, options.kappa, options.threads),
                *map(rows.of_lattices, (status, stiffness, cotangent, gradients[0])),
                *(rows.of_nodes(gradients[1]), rows.of_struts(gradients[2])),
            )

        gradients = Adjoint.apply("bounds", differentiate, 2, cotangent, *ctx.saved_tensors)
        return None, None, *gradients_of_geometry(gradients)
