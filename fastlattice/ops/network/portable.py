"""network as the single ops, each on the backend that the caller asked for."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from fastlattice.ops.backends import triton
from fastlattice.ops.dispatch import implements
from fastlattice.ops.layer import LayerParameters, layer
from fastlattice.ops.readout import readout


@implements("network", "torch")
@implements("network", "triton", triton.refusal)
def _composed(
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
    copies: list[int],
    max_length: float,
    max_radius: float,
    agg_norm: float,
    correlation: int,
    strut: torch.Tensor | None,
    backend: str,
) -> torch.Tensor:
    """The single ops, each on the backend that the caller asked for."""
    numbers = max_length, max_radius, agg_norm, correlation
    read = {degree: count for degree, count in enumerate(copies) if count}
    for t, parameters in enumerate(layers):
        outputs = range(len(copies)) if t + 1 < len(layers) else list(read)
        inputs = features, sh, length, radius, edge_index, parameters
        features = layer(*inputs, *numbers, outputs, t > 0, strut, backend=backend)
    return readout(features, batch, num_graphs, gate, weight, bias, read, backend=backend)
