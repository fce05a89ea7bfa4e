"""Checks of shapes, dtypes and devices that cost no look at the data."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from fastlattice.errors import ArgumentError
from fastlattice.ops import constants


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
    _check_shape(value, label, shape)
    if like is None:
        if not value.is_floating_point():
            raise ArgumentError(f"{label} is {value.dtype}; it must be a floating-point tensor")
    elif value.dtype != like.dtype or value.device != like.device:
        raise ArgumentError(f"{label} is {value.dtype} on {value.device}, expected {like.dtype} on {like.device}")


def _check_shape(value: torch.Tensor, label: str, shape: tuple[int | None, ...]) -> None:
    if not _fits(value.shape, shape):
        expected = ", ".join("*" if n is None else str(n) for n in shape)
        raise ArgumentError(f"{label} has shape {list(value.shape)}, expected [{expected}]")


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
    _check_shape(value, label, shape)


def lmax_of(components: int, label: str = "the features", highest: int = constants.LMAX) -> int:
    """lmax of (lmax + 1)^2 components.

    Raises:
        ArgumentError: the number is not a square, or lmax is beyond the tables.
    """
    lmax = round(components**0.5) - 1
    if (lmax + 1) ** 2 != components or not 0 <= lmax <= highest:
        raise ArgumentError(f"{label} has {components} components; expected (lmax + 1)^2 with lmax at most {highest}")
    return lmax


def check_degrees(correlation: int, output_degrees: Sequence[int], lmax: int) -> list[int]:
    """The degrees of a symmetric contraction's output, ascending and each once.

    Raises:
        ArgumentError: there is no such order of correlation or no such degree.
    """
    if correlation not in (1, 2, 3):
        raise ArgumentError(f"correlation is {correlation}; expected 1, 2 or 3")
    if any(degree not in range(lmax + 1) for degree in output_degrees):
        raise ArgumentError(f"output_degrees are {list(output_degrees)}; expected degrees from 0 to {lmax}")
    return sorted(set(output_degrees))


def check_contraction(
    weights: torch.Tensor | Sequence[torch.Tensor], label: str, lmax: int, correlation: int, like: torch.Tensor | None
) -> None:
    """Raises ArgumentError unless these are what `fold_weights` takes, or gives, for the channels of `like`."""
    channels = like.shape[-1] if like is not None else None
    if isinstance(weights, torch.Tensor):
        return check(weights, label, (sum(constants.folded_counts(lmax, correlation)), channels), like)
    counts = constants.weight_counts(lmax, correlation)
    if len(weights) != len(counts):
        raise ArgumentError(f"{len(weights)} {label}; expected {len(counts)}: one for each L and number of factors")
    for position, count in enumerate(counts):
        check(weights[position], label, (count, channels), like, position)


def check_hidden_layers(
    weights: Sequence[torch.Tensor], biases: Sequence[torch.Tensor], like: torch.Tensor, prefix: str = ""
) -> int:
    """The width of the last hidden layer of a radial network.

    Raises:
        ArgumentError: the layers do not fit each other, or the first has no inputs for two Gaussians each.
    """
    if not weights or len(weights) != len(biases):
        raise ArgumentError(
            f"{len(weights)} {prefix}weights and {len(biases)} {prefix}biases; expected one of each per hidden layer"
        )
    width = None
    for layer, (weight, bias) in enumerate(zip(weights, biases, strict=True)):
        check(weight, f"{prefix}weights", (None, width), like, layer)
        width = weight.shape[0]
        check(bias, f"{prefix}biases", (width,), like, layer)
    inputs = weights[0].shape[1]
    if inputs % 2 or inputs < 4:
        raise ArgumentError(f"{prefix}weights[0] takes {inputs} inputs; expected 2 K with K >= 2 Gaussians each")
    return biases[-1].shape[0]


def check_nodes(batch: torch.Tensor, num_graphs: int) -> None:
    """Raises a RuntimeError if a lattice has no nodes; nothing waits for a CUDA device."""
    found = torch.zeros(num_graphs, dtype=torch.bool, device=batch.device).index_fill(0, batch, True)
    torch._assert_async(found.all(), "a lattice has no nodes")
