"""The native layer: against the single ops in torch, awkward graphs and sizes, determinism, custom op."""

import os
import subprocess
import sys

import pytest
import torch

from fastlattice import LatticeBatch, _native
from fastlattice._native import NativeError
from fastlattice.errors import BackendError
from fastlattice.ops import _native_network
from tests.network import (
    FLOAT,
    generator,
    lattices,
    layer,
    layer_inputs,
    leaves_of,
    rotation,
    wigner,
    with_leaves,
    with_threads,
)
from tests.tolerances import OP_FORWARD, OP_GRADIENT, difference

pytestmark = pytest.mark.usefixtures("uninitialised_memory_is_nan")

DTYPES = [torch.float64, torch.float32]
GRAPH = ("features", "sh", "length", "radius")


def run(given, backend="native", names=None):
    """The output, and its gradients by name."""
    leaves = {name: leaf for name, leaf in leaves_of(given).items() if names is None or name in names}
    out = layer(with_leaves(given, leaves), backend)
    cotangent = torch.randn(out.shape, generator=generator(9), dtype=FLOAT).to(out.dtype)
    slopes = torch.autograd.grad(out, list(leaves.values()), cotangent, allow_unused=True, materialize_grads=True)
    return out.detach(), dict(zip(leaves, slopes, strict=True))


def double(value):
    if isinstance(value, list):
        return [double(one) for one in value]
    return value.to(FLOAT) if isinstance(value, torch.Tensor) and value.is_floating_point() else value


def compare(given, names=None):
    """With torch in double precision: what differs is the native layer's own."""
    dtype = given["features"].dtype
    out, slopes = run(given, names=names)
    expected, others = run({name: double(value) for name, value in given.items()}, "torch", names)
    assert out.dtype == dtype
    assert difference(double(out), expected) <= OP_FORWARD[dtype]
    for name, slope in slopes.items():
        assert difference(double(slope), others[name]) <= OP_GRADIENT[dtype], name


def real(channels=8, lmax=4, l_in=4, batch=None, **options):
    """A batch of lattices: pairs of edges that share a strut, sorted by receiver."""
    graph = (batch or LatticeBatch.from_lattices(lattices())).graph()
    nodes, edges = len(graph.positions), len(graph.strut)
    given = layer_inputs(nodes, edges, channels, l_in, lmax, struts=edges // 2, **options)
    return {**given, "edge_index": graph.edge_index, "strut": graph.strut}


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("l_in", "lmax"), [(0, 1), (1, 1), (0, 2), (2, 2), (0, 3), (3, 3), (0, 4), (2, 4), (4, 4)])
def test_degrees(l_in, lmax, dtype):
    compare(layer_inputs(9, 63, 5, l_in, lmax, residual=l_in == lmax, dtype=dtype))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("l_in", [0, 2])
@pytest.mark.parametrize("channels", [1, 3, 8, 17, 32, 33, 50])
def test_channels(channels, l_in, dtype):
    compare(real(channels, 2, l_in, residual=l_in == 2, dtype=dtype))


@pytest.mark.parametrize("dtype", DTYPES)
def test_a_network_s_layer(dtype):
    """32 channels to degree 4, of which the last layer computes the even degrees."""
    compare(real(32, outputs=(0, 2, 4), residual=True, width=64, dtype=dtype))


@pytest.mark.parametrize("correlation", [1, 2, 3])
@pytest.mark.parametrize("outputs", [[0], [0, 2], [1], [2, 0, 0]])
@pytest.mark.parametrize("residual", [True, False])
def test_orders_and_outputs(correlation, outputs, residual):
    given = real(5, 2, 2, correlation=correlation, outputs=outputs, residual=residual)
    compare(given)
    out, _ = run(given)
    for degree in set(range(3)) - set(outputs):
        assert not out[:, degree**2 : (degree + 1) ** 2].any()


def test_no_outputs():
    out, slopes = run(real(5, 2, 2, outputs=[], residual=True))
    assert not out.any()
    assert not any(slope.any() for slope in slopes.values())


@pytest.mark.parametrize("sizes", [(1,), (7, 3), (64, 64, 8)])
def test_radial_networks(sizes):
    """Of any number of hidden layers and any widths."""
    given = real(3, 1, 1)
    inputs, last = (10, *sizes[:-1]), sizes[-1]
    rng = generator(3)
    given["hidden_weights"] = [
        torch.randn(n, m, generator=rng, dtype=FLOAT) for n, m in zip(sizes, inputs, strict=True)
    ]
    given["hidden_biases"] = [torch.randn(n, generator=rng, dtype=FLOAT) for n in sizes]
    given["radial"] = torch.randn(len(given["radial"]), last, generator=rng, dtype=FLOAT)
    compare(given)


@pytest.mark.parametrize("l_in", [0, 2])
@pytest.mark.parametrize(
    ("nodes", "edges"), [(0, 0), (4, 0), (1, 0), (1, 1), (1, 63), (9, 63), (50, 1000), (500, 63), (1, 1000)]
)
def test_awkward_graphs(nodes, edges, l_in):
    """One way, unsorted, with self- and multi-edges, nodes without edges, more edges into a node than a tile takes."""
    compare(layer_inputs(nodes, edges, 3, l_in, 2, residual=l_in == 2))


@pytest.mark.parametrize("struts", [1, 7, 90])
def test_shared_struts(struts):
    """Any edges may share a strut, across the whole graph; struts that no edge uses have no gradient."""
    given = layer_inputs(40, 60, 4, 2, 2, struts=struts)
    compare(given)
    unused = torch.ones(struts, dtype=torch.bool)
    unused[given["strut"]] = False
    slopes = run(given)[1]
    assert not slopes["length"][unused].any()
    assert not slopes["radius"][unused].any()


def chain(nodes):
    index = torch.arange(nodes)
    return torch.stack([torch.cat([index, index.roll(-1)]), torch.cat([index.roll(-1), index])]), index.repeat(2)


def test_a_large_lattice():
    """One piece of 5,000 nodes: no cut is closed."""
    index, strut = chain(5000)
    compare({**layer_inputs(5000, 10000, 2, 1, 1, struts=5000, residual=True), "edge_index": index, "strut": strut})


LEAVES = list(leaves_of(layer_inputs(1, 1, 1, 1, 1)))


@pytest.mark.parametrize("names", [(name,) for name in LEAVES] + [GRAPH, ("features", "product"), ("sh", "up")])
def test_some_gradients(names):
    compare(real(3, 2, 2, residual=True), names)


@pytest.mark.parametrize(("l_in", "lmax"), [(0, 2), (1, 1)])
def test_gradcheck(l_in, lmax):
    given = layer_inputs(3, 5, 2, l_in, lmax, width=3, residual=l_in == lmax)
    leaves = leaves_of(given)

    def function(*values):
        return layer(with_leaves(given, dict(zip(leaves, values, strict=True))), "native")

    assert torch.autograd.gradcheck(function, list(leaves.values()))


@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float64, 1e-12), (torch.float32, 1e-5)])
@pytest.mark.parametrize("proper", [True, False])
def test_equivariance(proper, dtype, tolerance):
    pytest.importorskip("e3nn")
    given = layer_inputs(6, 40, 4, 4, 4, residual=True, dtype=dtype)
    turn = wigner(4, rotation(proper)).to(dtype)
    turned = {**given, "features": torch.einsum("ij,njc->nic", turn, given["features"]), "sh": given["sh"] @ turn.T}
    expected = torch.einsum("ij,njc->nic", turn, layer(given, "native"))
    assert difference(layer(turned, "native"), expected) <= tolerance


@pytest.mark.parametrize(("channels", "dtype"), [(32, torch.float32), (5, FLOAT)])
@pytest.mark.parametrize("l_in", [0, 3])
def test_batch_mates_and_threads_change_no_bit(channels, dtype, l_in):
    many = 30
    options = {"lmax": 3, "l_in": l_in, "residual": l_in == 3, "dtype": dtype}
    given = real(channels, batch=LatticeBatch.from_lattices(lattices() * many), **options)
    (out, slopes), *others = [with_threads(n, run, given) for n in (1, 2, 3)]
    for other, more in others:
        assert torch.equal(out, other)
        assert all(torch.equal(slope, more[name]) for name, slope in slopes.items())

    alone = real(channels, **options)
    rows = {name: len(alone[name]) for name in GRAPH}
    nodes = rows["features"]
    cotangent = torch.randn(out.shape, generator=generator(9), dtype=FLOAT).to(dtype)
    for copy in (0, many - 1):
        mine = {**given, "edge_index": alone["edge_index"], "strut": alone["strut"]}
        mine.update({name: given[name][copy * n : (copy + 1) * n] for name, n in rows.items()})
        leaves = leaves_of(mine)
        found = layer(with_leaves(mine, leaves), "native")
        assert torch.equal(found, out[copy * nodes : (copy + 1) * nodes])
        some = [leaves[name] for name in GRAPH]
        gradients = torch.autograd.grad(found, some, cotangent[copy * nodes : (copy + 1) * nodes])
        for (name, n), gradient in zip(rows.items(), gradients, strict=True):
            assert torch.equal(gradient, slopes[name][copy * n : (copy + 1) * n]), name


def test_threads_change_no_bit_of_a_large_lattice():
    index, strut = chain(700)
    given = {**layer_inputs(700, 1400, 5, 2, 2, struts=700, residual=True), "edge_index": index, "strut": strut}
    (out, slopes), *others = [with_threads(n, run, given) for n in (1, 2, 3)]
    for other, more in others:
        assert torch.equal(out, other)
        assert all(torch.equal(slope, more[name]) for name, slope in slopes.items())


def test_views():
    given = real(4, 2, 2)
    views = {
        "features": given["features"].permute(2, 0, 1).contiguous().permute(1, 2, 0),
        "sh": given["sh"].T.contiguous().T,
        "length": given["length"].repeat_interleave(2)[::2],
        "edge_index": given["edge_index"].T.contiguous().T,
        "strut": given["strut"].repeat_interleave(2)[::2],
        "radial": given["radial"].T.contiguous().T,
        "contraction": given["contraction"].T.contiguous().T,
        "hidden_weights": [weight.T.contiguous().T for weight in given["hidden_weights"]],
    }
    out, slopes = run(given)
    names = views.keys() - {"edge_index", "strut", "hidden_weights"}
    leaves = {name: views[name].detach().requires_grad_() for name in names}
    assert not any(leaf.is_contiguous() for leaf in leaves.values())
    other = layer({**given, **views, **leaves}, "native")
    assert torch.equal(other, out)
    cotangent = torch.randn(out.shape, generator=generator(9), dtype=FLOAT)
    cotangent = cotangent.permute(2, 0, 1).contiguous().permute(1, 2, 0)
    for name, slope in zip(leaves, torch.autograd.grad(other, list(leaves.values()), cotangent), strict=True):
        assert torch.equal(slope, slopes[name]), name


def arguments(given):
    """Of the custom op, by position; `keep` is the last."""
    first = [given[name] for name in ("features", "sh", "length", "radius", "edge_index", "strut")]
    single = [given[name] for name in ("up", "radial", "linear_weight", "linear_bias", "contraction", "product")]
    numbers = [given[name] for name in ("max_length", "max_radius", "agg_norm", "correlation")]
    parameters = [*single, *given["hidden_weights"], *given["hidden_biases"]]
    return [*first, None, 0, 1, parameters, *numbers, list(given["outputs"]), int(given["residual"]), [], True]


def test_custom_op():
    for given in (real(3, 2, 2, residual=True), layer_inputs(4, 9, 3, 0, 2, outputs=[0, 2])):
        plain = arguments(given)
        torch.library.opcheck(
            torch.ops.fastlattice.network.default, tuple(arguments(with_leaves(given, leaves_of(given))))
        )
        torch.library.opcheck(torch.ops.fastlattice.network.default, (*plain[:-1], False))
        kept = torch.ops.fastlattice.network(*plain)[1]
        grad = torch.randn(kept.shape[1:], generator=generator(1), dtype=FLOAT)
        for wanted in (
            [True] * 4,
            [False, True, False, False],
            [True, False, False, True],
            [False, False, True, False],
        ):
            call = (grad, kept, *plain[:-1], wanted)
            torch.library.opcheck(torch.ops.fastlattice.network_backward.default, call)


def test_nothing_is_kept_without_gradients(monkeypatch):
    kept = []
    op = _native_network._network

    def spy(*given):
        results = op(*given)
        kept.append(results[1].numel())
        return results

    monkeypatch.setattr(_native_network, "_network", spy)
    given = real(3, 2, 2)
    expected = layer(given, "native")
    differentiable = with_leaves(given, leaves_of(given))
    with torch.no_grad():
        found = layer(differentiable, "native")
    out = layer(differentiable, "native")
    assert torch.equal(found, expected)
    assert torch.equal(out, expected)
    assert kept == [0, 0, out.numel()]


def test_no_gradients_of_what_was_not_kept():
    given = real(3, 2, 2)
    given = arguments(with_leaves(given, leaves_of(given)))
    out, kept = torch.ops.fastlattice.network(*given[:-1], False)
    assert not kept.requires_grad
    with pytest.raises(RuntimeError, match="without keep=True"):
        out.sum().backward()


def test_no_second_derivative():
    given = layer_inputs(4, 9, 3, 1, 1)
    leaves = leaves_of(given)
    out = layer(with_leaves(given, leaves), "native")
    (slope,) = torch.autograd.grad(out.sin().sum(), [leaves["features"]], create_graph=True)
    with pytest.raises(RuntimeError, match="network has first derivatives only"):
        slope.sum().backward()


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_half_precision_is_refused(dtype):
    with pytest.raises(BackendError, match="float32 and float64"):
        layer(real(3, 1, 1, dtype=dtype), "native")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"edge_index": torch.tensor([[0, 4], [1, 2]])}, "edge_index holds 4, but there are 4 nodes"),
        ({"edge_index": torch.tensor([[0, 1], [1, -1]])}, "edge_index holds -1"),
        ({"strut": torch.tensor([0, 2])}, "strut holds 2, but there are 2 rows"),
        ({"strut": torch.tensor([-1, 0])}, "strut holds -1"),
    ],
)
def test_wrong_indices(change, message):
    with pytest.raises(NativeError, match=message):
        layer({**layer_inputs(4, 2, 3, 1, 1), **change}, "native")


@pytest.mark.parametrize("isa", [name for name in _native.available_instruction_sets() if name != "avx512"])
def test_other_instruction_sets(isa):
    """The same tests in a process of its own."""
    if os.environ.get("FASTLATTICE_ISA"):
        pytest.skip("an instruction set is asked for already")
    names = ("test_channels", "test_shared_struts", "test_batch_mates_and_threads_change_no_bit")
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *(f"{__file__}::{name}" for name in names)],
        env={**os.environ, "FASTLATTICE_ISA": isa},
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stdout
