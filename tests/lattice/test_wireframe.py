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


def random_cell(rng: np.random.Generator) -> Lattice:
    """A cell of any shape with nodes in general places and struts of several radii, none of them a loose end."""
    count = int(rng.integers(1, 5))
    ring = np.stack([np.arange(count), np.roll(np.arange(count), 1)], axis=1)
    struts, shifts = np.concatenate([ring, rng.integers(0, count, (8, 2))]), rng.integers(-1, 2, (8 + count, 3))
    rows = {(0, 0, 1, 0, 0): None}
    for (i, j), shift in zip(struts.tolist(), shifts.tolist(), strict=True):
        way, back = (i, j, *shift), (j, i, *(-k for k in shift))
        if way != back:  # which has no length
            rows[max(way, back)] = None
    table = np.array(list(rows))
    cell = np.eye(3) + rng.uniform(-0.3, 0.3, (3, 3))
    places, radii = rng.uniform(0, 1, (count, 3)), rng.uniform(0.01, 0.02, len(rows))
    return Lattice.from_fractional(cell, places, table[:, :2], table[:, 2:], radii)


def drawn(lattice: Lattice, counts: tuple[int, ...], most_pieces: int, rng: np.random.Generator) -> Wireframe:
    """All struts of a block of cells, whole: somewhere in space, in pieces, some twice, in any order and direction."""
    cells = np.stack(np.meshgrid(*map(np.arange, counts), indexing="ij"), -1).reshape(-1, 3) @ lattice.cell
    nodes, struts, radii = [], [], []
    for (i, _), vector, radius in zip(lattice.struts, lattice.strut_vectors, lattice.radii, strict=True):
        for corner in cells:
            cuts = np.sort(rng.uniform(0.1, 0.9, rng.integers(0, most_pieces)))
            path = lattice.positions[i] + corner + np.concatenate([[0], cuts, [1]])[:, None] * vector
            for _ in range(rng.integers(1, 3)):
                struts += [(len(nodes) + n, len(nodes) + n + 1) for n in range(len(path) - 1)]
                radii += [radius] * (len(path) - 1)
                nodes += list(path)
    place, order = rng.permutation(len(nodes)), rng.permutation(len(struts))
    ends = place[np.array(struts)][order]
    turned = rng.random(len(ends)) < 0.5
    ends[turned] = ends[turned, ::-1]
    moved = np.empty((len(nodes), 3))
    moved[place] = np.array(nodes) + rng.uniform(-50, 50, 3)
    return Wireframe(moved, ends, np.array(radii)[order])


def distances(left: Lattice, right: Lattice) -> np.ndarray:
    """[M, M'] how far struts are from each other: the largest of what separates middles, vectors and radii."""
    middles, vectors = [], []
    for lattice in (left, right):
        vectors.append(lattice.strut_vectors)
        middles.append(lattice.positions[lattice.struts[:, 0]] + vectors[-1] / 2)
    step = (middles[0][:, None] - middles[1]) @ np.linalg.inv(left.cell)
    apart = np.abs((step - np.round(step)) @ left.cell).max(2)
    along = [np.abs(vectors[0][:, None] + sign * vectors[1]).max(2) for sign in (-1, 1)]
    return np.maximum(np.maximum(apart, np.minimum(*along)), np.abs(left.radii[:, None] - right.radii))


def assert_struts(found: Lattice, expected: Lattice) -> None:
    """The same nodes and struts, but for numbering, gauge and the origin."""
    assert (found.num_nodes, found.num_struts) == (expected.num_nodes, expected.num_struts)
    for step in found.positions[0] - expected.positions:
        moved = Lattice(expected.cell, expected.positions + step, expected.struts, expected.shifts, expected.radii)
        if (distances(found, moved).min(axis=1) < 1e-9).all() and (distances(moved, found).min(axis=1) < 1e-9).all():
            return
    raise AssertionError("struts differ, wherever the origin is")


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    counts=st.tuples(*[st.integers(1, 3)] * 3),
    most_pieces=st.integers(1, 4),
)
def test_a_drawn_block_is_its_cell(seed: int, counts: tuple[int, ...], most_pieces: int):
    """Whatever the numbering, the place, the pieces, the copies: of one cell the cell, of the block its supercell."""
    rng = np.random.default_rng(seed)
    cell = random_cell(rng)
    wireframe = drawn(cell, counts, most_pieces, rng)
    assert_struts(fold_wireframe(wireframe, cell.cell).lattice, cell)
    block_cell = np.array(counts)[:, None] * cell.cell
    found = fold_wireframe(wireframe, block_cell).lattice
    assert found.num_struts == np.prod(counts) * cell.num_struts
    assert found.relative_density == pytest.approx(cell.relative_density, rel=1e-9)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_folding_twice_changes_nothing(seed: int):
    rng = np.random.default_rng(seed)
    cell = random_cell(rng)
    once = fold_wireframe(drawn(cell, (1, 2, 1), 3, rng), cell.cell).lattice
    ends = once.positions[once.struts[:, 0]]
    nodes = np.stack([ends, ends + once.strut_vectors], axis=1).reshape(-1, 3)
    again = fold_wireframe(Wireframe(nodes, np.arange(len(nodes)).reshape(-1, 2), once.radii), cell.cell).lattice
    assert_struts(again, once)


def test_very_many_cells_in_one():
    """A block of 20 x 20 x 20 cells and the vectors of one of them: 192,000 nodes in one place."""
    cell = unit_cell("octet", 0.02)
    starts = cell.positions[cell.struts[:, 0]]
    one = np.stack([starts, starts + cell.strut_vectors], axis=1).reshape(-1, 3)
    corners = np.stack(np.meshgrid(*[np.arange(20)] * 3, indexing="ij"), -1).reshape(-1, 1, 3) @ cell.cell
    nodes = (one + corners).reshape(-1, 3)
    found = Lattice.from_wireframe(nodes, np.arange(len(nodes)).reshape(-1, 2), cell.radii[0], cell=cell.cell)
    assert_same(found, cell)
    assert (found.num_nodes, found.num_struts) == (cell.num_nodes, cell.num_struts)


def test_a_curve_in_short_pieces_keeps_its_shape():
    """Each two pieces are straight, to the tolerance; all are a quarter of a circle."""
    angle = np.linspace(0, np.pi / 2, 2001)
    arc = 0.5 * np.stack([1 - np.cos(angle), np.sin(angle), np.zeros(len(angle))], axis=1)  # (0, 0, 0), (0.5, 0.5, 0)
    other = np.array([1, 1, 0]) - arc[::-1]
    frame = np.array([[[0, 0, 0], [0, 0, 1]], [[0.5, 0.5, 0], [0.5, 0.5, 1]]], dtype=float).reshape(-1, 3)
    nodes = np.concatenate([arc, other[1:], frame])
    curve = np.arange(len(arc) + len(other) - 1)
    struts = np.concatenate([np.stack([curve[:-1], curve[1:]], 1), [[len(curve), len(curve) + 1]] * 2])
    struts[-1] += 2
    found = Lattice.from_wireframe(nodes, struts, 0.01, cell=np.eye(3))
    lengths = found.strut_lengths
    assert lengths.sum() == pytest.approx(np.pi / 2 + 2, rel=1e-3)
    assert 20 < found.num_struts < 200


def test_a_strut_whole_on_one_face_and_in_pieces_on_the_other():
    cell = unit_cell("simple_cubic", 0.02)
    corners = np.array([[x, y, z] for x in (0, 1) for y in (0, 1) for z in (0, 1)], dtype=float)
    edges = [(i, j) for i in range(8) for j in range(i) if np.abs(corners[i] - corners[j]).sum() == 1]
    i, j = edges[0]
    nodes = np.concatenate([corners, [(corners[i] + corners[j]) / 2]])
    assert_same(Lattice.from_wireframe(nodes, [*edges[1:], (i, 8), (8, j)], cell.radii[0]), cell)


def test_a_place_may_lie_anywhere_near_a_face():
    """Here one node of it is nearer to the face than the tolerance, an image of it is not."""
    nodes = np.array([[0, 0, 0], [0.99991, 0.3, 0.3], [1.99989, 0.3, 0.3]])
    found = Lattice.from_wireframe(nodes, [(0, 1), (0, 2)], 0.1, cell=np.eye(3))
    assert (found.num_nodes, found.num_struts) == (2, 2)


def test_a_crowd_of_close_nodes_is_refused():
    """In a cell so oblique that what is near in parts of its vectors may be far in space."""
    cell = np.array([[1, 0, 0], [0.999999, 0.001, 0], [0, 0, 1]])
    rng = np.random.default_rng(0)
    crowd = np.concatenate([rng.uniform(0.5, 0.5015, (20_000, 2)), np.zeros((20_000, 1))], axis=1) @ cell
    nodes = np.concatenate([np.zeros((1, 3)), crowd])
    with pytest.raises(LatticeError, match=r"too many nodes are close to node \d+ and not one"):
        Lattice.from_wireframe(nodes, [(0, 1), (1, 2)], 0.1, cell=cell, tolerance=1e-7)


def test_a_chain_of_close_nodes_is_refused():
    line = np.linspace(0, 0.01, 200)[:, None] * [1, 0, 0]
    nodes = np.concatenate([line, [[0, 0, 0], [1, 1, 1]]])
    with pytest.raises(LatticeError, match=r"nodes around node \d+ form a chain"):
        Lattice.from_wireframe(nodes, [(200, 201)], 0.1)


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
        ({"cell": np.full((3, 3), np.nan)}, "span a volume"),
        ({"cell": 1e-10 * np.eye(3)}, "node 1 lies too far from the cell"),
        ({"nodes": [[0, 0, 0], [1e200, 1e200, 1e200]]}, "lengths of 1e\\+200 are out of range"),
        ({"nodes": [[0, 0, 0], [1e-200, 1e-200, 1e-200]]}, "lengths of 1e-200 are out of range"),
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
