"""Both directions of every strut as one list of edges, native: csrc/graph.cpp."""

from __future__ import annotations

import torch

from fastlattice import _native


def periodic_edges(
    node_offsets: torch.Tensor, strut_offsets: torch.Tensor, struts: torch.Tensor, num_nodes: int
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """Edges of a LatticeBatch, sorted by receiver.

    Args:
        node_offsets: [B + 1] int64.
        strut_offsets: [B + 1] int64.
        struts: [M, 2] int64, counted from the lattice's first node.
        num_nodes: N.

    Returns:
        edge_index [2, 2 M], strut, reverse [2 M] and first_edge [M] as in Graph, the lattice [M] of each strut, batch
        [N] as in Graph, and the sign [2 M] float64 of each edge's direction along its strut.
    """
    run = _op if torch.compiler.is_compiling() else _periodic_edges  # the dispatcher has nothing to add
    return run(node_offsets, strut_offsets, struts, num_nodes)


def _periodic_edges(
    node_offsets: torch.Tensor, strut_offsets: torch.Tensor, struts: torch.Tensor, num_nodes: int
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    results = _empty(struts, num_nodes)
    arrays = node_offsets.contiguous(), strut_offsets.contiguous(), struts.contiguous()
    _native.call("fl_periodic_edges", len(node_offsets) - 1, num_nodes, len(struts), *arrays, *results)
    return results


_op = torch.library.custom_op("fastlattice::periodic_edges", _periodic_edges, mutates_args=(), device_types="cpu")


@_op.register_fake
def _(node_offsets, strut_offsets, struts, num_nodes):  # type: ignore[no-untyped-def]
    return _empty(struts, num_nodes)


def _empty(
    struts: torch.Tensor, num_nodes: int
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    count = struts.shape[0]
    edges = struts.new_empty(2, 2 * count), struts.new_empty(2 * count), struts.new_empty(2 * count)
    sign = struts.new_empty(2 * count, dtype=torch.float64)
    return *edges, struts.new_empty(count), struts.new_empty(count), struts.new_empty(num_nodes), sign
