"""The whole network, read from top to bottom (Grega et al. 2024, appendix A.10)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from e3nn import o3

from fastlattice.models.mace.config import MACEConfig
from fastlattice.ops.arguments import Edges, LayerParameters, NetworkSizes, ReadoutParameters
from fastlattice.ops.edge_sh.reference import edge_sh
from fastlattice.ops.irreps import built_once, irreps, linear, pack, unpack
from fastlattice.ops.mandel.reference import mandel
from fastlattice.ops.network.reference import network

STIFFNESS = o3.Irreps("2x0e + 2x2e + 1x4e")


@built_once
def expansion(channels: int, lmax: int) -> o3.FullyConnectedTensorProduct:
    """Product of two halves of the readout channels: features below l = 4 reach the l = 4 output (appendix A.14)."""
    half = irreps(channels // 2, lmax)
    return o3.FullyConnectedTensorProduct(half, half, STIFFNESS, internal_weights=False, shared_weights=True)


def lattice_mace(config: MACEConfig, parameters: Mapping[str, torch.Tensor], batch: Any) -> dict[str, torch.Tensor]:
    """Stiffness of every lattice of a batch.

    Args:
        config: the network's configuration.
        parameters: tensors under the original's names.
        batch: object with edge_index, positions, shifts, edge_attr, node_attrs, batch and num_graphs.

    Returns:
        {"stiffness": [B, 6, 6]}.
    """
    channels, lmax, orders = config.channels, config.lmax, range(1, config.correlation + 1)
    hidden_irreps = irreps(channels, lmax)
    sh, length = edge_sh(batch.positions, batch.edge_index, batch.shifts, lmax)
    radius = batch.edge_attr.squeeze(1)

    embedding = [parameters[f"node_ft_embedding.{name}"] for name in ("weight", "bias")]
    features = torch.nn.functional.linear(batch.node_attrs, *embedding)[:, None, :]

    layers = []
    for t in range(config.message_passes):
        interaction, product = (f"stiffness_head.layers.{t}.{block}" for block in ("interaction", "product"))
        mlp = [f"{interaction}.conv_tp_weights.{2 * i}" for i in range(config.inter_MLP_layers)]
        contractions = [f"{product}.symmetric_contractions.contractions.{channels}x{ir}" for _, ir in hidden_irreps]
        layer = LayerParameters(
            up=parameters[f"{interaction}.linear_up.weight"],
            radial=parameters[f"{mlp[-1]}.weight"],
            linear_weight=parameters[f"{interaction}.linear.weight"],
            linear_bias=parameters[f"{interaction}.linear.bias"],
            contraction=[parameters[f"{name}.weights.{order}"] for name in contractions for order in orders],
            product=parameters[f"{product}.linear.weight"],
            hidden_weights=[parameters[f"{name}.weight"] for name in mlp[:-1]],
            hidden_biases=[parameters[f"{name}.bias"] for name in mlp[:-1]],
        )
        layers.append(layer)

    gate, weight = (parameters[f"stiffness_head.nonlin_readout.linear_{n}.weight"] for n in (1, 2))
    multiplicities = dict.fromkeys(range(lmax + 1), config.readout_channels)
    readout = ReadoutParameters(gate, weight, weight.new_zeros(config.readout_channels), multiplicities)
    edges = Edges(sh, length, radius, batch.edge_index)
    sizes = NetworkSizes(config.max_edge_length, config.max_edge_radius, config.agg_norm_const, config.correlation)
    pooled = network(features, edges, batch.batch, batch.num_graphs, layers, readout, sizes)
    if lmax < 4:
        halves = unpack(pooled, config.readout_channels).chunk(2, dim=2)
        product_layer = expansion(config.readout_channels, lmax, like=features)
        coefficients = product_layer(pack(halves[0]), pack(halves[1]), parameters["stiffness_head.expansion.weight"])
    else:
        final = [parameters[f"stiffness_head.linear.{name}"] for name in ("weight", "bias")]
        coefficients = linear(pooled, irreps(config.readout_channels, lmax), STIFFNESS, *final)
    return {"stiffness": mandel(coefficients, config.positive_function)}
