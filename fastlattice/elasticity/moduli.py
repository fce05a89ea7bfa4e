"""Directional moduli and their extremes, averages, anisotropy, eigenvalues."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic

import torch
from numpy.typing import ArrayLike
from torch import Tensor

from fastlattice.elasticity import _extremes
from fastlattice.elasticity._arrays import (
    A,
    AsGiven,
    raise_where,
    symmetric,
    to_compliance,
    to_factor,
    to_float64_like,
    to_stiffness,
)
from fastlattice.elasticity.basis import mandel_vector


def compliance(stiffness: A) -> A:
    """Mandel compliance [..., 6, 6] of a positive definite Mandel stiffness [..., 6, 6]: its inverse.

    Raises:
        ElasticityError: `stiffness` is malformed or not positive definite.
    """
    s, as_given = to_compliance(stiffness)
    return as_given(s, 2)


def young_modulus(stiffness: A, direction: ArrayLike | Tensor) -> A:
    """Young's modulus E(n) = 1 / S_nnnn of uniaxial stress along n.

    Args:
        stiffness: [..., 6, 6] Mandel.
        direction: [..., 3] n, of any length; leading dimensions broadcast with those of `stiffness`.

    Returns:
        [...] in the unit of `stiffness`.

    Raises:
        ElasticityError: `stiffness` is malformed or not positive definite, or a direction is zero.
    """
    s, as_given = to_compliance(stiffness)
    nn = _dyad(*2 * [_unit(direction, s, "direction")])
    return as_given(1 / _contract(nn, s, nn))


def shear_modulus(stiffness: A, n: ArrayLike | Tensor, m: ArrayLike | Tensor) -> A:
    """Shear modulus G(n, m) = 1 / (4 S_nmnm) in the plane with normal n along m (or the reverse).

    Args:
        stiffness: [..., 6, 6] Mandel.
        n: [..., 3] a direction of any length.
        m: [..., 3] a direction at a right angle to n. Leading dimensions broadcast.

    Returns:
        [...] in the unit of `stiffness`.

    Raises:
        ElasticityError: as for `young_modulus`, or n and m are not at a right angle (to 1e-5).
    """
    s, as_given = to_compliance(stiffness)
    nm = _dyad(*_right_angle(n, m, s))
    return as_given(1 / (4 * _contract(nm, s, nm)))


def poisson_ratio(stiffness: A, n: ArrayLike | Tensor, m: ArrayLike | Tensor) -> A:
    """Poisson's ratio nu(n, m) = -S_nnmm / S_nnnn: contraction along m over extension along n, under stress along n.

    Args and errors as for `shear_modulus`; returns [...], dimensionless.
    """
    s, as_given = to_compliance(stiffness)
    n, m = _right_angle(n, m, s)
    nn = _dyad(n, n)
    return as_given(-_contract(nn, s, _dyad(m, m)) / _contract(nn, s, nn))


def shear_modulus_range(stiffness: A, direction: ArrayLike | Tensor) -> tuple[A, A]:
    """Smallest and largest shear modulus G(n, m) over all m at a right angle to n.

    1 / G(n, m) = 4 S_nmnm is a quadratic form in m: its extremes are the eigenvalues of a 2x2 matrix.

    Args and errors as for `young_modulus`; returns two of [...] in the unit of `stiffness`.
    """
    s, as_given = to_compliance(stiffness)
    n, u, v = _frame(direction, s)
    nu, nv = _dyad(n, u), _dyad(n, v)
    low, high = _eigenvalues(*(4 * _contract(a, s, b) for a, b in ((nu, nu), (nv, nv), (nu, nv))))
    return as_given(1 / high), as_given(1 / low)


def poisson_ratio_range(stiffness: A, direction: ArrayLike | Tensor) -> tuple[A, A]:
    """Smallest and largest Poisson's ratio nu(n, m) over all m at a right angle to n, under stress along n.

    As for `shear_modulus_range`: -S_nnmm / S_nnnn is a quadratic form in m.
    """
    s, as_given = to_compliance(stiffness)
    n, u, v = _frame(direction, s)
    nn = _dyad(n, n)
    along = _contract(nn, s, nn)
    across = (_contract(nn, s, _dyad(a, b)) for a, b in ((u, u), (v, v), (u, v)))
    low, high = _eigenvalues(*(-each / along for each in across))
    return as_given(low), as_given(high)


def linear_compressibility(stiffness: A, direction: ArrayLike | Tensor) -> A:
    """Linear compressibility beta(n) = S_nnkk: contraction along n per unit of hydrostatic pressure.

    Args and errors as for `young_modulus`; returns [...] in the inverse unit of `stiffness`.
    """
    s, as_given = to_compliance(stiffness)
    n = _unit(direction, s, "direction")
    return as_given(_contract(_dyad(n, n), s, _identity(s)))


@dataclass(frozen=True)
class Extremes(Generic[A]):
    """Smallest and largest value of a directional modulus over all directions, and where they are.

    Attributes:
        minimum, maximum: [...].
        argmin, argmax: [..., 3] direction n for Young's modulus; [..., 2, 3] directions (n, m) for the others. Where
            several directions share the extreme, one of them.
    """

    minimum: A
    maximum: A
    argmin: A
    argmax: A


def young_modulus_extremes(stiffness: A) -> Extremes[A]:
    """Smallest and largest Young's modulus over all directions.

    A search from a grid over all directions, refined until only rounding is left: the relative error is below 1e-9
    for condition numbers of `stiffness` up to 1e6. Beyond, the smallest modulus is as uncertain as the softest mode of
    a matrix in double precision (1e-16 times the condition number); the largest is not. That the extreme found is the
    global one is not proven, but neither dense grids nor searches from many more starts found one beyond it in
    thousands of stiffnesses of lattices and random triclinic ones. Rows of a batch do not influence one another,
    whatever the number of threads (torch.get_num_threads()). Values are differentiable (the derivative at the extreme
    direction); directions are constants.

    Args:
        stiffness: [..., 6, 6] Mandel.

    Raises:
        ElasticityError: `stiffness` is malformed or not positive definite.
    """
    return _extremes_of(stiffness, "young")


def shear_modulus_extremes(stiffness: A) -> Extremes[A]:
    """Smallest and largest shear modulus over all pairs of directions at right angles; see `young_modulus_extremes`."""
    return _extremes_of(stiffness, "shear")


def poisson_ratio_extremes(stiffness: A) -> Extremes[A]:
    """Smallest and largest Poisson's ratio over all pairs of directions at right angles; see `young_modulus_extremes`.

    The error is below 1e-9 of 1 + |nu|. Neither end is bounded in anisotropic materials (Ting and Chen, Q. J. Mech.
    Appl. Math. 58, 2005, 73-82).
    """
    return _extremes_of(stiffness, "poisson")


@dataclass(frozen=True)
class VoigtReussHill(Generic[A]):
    """Averages of the moduli over all orientations, each [...].

    Voigt (uniform strain) is an upper bound, Reuss (uniform stress) a lower bound, Hill their mean (Hill, Proc. Phys.
    Soc. A 65, 1952, 349-354). Young's modulus and Poisson's ratio follow from Hill's bulk and shear moduli.
    """

    bulk_voigt: A
    bulk_reuss: A
    bulk_hill: A
    shear_voigt: A
    shear_reuss: A
    shear_hill: A
    young_hill: A
    poisson_hill: A


def voigt_reuss_hill(stiffness: A) -> VoigtReussHill[A]:
    """Voigt, Reuss and Hill averages of a stiffness [..., 6, 6] Mandel, in its unit.

    With 1 the unit tensor as a Mandel vector: 9 K_V = 1.C.1, 1/K_R = 1.S.1, 10 G_V = tr C - 3 K_V,
    5 / (2 G_R) = tr S - 1 / (3 K_R) (Hill 1952, in Mandel components).

    Raises:
        ElasticityError: `stiffness` is malformed or not positive definite.
    """
    kv, kr, gv, gr, as_given = _averages(stiffness)
    k, g = (kv + kr) / 2, (gv + gr) / 2
    e, nu = 9 * k * g / (3 * k + g), (3 * k - 2 * g) / (2 * (3 * k + g))
    return VoigtReussHill(*map(as_given, (kv, kr, k, gv, gr, g, e, nu)))


def universal_anisotropy(stiffness: A) -> A:
    """Universal anisotropy index A^U = 5 G_V/G_R + K_V/K_R - 6, zero for isotropy and positive otherwise.

    Ranganathan and Ostoja-Starzewski, Phys. Rev. Lett. 101, 2008, 055504.

    Args:
        stiffness: [..., 6, 6] Mandel.

    Returns:
        [...], dimensionless.

    Raises:
        ElasticityError: `stiffness` is malformed or not positive definite.
    """
    kv, kr, gv, gr, as_given = _averages(stiffness)
    return as_given(5 * gv / gr + kv / kr - 6)


def zener_ratio(stiffness: A, *, tolerance: float = 1e-6) -> A:
    """Zener's ratio 2 C_1212 / (C_1111 - C_1122) of a stiffness with cubic symmetry about the coordinate axes.

    Args:
        stiffness: [..., 6, 6] Mandel.
        tolerance: how far an entry may be from cubic symmetry, relative to the largest entry.

    Returns:
        [...], dimensionless; 1 for isotropy.

    Raises:
        ElasticityError: `stiffness` is malformed or not cubic in these axes.
    """
    c, missing, as_given = to_stiffness(stiffness)
    diagonal, off, shear = (c[..., i, j, None, None] for i, j in ((0, 0), (0, 1), (3, 3)))
    one, eye = _identity(c), torch.eye(6, dtype=c.dtype, device=c.device)
    expected = off * torch.outer(one, one) + (diagonal - off) * eye * one + shear * eye * (1 - one)
    wrong = ((c - expected).abs().amax((-1, -2)) > tolerance * c.abs().amax((-1, -2))) & ~missing
    raise_where(wrong, "stiffness", f"is not cubic about the coordinate axes (to {tolerance:g})")
    return as_given((shear / (diagonal - off))[..., 0, 0])


def kelvin_moduli(stiffness: A) -> A:
    """[..., 6] eigenvalues of a Mandel stiffness [..., 6, 6] in ascending order: Kelvin's moduli, the stiffnesses of
    its six eigenstrains. They do not depend on the axes (Mehrabadi and Cowin 1990).

    Raises:
        ElasticityError: `stiffness` is malformed.
    """
    c, _, as_given = to_stiffness(stiffness)
    return as_given(torch.linalg.eigvalsh(c), 1)


def is_positive_definite(stiffness: A, *, tolerance: float = 0.0) -> A:
    """[...] booleans: is the smallest Kelvin modulus above `tolerance` times the largest? False for "no stiffness".

    Raises:
        ElasticityError: `stiffness` is malformed.
    """
    c, missing, _ = to_stiffness(stiffness)
    values = torch.linalg.eigvalsh(c)
    positive = (values[..., 0] > tolerance * values[..., -1].abs()) & ~missing
    return positive if isinstance(stiffness, Tensor) else positive.numpy()[()]


def _identity(like: Tensor) -> Tensor:
    """The unit tensor as a Mandel vector."""
    return torch.tensor([1, 1, 1, 0, 0, 0], dtype=like.dtype, device=like.device)


def _dyad(n: Tensor, m: Tensor) -> Tensor:
    """Mandel vector of the symmetric part of n m^T."""
    product = n[..., :, None] * m[..., None, :]
    return mandel_vector(symmetric(product))


def _contract(left: Tensor, matrix: Tensor, right: Tensor) -> Tensor:
    """left . matrix . right, term by term: a library's product takes another kernel for one matrix than for many."""
    image = matrix[..., 0] * right[..., :1]
    for k in range(1, 6):
        image = image + matrix[..., k] * right[..., k : k + 1]
    terms = (left * image).unbind(-1)
    return sum(terms[1:], terms[0])


def _unit(direction: Any, like: Tensor, label: str) -> Tensor:
    n = to_float64_like(direction, (3,), like, label)
    length = torch.linalg.vector_norm(n, dim=-1, keepdim=True)
    raise_where(length[..., 0] == 0, label, "is the zero vector")
    return n / length


def _frame(direction: Any, like: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """A unit vector along the direction and two more, at right angles to it and to each other."""
    n = _unit(direction, like, "direction")
    least = torch.nn.functional.one_hot(n.abs().argmin(-1), 3).to(n.dtype)
    u = torch.linalg.cross(n, least)
    u = u / torch.linalg.vector_norm(u, dim=-1, keepdim=True)
    return n, u, torch.linalg.cross(n, u)


def _eigenvalues(a: Tensor, b: Tensor, c: Tensor) -> tuple[Tensor, Tensor]:
    """The smaller and the larger eigenvalue of [[a, c], [c, b]]."""
    values = torch.linalg.eigvalsh(torch.stack([a, c, c, b], dim=-1).unflatten(-1, (2, 2)))
    return values[..., 0], values[..., 1]


def _right_angle(n: Any, m: Any, like: Tensor) -> tuple[Tensor, Tensor]:
    n, m = _unit(n, like, "n"), _unit(m, like, "m")
    raise_where((n * m).sum(-1).abs() > 1e-5, "n and m", "are not at a right angle")
    return n, m


def _averages(stiffness: Any) -> tuple[Tensor, Tensor, Tensor, Tensor, AsGiven]:
    """K_V, K_R, G_V, G_R and the way back."""
    c, _, as_given = to_stiffness(stiffness)
    s, _ = to_compliance(c)
    one = _identity(c)
    kv, kr = _contract(one, c, one) / 9, 1 / _contract(one, s, one)
    trace_c, trace_s = (x.diagonal(dim1=-2, dim2=-1).sum(-1) for x in (c, s))
    return kv, kr, (trace_c - 3 * kv) / 10, 2.5 / (trace_s - 1 / (3 * kr)), as_given


def _extremes_of(stiffness: Any, modulus: _extremes.Modulus) -> Any:
    factor, as_given = to_factor(stiffness)
    frames = _extremes.extreme_frames(factor, modulus)
    values = _extremes.modulus_in(factor, frames, modulus)
    directions = _towards_positive(frames[..., 0, :] if modulus == "young" else frames[..., :2, :])
    trailing = 1 if modulus == "young" else 2
    smallest, largest = values.unbind(-1)
    of_smallest, of_largest = directions.unbind(-1 - trailing)
    return Extremes(
        as_given(smallest), as_given(largest), as_given(of_smallest, trailing), as_given(of_largest, trailing)
    )


def _towards_positive(directions: Tensor) -> Tensor:
    """Of n and -n, which mean the same, the one whose first component that is not nearly zero is positive."""
    first = (directions.abs() > 1e-6).to(torch.int8).argmax(-1, keepdim=True)
    return directions * directions.gather(-1, first).sign()
