"""The rowwise linear map and the norm of degrees: native against plain torch, and against what they are defined as."""

import pytest
import torch

from fastlattice._native import NativeError
from fastlattice.models.mace.native_blocks import degree_norm, rowwise
from tests.support.network import generator, with_threads
from tests.support.op_cases import Recorder
from tests.support.tolerances import difference

TOLERANCES = {torch.float64: 1e-12, torch.float32: 5e-6}
SHARE, FLOOR = 0.01, 0.1
LINEAR = [(0, 3, 2), (1, 1, 1), (127, 21, 21), (1025, 10, 64), (700, 33, 5)]
NORM = [(0, 3, 2), (1, 1, 0), (63, 5, 1), (65, 16, 4), (600, 33, 2)]


def normal(*shape, seed=0):
    return torch.randn(*shape, generator=generator(seed), dtype=torch.float64)


def linear_leaves(rows, depth, columns):
    return [normal(rows, depth), normal(depth, columns, seed=1)]


def norm_leaves(nodes, channels, lmax):
    return [normal(nodes, (lmax + 1) ** 2, channels), normal(lmax + 1, channels, seed=1)]


def norm(features, scale, backend="auto"):
    return degree_norm(features, scale, SHARE, FLOOR, backend)


CASES = [(rowwise, linear_leaves(*sizes)) for sizes in LINEAR] + [(norm, norm_leaves(*sizes)) for sizes in NORM]


def results(function, leaves, backend, dtype):
    """The result and the gradients of a weighted sum of it."""
    own = [leaf.to(dtype).requires_grad_() for leaf in leaves]
    out = function(*own, backend)
    grads = torch.autograd.grad((out * normal(*out.shape, seed=7).to(dtype)).sum(), own)
    return [out.detach(), *grads]


@pytest.mark.parametrize("dtype", TOLERANCES)
@pytest.mark.parametrize(("function", "leaves"), CASES)
def test_native_against_torch(function, leaves, dtype):
    right = results(function, leaves, "torch", torch.float64)
    for found, wanted in zip(results(function, leaves, "native", dtype), right, strict=True):
        assert found.dtype == dtype
        assert found.shape == wanted.shape
        assert not wanted.numel() or difference(found.double(), wanted) < TOLERANCES[dtype]


def test_the_norm_is_what_it_says():
    features, scale = norm_leaves(7, 5, 2)
    found = norm(features, scale, "native")
    for node, row in enumerate(features):
        for degree, start in enumerate((0, 1, 4)):
            part = row[start : start + 2 * degree + 1]
            size = part.square().mean() + SHARE * row.square().mean() + FLOOR
            assert torch.allclose(
                found[node, start : start + 2 * degree + 1], part / size.sqrt() * scale[degree], rtol=1e-14
            )


@pytest.mark.parametrize("backend", ["native", "torch"])
@pytest.mark.parametrize(("function", "leaves"), [(rowwise, linear_leaves(4, 3, 5)), (norm, norm_leaves(3, 2, 2))])
def test_gradients(function, leaves, backend):
    own = [leaf.clone().requires_grad_() for leaf in leaves]
    assert torch.autograd.gradcheck(lambda *x: function(*x, backend), own)


@pytest.mark.parametrize("dtype", TOLERANCES)
@pytest.mark.parametrize(
    ("function", "leaves"), [(rowwise, linear_leaves(1500, 21, 21)), (norm, norm_leaves(900, 5, 4))]
)
def test_same_bits_in_any_company(function, leaves, dtype):
    rows, weight = (leaf.to(dtype) for leaf in leaves)
    together = with_threads(4, function, rows, weight)
    assert torch.equal(together, torch.cat([with_threads(1, function, row[None], weight) for row in rows]))
    four, one = (with_threads(n, results, function, [rows, weight], "native", dtype) for n in (4, 1))
    assert all(torch.equal(*pair) for pair in zip(four, one, strict=True))


def test_rows_of_any_shape():
    rows, weight = normal(4, 5, 3).transpose(0, 1), normal(3, 6, seed=2)
    assert difference(rowwise(rows, weight, "native"), rows @ weight) < 1e-14


def test_sizes_that_do_not_fit_are_refused():
    for call in (lambda: rowwise(normal(2, 3), normal(4, 5)), lambda: norm(normal(2, 9, 4), normal(2, 4))):
        with pytest.raises((NativeError, ValueError), match="elements"):
            call()


def test_torch_sees_them():
    with Recorder() as recorder:
        rowwise(normal(2, 3), normal(3, 2))
        norm(*norm_leaves(2, 3, 1))
    assert [str(call.name()) for call, _ in recorder.calls] == [
        "fastlattice::rowwise_linear",
        "fastlattice::degree_norm",
    ]


def test_transforms_take_plain_torch():
    rows, weight = linear_leaves(3, 2, 4)
    jacobian = torch.func.jacrev(rowwise)(rows, weight)
    assert jacobian.shape == (3, 4, 3, 2)
    assert torch.equal(jacobian[0, :, 0], weight.T)
