"""The rowwise linear map: native against plain torch, and against what it is defined as."""

import pytest
import torch

from fastlattice._native import NativeError
from fastlattice.models.mace.native_blocks import rowwise
from tests.support.network import generator, with_threads
from tests.support.op_cases import Recorder
from tests.support.tolerances import difference

TOLERANCES = {torch.float64: 1e-12, torch.float32: 5e-6}
LINEAR = [(0, 3, 2), (1, 1, 1), (127, 21, 21), (1025, 10, 64), (700, 33, 5)]


def normal(*shape, seed=0):
    return torch.randn(*shape, generator=generator(seed), dtype=torch.float64)


def linear_leaves(rows, depth, columns):
    return [normal(rows, depth), normal(depth, columns, seed=1)]


CASES = [linear_leaves(*sizes) for sizes in LINEAR]


def results(leaves, backend, dtype):
    """The result and the gradients of a weighted sum of it."""
    own = [leaf.to(dtype).requires_grad_() for leaf in leaves]
    out = rowwise(*own, backend)
    grads = torch.autograd.grad((out * normal(*out.shape, seed=7).to(dtype)).sum(), own)
    return [out.detach(), *grads]


@pytest.mark.parametrize("dtype", TOLERANCES)
@pytest.mark.parametrize("leaves", CASES)
def test_native_against_torch(leaves, dtype):
    right = results(leaves, "torch", torch.float64)
    for found, wanted in zip(results(leaves, "native", dtype), right, strict=True):
        assert found.dtype == dtype
        assert found.shape == wanted.shape
        assert not wanted.numel() or difference(found.double(), wanted) < TOLERANCES[dtype]


@pytest.mark.parametrize("backend", ["native", "torch"])
def test_gradients(backend):
    own = [leaf.requires_grad_() for leaf in linear_leaves(4, 3, 5)]
    assert torch.autograd.gradcheck(lambda *x: rowwise(*x, backend), own)


@pytest.mark.parametrize("dtype", TOLERANCES)
def test_same_bits_in_any_company(dtype):
    rows, weight = (leaf.to(dtype) for leaf in linear_leaves(1500, 21, 21))
    together = with_threads(4, rowwise, rows, weight)
    assert torch.equal(together, torch.cat([with_threads(1, rowwise, row[None], weight) for row in rows]))
    four, one = (with_threads(n, results, [rows, weight], "native", dtype) for n in (4, 1))
    assert all(torch.equal(*pair) for pair in zip(four, one, strict=True))


def test_rows_of_any_shape():
    rows, weight = normal(4, 5, 3).transpose(0, 1), normal(3, 6, seed=2)
    assert difference(rowwise(rows, weight, "native"), rows @ weight) < 1e-14


def test_sizes_that_do_not_fit_are_refused():
    with pytest.raises((NativeError, ValueError), match="elements"):
        rowwise(normal(2, 3), normal(4, 5))


def test_torch_sees_it():
    with Recorder() as recorder:
        rowwise(normal(2, 3), normal(3, 2))
    assert [str(call.name()) for call, _ in recorder.calls] == ["fastlattice::rowwise_linear"]


def test_transforms_take_plain_torch():
    rows, weight = linear_leaves(3, 2, 4)
    jacobian = torch.func.jacrev(rowwise)(rows, weight)
    assert jacobian.shape == (3, 4, 3, 2)
    assert torch.equal(jacobian[0, :, 0], weight.T)
