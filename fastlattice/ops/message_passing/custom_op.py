"""message passing as a custom op: its arguments by meaning and, for torch, one by one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import torch

from fastlattice.ops import constants
from fastlattice.ops.arguments import Edges, LayerParameters, NetworkSizes, ReadoutParameters
from fastlattice.ops.custom_op import CustomOp
from fastlattice.ops.symmetric_contraction import fold_weights

FIRST = 5
"""A layer's parameters before those of the contraction."""

READOUT = 3
"""Parameters of a readout."""


class Call(NamedTuple):
    """What the op takes.

    Attributes:
        features: [N, (l_in + 1)^2, C] of the first layer.
        edges: between the N nodes.
        batch: [N] int64, the lattice of each node; None: there is no readout.
        num_graphs: lattices, for the readout.
        parameters: of layer after layer, then of the readout; see `parameters_of`.
        layers: how many there are.
        contraction: tensors that a layer's contraction has, one if its weights are folded.
        sizes: the network's.
        output_degrees: of the last layer; the others compute all.
        residuals: one bit for each layer, whether it adds its features.
        norms: one bit for each layer, whether it reads their norm; the scale is the last of its parameters.
        multiplicities: of every degree that comes out of the readout; empty without one.
        keep: whether what the gradients need is kept.
    """

    features: torch.Tensor
    edges: Edges
    batch: torch.Tensor | None
    num_graphs: int
    parameters: list[torch.Tensor]
    layers: int
    contraction: int
    sizes: NetworkSizes
    output_degrees: list[int]
    residuals: int
    norms: int
    multiplicities: list[int]
    keep: bool

    def flat(self) -> tuple[Any, ...]:
        """The arguments as ARGUMENTS lists them."""
        e, s = self.edges, self.sizes
        edges, numbers = (e.sh, e.length, e.radius, e.index, e.strut), (s.max_length, s.max_radius, s.agg_norm)
        norm = s.norm_share, s.norm_floor
        counts = self.num_graphs, self.parameters, self.layers, self.contraction
        last = self.output_degrees, self.residuals, self.norms, self.multiplicities, self.keep
        return self.features, *edges, self.batch, *counts, *numbers, s.correlation, *norm, *last

    @classmethod
    def of(cls, flat: Sequence[Any]) -> Call:
        """The inverse of `flat`."""
        edges, sizes = Edges(*flat[1:6]), NetworkSizes(*flat[11:17])
        batch, num_graphs, parameters, layers, contraction = flat[6:11]
        return cls(flat[0], edges, batch, num_graphs, parameters, layers, contraction, sizes, *flat[17:22])


ARGUMENTS = (
    "Tensor features, Tensor sh, Tensor length, Tensor radius, Tensor edge_index, Tensor? strut, Tensor? batch, "
    "SymInt num_graphs, Tensor[] parameters, int layers, int contraction, float max_length, float max_radius, "
    "float agg_norm, int correlation, float norm_share, float norm_floor, int[] output_degrees, int residuals, "
    "int norms, int[] multiplicities, bool keep"
)


def parameters_of(
    layers: Sequence[LayerParameters], readout: ReadoutParameters | None, lmax: int, correlation: int
) -> tuple[int, list[torch.Tensor]]:
    """How many tensors the contraction of a layer has, and one list of all; the weights of all are folded, or none."""
    folded = any(isinstance(layer.contraction, torch.Tensor) for layer in layers)
    count, tensors = 1 if folded else len(constants.weight_counts(lmax, correlation)), []
    for p in layers:
        contraction = [p.contraction] if isinstance(p.contraction, torch.Tensor) else p.contraction
        if len(contraction) != count:
            contraction = [fold_weights(contraction, lmax, correlation)]
        tensors += [p.up, p.radial, p.linear_weight, p.linear_bias, p.product, *contraction]
        tensors += [*p.hidden_weights, *p.hidden_biases, *([] if p.norm is None else [p.norm])]
    if readout is not None:
        tensors += [readout.gate, readout.weight, readout.bias]
    return count, tensors


def empty_results(call: Call) -> tuple[torch.Tensor, torch.Tensor]:
    """Room for the readout of every lattice, or the features of every node; and for what the gradients need."""
    features, (nodes, _, channels) = call.features, call.features.shape
    each = nodes, call.edges.sh.shape[1], channels
    width = sum(count * (2 * degree + 1) for degree, count in enumerate(call.multiplicities))
    out = features.new_empty(each if call.batch is None else (call.num_graphs, width))
    if not call.keep:
        return out, features.new_empty(0)
    return out, features.new_empty(2 * call.layers, *each)


def _fake(*flat: Any) -> tuple[torch.Tensor, torch.Tensor]:
    return empty_results(Call.of(flat))


MESSAGE_PASSING = CustomOp(
    "network",
    ARGUMENTS,
    groups=(("features",), ("sh",), ("length", "radius"), ("parameters",)),
    fake=_fake,
    kept=1,
)
