"""layer: the single ops against the reference's pieces, equivariance, gradients, wrong arguments."""

import pytest
import torch

from fastlattice.errors import ArgumentError
from fastlattice.ops import constants
from tests.support.network import (
    FLOAT,
    assert_agreement,
    compute,
    contraction_weights,
    layer_inputs,
    leaves_of,
    rotation,
    wigner,
    with_leaves,
)
from tests.support.tolerances import OP_FORWARD, difference

pytestmark = pytest.mark.usefixtures("torch_backend")


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
@pytest.mark.parametrize(("l_in", "lmax", "correlation"), [(0, 1, 3), (1, 1, 1), (0, 2, 2), (2, 2, 3), (3, 3, 2)])
@pytest.mark.parametrize("struts", [None, 9])
def test_reference(l_in, lmax, correlation, dtype, struts):
    given = layer_inputs(
        7, 30, 3, l_in, lmax, correlation=correlation, residual=l_in == lmax, struts=struts, dtype=dtype
    )
    given["contraction"] = contraction_weights(lmax, correlation, 3, dtype=dtype)
    assert_agreement(given, "torch", "reference", exact=False)


@pytest.mark.parametrize("residual", [True, False])
def test_norm(residual):
    """What the layer reads, and adds, is divided by the root mean square of its degree."""
    given = layer_inputs(7, 30, 3, 2, 2, residual=residual)
    given["contraction"] = contraction_weights(2, 3, 3)
    given["norm"] = torch.tensor([[1.0, -2.0, 0.5], [3.0, 1.0, 1.0], [0.1, 0.2, 0.3]], dtype=FLOAT)
    assert_agreement(given, "torch", "reference", exact=False)
    gone = {**given, "features": 1e6 * given["features"]}
    assert difference(compute(gone), compute({**gone, "features": 1e3 * gone["features"]})) < 1e-9


@pytest.mark.parametrize("output_degrees", [[0], [2, 0], [1]])
@pytest.mark.parametrize("residual", [True, False])
def test_outputs(output_degrees, residual):
    """What is asked for is as in the full result; all else is zero, the residual too."""
    given = layer_inputs(7, 30, 3, 2, 2, residual=residual)
    full, some = compute(given), compute({**given, "output_degrees": output_degrees})
    for degree in range(3):
        part = slice(degree**2, (degree + 1) ** 2)
        expected = full[:, part] if degree in output_degrees else torch.zeros_like(full[:, part])
        assert difference(some[:, part], expected) < 1e-14


def test_residual():
    given = layer_inputs(7, 30, 3, 2, 2)
    assert difference(compute({**given, "residual": True}), compute(given) + given["features"]) < 1e-14


@pytest.mark.parametrize("proper", [True, False])
def test_equivariance(proper):
    pytest.importorskip("e3nn")
    given = layer_inputs(6, 40, 4, 4, 4, residual=True)
    turn = wigner(4, rotation(proper))
    turned = {**given, "features": torch.einsum("ij,njc->nic", turn, given["features"]), "sh": given["sh"] @ turn.T}
    expected = torch.einsum("ij,njc->nic", turn, compute(given))
    assert difference(compute(turned), expected) <= OP_FORWARD[FLOAT]


def test_second_derivatives():
    given = layer_inputs(2, 3, 2, 1, 1, width=3, correlation=2)
    leaves = leaves_of({name: given[name] for name in ("features", "sh", "length", "up")})

    def function(*values):
        return compute(with_leaves(given, dict(zip(leaves, values, strict=True))))

    assert torch.autograd.gradgradcheck(function, list(leaves.values()), fast_mode=True)


def zeros(*shape, dtype=FLOAT):
    return torch.zeros(*shape, dtype=dtype)


FOLDED = sum(constants.folded_counts(2, 3))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"features": zeros(6, 8, 4)}, "features has 8 components"),
        ({"features": zeros(6, 16, 4)}, "features has 16 components"),
        ({"features": zeros(6, 9)}, r"features has shape \[6, 9\]"),
        ({"features": torch.zeros(6, 9, 4, dtype=torch.int64)}, "features is torch.int64"),
        ({"sh": zeros(20, 10)}, "sh has 10 components"),
        ({"sh": zeros(20, 9, dtype=torch.float32)}, "sh is torch.float32"),
        ({"length": zeros(19)}, r"length has shape \[19\], expected \[20\]"),
        ({"radius": zeros(19)}, r"radius has shape \[19\], expected \[20\]"),
        ({"edge_index": torch.zeros(2, 19, dtype=torch.int64)}, r"edge_index has shape \[2, 19\]"),
        ({"edge_index": zeros(2, 20)}, "edge_index is torch.float64"),
        ({"strut": torch.zeros(19, dtype=torch.int64)}, r"strut has shape \[19\]"),
        ({"correlation": 4}, "correlation is 4; expected 1, 2 or 3"),
        ({"output_degrees": [0, 3]}, r"output_degrees are \[0, 3\]; expected degrees from 0 to 2"),
        ({"output_degrees": [-1]}, r"output_degrees are \[-1\]"),
        ({"features": zeros(6, 4, 4), "residual": True}, "a residual needs features to degree 2, not 1"),
        ({"up": zeros(47)}, r"up has shape \[47\], expected \[48\]"),
        ({"radial": zeros(44, 7)}, "radial has shape"),
        ({"linear_weight": zeros(1)}, r"linear_weight has shape \[1\]"),
        ({"linear_bias": zeros(4, dtype=torch.float32)}, "linear_bias is torch.float32"),
        (
            {"contraction": zeros(FOLDED + 1, 4)},
            rf"contraction has shape \[{FOLDED + 1}, 4\], expected \[{FOLDED}, 4\]",
        ),
        ({"product": zeros(47)}, r"product has shape \[47\], expected \[48\]"),
        ({"hidden_weights": []}, "0 (hidden_)?weights and 2 (hidden_)?biases"),
        ({"hidden_biases": [zeros(8)]}, "2 (hidden_)?weights and 1 (hidden_)?biases"),
        (
            {"hidden_weights": [zeros(8, 10), zeros(8, 9)]},
            r"weights\[1\] has shape \[8, 9\], expected \[\*, 8\]",
        ),
        ({"hidden_biases": [zeros(8), zeros(7)]}, r"biases\[1\] has shape \[7\], expected \[8\]"),
        ({"hidden_weights": [zeros(8, 9), zeros(8, 8)]}, r"weights\[0\] takes 9 inputs"),
        ({"hidden_weights": [zeros(8, 2), zeros(8, 8)]}, r"weights\[0\] takes 2 inputs"),
    ],
)
def test_wrong_arguments(change, message):
    with pytest.raises(ArgumentError, match=message):
        compute({**layer_inputs(6, 20, 4, 2, 2), **change})
