"""The native edge_conv: against reference and torch backend, awkward graphs and sizes, determinism, custom op."""

import os
import subprocess
import sys
from functools import partial

import pytest
import torch

from fastlattice import LatticeBatch, ops
from fastlattice._native import NativeError
from fastlattice.errors import BackendError
from tests.support.backends import CONV_LEAVES, edge_conv
from tests.support.instruction_sets import OTHERS
from tests.support.network import FLOAT, conv_inputs, generator, lattices, rotation, wigner, with_threads
from tests.support.tolerances import OP_FORWARD, OP_GRADIENT, difference

pytestmark = pytest.mark.usefixtures("uninitialised_memory_is_nan")

DTYPES = [torch.float64, torch.float32]
run = partial(edge_conv, backend="native")


def compare(given, dtype=FLOAT, backend="torch"):
    out, *gradients = run(given)
    expected, *others = edge_conv(given, backend)
    assert difference(out, expected) <= OP_FORWARD[dtype]
    for name, one, other in zip(CONV_LEAVES, gradients, others, strict=True):
        assert difference(one, other) <= OP_GRADIENT[dtype], name


def real(channels=8, lmax=4, l_in=4, dtype=FLOAT, batch=None):
    """A batch of lattices: pairs of edges that share a row of hidden, sorted by receiver."""
    graph = (batch or LatticeBatch.from_lattices(lattices())).graph()
    nodes, edges = len(graph.positions), len(graph.strut)
    given = conv_inputs(nodes, edges, channels, l_in, lmax, dtype=dtype)
    return {**given, "edge_index": graph.edge_index, "strut": graph.strut, "hidden": given["hidden"][: edges // 2]}


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(
    ("l_in", "lmax"), [(0, 0), (0, 1), (1, 1), (0, 2), (1, 2), (2, 2), (0, 3), (3, 3), (0, 4), (2, 4), (4, 4)]
)
def test_degrees(l_in, lmax, dtype):
    compare(conv_inputs(9, 63, 5, l_in, lmax, dtype=dtype), dtype)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("l_in", [0, 4])
@pytest.mark.parametrize("channels", [1, 3, 8, 17, 32, 50])
def test_channels(channels, l_in, dtype):
    compare(real(channels, l_in=l_in, dtype=dtype), dtype)


@pytest.mark.parametrize("width", [1, 8, 30, 64])
def test_widths_of_hidden(width):
    compare(conv_inputs(9, 40, 4, 3, 3, width=width))


@pytest.mark.parametrize(
    ("nodes", "edges"), [(4, 0), (0, 0), (1, 1), (1, 63), (9, 63), (50, 1000), (500, 63), (1, 1000)]
)
def test_awkward_graphs(nodes, edges):
    """One way, unsorted, with self-edges, nodes without edges, and more edges into a node than a tile takes."""
    compare(conv_inputs(nodes, edges, 3, 4, 4))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("l_in", [0, 2])
def test_reference(l_in, dtype):
    reference = pytest.importorskip("fastlattice.reference")
    given = real(4, lmax=2, l_in=l_in, dtype=dtype)
    leaves = [given[name].requires_grad_() for name in CONV_LEAVES]
    found, expected = ops.edge_conv(**given, backend="native"), reference.edge_conv(**given)
    assert difference(found, expected) <= OP_FORWARD[dtype]
    gradients = [torch.autograd.grad(out.sin().sum(), leaves) for out in (found, expected)]
    assert all(difference(a, b) <= OP_GRADIENT[dtype] for a, b in zip(*gradients, strict=True))


def test_reference_at_lmax_4():
    reference = pytest.importorskip("fastlattice.reference")
    given = real(32)
    assert difference(ops.edge_conv(**given, backend="native"), reference.edge_conv(**given)) <= OP_FORWARD[FLOAT]


@pytest.mark.parametrize("rows", [1, 7, 90])
def test_shared_rows(rows):
    """Any edges may share a row, across the whole graph; rows that no edge uses have no gradient."""
    given = conv_inputs(40, 60, 4, 2, 2)
    strut = torch.randint(0, rows, (60,), generator=generator(2))
    given = {**given, "hidden": torch.randn(rows, 8, generator=generator(3), dtype=FLOAT), "strut": strut}
    compare(given)
    unused = torch.ones(rows, dtype=torch.bool)
    unused[strut] = False
    assert not run(given)[3][unused].any()


@pytest.mark.parametrize("names", [("features",), ("sh",), ("hidden",), ("weight",), ("linear_bias", "features")])
def test_some_gradients(names):
    given = real()
    for one, other in zip(run(given, names=names), edge_conv(given, "torch", names), strict=True):
        assert difference(one, other) <= OP_GRADIENT[FLOAT]


@pytest.mark.parametrize(("l_in", "lmax"), [(0, 2), (2, 2)])
def test_gradcheck(l_in, lmax):
    given = conv_inputs(3, 5, 2, l_in, lmax, width=3)

    def function(*leaves):
        return ops.edge_conv(**{**given, **dict(zip(CONV_LEAVES, leaves, strict=True))}, backend="native")

    assert torch.autograd.gradcheck(function, [given[name].requires_grad_() for name in CONV_LEAVES])


@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float64, 1e-12), (torch.float32, 1e-5)])
@pytest.mark.parametrize("proper", [True, False])
def test_equivariance(proper, dtype, tolerance):
    pytest.importorskip("e3nn")
    given = conv_inputs(6, 40, 4, 4, 4, dtype=dtype)
    turn = wigner(4, rotation(proper)).to(dtype)
    turned = {**given, "features": torch.einsum("ij,njc->nic", turn, given["features"]), "sh": given["sh"] @ turn.T}
    expected = torch.einsum("ij,njc->nic", turn, ops.edge_conv(**given, backend="native"))
    assert difference(ops.edge_conv(**turned, backend="native"), expected) <= tolerance


@pytest.mark.parametrize(("channels", "dtype"), [(32, torch.float32), (5, FLOAT)])
def test_batch_mates_and_threads_change_no_bit(channels, dtype):
    many = 30
    given = real(channels, lmax=3, l_in=3, dtype=dtype, batch=LatticeBatch.from_lattices(lattices() * many))
    results = [with_threads(n, run, given) for n in (1, 2, 3)]
    assert all(torch.equal(a, b) for other in results[1:] for a, b in zip(results[0], other, strict=True))

    alone = real(channels, lmax=3, l_in=3, dtype=dtype)
    rows = {name: len(alone[name]) for name in ("features", "sh", "hidden")}
    parameters = {name: given[name] for name in ("weight", "linear_weight", "linear_bias")}
    for copy in (0, many - 1):
        mine = {name: given[name][copy * n : (copy + 1) * n] for name, n in rows.items()}
        leaves = {name: value.detach().clone().requires_grad_() for name, value in mine.items()}
        out = ops.edge_conv(**{**alone, **leaves, **parameters}, backend="native")
        nodes = rows["features"]
        cotangent = torch.randn(results[0][0].shape, generator=generator(9), dtype=FLOAT).to(dtype)
        cotangent = cotangent[copy * nodes : (copy + 1) * nodes]
        gradients = torch.autograd.grad(out, list(leaves.values()), cotangent)
        for one, some, n in zip(results[0], (out, *gradients), (nodes, *rows.values()), strict=False):
            assert torch.equal(one[copy * n : (copy + 1) * n], some)


def test_order_of_edges():
    given = conv_inputs(6, 40, 4, 4, 4)
    order = torch.randperm(40, generator=generator(3))
    shuffled = {**given, "edge_index": given["edge_index"][:, order]}
    shuffled.update({name: given[name][order] for name in ("sh", "hidden")})
    (out, *gradients), (other, *others) = run(given), run(shuffled)
    assert difference(other, out) < 1e-14
    assert difference(others[1], gradients[1][order]) < 1e-14
    assert difference(others[2], gradients[2][order]) < 1e-14


def test_views():
    given = conv_inputs(6, 20, 4, 4, 4)
    views = {
        "features": given["features"].permute(2, 0, 1).contiguous().permute(1, 2, 0),
        "sh": given["sh"].T.contiguous().T,
        "weight": given["weight"].T.contiguous().T,
        "linear_weight": given["linear_weight"].repeat_interleave(2)[::2],
    }
    found = ops.edge_conv(**{**given, **views}, backend="native")
    assert torch.equal(found, ops.edge_conv(**given, backend="native"))


def test_a_large_lattice():
    """One piece of 5,000 nodes: no cut is closed."""
    nodes = 5000
    chain = torch.arange(nodes)
    index = torch.stack([torch.cat([chain, chain.roll(-1)]), torch.cat([chain.roll(-1), chain])])
    given = {**conv_inputs(nodes, 2 * nodes, 2, 1, 1), "edge_index": index, "strut": chain.repeat(2)}
    compare({**given, "hidden": given["hidden"][:nodes]})


def test_no_second_derivative():
    given = conv_inputs(4, 9, 3, 1, 1)
    given["features"].requires_grad_()
    out = ops.edge_conv(**given, backend="native")
    (gradient,) = torch.autograd.grad(out.sin().sum(), [given["features"]], create_graph=True)
    with pytest.raises(RuntimeError, match="edge_conv has first derivatives only"):
        gradient.sum().backward()


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_half_precision_is_refused(dtype):
    given = {n: v.to(dtype) if torch.is_tensor(v) and v.is_floating_point() else v for n, v in real().items()}
    with pytest.raises(BackendError, match="float32 and float64"):
        ops.edge_conv(**given, backend="native")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"edge_index": torch.tensor([[0, 4], [1, 2]])}, "edge_index holds 4, but there are 4 nodes"),
        ({"edge_index": torch.tensor([[0, 1], [1, -1]])}, "edge_index holds -1"),
        ({"strut": torch.tensor([0, 2])}, "strut holds 2, but there are 2 rows of hidden"),
    ],
)
def test_wrong_indices(change, message):
    given = {**conv_inputs(4, 2, 3, 1, 1), **change}
    with pytest.raises(NativeError, match=message):
        ops.edge_conv(**given, backend="native")


@pytest.mark.parametrize("isa", OTHERS)
def test_other_instruction_sets(isa):
    """The same tests in a process of its own."""
    if os.environ.get("FASTLATTICE_ISA"):
        pytest.skip("an instruction set is asked for already")
    chosen = [f"{__file__}::{name}" for name in ("test_channels", "test_shared_rows")]
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *chosen],
        env={**os.environ, "FASTLATTICE_ISA": isa},
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stdout
