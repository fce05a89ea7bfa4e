"""network as the single ops, each on the backend that the caller asked for."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from fastlattice.ops.arguments import Edges, LayerParameters, NetworkSizes, ReadoutParameters
from fastlattice.ops.backends import triton
from fastlattice.ops.check import lmax_of
from fastlattice.ops.dispatch import implements
from fastlattice.ops.layer import layer
from fastlattice.ops.readout import readout


@implements("network", "torch")
@implements("network", "triton", triton.refusal)
def _composed(
    features: torch.Tensor,
    edges: Edges,
    batch: torch.Tensor,
    num_graphs: int,
    layers: Sequence[LayerParameters],
    parameters: ReadoutParameters,
    sizes: NetworkSizes,
    backend: str,
) -> torch.Tensor:
    """The single ops, each on the backend that the caller asked for."""
    every, read = range(lmax_of(edges.sh.shape[1]) + 1), parameters.multiplicities
    for t, own in enumerate(layers):
        degrees = every if t + 1 < len(layers) else list(read)
        features = layer(features, edges, own, sizes, degrees, t > 0, backend=backend)
    maps = parameters.gate, parameters.weight, parameters.bias
    return readout(features, batch, num_graphs, *maps, read, backend=backend)
