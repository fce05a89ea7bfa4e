"""edge_conv in Triton, interpreted: against the torch backend, awkward graphs and sizes, every gradient."""

from functools import partial

import pytest
import torch

from fastlattice import LatticeBatch, ops, unit_cell
from tests.support.backends import CONV_LEAVES, edge_conv
from tests.support.network import FLOAT, conv_inputs, generator
from tests.support.tolerances import OP_FORWARD, OP_GRADIENT, difference

pytest.importorskip("triton")
run = partial(edge_conv, backend="triton")


def compare(given, names=CONV_LEAVES):
    (out, *gradients), (expected, *others) = run(given, names=names), edge_conv(given, "torch", names)
    assert difference(out, expected) <= OP_FORWARD[out.dtype]
    for name, one, other in zip(names, gradients, others, strict=True):
        assert difference(one, other) <= OP_GRADIENT[out.dtype], name


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
@pytest.mark.parametrize(("l_in", "lmax"), [(0, 1), (1, 1), (0, 2), (2, 2), (0, 3), (3, 3), (0, 4), (2, 4)])
def test_degrees(l_in, lmax, dtype):
    """With self-edges, multi-edges and receivers without edges, in no order."""
    compare(conv_inputs(4, 6, 5, l_in, lmax, dtype=dtype))


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
def test_all_degrees(dtype):
    compare(conv_inputs(3, 4, 8, 4, 4, dtype=dtype))


@pytest.mark.parametrize("channels", [1, 31, 32, 33, 70])
def test_channels(channels):
    """Parts of a block of channels, and more than one: the harmonics' gradient is summed over all."""
    compare(conv_inputs(3, 7, channels, 1, 1))


@pytest.mark.parametrize(("nodes", "edges"), [(0, 0), (4, 0), (1, 1), (1, 63), (9, 63), (40, 7)])
def test_awkward_graphs(nodes, edges):
    compare(conv_inputs(nodes, edges, 3, 1, 1))


@pytest.mark.parametrize("rows", [1, 7, 40])
def test_shared_rows(rows):
    """Any edges may share a row, across the whole graph; rows that no edge uses have no gradient."""
    strut = torch.randint(0, rows, (20,), generator=generator(2))
    hidden = torch.randn(rows, 8, generator=generator(3), dtype=FLOAT)
    given = {**conv_inputs(8, 20, 4, 1, 1), "hidden": hidden, "strut": strut}
    compare(given)
    unused = torch.ones(rows, dtype=torch.bool)
    unused[strut] = False
    assert not run(given)[3][unused].any()


def test_lattice():
    """Both directions of a strut share a row; one node with self-struts, and multi-struts."""
    batch = LatticeBatch.from_lattices([unit_cell("simple_cubic"), unit_cell("bcc")])
    graph = batch.graph()
    edges = len(graph.strut)
    given = conv_inputs(len(graph.positions), edges, 4, 2, 2)
    compare({**given, "edge_index": graph.edge_index, "strut": graph.strut, "hidden": given["hidden"][: edges // 2]})


@pytest.mark.parametrize("names", [("features",), ("sh",), ("hidden",), ("weight",), ("linear_bias", "features")])
def test_some_gradients(names):
    compare(conv_inputs(5, 12, 3, 1, 2), names)


def test_again_the_same_bits():
    given = conv_inputs(4, 30, 3, 1, 1, dtype=torch.float32)
    assert all(torch.equal(a, b) for a, b in zip(run(given), run(given), strict=True))


def test_views():
    given = conv_inputs(4, 9, 4, 1, 1)
    views = {
        "features": given["features"].permute(2, 0, 1).contiguous().permute(1, 2, 0),
        "sh": given["sh"].T.contiguous().T,
        "weight": given["weight"].T.contiguous().T,
        "linear_weight": given["linear_weight"].repeat_interleave(2)[::2],
        "edge_index": given["edge_index"].T.contiguous().T,
    }
    assert torch.equal(ops.edge_conv(**{**given, **views}, backend="triton"), ops.edge_conv(**given, backend="triton"))


def test_custom_op():
    plain = list({**conv_inputs(3, 4, 3, 0, 1), "strut": torch.tensor([0, 0, 1, 3])}.values())
    leaves = [t.clone().requires_grad_() if torch.is_tensor(t) and t.is_floating_point() else t for t in plain]
    torch.library.opcheck(torch.ops.fastlattice.edge_conv_triton.default, tuple(leaves))
    grad = torch.randn(3, 4, 3, dtype=FLOAT)
    for wanted in ([True] * 4, [False, True, False, False]):
        torch.library.opcheck(torch.ops.fastlattice.edge_conv_triton_backward.default, (grad, *plain, wanted))


def test_no_second_derivative():
    given = conv_inputs(3, 4, 3, 1, 1)
    given["features"].requires_grad_()
    out = ops.edge_conv(**given, backend="triton")
    (gradient,) = torch.autograd.grad(out.sin().sum(), [given["features"]], create_graph=True)
    with pytest.raises(RuntimeError, match="edge_conv has first derivatives only"):
        gradient.sum().backward()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"edge_index": torch.tensor([[0, 4], [1, 2]])}, "edge_index names a row that is not there: there are 4"),
        ({"edge_index": torch.tensor([[0, 1], [1, -1]])}, "edge_index names a row"),
        ({"strut": torch.tensor([0, 2])}, "strut names a row that is not there: there are 2"),
    ],
)
def test_wrong_indices(change, message):
    with pytest.raises(RuntimeError, match=message):
        ops.edge_conv(**{**conv_inputs(4, 2, 3, 1, 1), **change}, backend="triton")
