"""Blocks that the released network does not have: node inputs, a norm between layers, a gate of the pooled features.

Sums over inputs are `rowwise`, not a library's matrix products: its kernel depends on how many rows there are, and a
lattice's result must not.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import torch
from torch import nn

from fastlattice.models.mace.blocks import STIFFNESS, IrrepsLinear, Uncalled, first_degree, stiffness_up_to
from fastlattice.models.mace.config import MACEConfig
from fastlattice.models.mace.matrix_functions import of_symmetric, share
from fastlattice.models.mace.native_blocks import bounded_head, is_native, node_inputs, rowwise
from fastlattice.models.mace.surroundings import (
    FORMS,
    GEOMETRY_SCALARS,
    GUIDES,
    MECHANICS_SCALARS,
    Surroundings,
)
from fastlattice.ops import constants

_NODE_SCALARS = 3


def lattice_scalars(config: MACEConfig) -> int:
    """How many scalars of a lattice the network reads."""
    sets = (config.node_inputs == "mechanics") + (config.relaxation_steps > 0)
    return GEOMETRY_SCALARS + MECHANICS_SCALARS * sets


class NodeInputs(nn.Module):
    """Features before the first layer, from the scalars and the tensors of each node's surroundings."""

    def __init__(self, config: MACEConfig) -> None:
        super().__init__()
        channels, scalars = config.channels, _NODE_SCALARS + lattice_scalars(config)
        self.degrees = first_degree(config) + 1
        self.bias = nn.Parameter(torch.zeros(channels))
        self.scalars = nn.Parameter(torch.randn(scalars, channels) / scalars**0.5)
        self.mechanics = config.node_inputs == "mechanics"
        if self.mechanics:
            fan_in = {l: FORMS * STIFFNESS[l] if l in STIFFNESS else 2 for l in range(self.degrees)}
            self.tensors = nn.ParameterList(torch.randn(n, channels) * 0.5 / n**0.5 for n in fan_in.values())

    def forward(self, around: Surroundings, backend: str) -> torch.Tensor:
        """[N, 1, C], or [N, 25 or, below lmax 4, 9, C] with tensors."""
        scalars = torch.cat([around.node, around.lattice[around.owner]], 1)
        if not self.mechanics:
            return rowwise(scalars, self.scalars, backend)[:, None] + self.bias
        assert around.tensors is not None
        assert around.odd is not None
        arrays = scalars, around.tensors, around.odd
        if is_native(backend, *arrays):
            return cast(torch.Tensor, node_inputs(*arrays, self.bias, self.scalars, list(self.tensors)))
        features = rowwise(scalars, self.scalars, backend)[:, None] + self.bias
        parts, start = [], 0
        for degree, weight in enumerate(self.tensors):
            if degree in STIFFNESS:
                width = STIFFNESS[degree] * (2 * degree + 1)
                part = around.tensors[:, :, start : start + width].unflatten(2, (STIFFNESS[degree], -1))
                part, start = part.flatten(1, 2).mT, start + width
            else:
                part = around.odd[:, constants.components(degree)]
            parts.append(rowwise(part, weight, backend))
        return torch.cat([features + parts[0], *parts[1:]], 1)


class DegreeNorm(Uncalled):
    """Scales of a norm, which divides the features of each node and degree by their root mean square, nearly.

    A degree that a node's symmetry makes vanish holds rounding errors of the others, by orientation: what all degrees
    together add (`ops.NetworkSizes.norm_share`) keeps these from being made as large as the others.
    """

    def __init__(self, config: MACEConfig) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.ones(config.lmax + 1, config.channels))


class PooledGate(nn.Module):
    """Weighs the pooled channels of each degree by a network of the pooled scalars and the lattice's scalars.

    It adds to the two scalar coefficients of the stiffness as well, and weighs the guides of a bounded head.
    """

    HIDDEN = 64

    def __init__(self, config: MACEConfig) -> None:
        super().__init__()
        self.channels, self.degrees = config.readout_channels, len(stiffness_up_to(config.lmax))
        self.guides = GUIDES if config.positive_function == "bounded" else 0
        n, out = self.channels + lattice_scalars(config), self.degrees * self.channels + STIFFNESS[0] + self.guides
        self.hidden = nn.Parameter(torch.randn(n, self.HIDDEN) / n**0.5)
        self.hidden_bias = nn.Parameter(torch.zeros(self.HIDDEN))
        self.last = nn.Parameter(torch.randn(self.HIDDEN, out) * 0.1 / self.HIDDEN**0.5)
        self.last_bias = nn.Parameter(torch.zeros(out))

    def forward(
        self, parts: Mapping[int, torch.Tensor], scalars: torch.Tensor, backend: str
    ) -> tuple[dict[int, torch.Tensor], torch.Tensor, torch.Tensor]:
        """Gated parts [B, C, 2 l + 1], [B, 2] to add to the scalar coefficients, [B, guides] weights."""
        inner = rowwise(torch.cat([parts[0][:, :, 0], scalars], 1), self.hidden, backend) + self.hidden_bias
        out = rowwise(nn.functional.silu(inner), self.last, backend) + self.last_bias
        gates, extra, guides = out.split([self.degrees * self.channels, STIFFNESS[0], self.guides], 1)
        by_degree = (1 + gates).chunk(self.degrees, 1)
        gated = {l: part * gate[:, :, None] for (l, part), gate in zip(parts.items(), by_degree, strict=True)}
        return gated, extra, guides


class PairsOfTensors(nn.Module):
    """Below lmax 4: products of pooled channels of degree 2 are the network's own part of degree 4."""

    def __init__(self, config: MACEConfig) -> None:
        super().__init__()
        channels = config.readout_channels
        self.weight = nn.Parameter(torch.randn(channels, channels) / channels)

    def forward(self, part: torch.Tensor, backend: str) -> torch.Tensor:
        """[B, C, 5] of degree 2 to [B, 9] of degree 4."""
        rows = part.mT.contiguous()
        products = (rowwise(rows, self.weight, backend)[:, :, None] * rows[:, None]).sum(-1)
        return rowwise(products.flatten(1), constants.constant(_of_two_tensors, like=part), backend)


@constants.table
def _of_two_tensors() -> torch.Tensor:
    """[25, 9]: the part of degree 4 in the product of two tensors of degree 2."""
    two = constants.components(2)
    return constants.couplings()[two, two, constants.components(4)].reshape(25, 9)


class BoundedHead(nn.Module):
    """C = F (1 + e^M)^-1 F with F^2 the affine bound or a relaxed one: positive definite, and never above the bound.

    M is the network's matrix plus the guides, weighed. An eigenvalue of it counts as no larger than `largest`, so that
    a network that errs in a soft mode does not make it nothing; no mode of 20,000 samples is as soft behind the affine
    bound, C_4 or C_8 (`test_samples_are_within_the_exponent_of_a_bounded_head`).
    """

    def __init__(self, config: MACEConfig) -> None:
        super().__init__()
        self.largest = 15 / (1 + config.relaxation_steps) ** 0.5
        # After two steps or more: that each further one gains a certain part of what the one before did.
        self.weight = nn.Parameter(torch.tensor([2.0, -1.0] if config.relaxation_steps else [0.5, 0.0]))

    def forward(self, matrix: torch.Tensor, around: Surroundings, weights: torch.Tensor, backend: str) -> torch.Tensor:
        """[B, 6, 6] network's matrices and [B, guides] weights to [B, 6, 6] stiffness over E_s."""
        assert around.root is not None
        assert around.guides is not None
        arrays = matrix, self.weight + weights, around.root, around.guides
        if is_native(backend, *arrays):
            return cast(torch.Tensor, bounded_head(*arrays, self.largest))
        total = matrix.double() + ((self.weight + weights).double()[:, :, None, None] * around.guides).sum(1)
        stiffness = around.root @ of_symmetric(total, share(self.largest)) @ around.root
        return (0.5 * (stiffness + stiffness.mT)).to(matrix.dtype)


def last_linear(
    parts: Mapping[int, torch.Tensor], linear: IrrepsLinear, extra: torch.Tensor, backend: str
) -> torch.Tensor:
    """Coefficients of the stiffness, [B, 21], from parts [B, C, 2 l + 1] of degrees 0, 2 and 4; [B, 12] without 4."""
    out, start = [], 0
    for degree, part in parts.items():
        channels, multiplicity = part.shape[1], STIFFNESS[degree]
        weight = linear.weight[start : start + channels * multiplicity].view(channels, multiplicity)
        start += channels * multiplicity
        mapped = rowwise(part.mT, weight, backend).mT / channels**0.5
        if degree == 0:
            mapped = mapped + (linear.bias + extra)[:, :, None]
        out.append(mapped.flatten(1))
    return torch.cat(out, 1)
