"""Batches of other programs: PyTorch Geometric's, and those of the released code's successor."""

from types import SimpleNamespace

import pytest
import torch

from fastlattice import ConfigError, Conventions, GraphError, LatticeBatch, LatticeMACE, MACEConfig
from tests.support.geometric import data_list, geometric_batch
from tests.support.golden import load_golden
from tests.support.network import FLOAT, lattices, network
from tests.support.tolerances import GOLDEN_OUTPUT, difference


def test_batches_of_pytorch_geometric():
    """node_attrs and edge_attrs are methods there; what was stored under the name is an item."""
    batch, model = LatticeBatch.from_lattices(lattices()), network()
    theirs = geometric_batch(batch)
    assert difference(model(theirs)["stiffness"], model(batch)["stiffness"]) < 1e-12
    assert difference(model.predict(theirs, chunk=1), model.predict(batch)) < 1e-12
    theirs.positions.requires_grad_()
    model(theirs)["stiffness"].sum().backward()
    assert theirs.positions.grad.abs().sum() > 0


def test_their_loader_and_their_densities():
    loader = pytest.importorskip("torch_geometric.loader")
    batch, model = LatticeBatch.from_lattices(lattices()), network()
    model.conventions = Conventions("C/density")
    items = data_list(batch)
    for item, density in zip(items, batch.relative_density, strict=True):
        item.relative_density = density[None]
    (theirs,) = loader.DataLoader(items, batch_size=4)
    assert difference(model.stiffness(theirs), model.stiffness(batch)) < 1e-12
    del theirs.relative_density
    with pytest.raises(GraphError, match=r"the batch needs relative_density \[4\]"):
        model.stiffness(theirs)


def test_what_is_missing_there():
    theirs = geometric_batch(LatticeBatch.from_lattices(lattices()))
    del theirs["node_attrs"]
    with pytest.raises(GraphError, match="has no node_attrs"):
        network()(theirs)


def test_mappings():
    batch, model = LatticeBatch.from_lattices(lattices()), network()
    assert difference(model(vars(batch.graph()))["stiffness"], model(batch)["stiffness"]) < 1e-12


# ---- The successor of 2025: lengths over (a b c)^(1/3), edges one way, other names


def successor(config: dict, **limits):
    """Its nested hyperparameters, from those of the released network."""
    model = {**config, **limits}
    del model["max_edge_radius"]
    return {"data": {"batch_size": 64}, "training": {"lr": 1e-3}, "model": model}


def one_way(graph, constants: torch.Tensor) -> SimpleNamespace:
    """Its attributes: each of the pairs of opposite edges once. constants: [B, 3]."""
    sender, receiver = graph.edge_index
    vectors = graph.positions[receiver] - graph.positions[sender] + graph.shifts
    forwards = (vectors * torch.tensor([1.0, 1e-3, 1e-6], dtype=FLOAT)).sum(1) > 0
    assert 2 * int(forwards.sum()) == len(sender)
    return SimpleNamespace(
        pos=graph.positions,
        transformed_edge_shifts=graph.shifts[forwards],
        edge_index=graph.edge_index[:, forwards],
        edge_attr=graph.edge_attr[forwards],
        node_attrs=graph.node_attrs,
        batch=graph.batch,
        num_graphs=graph.num_graphs,
        lattice_constant_per_edge=constants[graph.batch[sender]][forwards],
    )


@pytest.mark.parametrize("constants", [(1.0, 1.0, 1.0), (0.5, 0.5, 4.0)])
def test_where_the_constants_multiply_to_one_it_is_the_released_network(constants):
    golden = load_golden("E")
    hyperparameters = successor(golden.config, max_edge_L_a=0.6, max_edge_r_a=golden.config["max_edge_radius"])
    source = {"state_dict": golden.parameters, "hyper_parameters": hyperparameters}
    for given in (hyperparameters, SimpleNamespace(**hyperparameters), None):
        model = LatticeMACE.from_original(source, given)
        assert model.config.scaled_lengths
        assert model.config.max_edge_length == 0.6
        graph = one_way(golden.graph, torch.tensor(constants, dtype=FLOAT).expand(int(golden.graph.num_graphs), 3))
        assert difference(model(graph)["stiffness"], golden.stiffness) <= GOLDEN_OUTPUT


@pytest.mark.parametrize("slenderness", [False, True])
def test_lengths_are_divided_by_the_mean_of_the_constants(slenderness):
    """The size of a lattice does not matter, and the answer is that of the released network for the scaled lattice."""
    plain = network(max_edge_length=1.2)
    scaled = LatticeMACE(
        MACEConfig(**{**plain.config.to_dict(), "scaled_lengths": True, "slenderness": slenderness})
    ).double()
    scaled.load_state_dict(plain.state_dict())
    batch = LatticeBatch.from_lattices([lattice.supercell((1, 2, 1)) for lattice in lattices()])
    sizes = torch.tensor([1.0, 3.0, 0.2, 7.0], dtype=FLOAT)
    nodes = sizes.repeat_interleave(batch.node_counts)
    grown = batch.replace(
        cell=batch.cell * sizes[:, None, None],
        positions=batch.positions * nodes[:, None],
        radii=batch.radii * sizes.repeat_interleave(batch.strut_counts),
    )
    found = scaled(batch)["stiffness"]
    assert difference(scaled(grown)["stiffness"], found) < 1e-12
    assert difference(scaled(grown.graph())["stiffness"], found) < 1e-12
    assert difference(scaled.predict(grown.graph(), chunk=1), found) < 1e-12
    constants = grown.cell.norm(dim=2)
    assert difference(scaled(one_way(grown.graph(), constants))["stiffness"], found) < 1e-12
    if not slenderness:
        unit = batch.cell.norm(dim=2).prod(1) ** (1 / 3)
        normal = batch.replace(
            cell=batch.cell / unit[:, None, None],
            positions=batch.positions / unit.repeat_interleave(batch.node_counts)[:, None],
            radii=batch.radii / unit.repeat_interleave(batch.strut_counts),
        )
        assert difference(plain(normal)["stiffness"], found) < 1e-12
    assert difference(plain(batch)["stiffness"], found) > 1e-3


def test_radius_over_length():
    """The radius embedding reads r/L: with edges of one length it is the released network at radii r/L."""
    cube = lattices()[:1]  # simple cubic: every strut has length 1
    plain = network(max_edge_radius=0.1)
    ratio = LatticeMACE(MACEConfig(**{**plain.config.to_dict(), "slenderness": True})).double()
    ratio.load_state_dict(plain.state_dict())
    assert difference(ratio.predict(cube), plain.predict(cube)) < 1e-12
    graph = LatticeBatch.from_lattices(lattices()).graph()
    sender, receiver = graph.edge_index
    length = (graph.positions[receiver] - graph.positions[sender] + graph.shifts).norm(dim=1)
    slender = SimpleNamespace(**{**vars(graph), "edge_attr": graph.edge_attr / length[:, None]})
    assert difference(ratio(graph)["stiffness"], plain(slender)["stiffness"]) < 1e-12
    batch = LatticeBatch.from_lattices(lattices())
    assert difference(ratio(batch)["stiffness"], plain(slender)["stiffness"]) < 1e-12


def test_gradients_of_the_scale():
    model = network(scaled_lengths=True, correlation=1, message_passes=1)
    model.backend = "torch"
    batch = LatticeBatch.from_lattices(lattices()[:1])

    def function(cell):
        return model(batch.replace(cell=cell))["stiffness"]

    assert torch.autograd.gradcheck(function, batch.cell.clone().requires_grad_(), atol=1e-6)


def test_what_the_successor_needs():
    golden = load_golden("E")
    for limits, message in (
        ({}, "needs max_edge_L_a"),
        ({"max_edge_L_a": 1.2}, "needs max_edge_L_a, and max_edge_r_a or max_edge_r_L"),
        ({"max_edge_L_a": 1.2, "max_edge_r_a": 0.1, "max_edge_r_L": 0.1}, "max_edge_r_a or max_edge_r_L"),
    ):
        with pytest.raises(ConfigError, match=message):
            LatticeMACE.from_original(golden.parameters, successor(golden.config, **limits))
    found = MACEConfig.from_original(successor(golden.config, max_edge_L_a=1.2, max_edge_r_L=0.2))
    assert (found.max_edge_length, found.max_edge_radius, found.slenderness) == (1.2, 0.2, True)
    model = network(scaled_lengths=True)
    graph = LatticeBatch.from_lattices(lattices()).graph()
    without = SimpleNamespace(**{**vars(graph), "lattice_constants": None})
    with pytest.raises(GraphError, match=r"the batch needs lattice_constants \[4, 3\] or lattice_constant_per_edge"):
        model(without)
    without.lattice_constants = -graph.lattice_constants
    with pytest.raises(GraphError, match="lattice constants must be positive"):
        model(without)


def test_configurations_are_kept_in_files(tmp_path):
    path = tmp_path / "network.safetensors"
    model = network(scaled_lengths=True, slenderness=True, max_edge_length=1.2)
    model.save(path)
    again = LatticeMACE.load(path)
    assert again.config == model.config
    assert torch.equal(again.predict(lattices()), model.predict(lattices()))
