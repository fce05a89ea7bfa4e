"""LatticeMACE: the network of Grega et al. (ICLR 2024), built from `fastlattice.ops` only.

Parameters have the names, shapes and order of the released network, so that its checkpoints load as they are and ours
load there. Features are [nodes, (lmax + 1)^2, channels].
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any, cast

import torch
from torch import nn

from fastlattice import ops
from fastlattice._observers import autocasting
from fastlattice.lattice import LatticeBatch
from fastlattice.models.base import StiffnessModel, own_precision
from fastlattice.models.conventions import Conventions
from fastlattice.models.frozen import Fast, are_few
from fastlattice.models.inputs import Inputs
from fastlattice.models.mace.blocks import (
    STIFFNESS,
    Expansion,
    IrrepsLinear,
    Layer,
    Readout,
    first_degree,
    hooked,
    matrix_function,
    parameter,
    stiffness_up_to,
    submodule,
)
from fastlattice.models.mace.config import MACEConfig
from fastlattice.models.mace.extensions import (
    BoundedHead,
    DegreeNorm,
    NodeInputs,
    PairsOfTensors,
    PooledGate,
    last_linear,
)
from fastlattice.models.mace.packed import PackedLatticeMACE, parameters_of
from fastlattice.models.mace.surroundings import Surroundings, surroundings
from fastlattice.ops.dispatch import choose


class StiffnessHead(nn.Module):
    """Message passing, readout, mean over the nodes, coefficients of the stiffness, 6x6 matrix."""

    def __init__(self, config: MACEConfig) -> None:
        super().__init__()
        self.config = config
        longest, thickest = float(config.max_edge_length), float(config.max_edge_radius)
        self.sizes = ops.NetworkSizes(longest, thickest, float(config.agg_norm_const), config.correlation)
        first = first_degree(config)
        self.layers = nn.ModuleList(Layer(config, config.lmax if t else first) for t in range(config.message_passes))
        self.nonlin_readout = Readout(config)
        if config.pooled_gate or config.lmax == 4:
            degrees = stiffness_up_to(config.lmax)
            self.linear = IrrepsLinear({l: (config.readout_channels, n) for l, n in degrees.items()}, bias=True)
        else:
            self.expansion = Expansion(config)

    def forward(self, features: torch.Tensor, graph: Inputs, backend: str) -> torch.Tensor:
        """[N, 1, C] initial features to [B, 6, 6]."""
        out = self.pooled(features, self.edges(graph, backend), graph, self._readout(), backend)
        coefficients = out if self.config.lmax == 4 else self._expanded(out)
        return ops.mandel(coefficients, self.config.positive_function, backend=backend)

    def pooled(
        self, features: torch.Tensor, edges: ops.Edges, graph: Inputs, parameters: ops.ReadoutParameters, backend: str
    ) -> torch.Tensor:
        """The layers and a readout, module by module where a hook waits for one."""
        owners, layers = (graph.batch, graph.num_graphs), submodule(self, "layers")._modules.values()
        if hooked(submodule(self, "nonlin_readout")) or any([hooked(cast(Layer, layer)) for layer in layers]):
            *_, features = self.features(features, edges, backend)
            return self.nonlin_readout(features, *owners, parameters, backend)
        given = [cast(Layer, layer).op_parameters(self.norm(t)) for t, layer in enumerate(layers)]
        return ops.network(features, edges, *owners, given, parameters, self.sizes, backend=backend)

    def norm(self, t: int) -> torch.Tensor | None:
        """The scales of the norm of what layer t reads; None: there is none."""
        return None

    def edges(self, graph: Inputs, backend: str) -> ops.Edges:
        """The edges of a graph as the layers read them."""
        sh, length = ops.edge_sh(
            graph.positions, graph.edge_index, graph.shifts, self.config.lmax, graph.reverse, backend=backend
        )
        radius = graph.radius / length if self.config.slenderness else graph.radius
        if graph.first_edge is not None:
            length, radius = (each.index_select(0, graph.first_edge) for each in (length, radius))
        return ops.Edges(sh, length, radius, graph.edge_index, graph.strut)

    def features(self, features: torch.Tensor, edges: ops.Edges, backend: str) -> Iterator[torch.Tensor]:
        """[N, (lmax + 1)^2, C] features after each layer: of all degrees, also those that nothing reads. A norm comes
        when the next layer reads them."""
        for t, layer in enumerate(self.layers):
            features = layer(features, edges, self.sizes, range(self.config.lmax + 1), t > 0, backend, self.norm(t))
            yield features

    def _readout(self) -> ops.ReadoutParameters:
        """The parameters of the readout.

        At lmax 4 the mean over the nodes and the last two maps are linear: one map of the mean, which reads the degrees
        of a stiffness only.
        """
        blocks = submodule(self, "nonlin_readout")
        gate, second = (parameter(submodule(blocks, name), "weight") for name in ("linear_1", "linear_2"))
        channels = self.config.readout_channels
        if self.config.lmax < 4:
            multiplicities = dict.fromkeys(range(self.config.lmax + 1), channels)
            return ops.ReadoutParameters(gate, second, second.new_zeros(channels), multiplicities)
        last = submodule(self, "linear")
        outer, inner = parameter(last, "weight"), second.view(5, -1, channels)
        pairs = inner[0:4:2] @ outer[: 4 * channels].view(2, channels, 2)  # degrees 0 and 2, twice each
        weight = torch.cat([pairs.flatten(), inner[4] @ outer[4 * channels :]]) / channels**0.5
        return ops.ReadoutParameters(gate, weight, parameter(last, "bias"), STIFFNESS)

    def _expanded(self, mean: torch.Tensor) -> torch.Tensor:
        """[B, 21] coefficients of the mean of each degree's readout channels, below lmax 4."""
        channels = self.config.readout_channels
        parts = mean.split([channels * (2 * degree + 1) for degree in range(self.config.lmax + 1)], dim=1)
        return self.expansion({l: part.unflatten(1, (channels, -1)).transpose(1, 2) for l, part in enumerate(parts)})


class ExtendedHead(StiffnessHead):
    """The same with what the released network does not have: `MACEConfig.extended`."""

    def __init__(self, config: MACEConfig) -> None:
        super().__init__(config)
        if config.layer_norm:
            self.norms = nn.ModuleList(DegreeNorm(config) for _ in range(config.message_passes - 1))
        if config.pooled_gate:
            self.gate = PooledGate(config)
            if config.lmax < 4:
                self.pairs = PairsOfTensors(config)
        if config.positive_function == "bounded":
            self.bounded = BoundedHead(config)

    def run(
        self, features: torch.Tensor, edges: ops.Edges, around: Surroundings, graph: Inputs, backend: str
    ) -> torch.Tensor:
        """[N, (first_degree + 1)^2, C] initial features to [B, 6, 6]."""
        parameters = self._readout() if not self.config.pooled_gate else self._pooling()
        pooled = self.pooled(features, edges, graph, parameters, backend)
        weights = pooled.new_zeros(1)
        if self.config.pooled_gate:
            degrees = stiffness_up_to(self.config.lmax)
            sizes = [self.config.readout_channels * (2 * l + 1) for l in degrees]
            parts = {
                l: part.unflatten(1, (-1, 2 * l + 1)) for l, part in zip(degrees, pooled.split(sizes, 1), strict=True)
            }
            gated, extra, weights = self.gate(parts, around.lattice, backend)
            pooled = last_linear(gated, self.linear, extra, backend)
            if self.config.lmax < 4:
                pooled = torch.cat([pooled, self.pairs(gated[2], backend)], 1)
        elif self.config.lmax < 4:
            pooled = self._expanded(pooled)
        matrix = ops.mandel(pooled, matrix_function(self.config), backend=backend)
        bounded = self.config.positive_function == "bounded"
        return self.bounded(matrix, around, weights, backend) if bounded else matrix

    def norm(self, t: int) -> torch.Tensor | None:
        """The scales of the norm of what layer t reads; None: there is none."""
        return parameter(self.norms[t - 1], "scale") if self.config.layer_norm and t else None

    def _pooling(self) -> ops.ReadoutParameters:
        """The parameters of the readout up to the mean of each degree's channels."""
        blocks, channels = submodule(self, "nonlin_readout"), self.config.readout_channels
        gate, second = (parameter(submodule(blocks, name), "weight") for name in ("linear_1", "linear_2"))
        degrees = list(stiffness_up_to(self.config.lmax))
        weight = second.view(self.config.lmax + 1, -1)[degrees].flatten()
        return ops.ReadoutParameters(gate, weight, second.new_zeros(channels), dict.fromkeys(degrees, channels))


class LatticeMACE(StiffnessModel):
    """E(3)-equivariant network from a periodic strut lattice to its homogenised stiffness.

    Args:
        config: a MACEConfig, or a mapping or namespace with the released network's names.
        conventions: what the raw output and the radii mean; `stiffness` and `predict` use it.
        backend: "auto" or the name of a backend of `fastlattice.ops`.

    Raises:
        ConfigError: the configuration is malformed, or asks for what the engine cannot run.
    """

    Config = MACEConfig
    original_prefix = "stiffness_head."
    config: MACEConfig
    _kept: PackedLatticeMACE | None = None

    def __init__(self, config: Any, conventions: Conventions | None = None, backend: str = "auto") -> None:
        super().__init__(config, conventions, backend)
        released = self.config.node_inputs == "ones"
        self.node_ft_embedding: nn.Module = nn.Linear(1, self.config.channels) if released else NodeInputs(self.config)
        self.stiffness_head = (ExtendedHead if self.config.extended else StiffnessHead)(self.config)

    def parameter_scales(self) -> dict[str, float]:
        """By the names of parameters: what a learning rate is multiplied by, so that all weights learn alike.

        The maps of channels are stored at a variance of one and divided by sqrt(fan-in) in use, as e3nn does; a step of
        theirs is that much smaller than that of an ordinary linear layer. Parameters without an entry have 1.
        """
        return {
            f"{name}.weight": module.fan_in**0.5
            for name, module in self.named_modules()
            if isinstance(module, IrrepsLinear)
        }

    def node_features(self, batch: Any) -> dict[str, torch.Tensor]:
        """The features of every node after the embedding and after each layer, differentiable.

        Args:
            batch: as for `stiffness`.

        Returns:
            [N, (lmax + 1)^2, channels] by the names of the modules: "node_ft_embedding", whose features have degree 0
            only, then "stiffness_head.layers.0" and so on; component l^2 + m belongs to degree l, in e3nn's order.

        Raises:
            GraphError: as `forward`.
        """
        graph = self.inputs(batch)
        if self.conventions.radius_factor != 1:
            graph = replace(graph, radius=graph.radius * self.conventions.radius_factor)
        with self._own_precision():
            head = self.stiffness_head
            edges, around = self._edges(graph)
            first = self._embedded(graph, around)
            padding = 0, 0, 0, (self.config.lmax + 1) ** 2 - first.shape[1]
            found = {"node_ft_embedding": nn.functional.pad(first, padding)}
            layers = head.features(first, edges, self.backend)
            return found | {f"stiffness_head.layers.{t}": features for t, features in enumerate(layers)}

    def _own_precision(self) -> AbstractContextManager[Any]:
        """Where torch.autocast is on, it is off within: the network computes in the dtype of its parameters."""
        readout = submodule(self.stiffness_head, "nonlin_readout")
        return own_precision(parameter(submodule(readout, "linear_2"), "weight").device)

    def raw(self, graph: Inputs) -> torch.Tensor:
        """[B, 6, 6] raw output of the network."""
        with self._own_precision():
            if isinstance(self.stiffness_head, ExtendedHead):
                edges, around = self._edges(graph)
                first = self._embedded(graph, around)
                return self.stiffness_head.run(first, edges, cast(Surroundings, around), graph, self.backend)
            return self.stiffness_head(self._embedded(graph, None), graph, self.backend)

    def stiffness(self, batch: Any) -> torch.Tensor:  # noqa: D102 (as of every network)
        plain = isinstance(batch, LatticeBatch) and not (torch.compiler.is_compiling() or torch.is_grad_enabled())
        if not (plain and are_few(batch) and self._packable()):
            return super().stiffness(batch)
        parameters, kept = parameters_of(self), self._kept
        if kept is not None and kept.holds(self, parameters):
            if (found := kept(self, batch)) is not None:
                return found.to(parameters[1].gate.dtype)
            return super().stiffness(batch)  # which says what is wrong with the lattices
        found = super().stiffness(batch)  # or with the parameters
        self._kept = PackedLatticeMACE(self, parameters)
        return found

    def packed(self) -> Fast | None:
        """Of the released network at lmax 4, on the CPU, where no hook waits for a module's call."""
        return PackedLatticeMACE(self, parameters_of(self)) if self._packable() else None

    def _packable(self) -> bool:
        config, weight = self.config, next(self.parameters())
        if config.extended or config.needs_density or config.scaled_lengths or config.lmax < 4:
            return False
        if type(self) is not LatticeMACE or autocasting("cpu"):  # a kind of its own may compute otherwise
            return False
        if choose("network", self.backend, weight.device, weight.dtype) != "native":
            return False
        embedding, head = submodule(self, "node_ft_embedding"), submodule(self, "stiffness_head")
        layers = submodule(head, "layers")._modules.values()  # modules that are not here are not called
        return not any(map(hooked, (embedding, head, submodule(head, "nonlin_readout"), *cast(Any, layers))))

    def _edges(self, graph: Inputs) -> tuple[ops.Edges, Surroundings | None]:
        """The edges as the layers read them, and what an extended network reads besides."""
        edges = self.stiffness_head.edges(graph, self.backend)
        if not self.config.needs_density:
            return edges, None
        mechanics, steps = self.config.node_inputs == "mechanics", self.config.relaxation_steps
        around = surroundings(graph, edges.sh, mechanics, self.backend, steps)
        if self.config.edge_scalars == "relative":
            edges = replace(edges, length=around.length, radius=around.radius)
        return edges, around

    def _embedded(self, graph: Inputs, around: Surroundings | None) -> torch.Tensor:
        """[N, 1, C] features of the nodes before the first layer; [N, 25, C] where they have tensors to begin with."""
        if around is not None and self.config.node_inputs != "ones":
            return cast(torch.Tensor, self.node_ft_embedding(around, self.backend))
        embedding = submodule(self, "node_ft_embedding")
        if hooked(embedding):
            return embedding(graph.node_attrs)[:, None]
        attributes = graph.node_attrs[:1] if graph.uniform else graph.node_attrs  # one row serves all nodes
        weight, bias = parameter(embedding, "weight"), parameter(embedding, "bias")
        features = nn.functional.linear(attributes, weight, bias)[:, None]
        if graph.uniform:
            features = features.expand(graph.node_attrs.shape[0], -1, -1)
        return features
