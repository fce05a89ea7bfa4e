"""One message-passing layer, from its pieces (equations 11 to 15)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from fastlattice.ops.edge_conv.reference import edge_conv
from fastlattice.ops.irreps import irreps, linear, lmax_of, pack, unpack
from fastlattice.ops.radial_mlp.reference import radial_mlp
from fastlattice.ops.symmetric_contraction.reference import symmetric_contraction


def layer(
    features: torch.Tensor,
    sh: torch.Tensor,
    length: torch.Tensor,
    radius: torch.Tensor,
    edge_index: torch.Tensor,
    parameters: Any,
    max_length: float,
    max_radius: float,
    agg_norm: float,
    correlation: int,
    outputs: Sequence[int],
    residual: bool,
) -> torch.Tensor:
    """Linear map of the senders, radial network, messages, symmetric contraction, linear map, residual.

    Args:
        features: [N, (l_in + 1)^2, C].
        sh: [E, (lmax + 1)^2] harmonics of the edges.
        length: [E].
        radius: [E].
        edge_index: [2, E] int64, senders and receivers.
        parameters: object with the attributes of `fastlattice.ops.LayerParameters`; the weights of the contraction as a
            list, as `symmetric_contraction` takes them.
        max_length: centre of the last Gaussian of the length.
        max_radius: centre of the last Gaussian of the radius.
        agg_norm: what the sum over edges is divided by.
        correlation: largest number of factors.
        outputs: degrees to compute; the others come out as zeros.
        residual: whether the features are added to the degrees that are computed.

    Returns:
        [N, (lmax + 1)^2, C].
    """
    p, channels, lmax = parameters, features.shape[2], lmax_of(sh.shape[1])
    irreps_in, hidden_irreps = irreps(channels, lmax_of(features.shape[1])), irreps(channels, lmax)
    senders = unpack(linear(pack(features), irreps_in, irreps_in, p.up), channels)
    hidden = radial_mlp(length, radius, p.hidden_weights, p.hidden_biases, max_length, max_radius)
    atomic = edge_conv(senders, sh, hidden, p.radial, edge_index, p.linear_weight, p.linear_bias, agg_norm)
    product = symmetric_contraction(atomic, p.contraction, correlation, outputs)
    message = unpack(linear(pack(product), hidden_irreps, hidden_irreps, p.product), channels)
    if not residual:
        return message
    computed = torch.zeros(lmax + 1).index_fill(0, torch.tensor(list(outputs)), 1.0).to(features)
    return message + features * computed.repeat_interleave(torch.arange(1, 2 * lmax + 2, 2))[:, None]
