"""How far struts reach into one another at the nodes: where that is much, a frame of beams is softer than the solid."""

from __future__ import annotations

import torch

from fastlattice import _native
from fastlattice.lattice.batch import LatticeBatch
from fastlattice.lattice.ragged import owners

MAX_JOINT_OVERLAP = 0.134
"""Largest part of a strut's length that may lie inside other struts.

It is what an octet truss of relative density 0.09 has. Up to there its moduli by beams are within 12% of those by solid
elements; at density 0.5 they are 40% (Young's) and 30% (shear) too small: "Beam Finite Element Model Modification
Considering Shear Stiffness: Octet-Truss Unit Cell with Springs", Appl. Sci. 15 (16), 2025, 8969,
doi:10.3390/app15168969.
"""


NOTED_SLENDERNESS = 0.1
"""r / L from which the printed part is lighter than the relative density by ten percent or so; `printed` tells."""


def slenderness(batch: LatticeBatch) -> torch.Tensor:
    """[B] float64, the largest r / L of each lattice's struts."""
    stockiest = (batch.radii / batch.strut_vectors.norm(dim=1)).detach()
    owner = owners(batch.strut_offsets)
    return torch.zeros(len(batch), dtype=torch.float64).scatter_reduce(0, owner, stockiest, "amax")


def joint_overlap(batch: LatticeBatch) -> torch.Tensor:
    """[B] float64, the largest part of a strut's length, both ends together, that lies inside the struts it meets.

    0 where no strut meets another, 1 where one is inside others throughout, NaN where a strut joins what is no node of
    its lattice. See `joint_reach`.
    """
    return _joints(batch, None)


def joints_valid(batch: LatticeBatch) -> torch.Tensor:
    """[B] bool, true where struts overlap so little at the nodes that beam theory holds there: MAX_JOINT_OVERLAP."""
    return joint_overlap(batch) <= MAX_JOINT_OVERLAP


def joint_reach(batch: LatticeBatch) -> torch.Tensor:
    """[M, 2] float64, how far other struts reach along the axis of each strut from its two ends.

    Of two struts with radii r and s that meet at the angle t, the second covers the axis of the first up to s / sin t;
    beyond a right angle it does not reach on to its side further than s. A strut that goes straight on covers nothing.
    Zero in lattices whose struts join what is no node.
    """
    reached = torch.zeros(len(batch.radii), 2, dtype=torch.float64)
    _joints(batch, reached)
    return reached


def _joints(batch: LatticeBatch, reached: torch.Tensor | None) -> torch.Tensor:
    overlap = torch.empty(len(batch), dtype=torch.float64)
    arrays = [array.detach() for array in batch._columns_for_native()]
    _native.call_interruptibly("fl_frame_joints", len(batch), *arrays, torch.get_num_threads(), overlap, reached)
    return overlap
