"""edge_sh: against the reference, the closed forms, equivariance, gradients, awkward edges."""

import pytest
import torch

from fastlattice import ops
from fastlattice.errors import ArgumentError
from tests.support.backends import assert_same_harmonics
from tests.support.network import FLOAT, random_graph, rotation, wigner
from tests.support.tolerances import OP_FORWARD, difference

pytestmark = pytest.mark.usefixtures("torch_backend")


def arguments(graph, lmax):
    return graph.positions, graph.edge_index, graph.shifts, lmax


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
@pytest.mark.parametrize("lmax", [1, 2, 3, 4])
@pytest.mark.parametrize("edges", [0, 1, 63, 1000])
def test_reference(edges, lmax, dtype):
    reference = pytest.importorskip("fastlattice.reference")
    graph = random_graph(7, edges, dtype=dtype)
    leaves = graph.positions.requires_grad_(), graph.shifts.requires_grad_()
    found, expected = ops.edge_sh(*arguments(graph, lmax)), reference.edge_sh(*arguments(graph, lmax))
    assert_same_harmonics(found, expected, leaves, dtype)


def test_closed_forms():
    """Degree one is sqrt(3) times the direction in e3nn's order (x, y, z); squares of a degree sum to 2 l + 1."""
    graph = random_graph(5, 40)
    sh, length = ops.edge_sh(*arguments(graph, 4))
    sender, receiver = graph.edge_index
    vectors = graph.positions[receiver] - graph.positions[sender] + graph.shifts
    assert difference(length, vectors.square().sum(1).sqrt()) < 1e-15
    assert difference(sh[:, 1:4], 3**0.5 * vectors / length[:, None]) < 1e-15
    for degree in range(5):
        squares = sh[:, degree**2 : (degree + 1) ** 2].square().sum(1)
        assert difference(squares, torch.full_like(squares, 2 * degree + 1)) < 1e-14


@pytest.mark.parametrize("proper", [True, False])
def test_equivariance(proper):
    pytest.importorskip("e3nn")
    graph, turn = random_graph(6, 50), rotation(proper)
    sh, length = ops.edge_sh(*arguments(graph, 4))
    turned_sh, turned_length = ops.edge_sh(graph.positions @ turn.T, graph.edge_index, graph.shifts @ turn.T, 4)
    assert difference(turned_sh, sh @ wigner(4, turn).T) <= OP_FORWARD[FLOAT]
    assert difference(turned_length, length) <= OP_FORWARD[FLOAT]


def test_opposite_edges():
    graph = random_graph(6, 20)
    sh, _ = ops.edge_sh(*arguments(graph, 4))
    back, _ = ops.edge_sh(graph.positions, graph.edge_index.flip(0), -graph.shifts, 4)
    sign = torch.cat([torch.full((2 * l + 1,), float((-1) ** l), dtype=FLOAT) for l in range(5)])
    assert difference(back, sh * sign) < 1e-14


def test_gradcheck():
    graph = random_graph(3, 6)
    inputs = graph.positions.requires_grad_(), graph.shifts.requires_grad_()

    def function(positions, shifts):
        return ops.edge_sh(positions, graph.edge_index, shifts, 4)

    assert torch.autograd.gradcheck(function, inputs)
    assert torch.autograd.gradgradcheck(function, inputs)


def test_no_direction_without_length():
    """An edge of length zero: harmonics of l > 0 are zero, and nothing becomes NaN, gradients included."""
    positions = torch.zeros(1, 3, dtype=FLOAT, requires_grad=True)
    shifts = torch.zeros(1, 3, dtype=FLOAT, requires_grad=True)
    sh, length = ops.edge_sh(positions, torch.zeros(2, 1, dtype=torch.int64), shifts, 4)
    assert torch.equal(sh, torch.eye(1, 25, dtype=FLOAT))
    assert length.item() == 0
    for gradient in torch.autograd.grad(sh.sum() + length.sum(), [positions, shifts]):
        assert gradient.isfinite().all()


def test_views():
    """Columns of a larger array, every second row."""
    graph = random_graph(6, 20)
    positions = torch.zeros(12, 5, dtype=FLOAT)
    positions[::2, 1:4] = graph.positions
    index = torch.zeros(20, 2, dtype=torch.int64)
    index[:] = graph.edge_index.T
    found = ops.edge_sh(positions[::2, 1:4], index.T, graph.shifts, 4)
    expected = ops.edge_sh(*arguments(graph, 4))
    assert all(torch.equal(f, e) for f, e in zip(found, expected, strict=True))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"positions": torch.zeros(4, 2)}, r"positions has shape \[4, 2\], expected \[\*, 3\]"),
        ({"positions": torch.zeros(4, 3, dtype=torch.int64)}, "positions is torch.int64"),
        ({"positions": [[0.0, 0.0, 0.0]]}, "positions must be a tensor, not a list"),
        ({"edge_index": torch.zeros(2, 5)}, "edge_index is torch.float32; it must be an int64"),
        ({"edge_index": torch.zeros(5, 2, dtype=torch.int64)}, r"edge_index has shape \[5, 2\]"),
        ({"shifts": torch.zeros(5, 3)}, "shifts is torch.float32 on cpu, expected torch.float64"),
        ({"shifts": torch.zeros(4, 3, dtype=FLOAT)}, r"shifts has shape \[4, 3\], expected \[5, 3\]"),
        ({"lmax": 5}, "lmax is 5"),
        ({"reverse": torch.zeros(4, dtype=torch.int64)}, r"reverse has shape \[4\]"),
    ],
)
def test_wrong_arguments(change, message):
    graph = random_graph(4, 5)
    good = {"positions": graph.positions, "edge_index": graph.edge_index, "shifts": graph.shifts, "lmax": 4}
    with pytest.raises(ArgumentError, match=message):
        ops.edge_sh(**{**good, **change})
