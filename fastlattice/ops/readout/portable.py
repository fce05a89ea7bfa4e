"""readout in plain torch, for every device and dtype, differentiable to any order."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch

from fastlattice.ops import constants
from fastlattice.ops.check import check_nodes
from fastlattice.ops.dispatch import implements


def _sum_by_lattice(rows: torch.Tensor, batch: torch.Tensor, num_graphs: int) -> torch.Tensor:
    check_nodes(batch, num_graphs)
    return rows.new_zeros(num_graphs, *rows.shape[1:]).index_add(0, batch, rows)


def composed(
    sum_by_lattice: Callable[[torch.Tensor, torch.Tensor, int], torch.Tensor],
    features: torch.Tensor,
    batch: torch.Tensor,
    num_graphs: int,
    gate: torch.Tensor,
    weight: torch.Tensor,
    bias: torch.Tensor,
    multiplicities: list[int],
) -> torch.Tensor:
    """The readout in torch, but for the sum of rows [N, S] over the nodes of each lattice."""
    channels, lmax = features.shape[2], len(multiplicities) - 1
    first, *parts = gate.split([(lmax + 1) * channels**2] + [channels**2] * lmax)
    scalars = features[:, 0] @ (first.view(channels, -1) / channels**0.5)
    gates = (torch.nn.functional.silu(scalars) * constants.silu_gain()).split(channels, dim=1)
    rows = [features.new_ones(len(batch), 1)]  # all that is summed; these count the nodes
    for degree, count in enumerate(multiplicities):
        if count:
            gated = gates[degree][:, None]
            if degree:
                linear = parts[degree - 1].view(channels, channels) / channels**0.5
                gated = gated * (features[:, constants.components(degree)] @ linear)
            rows.append(gated.flatten(1))
    total = sum_by_lattice(torch.cat(rows, dim=1), batch, num_graphs)
    population, *sums = total.split([row.shape[1] for row in rows], dim=1)
    linears = (weight / channels**0.5).split([channels * count for count in multiplicities if count])
    out: list[torch.Tensor] = []
    for degree_sum, linear in zip(sums, linears, strict=True):
        mean = (degree_sum / population).unflatten(1, (-1, channels))
        part = mean @ linear.view(channels, -1)
        out.append((part if out else part + bias).transpose(1, 2).flatten(1))
    return torch.cat(out, dim=1)


implements("readout", "torch")(partial(composed, _sum_by_lattice))
