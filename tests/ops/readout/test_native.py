"""The native readout: against torch, awkward batches and sizes, determinism, custom op."""

import os
import subprocess
import sys

import pytest
import torch

from fastlattice import ops
from fastlattice._native import NativeError
from fastlattice.errors import BackendError
from tests.support.instruction_sets import OTHERS
from tests.support.network import (
    FLOAT,
    generator,
    leaves_of,
    readout_inputs,
    rotation,
    wigner,
    with_leaves,
    with_threads,
)
from tests.support.tolerances import OP_FORWARD, OP_GRADIENT, difference

pytestmark = pytest.mark.usefixtures("uninitialised_memory_is_nan")

DTYPES = [torch.float64, torch.float32]
STIFFNESS = {0: 2, 2: 2, 4: 1}


def run(given, backend="native", names=None):
    """The output, and its gradients by name."""
    leaves = {name: leaf for name, leaf in leaves_of(given).items() if names is None or name in names}
    out = ops.readout(**with_leaves(given, leaves), backend=backend)
    cotangent = torch.randn(out.shape, generator=generator(9), dtype=FLOAT).to(out.dtype)
    return out.detach(), dict(zip(leaves, torch.autograd.grad(out, list(leaves.values()), cotangent), strict=True))


def double(given):
    return {n: v.to(FLOAT) if torch.is_tensor(v) and v.is_floating_point() else v for n, v in given.items()}


def compare(given, names=None):
    """With torch in double precision: what differs is the native readout's own."""
    dtype = given["features"].dtype
    out, gradients = run(given, names=names)
    expected, others = run(double(given), "torch", names)
    assert out.dtype == dtype
    assert difference(out.to(FLOAT), expected) <= OP_FORWARD[dtype]
    for name, gradient in gradients.items():
        assert difference(gradient.to(FLOAT), others[name]) <= OP_GRADIENT[dtype], name


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(
    ("lmax", "multiplicities"),
    [(0, {0: 3}), (1, {0: 1, 1: 4}), (2, {0: 5, 1: 5, 2: 5}), (3, {0: 2, 3: 9}), (4, STIFFNESS), (4, {0: 1})],
)
def test_degrees(lmax, multiplicities, dtype):
    compare(readout_inputs(60, 7, 5, lmax, multiplicities, dtype=dtype))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("channels", [1, 3, 8, 17, 32, 33, 50])
def test_channels(channels, dtype):
    compare(readout_inputs(50, 4, channels, 4, STIFFNESS, dtype=dtype))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("nodes", "graphs"), [(0, 0), (1, 1), (63, 1), (64, 1), (65, 1), (300, 300), (900, 3)])
def test_awkward_batches(nodes, graphs, dtype):
    """Nodes of a lattice lie anywhere; lattices of one node, and of more than a tile takes."""
    compare(readout_inputs(nodes, graphs, 3, 2, {0: 2, 1: 1, 2: 3}, dtype=dtype))


def test_a_large_lattice():
    compare(readout_inputs(5000, 1, 2, 1, {0: 2, 1: 1}))


@pytest.mark.parametrize("names", [("features",), ("gate",), ("weight",), ("bias",), ("features", "bias")])
def test_some_gradients(names):
    compare(readout_inputs(30, 4, 3, 4, STIFFNESS), names)


def test_degrees_that_are_not_read():
    given = readout_inputs(30, 4, 3, 4, STIFFNESS)
    gradients = run(given)[1]
    for degree in (1, 3):
        assert not gradients["features"][:, degree**2 : (degree + 1) ** 2].any()
        at = (5 + degree - 1) * 9
        assert not gradients["gate"][at : at + 9].any()


@pytest.mark.parametrize("multiplicities", [{0: 2, 1: 1}, {0: 1}])
def test_gradcheck(multiplicities):
    given = readout_inputs(5, 2, 2, 1, multiplicities)
    leaves = leaves_of(given)

    def function(*values):
        return ops.readout(**with_leaves(given, dict(zip(leaves, values, strict=True))), backend="native")

    assert torch.autograd.gradcheck(function, list(leaves.values()))


@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float64, 1e-12), (torch.float32, 1e-5)])
@pytest.mark.parametrize("proper", [True, False])
def test_equivariance(proper, dtype, tolerance):
    pytest.importorskip("e3nn")
    given = readout_inputs(30, 4, 5, 4, {degree: 1 for degree in range(5)}, dtype=dtype)
    turn = wigner(4, rotation(proper)).to(dtype)
    turned = {**given, "features": torch.einsum("ij,njc->nic", turn, given["features"])}
    expected = ops.readout(**given, backend="native") @ turn.T
    assert difference(ops.readout(**turned, backend="native"), expected) <= tolerance


@pytest.mark.parametrize(("channels", "dtype"), [(32, torch.float32), (5, FLOAT)])
def test_batch_mates_and_threads_change_no_bit(channels, dtype):
    given = readout_inputs(900, 40, channels, 4, STIFFNESS, dtype=dtype)
    (out, gradients), *others = [with_threads(n, run, given) for n in (1, 2, 3)]
    for other, more in others:
        assert torch.equal(out, other)
        assert all(torch.equal(gradient, more[name]) for name, gradient in gradients.items())
    cotangent = torch.randn(out.shape, generator=generator(9), dtype=FLOAT).to(dtype)
    for lattice in (0, 17, 39):
        mine = given["batch"] == lattice
        features = given["features"][mine].requires_grad_()
        alone = {**given, "features": features, "batch": torch.zeros(len(features), dtype=torch.int64), "num_graphs": 1}
        found = ops.readout(**alone, backend="native")
        assert torch.equal(found[0], out[lattice])
        (gradient,) = torch.autograd.grad(found, [features], cotangent[lattice : lattice + 1])
        assert torch.equal(gradient, gradients["features"][mine])


def test_order_of_nodes():
    """The order of lattices' nodes among each other changes no bit, within a lattice only the rounding."""
    given = readout_inputs(60, 5, 3, 4, STIFFNESS)
    out, gradients = run(given)
    by_lattice, any_order = torch.argsort(given["batch"], stable=True), torch.randperm(60, generator=generator(1))
    for order, tolerance in ((by_lattice, 0.0), (any_order, 1e-14)):
        other, more = run({**given, "features": given["features"][order], "batch": given["batch"][order]})
        assert difference(other, out) <= tolerance
        assert difference(more["features"], gradients["features"][order]) <= tolerance


def test_views():
    given = readout_inputs(30, 4, 3, 4, STIFFNESS)
    views = {
        "features": given["features"].permute(2, 0, 1).contiguous().permute(1, 2, 0),
        "batch": given["batch"].repeat_interleave(2)[::2],
        "gate": given["gate"].repeat_interleave(2)[::2],
        "weight": given["weight"].repeat_interleave(2)[::2],
    }
    assert not any(view.is_contiguous() for view in views.values())
    found = ops.readout(**{**given, **views}, backend="native")
    assert torch.equal(found, ops.readout(**given, backend="native"))


def test_no_second_derivative():
    given = readout_inputs(9, 2, 3, 2, {0: 2, 2: 1})
    given["features"].requires_grad_()
    out = ops.readout(**given, backend="native")
    (gradient,) = torch.autograd.grad(out.sin().sum(), [given["features"]], create_graph=True)
    with pytest.raises(RuntimeError, match="readout has first derivatives only"):
        gradient.sum().backward()


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_half_precision_is_refused(dtype):
    with pytest.raises(BackendError, match="float32 and float64"):
        ops.readout(**readout_inputs(9, 2, 3, 2, {0: 2}, dtype=dtype), backend="native")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"batch": torch.tensor([0, 1, 2])}, "batch holds 2, but there are 2 lattices"),
        ({"batch": torch.tensor([0, -1, 1])}, "batch holds -1"),
        ({"batch": torch.tensor([1, 1, 1])}, "lattice 0 has no nodes"),
        ({"num_graphs": 3}, "lattice 2 has no nodes"),
        ({"num_graphs": 0}, "batch holds 0|batch holds 1"),
    ],
)
def test_wrong_batches(change, message):
    given = readout_inputs(3, 2, 3, 2, {0: 2})
    with pytest.raises(NativeError, match=message):
        ops.readout(**{**given, **change}, backend="native")


@pytest.mark.parametrize("isa", OTHERS)
def test_other_instruction_sets(isa):
    """The same tests in a process of its own."""
    if os.environ.get("FASTLATTICE_ISA"):
        pytest.skip("an instruction set is asked for already")
    names = ("test_channels", "test_awkward_batches", "test_batch_mates_and_threads_change_no_bit")
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *(f"{__file__}::{name}" for name in names)],
        env={**os.environ, "FASTLATTICE_ISA": isa},
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stdout
