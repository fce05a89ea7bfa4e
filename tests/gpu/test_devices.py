"""Nothing assumes the CPU: on a device without memory ("meta"), an op that meets a tensor of another device raises."""

import copy

import pytest
import torch

from fastlattice import Conventions, LatticeBatch
from tests.support.network import lattices, network

META = torch.device("meta")


@pytest.fixture(autouse=True)
def values_are_not_looked_at(monkeypatch):
    """There are none."""
    monkeypatch.setattr("fastlattice.models.inputs._check_values", lambda inputs: None)


def test_the_check_would_notice():
    with pytest.raises((RuntimeError, NotImplementedError)):
        torch.ones(2) + torch.ones(2, device=META)


@pytest.mark.parametrize("lmax", [2, 3, 4])
def test_network_stays_on_its_device(lmax):
    model = copy.deepcopy(network(lmax=lmax)).to(META)
    stiffness = model(LatticeBatch.from_lattices(lattices()))["stiffness"]
    assert (stiffness.device, stiffness.shape) == (META, (4, 6, 6))
    stiffness.sum().backward()
    gradients = [p.grad for p in model.parameters() if p.grad is not None]
    assert gradients
    assert all(g.device == META for g in gradients)


def test_predict_moves_each_chunk():
    model = copy.deepcopy(network()).to(META)
    model.conventions = Conventions(quantity="C/density")
    predicted = model.predict(LatticeBatch.from_lattices(lattices()), chunk=3)
    assert (predicted.device, predicted.shape) == (META, (4, 6, 6))


def test_graph_of_another_device_is_moved():
    graph = LatticeBatch.from_lattices(lattices()).graph()
    assert copy.deepcopy(network()).to(META)(graph)["stiffness"].device == META


def test_a_training_loop_s_way():
    """`batch.to(device)` before the network, as for the released one."""
    batch, model = LatticeBatch.from_lattices(lattices()), copy.deepcopy(network()).to(META)
    moved = batch.to(META, torch.float32)
    graph = moved.graph()
    columns = {name: column for name, column in vars(graph).items() if isinstance(column, torch.Tensor)}
    assert all(column.device == META for column in columns.values())
    assert {column.dtype for column in columns.values()} == {torch.float32, torch.int64}
    assert graph.num_graphs == len(batch)
    assert model(graph)["stiffness"].device == model(moved)["stiffness"].device == META
