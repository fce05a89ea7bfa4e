"""One message-passing layer, from its pieces (equations 11 to 15)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import torch

from fastlattice.ops.arguments import Edges, LayerParameters, NetworkSizes
from fastlattice.ops.check import lmax_of
from fastlattice.ops.edge_conv.reference import edge_conv
from fastlattice.ops.irreps import irreps, linear, pack, unpack
from fastlattice.ops.radial_mlp.reference import radial_mlp
from fastlattice.ops.symmetric_contraction.reference import symmetric_contraction


def layer(
    features: torch.Tensor,
    edges: Edges,
    parameters: LayerParameters,
    sizes: NetworkSizes,
    output_degrees: Sequence[int],
    residual: bool,
) -> torch.Tensor:
    """Norm, linear map of the senders, radial network, messages, symmetric contraction, linear map, residual.

    Args:
        features: [N, (l_in + 1)^2, C].
        edges: E edges between the N nodes, with harmonics to degree lmax.
        parameters: the layer's; the weights of the contraction as a list, as `symmetric_contraction` takes them.
        sizes: the network's.
        output_degrees: degrees to compute; the others come out as zeros.
        residual: whether the features are added to the degrees that are computed.

    Returns:
        [N, (lmax + 1)^2, C].
    """
    p, channels, lmax = parameters, features.shape[2], lmax_of(edges.sh.shape[1])
    if p.norm is not None:
        features = norm(features, p.norm, sizes)
    irreps_in, hidden_irreps = irreps(channels, lmax_of(features.shape[1])), irreps(channels, lmax)
    senders = unpack(linear(pack(features), irreps_in, irreps_in, p.up), channels)
    gaussians = sizes.max_length, sizes.max_radius
    hidden = radial_mlp(edges.length, edges.radius, p.hidden_weights, p.hidden_biases, *gaussians)
    messages = p.radial, edges.index, p.linear_weight, p.linear_bias, sizes.agg_norm, edges.strut
    atomic = edge_conv(senders, edges.sh, hidden, *messages)
    released = cast(Sequence[torch.Tensor], p.contraction)  # e3nn has no folded weights
    product = symmetric_contraction(atomic, released, sizes.correlation, output_degrees)
    message = unpack(linear(pack(product), hidden_irreps, hidden_irreps, p.product), channels)
    if not residual:
        return message
    computed = torch.zeros(lmax + 1).index_fill(0, torch.tensor(list(output_degrees)), 1.0).to(features)
    return message + features * computed.repeat_interleave(torch.arange(1, 2 * lmax + 2, 2))[:, None]


def norm(features: torch.Tensor, scales: torch.Tensor, sizes: NetworkSizes) -> torch.Tensor:
    """Every degree of a node's features over its root mean square, nearly; times the scales of the channels."""
    out = torch.empty_like(features)
    for node, rows in enumerate(features):
        for degree, own in enumerate(scales):
            components = slice(degree**2, (degree + 1) ** 2)
            mean_square = rows[components].square().mean() + sizes.norm_share * rows.square().mean() + sizes.norm_floor
            out[node, components] = rows[components] / mean_square.sqrt() * own
    return out
