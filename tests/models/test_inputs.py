"""What users get wrong, and the error that each mistake gets."""

from types import SimpleNamespace

import pytest
import torch

from fastlattice import ConfigError, Conventions, GraphError, LatticeBatch, LatticeMACE, MACEConfig
from fastlattice.models.inputs import _FAULTS, Inputs, _first_fault, _first_fault_on_device
from fastlattice.models.mace.config import uniform_irreps
from tests.support.network import FLOAT, lattices, network, random_graph

MODEL = network(correlation=1, message_passes=1)


def with_entry(tensor, index, value):
    changed = tensor.clone()
    changed[index] = value
    return changed


CHANGES = {
    "no positions": (
        {"positions": None},
        "the SimpleNamespace has no positions; a network reads edge_index, positions",
    ),
    "no batch nor num_graphs": ({"batch": None, "num_graphs": None}, "has no batch, num_graphs"),
    "numpy": ({"positions": torch.zeros(6, 3).numpy()}, "positions must be a tensor, not a ndarray"),
    "fp32 to an fp64 network": (
        {"positions": torch.zeros(6, 3)},
        "positions is torch.float32, but the network's parameters are torch.float64",
    ),
    "int32 indices": (
        {"edge_index": torch.zeros(2, 20, dtype=torch.int32)},
        "edge_index is torch.int32, but indices are int64",
    ),
    "float batch": ({"batch": torch.zeros(6)}, "batch is torch.float32, but indices are int64"),
    "integer radii": (
        {"edge_attr": torch.ones(20, 1, dtype=torch.int64)},
        "edge_attr is torch.int64, but the network's parameters are torch.float64",
    ),
    "another device": (
        {"shifts": torch.zeros(20, 3, dtype=FLOAT, device="meta")},
        "shifts is on meta, but the network is on cpu",
    ),
    "transposed indices": (
        {"edge_index": torch.zeros(20, 2, dtype=torch.int64)},
        r"edge_index has shape \[20, 2\], expected \[2, 2\]",
    ),
    "flat radii": (
        {"edge_attr": torch.zeros(20, dtype=FLOAT)},
        r"edge_attr has shape \[20\], expected \[20, 1\] for 6 nodes and 20 edges",
    ),
    "plane positions": ({"positions": torch.zeros(6, 2, dtype=FLOAT)}, r"positions has shape \[6, 2\]"),
    "scalar": ({"positions": torch.tensor(1.0, dtype=FLOAT)}, r"positions has shape \[\]"),
    "too few shifts": ({"shifts": torch.zeros(19, 3, dtype=FLOAT)}, r"shifts has shape \[19, 3\], expected \[20, 3\]"),
    "many node_attrs": ({"node_attrs": torch.ones(6, 4, dtype=FLOAT)}, r"node_attrs has shape \[6, 4\]"),
    "NaN position": (
        lambda graph: {"positions": with_entry(graph.positions, (4, 1), float("nan"))},
        "positions holds a NaN or an infinite number at node 4",
    ),
    "infinite shift": (
        lambda graph: {"shifts": with_entry(graph.shifts, (7, 0), float("inf"))},
        "shifts holds a NaN or an infinite number at edge 7",
    ),
    "NaN radius": (
        lambda graph: {"edge_attr": with_entry(graph.edge_attr, (3, 0), float("nan"))},
        "edge_attr holds a NaN or an infinite number at edge 3",
    ),
    "NaN node_attrs": (
        lambda graph: {"node_attrs": with_entry(graph.node_attrs, 5, float("nan"))},
        "node_attrs holds a NaN or an infinite number at node 5",
    ),
    "index too large": (
        lambda graph: {"edge_index": with_entry(graph.edge_index, (1, 9), 6)},
        r"edge_index names a node at edge 9 that does not exist; the nodes are 0\.\.5",
    ),
    "negative index": (
        lambda graph: {"edge_index": with_entry(graph.edge_index, (0, 2), -1)},
        "edge_index names a node at edge 2",
    ),
    "lattice beyond num_graphs": ({"num_graphs": 1}, "batch puts node 3 into a lattice that does not exist"),
    "lattice without nodes": ({"num_graphs": 3}, "num_graphs is 3, but lattice 2 has no nodes"),
    "no num_graphs": ({"num_graphs": "two"}, "num_graphs is 'two'; it must be an integer"),
    "edge between lattices": (
        lambda graph: {"edge_index": with_entry(graph.edge_index, (slice(None), 11), torch.tensor([0, 5]))},
        "edge_index joins two lattices at edge 11",
    ),
    "edge without length": (
        lambda graph: {
            "edge_index": with_entry(graph.edge_index, (slice(None), 8), torch.tensor([2, 2])),
            "shifts": with_entry(graph.shifts, 8, 0.0),
        },
        "positions and shifts give edge 8 no length",
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_graph(name):
    graph = random_graph(6, 20, graphs=2)
    change, message = CHANGES[name]
    changed = change(graph) if callable(change) else change
    with pytest.raises(GraphError, match=message):
        MODEL(SimpleNamespace(**{**vars(graph), **changed}))


LARGEST = torch.iinfo(torch.int64).max
FAULTS = {
    "none": lambda graph: {},
    **{name: change for name, (change, _) in CHANGES.items() if callable(change)},
    "lattice beyond num_graphs": lambda graph: {"num_graphs": 1},
    "lattice without nodes": lambda graph: {"num_graphs": 3},
    "negative lattice": lambda graph: {"batch": with_entry(graph.batch, 4, -1)},
    "largest index": lambda graph: {"edge_index": with_entry(graph.edge_index, (0, 13), LARGEST)},
    "least index": lambda graph: {"edge_index": with_entry(graph.edge_index, (1, 0), -LARGEST - 1)},
    "two of a kind": lambda graph: {"shifts": with_entry(graph.shifts, (slice(4, 9), 2), float("nan"))},
    "two kinds": lambda graph: {
        "num_graphs": 3,
        "edge_index": with_entry(graph.edge_index, (slice(None), 11), torch.tensor([0, 5])),
    },
    "index and NaN": lambda graph: {
        "edge_index": with_entry(graph.edge_index, (0, 2), 6),
        "node_attrs": with_entry(graph.node_attrs, 5, float("-inf")),
    },
}


def columns_of(inputs):
    columns = ("positions", "shifts", "radius", "node_attrs", "edge_index", "batch", "num_graphs")
    return [getattr(inputs, column) for column in columns]


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
@pytest.mark.parametrize("name", FAULTS)
def test_faults_are_the_same_on_every_device(name, dtype):
    """The native function of the CPU, and torch, which looks elsewhere, find the same fault at the same place."""
    graph = random_graph(6, 20, graphs=2, dtype=dtype)
    changed = {**vars(graph), **FAULTS[name](graph)}
    changed["radius"] = changed.pop("edge_attr")[:, 0]
    columns = columns_of(Inputs(**changed))
    found = _first_fault(*columns)
    assert found == _first_fault_on_device(*columns)
    assert (found is None) == (name == "none")


def test_every_fault_is_among_them():
    graph = random_graph(6, 20, graphs=2)
    found = set()
    for change in FAULTS.values():
        changed = {**vars(graph), **change(graph)}
        changed["radius"] = changed.pop("edge_attr")[:, 0]
        found.add((_first_fault(*columns_of(Inputs(**changed))) or (None,))[0])
    assert found == {None, *range(len(_FAULTS))}


def test_the_unchanged_graph_runs():
    assert MODEL(random_graph(6, 20, graphs=2))["stiffness"].shape == (2, 6, 6)


def test_num_graphs_may_be_a_tensor():
    graph = random_graph(6, 20, graphs=2)
    expected = MODEL(graph)["stiffness"]
    graph.num_graphs = torch.tensor(2)
    assert torch.equal(MODEL(graph)["stiffness"], expected)


def test_no_nodes():
    graph = random_graph(0, 0, graphs=0)
    assert MODEL(graph)["stiffness"].shape == (0, 6, 6)
    graph.num_graphs = 2
    with pytest.raises(GraphError, match="num_graphs is 2 for 0 nodes"):
        MODEL(graph)


def test_nan_in_a_lattice_batch():
    batch = LatticeBatch.from_lattices(lattices())
    batch.radii[3] = float("nan")
    with pytest.raises(GraphError, match="edge_attr holds a NaN"):
        MODEL(batch)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"lmax": 1}, "lmax 1 cannot produce a stiffness"),
        ({"lmax": 5}, "tables up to lmax 4"),
        ({"lmax": 3}, "hidden_irreps is .*; the engine runs one multiplicity for every degree up to lmax"),
        ({"lmax": 2.5}, "lmax is 2.5; it must be an integer"),
        ({"correlation": 4}, "up to three factors"),
        ({"correlation": 0}, "correlation is 0; it must be an integer, at least 1"),
        ({"hidden_irreps": "8x0e+4x1o+8x2e+8x3o+8x4e"}, "hidden_irreps is '8x0e.4x1o"),
        ({"hidden_irreps": "8x0e+8x1e+8x2e+8x3e+8x4e"}, "hidden_irreps"),
        ({"hidden_irreps": "0x0e+0x1o+0x2e+0x3o+0x4e"}, "hidden_irreps"),
        ({"readout_irreps": "4x0e"}, "readout_irreps is '4x0e'"),
        ({"positive_function": "softplus"}, "positive_function is 'softplus'; choose from none, matrix_power_2"),
        ({"interaction_reduction": "pna"}, "the engine has 'sum' only"),
        ({"global_reduction": "max"}, "the engine has 'mean' only: only the mean"),
        ({"num_edge_bases": 1}, "num_edge_bases is 1"),
        ({"inter_MLP_layers": 1}, "inter_MLP_layers is 1; it must be an integer, at least 2"),
        ({"agg_norm_const": 0}, "agg_norm_const is 0.0; it must be a positive number"),
        ({"max_edge_radius": float("nan")}, "max_edge_radius is nan"),
        ({"max_edge_radius": "wide"}, "malformed configuration"),
        ({"message_passes": None}, "malformed configuration"),
        ({"message_passes": 64}, "message_passes is 64; the engine runs up to 63 layers"),
        ({"max_edge_length": 0}, "max_edge_length is 0.0; it must be a positive number"),
        ({"scaled_lengths": "yes"}, "scaled_lengths is 'yes'; it must be true or false"),
        ({"corelation": 2}, "an entry 'corelation'; did you mean 'correlation'"),
        ({"message_pases": 2}, "did you mean 'message_passes'"),
        ({"max_edge_lenght": 2}, "did you mean 'max_edge_length'"),
        (
            {"lmax": 2, "hidden_irreps": uniform_irreps(8, 2), "readout_irreps": uniform_irreps(3, 2)},
            "split into two halves, so their number must be even",
        ),
    ],
)
def test_configuration(change, message):
    good = {"hidden_irreps": uniform_irreps(8, 4), "readout_irreps": uniform_irreps(4, 4), "max_edge_radius": 0.03}
    with pytest.raises(ConfigError, match=message):
        LatticeMACE({**good, **change})


def test_configuration_from_anything():
    entries = {
        "hidden_irreps": "8x0e + 8x1o + 8x2e + 8x3o + 8x4e",
        "readout_irreps": uniform_irreps(4, 4),
        "max_edge_radius": 0.03,
        "interaction_bias": False,
        "lr": 1e-3,
    }
    found = MACEConfig.from_any(entries)
    assert found == MACEConfig.from_any(SimpleNamespace(**entries)) == MACEConfig.from_any(found)
    assert found == MACEConfig.from_any(found.to_dict())
    assert (found.channels, found.readout_channels, found.lmax) == (8, 4, 4)
    with pytest.raises(ConfigError, match="has no hidden_irreps, max_edge_radius"):
        MACEConfig.from_any({"readout_irreps": uniform_irreps(4, 4)})
    with pytest.raises(ConfigError, match="a mapping or a namespace, not a int"):
        MACEConfig.from_any(3)


def test_settings_that_users_write_are_taken_at_their_word():
    """No entry is left aside: a misspelt one would train another network."""
    good = {"hidden_irreps": uniform_irreps(8, 4), "readout_irreps": uniform_irreps(4, 4), "max_edge_radius": 0.03}
    assert MACEConfig.from_settings(good) == MACEConfig(**good)
    for entry, message in (
        ({"lr": 1e-3}, "unknown entry 'lr'$"),
        ({"correlations": 2}, r"unknown entry 'correlations'; did you mean 'correlation'\?"),
        ({"layers": 2}, "unknown entry 'layers'"),
        ({"positive": "none"}, r"did you mean 'positive_function'\?"),
    ):
        with pytest.raises(ConfigError, match=message):
            MACEConfig.from_settings({**good, **entry})
    with pytest.raises(ConfigError, match="has no max_edge_radius"):
        MACEConfig.from_settings({k: v for k, v in good.items() if k != "max_edge_radius"})


def test_hyperparameters_of_the_original_hold_other_things():
    """Whatever a namespace or a checkpoint has beside the network's is not ours to judge."""
    good = {"hidden_irreps": uniform_irreps(8, 4), "readout_irreps": uniform_irreps(4, 4), "max_edge_radius": 0.03}
    others = {"lr": 1e-3, "corelation": 2, "batch_size": 64, "max_edge_radius_old": 1}
    found = MACEConfig.from_original({**good, **others})
    assert found == MACEConfig.from_original(SimpleNamespace(**good, **others)) == MACEConfig(**good)
    assert MACEConfig.from_any(SimpleNamespace(**good, **others)) == found
    assert MACEConfig.from_original(found) is found


@pytest.mark.parametrize(
    ("entries", "message"),
    [(("S",), "quantity is 'S'"), (("C", 0.0), "scale is 0.0"), (("C", 1.0, "x"), "radii is 'x'")],
)
def test_conventions(entries, message):
    with pytest.raises(ConfigError, match=message):
        Conventions(*entries)
