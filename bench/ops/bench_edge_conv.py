"""edge_conv, forward and backward, over 128 of the lattices."""

import pytest
import torch

from bench.support import isolated, operations
from bench.support.lattices import sample
from bench.support.timing import measure, record
from fastlattice import ops
from fastlattice.ops import constants
from tests.support.network import conv_inputs
from tests.support.tolerances import OP_FORWARD, OP_GRADIENT, difference

LMAX, WIDTH, LATTICES = 4, 64, 128
WANTED = {
    "training": ("features", "hidden", "weight", "linear_weight", "linear_bias"),
    "geometry": ("features", "sh", "hidden"),
}


def inputs(batch, channels, l_in, dtype):
    graph = batch.graph()
    edges = len(graph.strut)
    given = conv_inputs(len(graph.positions), edges, channels, l_in, LMAX, width=WIDTH, dtype=dtype)
    return {**given, "edge_index": graph.edge_index, "strut": graph.strut, "hidden": given["hidden"][: edges // 2]}


def run(benchmark, conv, backend, batch, channels, l_in, dtype, direction, rounds):
    given = inputs(batch[:2], channels, l_in, dtype)  # nothing is timed that is not right
    leaves = [given[name].requires_grad_() for name in WANTED.get(direction, ("features",))]
    outs = conv(**given), ops.edge_conv(**given, backend="torch")
    assert difference(*outs) <= OP_FORWARD[dtype]
    for pair in zip(*(torch.autograd.grad(out.sin().sum(), leaves) for out in outs), strict=True):
        assert difference(*pair) <= OP_GRADIENT[dtype]

    given = inputs(batch, channels, l_in, dtype)
    nodes, edges = len(given["features"]), len(given["sh"])
    row = {
        "op": f"edge_conv {direction}" if direction == "forward" else f"edge_conv backward, {direction}",
        "backend": backend,
        "shapes": f"{nodes:,} nodes, {edges:,} edges, {channels} channels, l {l_in} to {LMAX}",
        "dtype": dtype,
        "multiply_adds": operations.edge_conv(nodes, edges, channels, l_in, LMAX, WIDTH, direction),
        "lattices": len(batch),
        "edges": edges,
    }
    if direction == "forward":
        with torch.no_grad():
            measure(benchmark, lambda: conv(**given), rounds, **row)
        return
    leaves = [given[name].requires_grad_() for name in WANTED[direction]]
    out = conv(**given)
    cotangent = torch.ones_like(out)

    def backward():
        return torch.autograd.grad(out, leaves, cotangent, retain_graph=True)

    measure(benchmark, backward, rounds, **row)


@pytest.mark.parametrize("direction", ["forward", "training", "geometry"])
@pytest.mark.parametrize(
    ("count", "channels", "l_in", "dtype", "threads"),
    [
        (1, 32, 4, torch.float32, 1),
        (LATTICES, 32, 4, torch.float32, 1),
        (LATTICES, 32, 4, torch.float32, 2),
        (LATTICES, 32, 0, torch.float32, 1),
        (LATTICES, 16, 4, torch.float32, 1),
        (LATTICES, 32, 4, torch.float64, 1),
    ],
    indirect=["threads"],
)
def test_native(benchmark, count, channels, l_in, dtype, threads, direction):
    def conv(**given):
        return ops.edge_conv(**given, backend="native")

    batch = sample(count)
    run(benchmark, conv, "native", batch, channels, l_in, dtype, direction, 15)


@pytest.mark.parametrize("direction", ["forward", "training", "geometry"])
def test_peer_torch(benchmark, direction):
    def conv(**given):
        return ops.edge_conv(**given, backend="torch")

    run(benchmark, conv, "torch", sample(8), 32, 4, torch.float32, direction, 3)


@pytest.mark.parametrize("direction", ["forward", "training"])
def test_peer_e3nn(benchmark, direction):
    """The released network's way: o3.TensorProduct, index_add, o3.Linear."""
    reference = pytest.importorskip("fastlattice.reference")
    run(benchmark, reference.edge_conv, "e3nn", sample(8), 32, 4, torch.float32, direction, 3)


def test_peer_torch_scatter(benchmark):
    """The sum over edges alone, of messages that are there already."""
    scatter = pytest.importorskip("torch_scatter")
    given = inputs(sample(8), 32, 4, torch.float32)
    width = sum(2 * path[2] + 1 for path in constants.edge_paths(LMAX, LMAX)) * 32
    messages = torch.randn(len(given["sh"]), width)
    expected = messages.new_zeros(len(given["features"]), width).index_add(0, given["edge_index"][1], messages)

    def call():
        return scatter.scatter_sum(messages, given["edge_index"][1], 0, dim_size=len(given["features"]))

    assert difference(call(), expected) <= OP_FORWARD[torch.float32]
    shapes = f"{len(messages)} edges to {len(expected)} nodes, {width:,} numbers each"
    moved = messages.nbytes + expected.nbytes
    measure(
        benchmark, call, 10, "sum of given messages", "torch-scatter", shapes, bytes_moved=moved, edges=len(messages)
    )


def test_peer_cuequivariance(benchmark):
    """cuEquivariance's channelwise tensor product alone: without the gather, the sum and the linear map."""
    pytest.importorskip("cuequivariance_torch")
    edges, channels = len(inputs(sample(8), 32, LMAX, torch.float32)["sh"]), 32
    found = []

    def call():
        found.append(isolated.run("bench.support.peer_cuequivariance:tensor_product", edges, channels, LMAX, 20))

    benchmark.pedantic(call, rounds=1)
    shapes = f"{edges:,} edges, {channels} channels, l {LMAX} to {LMAX}"
    row = ("channelwise tensor product alone, forward", "cuEquivariance", shapes)
    record(benchmark, found[0]["times"], *row, build_seconds=found[0]["build"], edges=edges)
