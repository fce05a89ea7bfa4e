"""mandel: against the reference, closed forms, positive semi-definiteness, gradients."""

import pytest
import torch

from fastlattice import ops
from fastlattice.elasticity import rotate
from fastlattice.errors import ArgumentError
from fastlattice.ops.mandel import POSITIVE_FUNCTIONS
from tests.support.network import FLOAT, generator, rotation, wigner
from tests.support.tolerances import OP_FORWARD, OP_GRADIENT, difference

pytestmark = pytest.mark.usefixtures("torch_backend")


def coefficients(rows=9, dtype=FLOAT, scale=0.4):
    return scale * torch.randn(rows, 21, generator=generator(0), dtype=FLOAT).to(dtype)


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
@pytest.mark.parametrize("function", POSITIVE_FUNCTIONS)
@pytest.mark.parametrize("rows", [0, 1, 63])
def test_reference(rows, function, dtype):
    reference = pytest.importorskip("fastlattice.reference")
    given = coefficients(rows, dtype).requires_grad_()
    found, expected = ops.mandel(given, function), reference.mandel(given, function)
    assert difference(found, expected) <= OP_FORWARD[dtype]
    gradients = [torch.autograd.grad(out.sin().sum(), given)[0] for out in (found, expected)]
    assert difference(*gradients) <= OP_GRADIENT[dtype]


@pytest.mark.parametrize(
    ("function", "scalar"),
    [
        ("none", lambda x: x),
        ("matrix_power_2", lambda x: x**2),
        ("matrix_power_4", lambda x: x**4),
        ("matrix_exp", torch.exp),
        ("matrix_trunc_exp_2", lambda x: (1 + x / 2) ** 2),
        ("matrix_trunc_exp_4", lambda x: (1 + x / 4) ** 4),
    ],
)
def test_acts_on_eigenvalues(function, scalar):
    """The function of the matrix has the same eigenvectors and the function of the eigenvalues."""
    values, vectors = torch.linalg.eigh(ops.mandel(coefficients(), "none"))
    expected = vectors @ torch.diag_embed(scalar(values)) @ vectors.transpose(1, 2)
    assert difference(ops.mandel(coefficients(), function), expected) < 1e-13


@pytest.mark.parametrize("function", [name for name in POSITIVE_FUNCTIONS if name != "none"])
def test_positive_semi_definite(function):
    found = ops.mandel(coefficients(500, scale=2.0), function)
    assert difference(found, found.transpose(1, 2)) < 1e-14
    values = torch.linalg.eigvalsh(found)
    assert (values[:, 0] >= -1e-13 * values[:, -1]).all()


def test_scalars_are_isotropic():
    """The two scalar coefficients span the isotropic stiffnesses: bulk and shear modulus."""
    given = torch.zeros(2, 21, dtype=FLOAT)
    given[0, 0] = given[1, 1] = 1
    volumetric = torch.zeros(6, 6, dtype=FLOAT)
    volumetric[:3, :3] = 1 / 3
    span = torch.stack([volumetric, torch.eye(6, dtype=FLOAT) - volumetric]).flatten(1)
    found = ops.mandel(given, "none").flatten(1)
    assert torch.linalg.matrix_rank(found) == 2
    assert torch.linalg.matrix_rank(torch.cat([span, found]), tol=1e-12) == 2


@pytest.mark.parametrize("function", POSITIVE_FUNCTIONS)
def test_equivariance(function):
    pytest.importorskip("e3nn")
    turn = rotation(proper=True)
    turns = {l: wigner(4, turn)[l**2 : (l + 1) ** 2, l**2 : (l + 1) ** 2] for l in (0, 2, 4)}
    matrix = torch.block_diag(*(turns[l] for l in (0, 0, 2, 2, 4)))
    found = ops.mandel(coefficients() @ matrix.T, function)
    expected = rotate(ops.mandel(coefficients(), function), turn, notation="mandel")
    assert difference(found, expected) <= OP_FORWARD[FLOAT]


@pytest.mark.parametrize("function", POSITIVE_FUNCTIONS)
def test_gradcheck(function):
    given = coefficients(2).requires_grad_()
    assert torch.autograd.gradcheck(lambda x: ops.mandel(x, function), given)
    assert torch.autograd.gradgradcheck(lambda x: ops.mandel(x, function), given, fast_mode=True)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"coefficients": torch.zeros(3, 20)}, r"coefficients has shape \[3, 20\], expected \[\*, 21\]"),
        ({"coefficients": torch.zeros(3, 21, dtype=torch.int64)}, "coefficients is torch.int64"),
        ({"positive_function": "softplus"}, "positive_function is 'softplus'; choose from"),
    ],
)
def test_wrong_arguments(change, message):
    with pytest.raises(ArgumentError, match=message):
        ops.mandel(**{"coefficients": coefficients(), "positive_function": "none", **change})
