"""MCGC: crystal graph convolutions over a lattice's graph and its line graph (Grega et al. 2024, appendix A.13).

The line graph has a node for each strut, and joins two that meet in a node of the lattice. Here, as in the lattice's
graph, a strut stands in both directions: the edge b is joined to the edge a where it ends at the node that a leaves,
unless it is the same strut the other way. In the infinite lattice that holds for any choice of the cell: a strut from
a node to its own image meets its own images there. So the answer depends neither on the window nor, with a mean, on
how often the cell is repeated.

The combined network, after Meyer et al. (2022), updates in each layer the features of the edges along the line graph,
and then those of the nodes along the graph; without a line graph it is CGC.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from fastlattice.models.base import StiffnessModel, own_precision
from fastlattice.models.cgc import CGCConfig, Convolution, edge_features, node_features, quantity_of
from fastlattice.models.conventions import Conventions
from fastlattice.models.inputs import Inputs
from fastlattice.models.message_passing import readout, reduced, strut_vectors

GRAPHS = ("primal", "dual", "combined")
_SAME_STRUT = 1e-3
"""Two edges are one strut in both directions where their vectors add up to less than this, in units of the length."""


@dataclass(frozen=True)
class MCGCConfig(CGCConfig):
    """What the network is made of: entries of CGCConfig, and the graph.

    Attributes:
        graph: over which messages pass: "primal" (the lattice's: CGC), "dual" (the line graph alone; the features of a
            lattice's edges are pooled, and nodes have none), or "combined".
    """

    graph: str = "combined"

    def __post_init__(self) -> None:
        super().__post_init__()
        self._check_choice("graph", GRAPHS)


def line_graph(edge_index: torch.Tensor, vectors: torch.Tensor) -> torch.Tensor:
    """[2, A] int64: pairs of edges (b, a) of which b ends where a begins, sorted by a, then by b.

    Args:
        edge_index: [2, E] int64, senders and receivers.
        vectors: [E, 3] from sender to receiver: an edge that comes back along another is not joined to it.
    """
    sender, receiver = edge_index
    order = receiver.argsort(stable=True)
    ends = receiver[order].contiguous()
    first = torch.searchsorted(ends, sender.contiguous())
    count = torch.searchsorted(ends, sender.contiguous(), right=True) - first
    after = torch.arange(len(sender), device=sender.device).repeat_interleave(count)
    place = torch.arange(len(after), device=sender.device) - (count.cumsum(0) - count)[after]
    before = order[first[after] + place]
    vectors = vectors.detach()
    apart = (vectors[before] + vectors[after]).norm(dim=1) > _SAME_STRUT * vectors[after].norm(dim=1)
    kept = apart | (sender[before] != receiver[after])
    return torch.stack([before[kept], after[kept]])


class MCGC(StiffnessModel):
    """Crystal graph convolutions over graph and line graph, from a periodic strut lattice to its stiffness.

    Args:
        config: an MCGCConfig, or a mapping or namespace with its entries.
        conventions: what the output and the radii mean; `stiffness` and `predict` use it.
        backend: accepted as of any network; torch computes.

    Raises:
        ConfigError: the configuration is malformed.
    """

    Config = MCGCConfig
    config: MCGCConfig

    def __init__(self, config: Any, conventions: Conventions | None = None, backend: str = "auto") -> None:
        super().__init__(config, conventions, backend)
        width = self.config.hidden_irreps
        self.edge_ft_embedding = nn.Linear(5, width)
        if self.config.graph != "dual":
            self.node_ft_embedding = nn.Linear(3 if self.config.form == "vanilla" else 1, width)
            self.cgc_layers = self._convolutions()
        if self.config.graph != "primal":
            self.line_ft_embedding = nn.Linear(1, width)
            self.line_layers = self._convolutions()
        self.mlp = readout(width, nn.Softplus)

    def _convolutions(self) -> nn.ModuleList:
        config = self.config
        layers = [Convolution(config.hidden_irreps, config.interaction_reduction) for _ in range(config.message_passes)]
        return nn.ModuleList(layers)

    def raw(self, graph: Inputs) -> torch.Tensor:
        """[B, 6, 6] raw output of the network."""
        config = self.config
        with own_precision(graph.positions.device):
            edges = self.edge_ft_embedding(edge_features(graph))
            if config.graph != "primal":
                pairs, angles = self._angles(graph)
            if config.graph != "dual":
                features = self.node_ft_embedding(node_features(graph, config.form))
            for t in range(config.message_passes):
                if config.graph != "primal":
                    edges = edges + self.line_layers[t](edges, pairs, angles)
                if config.graph != "dual":
                    messages = self.cgc_layers[t](features, graph.edge_index, edges)
                    features = features + messages if t or config.form == "vanilla" else messages
            owner = graph.batch
            if config.graph == "dual":
                features, owner = edges, owner.index_select(0, graph.edge_index[1])
            pooled = reduced(features, owner, graph.num_graphs, config.global_reduction)
            return quantity_of(self.mlp(pooled), config)

    def _angles(self, graph: Inputs) -> tuple[torch.Tensor, torch.Tensor]:
        """The line graph [2, A], and [A, d] features of the angle between the two struts of each pair."""
        vectors, length = strut_vectors(graph)
        pairs = line_graph(graph.edge_index, vectors)
        before, after = (vectors / length).index_select(0, pairs.flatten()).unflatten(0, (2, -1))
        cosine = -(before * after).sum(1, keepdim=True)
        return pairs, self.line_ft_embedding(cosine)
