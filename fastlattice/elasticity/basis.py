"""The Mandel basis of symmetric second-order tensors, and how rotations act on it."""

from __future__ import annotations

import torch
from torch import Tensor

PAIRS = ((0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (0, 1))  # 11, 22, 33, 23, 13, 12
PLACE = ((0, 5, 4), (5, 1, 3), (4, 3, 2))  # of the pair (i, j) in that order
_FIRST, _SECOND = (torch.tensor(side) for side in zip(*PAIRS, strict=True))
_ROOT_HALF = 0.5**0.5


def mandel_vector(tensor: Tensor) -> Tensor:
    """[..., 6] Mandel components of the symmetric parts of tensors [..., 3, 3]: orthonormal coordinates."""
    values = tensor[..., _FIRST, _SECOND] + tensor[..., _SECOND, _FIRST]
    return values * tensor.new_tensor([0.5] * 3 + [_ROOT_HALF] * 3)


def mandel_tensor(vector: Tensor) -> Tensor:
    """[..., 3, 3] symmetric tensors of Mandel components [..., 6]."""
    values = vector * vector.new_tensor([1.0] * 3 + [_ROOT_HALF] * 3)
    return values[..., torch.tensor(PLACE)]


def mandel_rotation(rotation: Tensor) -> Tensor:
    """[..., 6, 6] matrices R with mandel(Q X Q^T) = R mandel(X), for orthogonal Q [..., 3, 3]."""
    # column J is Q B_J Q^T for the basis tensor B_J of the pair (a, b): Q_ia Q_jb, symmetrised by mandel_vector
    product = rotation[..., :, None, _FIRST] * rotation[..., None, :, _SECOND]  # [..., i, j, J]
    scale = rotation.new_tensor([1.0] * 3 + [2 * _ROOT_HALF] * 3)
    return mandel_vector((product * scale).movedim(-1, -3)).mT
