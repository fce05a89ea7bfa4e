"""layer on the CPU, native: one layer of csrc/network/network.cpp, without a readout."""

from __future__ import annotations

import torch

from fastlattice.ops.arguments import Edges, LayerParameters, NetworkSizes
from fastlattice.ops.backends.native import refusal
from fastlattice.ops.dispatch import implements
from fastlattice.ops.message_passing import message_passing


@implements("layer", "native", refusal)
def _layer(
    features: torch.Tensor,
    edges: Edges,
    parameters: LayerParameters,
    sizes: NetworkSizes,
    output_degrees: list[int],
    residual: bool,
    backend: str,
) -> torch.Tensor:
    return message_passing(features, edges, [parameters], sizes, output_degrees, int(residual))
