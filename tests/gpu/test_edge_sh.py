"""edge_sh in Triton, interpreted: against the torch backend, awkward graphs, every gradient; sums by index."""

import pytest
import torch

from fastlattice import LatticeBatch, ops
from tests.support.backends import assert_no_direction_without_length, assert_same_harmonics
from tests.support.network import FLOAT, generator, lattices, random_graph
from tests.support.tolerances import difference

pytest.importorskip("triton")
DTYPES = [torch.float64, torch.float32]


def outside(nodes, edges, dtype=FLOAT):
    """Edges one way, self-edges, multi-edges, nodes without edges."""
    graph = random_graph(nodes, edges, dtype=dtype)
    return {"positions": graph.positions, "edge_index": graph.edge_index, "shifts": graph.shifts}


def compare(given, lmax, dtype):
    leaves = [given["positions"].requires_grad_(), given["shifts"].requires_grad_()]
    found, expected = (ops.edge_sh(**given, lmax=lmax, backend=backend) for backend in ("triton", "torch"))
    assert_same_harmonics(found, expected, leaves, dtype)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("lmax", [1, 2, 3, 4])
def test_degrees(lmax, dtype):
    compare(outside(7, 300, dtype), lmax, dtype)


@pytest.mark.parametrize(("nodes", "edges"), [(0, 0), (4, 0), (1, 1), (1, 63), (100, 63)])
def test_awkward_graphs(nodes, edges):
    compare(outside(nodes, edges), 2, FLOAT)


def test_pairs_of_edges():
    """Both ends of a strut: equal to the last bit but for the parity."""
    graph = LatticeBatch.from_lattices(lattices()).graph()
    given = graph.positions, graph.edge_index, graph.shifts
    sh, length = ops.edge_sh(*given, 4, graph.reverse, backend="triton")
    parity = torch.cat([torch.full((2 * l + 1,), (-1.0) ** l, dtype=FLOAT) for l in range(5)])
    assert torch.equal(sh[graph.reverse], sh * parity)
    assert torch.equal(length[graph.reverse], length)


@pytest.mark.parametrize("dtype", DTYPES)
def test_no_direction_without_length(dtype):
    assert_no_direction_without_length(outside(7, 20, dtype), "triton")


def test_views():
    given = outside(7, 20)
    wide = torch.zeros(14, 5, dtype=FLOAT)
    wide[::2, 1:4] = given["positions"]
    index = given["edge_index"].T.contiguous().T
    found = ops.edge_sh(wide[::2, 1:4], index, given["shifts"].T.contiguous().T, 3, backend="triton")
    expected = ops.edge_sh(**given, lmax=3, backend="triton")
    assert all(torch.equal(a, b) for a, b in zip(found, expected, strict=True))


def test_custom_op():
    given = outside(5, 9)
    leaves = [given["positions"].requires_grad_(), given["edge_index"], given["shifts"].requires_grad_()]
    torch.library.opcheck(torch.ops.fastlattice.edge_sh_triton.default, (*leaves, 2, None))
    grads = torch.randn(9, 9, dtype=FLOAT), torch.randn(9, dtype=FLOAT)
    arguments = (*grads, *(t.detach() for t in leaves), 2, None, [True])
    torch.library.opcheck(torch.ops.fastlattice.edge_sh_triton_backward.default, arguments)


@pytest.mark.parametrize("node", [-1, 7])
def test_wrong_indices(node):
    given = outside(7, 9)
    given["edge_index"][1, 3] = node
    with pytest.raises(RuntimeError, match="edge_index names a row that is not there: there are 7"):
        ops.edge_sh(**given, lmax=1, backend="triton")


def test_no_second_derivative():
    given = outside(5, 6)
    sh, _ = ops.edge_sh(**{**given, "positions": given["positions"].requires_grad_()}, lmax=2, backend="triton")
    (gradient,) = torch.autograd.grad(sh.sin().sum(), [given["positions"]], create_graph=True)
    with pytest.raises(RuntimeError, match="edge_sh has first derivatives only"):
        gradient.sum().backward()


@pytest.mark.parametrize("width", [1, 3, 100, 130])
@pytest.mark.parametrize(("rows", "count"), [(0, 3), (1, 1), (200, 5)])
def test_sums_by_index(rows, count, width):
    """One sum more than a tile holds, sums of nothing, and the last rows first."""
    from fastlattice.kernels.segments import Segments, sum_rows

    values = torch.randn(rows, width, generator=generator(1), dtype=FLOAT)
    index = torch.randint(0, count, (rows,), generator=generator(2))
    expected = torch.zeros(count + 2, width, dtype=FLOAT).index_add(0, index, values)
    found = sum_rows(values, Segments.of(index, count + 2))
    assert difference(found, expected) <= 1e-14
    assert not found[count:].any()
