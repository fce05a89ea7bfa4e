"""Batches of PyTorch Geometric."""

from __future__ import annotations

import pytest

from fastlattice import LatticeBatch

FIELDS = ("edge_index", "positions", "shifts", "edge_attr", "node_attrs")


def data_list(batch: LatticeBatch):
    """One torch_geometric Data for each lattice, as the released code makes them."""
    data = pytest.importorskip("torch_geometric.data")
    graphs = [batch[b : b + 1].graph() for b in range(len(batch))]
    return [
        data.Data(**{name: getattr(graph, name) for name in FIELDS}, num_nodes=len(graph.positions)) for graph in graphs
    ]


def geometric_batch(batch: LatticeBatch):
    return pytest.importorskip("torch_geometric.data").Batch.from_data_list(data_list(batch))
