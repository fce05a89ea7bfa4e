"""LatticeMACE: the network of Grega et al. (ICLR 2024), built from `fastlattice.ops` only.

Parameters have the names, shapes and order of the released network, so that its checkpoints load as they are and ours
load there. Features are [nodes, (lmax + 1)^2, channels].
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import torch
from torch import nn

from fastlattice import ops
from fastlattice.errors import GraphError
from fastlattice.lattice.batch import LatticeBatch
from fastlattice.models.inputs import Inputs, inputs_of
from fastlattice.models.mace.blocks import (
    STIFFNESS,
    Expansion,
    IrrepsLinear,
    Layer,
    Readout,
    hooked,
    parameter,
    submodule,
)
from fastlattice.models.mace.config import Conventions, MACEConfig
from fastlattice.ops.backends.native import one_thread


class StiffnessHead(nn.Module):
    """Message passing, readout, mean over the nodes, coefficients of the stiffness, 6x6 matrix."""

    def __init__(self, config: MACEConfig) -> None:
        super().__init__()
        self.config = config
        last = config.max_edge_length, config.max_edge_radius
        self.sizes = ops.NetworkSizes(*map(float, last), float(config.agg_norm_const), config.correlation)
        self.layers = nn.ModuleList(Layer(config, config.lmax if t else 0) for t in range(config.message_passes))
        self.nonlin_readout = Readout(config)
        if config.lmax < 4:
            self.expansion = Expansion(config)
        else:
            self.linear = IrrepsLinear({l: (config.readout_channels, n) for l, n in STIFFNESS.items()}, bias=True)

    def forward(self, features: torch.Tensor, graph: Inputs, backend: str) -> torch.Tensor:
        """[N, 1, C] initial features to [B, 6, 6]."""
        edges, owners = self.edges(graph, backend), (graph.batch, graph.num_graphs)
        layers = submodule(self, "layers")._modules.values()
        if hooked(submodule(self, "nonlin_readout")) or any([hooked(cast(Layer, layer)) for layer in layers]):
            *_, features = self.features(features, edges, backend)
            out = self.nonlin_readout(features, *owners, self._readout(), backend)
        else:
            parameters = [cast(Layer, layer).op_parameters() for layer in layers]
            out = ops.network(features, edges, *owners, parameters, self._readout(), self.sizes, backend=backend)
        coefficients = out if self.config.lmax == 4 else self._expanded(out)
        return ops.mandel(coefficients, self.config.positive_function, backend=backend)

    def edges(self, graph: Inputs, backend: str) -> ops.Edges:
        """The edges of a graph as the layers read them."""
        sh, length = ops.edge_sh(
            graph.positions, graph.edge_index, graph.shifts, self.config.lmax, graph.reverse, backend=backend
        )
        radius = graph.radius
        if graph.first_edge is not None:
            length, radius = length[graph.first_edge], radius[graph.first_edge]
        return ops.Edges(sh, length, radius, graph.edge_index, graph.strut)

    def features(self, features: torch.Tensor, edges: ops.Edges, backend: str) -> Iterator[torch.Tensor]:
        """[N, (lmax + 1)^2, C] features after each layer: of all degrees, also those that nothing reads."""
        for t, layer in enumerate(self.layers):
            features = layer(features, edges, self.sizes, range(self.config.lmax + 1), t > 0, backend)
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


class LatticeMACE(nn.Module):
    """E(3)-equivariant network from a periodic strut lattice to its homogenised stiffness.

    Args:
        config: a MACEConfig, or a mapping or namespace with the released network's names.
        conventions: what the raw output and the radii mean; `stiffness` and `predict` use it.
        backend: "auto" or the name of a backend of `fastlattice.ops`.

    Raises:
        ConfigError: the configuration is malformed, or asks for what the engine cannot run.
    """

    def __init__(self, config: Any, conventions: Conventions | None = None, backend: str = "auto") -> None:
        super().__init__()
        self.config = MACEConfig.from_any(config)
        self.conventions = conventions or Conventions()
        self.backend = backend
        self.node_ft_embedding = nn.Linear(1, self.config.channels)
        self.stiffness_head = StiffnessHead(self.config)

    def extra_repr(self) -> str:
        """The configuration and the conventions."""
        return f"{self.config}, {self.conventions}"

    def forward(self, batch: Any) -> dict[str, torch.Tensor]:
        """The network's raw output, differentiable.

        Args:
            batch: a LatticeBatch or a Graph of any dtype, or any object with edge_index [2, E] int64, positions [N, 3],
                shifts [E, 3] Cartesian, edge_attr [E, 1] radii, node_attrs [N, 1], batch [N] int64 and num_graphs, in
                the dtype and on the device of the network. The edge vector is positions[receiver] -
                positions[sender] + shift; lengths in units of the largest cell constant.

        Returns:
            {"stiffness": [B, 6, 6]}, Mandel matrices in the order 11, 22, 33, 23, 13, 12.

        Raises:
            GraphError: an attribute is missing or has a wrong type, shape, dtype, device or value.
            BackendError: the backend asked for does not exist or cannot run this.
        """
        return {"stiffness": self._raw(inputs_of(batch, self.node_ft_embedding.weight))}

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
        graph = self._read(batch)
        with self._own_precision():
            first, head = self._embedded(graph), self.stiffness_head
            padding = 0, 0, 0, (self.config.lmax + 1) ** 2 - 1
            found = {"node_ft_embedding": nn.functional.pad(first, padding)}
            layers = head.features(first, head.edges(graph, self.backend), self.backend)
            return found | {f"stiffness_head.layers.{t}": features for t, features in enumerate(layers)}

    def _own_precision(self) -> AbstractContextManager[Any]:
        """Where torch.autocast is on, it is off within: the network computes in the dtype of its parameters."""
        device = submodule(self, "node_ft_embedding")._parameters["weight"].device.type
        if not (torch.amp.is_autocast_available(device) and torch.is_autocast_enabled(device)):
            return nullcontext()
        return torch.autocast(device, enabled=False)

    def _raw(self, graph: Inputs) -> torch.Tensor:
        with self._own_precision():
            return self.stiffness_head(self._embedded(graph), graph, self.backend)

    def _embedded(self, graph: Inputs) -> torch.Tensor:
        """[N, 1, C] features of the nodes before the first layer."""
        embedding = submodule(self, "node_ft_embedding")
        if hooked(embedding):
            return embedding(graph.node_attrs)[:, None]
        attributes = graph.node_attrs[:1] if graph.uniform else graph.node_attrs  # one row serves all nodes
        weight, bias = parameter(embedding, "weight"), parameter(embedding, "bias")
        features = nn.functional.linear(attributes, weight, bias)[:, None]
        if graph.uniform:
            features = features.expand(graph.node_attrs.shape[0], -1, -1)
        return features

    def _read(self, batch: Any) -> Inputs:
        """What the network reads of a batch, with radii as it was trained on."""
        graph = inputs_of(batch, self.node_ft_embedding.weight)
        if self.conventions.radius_factor != 1:
            graph = replace(graph, radius=graph.radius * self.conventions.radius_factor)
        return graph

    def stiffness(self, batch: Any) -> torch.Tensor:
        """[B, 6, 6] stiffness in units of the solid's Young's modulus, differentiable, according to the conventions.

        Args:
            batch: as for `forward`, with the radii of the struts. Where the network's quantity is "C/density", a
                LatticeBatch or an object with relative_density [B].

        Raises:
            GraphError: as `forward`, or the relative density is needed and missing.
        """
        graph = self._read(batch)
        stiffness = self._raw(graph) * self.conventions.scale
        if self.conventions.quantity == "C/density":
            density = getattr(batch, "relative_density", None)
            if not isinstance(density, torch.Tensor) or density.shape != (graph.num_graphs,):
                raise GraphError(
                    f"the network predicts stiffness / density: the batch needs relative_density [{graph.num_graphs}]"
                )
            stiffness = stiffness * density.to(stiffness)[:, None, None]
        return stiffness

    @torch.no_grad()
    def predict(self, batch: Any, chunk: int | None = None, progress: bool = False) -> torch.Tensor:
        """[B, 6, 6] stiffness in units of the solid's Young's modulus, without gradients.

        Args:
            batch: as for `stiffness`. A LatticeBatch is worked on in chunks, which bounds the memory; on the CPU in as
                many threads as torch has.
            chunk: lattices in a chunk; None: 64 to 512 on the CPU, so that all threads get some, 4,096 on a GPU.
            progress: show a progress bar.

        Raises:
            GraphError: as `stiffness`.
        """
        if not isinstance(batch, LatticeBatch):
            return self.stiffness(batch)
        if chunk is not None and chunk < 1:
            raise ValueError(f"chunk is {chunk}; it must be at least 1")
        weight = self.node_ft_embedding.weight
        on_cpu = weight.device.type == "cpu"
        share = -(-len(batch) // (2 * torch.get_num_threads()))  # two chunks for each thread
        size = chunk or (min(max(share, 64), 512) if on_cpu else 4096)
        if len(batch) <= size and not progress:
            return self.stiffness(batch)
        from tqdm import tqdm

        out, inference = weight.new_empty(len(batch), 6, 6), torch.is_inference_mode_enabled()
        starts = range(0, len(batch), size)
        threads = min(torch.get_num_threads(), len(starts)) if on_cpu else 1
        with tqdm(total=len(batch), unit="lattice", disable=not progress) as bar:

            def run(start: int) -> None:
                part = batch[start : start + size]
                with torch.inference_mode(inference), torch.no_grad(), one_thread(threads > 1):
                    out[start : start + size] = self.stiffness(part)
                bar.update(len(part))

            if threads == 1:
                for start in starts:
                    run(start)
            else:  # every chunk in one thread: while Python prepares one, the kernels are at work on another
                with ThreadPoolExecutor(threads) as pool:
                    for _ in pool.map(run, starts):
                        pass
        return out

    @classmethod
    def from_original(
        cls,
        source: Mapping[str, Any] | str | Path,
        config: Any = None,
        conventions: Conventions | None = None,
        backend: str = "auto",
    ) -> LatticeMACE:
        """The network with the parameters of the released one, in their dtype.

        Args:
            source: a state dict, a Lightning checkpoint (with "state_dict"), or the path of either, read with
                weights_only: nothing in the file is executed.
            config: as for LatticeMACE; None takes the hyperparameters of a Lightning checkpoint.
            conventions: what the training data meant. Networks trained on catalogues without radii, loaded by the
                released code, saw radii smaller by sqrt(2): Conventions(radii="both_directions").
            backend: as for LatticeMACE.

        Raises:
            CheckpointError: the file cannot be read, or parameters are missing, unexpected, or of another shape.
            ConfigError: there is no configuration, or it is bad.
        """
        from fastlattice.models.checkpoint import load_original

        return load_original(source, config, conventions, backend)

    def save(self, path: str | Path) -> None:
        """Writes parameters, configuration and conventions as one safetensors file, whole or not at all."""
        from fastlattice.models.checkpoint import save

        save(self, path)

    @classmethod
    def load(cls, path: str | Path, backend: str = "auto") -> LatticeMACE:
        """Reads what `save` wrote.

        Raises:
            CheckpointError: the file is not one of ours, is damaged, or comes from a newer format.
        """
        from fastlattice.models.checkpoint import load

        return load(path, backend)
