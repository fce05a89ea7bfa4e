"""The way in and out: numpy or torch in, checked fp64 torch tensors inside, the same kind and dtype out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar

import numpy as np
import torch
from torch import Tensor

from fastlattice.errors import ElasticityError

A = TypeVar("A", np.ndarray, Tensor)
AsGiven: TypeAlias = Callable[..., Any]


def to_float64(values: Any, trailing: tuple[int, ...], label: str, missing: bool = True) -> tuple[Tensor, AsGiven]:
    """Checked fp64 tensor [..., *trailing] and the function that returns a result as the kind that came in."""
    is_torch = isinstance(values, Tensor)
    try:
        given = values if is_torch else torch.from_numpy(np.array(values, order="C"))
    except (TypeError, ValueError) as error:
        raise ElasticityError(f"{label}: {error}") from None
    if given.is_complex() or given.dtype == torch.bool:
        raise ElasticityError(f"{label} must be real numbers, not {given.dtype}")
    if given.ndim < len(trailing) or given.shape[given.ndim - len(trailing) :] != trailing:
        wanted = ", ".join(["...", *map(str, trailing)])
        raise ElasticityError(f"{label} has shape {tuple(given.shape)}, expected [{wanted}]")
    dtype = given.dtype if given.is_floating_point() else torch.float64
    entries = given.detach().flatten(given.ndim - len(trailing))
    wrong = ~entries.isfinite().all(-1)
    raise_where(wrong & ~entries.isnan().all(-1) if missing else wrong, label, "holds a NaN or an infinite number")

    def as_given(result: Tensor) -> Any:
        result = result.to(dtype)
        return result if is_torch else result.numpy()[()]

    return given.to(torch.float64), as_given


def to_float64_like(values: Any, trailing: tuple[int, ...], like: Tensor, label: str) -> Tensor:
    return to_float64(values, trailing, label, missing=False)[0].to(like.device)


def to_symmetric(matrix: Any, label: str) -> tuple[Tensor, AsGiven]:
    m, as_given = to_float64(matrix, (6, 6), label)
    raise_asymmetry((m - m.mT).detach().flatten(-2), m.detach().flatten(-2), matrix, label)
    return m, as_given


def to_stiffness(stiffness: Any) -> tuple[Tensor, Tensor, AsGiven]:
    """Symmetric stiffness with the unit matrix in place of missing ones, the mask of those, and a function
    back that puts NaN there; `as_given(result, k)` takes a result with k trailing dimensions."""
    c, back = to_symmetric(stiffness, "stiffness")
    missing = c.detach().isnan().all(-1).all(-1)
    eye = torch.eye(6, dtype=c.dtype, device=c.device)

    def as_given(result: Tensor, trailing: int = 0) -> Any:
        return back(result.masked_fill(missing.view(missing.shape + (1,) * trailing), torch.nan))

    return torch.where(missing[..., None, None], eye, symmetric(c)), missing, as_given


def to_factor(stiffness: Any) -> tuple[Tensor, AsGiven]:
    """Lower Cholesky factor of a positive definite stiffness."""
    c, _, as_given = to_stiffness(stiffness)
    factor, failed = torch.linalg.cholesky_ex(c)
    raise_where(failed != 0, "stiffness", "is not positive definite", "; definite(stiffness) puts NaN in their place")
    return factor, as_given


def to_compliance(stiffness: Any) -> tuple[Tensor, AsGiven]:
    factor, as_given = to_factor(stiffness)
    return torch.cholesky_inverse(factor), as_given


def raise_where(wrong: Tensor, label: str, reason: str, advice: str = "") -> None:
    if wrong.any():
        index = wrong.nonzero()[0].tolist()
        where = f"{label} {index}" if index else label
        more = f" ({int(wrong.sum())} of {wrong.numel()} are so){advice}" if wrong.numel() > 1 else ""
        raise ElasticityError(f"{where} {reason}{more}")


def raise_asymmetry(difference: Tensor, entries: Tensor, given: Any, label: str) -> None:
    dtype = given.dtype if isinstance(given, Tensor) else torch.from_numpy(np.array(given, order="C")).dtype
    tolerance = torch.finfo(dtype if dtype.is_floating_point else torch.float64).eps ** 0.5
    size = entries.abs().amax(-1, keepdim=True)
    wrong = (difference.abs() > tolerance * size).any(-1)
    if wrong.any():
        worst = float((difference.abs() / size).amax(-1)[wrong].max())
        apart = f"(its halves differ by up to {worst:.1e} of its largest entry)"
        raise_where(wrong, label, f"is not symmetric {apart}; symmetrised(matrix, tolerance) takes printed matrices")


def symmetric(matrix: Tensor) -> Tensor:
    return (matrix + matrix.mT) / 2
