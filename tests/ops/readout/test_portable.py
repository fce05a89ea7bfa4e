"""readout: against e3nn's linear map and Gate, equivariance, gradients, wrong arguments."""

import pytest
import torch

from fastlattice import ops
from fastlattice.errors import ArgumentError
from tests.support.network import FLOAT, generator, leaves_of, readout_inputs, rotation, wigner, with_leaves
from tests.support.tolerances import OP_FORWARD, OP_GRADIENT, difference

pytestmark = pytest.mark.usefixtures("torch_backend")


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
@pytest.mark.parametrize(
    ("lmax", "multiplicities"), [(1, {0: 3}), (2, {0: 2, 1: 2, 2: 2}), (3, {0: 1, 3: 5}), (4, {0: 2, 2: 2, 4: 1})]
)
def test_reference(lmax, multiplicities, dtype):
    reference = pytest.importorskip("fastlattice.reference")
    given = readout_inputs(20, 3, 5, lmax, multiplicities, dtype=dtype)
    leaves = leaves_of(given)
    given = with_leaves(given, leaves)
    found, expected = ops.readout(**given), reference.readout(**given)
    assert difference(found, expected) <= OP_FORWARD[dtype]
    cotangent = torch.randn(found.shape, generator=generator(9), dtype=FLOAT).to(dtype)
    gradients = [torch.autograd.grad(out, list(leaves.values()), cotangent) for out in (found, expected)]
    for name, one, other in zip(leaves, *gradients, strict=True):
        assert difference(one, other) <= OP_GRADIENT[dtype], name


@pytest.mark.parametrize("proper", [True, False])
def test_equivariance(proper):
    pytest.importorskip("e3nn")
    given = readout_inputs(20, 3, 5, 4, dict.fromkeys(range(5), 1))
    turn = wigner(4, rotation(proper))
    turned = {**given, "features": torch.einsum("ij,njc->nic", turn, given["features"])}
    assert difference(ops.readout(**turned), ops.readout(**given) @ turn.T) <= OP_FORWARD[FLOAT]


def test_a_mean():
    """A lattice taken twice, as a supercell is, reads as it did once."""
    given = readout_inputs(20, 3, 5, 2, {0: 2, 1: 1})
    twice = {**given, **{name: torch.cat([given[name]] * 2) for name in ("features", "batch")}}
    assert difference(ops.readout(**twice), ops.readout(**given)) < 1e-14


def test_second_derivatives():
    given = readout_inputs(5, 2, 2, 1, {0: 1, 1: 2})
    leaves = leaves_of(given)

    def function(*values):
        return ops.readout(**with_leaves(given, dict(zip(leaves, values, strict=True))))

    assert torch.autograd.gradgradcheck(function, list(leaves.values()), fast_mode=True)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"features": torch.zeros(9, 8, 3, dtype=FLOAT)}, "features has 8 components"),
        ({"features": torch.zeros(9, 9, 3)}, "gate is torch.float64"),
        ({"features": torch.zeros(9, 9, dtype=FLOAT)}, r"features has shape \[9, 9\]"),
        ({"batch": torch.zeros(8, dtype=torch.int64)}, r"batch has shape \[8\]"),
        ({"batch": torch.zeros(9, dtype=torch.int32)}, "batch is torch.int32"),
        ({"gate": torch.zeros(44, dtype=FLOAT)}, r"gate has shape \[44\], expected \[45\]"),
        ({"weight": torch.zeros(1, dtype=FLOAT)}, r"weight has shape \[1\], expected \[9\]"),
        ({"bias": torch.zeros(1, dtype=FLOAT)}, r"bias has shape \[1\], expected \[2\]"),
        ({"multiplicities": {0: 2, 3: 1}}, "expected ascending degrees from 0 to at most 2"),
        ({"multiplicities": {1: 2, 2: 1}}, "multiplicities are"),
        ({"multiplicities": {0: 2, 2: 1, 1: 1}}, "multiplicities are"),
        ({"multiplicities": {0: 2, 2: 0}}, "multiplicities are"),
        ({"multiplicities": {}}, "multiplicities are"),
    ],
)
def test_wrong_arguments(change, message):
    with pytest.raises(ArgumentError, match=message):
        ops.readout(**{**readout_inputs(9, 2, 3, 2, {0: 2, 2: 1}), **change})


def test_a_lattice_without_nodes():
    """Refused, not divided by zero."""
    given = {**readout_inputs(9, 2, 3, 2, {0: 2}), "num_graphs": 3}
    with pytest.raises(RuntimeError, match="a lattice has no nodes"):
        ops.readout(**given, backend="torch")
