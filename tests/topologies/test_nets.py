"""RCSR nets against known facts of crystallography and their source; .cgd files read, and refused with a reason."""

import os
import re
import sys
import zipfile
from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from fastlattice import (
    CatalogueError,
    Lattice,
    LatticeError,
    MissingExtraError,
    rcsr_batch,
    rcsr_names,
    rcsr_net,
    read_cgd,
)
from fastlattice.fe import homogenise
from fastlattice.lattice.identity import coordination_sequence
from fastlattice.topologies.nets import rcsr_source, rcsr_space_group
from tests.support.published import RCSR

FAULTY = {"bcu-b", "cds-b", "cys", "eta-c", "lcw_component_3", "llw-z", "mhq", "nts", "ssp"}
ONLY_PORMAKE = (
    *("ast-a", "bph", "cua-d", "cuz", "dnadnj-a", "fff-a", "ftee-a", "nia-a-d", "pry", "raf", "rag", "sod-b", "twf-t"),
)
# Nodes, struts and {degree: nodes} of the primitive cell, which RCSR's file and Systre's built-in archive agree on;
# files under these symbols elsewhere hold other nets.
DISPUTED = {
    "fnf": (24, 60, {5: 24}),
    "xay": (4, 18, {9: 4}),
    "xbo": (5, 18, {6: 4, 12: 1}),
    "pti": (8, 16, {4: 8}),
}
# First shells of coordination sequences, as published by the RCSR; one tuple for each kind of node.
SEQUENCES = {
    "pcu": {(6, 18, 38, 66, 102)},
    "bcu": {(8, 26, 56, 98, 152)},
    "fcu": {(12, 42, 92, 162, 252)},
    "dia": {(4, 12, 24, 42, 64)},
    "lon": {(4, 12, 25, 44, 67)},
    "srs": {(3, 6, 12, 24, 35)},
    "sod": {(4, 10, 20, 34, 52)},
    "nbo": {(4, 12, 28, 50, 76)},
    "qtz": {(4, 12, 30, 52, 80)},
}
DIAMOND = """
CRYSTAL
  NAME diamond
  GROUP Fd-3m
  CELL 2.3094 2.3094 2.3094  90 90 90   # a comment
  NODE 1 4  5/8 5/8 5/8
  EDGE 1  0.375 0.375 0.375
END
"""


LADDER = """PERIODIC_GRAPH
EDGES
  1 1 1 0 0
  1 1 0 1 0
  1 1 0 0 1
  1 2 0 0 0
  1 3 0 0 0
  2 1 1 0 0
  3 1 1 0 0
END
"""


@pytest.fixture(scope="session")
def batch():
    return rcsr_batch(0.01)


@pytest.fixture(scope="session")
def wheel() -> Path:
    """The source of the table: set PORMAKE_WHEEL to pormake's wheel to check against it."""
    path = os.environ.get("PORMAKE_WHEEL")
    if not path:
        pytest.skip("the table's source is not here: this runs after `make gen-check`, or where PORMAKE_WHEEL names it")
    return Path(path)


@pytest.fixture(scope="session")
def rcsr_text() -> str:
    """RCSR's own file, the other source of the table."""
    path = Path(os.environ.get("RCSR_CGD") or RCSR)
    if not path.is_file():
        pytest.skip("RCSR_CGD does not name RCSR's file RCSRnets-2019-06-01.cgd")
    return path.read_text()


@pytest.fixture
def cgd(tmp_path):
    """Reads a text as a .cgd file."""
    pytest.importorskip("gemmi")

    def read(text: str, **arguments) -> list[Lattice]:
        path = tmp_path / "net.cgd"
        path.write_text(text)
        return read_cgd(path, **arguments)

    return read


def sequences(lattice: Lattice, shells: int) -> set[tuple[int, ...]]:
    return set(map(tuple, coordination_sequence(lattice, shells).tolist()))


def is_cubic(name: str) -> bool:
    """Cubic groups have a threefold axis in second place: P 2 3, F d -3 m."""
    return rcsr_space_group(name).split()[2:3] in (["3"], ["-3"])


def test_every_net_is_there(batch):
    names = rcsr_names()
    assert len(names) == len(set(names)) == len(batch) == 2742
    assert list(names) == sorted(names)
    assert not FAULTY & set(names)
    assert list(batch.names) == list(batch.columns["base_name"]) == list(names)


def test_batch_and_single_nets_are_the_same_bits(batch):
    for row in range(0, len(batch), 97):
        assert batch[row] == rcsr_net(rcsr_names()[row])


def test_density_and_cell(batch):
    torch.testing.assert_close(batch.relative_density, torch.full((2742,), 0.01, dtype=torch.float64))
    largest = batch.cell.norm(dim=2).amax(1)
    torch.testing.assert_close(largest, torch.ones_like(largest))
    assert rcsr_net("dia", 0.2).relative_density == pytest.approx(0.2, rel=1e-12)
    radii = rcsr_net("pcu", 0.03).radii
    assert radii == pytest.approx(np.sqrt(0.03 / (3 * np.pi)))  # three struts of length 1 in volume 1


def test_several_densities_each():
    batch = rcsr_batch([0.003, 0.03])
    assert len(batch) == 2 * 2742
    torch.testing.assert_close(batch.relative_density, batch.columns["relative_density"])
    assert batch[7] == rcsr_net(rcsr_names()[3], 0.03)


@pytest.mark.parametrize("density", [0.0, -1.0, 1.0, 1.5, float("nan"), [0.1, float("inf")], [0.1, 1.0]])
def test_bad_density(density):
    with pytest.raises(LatticeError, match="positive"):
        rcsr_batch(density)


def test_unknown_and_faulty_names():
    with pytest.raises(LatticeError, match=r"no RCSR net 'diaa'; did you mean .*dia"):
        rcsr_net("diaa")
    with pytest.raises(LatticeError, match="NODE 2 should have 3 struts, but gets 12"):
        rcsr_net("mhq")
    for name in FAULTY:
        with pytest.raises(LatticeError, match="source file is faulty: line"):
            rcsr_net(name)


@pytest.mark.parametrize("name", SEQUENCES)
def test_known_coordination_sequences(name):
    assert sequences(rcsr_net(name), 5) == SEQUENCES[name]
    assert sequences(rcsr_net(name).primitive(), 5) == SEQUENCES[name]


@pytest.mark.parametrize(("name", "nodes", "struts"), [("pcu", 1, 3), ("dia", 2, 4), ("fcu", 1, 6), ("srs", 4, 6)])
def test_known_primitive_cells(name, nodes, struts):
    primitive = rcsr_net(name).primitive()
    assert (primitive.num_nodes, primitive.num_struts) == (nodes, struts)


def test_struts_are_distinct_and_not_of_length_zero(batch):
    assert batch.strut_vectors.norm(dim=1).min() > 1e-3
    owner = torch.arange(len(batch)).repeat_interleave(batch.strut_counts)
    rows = torch.cat([owner[:, None], batch.struts, batch.shifts], dim=1)
    assert len(torch.unique(rows, dim=0)) == len(rows)
    own = batch.struts[:, 0] == batch.struts[:, 1]
    assert (batch.struts[:, 0] <= batch.struts[:, 1]).all()
    # A strut between a node and its image is stored in one direction only.
    reverse = torch.cat([owner[own, None], batch.struts[own], -batch.shifts[own]], dim=1)
    assert len(torch.unique(torch.cat([rows[own], reverse]), dim=0)) == 2 * int(own.sum())


def test_every_net_is_three_periodic(batch):
    """In every connected piece the cycles of the quotient graph wind along three independent directions."""
    for row, name in enumerate(rcsr_names()):
        lattice = batch[row]
        neighbours: list[list] = [[] for _ in range(lattice.num_nodes)]
        for (i, j), shift in zip(lattice.struts.tolist(), lattice.shifts, strict=True):
            neighbours[i].append((j, shift))
            neighbours[j].append((i, -shift))
        cell: dict[int, np.ndarray] = {}
        for root in range(lattice.num_nodes):
            if root in cell:
                continue
            cell[root], stack, windings = np.zeros(3, dtype=int), [root], []
            while stack:
                node = stack.pop()
                for other, shift in neighbours[node]:
                    if other not in cell:
                        cell[other] = cell[node] + shift
                        stack.append(other)
                    else:
                        windings.append(cell[node] + shift - cell[other])
            assert np.linalg.matrix_rank(np.array(windings)) == 3, name


def test_cubic_nets_have_their_threefold_axis_exactly(batch):
    """x, y, z -> z, x, y is an operation of every cubic group: it maps nodes and struts onto themselves."""
    cubic = [row for row, name in enumerate(rcsr_names()) if is_cubic(name)]
    assert len(cubic) > 500
    for row in cubic:
        lattice = batch[row]
        np.testing.assert_array_equal(lattice.cell, np.eye(3))
        positions = lattice.positions
        order = np.lexsort(positions.T.round(9))
        turned = np.mod(positions[:, [2, 0, 1]], 1.0)
        image = np.lexsort(turned.T.round(9))
        assert np.abs(positions[order] - turned[image]).max() < 1e-15, lattice.name
        onto = np.empty(len(order), dtype=int)
        onto[image] = order
        struts, shifts = onto[lattice.struts], lattice.shifts[:, [2, 0, 1]]
        forward = np.c_[struts, shifts]
        backward = np.c_[struts[:, ::-1], -shifts]
        given_rows = {tuple(r) for r in np.c_[lattice.struts, lattice.shifts].tolist()}
        for one, other in zip(forward.tolist(), backward.tolist(), strict=True):
            assert (tuple(one) in given_rows) != (tuple(other) in given_rows), lattice.name


def test_every_net_carries_load(batch):
    result = homogenise(batch)
    assert (result.status == 0).all()
    assert (torch.linalg.eigvalsh(result.stiffness)[:, 0] > 0).all()


def test_cubic_nets_have_cubic_stiffness(batch):
    rows = [row for row, name in enumerate(rcsr_names()) if is_cubic(name) and batch.node_counts[row] <= 48]
    stiffness = homogenise(batch.take(torch.tensor(rows))).stiffness
    scale = stiffness.abs().amax((1, 2))
    c11, c12, c44 = stiffness[:, 0, 0], stiffness[:, 0, 1], stiffness[:, 3, 3]
    expected = torch.zeros_like(stiffness)
    expected[:, :3, :3] = c12[:, None, None]
    for k in range(3):
        expected[:, k, k], expected[:, k + 3, k + 3] = c11, c44
    assert ((stiffness - expected).abs().amax((1, 2)) / scale).max() < 1e-9


def degrees_of(lattice: Lattice) -> Counter[int]:
    return Counter(np.bincount(lattice.struts.ravel(), minlength=lattice.num_nodes).tolist())


def stated_degrees(text: str) -> set[int]:
    """Of every NODE or atom of a block; a line without a keyword goes on with the last."""
    key, found = "", set()
    for words in map(str.split, text.splitlines()):
        if words and words[0][0].isalpha():
            key, *words = words
        if key.lower() in ("node", "atom") and len(words) == 5:
            found.add(int(words[1]))
    return found


def test_degrees_equal_the_source(rcsr_text, batch):
    """Every net with three periods in RCSR's file is in the table, and has the degrees that the file states."""
    found = set()
    for text in re.split(r"^[ \t]*CRYSTAL", rcsr_text, flags=re.MULTILINE | re.IGNORECASE)[1:]:
        name, group = (
            re.search(rf"^\s*{key}\s+(\S+)", text, re.MULTILINE | re.IGNORECASE)[1] for key in ("NAME", "GROUP")
        )
        if group[0].islower() or "CELL" not in text.upper():
            continue
        found.add(name)
        assert set(degrees_of(batch[rcsr_names().index(name)])) == stated_degrees(text), name
    assert found == set(rcsr_names()) - set(ONLY_PORMAKE)
    assert len(found) == 2729


def test_nets_that_only_pormake_has_say_so(wheel):
    assert {name for name in rcsr_names() if "pormake" in rcsr_source(name)} == set(ONLY_PORMAKE)
    with zipfile.ZipFile(wheel) as archive:
        for name in ONLY_PORMAKE:
            text = archive.read(f"pormake/database/topologies/{name}.cgd").decode()
            assert set(degrees_of(rcsr_net(name))) == stated_degrees(text), name


@pytest.mark.parametrize("name", DISPUTED)
def test_symbols_name_the_net_that_the_rcsr_means(name):
    nodes, struts, degrees = DISPUTED[name]
    cell = rcsr_net(name).primitive()
    assert (cell.num_nodes, cell.num_struts, dict(degrees_of(cell))) == (nodes, struts, degrees)
    assert rcsr_source(name).startswith("RCSR, RCSRnets-2019-06-01.cgd")


def test_read_diamond(cgd):
    (diamond,) = cgd(DIAMOND, relative_density=0.05)
    assert diamond.name == "diamond"
    assert (diamond.num_nodes, diamond.num_struts) == (8, 16)
    assert diamond.cell == pytest.approx(2.3094 * np.eye(3))
    assert diamond.relative_density == pytest.approx(0.05)
    assert diamond.strut_lengths == pytest.approx(2.3094 * np.sqrt(3) / 4)
    assert sequences(diamond, 5) == SEQUENCES["dia"]


def test_ways_to_write_the_same_net(cgd):
    (expected,) = cgd(DIAMOND)
    body = "\n".join(DIAMOND.strip().splitlines()[2:4])
    variants = {
        "ends as places": DIAMOND.replace("EDGE 1", "EDGE +.625 6.25e-1 0.62500"),
        "other words and cases": f'crystal\nid diamond\n{body}\natoms\n "C" 4 5/8 5/8 5/8\nbonds\n"C" 3/8 3/8 3/8\nend',
        "quoted group with its origin": DIAMOND.replace("Fd-3m", '"F d -3 m:2"'),
        "nodes in another cell": DIAMOND.replace("5/8 5/8 5/8", "-3/8 13/8 0.625").replace(
            "0.375 0.375 0.375", "-5/8 1.375 0.375"
        ),
        "neighbours by distance": DIAMOND.replace("EDGE 1  0.375 0.375 0.375", ""),
        "coordination sequence": DIAMOND.replace("END", "COORDINATION_SEQUENCE 4 12 24\nEND"),
        "edge centres beside edges": DIAMOND.replace("END", "EDGE_CENTER 0.5 0.5 0.5\nEND"),
        "Windows line ends": DIAMOND.replace("\n", "\r\n"),
    }
    for label, text in variants.items():
        assert cgd(text) == [expected], label


def test_graphs_are_placed_in_the_middle_of_their_neighbours(cgd):
    """The quotient graph of a net, without its coordinates, gives the net's most symmetric form."""
    (diamond,) = cgd("PERIODIC_GRAPH\nNAME dia\nEDGES\n1 2 0 0 0\n1 2 1 0 0\n1 2 0 1 0\n1 2 0 0 1\nEND")
    assert diamond.name == "dia"
    vectors = diamond.strut_vectors / diamond.strut_lengths[:, None]
    assert vectors @ vectors.T == pytest.approx((4 * np.eye(4) - 1) / 3, abs=1e-12)  # the tetrahedral angle
    assert np.linalg.norm(diamond.cell, axis=1) == pytest.approx([1, 1, 1])
    assert sequences(diamond, 5) == SEQUENCES["dia"]


@pytest.mark.parametrize("name", ["pcu", "srs", "nbo", "sod", "lta", "fcu", "qtz", "mep"])
def test_graphs_of_nets(name, cgd):
    """A stable net is found again: coordination sequences, and rotations of the stiffness of a cubic one."""
    given = rcsr_net(name).primitive()
    lines = [f"{i} {j} {a} {b} {c}" for (i, j), (a, b, c) in zip(given.struts, given.shifts, strict=True)]
    (found,) = cgd("\n".join(["periodic_graph", "edge", *lines, "end"]))
    assert sequences(found, 8) == sequences(given, 8)
    inside = np.zeros((found.num_nodes, 3))
    np.add.at(inside, found.struts[:, 0], found.strut_vectors)
    np.add.at(inside, found.struts[:, 1], -found.strut_vectors)
    assert np.abs(inside).max() < 1e-12
    spread = found.strut_vectors.T @ found.strut_vectors
    assert spread == pytest.approx(spread[0, 0] * np.eye(3), abs=1e-9)


MIXED = (
    DIAMOND
    + "CRYSTAL\nNAME plane\nGROUP p4mm\nCELL 1 1 90\nNODE 1 4 0 0\nEND\njunk\n"
    + DIAMOND.replace("  CELL", "# CELL")
    + DIAMOND.replace("END", "").replace("NAME diamond", "NAME open")
    + DIAMOND.replace("diamond", "last")
)


def test_blocks_that_cannot_be_read_are_skipped_where_asked(cgd):
    errors: list[CatalogueError] = []
    assert [lattice.name for lattice in cgd(MIXED, on_error=errors.append)] == ["diamond", "last"]
    reasons = ("two dimensions", "expected CRYSTAL", "no CELL", "has no END")
    assert all(reason in error.reason for error, reason in zip(errors, reasons, strict=True))
    assert [error.line for error in errors] == [11, 15, 17, 32]
    with pytest.warns(UserWarning, match="4 malformed blocks were skipped; the first: .*plane"):
        cgd(MIXED, on_error="skip")
    with pytest.raises(CatalogueError, match="two dimensions"):
        cgd(MIXED)
    with pytest.raises(ValueError, match="on_error must be"):
        cgd(MIXED, on_error="ignore")


def test_several_blocks(cgd):
    assert [lattice.name for lattice in cgd(DIAMOND + DIAMOND.replace("diamond", "again"))] == ["diamond", "again"]


def test_edges_between_names(cgd):
    text = """CRYSTAL
      NAME caesium chloride
      GROUP P1
      CELL 1 1 1 90 90 90
      NODE A 2 0 0 0
      NODE "B 2" 2 0.5 0.5 0.5
      EDGE A "B 2"
      EDGE A -0.5 -0.5 -0.5
    END"""
    (lattice,) = cgd(text)
    assert lattice.name == "caesium chloride"
    assert lattice.strut_vectors.tolist() == [[-0.5, -0.5, -0.5], [0.5, 0.5, 0.5]]


@pytest.mark.parametrize("name", ["pcu", "dia", "sod", "bcu", "fcu", "srs", "lta", "mep", "qtz"])
def test_neighbours_by_distance_find_the_edges_of_nets_with_equal_struts(name, wheel, cgd):
    with zipfile.ZipFile(wheel) as archive:
        text = archive.read(f"pormake/database/topologies/{name}.cgd").decode()
    without = "\n".join(line for line in text.splitlines() if not line.strip().startswith("EDGE"))
    assert cgd(without) == cgd(text)


def test_neighbours_far_beyond_a_short_axis(cgd):
    (lattice,) = cgd("CRYSTAL\nNAME x\nGROUP P1\nCELL 1 1 0.1 90 90 90\nNODE 1 8 0 0 0\nEND")
    assert sorted(np.abs(lattice.shifts).tolist()) == [[0, 0, 1], [0, 0, 2], [0, 0, 3], [0, 0, 4]]


def test_rhombohedral_axes_follow_the_angles(cgd):
    """The simple cubic lattice as a rhombohedron of 90 degrees, and on hexagonal axes."""
    template = "CRYSTAL\nNAME x\nGROUP R-3m\nCELL {}\nNODE 1 6 0 0 0\nEDGE 1 {}\nEND"
    (rhombohedral,) = cgd(template.format("1 1 1 90 90 90", "0 0 1"))
    c = np.sqrt(3)
    (hexagonal,) = cgd(template.format(f"{np.sqrt(2):.10f} {np.sqrt(2):.10f} {c:.10f} 90 90 120", "2/3 1/3 1/3"))
    assert (rhombohedral.num_nodes, rhombohedral.num_struts) == (1, 3)
    assert (hexagonal.num_nodes, hexagonal.num_struts) == (3, 9)
    assert hexagonal.strut_lengths == pytest.approx(1.0)
    assert sequences(hexagonal, 5) == SEQUENCES["pcu"]


def test_printed_digits_are_made_symmetric(cgd):
    """Positions to three digits in a hexagonal group: struts that are equivalent come out equal to rounding."""
    text = """CRYSTAL
      NAME graphite layers joined
      GROUP P6/mmm
      CELL 1.732 1.732 1.0 90 90 120
      NODE 1 5 0.333 0.667 0
      EDGE 1 0.667 0.333 0
      EDGE 1 0.333 0.667 1
    END"""
    (lattice,) = cgd(text)
    assert lattice.num_nodes == 2
    assert lattice.fractional[:, :2] == pytest.approx(np.array([[1, 2], [2, 1]]) / 3, abs=1e-15)
    in_plane = lattice.strut_lengths[np.abs(lattice.strut_vectors[:, 2]) < 0.5]
    assert len(in_plane) == 3
    assert np.ptp(in_plane) < 1e-15


MALFORMED = [
    ("NAME x\n", 1, "expected CRYSTAL"),
    ("NET\n1 2\nEND\n", 1, "no cell and no coordinates"),
    ("PERIODIC_GRAPH\n1 2 0 0 0\nEND\n", 2, "data without a keyword"),
    ("PERIODIC_GRAPH\nEDGES\n1 2 0 0\nEND\n", 3, "not 4 fields"),
    ("PERIODIC_GRAPH\nEDGES\n1 2 0 0 0.5\nEND\n", 3, "'0.5' is not a whole number"),
    ("PERIODIC_GRAPH\nCELL 1 1 1 90 90 90\nEND\n", 2, "a NAME and EDGES only"),
    ("PERIODIC_GRAPH\nNAME x\nEND\n", 1, "no EDGES"),
    ("PERIODIC_GRAPH\nEDGES\n1 1 1 0 0\n1 1 0 1 0\nEND\n", 1, "not periodic in three directions"),
    ("PERIODIC_GRAPH\nEDGES\n1 1 1 0 0\n1 1 0 1 0\n1 1 0 0 1\n2 2 1 0 0\nEND\n", 1, "not connected"),
    (LADDER, 1, "the nodes 2 and 3 take one place"),
    (DIAMOND + "junk\n" + DIAMOND, 9, "expected CRYSTAL"),
    (DIAMOND.replace("END", ""), 8, "has no END"),
    (DIAMOND.replace("GROUP Fd-3m", ""), 2, "no GROUP"),
    (DIAMOND.replace("CELL", "# CELL"), 2, "no CELL"),
    (DIAMOND.replace("NODE", "# NODE").replace("EDGE", "# EDGE"), 2, "no NODE"),
    (DIAMOND.replace("Fd-3m", "Fd-5m"), 4, "unknown space group 'Fd-5m'"),
    (DIAMOND.replace("Fd-3m", "p4mm"), 4, "p4mm is a group in two dimensions"),
    (DIAMOND.replace("GROUP Fd-3m", "GROUP Fd-3m\nGROUP Fd-3m"), 5, "GROUP is given twice"),
    (DIAMOND.replace("90 90 90", "90 90"), 5, "CELL takes a b c alpha beta gamma, not 5"),
    (DIAMOND.replace("90 90 90", "90 90 180"), 5, "angles between 0 and 180"),
    (DIAMOND.replace("90 90 90", "30 30 90"), 5, "no volume"),
    (DIAMOND.replace("90 90 90", "90 90 91"), 5, "symmetry of its group"),
    (DIAMOND.replace("2.3094 2.3094 2.3094", "2.3 2.3 2.4"), 5, "symmetry of its group"),
    (DIAMOND.replace("2.3094 2.3094 2.3094", "2.3 2.3 -2.3"), 5, "positive"),
    (DIAMOND.replace("NODE 1 4", "NODE 1 four"), 6, "whole number, not 'four'"),
    (DIAMOND.replace("NODE 1 4", "NODE 1 3"), 6, "NODE 1 should have 3 struts, but gets 4"),
    (DIAMOND.replace("5/8 5/8 5/8", "5/8 5/8"), 6, "not 4 fields"),
    (DIAMOND.replace("5/8 5/8 5/8", "5/8 5/8 5/0"), 6, "'5/0' is not a number"),
    (DIAMOND.replace("5/8 5/8 5/8", "5/8 5/8 1e99"), 6, "1000 cells"),
    (DIAMOND.replace("5/8 5/8 5/8", "5/8 5/8 nan"), 6, "'nan' is not a number"),
    (DIAMOND.replace("EDGE", "NODE 2 4 3/8 3/8 3/8\nEDGE"), 7, "a place that an earlier NODE takes"),
    (DIAMOND.replace("EDGE", "NODE 1 4 3/8 3/8 3/8\nEDGE"), 7, "NODE 1 is given twice"),
    (DIAMOND.replace("EDGE 1 ", "EDGE 2 "), 7, "names node '2'"),
    (DIAMOND.replace("0.375 0.375 0.375", "0.3 0.375 0.375"), 7, "no node at the end"),
    (DIAMOND.replace("0.375 0.375 0.375", "0.625 0.625 0.625"), 7, "begins and ends at the same node"),
    (DIAMOND.replace("EDGE 1", "EDGE 1 1"), 7, "not 5 fields"),
    (DIAMOND.replace("EDGE", "EGDE"), 7, "unknown keyword 'EGDE'"),
    (DIAMOND.replace("diamond", '"diamond'), 3, "quote"),
    (DIAMOND.replace("  NAME", "  1 2\n  NAME"), 3, "data without a keyword"),
    (DIAMOND.replace("EDGE", "EDGE_CENTER"), 2, "centres"),
    (DIAMOND.replace("NODE 1 4", "NODE 1 0").replace("EDGE", "# EDGE"), 2, "no struts"),
    (DIAMOND.replace("NODE 1 4", "NODE 1 9999").replace("EDGE", "# EDGE"), 6, "cannot be found by distance"),
    (DIAMOND.replace("5/8 5/8 5/8", "0.6264 0.6236 0.6250").replace("EDGE 1", "EDGE 1"), 6, "site is not clear"),
]


@pytest.mark.parametrize(("text", "line", "reason"), MALFORMED)
def test_malformed_files_name_line_and_reason(cgd, text, line, reason):
    with pytest.raises(CatalogueError, match=re.escape(reason)) as error:
        cgd(text)
    assert error.value.line == line
    assert error.value.path.endswith("net.cgd")


def test_missing_gemmi_names_the_extra(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "gemmi", None)
    path = tmp_path / "net.cgd"
    path.write_text(DIAMOND)
    with pytest.raises(MissingExtraError, match=r"fastlattice\[cgd\]"):
        read_cgd(path)
    assert rcsr_net("dia").num_nodes == 8  # the table needs no gemmi


def test_files_that_are_none(tmp_path):
    path = tmp_path / "net.cgd"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CatalogueError, match="not a text file"):
        read_cgd(path)
    path.write_text("# nothing\n")
    with pytest.raises(CatalogueError, match="no CRYSTAL block"):
        read_cgd(path)


WORDS = st.sampled_from([*DIAMOND.split(), '"', '"a b"', "PERIODIC_GRAPH", "-1", "1e9", "1/3", "R-3m", "P1", "0", "7"])


@given(st.data())
def test_damaged_files_are_read_or_refused(tmp_path_factory, data):
    pytest.importorskip("gemmi")
    words = [line.split() for line in DIAMOND.strip().splitlines()]
    for _ in range(data.draw(st.integers(1, 3))):
        row = data.draw(st.integers(0, len(words) - 1))
        place = data.draw(st.integers(0, len(words[row])))
        words[row][place : place + data.draw(st.integers(0, 2))] = data.draw(st.lists(WORDS, max_size=2))
    path = tmp_path_factory.mktemp("cgd") / "net.cgd"
    path.write_text("\n".join(map(" ".join, words)))
    try:
        lattices = read_cgd(path)
    except CatalogueError:
        return
    assert all(lattice.num_struts for lattice in lattices)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("cgd") / "net.cgd"
    path.write_bytes(("CRYSTAL\n" + text).encode(errors="replace"))
    with pytest.raises(CatalogueError):
        read_cgd(path)


def test_coordination_sequence_of_a_dangling_strut():
    lattice = Lattice(np.eye(3), [[0, 0, 0], [0.5, 0, 0]], [[0, 1]], [[0, 0, 0]], 0.1)
    assert coordination_sequence(lattice, 3).tolist() == [[1, 0, 0], [1, 0, 0]]
    assert all(a <= b for a, b in pairwise(coordination_sequence(rcsr_net("dia"), 6)[0].tolist()))
