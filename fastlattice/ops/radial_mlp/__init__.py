"""radial_mlp: Gaussian embedding of length and radius, and the hidden layers of the radial network (equation 11)."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from fastlattice.errors import ArgumentError
from fastlattice.ops.check import check
from fastlattice.ops.dispatch import run


def radial_mlp(
    length: torch.Tensor,
    radius: torch.Tensor,
    weights: Sequence[torch.Tensor],
    biases: Sequence[torch.Tensor],
    max_length: float,
    max_radius: float,
    *,
    backend: str = "auto",
) -> torch.Tensor:
    """Hidden activations of the radial network; its last, linear layer belongs to `edge_conv`.

    The embedding of x is exp(-((x - c_k) / d)^2) / 1.12 with K centres c_k evenly spaced by d from 0 to the maximum,
    for the length and then for the radius; SiLU follows every layer.

    Args:
        length: [M], of edges, or of struts where both directions share a row.
        radius: [M].
        weights: of each hidden layer: [H, 2 K] with K >= 2, then [H, H].
        biases: of each hidden layer: [H].
        max_length: centre of the last Gaussian of the length.
        max_radius: centre of the last Gaussian of the radius.
        backend: "auto" or the name of one.

    Returns:
        [M, H].

    Raises:
        ArgumentError: a wrong shape, dtype or device.
        BackendError: the backend asked for does not exist or cannot run this.
    """
    check(length, "length", (None,))
    check(radius, "radius", (len(length),), length)
    check_hidden_layers(weights, biases, length)
    return run(
        "radial_mlp", backend, length, length, radius, list(weights), list(biases), float(max_length), float(max_radius)
    )


def check_hidden_layers(weights: Sequence[torch.Tensor], biases: Sequence[torch.Tensor], like: torch.Tensor) -> int:
    """The width of the last hidden layer.

    Raises:
        ArgumentError: the layers do not fit each other, or the first has no inputs for two Gaussians each.
    """
    if not weights or len(weights) != len(biases):
        raise ArgumentError(f"{len(weights)} weights and {len(biases)} biases; expected one of each per hidden layer")
    width = None
    for layer, (weight, bias) in enumerate(zip(weights, biases, strict=True)):
        check(weight, "weights", (None, width), like, layer)
        width = weight.shape[0]
        check(bias, "biases", (width,), like, layer)
    if weights[0].shape[1] % 2 or weights[0].shape[1] < 4:
        raise ArgumentError(f"weights[0] takes {weights[0].shape[1]} inputs; expected 2 K with K >= 2 Gaussians each")
    return biases[-1].shape[0]


from fastlattice.ops.radial_mlp import native, portable, triton_op  # noqa: E402, F401 - they register themselves
