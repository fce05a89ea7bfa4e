"""The whole network, read from top to bottom (Grega et al. 2024, appendix A.10)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from e3nn import nn, o3

from fastlattice.config import MACEConfig
from fastlattice.reference.edge_conv import edge_conv
from fastlattice.reference.edge_sh import edge_sh
from fastlattice.reference.irreps import built_once, irreps, linear, pack, unpack
from fastlattice.reference.mandel import mandel
from fastlattice.reference.radial_mlp import radial_mlp
from fastlattice.reference.symmetric_contraction import symmetric_contraction

STIFFNESS = o3.Irreps("2x0e + 2x2e + 1x4e")


@built_once
def gate(channels: int, lmax: int) -> nn.Gate:
    """SiLU of the scalars; each other irrep times SiLU of a scalar of its own."""
    hidden, silu = irreps(channels, lmax), torch.nn.functional.silu
    gates = o3.Irreps([(channels, "0e")] * lmax)
    return nn.Gate(hidden[:1], [silu], gates, [silu] * lmax, hidden[1:])


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

    for t in range(config.message_passes):
        interaction, product = (f"stiffness_head.layers.{t}.{block}" for block in ("interaction", "product"))
        irreps_in = hidden_irreps if t else hidden_irreps[:1]
        senders = linear(pack(features), irreps_in, irreps_in, parameters[f"{interaction}.linear_up.weight"])
        mlp = [f"{interaction}.conv_tp_weights.{2 * i}" for i in range(config.inter_MLP_layers)]
        hidden = radial_mlp(
            length,
            radius,
            [parameters[f"{name}.weight"] for name in mlp[:-1]],
            [parameters[f"{name}.bias"] for name in mlp[:-1]],
            config.max_edge_length,
            config.max_edge_radius,
        )
        atomic = edge_conv(
            unpack(senders, channels),
            sh,
            hidden,
            parameters[f"{mlp[-1]}.weight"],
            batch.edge_index,
            parameters[f"{interaction}.linear.weight"],
            parameters[f"{interaction}.linear.bias"],
            config.agg_norm_const,
        )
        contractions = [f"{product}.symmetric_contractions.contractions.{channels}x{ir}" for _, ir in hidden_irreps]
        weights = [parameters[f"{name}.weights.{order}"] for name in contractions for order in orders]
        message = symmetric_contraction(atomic, weights, config.correlation, range(lmax + 1))
        message = linear(pack(message), hidden_irreps, hidden_irreps, parameters[f"{product}.linear.weight"])
        update = unpack(message, channels)
        features = update if t == 0 else features + update

    readout, readout_irreps = "stiffness_head.nonlin_readout", irreps(config.readout_channels, lmax)
    nonlinearity = gate(channels, lmax, like=features)
    gate_in, gate_out = nonlinearity.irreps_in.simplify(), nonlinearity.irreps_out.simplify()
    output = linear(pack(features), hidden_irreps, gate_in, parameters[f"{readout}.linear_1.weight"])
    output = linear(nonlinearity(output), gate_out, readout_irreps, parameters[f"{readout}.linear_2.weight"])

    pooled = output.new_zeros(batch.num_graphs, output.shape[1]).index_add(0, batch.batch, output)
    pooled = pooled / torch.bincount(batch.batch, minlength=batch.num_graphs)[:, None]
    if lmax < 4:
        halves = unpack(pooled, config.readout_channels).chunk(2, dim=2)
        product_layer = expansion(config.readout_channels, lmax, like=features)
        coefficients = product_layer(pack(halves[0]), pack(halves[1]), parameters["stiffness_head.expansion.weight"])
    else:
        final = [parameters[f"stiffness_head.linear.{name}"] for name in ("weight", "bias")]
        coefficients = linear(pooled, readout_irreps, STIFFNESS, *final)
    return {"stiffness": mandel(coefficients, config.positive_function)}
