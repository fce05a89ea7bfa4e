"""Notations of elasticity tensors, the lists of 21 constants, and rotations."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import Tensor

from fastlattice.elasticity import basis
from fastlattice.elasticity._arrays import (
    A,
    AsGiven,
    raise_asymmetry,
    raise_where,
    symmetric,
    to_float64,
    to_float64_like,
    to_symmetric,
)
from fastlattice.elasticity.foreign import symmetrised
from fastlattice.errors import ElasticityError

Notation: TypeAlias = Literal["tensor", "mandel", "voigt", "abaqus", "ansys"]
Quantity: TypeAlias = Literal["stiffness", "compliance"]

# Places in the notation -> places in 11, 22, 33, 23, 13, 12.
# Abaqus Analysis User's Guide, "Linear elastic behavior", section "Defining fully anisotropic elasticity";
# Ansys Material Reference, section "Anisotropic Elasticity" (TB,ANEL).
_ORDER = {
    "mandel": (0, 1, 2, 3, 4, 5),
    "voigt": (0, 1, 2, 3, 4, 5),
    "abaqus": (0, 1, 2, 5, 4, 3),
    "ansys": (0, 1, 2, 5, 3, 4),
}

# What a component with two shear pairs is multiplied by; one with a single shear pair takes the square root. Voigt's
# shear strains are engineering strains, 2 epsilon_ij; so are those of Abaqus and of Ansys (Theory Reference, section
# "Stress-Strain Relationships").
_VOIGT = {"stiffness": 1.0, "compliance": 4.0}
_FACTORS = {
    "tensor": {"stiffness": 1.0, "compliance": 1.0},
    "mandel": {"stiffness": 2.0, "compliance": 2.0},
    "voigt": _VOIGT,
    "abaqus": _VOIGT,
    "ansys": _VOIGT,
}


def convert(
    matrix: A, *, from_: Notation, to: Notation, quantity: Quantity = "stiffness", tolerance: float | None = None
) -> A:
    """The same elasticity tensor in another notation.

    Args:
        matrix: [..., 6, 6], or [..., 3, 3, 3, 3] where `from_` is "tensor".
        from_: notation given: "tensor" (C_ijkl), "mandel", "voigt" (both in the order 11, 22, 33, 23, 13, 12),
            "abaqus" (Voigt, 11, 22, 33, 12, 13, 23) or "ansys" (Voigt, 11, 22, 33, 12, 23, 13).
        to: notation wanted.
        quantity: "stiffness" or "compliance"; they differ in Voigt's factors: 1, 1, 1 and 1, 2, 4.
        tolerance: a 6x6 matrix whose halves differ by no more than this fraction of its largest entry is symmetrised,
            with a warning that says how far they are apart; None: it must be symmetric. See `symmetrised`.

    Returns:
        [..., 6, 6], or [..., 3, 3, 3, 3] where `to` is "tensor".

    Raises:
        ElasticityError: unknown notation or quantity, wrong shape, or a tensor without the symmetries
            ijkl = jikl = klij.
    """
    _one_of(to, _FACTORS, "notation")
    if tolerance is not None and from_ != "tensor":
        matrix = symmetrised(matrix, tolerance)
    components, as_given = _enter_components(matrix, from_, quantity)
    return as_given(_lay_out(_rescale(components, from_, to, quantity), to))


def pack21(matrix: A, *, notation: Notation = "mandel") -> A:
    """The 21 independent numbers of a symmetric 6x6 matrix, in the order in which its notation lists them.

    Mandel, Voigt and Ansys (TB,ANEL: D11, D21, ... D61, D22, ...) list the upper triangle by rows. Abaqus lists it by
    columns (*ELASTIC, TYPE=ANISOTROPIC: D1111, D1122, D2222, D1133, ...). The numbers are not rescaled: convert to the
    notation first.

    Args:
        matrix: [..., 6, 6] in `notation`, stiffness or compliance.
        notation: any but "tensor".

    Returns:
        [..., 21].

    Raises:
        ElasticityError: unknown notation, wrong shape, not symmetric.
    """
    rows, columns = _listing(notation)
    values, as_given = to_symmetric(matrix, "matrix")
    return as_given(values[..., rows, columns])


def unpack21(values: A, *, notation: Notation = "mandel") -> A:
    """The symmetric [..., 6, 6] matrix of [..., 21] numbers listed as `pack21` lists them.

    Raises:
        ElasticityError: unknown notation, wrong shape.
    """
    rows, columns = _listing(notation)
    packed, as_given = to_float64(values, (21,), "values")
    place = np.zeros((6, 6), dtype=np.int64)
    place[rows, columns] = place[columns, rows] = np.arange(21)
    return as_given(packed[..., torch.as_tensor(place, device=packed.device)])


def mandel_rotation(rotation: A) -> A:
    """The 6x6 orthogonal matrix R with mandel(Q X Q^T) = R mandel(X) (Mehrabadi and Cowin, Q. J. Mech. Appl. Math.
    43, 1990, 15-41).

    A stiffness or compliance turns as R M R^T. Improper rotations are welcome; Q and -Q give the same R.

    Args:
        rotation: [..., 3, 3] orthogonal Q.

    Returns:
        [..., 6, 6].

    Raises:
        ElasticityError: Q is not orthogonal to 1e-5.
    """
    q, as_given = to_float64(rotation, (3, 3), "rotation")
    return as_given(basis.mandel_rotation(_orthogonal(q)))


def rotate(matrix: A, rotation: ArrayLike | Tensor, *, notation: Notation, quantity: Quantity = "stiffness") -> A:
    """An elasticity tensor turned with its material by Q: C'_ijkl = Q_ia Q_jb Q_kc Q_ld C_abcd.

    It is the stiffness of `lattice.rotate(Q)` where `matrix` is that of `lattice`.

    Args:
        matrix: [..., 6, 6], or [..., 3, 3, 3, 3] where `notation` is "tensor".
        rotation: [..., 3, 3] orthogonal Q, proper or improper; leading dimensions broadcast.
        notation: notation of `matrix` and of the result, as in `convert`.
        quantity: "stiffness" or "compliance".

    Raises:
        ElasticityError: as for `convert` and `mandel_rotation`.
    """
    components, as_given = _enter_components(matrix, notation, quantity)
    mandel = symmetric(_rescale(components, notation, "mandel", quantity))
    r = basis.mandel_rotation(_orthogonal(to_float64_like(rotation, (3, 3), mandel, "rotation")))
    turned = symmetric(r @ mandel @ r.mT)
    return as_given(_lay_out(_rescale(turned, "mandel", notation, quantity), notation))


def _enter_components(matrix: Any, notation: str, quantity: str) -> tuple[Tensor, AsGiven]:
    """The 21 components as a 6x6 matrix in the order 11, 22, 33, 23, 13, 12, with the factors of their notation."""
    _one_of(quantity, _VOIGT, "quantity")
    _one_of(notation, _FACTORS, "notation")
    if notation != "tensor":
        components, as_given = to_symmetric(matrix, quantity)
        return _permute(components, np.argsort(_ORDER[notation])), as_given
    tensor, as_given = to_float64(matrix, (3, 3, 3, 3), quantity)
    _refuse_asymmetric_tensor(tensor.detach(), matrix, quantity)
    i, j = torch.tensor(basis.PAIRS, device=tensor.device).T
    return tensor[..., i[:, None], j[:, None], i, j], as_given


def _rescale(components: Tensor, from_: str, to: str, quantity: str) -> Tensor:
    shear = _FACTORS[to][quantity] / _FACTORS[from_][quantity]
    ratio = np.array([1.0, 1.0, 1.0, shear, shear, shear])
    factors = np.sqrt(np.outer(ratio, ratio))  # exact where the ratio is 1, 2 or 4
    return components * torch.as_tensor(factors, device=components.device)


def _lay_out(components: Tensor, notation: str) -> Tensor:
    if notation != "tensor":
        return _permute(components, _ORDER[notation])
    place = torch.tensor(basis.PLACE, device=components.device)
    return components[..., place[:, :, None, None], place]


def _refuse_asymmetric_tensor(tensor: Tensor, given: Any, label: str) -> None:
    for order in ((-3, -4, -2, -1), (-2, -1, -4, -3)):  # jikl and klij; ijlk follows
        swapped = tensor.movedim(order, (-4, -3, -2, -1))
        raise_asymmetry((swapped - tensor).flatten(-4), tensor.flatten(-4), given, label)


def _one_of(value: Any, known: Any, label: str) -> None:
    if value not in known:
        raise ElasticityError(f"unknown {label} {value!r}: it is one of {', '.join(known)}")


def _listing(notation: str) -> tuple[np.ndarray, np.ndarray]:
    """Row and column of each of the 21 constants."""
    _one_of(notation, _ORDER, "notation of a 6x6 matrix")
    if notation == "abaqus":  # Keywords Reference Guide, *ELASTIC, data lines for TYPE=ANISOTROPIC
        columns, rows = np.tril_indices(6)
        return rows, columns
    return np.triu_indices(6)


def _permute(matrix: Tensor, order: Any) -> Tensor:
    index = torch.as_tensor(np.array(order), device=matrix.device)
    return matrix[..., index[:, None], index]


def _orthogonal(q: Tensor) -> Tensor:
    eye = torch.eye(3, dtype=q.dtype, device=q.device)
    raise_where(((q @ q.mT - eye).abs() > 1e-5).flatten(-2).any(-1), "rotation", "is not orthogonal")
    return q
