"""mandel, forward and backward, for every positive function."""

import pytest
import torch

from bench.support.timing import measure
from fastlattice import ops
from fastlattice.ops import constants
from fastlattice.ops.mandel import POSITIVE_FUNCTIONS
from tests.support.tolerances import OP_FORWARD, OP_GRADIENT, difference

PRODUCT = 21 * 6  # of symmetric matrices
POWERS = {
    "none": 0,
    "matrix_power_2": 1,
    "matrix_power_4": 2,
    "matrix_trunc_exp_2": 1,
    "matrix_trunc_exp_4": 2,
}


def operations(given, function, backward):
    """Multiply-adds for a lattice: change of basis and products; a dual product is three, and the basis applies twice.

    Of the exponential, each lattice's own squarings count, though a vector makes as many as its largest matrix needs.
    """
    products = POWERS.get(function)
    if products is None:
        norm = ops.mandel(given.detach(), "none", backend="torch").abs().sum(2).amax(1)
        products = (5 if given.dtype == torch.float32 else 7) + float(norm.log2().ceil().clamp(min=0).mean())
    change = int(constants.mandel_basis().triu().count_nonzero())
    return (2 * change + 3 * products * PRODUCT) if backward else (change + products * PRODUCT)


def inputs(rows, dtype):
    rng = torch.Generator().manual_seed(0)
    return (0.4 * torch.randn(rows, 21, generator=rng, dtype=torch.float64)).to(dtype).requires_grad_()


def both(op, function, dtype):
    given = inputs(65, dtype)
    out = op(given, function)
    return out, *torch.autograd.grad(out, given, torch.ones_like(out))


def torch_mandel(given, function):
    return ops.mandel(given, function, backend="torch")


def run(benchmark, mandel, backend, function, rows, dtype, direction, rounds):
    pairs = zip(both(mandel, function, dtype), both(torch_mandel, function, dtype), strict=True)
    for pair, tolerance in zip(pairs, (OP_FORWARD, OP_GRADIENT), strict=True):  # nothing is timed that is not right
        assert difference(*pair) <= tolerance[dtype]

    given = inputs(rows, dtype)
    row = {
        "op": f"mandel {direction}",
        "backend": backend,
        "shapes": f"{rows:,} lattices, {function}",
        "dtype": dtype,
        "multiply_adds": rows * operations(given, function, direction == "backward"),
        "lattices": rows,
    }
    if direction == "forward":
        with torch.no_grad():
            measure(benchmark, lambda: mandel(given, function), rounds, **row)
        return
    out = mandel(given, function)
    cotangent = torch.ones_like(out)

    def backward():
        return torch.autograd.grad(out, given, cotangent, retain_graph=True)

    measure(benchmark, backward, rounds, **row)


SHAPES = [(1, torch.float32), (4096, torch.float32), (4096, torch.float64)]


@pytest.mark.parametrize("direction", ["forward", "backward"])
@pytest.mark.parametrize(("rows", "dtype"), SHAPES)
@pytest.mark.parametrize("function", POSITIVE_FUNCTIONS)
@pytest.mark.parametrize("backend", ["native", "torch"])
def test_mandel(benchmark, backend, function, rows, dtype, direction):
    def mandel(given, function):
        return ops.mandel(given, function, backend=backend)

    run(benchmark, mandel, backend, function, rows, dtype, direction, 60 if rows == 1 else 15)


@pytest.mark.parametrize("direction", ["forward", "backward"])
@pytest.mark.parametrize("function", ["matrix_power_2", "matrix_exp"])
def test_peer_e3nn(benchmark, function, direction):
    """The released network's way: change of basis to C_ijkl, then the matrix."""
    reference = pytest.importorskip("fastlattice.reference")
    run(benchmark, reference.mandel, "e3nn", function, 4096, torch.float32, direction, 10)
