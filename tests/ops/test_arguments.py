"""Every tensor argument of every op, wrong in every way: an error that names it, in every backend."""

import re

import pytest
import torch

from fastlattice.errors import ArgumentError, BackendError
from tests.support.op_cases import name_of, op_cases, run, tensors_in, with_tensor

CASES = op_cases()
ARGUMENTS = [(op, path) for op, arguments in CASES.items() for path, _ in tensors_in(arguments)]
BACKENDS = pytest.mark.parametrize("backend", ["native", "torch"])
EVERY = pytest.mark.parametrize(("op", "path"), ARGUMENTS, ids=[f"{op}-{name_of(op, p)}-{p}" for op, p in ARGUMENTS])


def at(op, path):
    return dict(tensors_in(CASES[op]))[path]


def refused(op, path, tensor, backend):
    """The message; it is an ArgumentError."""
    with pytest.raises(ArgumentError) as error:
        run(op, with_tensor(CASES[op], path, tensor), backend)
    return str(error.value)


def names(message, op, path):
    """Whether a message is about this argument."""
    return re.match(re.escape(name_of(op, path)) + r"\b|" + re.escape(name_of(op, path)) + " ", message) is not None


@BACKENDS
@pytest.mark.parametrize("op", CASES)
def test_the_cases_are_right(op, backend):
    """Without a change nothing is refused."""
    assert all(out.isfinite().all() for out in run(op, CASES[op], backend))


@BACKENDS
@EVERY
def test_dimensions(op, path, backend):
    tensor = at(op, path)
    for wrong in (tensor[None], tensor.flatten() if tensor.ndim > 1 else tensor[:, None]):
        assert names(refused(op, path, wrong, backend), op, path)


@BACKENDS
@EVERY
def test_sizes(op, path, backend):
    """One more along each dimension: of at least one it is this argument that does not fit.

    Along others it is one that comes after it, or the size is free (the nodes of `edge_conv`, for example).
    """
    tensor, found = at(op, path), []
    for dim in range(tensor.ndim):
        wrong = torch.cat([tensor, tensor.narrow(dim, 0, 1)], dim)
        try:
            run(op, with_tensor(CASES[op], path, wrong), backend)
        except ArgumentError as error:
            found.append(str(error))
    assert found
    first = path == (0,) or op == "radial_mlp"  # what the others have to fit
    assert first or any(names(message, op, path) for message in found)


@BACKENDS
@EVERY
def test_dtypes(op, path, backend):
    tensor = at(op, path)
    wrong = [torch.float64, torch.int32] if tensor.dtype == torch.int64 else [torch.int64, torch.bool]
    if tensor.is_floating_point() and path != (0,):
        wrong += [torch.float32, torch.bfloat16]
    for dtype in wrong:
        assert names(refused(op, path, tensor.to(dtype), backend), op, path)


@BACKENDS
@EVERY
def test_devices(op, path, backend):
    """The first tensor says where all are: if it is elsewhere, the next is named."""
    tensor = at(op, path).to("meta")
    if op == "mandel":  # there is only one tensor
        if backend == "native":
            with pytest.raises(BackendError, match="CPU"):
                run(op, with_tensor(CASES[op], path, tensor), backend)
        return
    message = refused(op, path, tensor, backend)
    assert "meta" in message
    assert path == (0,) or names(message, op, path)


@BACKENDS
@EVERY
def test_what_is_no_tensor(op, path, backend):
    assert names(refused(op, path, at(op, path).numpy(), backend), op, path)
