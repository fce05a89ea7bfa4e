"""The native network and its layers: against torch, awkward lattices, determinism, custom op."""

import os
import subprocess
import sys

import pytest
import torch

from fastlattice import LatticeBatch
from fastlattice._native import NativeError
from fastlattice.errors import BackendError
from tests.support.instruction_sets import OTHERS
from tests.support.network import (
    FLOAT,
    assert_agreement,
    assert_same_bits,
    compute,
    cotangent_of,
    generator,
    lattices,
    layer_inputs,
    leaves_of,
    network_inputs,
    on_lattices,
    ring,
    rotation,
    wigner,
    with_gradients,
    with_leaves,
    with_threads,
)
from tests.support.tolerances import difference

pytestmark = pytest.mark.usefixtures("uninitialised_memory_is_nan")

DTYPES = [torch.float64, torch.float32]
GRAPH = ("features", "sh", "length", "radius")


def compare(given, names=None):
    assert_agreement(given, "native", "torch", names)


def real(channels, lmax, layers=2, **options):
    return on_lattices(network_inputs, channels, lmax, layers, graphs=len(lattices()), **options)


def of_layer(dtype=FLOAT):
    return on_lattices(layer_inputs, 3, 2, 2, residual=True, dtype=dtype)


def of_network(dtype=FLOAT):
    return real(3, 2, released=[0, 1], dtype=dtype)


def with_norms(given, layers):
    """Before all layers but the first."""
    source, scales = generator(6), {}
    for t in range(1, layers):
        bias = given[f"{t}.linear_bias"]
        scales[f"{t}.norm"] = torch.rand(3, bias.shape[-1], generator=source, dtype=bias.dtype) + 0.5
    return {**given, **scales}


BOTH = pytest.mark.parametrize("inputs", [of_layer, of_network])


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("channels", [3, 16])
def test_norms(channels, dtype):
    """Between layers; without gradients nothing is kept, and the result has the same bits."""
    given = with_norms(real(channels, 2, 3, dtype=dtype), 3)
    compare(given)
    compare(given, ["1.norm"])
    assert torch.equal(compute(given), with_gradients(given, "native")[0])


def test_features_of_all_degrees_to_begin_with():
    given = with_norms(real(5, 2, 2), 2)
    given["features"] = torch.randn(len(given["batch"]), 9, 5, generator=generator(4), dtype=FLOAT)
    first = on_lattices(layer_inputs, 5, 2, 2)
    given.update({f"0.{name}": first[name] for name in ("up", "radial", "linear_weight")})
    compare(given)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(
    ("layers", "lmax", "correlation", "channels", "multiplicities"),
    [
        (1, 1, 1, 1, {0: 1}),
        (2, 1, 2, 33, {0: 2, 1: 3}),
        (3, 1, 3, 5, {0: 2, 1: 1}),
        (1, 2, 3, 32, {0: 1, 1: 2, 2: 3}),
        (2, 2, 1, 17, {0: 2, 2: 1}),
        (3, 2, 2, 5, {0: 2, 1: 1}),
        (1, 3, 2, 1, {0: 2, 3: 9}),
        (2, 3, 3, 17, {0: 3, 1: 3, 2: 3, 3: 3}),
        (3, 3, 1, 5, {0: 1}),
        (1, 4, 1, 33, {0: 2, 2: 2, 4: 1}),
        (2, 4, 3, 5, {0: 2, 2: 2, 4: 1}),
        (3, 4, 2, 1, {0: 2, 2: 2, 4: 1}),
    ],
)
def test_sizes(layers, lmax, correlation, channels, multiplicities, dtype):
    released = range(layers) if channels % 2 else ()
    compare(
        real(
            channels,
            lmax,
            layers,
            multiplicities=multiplicities,
            correlation=correlation,
            released=released,
            dtype=dtype,
        )
    )


@pytest.mark.parametrize("dtype", DTYPES)
def test_a_stiffness(dtype):
    """32 channels to degree 4 in all orders, with the released network's weights."""
    multiplicities = {0: 2, 2: 2, 4: 1}
    compare(real(32, 4, multiplicities=multiplicities, released=[0, 1], width=64, dtype=dtype))


@pytest.mark.parametrize("released", [(0, 1, 2), (1,), (0, 2)])
def test_released_and_folded_weights(released):
    compare(real(3, 2, 3, released=released))


@pytest.mark.parametrize(
    ("nodes", "edges", "graphs"),
    [(0, 0, 0), (1, 0, 1), (70, 0, 70), (200, 0, 3), (1, 1, 1), (1, 63, 1), (9, 63, 9), (50, 1000, 4), (500, 63, 90)],
)
@pytest.mark.parametrize("layers", [1, 3])
def test_awkward_graphs(nodes, edges, graphs, layers):
    """One way, unsorted, with self- and multi-edges; nodes without edges, each a lattice of its own or many one's."""
    compare(network_inputs(nodes, edges, 3, 2, layers, graphs=graphs, correlation=2))


def unsorted(given, across=False):
    """The nodes in any order; `across`: also in any lattice, so that edges join different ones."""
    order = torch.randperm(len(given["batch"]), generator=generator(4))
    if across:
        return {**given, "batch": given["batch"][order]}
    place = torch.argsort(order)
    return {**given, "batch": given["batch"][order], "edge_index": place[given["edge_index"]]}


@pytest.mark.parametrize("across", [False, True])
def test_nodes_in_any_order(across):
    given = network_inputs(90, 200, 3, 2, graphs=9, struts=100)
    compare(unsorted(given, across))
    compare(unsorted(real(3, 2), across))


@pytest.mark.parametrize("per_lattice", [2, 50])
def test_lattices_of_several_components(per_lattice):
    """Many small graphs, of which a lattice has some: next to each other, or one in many."""
    given = network_inputs(300, 900, 3, 1, graphs=100)
    count = 100 // per_lattice
    for batch in (given["batch"] // per_lattice, given["batch"] % count):
        compare({**given, "batch": batch, "num_graphs": count})


def large(nodes, channels=2, lmax=1, layers=2, among=0, dtype=FLOAT):
    """One lattice of some nodes, with as many small ones before as after it; `among` is even, and the large one's."""
    one, first = ring(nodes), 2 * among  # the large one's first node
    small = network_inputs(4 * among, 12 * among, 1, 1, 1, graphs=among)
    own = small["edge_index"][0] // 4 * 7 + torch.arange(12 * among) % 6  # the seventh strut has no edge
    options = {"struts": nodes + 7 * among, "graphs": among + 1, "dtype": dtype}
    given = network_inputs(nodes + 4 * among, 2 * nodes + 12 * among, channels, lmax, layers, **options)
    moved = small["edge_index"] + nodes * (small["edge_index"] >= first)
    columns = {
        "edge_index": torch.cat([moved, one["edge_index"] + first], dim=1),
        "strut": torch.cat([own + nodes, one["strut"]]),
        "batch": torch.cat([small["batch"][:first], torch.full((nodes,), among), small["batch"][first:]]),
    }
    return {**given, **columns}


@pytest.mark.parametrize(("nodes", "among"), [(700, 8), (5000, 0)])
def test_large_lattices(nodes, among):
    compare(large(nodes, among=among))


@pytest.mark.parametrize("struts", [1, 7, 90])
def test_shared_struts(struts):
    """Any edges may share a strut, across the whole graph; struts that no edge uses have no gradient."""
    given = network_inputs(40, 60, 4, 2, struts=struts, graphs=5)
    compare(given)
    unused = torch.ones(struts, dtype=torch.bool)
    unused[given["strut"]] = False
    grads = with_gradients(given, "native")[1]
    assert not grads["length"][unused].any()
    assert not grads["radius"][unused].any()


LEAVES = list(leaves_of(network_inputs(1, 1, 1, 1, released=[0, 1], correlation=1)))


@pytest.mark.parametrize("names", [(name,) for name in LEAVES] + [GRAPH, ("features", "weight"), ("sh", "0.up")])
def test_some_gradients(names):
    compare(real(3, 2, released=[0, 1], correlation=1), names)


@pytest.mark.parametrize(("layers", "released"), [(1, ()), (2, (0, 1)), (3, (1,))])
def test_gradcheck(layers, released):
    given = network_inputs(3, 5, 2, 1, layers, width=2, correlation=2, released=released)
    leaves = leaves_of(given)

    def function(*values):
        return compute(with_leaves(given, dict(zip(leaves, values, strict=True))), "native")

    assert torch.autograd.gradcheck(function, list(leaves.values()), fast_mode=layers > 1)


@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float64, 1e-12), (torch.float32, 1e-5)])
@pytest.mark.parametrize("proper", [True, False])
def test_equivariance(proper, dtype, tolerance):
    pytest.importorskip("e3nn")
    given = network_inputs(6, 40, 4, 4, 2, graphs=2, multiplicities=dict.fromkeys(range(5), 1), dtype=dtype)
    turn = wigner(4, rotation(proper)).to(dtype)
    found = compute({**given, "sh": given["sh"] @ turn.T}, "native")
    assert difference(found, compute(given, "native") @ turn.T) <= tolerance


# ---- Determinism


def alone(given, lattice):
    """One lattice of a batch, and which nodes, edges and struts it has."""
    node = (given["batch"] == lattice).nonzero()[:, 0]
    place = torch.full_like(given["batch"], -1)
    place[node] = torch.arange(len(node))
    edge = (place[given["edge_index"][1]] >= 0).nonzero()[:, 0]
    strut, row = given["strut"][edge].unique(return_inverse=True)
    rows = dict(zip(GRAPH, (node, edge, strut, strut), strict=True))
    mine = {name: given[name][index] for name, index in rows.items()}
    columns = {"edge_index": place[given["edge_index"][:, edge]], "strut": row, "batch": place[node] * 0}
    return {**given, **mine, **columns, "num_graphs": 1}, rows


def same_bits_alone_and_with_any_threads(given, some):
    results, *others = [with_threads(n, with_gradients, given, "native") for n in (1, 2, 3)]
    for other in others:
        assert_same_bits(results, other)
    out, grads = results
    cotangent = cotangent_of(out)
    for lattice in some:
        mine, rows = alone(given, lattice)
        leaves = leaves_of({name: mine[name] for name in GRAPH})
        found = compute(with_leaves(mine, leaves), "native")
        assert torch.equal(found[0], out[lattice])
        gradients = torch.autograd.grad(found, list(leaves.values()), cotangent[lattice : lattice + 1])
        for (name, row), gradient in zip(rows.items(), gradients, strict=True):
            assert torch.equal(gradient, grads[name][row]), (name, lattice)


@pytest.mark.parametrize(("channels", "dtype"), [(32, torch.float32), (5, FLOAT)])
@pytest.mark.parametrize("layers", [1, 2])
def test_batch_mates_and_threads_change_no_bit(channels, dtype, layers):
    """Batches of many pieces, whose parameters' gradients are sums of several parts."""
    batch = LatticeBatch.from_lattices(lattices() * 12)
    given = real(channels, 3, layers, batch=batch, released=range(layers), dtype=dtype)
    same_bits_alone_and_with_any_threads(given, (0, 1, 2, 3, 26, 47))


@pytest.mark.parametrize("dtype", DTYPES)
def test_large_and_small_lattices_change_no_bit_of_each_other(dtype):
    """The large one is shared among threads, of which each takes some of the small ones."""
    same_bits_alone_and_with_any_threads(large(700, 5, 2, among=40, dtype=dtype), (0, 19, 20, 39, 40))


@pytest.mark.parametrize("across", [False, True])
def test_order_of_nodes_changes_no_bit(across):
    given = unsorted(network_inputs(300, 900, 5, 2, graphs=40, struts=500), across)
    if across:  # edges join lattices
        results, *others = [with_threads(n, with_gradients, given, "native") for n in (1, 2, 3)]
        for other in others:
            assert_same_bits(results, other)
    else:
        given["strut"] = torch.arange(900)  # of one lattice each
        given.update({name: torch.cat([given[name], given[name][:400]]) for name in ("length", "radius")})
        same_bits_alone_and_with_any_threads(given, (0, 17, 39))


# ---- The custom op, of networks and of layers


def transposed(tensor):
    """The same numbers, not contiguous."""
    if tensor.dim() < 2:
        return tensor.repeat_interleave(2)[::2]
    return tensor.transpose(0, -1).contiguous().transpose(0, -1)


@BOTH
def test_views(inputs):
    given = inputs()
    given["features"] = given["features"].repeat(1, 2, 1)[:, : given["features"].shape[1]]
    views = {name: transposed(value) for name, value in given.items() if isinstance(value, torch.Tensor)}
    lists = {name: [transposed(one) for one in value] for name, value in given.items() if isinstance(value, list)}
    assert not any(view.is_contiguous() for view in views.values())
    leaves = {name: view.detach().requires_grad_() for name, view in views.items() if view.is_floating_point()}
    out, grads = with_gradients(given, "native")
    found = compute({**given, **views, **lists, **leaves}, "native")
    assert torch.equal(found, out)
    found = torch.autograd.grad(found, list(leaves.values()), transposed(cotangent_of(out)))
    for name, grad in zip(leaves, found, strict=True):
        assert torch.equal(grad, grads[name]), name


@BOTH
def test_no_second_derivative(inputs):
    given = inputs()
    leaves = leaves_of(given)
    out = compute(with_leaves(given, leaves), "native")
    (grad,) = torch.autograd.grad(out.sin().sum(), [leaves["features"]], create_graph=True)
    with pytest.raises(RuntimeError, match="network has first derivatives only"):
        grad.sum().backward()


@BOTH
@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_half_precision_is_refused(inputs, dtype):
    with pytest.raises(BackendError, match="float32 and float64"):
        compute(inputs(dtype=dtype), "native")


INDICES = [
    ({"edge_index": torch.tensor([[0, 4], [1, 2]])}, "edge_index holds 4, but there are 4 nodes"),
    ({"edge_index": torch.tensor([[0, 1], [1, -1]])}, "edge_index holds -1"),
    ({"strut": torch.tensor([0, 2])}, "strut holds 2, but there are 2 rows"),
    ({"strut": torch.tensor([-1, 0])}, "strut holds -1"),
]
BATCHES = [
    ({"batch": torch.tensor([0, 0, 1, 2])}, "batch holds 2, but there are 2 lattices"),
    ({"batch": torch.tensor([0, -1, 1, 1])}, "batch holds -1"),
    ({"batch": torch.tensor([1, 1, 1, 1])}, "lattice 0 has no nodes"),
    ({"num_graphs": 3}, "lattice 2 has no nodes"),
    ({"num_graphs": 0}, "batch holds 0"),
]


@pytest.mark.parametrize(("change", "message"), [*INDICES, *BATCHES])
def test_wrong_indices(change, message):
    with pytest.raises(NativeError, match=message):
        compute({**network_inputs(4, 2, 3, 1, graphs=2), **change}, "native")


@pytest.mark.parametrize(("change", "message"), INDICES)
def test_wrong_indices_of_a_layer(change, message):
    with pytest.raises(NativeError, match=message):
        compute({**layer_inputs(4, 2, 3, 1, 1), **change}, "native")


@pytest.mark.parametrize("isa", OTHERS)
def test_other_instruction_sets(isa):
    """Some of the tests, but for the slowest, in a process of its own."""
    if os.environ.get("FASTLATTICE_ISA"):
        pytest.skip("an instruction set is asked for already")
    here, layers = __file__, __file__.replace("network", "layer")
    tests = (
        f"{here}::test_shared_struts",
        f"{here}::test_batch_mates_and_threads_change_no_bit",
        f"{layers}::test_channels",
    )
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-k", "not 32-2 and not 33", *tests],
        env={**os.environ, "FASTLATTICE_ISA": isa},
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stdout
