"""Global extremes of directional moduli: the search is csrc/elasticity/extremes.cpp, the values are torch's."""

from __future__ import annotations

from typing import Literal, TypeAlias

import torch
from torch import Tensor

from fastlattice import _native
from fastlattice.elasticity.basis import mandel_vector

Modulus: TypeAlias = Literal["young", "shear", "poisson"]
_MODULI = ("young", "shear", "poisson")  # in the order of fl::elasticity::Modulus


def extreme_frames(factor: Tensor, modulus: Modulus) -> Tensor:
    """Frames where a modulus is smallest and largest over all directions.

    Args:
        factor: [..., 6, 6] lower Cholesky factors of Mandel stiffnesses, fp64.
        modulus: which one.

    Returns:
        [..., 2, 3, 3] right-handed frames of the smallest and the largest value; row 0 is n, row 1 is m. Constants.

    Raises:
        NativeError: a factor is singular or not finite.
    """
    given = factor.detach().to("cpu").contiguous()
    frames = given.new_empty(*given.shape[:-2], 2, 3, 3)
    count = given.shape[:-2].numel()
    _native.call("fl_elasticity_extremes", torch.get_num_threads(), count, _MODULI.index(modulus), given, frames)
    return frames.to(factor.device)


def modulus_in(factor: Tensor, frames: Tensor, modulus: Modulus) -> Tensor:
    """[..., K] moduli in frames [..., K, 3, 3], differentiable in the Cholesky factors [..., 6, 6].

    With z(X) = L^-1 X for a Mandel vector X, X S Y = z(X) z(Y): a small compliance keeps the digits that it loses in S.
    Operations are element by element, so that no matrix depends on its batch-mates.
    """
    n, m = frames[..., 0, :], frames[..., 1, :]
    if modulus == "young":
        nn = _images(factor, n, n)
        return 1 / _dot(nn, nn)
    if modulus == "shear":
        nm = _images(factor, n, m)
        return 1 / (4 * _dot(nm, nm))
    nn, mm = _images(factor, n, n), _images(factor, m, m)
    return -_dot(nn, mm) / _dot(nn, nn)


def _images(factor: Tensor, x: Tensor, y: Tensor) -> list[Tensor]:
    """The six components, each [..., K], of L^-1 times the Mandel vector of the symmetric part of x y^T."""
    rest = list(mandel_vector(x[..., :, None] * y[..., None, :]).unbind(-1))
    for j in range(6):
        rest[j] = rest[j] / factor[..., None, j, j]
        for i in range(j + 1, 6):
            rest[i] = rest[i] - factor[..., None, i, j] * rest[j]
    return rest


def _dot(x: list[Tensor], y: list[Tensor]) -> Tensor:
    products = [a * b for a, b in zip(x, y, strict=True)]
    return sum(products[1:], products[0])  # not torch.sum, whose order depends on the shape
