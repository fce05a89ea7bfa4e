"""layer as the single ops, each on the backend that the caller asked for."""

from __future__ import annotations

import torch

from fastlattice.ops.arguments import Edges, LayerParameters, NetworkSizes
from fastlattice.ops.backends import triton
from fastlattice.ops.check import lmax_of
from fastlattice.ops.degree_linear import degree_linear
from fastlattice.ops.degree_norm import degree_norm
from fastlattice.ops.dispatch import implements
from fastlattice.ops.edge_conv import edge_conv
from fastlattice.ops.radial_mlp import radial_mlp
from fastlattice.ops.symmetric_contraction import symmetric_contraction


@implements("layer", "torch")
@implements("layer", "triton", triton.refusal)
def _composed(
    features: torch.Tensor,
    edges: Edges,
    parameters: LayerParameters,
    sizes: NetworkSizes,
    output_degrees: list[int],
    residual: bool,
    backend: str,
) -> torch.Tensor:
    """The single ops, each on the backend that the caller asked for."""
    p = parameters
    degrees = range(lmax_of(features.shape[1]) + 1)
    if p.norm is not None:
        features = degree_norm(features, p.norm, sizes.norm_share, sizes.norm_floor)
    senders = degree_linear(features, p.up, degrees)
    gaussians = sizes.max_length, sizes.max_radius
    hidden = radial_mlp(edges.length, edges.radius, p.hidden_weights, p.hidden_biases, *gaussians, backend=backend)
    messages = p.radial, edges.index, p.linear_weight, p.linear_bias, sizes.agg_norm, edges.strut
    atomic = edge_conv(senders, edges.sh, hidden, *messages, backend=backend)
    product = symmetric_contraction(atomic, p.contraction, sizes.correlation, output_degrees, backend=backend)
    out = degree_linear(product, p.product, output_degrees)
    if not residual:
        return out
    kept = [
        part if degree in output_degrees else torch.zeros_like(part)
        for degree, part in enumerate(features.split([2 * degree + 1 for degree in degrees], dim=1))
    ]
    return out + torch.cat(kept, dim=1)
