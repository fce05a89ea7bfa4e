"""edge_sh, forward and backward, over the 1,024 lattices."""

import pytest
import torch

from bench.support.timing import measure
from fastlattice import ops
from tests.support.tolerances import OP_FORWARD, OP_GRADIENT, difference

LMAX = 4


def inputs(batch, dtype, leaves=False):
    graph = batch.graph()
    positions, shifts = (t.to(dtype, copy=True).requires_grad_(leaves) for t in (graph.positions, graph.shifts))
    return positions, graph.edge_index, shifts, LMAX, graph.reverse


def run(benchmark, edge_sh, backend, batch, dtype, direction, rounds):
    given = inputs(batch[:4], dtype, leaves=True)  # nothing is timed that is not right
    pairs = edge_sh(*given), ops.edge_sh(*given, backend="torch")
    assert all(difference(*pair) <= OP_FORWARD[dtype] for pair in zip(*pairs, strict=True))
    gradients = [torch.autograd.grad(sh.sin().sum() + r.sin().sum(), [given[0], given[2]]) for sh, r in pairs]
    assert all(difference(*pair) <= OP_GRADIENT[dtype] for pair in zip(*gradients, strict=True))

    given = inputs(batch, dtype, leaves=direction == "backward")
    edges, size = len(given[2]), given[2].element_size()
    moved = edges * (2 * 8 + (3 + (LMAX + 1) ** 2 + 1) * size)
    row = {"op": f"edge_sh {direction}", "backend": backend, "shapes": f"{edges:,} edges, lmax {LMAX}"}
    row.update(dtype=dtype, lattices=len(batch), edges=edges)
    if direction == "forward":
        measure(benchmark, lambda: edge_sh(*given), rounds, bytes_moved=moved, **row)
        return
    outs = edge_sh(*given)
    cotangents, leaves = [torch.ones_like(out) for out in outs], [given[0], given[2]]

    def backward():
        return torch.autograd.grad(outs, leaves, cotangents, retain_graph=True)

    measure(benchmark, backward, rounds, bytes_moved=moved + edges * 3 * size, **row)


@pytest.mark.parametrize("direction", ["forward", "backward"])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("backend", ["native", "torch"])
def test_edge_sh(benchmark, lattices, backend, dtype, direction):
    def edge_sh(*given):
        return ops.edge_sh(*given, backend=backend)

    run(benchmark, edge_sh, backend, lattices, dtype, direction, 15)


@pytest.mark.parametrize("direction", ["forward", "backward"])
def test_peer_e3nn(benchmark, lattices, direction):
    reference = pytest.importorskip("fastlattice.reference")

    def edge_sh(*given):
        return reference.edge_sh(*given[:4])

    run(benchmark, edge_sh, "e3nn", lattices, torch.float32, direction, 5)
