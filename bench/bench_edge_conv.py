"""edge_conv, forward and backward, over real lattices: time an edge, and the fraction of the multiply-adds.

The fraction counts the native algorithm's operations for every backend, so that fractions compare like times; the
weights of the messages count once a strut. A backward pass of training makes the messages again instead of keeping
them; one for geometry has no gradients of parameters, but those of the harmonics.
"""

import pytest
import torch

from bench.timing import measure
from fastlattice import _tables, ops
from tests.network import conv_inputs
from tests.tolerances import OP_FORWARD, OP_GRADIENT, difference

WIDTH, LATTICES = 64, 128
WANTED = {
    "training": ("features", "hidden", "weight", "linear_weight", "linear_bias"),
    "geometry": ("features", "sh", "hidden"),
}


def inputs(batch, channels, l_in, lmax, dtype):
    graph = batch.graph()
    edges = len(graph.strut)
    given = conv_inputs(len(graph.positions), edges, channels, l_in, lmax, width=WIDTH, dtype=dtype)
    return {**given, "edge_index": graph.edge_index, "strut": graph.strut, "hidden": given["hidden"][: edges // 2]}


def operations(given, direction):
    """Multiply-adds of a call."""
    nodes, components, channels = given["features"].shape
    l_in, lmax = (round(n**0.5) - 1 for n in (components, given["sh"].shape[1]))
    paths = _tables.edge_paths(l_in, lmax)
    coefficients = [_tables.clebsch_gordan(*path) for path in paths]
    couplings = sum(int(c.any(dim=1).sum()) for c in coefficients)
    weights = sum(min(2 * l1 + 1, 2 * l3 + 1) for l1, _, l3 in paths)
    edges, struts = given["sh"].shape[0], given["hidden"].shape[0]
    product = edges * (couplings + weights) * channels
    radial = struts * WIDTH * len(paths) * channels
    linear = nodes * sum(2 * l3 + 1 for _, _, l3 in paths) * channels**2
    if direction == "forward":
        return product + radial + linear
    if direction == "training":
        return 2 * product + 3 * radial + 2 * linear
    terms = sum(int(c.count_nonzero()) for c in coefficients)
    return product + edges * (couplings * channels + terms * 16) + 2 * radial + linear


def run(benchmark, conv, batch, channels, l_in, lmax, dtype, direction, rounds):
    given = inputs(batch[:2], channels, l_in, lmax, dtype)  # nothing is timed that is not right
    leaves = [given[name].requires_grad_() for name in WANTED.get(direction, ("features",))]
    outs = conv(**given), ops.edge_conv(**given, backend="torch")
    assert difference(*outs) <= OP_FORWARD[dtype]
    for pair in zip(*(torch.autograd.grad(out.sin().sum(), leaves) for out in outs), strict=True):
        assert difference(*pair) <= OP_GRADIENT[dtype]

    given = inputs(batch, channels, l_in, lmax, dtype)
    per = {"edge": len(given["sh"]), "node": len(given["features"]), "lattice": len(batch)}
    count = operations(given, direction)
    benchmark.extra_info.update(channels=channels, l_in=l_in, lmax=lmax, items=len(batch))
    if direction == "forward":
        with torch.no_grad():
            return measure(benchmark, lambda: conv(**given), rounds, dtype, count, **per)
    leaves = [given[name].requires_grad_() for name in WANTED[direction]]
    out = conv(**given)
    cotangent = torch.ones_like(out)
    return measure(
        benchmark, lambda: torch.autograd.grad(out, leaves, cotangent, retain_graph=True), rounds, dtype, count, **per
    )


@pytest.fixture
def threads():
    """Sets torch's number of threads for a benchmark."""
    yield torch.set_num_threads
    torch.set_num_threads(1)


@pytest.mark.parametrize("direction", ["forward", "training", "geometry"])
@pytest.mark.parametrize(
    ("lattices", "channels", "l_in", "dtype", "count"),
    [
        (1, 32, 4, torch.float32, 1),
        (LATTICES, 32, 4, torch.float32, 1),
        (LATTICES, 32, 4, torch.float32, 2),
        (LATTICES, 32, 0, torch.float32, 1),
        (LATTICES, 16, 4, torch.float32, 1),
        (LATTICES, 32, 4, torch.float64, 1),
    ],
)
def test_native(benchmark, real_lattices, threads, lattices, channels, l_in, dtype, count, direction):
    def conv(**given):
        return ops.edge_conv(**given, backend="native")

    threads(count)
    run(benchmark, conv, real_lattices[:lattices], channels, l_in, 4, dtype, direction, 15)


@pytest.mark.parametrize("direction", ["forward", "training", "geometry"])
def test_peer_torch(benchmark, real_lattices, direction):
    def conv(**given):
        return ops.edge_conv(**given, backend="torch")

    run(benchmark, conv, real_lattices[:8], 32, 4, 4, torch.float32, direction, 3)


@pytest.mark.parametrize("direction", ["forward", "training"])
def test_peer_e3nn(benchmark, real_lattices, direction):
    """The released network's way: o3.TensorProduct, index_add, o3.Linear."""
    reference = pytest.importorskip("fastlattice.reference")
    run(benchmark, reference.edge_conv, real_lattices[:8], 32, 4, 4, torch.float32, direction, 3)


def test_peer_torch_scatter(benchmark, real_lattices):
    """The sum over edges alone, of messages that are there already."""
    scatter = pytest.importorskip("torch_scatter")
    given = inputs(real_lattices[:8], 32, 4, 4, torch.float32)
    rows = sum(2 * path[2] + 1 for path in _tables.edge_paths(4, 4)) * 32
    messages = torch.randn(len(given["sh"]), rows)
    expected = messages.new_zeros(len(given["features"]), rows).index_add(0, given["edge_index"][1], messages)

    def call():
        return scatter.scatter_sum(messages, given["edge_index"][1], 0, dim_size=len(given["features"]))

    assert difference(call(), expected) <= OP_FORWARD[torch.float32]
    measure(benchmark, call, 10, torch.float32, bytes_moved=messages.nbytes, edge=len(messages))
