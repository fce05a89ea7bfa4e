"""CGC: crystal graph convolutions, the networks that Grega et al. (ICLR 2024) compare theirs with.

Two forms. "modified" is the paper's own (CGC+tr, CGC+ve; appendices A.9 and A.11.1): nodes begin alike, so that the
answer depends neither on the origin nor on the window of the cell. "vanilla" is that of Meyer et al. (2022) with the
radius added: nodes begin with their positions, so that translating a lattice, choosing other images of its nodes or
repeating its cell changes the answer; lattices must be given as in training. Neither form is equivariant.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import inf
from typing import Any, TypeVar

import torch
from torch import nn
from torch.nn.functional import softplus

from fastlattice.elasticity import pack21
from fastlattice.errors import ConfigError
from fastlattice.models.base import StiffnessModel, own_precision
from fastlattice.models.config import Configuration
from fastlattice.models.conventions import Conventions
from fastlattice.models.inputs import Inputs
from fastlattice.models.message_passing import (
    POSITIVE,
    REDUCTIONS,
    in_parts,
    readout,
    reduced,
    stiffness_of,
    strut_vectors,
)

FORMS = ("modified", "vanilla")
Config = TypeVar("Config", bound="CGCConfig")


@dataclass(frozen=True)
class CGCConfig(Configuration):
    """What a network of crystal graph convolutions is made of, under the released code's names.

    Attributes:
        hidden_irreps: width of the features: a number, since all are scalars.
        message_passes: number of layers.
        interaction_reduction: how messages become one at their receiver: sum, mean, min or max.
        global_reduction: how the features of a lattice's nodes become one. With "sum" the answer grows with the number
            of cells in a supercell.
        positive: "none" (a symmetric matrix), or "square" (the square of one: positive semi-definite).
        form: "modified" or "vanilla".
        minima, maxima: 21 numbers each, the upper triangle of the Mandel matrix row by row: the range in the training
            set of what the network predicts, which a "vanilla" network learnt scaled to [0, 1]. Empty: nothing is
            scaled; training then begins with those of its samples.

    Raises:
        ConfigError: an entry is none of these; the message says why.
    """

    hidden_irreps: int
    message_passes: int = 3
    interaction_reduction: str = "mean"
    global_reduction: str = "mean"
    positive: str = "none"
    form: str = "modified"
    minima: tuple[float, ...] = ()
    maxima: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        for name in ("hidden_irreps", "message_passes"):
            self._check_integer(name, 1)
        for name, known in (
            ("interaction_reduction", REDUCTIONS),
            ("global_reduction", REDUCTIONS),
            ("positive", POSITIVE),
            ("form", FORMS),
        ):
            self._check_choice(name, known)
        for name in ("minima", "maxima"):
            object.__setattr__(self, name, tuple(float(value) for value in getattr(self, name)))
        self._check_range()

    def _check_range(self) -> None:
        if self.form == "vanilla" and self.positive != "none":
            raise ConfigError("positive 'square' needs form 'modified': a vanilla network predicts scaled components")
        if not (self.minima or self.maxima):
            return
        if self.form != "vanilla":
            raise ConfigError("minima and maxima belong to form 'vanilla'")
        if (len(self.minima), len(self.maxima)) != (21, 21):
            raise ConfigError(f"there are {len(self.minima)} minima and {len(self.maxima)} maxima, not 21 of each")
        if not all(-inf < low <= high < inf for low, high in zip(self.minima, self.maxima, strict=True)):
            raise ConfigError("minima and maxima must be finite, and no minimum above its maximum")

    def fitted(self: Config, raw_outputs: Callable[[], torch.Tensor]) -> Config:
        """The configuration for a training set: a vanilla network without minima and maxima takes those of the set.

        Args:
            raw_outputs: returns [B, 6, 6] symmetric Mandel matrices, what the network is to return.

        Raises:
            ConfigError: there is no matrix.
            ElasticityError: a matrix is not symmetric or not finite.
        """
        if self.form != "vanilla" or self.minima:
            return self
        numbers = pack21(raw_outputs()).detach().double()
        if not len(numbers):
            raise ConfigError("minima and maxima need at least one stiffness")
        return replace(self, minima=tuple(numbers.amin(0).tolist()), maxima=tuple(numbers.amax(0).tolist()))


class Convolution(nn.Module):
    """Messages of a crystal graph convolution, reduced at their receivers."""

    def __init__(self, width: int, reduction: str) -> None:
        super().__init__()
        self.fc_values = nn.Linear(3 * width, width)
        self.fc_multip = nn.Linear(3 * width, width)
        self.reduction = reduction

    def forward(self, features: torch.Tensor, edge_index: torch.Tensor, edges: torch.Tensor) -> torch.Tensor:
        """[N, d] from `features` [N, d] and `edges` [E, d]."""
        sender, receiver = edge_index

        def messages(sender: torch.Tensor, receiver: torch.Tensor, edges: torch.Tensor) -> torch.Tensor:
            ends = features.index_select(0, sender), features.index_select(0, receiver)
            z = torch.cat([*ends, edges], dim=1)
            return softplus(self.fc_values(z)) * torch.sigmoid(self.fc_multip(z))

        return reduced(in_parts(messages, sender, receiver, edges), receiver, len(features), self.reduction)


def edge_features(graph: Inputs) -> torch.Tensor:
    """[E, 5]: unit vector from sender to receiver, length, radius."""
    vectors, length = strut_vectors(graph)
    return torch.cat([vectors / (length + 1e-9), length, graph.radius[:, None]], dim=1)


def node_features(graph: Inputs, form: str) -> torch.Tensor:
    """[N, 1] attributes, or [N, 3] positions in the vanilla form."""
    return graph.positions if form == "vanilla" else graph.node_attrs


def quantity_of(numbers: torch.Tensor, config: CGCConfig) -> torch.Tensor:
    """[B, 6, 6] of the 21 numbers [B, 21] that the last layer returns."""
    if config.minima:
        low, high = numbers.new_tensor(config.minima), numbers.new_tensor(config.maxima)
        numbers = low + (high - low) * numbers
    return stiffness_of(numbers, config.positive)


class CGC(StiffnessModel):
    """Crystal graph convolutions from a periodic strut lattice to its homogenised stiffness.

    Args:
        config: a CGCConfig, or a mapping or namespace with the released network's names.
        conventions: what the output and the radii mean; `stiffness` and `predict` use it.
        backend: accepted as of any network; torch computes.

    Raises:
        ConfigError: the configuration is malformed.
    """

    Config = CGCConfig
    original_prefix = "cgc_layers."
    config: CGCConfig

    def __init__(self, config: Any, conventions: Conventions | None = None, backend: str = "auto") -> None:
        super().__init__(config, conventions, backend)
        width, vanilla = self.config.hidden_irreps, self.config.form == "vanilla"
        self.node_ft_embedding = nn.Linear(3 if vanilla else 1, width)
        self.edge_ft_embedding = nn.Linear(5, width)
        self.cgc_layers = nn.ModuleList(
            Convolution(width, self.config.interaction_reduction) for _ in range(self.config.message_passes)
        )
        self.mlp = readout(width, nn.Softplus)

    @classmethod
    def _original_config(cls, config: Any, parameters: Mapping[str, torch.Tensor]) -> CGCConfig:
        """The released code has a class for each form and no entry for it; the first layer's shape tells them apart."""
        found = cls.Config.from_original(config)
        first = parameters.get("node_ft_embedding.weight")
        vanilla = first is not None and first.ndim == 2 and first.shape[1] == 3
        return replace(found, form="vanilla") if vanilla else found

    def raw(self, graph: Inputs) -> torch.Tensor:
        """[B, 6, 6] raw output of the network."""
        config = self.config
        with own_precision(graph.positions.device):
            edges = self.edge_ft_embedding(edge_features(graph))
            features = self.node_ft_embedding(node_features(graph, config.form))
            for t, layer in enumerate(self.cgc_layers):
                messages = layer(features, graph.edge_index, edges)
                features = features + messages if t or config.form == "vanilla" else messages
            pooled = reduced(features, graph.batch, graph.num_graphs, config.global_reduction)
            return quantity_of(self.mlp(pooled), config)
