"""symmetric_contraction, forward and backward: time a node, and the fraction of the machine's multiply-adds.

The fraction counts the native algorithm's operations for every backend, so that fractions compare like times. The
peak is measured just before and after every call: clocks change, and other programs may share the core.
"""

import time

import numpy as np
import pytest
import torch

from bench.peak import fma_peak
from fastlattice import _native, ops
from tests.network import contraction_weights
from tests.tolerances import OP_FORWARD, OP_GRADIENT, difference

CORRELATION = 3
ALL, EVEN = (0, 1, 2, 3, 4), (0, 2, 4)  # EVEN: the last layer


def mask(outputs):
    return sum(1 << degree for degree in outputs)


def operations(lmax, outputs):
    """Multiply-adds for a node and channel: forward, backward."""
    counts = torch.zeros(2, dtype=torch.int64)
    _native.call("fl_symmetric_contraction_operations", lmax, CORRELATION, mask(outputs), counts[:1], counts[1:])
    return counts.tolist()


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


def measure(benchmark, call, rounds, nodes, channels, count, dtype, **info):
    """Times a call, and in further rounds how much of the peak it reaches (one thread only)."""
    benchmark.pedantic(call, rounds=rounds, warmup_rounds=2)
    benchmark.extra_info.update(
        nodes=nodes,
        channels=channels,
        dtype=str(dtype).removeprefix("torch."),
        threads=torch.get_num_threads(),
        microseconds_a_node=benchmark.stats.stats.median / nodes * 1e6,
        **info,
    )
    if torch.get_num_threads() > 1:
        return
    fractions, peaks = [], []
    for _ in range(rounds):
        before, start = fma_peak(dtype), time.perf_counter()
        call()
        seconds = time.perf_counter() - start
        peaks.append((before + fma_peak(dtype)) / 2)
        fractions.append(count * nodes * channels / seconds / peaks[-1])
    benchmark.extra_info.update(
        fraction_of_fma_peak=float(np.median(fractions)), peak_gfma=float(np.median(peaks)) * 1e-9
    )


@pytest.fixture
def threads():
    """Sets torch's number of threads for a benchmark."""
    yield torch.set_num_threads
    torch.set_num_threads(1)


@pytest.mark.parametrize("direction", ["forward", "backward"])
@pytest.mark.parametrize(
    ("backend", "nodes", "channels", "lmax", "outputs", "dtype", "count"),
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
)
def test_op(benchmark, threads, backend, nodes, channels, lmax, outputs, dtype, count, direction):
    """The op as users call it: with autograd, and with memory for what it returns, new at every call."""
    check(backend, channels, lmax, outputs, dtype)
    threads(count)
    a, w, cotangent = inputs(nodes, channels, lmax, dtype)
    rounds = (400 if nodes < 100 else 60) if backend == "native" else 5
    info = {"backend": backend, "lmax": lmax, "outputs": "".join(map(str, outputs))}

    def forward():
        return ops.symmetric_contraction(a, w, CORRELATION, outputs, backend=backend)

    if direction == "forward":
        with torch.no_grad():
            measure(benchmark, forward, rounds, nodes, channels, operations(lmax, outputs)[0], dtype, **info)
        return
    out = forward()

    def backward():
        return torch.autograd.grad(out, [a, w], cotangent, retain_graph=True)

    measure(benchmark, backward, rounds, nodes, channels, operations(lmax, outputs)[1], dtype, **info)


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
    sizes = (1, nodes, 4, channels, CORRELATION, mask(outputs))
    results = torch.zeros_like(a), torch.zeros_like(w)
    count = operations(4, outputs)[direction == "backward"]

    def forward():
        _native.call(f"fl_symmetric_contraction_{name}", *sizes, a, w, results[0])

    def backward():
        _native.call(f"fl_symmetric_contraction_backward_{name}", *sizes, a, w, cotangent, *results)

    call = forward if direction == "forward" else backward
    info = {"backend": "native kernel", "lmax": 4, "outputs": "".join(map(str, outputs))}
    measure(benchmark, call, 400 if nodes < 100 else 100, nodes, channels, count, dtype, **info)


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
    count = operations(lmax, ALL)
    info = {"backend": "e3nn reference", "lmax": lmax, "outputs": "01234"}
    if direction == "forward":
        with torch.no_grad():
            measure(benchmark, forward, 3, nodes, channels, count[0], torch.float32, **info)
        return

    def backward():
        return torch.autograd.grad(out, [a, *weights], cotangent, retain_graph=True)

    measure(benchmark, backward, 3, nodes, channels, count[1], torch.float32, **info)
