"""radial_mlp: against the reference and the written-out embedding, gradients, awkward sizes."""

import pytest
import torch

from fastlattice import ops
from fastlattice.errors import ArgumentError
from tests.support.backends import mlp_inputs
from tests.support.network import FLOAT
from tests.support.tolerances import OP_FORWARD, OP_GRADIENT, difference

pytestmark = pytest.mark.usefixtures("torch_backend")


def test_beside_triton():
    """The Triton backend has no kernel of its own for it."""
    pytest.importorskip("triton")
    reference = pytest.importorskip("fastlattice.reference")
    given = mlp_inputs()
    assert difference(ops.radial_mlp(**given, backend="triton"), reference.radial_mlp(**given)) <= OP_FORWARD[FLOAT]


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
@pytest.mark.parametrize(("bases", "layers"), [(6, 2), (10, 2), (2, 1), (6, 4)])
@pytest.mark.parametrize("rows", [0, 1, 63, 1000])
def test_reference(rows, bases, layers, dtype):
    reference = pytest.importorskip("fastlattice.reference")
    given = mlp_inputs(rows, bases, layers=layers, dtype=dtype)
    leaves = [t.requires_grad_() for t in (given["length"], given["radius"], *given["weights"], *given["biases"])]
    found, expected = ops.radial_mlp(**given), reference.radial_mlp(**given)
    assert difference(found, expected) <= OP_FORWARD[dtype]
    gradients = [torch.autograd.grad(out.sin().sum(), leaves) for out in (found, expected)]
    for one, other in zip(*gradients, strict=True):
        assert difference(one, other) <= OP_GRADIENT[dtype]


def test_written_out():
    """One row, one hidden layer, by the formula of the docstring."""
    given = mlp_inputs(rows=1, bases=3, width=4, layers=1)
    x, r = given["length"].item(), given["radius"].item()
    embedding = [torch.exp(torch.tensor(-(((x - c) / 0.3) ** 2), dtype=FLOAT)) / 1.12 for c in (0, 0.3, 0.6)]
    embedding += [torch.exp(torch.tensor(-(((r - c) / 0.015) ** 2), dtype=FLOAT)) / 1.12 for c in (0, 0.015, 0.03)]
    z = given["weights"][0] @ torch.stack(embedding) + given["biases"][0]
    assert difference(ops.radial_mlp(**given)[0], z / (1 + torch.exp(-z))) < 1e-14


def test_gradcheck():
    given = mlp_inputs(rows=3, bases=3, width=4)
    leaves = [t.requires_grad_() for t in (given["length"], given["radius"], *given["weights"], *given["biases"])]

    def function(length, radius, w1, w2, b1, b2):
        return ops.radial_mlp(length, radius, [w1, w2], [b1, b2], 0.6, 0.03)

    assert torch.autograd.gradcheck(function, leaves)
    assert torch.autograd.gradgradcheck(function, leaves)


def test_views():
    given = mlp_inputs(rows=20)
    expected = ops.radial_mlp(**given)
    wide = torch.stack([given["length"], given["radius"]], dim=1)
    weights = [w.T.contiguous().T for w in given["weights"]]
    found = ops.radial_mlp(**{**given, "length": wide[:, 0], "radius": wide[:, 1], "weights": weights})
    assert difference(found, expected) < 1e-14


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"radius": torch.zeros(29, dtype=FLOAT)}, r"radius has shape \[29\], expected \[30\]"),
        ({"radius": torch.zeros(30)}, "radius is torch.float32"),
        ({"weights": []}, "0 weights and 2 biases"),
        ({"biases": [torch.zeros(16, dtype=FLOAT)]}, "2 weights and 1 biases"),
        ({"weights": [torch.zeros(16, 12, dtype=FLOAT), torch.zeros(16, 8, dtype=FLOAT)]}, r"weights\[1\] has shape"),
        ({"weights": [torch.zeros(16, 11, dtype=FLOAT), torch.zeros(16, 16, dtype=FLOAT)]}, "takes 11 inputs"),
    ],
)
def test_wrong_arguments(change, message):
    with pytest.raises(ArgumentError, match=message):
        ops.radial_mlp(**{**mlp_inputs(), **change})
