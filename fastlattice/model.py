"""LatticeMACE: the network of Grega et al. (ICLR 2024), built from `fastlattice.ops` only.

Parameters have the names, shapes and order of the released network, so that its checkpoints load as they are and ours
load there. Features are [nodes, (lmax + 1)^2, channels].
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from torch import nn

from fastlattice import _tables, ops
from fastlattice._inputs import Inputs, inputs_of
from fastlattice.batch import LatticeBatch
from fastlattice.config import Conventions, MACEConfig
from fastlattice.errors import GraphError

STIFFNESS = ((0, 2), (2, 2), (4, 1))
"""Degrees and multiplicities of a stiffness: 2x0e + 2x2e + 1x4e."""


class IrrepsLinear(nn.Module):
    """A linear map of the channels of each degree, divided by sqrt(channels in); flat weights in e3nn's order.

    Args:
        channels: (in, out) of each degree.
        bias: whether the scalars get a bias.
    """

    def __init__(self, channels: Mapping[int, tuple[int, int]], bias: bool = False) -> None:
        super().__init__()
        self.channels = dict(channels)
        self.weight = nn.Parameter(torch.randn(sum(n * m for n, m in self.channels.values())))
        if bias:
            self.bias = nn.Parameter(torch.zeros(self.channels[0][1]))
        else:
            self.register_parameter("bias", None)

    def forward(self, parts: Mapping[int, torch.Tensor]) -> dict[int, torch.Tensor]:
        """Maps [N, 2 l + 1, in] to [N, 2 l + 1, out] for every degree l that is given."""
        weights = dict(zip(self.channels, self.weight.split([n * m for n, m in self.channels.values()]), strict=True))
        out = {}
        for degree, part in parts.items():
            shape = self.channels[degree]
            out[degree] = part @ (weights[degree].view(shape) / shape[0] ** 0.5)
            if degree == 0 and self.bias is not None:
                out[degree] = out[degree] + self.bias
        return out


def split(features: torch.Tensor, degrees: Sequence[int]) -> dict[int, torch.Tensor]:
    """The parts [N, 2 l + 1, C] of some degrees."""
    return {degree: features[:, _tables.components(degree)] for degree in degrees}


def same(channels: int, degrees: Sequence[int]) -> dict[int, tuple[int, int]]:
    """As many channels out as in, for every degree."""
    return dict.fromkeys(degrees, (channels, channels))


class Interaction(nn.Module):
    """The atomic basis: linear map of the senders, then `radial_mlp` and `edge_conv` (equations 11 to 13)."""

    def __init__(self, config: MACEConfig, l_in: int) -> None:
        super().__init__()
        self.config, self.l_in = config, l_in
        paths, channels, width = len(_tables.edge_paths(l_in, config.lmax)), config.channels, config.inter_MLP_dim
        self.linear_up = IrrepsLinear(same(channels, range(l_in + 1)))
        layers: list[nn.Module] = []
        for n in [2 * config.num_edge_bases] + [width] * (config.inter_MLP_layers - 2):
            layers += [nn.Linear(n, width), nn.SiLU()]
        last = nn.Linear(width, paths * channels, bias=False)
        nn.init.xavier_uniform_(last.weight, gain=10)
        self.conv_tp_weights = nn.Sequential(*layers, last)
        fan_in = [sum(path[2] == l3 for path in _tables.edge_paths(l_in, config.lmax)) for l3 in range(config.lmax + 1)]
        self.linear = IrrepsLinear({l3: (n * channels, channels) for l3, n in enumerate(fan_in)}, bias=True)

    def forward(
        self,
        features: torch.Tensor,
        sh: torch.Tensor,
        length: torch.Tensor,
        radius: torch.Tensor,
        graph: Inputs,
        backend: str,
    ) -> torch.Tensor:
        """[N, (l_in + 1)^2, C] to [N, (lmax + 1)^2, C]."""
        senders = torch.cat(list(self.linear_up(split(features, range(self.l_in + 1))).values()), dim=1)
        *hidden_layers, last = (layer for layer in self.conv_tp_weights if isinstance(layer, nn.Linear))
        hidden = ops.radial_mlp(
            length,
            radius,
            [layer.weight for layer in hidden_layers],
            [layer.bias for layer in hidden_layers],
            self.config.max_edge_length,
            self.config.max_edge_radius,
            backend=backend,
        )
        return ops.edge_conv(
            senders,
            sh,
            hidden,
            last.weight,
            graph.edge_index,
            self.linear.weight,
            self.linear.bias,
            self.config.agg_norm_const,
            graph.strut,
            backend=backend,
        )


class Contraction(nn.Module):
    """Weights of the symmetric contraction into one degree: [k, C] for each number of factors."""

    def __init__(self, counts: Sequence[int], channels: int) -> None:
        super().__init__()
        self.weights = nn.ParameterDict(
            {str(factors): torch.randn(count, channels) / count for factors, count in enumerate(counts, start=1)}
        )


class SymmetricContractions(nn.Module):
    """`symmetric_contraction` into some degrees; the weights of the others are kept, and get zero gradients."""

    def __init__(self, config: MACEConfig, outputs: Sequence[int]) -> None:
        super().__init__()
        self.lmax, self.correlation, self.outputs = config.lmax, config.correlation, list(outputs)
        counts = _tables.original_counts(config.lmax)
        names = config.hidden_irreps.split("+")
        self.contractions = nn.ModuleDict(
            {
                name: Contraction(count[: config.correlation], config.channels)
                for name, count in zip(names, counts, strict=True)
            }
        )

    def forward(self, features: torch.Tensor, backend: str) -> torch.Tensor:
        """[N, (lmax + 1)^2, C] to the same shape."""
        weights = ops.fold_weights(list(self.contractions.parameters()), self.lmax, self.correlation)
        return ops.symmetric_contraction(features, weights, self.correlation, self.outputs, backend=backend)


class Product(nn.Module):
    """The message: symmetric contraction and a linear map (equations 14 and 15)."""

    def __init__(self, config: MACEConfig, outputs: Sequence[int]) -> None:
        super().__init__()
        self.outputs = list(outputs)
        self.symmetric_contractions = SymmetricContractions(config, outputs)
        self.linear = IrrepsLinear(same(config.channels, range(config.lmax + 1)))

    def forward(self, features: torch.Tensor, backend: str) -> dict[int, torch.Tensor]:
        """The parts of the message of the degrees asked for."""
        return self.linear(split(self.symmetric_contractions(features, backend), self.outputs))


class Layer(nn.Module):
    """One message-passing layer, without the residual: the atomic basis, then the message."""

    def __init__(self, config: MACEConfig, l_in: int, outputs: Sequence[int]) -> None:
        super().__init__()
        self.interaction = Interaction(config, l_in)
        self.product = Product(config, outputs)

    def forward(
        self,
        features: torch.Tensor,
        sh: torch.Tensor,
        length: torch.Tensor,
        radius: torch.Tensor,
        graph: Inputs,
        backend: str,
    ) -> dict[int, torch.Tensor]:
        """[N, (l_in + 1)^2, C] to the parts [N, 2 l + 1, C] of the degrees asked for."""
        return self.product(self.interaction(features, sh, length, radius, graph, backend), backend)


class Readout(nn.Module):
    """Linear map, gate, linear map; scalars pass SiLU, every other part is multiplied by SiLU of its own scalar."""

    def __init__(self, config: MACEConfig) -> None:
        super().__init__()
        self.hidden, degrees = config.channels, range(config.lmax + 1)
        self.linear_1 = IrrepsLinear({**same(self.hidden, degrees), 0: (self.hidden, self.hidden * len(degrees))})
        self.linear_2 = IrrepsLinear(dict.fromkeys(degrees, (self.hidden, config.readout_channels)))

    def forward(self, parts: dict[int, torch.Tensor]) -> dict[int, torch.Tensor]:
        """[N, 2 l + 1, C] to [N, 2 l + 1, readout channels] for every degree that is given, scalars among them."""
        parts = self.linear_1(parts)
        activated = torch.nn.functional.silu(parts[0]) * _tables.silu_gain()
        gates = activated.split(self.hidden, dim=2)
        gated = {degree: part * gates[degree] for degree, part in parts.items() if degree > 0}
        return self.linear_2({0: gates[0], **gated})


class Expansion(nn.Module):
    """Below lmax 4: products of two halves of the readout channels reach the l = 4 output (appendix A.14).

    A fully connected tensor product to 2x0e + 2x2e + 1x4e with e3nn's order of weights and its normalisation.
    """

    def __init__(self, config: MACEConfig) -> None:
        super().__init__()
        self.channels = config.readout_channels // 2
        degrees = range(config.lmax + 1)
        self.paths = [
            (l1, l2, l3, copies)
            for l1 in degrees
            for l2 in degrees
            for l3, copies in STIFFNESS
            if abs(l1 - l2) <= l3 <= l1 + l2 and (l1 + l2 + l3) % 2 == 0
        ]
        self.weight = nn.Parameter(torch.randn(sum(self.channels**2 * copies for *_, copies in self.paths)))

    def forward(self, parts: Mapping[int, torch.Tensor]) -> torch.Tensor:
        """[B, 2 l + 1, readout channels] of every degree to [B, 21] coefficients."""
        left = {degree: part[:, :, : self.channels] for degree, part in parts.items()}
        right = {degree: part[:, :, self.channels :] for degree, part in parts.items()}
        sums = {l3: parts[0].new_zeros(len(parts[0]), copies, 2 * l3 + 1) for l3, copies in STIFFNESS}
        start = 0
        for l1, l2, l3, copies in self.paths:
            weight = self.weight[start : start + self.channels**2 * copies].view(self.channels, self.channels, copies)
            start += weight.numel()
            coefficients = _tables.constant(_tables.clebsch_gordan, l1, l2, l3, like=self.weight)
            products = torch.einsum("biu,bjv,ijk->bkuv", left[l1], right[l2], coefficients)
            fan_in = self.channels**2 * sum(path[2] == l3 for path in self.paths)
            sums[l3] = sums[l3] + torch.einsum("bkuv,uvw->bwk", products, weight) / fan_in**0.5
        return torch.cat([part.flatten(1) for part in sums.values()], dim=1)


class StiffnessHead(nn.Module):
    """Message passing, readout, mean over the nodes, coefficients of the stiffness, 6x6 matrix."""

    def __init__(self, config: MACEConfig) -> None:
        super().__init__()
        self.config = config
        # At lmax 4 the stiffness reads even degrees only: the last layer computes no others.
        self.used = list(range(config.lmax + 1)) if config.lmax < 4 else [0, 2, 4]
        last = config.message_passes - 1
        self.layers = nn.ModuleList(
            Layer(config, config.lmax if t else 0, range(config.lmax + 1) if t < last else self.used)
            for t in range(config.message_passes)
        )
        self.nonlin_readout = Readout(config)
        if config.lmax < 4:
            self.expansion = Expansion(config)
        else:
            self.linear = IrrepsLinear({l: (config.readout_channels, n) for l, n in STIFFNESS}, bias=True)

    def forward(self, features: torch.Tensor, graph: Inputs, backend: str) -> torch.Tensor:
        """[N, 1, C] initial features to [B, 6, 6]."""
        sh, length = ops.edge_sh(
            graph.positions, graph.edge_index, graph.shifts, self.config.lmax, graph.reverse, backend=backend
        )
        radius = graph.radius
        if graph.first_edge is not None:
            length, radius = length[graph.first_edge], radius[graph.first_edge]

        parts: dict[int, torch.Tensor] = {}
        for t, layer in enumerate(self.layers):
            parts = layer(features, sh, length, radius, graph, backend)
            if t > 0:
                parts = {degree: part + features[:, _tables.components(degree)] for degree, part in parts.items()}
            if t < len(self.layers) - 1:
                features = torch.cat(list(parts.values()), dim=1)

        population = torch.bincount(graph.batch, minlength=graph.num_graphs).to(features.dtype)
        pooled = {
            degree: part.new_zeros(graph.num_graphs, *part.shape[1:]).index_add(0, graph.batch, part)
            / population[:, None, None]
            for degree, part in self.nonlin_readout(parts).items()
        }
        if self.config.lmax < 4:
            coefficients = self.expansion(pooled)
        else:
            parts = self.linear(pooled)
            coefficients = torch.cat([part.transpose(1, 2).flatten(1) for part in parts.values()], dim=1)
        return ops.mandel(coefficients, self.config.positive_function, backend=backend)


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

    def _raw(self, graph: Inputs) -> torch.Tensor:
        features = self.node_ft_embedding(graph.node_attrs)[:, None, :]
        return self.stiffness_head(features, graph, self.backend)

    def stiffness(self, batch: Any) -> torch.Tensor:
        """[B, 6, 6] stiffness in units of the solid's Young's modulus, differentiable, according to the conventions.

        Args:
            batch: as for `forward`, with the radii of the struts. Where the network's quantity is "C/density", a
                LatticeBatch or an object with relative_density [B].

        Raises:
            GraphError: as `forward`, or the relative density is needed and missing.
        """
        graph = inputs_of(batch, self.node_ft_embedding.weight)
        raw = self._raw(replace(graph, radius=graph.radius * self.conventions.radius_factor))
        stiffness = raw * self.conventions.scale
        if self.conventions.quantity == "C/density":
            density = getattr(batch, "relative_density", None)
            if not isinstance(density, torch.Tensor) or density.shape != (graph.num_graphs,):
                raise GraphError(
                    f"the network predicts stiffness / density: the batch needs relative_density [{graph.num_graphs}]"
                )
            stiffness = stiffness * density.to(stiffness)[:, None, None]
        return stiffness

    @torch.no_grad()
    def predict(self, batch: Any, chunk: int = 256, progress: bool = False) -> torch.Tensor:
        """[B, 6, 6] stiffness in units of the solid's Young's modulus, without gradients.

        Args:
            batch: as for `stiffness`. A LatticeBatch is worked on `chunk` lattices at a time, which bounds the memory.
            chunk: lattices at a time.
            progress: show a progress bar.

        Raises:
            GraphError: as `stiffness`.
        """
        if not isinstance(batch, LatticeBatch):
            return self.stiffness(batch)
        if chunk < 1:
            raise ValueError(f"chunk is {chunk}; it must be at least 1")
        from tqdm import tqdm

        out = self.node_ft_embedding.weight.new_empty(len(batch), 6, 6)
        with tqdm(total=len(batch), unit="lattice", disable=not progress) as bar:
            for start in range(0, len(batch), chunk):
                part = batch[start : start + chunk]
                out[start : start + chunk] = self.stiffness(part)
                bar.update(len(part))
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
        from fastlattice.checkpoint import load_original

        return load_original(source, config, conventions, backend)

    def save(self, path: str | Path) -> None:
        """Writes parameters, configuration and conventions as one safetensors file, whole or not at all."""
        from fastlattice.checkpoint import save

        save(self, path)

    @classmethod
    def load(cls, path: str | Path, backend: str = "auto") -> LatticeMACE:
        """Reads what `save` wrote.

        Raises:
            CheckpointError: the file is not one of ours, is damaged, or comes from a newer format.
        """
        from fastlattice.checkpoint import load

        return load(path, backend)
