"""symmetric_contraction, forward and backward."""

import pytest
import torch

from bench.support import isolated, operations
from bench.support.timing import measure, record
from fastlattice import _native, ops
from tests.support.network import contraction_weights
from tests.support.tolerances import OP_FORWARD, OP_GRADIENT, difference

CORRELATION = 3
ALL, EVEN = (0, 1, 2, 3, 4), (0, 2, 4)  # EVEN: the last layer


def inputs(nodes, channels, lmax, dtype):
    """Features and folded weights that require gradients, and a cotangent."""
    rng = torch.Generator().manual_seed(0)
    a, cotangent = torch.randn(2, nodes, (lmax + 1) ** 2, channels, generator=rng, dtype=torch.float64).to(dtype)
    weights = contraction_weights(lmax, CORRELATION, channels, dtype=dtype)
    return a.requires_grad_(), ops.fold_weights(weights, lmax, CORRELATION).requires_grad_(), cotangent


def check(backend, channels, lmax, outputs, dtype):
    """Nothing is timed that is not right."""
    a, w, cotangent = inputs(9, channels, lmax, dtype)
    found, expected = [], []
    for name, result in ((backend, found), ("torch", expected)):
        out = ops.symmetric_contraction(a, w, CORRELATION, outputs, backend=name)
        result += [out, *torch.autograd.grad(out, [a, w], cotangent)]
    for one, other, tolerance in zip(found, expected, (OP_FORWARD, OP_GRADIENT, OP_GRADIENT), strict=True):
        assert difference(one, other) <= tolerance[dtype]


def shapes_of(nodes, channels, lmax, outputs, correlation=CORRELATION):
    wanted = f"L {', '.join(map(str, outputs))}" if len(outputs) <= lmax else "all L"
    return f"{nodes:,} nodes, {channels} channels, lmax {lmax}, ν {correlation}, {wanted}"


def row_of(backend, nodes, channels, lmax, outputs, dtype, direction):
    return {
        "op": f"symmetric_contraction {direction}",
        "backend": backend,
        "shapes": shapes_of(nodes, channels, lmax, outputs),
        "dtype": dtype,
        "multiply_adds": operations.symmetric_contraction(nodes, channels, lmax, CORRELATION, outputs)[
            direction == "backward"
        ],
        "nodes": nodes,
    }


@pytest.mark.parametrize("direction", ["forward", "backward"])
@pytest.mark.parametrize(
    ("backend", "nodes", "channels", "lmax", "outputs", "dtype", "threads"),
    [
        ("native", 20, 32, 4, ALL, torch.float32, 1),  # one lattice
        ("native", 256, 32, 4, ALL, torch.float32, 1),
        ("native", 2048, 32, 4, ALL, torch.float32, 1),
        ("native", 2048, 32, 4, ALL, torch.float32, 2),
        ("native", 256, 32, 4, EVEN, torch.float32, 1),
        ("native", 256, 32, 2, (0, 1, 2), torch.float32, 1),
        ("native", 256, 17, 4, ALL, torch.float32, 1),  # most of the second vector is padding
        ("native", 256, 32, 4, ALL, torch.float64, 1),
        ("torch", 20, 32, 4, ALL, torch.float32, 1),
        ("torch", 256, 32, 4, ALL, torch.float32, 1),
        ("torch", 256, 32, 4, EVEN, torch.float32, 1),
    ],
    indirect=["threads"],
)
def test_op(benchmark, backend, nodes, channels, lmax, outputs, dtype, threads, direction):
    """The op as users call it: with autograd, and with memory for what it returns, new at every call."""
    check(backend, channels, lmax, outputs, dtype)
    a, w, cotangent = inputs(nodes, channels, lmax, dtype)
    rounds = (400 if nodes < 100 else 60) if backend == "native" else 5
    row = row_of(backend, nodes, channels, lmax, outputs, dtype, direction)

    def forward():
        return ops.symmetric_contraction(a, w, CORRELATION, outputs, backend=backend)

    if direction == "forward":
        with torch.no_grad():
            measure(benchmark, forward, rounds, **row)
        return
    out = forward()

    def backward():
        return torch.autograd.grad(out, [a, w], cotangent, retain_graph=True)

    measure(benchmark, backward, rounds, **row)


@pytest.mark.parametrize("direction", ["forward", "backward"])
@pytest.mark.parametrize(
    ("nodes", "channels", "outputs", "dtype"),
    [
        (20, 32, ALL, torch.float32),
        (256, 16, ALL, torch.float32),
        (256, 32, ALL, torch.float32),
        (256, 32, EVEN, torch.float32),
        (256, 32, ALL, torch.float64),
        (2048, 32, ALL, torch.float32),
    ],
)
def test_kernel(benchmark, nodes, channels, outputs, dtype, direction):
    """The native function alone, into memory that is there already."""
    check("native", channels, 4, outputs, dtype)
    a, w, cotangent = (x.detach() for x in inputs(nodes, channels, 4, dtype))
    name = {torch.float32: "f32", torch.float64: "f64"}[dtype]
    mask = sum(1 << degree for degree in outputs)
    sizes = (1, nodes, 4, channels, CORRELATION, mask)
    results = torch.zeros_like(a), torch.zeros_like(w)

    def forward():
        _native.call(f"fl_symmetric_contraction_{name}", *sizes, a, w, results[0])

    def backward():
        _native.call(f"fl_symmetric_contraction_backward_{name}", *sizes, a, w, cotangent, *results)

    call = forward if direction == "forward" else backward
    row = row_of("native kernel", nodes, channels, 4, outputs, dtype, direction)
    measure(benchmark, call, 400 if nodes < 100 else 60, **row)


@pytest.mark.parametrize("direction", ["forward", "backward"])
def test_peer_e3nn(benchmark, direction):
    """The couplings of the released network, contracted as it does; few nodes, for it takes gigabytes."""
    reference = pytest.importorskip("fastlattice.reference")
    nodes, channels, lmax = 16, 32, 4
    a, _, cotangent = inputs(nodes, channels, lmax, torch.float32)
    weights = [w.requires_grad_() for w in contraction_weights(lmax, CORRELATION, channels, dtype=torch.float32)]

    def forward():
        return reference.symmetric_contraction(a, weights, CORRELATION, ALL)

    out = forward()
    mine = ops.symmetric_contraction(a, weights, CORRELATION, ALL, backend="torch")
    assert difference(mine, out) <= OP_FORWARD[torch.float32]
    row = row_of("e3nn", nodes, channels, lmax, ALL, torch.float32, direction)
    if direction == "forward":
        with torch.no_grad():
            measure(benchmark, forward, 3, **row)
        return

    def backward():
        return torch.autograd.grad(out, [a, *weights], cotangent, retain_graph=True)

    measure(benchmark, backward, 3, **row)


@pytest.mark.parametrize(("lmax", "correlation"), [(1, 3), (2, 3), (4, 2), (4, 3)])
def test_peer_cuequivariance(benchmark, request, lmax, correlation):
    """cuEquivariance's symmetric contraction, which may not finish building: then the row says what stopped it."""
    pytest.importorskip("cuequivariance_torch")
    nodes, channels, limits = 256, 32, request.config.option
    arguments = ("bench.support.peer_cuequivariance:symmetric_contraction", nodes, channels, lmax, correlation, 20)
    shapes = shapes_of(nodes, channels, lmax, range(lmax + 1), correlation)
    row = ("symmetric_contraction forward", "cuEquivariance", shapes)
    found, stopped = {"times": []}, {}

    def call():
        try:
            found.update(isolated.run(*arguments, seconds=limits.peer_seconds, gigabytes=limits.peer_gigabytes))
        except isolated.StoppedError as reason:
            stopped["outcome"] = str(reason)

    benchmark.pedantic(call, rounds=1)
    built = {"build_seconds": found["build"]} if "build" in found else stopped
    record(benchmark, found["times"], *row, nodes=nodes, **built)
