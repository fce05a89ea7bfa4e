"""More lattices from labelled ones, without finite elements."""

from __future__ import annotations

import torch

from fastlattice.lattice.batch import LatticeBatch

# Turned by 90 degrees about x, y and z, then mirrored in the planes across x, y and z.
_QUARTERS = (
    ((1, 0, 0), (0, 0, -1), (0, 1, 0)),
    ((0, 0, 1), (0, 1, 0), (-1, 0, 0)),
    ((0, -1, 0), (1, 0, 0), (0, 0, 1)),
)
_MIRRORS = (
    ((-1, 0, 0), (0, 1, 0), (0, 0, 1)),
    ((1, 0, 0), (0, -1, 0), (0, 0, 1)),
    ((1, 0, 0), (0, 1, 0), (0, 0, -1)),
)


def augment(lattices: LatticeBatch) -> LatticeBatch:
    """Seven times as many lattices: as they are, turned by 90 degrees about x, y, z, and mirrored across x, y, z.

    The static augmentation of Meyer et al., npj Computational Materials 8 (2022), for networks that are not
    equivariant. Columns target, stiffness and compliance turn along; the others are repeated.

    Args:
        lattices: B of them.

    Returns:
        [7 B] lattices: all as they are, then all of each kind in that order.
    """
    turned = (lattices.rotate(torch.tensor(q, dtype=torch.float64)) for q in (*_QUARTERS, *_MIRRORS))
    return LatticeBatch.concatenate([lattices, *turned])
