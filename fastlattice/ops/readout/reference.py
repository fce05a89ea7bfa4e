"""The nonlinear readout and the mean over each lattice (equations 16 and 17)."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from e3nn import nn, o3

from fastlattice.ops.check import lmax_of
from fastlattice.ops.irreps import built_once, irreps, linear, pack


@built_once
def _gate(channels: int, lmax: int) -> nn.Gate:
    """SiLU of the scalars; each other irrep times SiLU of a scalar of its own."""
    hidden, silu = irreps(channels, lmax), torch.nn.functional.silu
    gates = o3.Irreps([(channels, "0e")] * lmax)
    return nn.Gate(hidden[:1], [silu], gates, [silu] * lmax, hidden[1:])


def readout(
    features: torch.Tensor,
    batch: torch.Tensor,
    num_graphs: int,
    gate: torch.Tensor,
    weight: torch.Tensor,
    bias: torch.Tensor,
    multiplicities: Mapping[int, int],
) -> torch.Tensor:
    """Per node a linear map, Gate and a second linear map, then the mean over the nodes of each lattice.

    Args:
        features: [N, (lmax + 1)^2, C].
        batch: [N] int64, the lattice of each node.
        num_graphs: B.
        gate: weights of the first map, to scalars, gates and gated channels, in e3nn's order.
        weight: weights of the second map.
        bias: [multiplicities[0]] of the second map.
        multiplicities: how often each degree comes out.

    Returns:
        [B, sum of multiplicities * (2 l + 1)] in e3nn's order.
    """
    channels, lmax = features.shape[2], lmax_of(features.shape[1])
    nonlinearity = _gate(channels, lmax, like=features)
    gate_in, gate_out = nonlinearity.irreps_in.simplify(), nonlinearity.irreps_out.simplify()
    out = o3.Irreps([(count, (degree, (-1) ** degree)) for degree, count in multiplicities.items()])
    gated = nonlinearity(linear(pack(features), irreps(channels, lmax), gate_in, gate))
    nodes = linear(gated, gate_out, out, weight, bias)
    sums = nodes.new_zeros(num_graphs, nodes.shape[1]).index_add(0, batch, nodes)
    return sums / torch.bincount(batch, minlength=num_graphs)[:, None]
