"""network on the CPU, native: csrc/network/network.cpp."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from fastlattice.ops.arguments import Edges, LayerParameters, NetworkSizes, ReadoutParameters
from fastlattice.ops.backends.native import refusal
from fastlattice.ops.dispatch import implements
from fastlattice.ops.message_passing import message_passing


@implements("network", "native", refusal)
def _network(
    features: torch.Tensor,
    edges: Edges,
    batch: torch.Tensor,
    num_graphs: int,
    layers: Sequence[LayerParameters],
    readout: ReadoutParameters,
    sizes: NetworkSizes,
    backend: str,
) -> torch.Tensor:
    residuals = (1 << len(layers)) - 2  # from the second layer on
    degrees = list(readout.multiplicities)
    return message_passing(features, edges, layers, sizes, degrees, residuals, readout, batch, num_graphs)
