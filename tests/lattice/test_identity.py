"""Which net a lattice is: by its name in the RCSR, whatever its geometry and cell."""

from itertools import product

import networkx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fastlattice import Lattice, LatticeError, rcsr_net, unit_cell
from fastlattice.lattice.identity import are_isomorphic, coordination_sequences, fingerprint, nets_of
from fastlattice.topologies.nets import identify

BUILT_IN = {"simple_cubic": "pcu", "bcc": "bcu", "octet": "fcu", "kelvin": "sod", "diamond": "dia"}


def supercell(lattice: Lattice, matrix) -> Lattice:
    """The same lattice on the cell matrix @ cell."""
    matrix = np.array(matrix)
    size = int(np.abs(matrix).sum())
    cells = np.array(list(product(range(-size, size + 1), repeat=3)))
    inside = cells @ np.linalg.inv(matrix)
    cells = cells[((inside > -1e-9) & (inside < 1 - 1e-9)).all(1)]
    assert len(cells) == abs(round(np.linalg.det(matrix)))
    number = {tuple(cell): n for n, cell in enumerate(cells.tolist())}
    struts, shifts, positions = [], [], []
    for cell in cells:
        positions.append(lattice.positions + cell @ lattice.cell)
        for (i, j), shift in zip(lattice.struts, lattice.shifts, strict=True):
            whole = np.floor((cell + shift) @ np.linalg.inv(matrix) + 1e-9).astype(int)
            here, there = number[tuple(cell.tolist())], number[tuple((cell + shift - whole @ matrix).tolist())]
            struts.append((here * lattice.num_nodes + i, there * lattice.num_nodes + j))
            shifts.append(whole)
    return Lattice(matrix @ lattice.cell, np.concatenate(positions), struts, shifts, 0.01)


def scrambled(lattice: Lattice, seed: int) -> Lattice:
    """Other numbers for nodes and struts, other directions of struts, nodes moved by lattice vectors, another basis."""
    rng = np.random.default_rng(seed)
    order = rng.permutation(lattice.num_nodes)
    moved = rng.integers(-2, 3, (lattice.num_nodes, 3))
    struts, shifts = np.argsort(order)[lattice.struts], lattice.shifts.copy()
    fractional = (lattice.fractional + moved)[order]
    shifts = shifts + moved[lattice.struts[:, 0]] - moved[lattice.struts[:, 1]]
    turned = rng.random(len(struts)) < 0.5
    struts[turned], shifts[turned] = struts[turned, ::-1], -shifts[turned]
    basis = np.eye(3, dtype=int)
    for _ in range(4):
        i, j = rng.permutation(3)[:2]
        basis[i] += rng.integers(-1, 2) * basis[j]
    rows = rng.permutation(len(struts))
    inverse = np.round(np.linalg.inv(basis)).astype(int)
    noise = rng.normal(size=(lattice.num_nodes, 3)) * 0.05
    return Lattice.from_fractional(
        basis @ lattice.cell, fractional @ inverse + noise, struts[rows], shifts[rows] @ inverse, 0.01
    )


@pytest.mark.parametrize("name", BUILT_IN)
def test_unit_cells_have_their_symbols(name):
    assert BUILT_IN[name] in identify(unit_cell(name))


@pytest.mark.parametrize("name", ["pcu", "dia", "srs", "nbo", "fcu", "lta", "mep", "qtz", "ths"])
def test_a_net_is_found_in_any_guise(name):
    net = rcsr_net(name)
    assert name in identify(net)
    for seed in range(3):
        assert name in identify(scrambled(net, seed))
    assert name in identify(net.primitive().perturb(0.05, seed=1))


def test_a_net_whose_nodes_collide_in_the_middle_of_their_neighbours():
    (found,) = nets_of(rcsr_net("sxt"))
    assert not found[0].is_stable
    assert identify(rcsr_net("sxt")) == ["sxt"]


@pytest.mark.parametrize("name", ["pcu", "srs", "dia", "qtz"])
@pytest.mark.parametrize("matrix", [np.diag([2, 1, 1]), [[1, 1, 0], [-1, 1, 0], [0, 1, 3]]])
def test_a_supercell_moved_at_random_is_the_same_net(name, matrix):
    whole = supercell(rcsr_net(name).primitive(), matrix).perturb(0.02, seed=3)
    assert identify(scrambled(whole, 4)) == [name]


@pytest.mark.parametrize("name", ["nko", "jec", "cdm-e", "ffc-a"])
def test_a_net_whose_nodes_lie_in_a_plane_with_all_within_three_struts(name):
    assert name in identify(scrambled(rcsr_net(name).primitive(), 5))


def test_one_strut_less_is_another_net():
    net = rcsr_net("fcu")
    less = Lattice(net.cell, net.positions, net.struts[1:], net.shifts[1:], net.radii[1:])
    assert identify(less) == []
    assert not are_isomorphic(nets_of(less), nets_of(net))


def test_interpenetrating_nets_are_counted():
    """Two diamond nets, one beside the other, on a cell that holds both and on one that exchanges them."""
    dia = rcsr_net("dia")
    two = Lattice(
        dia.cell,
        np.concatenate([dia.positions, dia.positions + np.array([0.5, 0, 0])]),
        np.concatenate([dia.struts, dia.struts + dia.num_nodes]),
        np.concatenate([dia.shifts, dia.shifts]),
        0.01,
    )
    (found,) = nets_of(two)
    assert found[1] == 2
    assert fingerprint([found]).startswith("2*2-4-")
    assert "dia" not in identify(two)
    one = two.primitive()
    assert one.num_nodes == 2
    assert are_isomorphic(nets_of(one), nets_of(two))


def test_what_is_no_net_is_refused():
    sheet = Lattice(np.eye(3), [[0, 0, 0]], [[0, 0], [0, 0]], [[1, 0, 0], [0, 1, 0]], 0.1, name="sheet")
    with pytest.raises(LatticeError, match="lattice 'sheet': a piece of it is periodic in 2 directions"):
        identify(sheet)


@settings(max_examples=10)
@given(name=st.sampled_from(["pcu", "srs", "dia", "bcu", "qtz", "cds", "tbo"]), seed=st.integers(0, 2**32 - 1))
def test_sequences_count_nodes_by_breadth_first_search(name, seed):
    """Against networkx on a finite piece of the net, large enough for what is counted."""
    lattice = scrambled(rcsr_net(name).primitive(), seed)
    shells = 3
    reach = shells * int(np.abs(lattice.shifts).max())
    graph = networkx.Graph()
    for cell in product(range(-reach, reach + 1), repeat=3):
        for (i, j), shift in zip(lattice.struts.tolist(), lattice.shifts.tolist(), strict=True):
            graph.add_edge((i, cell), (j, tuple(np.add(cell, shift).tolist())))
    found = coordination_sequences(lattice.struts, lattice.shifts, lattice.num_nodes, shells)
    for node in range(lattice.num_nodes):
        far = networkx.single_source_shortest_path_length(graph, (node, (0, 0, 0)), shells)
        assert found[node].tolist() == [sum(d == n for d in far.values()) for n in range(1, shells + 1)]
