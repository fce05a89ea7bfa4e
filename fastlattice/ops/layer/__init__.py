"""layer: one message-passing layer of the network (equations 11 to 15)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from fastlattice.errors import ArgumentError
from fastlattice.ops import constants
from fastlattice.ops.check import check, check_index, lmax_of
from fastlattice.ops.dispatch import run
from fastlattice.ops.radial_mlp import check_hidden_layers
from fastlattice.ops.symmetric_contraction import check_orders, check_weights


@dataclass(frozen=True)
class LayerParameters:
    """The parameters of a layer with C channels, P paths and H hidden units.

    Attributes:
        up: [(l_in + 1) * C * C], the linear map of the senders, [C in, C out] for each degree.
        radial: [P * C, H], the last layer of the radial network.
        linear_weight: [P * C * C], the linear map of the messages, as for `edge_conv`.
        linear_bias: [C].
        contraction: what `fold_weights` takes, or [folded, C] from it.
        product: [(lmax + 1) * C * C], the linear map of the contraction's result.
        hidden_weights: of each hidden layer of the radial network, as for `radial_mlp`.
        hidden_biases: of each hidden layer.
    """

    up: torch.Tensor
    radial: torch.Tensor
    linear_weight: torch.Tensor
    linear_bias: torch.Tensor
    contraction: torch.Tensor | Sequence[torch.Tensor]
    product: torch.Tensor
    hidden_weights: Sequence[torch.Tensor]
    hidden_biases: Sequence[torch.Tensor]


def layer(
    features: torch.Tensor,
    sh: torch.Tensor,
    length: torch.Tensor,
    radius: torch.Tensor,
    edge_index: torch.Tensor,
    parameters: LayerParameters,
    max_length: float,
    max_radius: float,
    agg_norm: float,
    correlation: int,
    outputs: Sequence[int],
    residual: bool,
    strut: torch.Tensor | None = None,
    *,
    backend: str = "auto",
) -> torch.Tensor:
    """Linear map of the senders, `radial_mlp`, `edge_conv`, `symmetric_contraction`, linear map, residual.

    On the CPU one native op runs all of it, a few lattices at a time; other backends run the single ops.

    Args:
        features: [N, (l_in + 1)^2, C]; l_in = 0 in the first layer.
        sh: [E, (lmax + 1)^2] harmonics of the edges, lmax 1 to 4.
        length: [M] of the struts, or of the edges where `strut` is None.
        radius: [M].
        edge_index: [2, E] int64, senders and receivers.
        parameters: the layer's.
        max_length: centre of the last Gaussian of the length.
        max_radius: centre of the last Gaussian of the radius.
        agg_norm: what the sum over edges is divided by.
        correlation: largest number of factors, 1 to 3.
        outputs: degrees to compute; the others come out as zeros.
        residual: whether the features are added to the degrees that are computed; needs l_in = lmax.
        strut: [E] int64, the row of `length` and `radius` of each edge. None: row e.
        backend: "auto" or the name of one.

    Returns:
        [N, (lmax + 1)^2, C].

    Raises:
        ArgumentError: a wrong shape, dtype or device, or an order or degree that does not exist.
        BackendError: the backend asked for does not exist or cannot run this.
    """
    lmax, l_in = check_struts(features, sh, length, radius, edge_index, strut)
    check_orders(correlation, outputs, lmax)
    if residual and l_in != lmax:
        raise ArgumentError(f"a residual needs features to degree {lmax}, not {l_in}")
    check_layer(parameters, features, l_in, lmax, correlation)
    numbers = float(max_length), float(max_radius), float(agg_norm), correlation, sorted(set(outputs)), residual
    inputs = features, sh, length, radius, edge_index, parameters, *numbers, strut, backend
    return run("layer", backend, features, *inputs)


def check_struts(
    features: torch.Tensor,
    sh: torch.Tensor,
    length: torch.Tensor,
    radius: torch.Tensor,
    edge_index: torch.Tensor,
    strut: torch.Tensor | None,
) -> tuple[int, int]:
    """Raises ArgumentError unless the arrays of nodes, edges and struts fit together; returns lmax and l_in."""
    check(features, "features", (None, None, None))
    check(sh, "sh", (None, None), features)
    edges, lmax = sh.shape[0], lmax_of(sh.shape[1], "sh")
    check(length, "length", (edges if strut is None else None,), features)
    check(radius, "radius", length.shape, features)
    check_index(edge_index, "edge_index", (2, edges), features)
    if strut is not None:
        check_index(strut, "strut", (edges,), features)
    return lmax, lmax_of(features.shape[1], "features", lmax)


def check_layer(parameters: LayerParameters, features: torch.Tensor, l_in: int, lmax: int, correlation: int) -> None:
    """Raises ArgumentError unless the parameters are those of a layer from degree l_in to lmax."""
    channels = features.shape[2]
    paths, block = len(constants.edge_paths(l_in, lmax)), channels * channels
    width = check_hidden_layers(parameters.hidden_weights, parameters.hidden_biases, features)
    check(parameters.up, "up", ((l_in + 1) * block,), features)
    check(parameters.radial, "radial", (paths * channels, width), features)
    check(parameters.linear_weight, "linear_weight", (paths * block,), features)
    check(parameters.linear_bias, "linear_bias", (channels,), features)
    check_weights(parameters.contraction, "contraction", lmax, correlation, features)
    check(parameters.product, "product", ((lmax + 1) * block,), features)


from fastlattice.ops.layer import portable  # noqa: E402, F401 - they register themselves
