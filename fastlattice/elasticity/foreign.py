"""Matrices of other programs: printed to a few digits, triangles, and some of a batch without an inverse."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from fastlattice.elasticity._arrays import A, raise_where, symmetric, to_float64, to_stiffness
from fastlattice.errors import ElasticityError


def symmetrised(matrix: A | Sequence[Any], tolerance: float = 0.01) -> A:
    """The symmetric matrix that a printed one stands for: the mean of it and its transpose.

    Programs print stiffness to four or five digits, or what they fitted: the two halves differ in the last digits. A
    warning says how far they are apart, so that nothing changes unseen.

    Args:
        matrix: [..., 6, 6] in any notation; or one triangle as rows of 6, 5, ... 1 numbers (the upper) or of 1, 2,
            ... 6 (the lower); or a [6, 6] matrix of which one triangle is zero throughout and the other is not.
        tolerance: largest difference of two halves, as a fraction of the largest entry.

    Returns:
        [..., 6, 6], exactly symmetric.

    Raises:
        ElasticityError: wrong shape, or halves that differ by more than the tolerance.

    Example:
        >>> mandel = convert(symmetrised(printed), from_="voigt", to="mandel")
    """
    m, as_given = to_float64(_completed(matrix), (6, 6), "matrix")
    size = m.detach().abs().amax((-2, -1)).clamp(min=torch.finfo(m.dtype).tiny)
    apart = (m - m.mT).detach().abs().amax((-2, -1)) / size
    raise_where(apart > tolerance, "matrix", f"has halves that differ by more than {tolerance:g} of its largest entry")
    worst = float(apart.nan_to_num().max()) if apart.numel() else 0.0
    if worst > 0:
        warnings.warn(f"matrix symmetrised: its halves differ by up to {worst:.1e} of its largest entry", stacklevel=2)
    return as_given(symmetric(m))


def definite(stiffness: A, tolerance: float = 0.0) -> A:
    """The stiffness with NaN, "no stiffness", in the place of what is not positive definite; a warning says which.

    Functions that need an inverse refuse a batch with one such matrix in it. Of what this returns they give NaN for
    those, and a result for the rest.

    Args:
        stiffness: [..., 6, 6] Mandel.
        tolerance: smallest eigenvalue that counts, as a fraction of the largest.

    Returns:
        [..., 6, 6].

    Raises:
        ElasticityError: `stiffness` is malformed.
    """
    c, missing, as_given = to_stiffness(stiffness)
    values = torch.linalg.eigvalsh(c.detach())
    wrong = ~missing & ~(values[..., 0] > tolerance * values[..., -1].abs())
    if wrong.any():
        places = [place if len(place) != 1 else place[0] for place in wrong.nonzero()[:5].tolist()]
        listed = f": {', '.join(map(str, places))}{', ...' if int(wrong.sum()) > 5 else ''}" if wrong.ndim else ""
        warnings.warn(f"{int(wrong.sum())} of {wrong.numel()} matrices are not positive definite{listed}", stacklevel=2)
    return as_given(c.masked_fill(wrong[..., None, None], torch.nan), 2)


def _completed(matrix: Any) -> Any:
    """A full matrix where a triangle is given."""
    if isinstance(matrix, torch.Tensor | np.ndarray):
        full = matrix
    else:
        rows = [np.atleast_1d(np.asarray(row, dtype=float)) for row in matrix] if _ragged(matrix) else None
        if rows is None:
            full = np.asarray(matrix)
        else:
            full = np.zeros((6, 6))
            upper = [len(row) for row in rows] == [6, 5, 4, 3, 2, 1]
            for i, row in enumerate(rows):
                full[(i, slice(i, None)) if upper else (i, slice(None, i + 1))] = row
    if full.shape[-2:] != (6, 6) or full.ndim != 2:
        return full
    above, below = (torch.as_tensor(np.asarray(half)) for half in _halves(full))
    if bool((above == 0).all()) == bool((below == 0).all()):
        return full
    return full + _strict(full).swapaxes(-2, -1)


def _ragged(matrix: Any) -> bool:
    try:
        lengths = [np.size(row) for row in matrix]
    except TypeError:
        return False
    if lengths in ([6, 5, 4, 3, 2, 1], [1, 2, 3, 4, 5, 6]):
        return True
    if len(set(lengths)) > 1:
        raise ElasticityError(f"rows of {', '.join(map(str, lengths))} numbers are neither a matrix nor a triangle")
    return False


def _halves(full: Any) -> tuple[Any, Any]:
    """What stands above and what stands below the diagonal."""
    rows, columns = np.triu_indices(6, 1)
    values = full.detach().cpu() if isinstance(full, torch.Tensor) else full
    return values[rows, columns], values[columns, rows]


def _strict(full: Any) -> Any:
    """The matrix without its diagonal."""
    if isinstance(full, torch.Tensor):
        return full - torch.diag(full.diagonal())
    return full - np.diag(np.diagonal(full))
