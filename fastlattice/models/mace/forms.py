"""Symmetric 6x6 matrices of nodes and lattices as a network reads them: irreps, eigenvalues."""

from __future__ import annotations

import torch

from fastlattice.models.mace.native_blocks import rowwise
from fastlattice.ops import constants

FLOOR_EIGENVALUE = 1e-10
"""Of a bound, over its mean eigenvalue."""
_LN_6 = 1.791759469228055


def eigenvalue_scalars(guide: torch.Tensor) -> list[torch.Tensor]:
    """Of symmetric [B, 6, 6], three [B]: mean, soft least and soft largest eigenvalue, over three."""
    values = torch.linalg.eigvalsh(guide)
    # Soft ones: the least and the largest have no derivative where eigenvalues meet, as a cubic lattice's do.
    soft_least, soft_largest = -(-values).logsumexp(1) + _LN_6, values.logsumexp(1) - _LN_6
    return [values.mean(1) / 3, soft_least / 3, soft_largest / 3]


def irreps(matrices: torch.Tensor, backend: str) -> torch.Tensor:
    """[..., 21] irreps 2x0e + 2x2e + 1x4e of Mandel matrices [..., 6, 6], for each the same bits in any company."""
    rows, columns = torch.triu_indices(6, 6, device=matrices.device)
    return rowwise(symmetric(matrices)[..., rows, columns], constants.constant(to_irreps, like=matrices), backend)


@constants.table
def to_irreps() -> torch.Tensor:
    """[21, 21]: from the upper triangle, row by row, of a symmetric matrix."""
    whole = torch.linalg.pinv(constants.mandel_basis().reshape(21, 36)).view(6, 6, 21)
    rows, columns = torch.triu_indices(6, 6)
    return (whole[rows, columns] + whole[columns, rows]) * torch.where(rows == columns, 0.5, 1.0)[:, None]


def tamed(irreps: torch.Tensor) -> torch.Tensor:
    """Their tails drawn in, equivariantly: few nodes release a hundred times the mean."""
    # A node in equilibrium releases nothing, and a root has no derivative there.
    return irreps / (1 + (irreps.pow(2).mean(-1, keepdim=True) + 1e-12).sqrt() / 4)


def identity(like: torch.Tensor) -> torch.Tensor:
    """[6, 6] in the dtype and on the device of a tensor."""
    return torch.eye(6, dtype=like.dtype, device=like.device)


def symmetric(matrix: torch.Tensor) -> torch.Tensor:
    """The symmetric part of [..., n, n]."""
    return 0.5 * (matrix + matrix.mT)
