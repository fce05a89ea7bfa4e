"""The ops as torch sees them: registered, visible to modes, right under checkpoints, and refused where they must be."""

import itertools

import pytest
import torch
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.autograd import forward_ad
from torch.utils.checkpoint import checkpoint

from fastlattice import ops
from fastlattice.ops import constants
from tests.support.op_cases import Recorder, leaves, mapped, name_of, op_cases, run, tensors_in, with_tensor

CASES = op_cases()
OPS = pytest.mark.parametrize("op", CASES)
BACKENDS = pytest.mark.parametrize("backend", ["native", "torch"])
ARGUMENTS = [
    (op, path) for op, given in CASES.items() for path, tensor in tensors_in(given) if tensor.is_floating_point()
]


def total(results):
    return sum(out.sin().sum() for out in results)


def gradients_of(op, arguments, backend, call=lambda function, *given: function(*given)):
    given, inputs = leaves(arguments)
    out = call(lambda *tensors: total(run(op, given, backend)), *inputs)
    return torch.autograd.grad(out, inputs, allow_unused=True, materialize_grads=True)


@OPS
def test_custom_ops(op):
    """Forward and backward as torch.library wants them: schema, fakes, autograd, no aliases."""
    given, inputs = leaves(CASES[op])
    with Recorder() as seen:
        torch.autograd.grad(total(run(op, given, "native")), inputs, allow_unused=True)
    assert {func.name().split("::")[1].split("_backward")[0] for func, _ in seen.calls} <= {op, "network"}
    forward, backward = seen.calls
    for func, arguments in (forward, backward):
        torch.library.opcheck(func, mapped(arguments, torch.Tensor.detach))
    torch.library.opcheck(forward[0], leaves(forward[1])[0])


@OPS
def test_some_gradients(op):
    """Of the groups of arguments whose gradients are asked for, no more and no fewer, with the bits of all together."""
    given, inputs = leaves(CASES[op])
    with Recorder() as seen:
        torch.autograd.grad(total(run(op, given, "native")), inputs, allow_unused=True)
    func, (*arguments, wanted) = seen.calls[1]
    arguments = mapped(tuple(arguments), torch.Tensor.detach)
    groups = [func(*arguments, [n == asked for n in range(len(wanted))]) for asked in range(len(wanted))]
    for asked in itertools.product([False, True], repeat=len(wanted)):
        if not any(asked):  # then torch does not call it
            continue
        found = func(*arguments, list(asked))
        expected = [grad for group, needed in zip(groups, asked, strict=True) if needed for grad in group]
        assert len(found) == len(expected)
        assert all(torch.equal(*pair) for pair in zip(found, expected, strict=True))
        torch.library.opcheck(func, (*arguments, list(asked)), test_utils=("test_schema", "test_faketensor"))


@OPS
def test_a_mode_sees_the_gradient(op):
    """Of the whole way or of the backward pass alone; the bits are those that come where nobody looks on."""
    expected = gradients_of(op, CASES[op], "native")
    with Recorder() as seen:
        found = gradients_of(op, CASES[op], "native")
    assert len(seen.calls) == 2
    given, inputs = leaves(CASES[op])
    out = total(run(op, given, "native"))
    with Recorder() as seen:
        late = torch.autograd.grad(out, inputs, allow_unused=True, materialize_grads=True)
    ((func, _),) = seen.calls
    assert func.name() == f"fastlattice::{'network' if op == 'layer' else op}_backward"
    assert all(torch.equal(a, b) and torch.equal(a, c) for a, b, c in zip(expected, found, late, strict=True))


@OPS
@pytest.mark.parametrize("mode", [torch.no_grad, torch.inference_mode, torch.enable_grad])
def test_a_mode_sees_the_op(op, mode):
    """Whether gradients are recorded or not; the numbers are the same."""
    expected = run(op, CASES[op], "native")
    with mode(), Recorder() as seen:
        found = run(op, CASES[op], "native")
    assert [func.name() for func, _ in seen.calls] == [f"fastlattice::{'network' if op == 'layer' else op}"]
    assert all(torch.equal(*pair) for pair in zip(found, expected, strict=True))


@OPS
@BACKENDS
@pytest.mark.parametrize("recorded", [True, False])
def test_fake_tensors(op, backend, recorded):
    """Shapes without values, and gradients of these; what is made there is not kept for real tensors."""
    expected = run(op, CASES[op], backend)
    with FakeTensorMode() as mode, torch.set_grad_enabled(recorded):
        given = mapped(CASES[op], mode.from_tensor)
        given, inputs = leaves(given) if recorded else (given, [])
        found = run(op, given, backend)
        grads = torch.autograd.grad(total(found), inputs, allow_unused=True, materialize_grads=True) if inputs else ()
    for one, other in zip([*found, *grads], [*expected, *inputs] if recorded else expected, strict=True):
        assert type(one) is not torch.Tensor
        assert (one.shape, one.dtype, one.device) == (other.shape, other.dtype, other.device)
    assert all(torch.equal(*pair) for pair in zip(run(op, CASES[op], backend), expected, strict=True))


def test_constants_made_under_fake_tensors_are_real():
    constants.mandel_basis.cache_clear()
    constants._copy.cache_clear()
    with FakeTensorMode():
        fake = torch.zeros(2, 21, dtype=torch.float64)
        assert ops.mandel(fake, "none", backend="torch").shape == (2, 6, 6)
        assert type(constants.mandel_basis()) is torch.Tensor
    assert type(constants.constant(constants.mandel_basis, like=torch.zeros(1))) is torch.Tensor
    assert torch.isfinite(ops.mandel(torch.ones(2, 21), "none", backend="torch")).all()


@OPS
@BACKENDS
def test_checkpoint(op, backend):
    """Saved tensors may be computed anew each time they are read: the gradients are those without."""

    def checkpointed(function, *inputs):
        return checkpoint(function, *inputs, use_reentrant=False)

    found, expected = gradients_of(op, CASES[op], backend, checkpointed), gradients_of(op, CASES[op], backend)
    assert all(torch.equal(*pair) for pair in zip(found, expected, strict=True))
    assert any(grad.any() for grad in found)


@pytest.mark.parametrize(("op", "path"), ARGUMENTS, ids=[f"{op}-{name_of(op, p)}-{p}" for op, p in ARGUMENTS])
@pytest.mark.parametrize("recorded", [True, False])
def test_forward_derivatives_are_refused(op, path, recorded):
    """Of every argument, never a silent zero; with gradients recorded or not."""
    tensor = dict(tensors_in(CASES[op]))[path]
    with forward_ad.dual_level(), torch.set_grad_enabled(recorded):
        dual = forward_ad.make_dual(tensor, torch.ones_like(tensor))
        with pytest.raises(RuntimeError, match=r"no forward-mode derivatives .*; backend='torch' has"):
            run(op, with_tensor(CASES[op], path, dual), "native")


def function_of(op, backend):
    """The op as a function of its first tensor."""
    ((path, tensor), *_) = tensors_in(CASES[op])
    return (lambda value: total(run(op, with_tensor(CASES[op], path, value), backend))), tensor


@OPS
def test_transforms(op):
    """torch.func with the torch backend: reverse, forward, both and batched derivatives agree with autograd."""
    function, tensor = function_of(op, "torch")
    leaf = tensor.clone().requires_grad_()
    (expected,) = torch.autograd.grad(function(leaf), leaf)
    direction = torch.linspace(-1, 1, tensor.numel(), dtype=tensor.dtype).view_as(tensor)
    assert torch.allclose(torch.func.grad(function)(tensor), expected, rtol=1e-11)
    assert torch.allclose(torch.func.jacrev(function)(tensor), expected, rtol=1e-11)
    along = torch.func.jvp(function, (tensor,), (direction,))[1]
    assert torch.allclose(along, (expected * direction).sum(), rtol=1e-9, atol=1e-12)
    some = torch.stack([tensor, 1.1 * tensor])
    each = torch.stack([function(one) for one in some])
    assert torch.allclose(torch.func.vmap(function)(some), each, rtol=1e-11)


@OPS
def test_transforms_of_the_native_op(op):
    """Refused, by an error that says what to do."""
    function, tensor = function_of(op, "native")
    for transformed in (
        lambda: torch.func.grad(function)(tensor),
        lambda: torch.func.jacrev(function)(tensor),
        lambda: torch.func.vmap(function)(torch.stack([tensor, tensor])),
        lambda: torch.func.jvp(function, (tensor,), (tensor,)),
        lambda: torch.func.jacfwd(function)(tensor),
        lambda: torch.func.vmap(torch.func.grad(function))(torch.stack([tensor, tensor])),
    ):
        with pytest.raises(RuntimeError, match="backend='torch' has"):
            transformed()
        with torch.no_grad(), pytest.raises(RuntimeError, match="backend='torch' has"):
            transformed()


@OPS
def test_batched_gradients_of_the_native_op_are_refused(op):
    given, inputs = leaves(CASES[op])
    out = run(op, given, "native")[0]
    with pytest.raises(RuntimeError, match="backend='torch' has"):
        torch.autograd.grad(out, inputs, torch.ones(2, *out.shape, dtype=out.dtype), is_grads_batched=True)


@pytest.mark.parametrize("op", ["layer", "network"])
def test_nothing_is_kept_without_gradients(op):
    """What only gradients need has no room then."""
    given, _ = leaves(CASES[op])
    sizes = []
    for recorded in (False, True):
        with torch.set_grad_enabled(recorded), Recorder() as seen:
            run(op, given, "native")
        ((func, arguments),) = seen.calls
        out, kept = func(*mapped(arguments, torch.Tensor.detach))
        assert torch.equal(out, run(op, given, "native")[0])
        sizes.append(kept.numel())
        if not recorded:
            again, _ = func(*leaves(arguments)[0])
            with pytest.raises(RuntimeError, match="without keep=True"):
                again.sum().backward()
    features = given[0].shape[0] * 9 * 3
    assert sizes == [0, (2 if op == "layer" else 4) * features]


class Exported(torch.nn.Module):
    """An op as a module of the tensors among its arguments."""

    def __init__(self, op, arguments, backend):
        super().__init__()
        self.op, self.arguments, self.backend = op, arguments, backend
        self.paths = [path for path, _ in tensors_in(arguments)]

    def forward(self, *tensors):
        given = self.arguments
        for path, tensor in zip(self.paths, tensors, strict=True):
            given = with_tensor(given, path, tensor)
        return run(self.op, given, self.backend)


# Of `network`, the torch backend and any number of edges are for LatticeMACE: tests/models/test_torch.py.
EXPORTED = [(op, backend) for op in CASES for backend in ("native", "torch") if (op, backend) != ("network", "torch")]


# The parameters of `network`, among its tensors, have sizes of their own.
OF_ANY_SIZE = [(op, backend) for op, backend in EXPORTED if op != "network"]


@pytest.mark.parametrize(
    ("dynamic", "op", "backend"), [(False, *case) for case in EXPORTED] + [(True, *case) for case in OF_ANY_SIZE]
)
def test_export(op, backend, dynamic):
    """The exported program gives the bits of the op; a dynamic one stands for any numbers of rows."""
    tensors = tuple(tensor for _, tensor in tensors_in(CASES[op]))
    shapes = (tuple({0: torch.export.Dim.AUTO} for _ in tensors),) if dynamic else None
    program = torch.export.export(Exported(op, CASES[op], backend), tensors, dynamic_shapes=shapes)
    found, expected = program.module()(*tensors), run(op, CASES[op], backend)
    assert all(torch.equal(*pair) for pair in zip(found, expected, strict=True))


# The released weights of `symmetric_contraction` are folded by torch's own product, which autocast rounds.
@pytest.mark.parametrize("op", [op for op in CASES if op != "symmetric_contraction"])
@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_autocast_changes_nothing(op, dtype):
    """Neither the native op nor its gradients, whether these are computed under autocast or after it."""
    case = op_cases(torch.float32)[op]
    given, inputs = leaves(case)
    expected = run(op, given, "native")
    wanted = torch.autograd.grad(total(expected), inputs, allow_unused=True, materialize_grads=True)
    for within in (True, False):
        with torch.autocast("cpu", dtype=dtype):
            found = run(op, given, "native")
        with torch.autocast("cpu", dtype=dtype, enabled=within):
            gradients = torch.autograd.grad(total(found), inputs, allow_unused=True, materialize_grads=True)
        assert all(torch.equal(*pair) for pair in zip([*found, *gradients], [*expected, *wanted], strict=True))
