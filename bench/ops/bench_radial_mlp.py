"""radial_mlp, forward and backward."""

import pytest
import torch

from bench.support import operations
from bench.support.timing import measure
from fastlattice import ops
from tests.support.backends import mlp_inputs
from tests.support.tolerances import OP_FORWARD, OP_GRADIENT, difference

ROWS, BASES, WIDTH, LAYERS = 50_000, 6, 64, 2


def leaves_of(given):
    return [t.requires_grad_() for t in (given["length"], given["radius"], *given["weights"], *given["biases"])]


def run(benchmark, radial_mlp, backend, dtype, direction, rounds):
    given = mlp_inputs(77, BASES, WIDTH, LAYERS, dtype)  # nothing is timed that is not right
    leaves = leaves_of(given)
    outs = radial_mlp(**given), ops.radial_mlp(**given, backend="torch")
    assert difference(*outs) <= OP_FORWARD[dtype]
    for pair in zip(*(torch.autograd.grad(out.sin().sum(), leaves) for out in outs), strict=True):
        assert difference(*pair) <= OP_GRADIENT[dtype]

    given = mlp_inputs(ROWS, BASES, WIDTH, LAYERS, dtype)
    count = operations.radial_mlp(ROWS, BASES, WIDTH, LAYERS)
    shapes = f"{ROWS:,} struts, {2 * BASES}-{WIDTH}-{WIDTH}"
    row = {"op": f"radial_mlp {direction}", "backend": backend, "shapes": shapes, "dtype": dtype, "struts": ROWS}
    if direction == "forward":
        measure(benchmark, lambda: radial_mlp(**given), rounds, multiply_adds=count, **row)
        return
    leaves = leaves_of(given)
    out = radial_mlp(**given)
    cotangent = torch.ones_like(out)

    def backward():
        return torch.autograd.grad(out, leaves, cotangent, retain_graph=True)

    measure(benchmark, backward, rounds, multiply_adds=3 * count, **row)


@pytest.mark.parametrize("direction", ["forward", "backward"])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("backend", ["native", "torch"])
def test_radial_mlp(benchmark, backend, dtype, direction):
    def radial_mlp(**given):
        return ops.radial_mlp(**given, backend=backend)

    run(benchmark, radial_mlp, backend, dtype, direction, 15)


@pytest.mark.parametrize("direction", ["forward", "backward"])
def test_peer_e3nn(benchmark, direction):
    reference = pytest.importorskip("fastlattice.reference")
    run(benchmark, reference.radial_mlp, "e3nn", torch.float32, direction, 5)
