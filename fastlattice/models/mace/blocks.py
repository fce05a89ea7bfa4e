"""The network's blocks: the parameters of the released network under its names, for the ops that run them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import torch
from torch import nn

from fastlattice import ops
from fastlattice.models.mace.config import MACEConfig
from fastlattice.ops import constants

STIFFNESS = {0: 2, 2: 2, 4: 1}
"""Degrees and multiplicities of a stiffness: 2x0e + 2x2e + 1x4e."""


def stiffness_up_to(lmax: int) -> dict[int, int]:
    """Those of `STIFFNESS` that features of degrees up to lmax have."""
    return {degree: multiplicity for degree, multiplicity in STIFFNESS.items() if degree <= lmax}


def first_degree(config: MACEConfig) -> int:
    """The largest degree of the nodes' features before the first layer."""
    return max(stiffness_up_to(config.lmax)) if config.node_inputs == "mechanics" else 0


def matrix_function(config: MACEConfig) -> str:
    """What `ops.mandel` makes of the network's matrix: the bounded head takes that as it is."""
    return "none" if config.positive_function == "bounded" else config.positive_function


def submodule(module: nn.Module, name: str) -> nn.Module:
    """The attribute `name`, a module, in a fifth of the time: that counts for a single lattice."""
    return cast(nn.Module, module._modules[name])


def parameter(module: nn.Module, name: str) -> torch.Tensor:
    """The attribute `name`, a parameter or computed in its place.

    What torch.nn.utils puts there (prune, weight_norm, spectral_norm) is computed anew by hooks before a call; there is
    no call, so they run here.
    """
    found = module._parameters.get(name)
    if found is not None:
        return found
    for hook in module._forward_pre_hooks.values():
        hook(module, ())
    return cast(torch.Tensor, getattr(module, name))


def hooked(module: nn.Module) -> bool:
    """Whether a hook waits for the module's call."""
    own = module._forward_hooks or module._forward_pre_hooks or module._backward_hooks or module._backward_pre_hooks
    return bool(own) or nn.modules.module._has_any_global_hook()


class Uncalled(nn.Module):
    """A module that only holds parameters; an op reads them, and hooks for its call would never run."""

    def _no_hook(self, *_: Any, **__: Any) -> Any:
        raise RuntimeError(
            f"a hook of this {type(self).__name__} would never run: ops read its parameters, nothing calls it. Hooks "
            "run on node_ft_embedding, on the layers, on nonlin_readout and expansion; node_features gives the features"
        )

    register_forward_hook = register_full_backward_hook = register_full_backward_pre_hook = _no_hook
    register_backward_hook = _no_hook

    def register_forward_pre_hook(self, hook: Any, *args: Any, **kwargs: Any) -> Any:
        """Registers hooks of torch.nn.utils, which compute a parameter; refuses others."""
        if not type(hook).__module__.startswith("torch.nn.utils."):
            self._no_hook()
        return super().register_forward_pre_hook(hook, *args, **kwargs)


class RadialNetwork(Uncalled, nn.Sequential):
    """Parameters of the radial network."""


class RadialLinear(Uncalled, nn.Linear):
    """Parameters of a linear layer of the radial network."""


class RadialActivation(Uncalled, nn.SiLU):
    """The nonlinearity of the radial network."""


class Weights(Uncalled, nn.ParameterDict):
    """Weights by their number of factors."""


class Contractions(Uncalled, nn.ModuleDict):
    """Weights by the irrep that comes out."""


class IrrepsLinear(Uncalled):
    """Parameters of a linear map of the channels of each degree; flat weights in e3nn's order.

    Args:
        channels: (in, out) of each degree.
        bias: whether the scalars get a bias.
    """

    def __init__(self, channels: Mapping[int, tuple[int, int]], bias: bool = False) -> None:
        super().__init__()
        self.fan_in = max(n for n, _ in channels.values())
        self.weight = nn.Parameter(torch.randn(sum(n * m for n, m in channels.values())))
        if bias:
            self.bias = nn.Parameter(torch.zeros(channels[0][1]))
        else:
            self.register_parameter("bias", None)


def same(channels: int, degrees: Sequence[int]) -> dict[int, tuple[int, int]]:
    """As many channels out as in, for every degree."""
    return dict.fromkeys(degrees, (channels, channels))


class Interaction(Uncalled):
    """Parameters of the atomic basis: linear map of the senders, radial network, messages (equations 11 to 13)."""

    def __init__(self, config: MACEConfig, l_in: int) -> None:
        super().__init__()
        paths, channels, width = len(constants.edge_paths(l_in, config.lmax)), config.channels, config.inter_MLP_dim
        self.linear_up = IrrepsLinear(same(channels, range(l_in + 1)))
        layers: list[nn.Module] = []
        for n in [2 * config.num_edge_bases] + [width] * (config.inter_MLP_layers - 2):
            layers += [RadialLinear(n, width), RadialActivation()]
        last = RadialLinear(width, paths * channels, bias=False)
        nn.init.xavier_uniform_(last.weight, gain=10)
        self.conv_tp_weights = RadialNetwork(*layers, last)
        fan_in = [
            sum(path[2] == l3 for path in constants.edge_paths(l_in, config.lmax)) for l3 in range(config.lmax + 1)
        ]
        self.linear = IrrepsLinear({l3: (n * channels, channels) for l3, n in enumerate(fan_in)}, bias=True)

    def radial_layers(self) -> list[nn.Linear]:
        """The linear layers of the radial network."""
        return [layer for layer in submodule(self, "conv_tp_weights")._modules.values() if isinstance(layer, nn.Linear)]


class Contraction(Uncalled):
    """Weights of the symmetric contraction into one degree: [k, C] for each number of factors."""

    def __init__(self, counts: Sequence[int], channels: int) -> None:
        super().__init__()
        self.weights = Weights(
            {str(factors): torch.randn(count, channels) / count for factors, count in enumerate(counts, start=1)}
        )


class SymmetricContractions(Uncalled):
    """Parameters of `symmetric_contraction`; those of degrees that nothing reads are kept, and get zero gradients."""

    def __init__(self, config: MACEConfig) -> None:
        super().__init__()
        counts = constants.original_counts(config.lmax)
        names = config.hidden_irreps.split("+")
        self.contractions = Contractions(
            {
                name: Contraction(count[: config.correlation], config.channels)
                for name, count in zip(names, counts, strict=True)
            }
        )

    def weights(self) -> list[torch.Tensor]:
        """The weights as `ops.fold_weights` takes them."""
        degrees = submodule(self, "contractions")._modules.values()
        by_factors = [cast(nn.ParameterDict, submodule(cast(nn.Module, degree), "weights")) for degree in degrees]
        return [parameter(weights, factors) for weights in by_factors for factors in weights]  # pruned ones too


class Product(Uncalled):
    """Parameters of the message: symmetric contraction and a linear map (equations 14 and 15)."""

    def __init__(self, config: MACEConfig) -> None:
        super().__init__()
        self.symmetric_contractions = SymmetricContractions(config)
        self.linear = IrrepsLinear(same(config.channels, range(config.lmax + 1)))


class Layer(nn.Module):
    """One message-passing layer: the atomic basis and the message."""

    def __init__(self, config: MACEConfig, l_in: int) -> None:
        super().__init__()
        self.interaction = Interaction(config, l_in)
        self.product = Product(config)

    def forward(
        self,
        features: torch.Tensor,
        edges: ops.Edges,
        sizes: ops.NetworkSizes,
        degrees: Sequence[int],
        residual: bool,
        backend: str,
        norm: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """[N, (lmax + 1)^2, C] features of the next layer; called where somebody wants to see them."""
        return ops.layer(features, edges, self.op_parameters(norm), sizes, degrees, residual, backend=backend)

    def op_parameters(self, norm: torch.Tensor | None = None) -> ops.LayerParameters:
        """The parameters as `ops.layer` takes them, with the scales of a norm of the features that are read."""
        interaction, product = submodule(self, "interaction"), submodule(self, "product")
        linear = submodule(interaction, "linear")
        *hidden, last = cast(Interaction, interaction).radial_layers()
        return ops.LayerParameters(
            up=parameter(submodule(interaction, "linear_up"), "weight"),
            radial=parameter(last, "weight"),
            linear_weight=parameter(linear, "weight"),
            linear_bias=parameter(linear, "bias"),
            contraction=cast(SymmetricContractions, submodule(product, "symmetric_contractions")).weights(),
            product=parameter(submodule(product, "linear"), "weight"),
            hidden_weights=[parameter(layer, "weight") for layer in hidden],
            hidden_biases=[parameter(layer, "bias") for layer in hidden],
            norm=norm,
        )


class Readout(nn.Module):
    """The readout: linear map, gate, mean over the nodes, linear map."""

    def __init__(self, config: MACEConfig) -> None:
        super().__init__()
        hidden, degrees = config.channels, range(config.lmax + 1)
        self.linear_1 = IrrepsLinear({**same(hidden, degrees), 0: (hidden, hidden * len(degrees))})
        self.linear_2 = IrrepsLinear(dict.fromkeys(degrees, (hidden, config.readout_channels)))

    def forward(
        self,
        features: torch.Tensor,
        batch: torch.Tensor,
        num_graphs: int,
        parameters: ops.ReadoutParameters,
        backend: str,
    ) -> torch.Tensor:
        """[B, sum of multiplicities * (2 l + 1)] numbers of each lattice; called where somebody wants to see them."""
        maps = parameters.gate, parameters.weight, parameters.bias
        return ops.readout(features, batch, num_graphs, *maps, parameters.multiplicities, backend=backend)


class Expansion(nn.Module):
    """Below lmax 4: products of two halves of the readout channels reach the l = 4 output (appendix A.14).

    A fully connected tensor product to 2x0e + 2x2e + 1x4e with e3nn's order of weights and its normalisation.
    """

    def __init__(self, config: MACEConfig) -> None:
        super().__init__()
        self.channels = config.readout_channels // 2
        degrees = range(config.lmax + 1)
        self.paths = [
            (l1, l2, l3, multiplicity)
            for l1 in degrees
            for l2 in degrees
            for l3, multiplicity in STIFFNESS.items()
            if abs(l1 - l2) <= l3 <= l1 + l2 and (l1 + l2 + l3) % 2 == 0
        ]
        self.weight = nn.Parameter(torch.randn(sum(self.channels**2 * multiplicity for *_, multiplicity in self.paths)))

    def forward(self, parts: Mapping[int, torch.Tensor]) -> torch.Tensor:
        """[B, 2 l + 1, readout channels] of every degree to [B, 21] coefficients."""
        left = {degree: part[:, :, : self.channels] for degree, part in parts.items()}
        right = {degree: part[:, :, self.channels :] for degree, part in parts.items()}
        sums = {
            l3: parts[0].new_zeros(len(parts[0]), multiplicity, 2 * l3 + 1) for l3, multiplicity in STIFFNESS.items()
        }
        couplings = constants.constant(constants.couplings, like=self.weight)
        start = 0
        for l1, l2, l3, multiplicity in self.paths:
            weight = self.weight[start : start + self.channels**2 * multiplicity].view(
                self.channels, self.channels, multiplicity
            )
            start += weight.numel()
            coefficients = couplings[constants.components(l1), constants.components(l2), constants.components(l3)]
            products = torch.einsum("biu,bjv,ijk->bkuv", left[l1], right[l2], coefficients)
            fan_in = self.channels**2 * sum(path[2] == l3 for path in self.paths)
            sums[l3] = sums[l3] + torch.einsum("bkuv,uvw->bwk", products, weight) / fan_in**0.5
        return torch.cat([part.flatten(1) for part in sums.values()], dim=1)
