"""The native edge_sh: against reference and torch backend, pairs of edges, awkward graphs, determinism, custom op."""

import pytest
import torch

from fastlattice import LatticeBatch, ops
from fastlattice._native import NativeError
from tests.support.backends import assert_no_direction_without_length, assert_same_harmonics
from tests.support.network import FLOAT, generator, lattices, random_graph, rotation, wigner, with_threads
from tests.support.tolerances import OP_FORWARD, difference

pytestmark = pytest.mark.usefixtures("uninitialised_memory_is_nan")

DTYPES = [torch.float64, torch.float32]


def real(dtype=FLOAT, batch=None):
    graph = (batch or LatticeBatch.from_lattices(lattices())).graph()
    return {
        "positions": graph.positions.to(dtype),
        "edge_index": graph.edge_index,
        "shifts": graph.shifts.to(dtype),
        "reverse": graph.reverse,
    }


def outside(edges, dtype=FLOAT, nodes=7):
    graph = random_graph(nodes, edges, dtype=dtype)
    return {"positions": graph.positions, "edge_index": graph.edge_index, "shifts": graph.shifts, "reverse": None}


def compare(given, lmax, dtype, reference):
    leaves = [given["positions"].requires_grad_(), given["shifts"].requires_grad_()]
    found = ops.edge_sh(**given, lmax=lmax, backend="native")
    expected = [ops.edge_sh(**given, lmax=lmax, backend="torch")]
    if reference:
        expected.append(reference.edge_sh(given["positions"], given["edge_index"], given["shifts"], lmax))
    for other in expected:
        assert_same_harmonics(found, other, leaves, dtype)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("lmax", [1, 2, 3, 4])
@pytest.mark.parametrize("edges", [0, 1, 63, 1000])
def test_graphs_from_outside(edges, lmax, dtype):
    compare(outside(edges, dtype), lmax, dtype, pytest.importorskip("fastlattice.reference"))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("lmax", [1, 2, 3, 4])
def test_lattices(lmax, dtype):
    compare(real(dtype), lmax, dtype, pytest.importorskip("fastlattice.reference"))


def test_one_edge_of_a_pair_says_all():
    given = real()
    alone = ops.edge_sh(**{**given, "reverse": None}, lmax=4, backend="native")
    for one, two in zip(ops.edge_sh(**given, lmax=4, backend="native"), alone, strict=True):
        assert torch.equal(one, two)


def test_gradcheck():
    given = outside(6, nodes=3)

    def function(positions, shifts):
        return ops.edge_sh(positions, given["edge_index"], shifts, 4, backend="native")

    assert torch.autograd.gradcheck(function, (given["positions"].requires_grad_(), given["shifts"].requires_grad_()))


@pytest.mark.parametrize("proper", [True, False])
def test_equivariance(proper):
    pytest.importorskip("e3nn")
    given, turn = outside(50), rotation(proper)
    sh, length = ops.edge_sh(**given, lmax=4, backend="native")
    turned = {**given, "positions": given["positions"] @ turn.T, "shifts": given["shifts"] @ turn.T}
    turned_sh, turned_length = ops.edge_sh(**turned, lmax=4, backend="native")
    assert difference(turned_sh, sh @ wigner(4, turn).T) <= OP_FORWARD[FLOAT]
    assert difference(turned_length, length) <= OP_FORWARD[FLOAT]


@pytest.mark.parametrize("dtype", DTYPES)
def test_no_direction_without_length(dtype):
    assert_no_direction_without_length(outside(20, dtype), "native")


def test_batch_mates_and_threads_change_no_bit():
    batch = LatticeBatch.from_lattices(lattices() * 40)
    cotangent = torch.randn(len(batch.graph().edge_index[0]), 25, generator=generator(1), dtype=FLOAT)

    def run(given, cotangent):
        leaves = [given["positions"].requires_grad_(), given["shifts"].requires_grad_()]
        sh, length = ops.edge_sh(**given, lmax=4, backend="native")
        return sh, length, *torch.autograd.grad((sh * cotangent).sum() + length.sum(), leaves)

    results = [with_threads(n, run, real(batch=batch), cotangent) for n in (1, 2, 3)]
    assert all(torch.equal(a, b) for other in results[1:] for a, b in zip(results[0], other, strict=True))
    alone = run(real(), cotangent[: len(cotangent) // 40])
    assert all(torch.equal(a[: len(b)], b) for a, b in zip(results[0], alone, strict=True))


def test_views():
    given = outside(20)
    wide = torch.zeros(14, 5, dtype=FLOAT)
    wide[::2, 1:4] = given["positions"]
    index = given["edge_index"].T.contiguous().T
    found = ops.edge_sh(wide[::2, 1:4], index, given["shifts"].T.contiguous().T, 4, backend="native")
    assert all(torch.equal(a, b) for a, b in zip(found, ops.edge_sh(**given, lmax=4, backend="native"), strict=True))


def test_no_second_derivative():
    given = outside(6)
    sh, _ = ops.edge_sh(**{**given, "positions": given["positions"].requires_grad_()}, lmax=2, backend="native")
    (gradient,) = torch.autograd.grad(sh.sin().sum(), [given["positions"]], create_graph=True)
    with pytest.raises(RuntimeError, match="edge_sh has first derivatives only"):
        gradient.sum().backward()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"edge_index": torch.tensor([[0, 7], [1, 2]])}, "edge 1 names node 7 of 7"),
        ({"edge_index": torch.tensor([[0, 1], [-1, 2]])}, "edge 0 names node -1 of 7"),
        ({"reverse": torch.tensor([1, 1])}, "the reverse of edge 0 is 1"),
        ({"reverse": torch.tensor([2, 0])}, "the reverse of edge 0 is 2"),
    ],
)
def test_wrong_indices(change, message):
    given = outside(2)
    given["edge_index"] = torch.tensor([[0, 1], [1, 2]])
    with pytest.raises(NativeError, match=message):
        ops.edge_sh(**{**given, **change}, lmax=2, backend="native")
