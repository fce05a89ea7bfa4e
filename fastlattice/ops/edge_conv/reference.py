"""Messages along edges and their sum at the receivers (equations 12 and 13)."""

from __future__ import annotations

import torch
from e3nn import o3

from fastlattice.ops.check import lmax_of
from fastlattice.ops.irreps import built_once, irreps, linear, pack, unpack


@built_once
def _tensor_product(channels: int, l_in: int, lmax: int) -> o3.TensorProduct:
    """Channelwise product of features with harmonics: one path for each (l1, l2, l3 <= lmax), sorted by l3."""
    features, harmonics = irreps(channels, l_in), irreps(1, lmax)
    paths = [
        (i, j, (channels, ir))
        for i, (_, ir1) in enumerate(features)
        for j, (_, ir2) in enumerate(harmonics)
        for ir in ir1 * ir2
        if ir in irreps(1, lmax)
    ]
    paths.sort(key=lambda path: path[2][1])
    instructions = [(i, j, k, "uvu", True) for k, (i, j, _) in enumerate(paths)]
    out = o3.Irreps([path[2] for path in paths])
    return o3.TensorProduct(features, harmonics, out, instructions, shared_weights=False, internal_weights=False)


def edge_conv(
    features: torch.Tensor,
    sh: torch.Tensor,
    hidden: torch.Tensor,
    weight: torch.Tensor,
    edge_index: torch.Tensor,
    linear_weight: torch.Tensor,
    linear_bias: torch.Tensor,
    agg_norm: float,
    strut: torch.Tensor | None = None,
) -> torch.Tensor:
    """Channelwise tensor product, weighted per edge; sum over incoming edges; linear map.

    Args:
        features: [N, (l_in + 1)^2, C] of the senders.
        sh: [E, (lmax + 1)^2] harmonics.
        hidden: [M, H] hidden activations of the radial network.
        weight: [paths C, H] its last layer, path by path.
        edge_index: [2, E] int64, senders and receivers.
        linear_weight: [paths C C] flat weights of the linear map, path by path, [C in, C out] each.
        linear_bias: [C] of the scalars.
        agg_norm: what the sum over edges is divided by.
        strut: [E] int64 row of `hidden` of each edge; None where edge e has row e.

    Returns:
        [N, (lmax + 1)^2, C].
    """
    channels, lmax = features.shape[2], lmax_of(sh.shape[1])
    product = _tensor_product(channels, lmax_of(features.shape[1]), lmax, like=sh)
    sender, receiver = edge_index
    path_weights = (hidden if strut is None else hidden[strut]) @ weight.T
    messages = product(pack(features)[sender], sh, path_weights)
    received = messages.new_zeros(len(features), messages.shape[1]).index_add(0, receiver, messages) / agg_norm
    irreps_out = product.irreps_out.simplify()
    return unpack(linear(received, irreps_out, irreps(channels, lmax), linear_weight, linear_bias), channels)
