"""edge_conv: against the reference, equivariance, gradients, awkward graphs, shared rows."""

import pytest
import torch

from fastlattice import ops
from fastlattice.errors import ArgumentError
from tests.support.backends import CONV_LEAVES
from tests.support.network import FLOAT, conv_inputs, generator, rotation, wigner
from tests.support.tolerances import OP_FORWARD, OP_GRADIENT, difference

pytestmark = pytest.mark.usefixtures("torch_backend")


def both_agree(given, dtype):
    reference = pytest.importorskip("fastlattice.reference")
    leaves = [given[name].requires_grad_() for name in CONV_LEAVES]
    found, expected = ops.edge_conv(**given), reference.edge_conv(**given)
    assert difference(found, expected) <= OP_FORWARD[dtype]
    gradients = [torch.autograd.grad(out.sin().sum(), leaves) for out in (found, expected)]
    for one, other in zip(*gradients, strict=True):
        assert difference(one, other) <= OP_GRADIENT[dtype]


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
@pytest.mark.parametrize(("l_in", "lmax"), [(0, 1), (1, 1), (0, 2), (2, 2), (0, 3), (3, 3), (0, 4), (2, 4), (4, 4)])
def test_reference(l_in, lmax, dtype):
    both_agree(conv_inputs(7, 30, 5, l_in, lmax, dtype=dtype), dtype)


@pytest.mark.parametrize(("nodes", "edges"), [(4, 0), (1, 1), (1, 63), (9, 63), (50, 1000)])
def test_awkward_graphs(nodes, edges):
    both_agree(conv_inputs(nodes, edges, 3, 4, 4), FLOAT)


def test_rows_shared_by_both_directions():
    given = conv_inputs(6, 20, 4, 4, 4)
    strut = torch.randint(0, 10, (20,), generator=generator(2))
    shared = {**given, "hidden": given["hidden"][:10], "strut": strut}
    both_agree(shared, FLOAT)
    spread = {**given, "hidden": shared["hidden"][strut]}
    assert difference(ops.edge_conv(**shared), ops.edge_conv(**spread)) < 1e-14


@pytest.mark.parametrize("proper", [True, False])
def test_equivariance(proper):
    pytest.importorskip("e3nn")
    given = conv_inputs(6, 40, 4, 4, 4)
    turn = wigner(4, rotation(proper))
    turned = {**given, "features": torch.einsum("ij,njc->nic", turn, given["features"]), "sh": given["sh"] @ turn.T}
    expected = torch.einsum("ij,njc->nic", turn, ops.edge_conv(**given))
    assert difference(ops.edge_conv(**turned), expected) <= OP_FORWARD[FLOAT]


def test_order_of_edges():
    given = conv_inputs(6, 40, 4, 4, 4)
    order = torch.randperm(40, generator=generator(3))
    edges = {name: given[name][order] for name in ("sh", "hidden")}
    shuffled = {**given, **edges, "edge_index": given["edge_index"][:, order]}
    assert difference(ops.edge_conv(**shuffled), ops.edge_conv(**given)) < 1e-14


@pytest.mark.parametrize(("l_in", "lmax"), [(0, 2), (2, 2)])
def test_gradcheck(l_in, lmax):
    given = conv_inputs(3, 5, 2, l_in, lmax, width=3)

    def function(*leaves):
        return ops.edge_conv(**{**given, **dict(zip(CONV_LEAVES, leaves, strict=True))})

    leaves = [given[name].requires_grad_() for name in CONV_LEAVES]
    assert torch.autograd.gradcheck(function, leaves)
    assert torch.autograd.gradgradcheck(function, leaves, fast_mode=True)


def test_views():
    given = conv_inputs(6, 20, 4, 4, 4)
    expected = ops.edge_conv(**given)
    views = {
        "features": given["features"].permute(2, 0, 1).contiguous().permute(1, 2, 0),
        "sh": given["sh"].T.contiguous().T,
        "weight": given["weight"].T.contiguous().T,
        "linear_weight": given["linear_weight"].repeat_interleave(2)[::2],
    }
    assert difference(ops.edge_conv(**{**given, **views}), expected) < 1e-14


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"features": torch.zeros(6, 24, 4, dtype=FLOAT)}, "features has 24 components"),
        ({"sh": torch.zeros(20, 36, dtype=FLOAT)}, "sh has 36 components"),
        ({"sh": torch.zeros(20, 9, dtype=FLOAT)}, "features has 25 components"),
        ({"hidden": torch.zeros(19, 8, dtype=FLOAT)}, r"hidden has shape \[19, 8\], expected \[20, \*\]"),
        ({"weight": torch.zeros(20, 8, dtype=FLOAT)}, r"weight has shape \[20, 8\], expected \[168, 8\]"),
        ({"edge_index": torch.zeros(2, 19, dtype=torch.int64)}, r"edge_index has shape \[2, 19\]"),
        ({"linear_weight": torch.zeros(5, dtype=FLOAT)}, r"linear_weight has shape \[5\], expected \[672\]"),
        ({"linear_bias": torch.zeros(4)}, "linear_bias is torch.float32"),
        ({"strut": torch.zeros(3, dtype=torch.int64)}, r"strut has shape \[3\]"),
    ],
)
def test_wrong_arguments(change, message):
    with pytest.raises(ArgumentError, match=message):
        ops.edge_conv(**{**conv_inputs(6, 20, 4, 4, 4), **change})
