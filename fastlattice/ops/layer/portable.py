"""layer as the single ops, each on the backend that the caller asked for."""

from __future__ import annotations

import torch

from fastlattice.ops.backends import triton
from fastlattice.ops.degree_linear import degree_linear
from fastlattice.ops.dispatch import implements
from fastlattice.ops.edge_conv import edge_conv
from fastlattice.ops.layer import LayerParameters
from fastlattice.ops.radial_mlp import radial_mlp
from fastlattice.ops.symmetric_contraction import symmetric_contraction


@implements("layer", "torch")
@implements("layer", "triton", triton.refusal)
def _composed(
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
    outputs: list[int],
    residual: bool,
    strut: torch.Tensor | None,
    backend: str,
) -> torch.Tensor:
    """The single ops, each on the backend that the caller asked for."""
    p = parameters
    degrees = range(round(features.shape[1] ** 0.5))
    senders = degree_linear(features, p.up, degrees)
    hidden = radial_mlp(length, radius, p.hidden_weights, p.hidden_biases, max_length, max_radius, backend=backend)
    messages = (p.radial, edge_index, p.linear_weight, p.linear_bias, agg_norm, strut)
    atomic = edge_conv(senders, sh, hidden, *messages, backend=backend)
    product = symmetric_contraction(atomic, p.contraction, correlation, outputs, backend=backend)
    out = degree_linear(product, p.product, outputs)
    if not residual:
        return out
    kept = [
        part if degree in outputs else torch.zeros_like(part)
        for degree, part in enumerate(features.split([2 * degree + 1 for degree in degrees], dim=1))
    ]
    return out + torch.cat(kept, dim=1)
