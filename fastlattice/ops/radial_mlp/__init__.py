"""radial_mlp: Gaussian embedding of length and radius, and the hidden layers of the radial network (equation 11)."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from fastlattice.ops.check import check, check_hidden_layers
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


from fastlattice.ops.radial_mlp import native, portable, triton_op  # noqa: E402, F401 - they register themselves
