"""MCGC: the line graph and the whole network beside loops over pairs of edges, and its limits."""

import pytest
import torch
from torch.nn.functional import softplus

from fastlattice import CGC, MCGC, Lattice, LatticeBatch, unit_cell
from fastlattice.models.mcgc import GRAPHS, line_graph
from tests.support.network import FLOAT, lattices
from tests.support.other_networks import network
from tests.support.tolerances import difference


def vectors_of(graph):
    sender, receiver = graph.edge_index
    return graph.positions[receiver] - graph.positions[sender] + graph.shifts


def pairs_by_loops(graph):
    """(b, a) where b ends at the node that a leaves, and is not its reverse, which a Graph of ours names."""
    sender, receiver = graph.edge_index.tolist()
    edges = range(len(sender))
    return [(b, a) for a in edges for b in edges if receiver[b] == sender[a] and b != graph.reverse[a]]


@pytest.mark.parametrize("number", range(4))
def test_the_line_graph_is_that_of_the_loops(number):
    graph = LatticeBatch.from_lattices([lattices()[number]]).graph()
    found = line_graph(graph.edge_index, vectors_of(graph))
    assert found.T.tolist() == [list(pair) for pair in pairs_by_loops(graph)]


def test_struts_that_meet():
    """A strut with Z - 1 others at its beginning: in the octet Z is 12; a strut to an own image meets its images."""
    for name, meeting in (("octet", 11), ("simple_cubic", 5), ("kelvin", 3)):
        graph = LatticeBatch.from_lattices([unit_cell(name)]).graph()
        pairs = line_graph(graph.edge_index, vectors_of(graph))
        assert torch.bincount(pairs[1]).tolist() == [meeting] * len(graph.strut)


def test_edges_in_any_order_and_in_single_precision():
    graph = LatticeBatch.from_lattices(lattices()).graph()
    order = torch.randperm(len(graph.strut), generator=torch.Generator().manual_seed(0))
    shuffled = line_graph(graph.edge_index[:, order], vectors_of(graph)[order].float())
    pairs = {(int(order[b]), int(order[a])) for b, a in shuffled.T.tolist()}
    assert pairs == {tuple(pair) for pair in line_graph(graph.edge_index, vectors_of(graph)).T.tolist()}


def by_loops(model, graph):
    """The network in the words of its documentation: one node, one edge, one pair at a time; means throughout."""
    config, own = model.config, dict(model.named_modules())
    vectors, sender, receiver = vectors_of(graph), *graph.edge_index.tolist()
    length = vectors.norm(dim=1)
    units, pairs = vectors / length[:, None], pairs_by_loops(graph)
    edges = [
        own["edge_ft_embedding"](torch.cat([vectors[a] / (length[a] + 1e-9), length[a : a + 1], graph.edge_attr[a]]))
        for a in range(len(sender))
    ]

    def mean(messages):
        return sum(messages) / len(messages) if messages else torch.zeros(config.hidden_irreps, dtype=FLOAT)

    def message(layer, *parts):
        z = torch.cat(parts)
        return softplus(own[f"{layer}.fc_values"](z)) * torch.sigmoid(own[f"{layer}.fc_multip"](z))

    nodes = range(len(graph.positions))
    if config.graph != "dual":
        features = [own["node_ft_embedding"](graph.node_attrs[i]) for i in nodes]
    for t in range(config.message_passes):
        if config.graph != "primal":
            angle = {(b, a): own["line_ft_embedding"](-(units[b] @ units[a])[None]) for b, a in pairs}
            line = [
                mean([message(f"line_layers.{t}", edges[b], edges[a], angle[b, a]) for b, end in pairs if end == a])
                for a in range(len(sender))
            ]
            edges = [edge + added for edge, added in zip(edges, line, strict=True)]
        if config.graph != "dual":
            layer = f"cgc_layers.{t}"
            new = [
                mean(
                    [
                        message(layer, features[sender[a]], features[i], edges[a])
                        for a in range(len(sender))
                        if receiver[a] == i
                    ]
                )
                for i in nodes
            ]
            features = [old + added for old, added in zip(features, new, strict=True)] if t else new
    pooled = mean(edges if config.graph == "dual" else features)
    upper = own["mlp"](pooled)
    matrix = torch.zeros(6, 6, dtype=FLOAT)
    matrix[tuple(torch.triu_indices(6, 6))] = upper
    return matrix + matrix.triu(1).T


@pytest.mark.parametrize("which", GRAPHS)
@pytest.mark.parametrize("number", [0, 1, 2])
def test_the_network_is_that_of_the_loops(which, number):
    model = network(MCGC, graph=which)
    with torch.no_grad():
        graph = LatticeBatch.from_lattices([lattices()[number]]).graph()
        assert difference(model(graph)["stiffness"][0], by_loops(model, graph)) < 1e-13


def with_weights_of(model, like):
    """The network with those parameters of another that it has."""
    state = model.state_dict()
    model.load_state_dict({name: like.state_dict().get(name, value) for name, value in state.items()})
    return model


@pytest.mark.parametrize("settings", [{}, {"form": "vanilla"}, {"interaction_reduction": "max"}])
def test_primal_is_cgc(settings):
    plain = network(CGC, **settings)
    primal = network(MCGC, graph="primal", seed=1, **settings)
    assert primal.state_dict().keys() == plain.state_dict().keys()
    batch = LatticeBatch.from_lattices(lattices())
    assert torch.equal(with_weights_of(primal, plain)(batch)["stiffness"], plain(batch)["stiffness"])


def test_without_pairs_combined_is_cgc():
    """A chain of dangling ends has no line graph: two nodes, one strut between them and no other."""
    pair = Lattice(torch.eye(3), [[0, 0, 0], [0.3, 0.1, 0.2]], [[0, 1]], [[0, 0, 0]], 0.02)
    plain, combined = network(CGC), network(MCGC, seed=1)
    batch = LatticeBatch.from_lattices([pair])
    assert line_graph(batch.graph().edge_index, vectors_of(batch.graph())).shape == (2, 0)
    assert torch.equal(with_weights_of(combined, plain)(batch)["stiffness"], plain(batch)["stiffness"])
    others = LatticeBatch.from_lattices(lattices())
    assert difference(combined(others)["stiffness"], plain(others)["stiffness"]) > 1e-3


def test_silent_lines_leave_cgc():
    """Where the line graph's messages vanish, as far as softplus lets them, the combined network is CGC."""
    plain = network(CGC)
    combined = with_weights_of(network(MCGC, seed=1), plain)
    for layer in combined.line_layers:
        torch.nn.init.constant_(layer.fc_multip.bias, -1e3)
    batch = LatticeBatch.from_lattices(lattices())
    assert difference(combined(batch)["stiffness"], plain(batch)["stiffness"]) < 1e-14
