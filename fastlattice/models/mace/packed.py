"""The released network with its parameters packed: a single lattice's stiffness without what precedes every call."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import torch

from fastlattice._generated.abi import POSITIVE_FUNCTION
from fastlattice.lattice import LatticeBatch
from fastlattice.lattice.graph import graph_columns
from fastlattice.models.frozen import NODES
from fastlattice.models.mace.blocks import Layer
from fastlattice.ops import Edges
from fastlattice.ops.backends.native import call
from fastlattice.ops.message_passing import PackedNetwork

if TYPE_CHECKING:
    from fastlattice.models.mace.model import LatticeMACE


class PackedLatticeMACE:
    """What `LatticeMACE.stiffness` gives on the CPU, from the native functions alone.

    Args:
        model: of lmax 4, with nothing that the released network does not have; its parameters do not change any more.
    """

    def __init__(self, model: LatticeMACE) -> None:
        head, self._model = model.stiffness_head, model
        layers = [cast(Layer, layer).op_parameters() for layer in head.layers]
        self._network = PackedNetwork(layers, head._readout(), model.config.lmax, head.sizes)
        weight, embedding = next(model.parameters()), cast(torch.nn.Linear, model.node_ft_embedding)
        one = embedding(weight.new_ones(1, 1))[:, None]
        self._features = one.expand(NODES, -1, -1).contiguous()  # of as many nodes as come at once
        self._function = POSITIVE_FUNCTION.index(model.config.positive_function)
        self._dtype = weight.dtype

    def __call__(self, batch: LatticeBatch) -> torch.Tensor | None:
        """[B, 6, 6] of lattices of at most `NODES` nodes that `fastlattice.fe.check` has found sound, or None where a
        strut has no length in the network's dtype."""
        model, dtype = self._model, self._dtype
        shifts, radius, index, owner, strut, reverse, first = graph_columns(batch._geometry)
        positions, shifts, radius = batch.positions.to(dtype), shifts.to(dtype), radius.to(dtype)
        if model.conventions.radius_factor != 1:
            radius = radius * model.conventions.radius_factor
        nodes, edges, graphs = owner.shape[0], strut.shape[0], batch.cell.shape[0]
        sh, length = positions.new_empty(edges, 25), positions.new_empty(edges)
        call("fl_edge_sh", dtype, nodes, edges, 4, positions, index, shifts, reverse, sh, length)
        if not bool(length.all()):
            return None
        if model.config.slenderness:
            radius = radius / length
        seen = Edges(sh, length.index_select(0, first), radius.index_select(0, first), index, strut)
        coefficients = self._network(self._features[:nodes], seen, owner, graphs)
        out = coefficients.new_empty(graphs, 6, 6)
        call("fl_mandel", dtype, graphs, self._function, coefficients, out)
        if model.conventions.scale != 1:
            out = out * model.conventions.scale
        if model.conventions.quantity == "C/density":
            out = out * batch.relative_density.to(dtype)[:, None, None]
        return out
