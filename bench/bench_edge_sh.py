"""edge_sh, forward and backward, over real lattices: time an edge, and the fraction of the rate of a copy."""

import pytest
import torch

from bench.timing import measure
from fastlattice import ops
from tests.tolerances import OP_FORWARD, OP_GRADIENT, difference

LMAX = 4


def inputs(batch, dtype, leaves=False):
    graph = batch.graph()
    positions, shifts = (t.to(dtype, copy=True).requires_grad_(leaves) for t in (graph.positions, graph.shifts))
    return positions, graph.edge_index, shifts, LMAX, graph.reverse


def run(benchmark, edge_sh, batch, dtype, direction, rounds):
    given = inputs(batch[:4], dtype, leaves=True)  # nothing is timed that is not right
    pairs = edge_sh(*given), ops.edge_sh(*given, backend="torch")
    assert all(difference(*pair) <= OP_FORWARD[dtype] for pair in zip(*pairs, strict=True))
    slopes = [torch.autograd.grad(sh.sin().sum() + r.sin().sum(), [given[0], given[2]]) for sh, r in pairs]
    assert all(difference(*pair) <= OP_GRADIENT[dtype] for pair in zip(*slopes, strict=True))

    given = inputs(batch, dtype, leaves=direction == "backward")
    edges, size = len(given[2]), given[2].element_size()
    moved = edges * (2 * 8 + (3 + (LMAX + 1) ** 2 + 1) * size)
    benchmark.extra_info["items"] = len(batch)
    if direction == "forward":
        return measure(benchmark, lambda: edge_sh(*given), rounds, dtype, bytes_moved=moved, edge=edges)
    outs = edge_sh(*given)
    cotangents = [torch.ones_like(out) for out in outs]
    leaves = [given[0], given[2]]

    def backward():
        return torch.autograd.grad(outs, leaves, cotangents, retain_graph=True)

    return measure(benchmark, backward, rounds, dtype, bytes_moved=moved + edges * 3 * size, edge=edges)


@pytest.mark.parametrize("direction", ["forward", "backward"])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("backend", ["native", "torch"])
def test_edge_sh(benchmark, real_lattices, backend, dtype, direction):
    def edge_sh(*given):
        return ops.edge_sh(*given, backend=backend)

    run(benchmark, edge_sh, real_lattices, dtype, direction, 20)


@pytest.mark.parametrize("direction", ["forward", "backward"])
def test_peer_e3nn(benchmark, real_lattices, direction):
    reference = pytest.importorskip("fastlattice.reference")

    def edge_sh(*given):
        return reference.edge_sh(*given[:4])

    run(benchmark, edge_sh, real_lattices, torch.float32, direction, 5)
