"""What an extended network reads of a lattice: native against plain torch, which test_extensions.py proves."""

from dataclasses import fields, replace

import pytest
import torch

from fastlattice import LatticeBatch, unit_cell
from fastlattice._native import NativeError
from fastlattice.models.mace.surroundings import surroundings
from tests.models.test_extensions import batch, network
from tests.support.network import generator, with_threads
from tests.support.op_cases import Recorder
from tests.support.tolerances import difference

TOLERANCES = {torch.float64: 1e-12, torch.float32: 1e-5}


def read(graph, model, backend="auto"):
    """Every tensor of the surroundings by its name."""
    sh = model.stiffness_head.edges(graph, backend).sh
    found = surroundings(graph, sh, True, backend)
    return {field.name: getattr(found, field.name) for field in fields(found)}


@pytest.mark.parametrize("dtype", TOLERANCES)
def test_native_against_torch(dtype):
    model = network("all", dtype)
    graph = model.inputs(batch())
    native, portable = read(graph, model), read(graph, model, "torch")
    for name, wanted in portable.items():
        assert native[name].dtype == wanted.dtype, name
        assert native[name].shape == wanted.shape, name
        assert difference(native[name].double(), wanted.double()) < TOLERANCES[dtype], name


def test_edges_and_nodes_in_any_order():
    """As a graph from elsewhere may have them."""
    model = network("all")
    graph = model.inputs(batch())
    nodes = torch.randperm(len(graph.batch), generator=generator(1))
    edges = torch.randperm(len(graph.radius), generator=generator(2))
    place = nodes.argsort()
    mixed = replace(
        graph,
        positions=graph.positions[nodes],
        batch=graph.batch[nodes],
        edge_index=place[graph.edge_index[:, edges]],
        shifts=graph.shifts[edges],
        radius=graph.radius[edges],
        strut=None,
        reverse=None,
        first_edge=None,
    )
    expected, found = read(replace(graph, first_edge=None), model), read(mixed, model)
    for name in ("length", "radius"):
        assert difference(found[name], expected[name][edges]) < 1e-13, name
    for name in ("node", "tensors", "odd"):
        assert difference(found[name], expected[name][nodes]) < 1e-11, name
    for name in ("lattice", "root", "guides"):
        assert difference(found[name], expected[name]) < 1e-11, name


@pytest.mark.parametrize("recorded", [False, True])
def test_same_bits_in_any_company(recorded):
    """Native, and in plain torch where derivatives by the geometry are recorded."""
    model, one = network("all", torch.float32), batch()

    def found(lattices):
        return read(model.inputs(lattices.replace(positions=lattices.positions.requires_grad_(recorded))), model)

    together = with_threads(4, found, one)
    alone = [with_threads(1, found, one[b : b + 1]) for b in range(len(one))]
    for name in set(together) - {"owner"}:
        assert together[name].requires_grad == (recorded and together[name].grad_fn is not None)
        assert torch.equal(together[name], torch.cat([each[name] for each in alone])), name


def test_derivatives_are_recorded_in_plain_torch():
    model, one = network("all"), LatticeBatch.from_lattices([unit_cell("bcc", 0.02)])
    one.radii.requires_grad_()
    assert read(model.inputs(one), model)["tensors"].grad_fn is not None


def test_torch_sees_it():
    model = network("all")
    graph = model.inputs(batch())
    with Recorder() as recorder:
        read(graph, model)
    assert "fastlattice::surroundings" in [str(call.name()) for call, _ in recorder.calls]
    call, arguments = next(each for each in recorder.calls if each[0].name() == "fastlattice::surroundings")
    torch.library.opcheck(call, arguments, test_utils=("test_schema", "test_faketensor"))


def test_what_is_out_of_range_is_refused():
    model = network("all")
    graph = model.inputs(batch())
    sh = model.stiffness_head.edges(graph, "auto").sh
    with pytest.raises(NativeError, match="edge_index holds"):
        surroundings(replace(graph, edge_index=graph.edge_index + 1), sh, True)
    with pytest.raises(NativeError, match="has no nodes"):
        surroundings(replace(graph, batch=graph.batch.clamp(max=3)), sh, True)
