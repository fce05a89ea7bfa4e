"""readout, forward and training, over the nodes of 512 of the lattices."""

import pytest
import torch

from bench.support import operations
from bench.support.lattices import sample
from bench.support.timing import measure
from fastlattice import ops
from tests.support.tolerances import OP_FORWARD, OP_GRADIENT, difference

CHANNELS, LMAX, COPIES = 32, 4, {0: 2, 2: 2, 4: 1}  # a stiffness: 2x0e + 2x2e + 1x4e


def inputs(batch):
    rng = torch.Generator().manual_seed(0)
    nodes, owner = len(batch.positions), torch.arange(len(batch)).repeat_interleave(batch.node_counts)
    features = torch.randn(nodes, (LMAX + 1) ** 2, CHANNELS, generator=rng)
    gate = torch.randn((2 * LMAX + 1) * CHANNELS**2, generator=rng)
    weight = torch.randn(CHANNELS * sum(COPIES.values()), generator=rng)
    leaves = [x.requires_grad_() for x in (features, gate, weight, torch.randn(COPIES[0], generator=rng))]
    return leaves, owner, len(batch)


def run(leaves, owner, graphs, backend):
    features, *parameters = leaves
    return ops.readout(features, owner, graphs, *parameters, COPIES, backend=backend)


@pytest.mark.parametrize("direction", ["forward", "training"])
@pytest.mark.parametrize(("backend", "threads"), [("native", 1), ("native", 2), ("torch", 1)], indirect=["threads"])
def test_readout(benchmark, backend, threads, direction):
    given = inputs(sample(2))  # nothing is timed that is not right
    outs = [run(*given, name) for name in (backend, "torch")]
    assert difference(*outs) <= OP_FORWARD[torch.float32]
    for pair in zip(*(torch.autograd.grad(out.sin().sum(), given[0]) for out in outs), strict=True):
        assert difference(*pair) <= OP_GRADIENT[torch.float32]

    batch = sample(512)
    given, nodes = inputs(batch), len(batch.positions)
    entries = sum(n * (2 * degree + 1) for degree, n in COPIES.items())
    row = {
        "op": "readout forward" if direction == "forward" else "readout backward, training",
        "backend": backend,
        "shapes": f"{nodes:,} nodes, {CHANNELS} channels, to {entries} numbers a lattice",
        "multiply_adds": operations.readout(nodes, len(batch), CHANNELS, tuple(COPIES), entries, direction),
        "lattices": len(batch),
    }
    if direction == "forward":
        with torch.no_grad():
            measure(benchmark, lambda: run(*given, backend), 15, **row)
        return
    out = run(*given, backend)
    cotangent = torch.ones_like(out)

    def backward():
        return torch.autograd.grad(out, given[0], cotangent, retain_graph=True)

    measure(benchmark, backward, 15, **row)
