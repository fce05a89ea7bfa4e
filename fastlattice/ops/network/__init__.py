"""network: all message-passing layers and the readout (equations 11 to 17)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch

from fastlattice.errors import ArgumentError
from fastlattice.ops.check import check_index
from fastlattice.ops.dispatch import run
from fastlattice.ops.layer import LayerParameters, check_layer, check_struts
from fastlattice.ops.readout import check_readout


def network(
    features: torch.Tensor,
    sh: torch.Tensor,
    length: torch.Tensor,
    radius: torch.Tensor,
    edge_index: torch.Tensor,
    batch: torch.Tensor,
    num_graphs: int,
    layers: Sequence[LayerParameters],
    gate: torch.Tensor,
    weight: torch.Tensor,
    bias: torch.Tensor,
    copies: Mapping[int, int],
    max_length: float,
    max_radius: float,
    agg_norm: float,
    correlation: int,
    strut: torch.Tensor | None = None,
    *,
    backend: str = "auto",
) -> torch.Tensor:
    """`layer` after layer, from the second on with the residual, and `readout`.

    The last layer computes the degrees that the readout reads, the others all. On the CPU one native op takes a few
    lattices at a time through all of it, so that their features never leave a core's cache; other backends run the
    single ops.

    Args:
        features: [N, 1, C], of degree 0.
        sh: [E, (lmax + 1)^2] harmonics of the edges, lmax 1 to 4.
        length: [M] of the struts, or of the edges where `strut` is None.
        radius: [M].
        edge_index: [2, E] int64, senders and receivers.
        batch: [N] int64, the lattice of each node; every lattice has nodes.
        num_graphs: B.
        layers: the parameters of each layer.
        gate: [(2 lmax + 1) * C * C], as for `readout`.
        weight: [sum of C * copies], as for `readout`.
        bias: [copies[0]].
        copies: how many copies of each degree come out, as for `readout`.
        max_length: centre of the last Gaussian of the length.
        max_radius: centre of the last Gaussian of the radius.
        agg_norm: what the sum over edges is divided by.
        correlation: largest number of factors, 1 to 3.
        strut: [E] int64, the row of `length` and `radius` of each edge. None: row e.
        backend: "auto" or the name of one.

    Returns:
        [B, sum of copies * (2 l + 1)]: degree after degree, [copies, 2 l + 1].

    Raises:
        ArgumentError: a wrong shape, dtype or device, or an order or degree that does not exist.
        BackendError: the backend asked for does not exist or cannot run this.
    """
    lmax, l_in = check_struts(features, sh, length, radius, edge_index, strut)
    if l_in != 0 or not layers:
        raise ArgumentError(f"{len(layers)} layers from features to degree {l_in}; expected one or more from degree 0")
    for t, parameters in enumerate(layers):
        check_layer(parameters, features, lmax if t else 0, lmax, correlation)
    if len({tuple(weight.shape for weight in parameters.hidden_weights) for parameters in layers}) > 1:
        raise ArgumentError("the radial networks of the layers have different sizes")
    check_index(batch, "batch", features.shape[:1], features)
    counts = check_readout(gate, weight, bias, copies, lmax, features)
    numbers = float(max_length), float(max_radius), float(agg_norm), correlation
    arrays = features, sh, length, radius, edge_index, batch, int(num_graphs)
    return run("network", backend, features, *arrays, layers, gate, weight, bias, counts, *numbers, strut, backend)


from fastlattice.ops.network import native, portable  # noqa: E402, F401 - they register themselves
