"""What the larger ops take, by meaning: edges, parameters and sizes of a network, each with its checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch

from fastlattice.errors import ArgumentError
from fastlattice.ops import constants
from fastlattice.ops.check import check, check_contraction, check_hidden_layers, check_index, lmax_of


@dataclass(frozen=True)
class Edges:
    """E directed edges of one or more periodic graphs.

    Attributes:
        sh: [E, (lmax + 1)^2] spherical harmonics of their directions, from `edge_sh`.
        length: [M] of the struts, or of the edges where `strut` is None.
        radius: [M].
        index: [2, E] int64, senders and receivers.
        strut: [E] int64, the row of `length` and `radius` of each edge: both directions of a strut may share one. None:
            row e.
    """

    sh: torch.Tensor
    length: torch.Tensor
    radius: torch.Tensor
    index: torch.Tensor
    strut: torch.Tensor | None = None

    def check(self, features: torch.Tensor) -> tuple[int, int]:
        """Largest degree of the features and of the harmonics.

        Raises:
            ArgumentError: these are not edges between nodes with such features.
        """
        check(features, "features", (None, None, None))
        check(self.sh, "sh", (None, None), features)
        edges, lmax = self.sh.shape[0], lmax_of(self.sh.shape[1], "sh")
        check(self.length, "length", (edges if self.strut is None else None,), features)
        check(self.radius, "radius", self.length.shape, features)
        check_index(self.index, "edge_index", (2, edges), features)
        if self.strut is not None:
            check_index(self.strut, "strut", (edges,), features)
        return lmax_of(features.shape[1], "features", lmax), lmax


@dataclass(frozen=True)
class LayerParameters:
    """The parameters of a layer with C channels, P paths and H hidden units.

    Attributes:
        up: [(l_in + 1) * C * C], the linear map of the senders, [C in, C out] for each degree.
        radial: [P * C, H], the last layer of the radial network.
        linear_weight: [P * C * C], the linear map of the messages, as for `edge_conv`.
        linear_bias: [C].
        contraction: what `fold_weights` takes, or [folded, C] from it.
        product: [(lmax + 1) * C * C], the linear map of the contraction's result.
        hidden_weights: of each hidden layer of the radial network, as for `radial_mlp`.
        hidden_biases: of each hidden layer.
        norm: [l_in + 1, C], the scales of a norm of the features that the layer reads: h_l norm_l / sqrt(mean h_l^2 +
            share * mean h^2 + floor), by node and degree l, with the numbers of `NetworkSizes`. None: there is none.
    """

    up: torch.Tensor
    radial: torch.Tensor
    linear_weight: torch.Tensor
    linear_bias: torch.Tensor
    contraction: torch.Tensor | Sequence[torch.Tensor]
    product: torch.Tensor
    hidden_weights: Sequence[torch.Tensor]
    hidden_biases: Sequence[torch.Tensor]
    norm: torch.Tensor | None = None

    def check(self, features: torch.Tensor, l_in: int, lmax: int, correlation: int) -> None:
        """Raises ArgumentError unless these are the parameters of a layer from degree l_in to lmax."""
        channels = features.shape[2]
        paths, block = len(constants.edge_paths(l_in, lmax)), channels * channels
        width = check_hidden_layers(self.hidden_weights, self.hidden_biases, features, "hidden_")
        check(self.up, "up", ((l_in + 1) * block,), features)
        check(self.radial, "radial", (paths * channels, width), features)
        check(self.linear_weight, "linear_weight", (paths * block,), features)
        check(self.linear_bias, "linear_bias", (channels,), features)
        check_contraction(self.contraction, "contraction", lmax, correlation, features)
        check(self.product, "product", ((lmax + 1) * block,), features)
        if self.norm is not None:
            check(self.norm, "norm", (l_in + 1, channels), features)


@dataclass(frozen=True)
class ReadoutParameters:
    """The parameters of a readout of C channels to degree lmax.

    Attributes:
        gate: [(2 lmax + 1) * C * C], as for `readout`.
        weight: [sum of C * multiplicities], as for `readout`.
        bias: [multiplicities[0]].
        multiplicities: how often each degree comes out, degrees ascending, 0 among them; others are not read.
    """

    gate: torch.Tensor
    weight: torch.Tensor
    bias: torch.Tensor
    multiplicities: Mapping[int, int]

    def check(self, features: torch.Tensor, lmax: int) -> None:
        """Raises ArgumentError unless these are the parameters of a readout from degree lmax."""
        channels, degrees = features.shape[2], list(self.multiplicities)
        ascending = degrees == sorted(set(degrees)) and degrees[:1] == [0] and degrees[-1] <= lmax
        if not ascending or min(self.multiplicities.values()) < 1:
            raise ArgumentError(
                f"multiplicities are {dict(self.multiplicities)}; expected ascending degrees from 0 to at most {lmax}"
            )
        check(self.gate, "gate", ((2 * lmax + 1) * channels**2,), features)
        check(self.weight, "weight", (channels * sum(self.multiplicities.values()),), features)
        check(self.bias, "bias", (self.multiplicities[0],), features)

    def of_every_degree(self, lmax: int) -> list[int]:
        """Multiplicities of the degrees 0 to lmax, zero where one is not read."""
        return [self.multiplicities.get(degree, 0) for degree in range(lmax + 1)]


@dataclass(frozen=True)
class NetworkSizes:
    """The numbers of a network that its layers share.

    Attributes:
        max_length: centre of the last Gaussian of the length.
        max_radius: centre of the last Gaussian of the radius.
        agg_norm: what the sum over edges is divided by.
        correlation: largest number of factors of the symmetric contraction, 1 to 3.
        norm_share, norm_floor: what the norms of layers add to the mean square of a degree: so much of the mean square
            of all, and a number.
    """

    max_length: float
    max_radius: float
    agg_norm: float
    correlation: int
    norm_share: float = 0.01
    norm_floor: float = 0.1
