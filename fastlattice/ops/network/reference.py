"""All message-passing layers and the readout (equations 11 to 17)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch

from fastlattice.ops.irreps import lmax_of
from fastlattice.ops.layer.reference import layer
from fastlattice.ops.readout.reference import readout


def network(
    features: torch.Tensor,
    sh: torch.Tensor,
    length: torch.Tensor,
    radius: torch.Tensor,
    edge_index: torch.Tensor,
    batch: torch.Tensor,
    num_graphs: int,
    layers: Sequence[Any],
    gate: torch.Tensor,
    weight: torch.Tensor,
    bias: torch.Tensor,
    copies: Mapping[int, int],
    max_length: float,
    max_radius: float,
    agg_norm: float,
    correlation: int,
) -> torch.Tensor:
    """`layer` after layer, from the second on with the residual, and `readout`.

    Args:
        features: [N, 1, C], of degree 0.
        sh: [E, (lmax + 1)^2] harmonics of the edges.
        length: [E].
        radius: [E].
        edge_index: [2, E] int64, senders and receivers.
        batch: [N] int64, the lattice of each node.
        num_graphs: B.
        layers: the parameters of each layer, as for `layer`.
        gate: as for `readout`.
        weight: as for `readout`.
        bias: [copies[0]].
        copies: how many copies of each degree come out.
        max_length: centre of the last Gaussian of the length.
        max_radius: centre of the last Gaussian of the radius.
        agg_norm: what the sum over edges is divided by.
        correlation: largest number of factors.

    Returns:
        [B, sum of copies * (2 l + 1)] in e3nn's order.
    """
    numbers, degrees = (max_length, max_radius, agg_norm, correlation), range(lmax_of(sh.shape[1]) + 1)
    for t, parameters in enumerate(layers):
        features = layer(features, sh, length, radius, edge_index, parameters, *numbers, degrees, residual=t > 0)
    return readout(features, batch, num_graphs, gate, weight, bias, copies)
