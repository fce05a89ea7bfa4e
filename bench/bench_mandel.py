"""mandel, forward and backward, for every positive function: time a lattice, and the fraction of the multiply-adds.

The fraction counts the native algorithm's operations for every backend; the peak is measured before and after a call.
"""

import time

import numpy as np
import pytest
import torch

from bench.peak import fma_peak
from fastlattice import _tables, ops
from fastlattice.config import POSITIVE_FUNCTIONS
from tests.tolerances import OP_FORWARD, OP_GRADIENT, difference

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
    change = int(_tables.mandel_basis().triu().count_nonzero())
    return (2 * change + 3 * products * PRODUCT) if backward else (change + products * PRODUCT)


def inputs(rows, dtype):
    rng = torch.Generator().manual_seed(0)
    return (0.4 * torch.randn(rows, 21, generator=rng, dtype=torch.float64)).to(dtype).requires_grad_()


def check(call, expected, dtype):
    """Nothing is timed that is not right."""
    for one, other, tolerance in zip(call(), expected(), (OP_FORWARD, OP_GRADIENT), strict=True):
        assert difference(one, other) <= tolerance[dtype]


def measure(benchmark, call, rounds, rows, count, dtype, **info):
    benchmark.pedantic(call, rounds=rounds, warmup_rounds=3)
    fractions, threads = [], torch.get_num_threads()
    for _ in range(rounds):
        before, start = fma_peak(dtype), time.perf_counter()
        call()
        seconds = time.perf_counter() - start
        fractions.append(count * rows / seconds / threads / ((before + fma_peak(dtype)) / 2))
    benchmark.extra_info.update(
        lattices=rows,
        dtype=str(dtype).removeprefix("torch."),
        threads=threads,
        nanoseconds_a_lattice=benchmark.stats.stats.median / rows * 1e9,
        fraction_of_fma_peak=float(np.median(fractions)),
        peak_gfma=fma_peak(dtype) * 1e-9,
        **info,
    )


def run(benchmark, mandel, backend, function, rows, dtype, direction, rounds):
    def both(op):
        given = inputs(65, dtype)
        out = op(given, function)
        return [out, *torch.autograd.grad(out, given, torch.ones_like(out))]

    check(lambda: both(mandel), lambda: both(lambda x, f: ops.mandel(x, f, backend="torch")), dtype)
    given = inputs(rows, dtype)
    info = {"backend": backend, "positive_function": function}
    count = operations(given, function, direction == "backward")
    if direction == "forward":
        with torch.no_grad():
            measure(benchmark, lambda: mandel(given, function), rounds, rows, count, dtype, **info)
        return
    out = mandel(given, function)
    cotangent = torch.ones_like(out)

    def backward():
        return torch.autograd.grad(out, given, cotangent, retain_graph=True)

    measure(benchmark, backward, rounds, rows, count, dtype, **info)


SHAPES = [(1, torch.float32), (4096, torch.float32), (4096, torch.float64)]


@pytest.mark.parametrize("direction", ["forward", "backward"])
@pytest.mark.parametrize(("rows", "dtype"), SHAPES)
@pytest.mark.parametrize("function", POSITIVE_FUNCTIONS)
@pytest.mark.parametrize("backend", ["native", "torch"])
def test_mandel(benchmark, backend, function, rows, dtype, direction):
    def mandel(given, function):
        return ops.mandel(given, function, backend=backend)

    run(benchmark, mandel, backend, function, rows, dtype, direction, 100 if rows == 1 else 20)


@pytest.mark.parametrize("direction", ["forward", "backward"])
@pytest.mark.parametrize("function", ["matrix_power_2", "matrix_exp"])
def test_peer_e3nn(benchmark, function, direction):
    """The released network's way: change of basis to C_ijkl, then the matrix."""
    reference = pytest.importorskip("fastlattice.reference")
    run(benchmark, reference.mandel, "e3nn reference", function, 4096, torch.float32, direction, 10)
