"""radial_mlp, forward and backward: time a strut, and the fraction of the multiply-adds (those of exp not counted)."""

import pytest
import torch

from bench.timing import measure
from fastlattice import ops
from tests.test_ops_radial_mlp import inputs
from tests.tolerances import OP_FORWARD, OP_GRADIENT, difference

ROWS, BASES, WIDTH, LAYERS = 50_000, 6, 64, 2


def leaves_of(given):
    return [t.requires_grad_() for t in (given["length"], given["radius"], *given["weights"], *given["biases"])]


def run(benchmark, radial_mlp, rows, dtype, direction, rounds):
    given = inputs(77, BASES, WIDTH, LAYERS, dtype)  # nothing is timed that is not right
    leaves = leaves_of(given)
    outs = radial_mlp(**given), ops.radial_mlp(**given, backend="torch")
    assert difference(*outs) <= OP_FORWARD[dtype]
    for pair in zip(*(torch.autograd.grad(out.sin().sum(), leaves) for out in outs), strict=True):
        assert difference(*pair) <= OP_GRADIENT[dtype]

    given = inputs(rows, BASES, WIDTH, LAYERS, dtype)
    count = rows * (2 * BASES * WIDTH + (LAYERS - 1) * WIDTH**2)
    if direction == "forward":
        return measure(benchmark, lambda: radial_mlp(**given), rounds, dtype, count, strut=rows)
    leaves = leaves_of(given)
    out = radial_mlp(**given)
    cotangent = torch.ones_like(out)

    def backward():
        return torch.autograd.grad(out, leaves, cotangent, retain_graph=True)

    return measure(benchmark, backward, rounds, dtype, 3 * count, strut=rows)


@pytest.mark.parametrize("direction", ["forward", "backward"])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("backend", ["native", "torch"])
def test_radial_mlp(benchmark, backend, dtype, direction):
    def radial_mlp(**given):
        return ops.radial_mlp(**given, backend=backend)

    run(benchmark, radial_mlp, ROWS, dtype, direction, 15)


@pytest.mark.parametrize("direction", ["forward", "backward"])
def test_peer_e3nn(benchmark, direction):
    reference = pytest.importorskip("fastlattice.reference")
    run(benchmark, reference.radial_mlp, ROWS, torch.float32, direction, 5)
