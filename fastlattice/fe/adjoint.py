"""Gradients of what native code computes of lattices, first order, piece by piece."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from fastlattice.fe.pieces import Rows, pieces
from fastlattice.lattice.batch import Geometry

Gradients = tuple[torch.Tensor, ...]
Differentiate = Callable[[Rows, torch.Tensor, tuple[torch.Tensor, ...], Gradients], None]
"""(rows, cotangent, what was found, gradients by cell, positions and radii): fills the gradients' rows."""


class Adjoint(torch.autograd.Function):
    """(name, differentiate, how many tensors were found, cotangent, those, geometry) -> gradients.

    A function of its own, so that differentiating it again raises.
    """

    @staticmethod
    def forward(
        ctx: Any, name: str, differentiate: Differentiate, count: int, cotangent: torch.Tensor, *saved: torch.Tensor
    ) -> Gradients:
        """Calls `differentiate` for each piece of the batch."""
        found, geometry = saved[:count], Geometry(*saved[count:])
        gradients = tuple(map(torch.empty_like, (geometry.cell, geometry.positions, geometry.radii)))
        cotangent = cotangent.contiguous()
        for rows in pieces(geometry):
            differentiate(rows, cotangent, found, gradients)
        ctx.name = name
        return gradients

    @staticmethod
    def backward(ctx: Any, *_: Any) -> Any:
        """Raises RuntimeError."""
        raise RuntimeError(f"{ctx.name} has first derivatives only: its gradient cannot be differentiated again")


def gradients_of_geometry(gradients: Gradients) -> tuple[torch.Tensor | None, ...]:
    """One for each column of a Geometry, from those by cell, positions and radii."""
    by_name = dict(zip(("cell", "positions", "radii"), gradients, strict=True))
    return tuple(by_name.get(name) for name in Geometry._fields)
