"""torch.compile of the whole network without a graph break: the same numbers and gradients."""

import os
import shutil

import pytest
import torch

from fastlattice import LatticeBatch
from fastlattice.ops.mandel import POSITIVE_FUNCTIONS
from tests.support.network import FLOAT, generator, lattices, network, random_graph
from tests.support.tolerances import MODEL_FORWARD, MODEL_GRADIENT, difference


@pytest.fixture(autouse=True)
def fresh_compiler():
    torch.compiler.reset()
    yield
    torch.compiler.reset()


def compiled(model, backend="aot_eager"):
    model.backend = "native"
    return torch.compile(model, backend=backend, fullgraph=True)


def gradients(stiffness, leaves):
    weight = torch.randn(stiffness.shape, generator=generator(9), dtype=FLOAT).to(stiffness.dtype)
    return torch.autograd.grad((stiffness * weight).sum(), leaves, allow_unused=True, materialize_grads=True)


def assert_same(run, model, batch, leaves=()):
    """Numbers, and gradients of parameters and leaves."""
    leaves = [*leaves, *model.parameters()]
    found, expected = run(batch)["stiffness"], model(batch)["stiffness"]
    assert difference(found, expected) <= MODEL_FORWARD[found.dtype]
    mine, theirs = gradients(found, leaves), gradients(expected, leaves)
    largest = max(gradient.abs().max() for gradient in theirs)
    for one, other in zip(mine, theirs, strict=True):
        assert (one - other).abs().max() <= MODEL_GRADIENT[found.dtype] * largest


@pytest.mark.parametrize(
    "entries",
    [
        {},
        {"message_passes": 3, "correlation": 2},
        {"lmax": 2},
        {"lmax": 3, "correlation": 1, "readout_irreps": "4x0e+4x1o+4x2e+4x3o"},
    ],
    ids=str,
)
def test_configurations(entries):
    """Below lmax 4 the expansion's couplings are constants of the graph too."""
    model, graph = network(**entries), LatticeBatch.from_lattices(lattices()).graph()
    graph.positions.requires_grad_()
    assert_same(compiled(model), model, graph, [graph.positions])


def test_single_precision():
    model, graph = network(dtype=torch.float32), LatticeBatch.from_lattices(lattices()).graph()
    assert_same(compiled(model), model, graph)


@pytest.mark.parametrize("function", POSITIVE_FUNCTIONS)
def test_positive_functions(function):
    model = network(message_passes=1, correlation=1, positive_function=function)
    assert_same(compiled(model), model, random_graph(9, 40, graphs=3))


def test_lattice_batches_of_many_sizes():
    """Straight from LatticeBatches, their Graphs and foreign graphs, one after another."""
    model = network(correlation=2)
    run = compiled(model)
    for some in (lattices(), lattices()[:2], lattices()[1:]):
        batch = LatticeBatch.from_lattices(some)
        assert_same(run, model, batch)
        assert_same(run, model, batch.graph())
    assert_same(run, model, random_graph(9, 40, graphs=3))


def test_gradients_of_lattices():
    batch, model = LatticeBatch.from_lattices(lattices()), network(message_passes=1)
    leaves = [column.requires_grad_() for column in (batch.cell, batch.positions, batch.radii)]
    assert_same(compiled(model), model, batch, leaves)


def test_weights_that_change():
    """No folded weight of an earlier call is kept in the compiled graph, nor by the network it was made from."""
    model, graph = network(message_passes=1), LatticeBatch.from_lattices(lattices()).graph()
    run = compiled(model)
    with torch.no_grad():
        before = run(graph)["stiffness"]
        for parameter in model.parameters():
            parameter.mul_(1.1)
        found, expected = run(graph)["stiffness"], model(graph)["stiffness"]
    assert difference(found, expected) <= MODEL_FORWARD[FLOAT]
    assert difference(found, before) > 1e-3


def test_inductor():
    """With generated code; small, for it takes its time."""
    compilers = [os.environ.get("CXX"), "g++", "c++", "clang++"]
    if not any(shutil.which(name) for name in compilers if name):
        pytest.skip("there is no C++ compiler")
    model, graph = network(message_passes=1, correlation=1, channels=2), random_graph(9, 40, graphs=3)
    assert_same(compiled(model, "inductor"), model, graph)
