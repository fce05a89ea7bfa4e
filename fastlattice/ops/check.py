"""Checks of shapes, dtypes and devices that cost no look at the data."""

from __future__ import annotations

import torch

from fastlattice.errors import ArgumentError


def _fits(found: torch.Size, shape: tuple[int | None, ...]) -> bool:
    if found == shape:
        return True
    return len(found) == len(shape) and found == tuple(
        [m if n is None else n for n, m in zip(shape, found, strict=True)]
    )


def check(
    value: torch.Tensor,
    label: str,
    shape: tuple[int | None, ...],
    like: torch.Tensor | None = None,
    position: int | None = None,
) -> None:
    """Raises unless `value` is a tensor of this shape (None: any size) with the dtype and device of `like`.

    Args:
        value: the argument.
        label: its name in messages.
        shape: expected sizes.
        like: floating-point tensor to agree with; None checks the shape and that `value` is floating-point.
        position: in a list of the name `label`.

    Raises:
        ArgumentError: it is not.
    """
    if (
        like is not None
        and isinstance(value, torch.Tensor)
        and value.shape == shape
        and value.dtype is like.dtype
        and value.device == like.device
    ):
        return  # nearly always
    if position is not None:
        label = f"{label}[{position}]"
    if not isinstance(value, torch.Tensor):
        raise ArgumentError(f"{label} must be a tensor, not a {type(value).__name__}")
    if not _fits(value.shape, shape):
        expected = ", ".join("*" if n is None else str(n) for n in shape)
        raise ArgumentError(f"{label} has shape {list(value.shape)}, expected [{expected}]")
    if like is None:
        if not value.is_floating_point():
            raise ArgumentError(f"{label} is {value.dtype}; it must be a floating-point tensor")
    elif value.dtype != like.dtype or value.device != like.device:
        raise ArgumentError(f"{label} is {value.dtype} on {value.device}, expected {like.dtype} on {like.device}")


def check_index(value: torch.Tensor, label: str, shape: tuple[int | None, ...], like: torch.Tensor) -> None:
    """Raises unless `value` is an int64 tensor of this shape on the device of `like`.

    Raises:
        ArgumentError: it is not.
    """
    if not isinstance(value, torch.Tensor) or value.dtype != torch.int64:
        found = value.dtype if isinstance(value, torch.Tensor) else type(value).__name__
        raise ArgumentError(f"{label} is {found}; it must be an int64 tensor")
    if value.device != like.device:
        raise ArgumentError(f"{label} is on {value.device}, expected {like.device}")
    if not _fits(value.shape, shape):
        expected = ", ".join("*" if n is None else str(n) for n in shape)
        raise ArgumentError(f"{label} has shape {list(value.shape)}, expected [{expected}]")


def lmax_of(components: int, label: str, highest: int = 4) -> int:
    """lmax of (lmax + 1)^2 components.

    Raises:
        ArgumentError: the number is not a square, or lmax is beyond the tables.
    """
    lmax = round(components**0.5) - 1
    if (lmax + 1) ** 2 != components or not 0 <= lmax <= highest:
        raise ArgumentError(f"{label} has {components} components; expected (lmax + 1)^2 with lmax at most {highest}")
    return lmax
