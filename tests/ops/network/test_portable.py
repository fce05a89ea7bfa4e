"""network: the layers and the readout against the reference's, equivariance, gradients, wrong arguments."""

from itertools import pairwise

import pytest
import torch

from fastlattice import ops
from fastlattice.errors import ArgumentError
from tests.support.network import (
    FLOAT,
    assert_agreement,
    compute,
    layers_in,
    leaves_of,
    network_inputs,
    rotation,
    wigner,
    with_leaves,
)
from tests.support.tolerances import OP_FORWARD, difference

pytestmark = pytest.mark.usefixtures("torch_backend")


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
@pytest.mark.parametrize(
    ("layers", "lmax", "correlation", "struts"), [(1, 1, 3, 9), (2, 2, 2, None), (3, 1, 1, None), (2, 3, 3, 9)]
)
def test_reference(layers, lmax, correlation, struts, dtype):
    given = network_inputs(
        9, 40, 3, lmax, layers, graphs=2, correlation=correlation, released=range(layers), struts=struts, dtype=dtype
    )
    assert_agreement(given, "torch", "reference", exact=False)


def test_folded_and_released_weights():
    """Layers may have either."""
    given = network_inputs(9, 40, 3, 2, 3, correlation=2, released=range(3))
    expected = compute(given)
    for t in (1, 0, 2):
        given[f"{t}.contraction"] = ops.fold_weights(given[f"{t}.contraction"], 2, 2)
        assert difference(compute(given), expected) < 1e-13


def test_only_what_is_read_matters():
    """Degrees that the readout leaves out need not be computed by the last layer, but by all others."""
    given = network_inputs(7, 30, 3, 2, multiplicities={0: 1, 2: 3})
    leaves = leaves_of({name: given[name] for name in ("0.product", "1.product")})
    gradients = torch.autograd.grad(compute(with_leaves(given, leaves)).sin().sum(), list(leaves.values()))
    odd = slice(9, 18)  # [C, C] of degree 1
    assert gradients[0][odd].any()
    assert not gradients[1][odd].any()


@pytest.mark.parametrize("proper", [True, False])
def test_equivariance(proper):
    pytest.importorskip("e3nn")
    given = network_inputs(6, 40, 3, 4, 2, graphs=2, multiplicities=dict.fromkeys(range(5), 1))
    turn = wigner(4, rotation(proper))
    found, expected = compute({**given, "sh": given["sh"] @ turn.T}), compute(given) @ turn.T
    assert difference(found, expected) <= OP_FORWARD[FLOAT]
    assert difference(found, compute(given)) > 1e-3


def test_second_derivatives():
    given = network_inputs(2, 3, 2, 1, 2, width=3, correlation=2)
    leaves = leaves_of({name: given[name] for name in ("features", "sh", "length", "0.up", "gate")})

    def function(*values):
        return compute(with_leaves(given, dict(zip(leaves, values, strict=True))))

    assert torch.autograd.gradgradcheck(function, list(leaves.values()), fast_mode=True)


def zeros(*shape, dtype=FLOAT):
    return torch.zeros(*shape, dtype=dtype)


INDEX = torch.int64


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"features": zeros(6, 4, 4)}, r"up has shape \[16\], expected \[32\]"),
        ({"features": zeros(6, 1)}, r"features has shape \[6, 1\]"),
        ({"features": zeros(6, 1, 3)}, r"up has shape \[16\], expected \[9\]"),
        ({"sh": zeros(20, 10)}, "sh has 10 components"),
        ({"sh": zeros(20, 9, dtype=torch.float32)}, "sh is torch.float32"),
        ({"length": zeros(19)}, r"length has shape \[19\], expected \[20\]"),
        ({"radius": zeros(19)}, r"radius has shape \[19\], expected \[20\]"),
        ({"edge_index": zeros(2, 19, dtype=INDEX)}, r"edge_index has shape \[2, 19\]"),
        ({"strut": zeros(19, dtype=INDEX)}, r"strut has shape \[19\]"),
        ({"batch": zeros(5, dtype=INDEX)}, r"batch has shape \[5\], expected \[6\]"),
        ({"batch": zeros(6, dtype=torch.int32)}, "batch is torch.int32"),
        ({"0.up": zeros(15)}, r"up has shape \[15\], expected \[16\]"),
        ({"1.up": zeros(16)}, r"up has shape \[16\], expected \[48\]"),
        ({"1.radial": zeros(1, 8)}, "radial has shape"),
        ({"1.hidden_biases": [zeros(8)]}, "2 (hidden_)?weights and 1 (hidden_)?biases"),
        ({"1.contraction": [zeros(1, 4)]}, "contraction"),
        ({"correlation": 4}, "correlation is 4; expected 1, 2 or 3"),
        ({"gate": zeros(79)}, r"gate has shape \[79\], expected \[80\]"),
        ({"weight": zeros(11)}, r"weight has shape \[11\], expected \[12\]"),
        ({"bias": zeros(3)}, r"bias has shape \[3\], expected \[2\]"),
        ({"multiplicities": {0: 2, 3: 1}}, "expected ascending degrees from 0 to at most 2"),
        ({"multiplicities": {2: 1}}, "multiplicities are"),
    ],
)
def test_wrong_arguments(change, message):
    with pytest.raises(ArgumentError, match=message):
        compute({**network_inputs(6, 20, 4, 2), **change})


def test_no_layers():
    given = network_inputs(6, 20, 4, 2, 0)
    assert layers_in(given) == []
    with pytest.raises(ArgumentError, match="there is no layer; expected one or more"):
        compute(given)


@pytest.mark.parametrize("hidden", [(7, 7), (8,), (8, 8, 8)])
def test_layers_with_radial_networks_of_their_own(hidden):
    given = network_inputs(6, 20, 4, 2)
    given["1.hidden_weights"] = [zeros(n, m) for m, n in pairwise((10, *hidden))]
    given["1.hidden_biases"] = [zeros(n) for n in hidden]
    given["1.radial"] = given["1.radial"][:, : hidden[-1]]
    with pytest.raises(ArgumentError, match="radial networks of the layers"):
        compute(given)
