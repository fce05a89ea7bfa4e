"""NNConv: edge-conditioned convolutions, one of the networks that Grega et al. (ICLR 2024, appendix A.12) compare with.

A network of a strut's vector, length and radius returns the matrix that its sender's features are multiplied by (Gilmer
et al. 2017). Nodes begin alike: the answer depends neither on the origin nor on the window of the cell. The network is
not equivariant.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from fastlattice.models.base import StiffnessModel, own_precision
from fastlattice.models.config import Configuration
from fastlattice.models.conventions import Conventions
from fastlattice.models.inputs import Inputs
from fastlattice.models.message_passing import POSITIVE, in_parts, readout, reduced, stiffness_of, strut_vectors


@dataclass(frozen=True)
class NNConvConfig(Configuration):
    """What a network of edge-conditioned convolutions is made of, under the released code's names.

    Attributes:
        hidden_irreps: width of the features: a number, since all are scalars.
        message_passes: number of layers.
        positive: "none" (a symmetric matrix), or "square" (the square of one: positive semi-definite).

    Raises:
        ConfigError: an entry is none of these; the message says why.
    """

    hidden_irreps: int
    message_passes: int = 3
    positive: str = "none"

    def __post_init__(self) -> None:
        for name in ("hidden_irreps", "message_passes"):
            self._check_integer(name, 1)
        self._check_choice("positive", POSITIVE)


class EdgeConditionedConvolution(nn.Module):
    """Sum of a node's messages, each the features of a sender times a matrix that its strut gives, and a bias."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.width = width
        self.bias = nn.Parameter(torch.zeros(width))
        layers = nn.Linear(5, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU(), nn.Linear(width, width**2)
        self.nn = nn.Sequential(*layers, nn.ReLU())

    def forward(self, features: torch.Tensor, edge_index: torch.Tensor, edges: torch.Tensor) -> torch.Tensor:
        """[N, d] from `features` [N, d] and `edges` [E, 5]."""
        sender, receiver = edge_index

        def messages(sender: torch.Tensor, edges: torch.Tensor) -> torch.Tensor:
            matrices = self.nn(edges).unflatten(1, (self.width, self.width))
            return torch.bmm(features.index_select(0, sender)[:, None], matrices)[:, 0]

        return reduced(in_parts(messages, sender, edges), receiver, len(features), "sum") + self.bias


class NNConv(StiffnessModel):
    """Edge-conditioned convolutions from a periodic strut lattice to its homogenised stiffness.

    Args:
        config: an NNConvConfig, or a mapping or namespace with the released network's names.
        conventions: what the output and the radii mean; `stiffness` and `predict` use it.
        backend: accepted as of any network; torch computes.

    Raises:
        ConfigError: the configuration is malformed.
    """

    Config = NNConvConfig
    original_prefix = "conv_list."
    config: NNConvConfig

    def __init__(self, config: Any, conventions: Conventions | None = None, backend: str = "auto") -> None:
        super().__init__(config, conventions, backend)
        width = self.config.hidden_irreps
        self.node_ft_embedding = nn.Linear(1, width)
        self.conv_list = nn.ModuleList(EdgeConditionedConvolution(width) for _ in range(self.config.message_passes))
        self.seq = readout(width, nn.SELU)

    def raw(self, graph: Inputs) -> torch.Tensor:
        """[B, 6, 6] raw output of the network."""
        with own_precision(graph.positions.device):
            vectors, length = strut_vectors(graph)
            edges = torch.cat([vectors, length, graph.radius[:, None]], dim=1)
            features = self.node_ft_embedding(graph.node_attrs)
            for layer in self.conv_list:
                features = features + torch.relu(layer(features, graph.edge_index, edges))
            pooled = reduced(features, graph.batch, graph.num_graphs, "mean")
            return stiffness_of(self.seq(pooled), self.config.positive)
