"""The native layer against torch: awkward graphs and sizes; tests/ops/network/test_native.py has what layers share."""

import pytest
import torch

from tests.support.network import (
    FLOAT,
    assert_agreement,
    compute,
    generator,
    layer_inputs,
    leaves_of,
    on_lattices,
    ring,
    rotation,
    wigner,
    with_gradients,
    with_leaves,
)
from tests.support.tolerances import difference

pytestmark = pytest.mark.usefixtures("uninitialised_memory_is_nan")

DTYPES = [torch.float64, torch.float32]
GRAPH = ("features", "sh", "length", "radius")


def real(channels=8, lmax=4, l_in=4, **options):
    return on_lattices(layer_inputs, channels, l_in, lmax, **options)


def compare(given, names=None):
    assert_agreement(given, "native", "torch", names)


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
    compare(real(32, output_degrees=(0, 2, 4), residual=True, width=64, dtype=dtype))


@pytest.mark.parametrize("correlation", [1, 2, 3])
@pytest.mark.parametrize("output_degrees", [[0], [0, 2], [1], [2, 0, 0]])
@pytest.mark.parametrize("residual", [True, False])
def test_orders_and_outputs(correlation, output_degrees, residual):
    given = real(5, 2, 2, correlation=correlation, output_degrees=output_degrees, residual=residual)
    compare(given)
    out, _ = with_gradients(given, "native")
    for degree in set(range(3)) - set(output_degrees):
        assert not out[:, degree**2 : (degree + 1) ** 2].any()


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("channels", [1, 5, 16, 33])
@pytest.mark.parametrize(("l_in", "residual"), [(0, False), (2, True)])
def test_norms(channels, l_in, residual, dtype):
    """Of the features that the layer reads and adds."""
    given = real(channels, 2, l_in, residual=residual, dtype=dtype)
    given["norm"] = torch.randn(l_in + 1, channels, generator=generator(8), dtype=dtype)
    compare(given)
    compare(given, ["norm"])
    compare(given, ["features"])


def test_no_outputs():
    out, gradients = with_gradients(real(5, 2, 2, output_degrees=[], residual=True), "native")
    assert not out.any()
    assert not any(gradient.any() for gradient in gradients.values())


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
    gradients = with_gradients(given, "native")[1]
    assert not gradients["length"][unused].any()
    assert not gradients["radius"][unused].any()


def test_a_large_lattice():
    """One piece of 5,000 nodes: no cut is closed."""
    compare({**layer_inputs(5000, 10000, 2, 1, 1, struts=5000, residual=True), **ring(5000)})


LEAVES = list(leaves_of(layer_inputs(1, 1, 1, 1, 1)))


@pytest.mark.parametrize("names", [(name,) for name in LEAVES] + [GRAPH, ("features", "product"), ("sh", "up")])
def test_some_gradients(names):
    compare(real(3, 2, 2, residual=True), names)


@pytest.mark.parametrize(("l_in", "lmax"), [(0, 2), (1, 1)])
def test_gradcheck(l_in, lmax):
    given = layer_inputs(3, 5, 2, l_in, lmax, width=3, residual=l_in == lmax)
    leaves = leaves_of(given)

    def function(*values):
        return compute(with_leaves(given, dict(zip(leaves, values, strict=True))), "native")

    assert torch.autograd.gradcheck(function, list(leaves.values()))


@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float64, 1e-12), (torch.float32, 1e-5)])
@pytest.mark.parametrize("proper", [True, False])
def test_equivariance(proper, dtype, tolerance):
    pytest.importorskip("e3nn")
    given = layer_inputs(6, 40, 4, 4, 4, residual=True, dtype=dtype)
    turn = wigner(4, rotation(proper)).to(dtype)
    turned = {**given, "features": torch.einsum("ij,njc->nic", turn, given["features"]), "sh": given["sh"] @ turn.T}
    expected = torch.einsum("ij,njc->nic", turn, compute(given, "native"))
    assert difference(compute(turned, "native"), expected) <= tolerance
