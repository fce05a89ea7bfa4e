"""Finite wireframes folded into lattices: the stiffness of the cell that they are cut from."""

from itertools import pairwise

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from fastlattice import Lattice, LatticeError, homogenise, rcsr_net, unit_cell
from fastlattice.lattice.wireframe import Wireframe, fold_wireframe


def block(lattice: Lattice, counts=(1, 1, 1), pieces=1, rng=None) -> Wireframe:
    """What a CAD tool would hold of a box of cells: struts clipped by the box, in pieces, nodes written anew for each.

    Struts on the far faces are copies of those on the near ones. Cells are boxes.
    """
    size = np.diag(lattice.cell)
    segments, radii = [], []
    around = np.stack(np.meshgrid(*[np.arange(-2, n + 2) for n in counts], indexing="ij"), -1).reshape(-1, 3)
    box = size * counts
    for (i, _), vector, radius in zip(lattice.struts, lattice.strut_vectors, lattice.radii, strict=True):
        starts = lattice.positions[i] + around * size
        for start in starts:
            with np.errstate(divide="ignore", invalid="ignore"):
                t = np.stack([(0 - start) / vector, (box - start) / vector])
            still = np.abs(vector) < 1e-12
            if ((start < -1e-9) | (start > box + 1e-9))[still].any():
                continue
            low, high = max(0, t.min(0)[~still].max()), min(1, t.max(0)[~still].min())
            if high - low < 1e-9:
                continue
            cuts = np.linspace(low, high, pieces + 1)
            segments += [(start + a * vector, start + b * vector) for a, b in pairwise(cuts)]
            radii += [radius] * pieces
    ends = np.array(segments).reshape(-1, 3)
    if rng is not None:
        ends = ends + rng.uniform(-1, 1, ends.shape) * 1e-6 * size.max()
    return Wireframe(ends, np.arange(len(ends)).reshape(-1, 2), np.array(radii))


def stiffness(lattice: Lattice) -> torch.Tensor:
    result = homogenise(lattice)
    assert bool(result.ok.all()), result.failures()
    return result.stiffness[0]


def assert_same(found: Lattice, expected: Lattice, tolerance: float = 1e-12) -> None:
    a, b = stiffness(found), stiffness(expected)
    assert (a - b).abs().max() <= tolerance * b.abs().max()
    assert found.relative_density == pytest.approx(expected.relative_density, rel=1e-9)


@pytest.mark.parametrize("pieces", [1, 4])
@pytest.mark.parametrize("name", ["octet", "bcc", "kelvin", "simple_cubic", "diamond"])
def test_a_cut_cell_is_the_cell(name, pieces):
    cell = unit_cell(name, 0.02)
    found = fold_wireframe(block(cell, pieces=pieces)).lattice
    assert_same(found, cell)
    assert found.num_struts == cell.num_struts


def test_many_cells_in_many_pieces():
    """4 x 4 x 4 Kelvin cells, nine pieces a strut: the stiffness of one cell."""
    cell = unit_cell("kelvin", 0.01)
    wireframe = block(cell, (4, 4, 4), 9)
    assert len(wireframe) > 13_824  # that many inside, and copies on the faces
    folded = fold_wireframe(wireframe)
    assert folded.lattice.num_struts == 64 * cell.num_struts
    assert_same(folded.lattice, cell)
    assert folded.lattice.primitive().num_struts == cell.primitive().num_struts
    told = " ".join(folded.notes)
    assert "welded" in told
    assert "folded" in told
    assert "copies" in told
    assert "joined" in told


@pytest.mark.parametrize("name", ["srs", "lta", "cab"])
def test_cells_of_nets(name):
    net = rcsr_net(name, 0.01)
    moved = Lattice(net.cell, net.positions + 0.037, net.struts, net.shifts, net.radii)  # cut anywhere
    assert_same(fold_wireframe(block(moved, (2, 1, 3))).lattice, net)


@settings(max_examples=20)
@given(seed=st.integers(0, 2**32 - 1))
def test_places_need_not_agree_to_the_last_digit(seed):
    cell = unit_cell("octet", 0.02)
    found = fold_wireframe(block(cell, pieces=2, rng=np.random.default_rng(seed))).lattice
    assert found.num_struts == cell.num_struts
    a, b = stiffness(found), stiffness(cell)
    assert (a - b).abs().max() <= 1e-4 * b.abs().max()


def test_shares_of_struts_on_faces_add_up():
    """A simple cubic cell whose twelve edges carry a quarter of the section each."""
    cell = unit_cell("simple_cubic", 0.02)
    corners = np.array([[x, y, z] for x in (0, 1) for y in (0, 1) for z in (0, 1)], dtype=float)
    edges = [(i, j) for i in range(8) for j in range(i) if np.abs(corners[i] - corners[j]).sum() == 1]
    radius = float(cell.radii[0])
    assert_same(Lattice.from_wireframe(corners, edges, radius), cell)
    assert_same(Lattice.from_wireframe(corners, edges, radius / 2, on_faces="shares"), cell)


def test_copies_of_another_radius_are_refused():
    corners = np.array([[x, y, z] for x in (0, 1) for y in (0, 1) for z in (0, 1)], dtype=float)
    edges = [(i, j) for i in range(8) for j in range(i) if np.abs(corners[i] - corners[j]).sum() == 1]
    radii = np.full(12, 0.05)
    radii[3] = 0.04
    with pytest.raises(LatticeError, match=r"another radius.*on_faces='shares'"):
        Lattice.from_wireframe(corners, edges, radii)


def test_pieces_of_another_radius_stay_apart():
    cell = unit_cell("bcc", 0.02)
    wireframe = block(cell, pieces=2)
    radii = wireframe.radii.copy()
    radii[::2] *= 1.5
    found = fold_wireframe(Wireframe(wireframe.nodes, wireframe.struts, radii)).lattice
    assert found.num_struts == 2 * cell.num_struts


def test_a_stated_cell_and_its_corner():
    """A monoclinic cell, its struts whole, one node in each copy that they reach."""
    net = rcsr_net("dia", 0.02)
    shear = np.array([[1, 0, 0], [0.3, 1, 0], [0.1, 0.2, 1]])
    lattice = Lattice(net.cell @ shear, net.positions @ shear, net.struts, net.shifts, net.radii)
    starts = lattice.positions[lattice.struts[:, 0]]
    ends = np.stack([starts, starts + lattice.strut_vectors], 1).reshape(-1, 3) + np.array([5.0, -7.0, 11.0])
    struts = np.arange(len(ends)).reshape(-1, 2)
    assert_same(Lattice.from_wireframe(ends, struts, net.radii, cell=lattice.cell), lattice)


def test_what_is_not_periodic_is_named_with_its_distance():
    cell = unit_cell("bcc", 0.02)
    moved = Lattice(cell.cell, cell.positions + np.array([0.2, 0.3, 0.25]), cell.struts, cell.shifts, cell.radii)
    wireframe = block(moved)
    ends = wireframe.nodes.copy()
    on_face = np.flatnonzero(np.isclose(ends[:, 0], 1))
    ends[on_face[0], 1] += 0.01
    with pytest.raises(LatticeError, match=r"2 struts end on a face .*node \d+ \(the nearest .* 0.01 away"):
        Lattice.from_wireframe(ends, wireframe.struts, 0.01)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"nodes": [[0, 0, 0], [1, 0, 0]]}, "has no volume"),
        ({"nodes": [[0, 0, float("nan")], [1, 1, 1]]}, "node 0 is a NaN"),
        ({"struts": [[0, 2]]}, "strut 0 names node"),
        ({"radii": float("nan")}, "strut 0 has radius nan"),
        ({"struts": np.zeros((0, 2))}, "not a wireframe"),
        ({"cell": np.zeros((3, 3))}, "span a volume"),
    ],
)
def test_malformed_wireframes(change, reason):
    given = {"nodes": [[0, 0, 0], [1, 1, 1]], "struts": [[0, 1]], "radii": 0.1}
    with pytest.raises(LatticeError, match=reason):
        Lattice.from_wireframe(**{**given, **change})


@pytest.mark.parametrize("options", [{"tolerance": 0.0}, {"tolerance": 0.5}, {"on_faces": "halves"}])
def test_options_out_of_range(options):
    with pytest.raises(ValueError, match=next(iter(options))):
        Lattice.from_wireframe([[0, 0, 0], [1, 1, 1]], [[0, 1]], 0.1, **options)
