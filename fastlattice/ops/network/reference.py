"""All message-passing layers and the readout (equations 11 to 17)."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from fastlattice.ops.arguments import Edges, LayerParameters, NetworkSizes, ReadoutParameters
from fastlattice.ops.check import lmax_of
from fastlattice.ops.layer.reference import layer
from fastlattice.ops.readout.reference import readout as pooled


def network(
    features: torch.Tensor,
    edges: Edges,
    batch: torch.Tensor,
    num_graphs: int,
    layers: Sequence[LayerParameters],
    readout: ReadoutParameters,
    sizes: NetworkSizes,
) -> torch.Tensor:
    """`layer` after layer, from the second on with the residual, and `readout`.

    Args:
        features: [N, 1, C], of degree 0.
        edges: E edges between the N nodes, with harmonics to degree lmax.
        batch: [N] int64, the lattice of each node.
        num_graphs: B.
        layers: the parameters of each layer, as for `layer`.
        readout: the parameters of the readout.
        sizes: the network's.

    Returns:
        [B, sum of multiplicities * (2 l + 1)] in e3nn's order.
    """
    degrees = range(lmax_of(edges.sh.shape[1]) + 1)
    for t, parameters in enumerate(layers):
        features = layer(features, edges, parameters, sizes, degrees, residual=t > 0)
    return pooled(features, batch, num_graphs, readout.gate, readout.weight, readout.bias, readout.multiplicities)
