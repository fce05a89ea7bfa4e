"""edge_conv in plain torch, for every device and dtype, differentiable to any order."""

from __future__ import annotations

import torch

from fastlattice.ops import constants
from fastlattice.ops.check import lmax_of
from fastlattice.ops.dispatch import implements


def _sender_coefficients(l1: int, l_in: int, lmax: int) -> torch.Tensor:
    """[(lmax + 1)^2, K, 2 l1 + 1]: the K message components that the senders' degree l1 reaches, path after path."""
    blocks = []
    for a, l2, l3 in constants.edge_paths(l_in, lmax):
        if a == l1:
            block = torch.zeros((lmax + 1) ** 2, 2 * l3 + 1, 2 * l1 + 1, dtype=torch.float64)
            block[constants.components(l2)] = constants.clebsch_gordan(l1, l2, l3).permute(1, 2, 0)
            blocks.append(block)
    return torch.cat(blocks, dim=1)


@implements("edge_conv", "torch")
def edge_conv(
    features: torch.Tensor,
    sh: torch.Tensor,
    hidden: torch.Tensor,
    weight: torch.Tensor,
    edge_index: torch.Tensor,
    linear_weight: torch.Tensor,
    linear_bias: torch.Tensor,
    agg_norm: float,
    strut: torch.Tensor | None,
) -> torch.Tensor:
    """As `ops.edge_conv`."""
    nodes, channels = len(features), features.shape[2]
    l_in, lmax = lmax_of(features.shape[1]), lmax_of(sh.shape[1])
    paths = constants.edge_paths(l_in, lmax)
    sender, receiver = edge_index
    radial = (hidden @ weight.T).unflatten(1, (len(paths), channels))
    received: dict[tuple[int, int, int], torch.Tensor] = {}
    for l1 in range(l_in + 1):
        mine = [n for n, path in enumerate(paths) if path[0] == l1]
        widths = [2 * paths[n][2] + 1 for n in mine]
        coefficients = constants.constant(_sender_coefficients, l1, l_in, lmax, like=sh)
        products = torch.einsum("es,ski->eki", sh, coefficients) @ features[:, constants.components(l1)][sender]
        edge_weights = radial[:, mine] if strut is None else radial[:, mine][strut]
        messages = torch.cat(
            [part * edge_weights[:, n, None] for n, part in enumerate(products.split(widths, dim=1))], dim=1
        )
        sums = features.new_zeros(nodes, sum(widths), channels).index_add(0, receiver, messages) / agg_norm
        received.update(zip([paths[n] for n in mine], sums.split(widths, dim=1), strict=True))

    out, start = [], 0
    for l3 in range(lmax + 1):
        incoming = torch.cat([received[path] for path in paths if path[2] == l3], dim=2)
        fan_in = incoming.shape[2]
        block = linear_weight[start : start + fan_in * channels].view(fan_in, channels)
        out.append(incoming @ (block / fan_in**0.5))
        start += block.numel()
    out[0] = out[0] + linear_bias
    return torch.cat(out, dim=1)
