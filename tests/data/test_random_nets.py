"""Random nets are periodic, sound, and the same for the same seed."""

import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fastlattice import CatalogueError, Lattice, LatticeBatch, homogenise
from fastlattice.data import stored
from fastlattice.data.bases import bases
from fastlattice.data.classes import nets_of_batch
from fastlattice.data.random_nets import GRID, MERGED, RANDOM_KINDS, merged, random_nets, without_loose_ends
from fastlattice.data.splits import held_out, sides
from fastlattice.data.stored import read_nets
from fastlattice.data.tetrahedra import IMAGES, Tetrahedra
from fastlattice.lattice.identity import fingerprint, nets_of

bases_module = sys.modules["fastlattice.data.bases"]
scipy_spatial = pytest.importorskip("scipy.spatial")


@pytest.fixture(scope="module")
def nets():
    return random_nets(48, seed=5)


def test_the_same_seed_gives_the_same_bits_whatever_is_made_with_it(nets):
    again = random_nets(5, seed=5, first=17)
    assert [again[k] for k in range(5)] == [nets[17 + k] for k in range(5)]
    assert random_nets(1, seed=6)[0] != nets[0]


def test_kinds_take_turns(nets):
    assert [str(kind) for kind in nets.columns["kind"][:8]] == [*RANDOM_KINDS, *RANDOM_KINDS]
    assert str(nets.names[5]) == "delaunay-5-5"


def test_every_net_is_sound(nets):
    assert homogenise(nets).ok.all()
    assert nets.strut_vectors.norm(dim=1).min() >= MERGED - 1e-8
    assert nets.node_counts.max() <= 40
    assert nets.relative_density.sub(0.01).abs().max() < 1e-14
    scaled = nets.positions * GRID
    assert (scaled == scaled.round()).all()
    for row in range(len(nets)):
        ((_, count),) = nets_of(nets[row])  # one net
        assert count == 1
        degree = np.bincount(nets[row].struts.ravel())
        assert degree.min() >= 3


def test_coordination_is_that_of_foams_and_networks(nets):
    degree = {kind: [] for kind in RANDOM_KINDS}
    for row in range(len(nets)):
        degree[str(nets.columns["kind"][row])].append(2 * nets[row].num_struts / nets[row].num_nodes)
    assert min(degree["voronoi"]) >= 3.8
    assert max(degree["voronoi"]) < 6
    assert 13 < np.mean(degree["delaunay"]) < 17
    assert np.mean(degree["thinned"]) < 12


@settings(max_examples=25)
@given(seed=st.integers(0, 2**32 - 1), count=st.integers(5, 30))
def test_tetrahedra_fill_the_periodic_space(seed, count):
    """Euler: points - edges + faces - tetrahedra = 0 in the 3-torus, and two faces to each tetrahedron."""
    points = np.random.default_rng(seed).random((count, 3))
    cells = Tetrahedra.of(points)
    if cells is None:  # circumspheres that reach too far, which few points have
        return
    assert len(cells.network()[1]) == count + len(cells.corners)
    assert len(cells.foam()[1]) == 2 * len(cells.corners)
    volumes = np.abs(np.linalg.det(cells.places[:, 1:] - cells.places[:, :1])) / 6
    np.testing.assert_allclose(volumes.sum(), 1, rtol=1e-9)
    empty = np.linalg.norm(cells.centres - cells.places[:, 0], axis=1)
    for shift in IMAGES:
        away = np.linalg.norm(cells.centres[:, None] - points - shift, axis=2).min(1)
        assert (away > empty * (1 - 1e-9)).all()


@settings(max_examples=10)
@given(seed=st.integers(0, 2**32 - 1), count=st.integers(6, 30))
def test_centroids_are_those_of_scipys_voronoi_cells(seed, count):
    points = np.random.default_rng(seed).random((count, 3))
    cells = Tetrahedra.of(points)
    if cells is None:
        return
    volume, centroid = cells.centroids()
    np.testing.assert_allclose(volume.sum(), 1, rtol=1e-9)
    images = (points + IMAGES[:, None]).reshape(-1, 3)
    voronoi = scipy_spatial.Voronoi(images)
    for n in range(count):
        vertices = voronoi.vertices[voronoi.regions[voronoi.point_region[13 * count + n]]]
        hull = scipy_spatial.ConvexHull(vertices)
        tips = vertices[hull.simplices]
        middle = vertices.mean(0)
        parts = np.abs(np.linalg.det(tips - middle)) / 6
        expected = (parts[:, None] * (tips.sum(1) + middle) / 4).sum(0) / parts.sum()
        np.testing.assert_allclose(volume[n], hull.volume, rtol=1e-7)
        np.testing.assert_allclose(centroid[n], expected, atol=1e-7)


def test_a_regular_arrangement_gives_kelvins_foam_and_its_eight_fold_network():
    """Points of a body-centred cubic lattice, moved a little: foam and network are Kelvin's and bcc with its cube."""
    grid = np.stack(np.meshgrid(*[np.arange(2) / 2] * 3, indexing="ij"), -1).reshape(-1, 3)
    points = np.concatenate([grid + 0.1, grid + 0.35])
    moved = points + np.random.default_rng(1).normal(scale=1e-3, size=points.shape)
    cells = Tetrahedra.of(moved)
    assert len(cells.corners) == 6 * len(points)
    degree = np.bincount(cells.network()[1].ravel())
    assert (degree == 14).all()
    from fastlattice import rcsr_net

    foam = Lattice(np.eye(3), *cells.foam(), 0.001)
    assert fingerprint(nets_of(foam)) == fingerprint(nets_of(rcsr_net("sod")))


def test_merging_takes_short_struts_away_and_leaves_the_others_in_their_place():
    positions = np.array([[0.0, 0, 0], [0.98, 0, 0], [0.5, 0.5, 0.5]])
    struts = np.array([[0, 1], [0, 2], [1, 2], [1, 1], [2, 0]])
    shifts = np.array([[-1, 0, 0], [0, 0, 0], [0, 0, 0], [0, 1, 0], [0, 0, 1]])
    found = merged(positions, struts, shifts, 0.03)
    lattice = Lattice(np.eye(3), *found, 0.01)
    assert lattice.num_nodes == 2
    np.testing.assert_allclose(lattice.positions, [[-0.01, 0, 0], [0.5, 0.5, 0.5]])
    vectors = {tuple(np.round(v if v[np.flatnonzero(v)[0]] > 0 else -v, 9)) for v in lattice.strut_vectors}
    assert vectors == {(0, 1, 0), (0.51, 0.5, 0.5), (0.49, -0.5, -0.5), (0.51, 0.5, -0.5)}


def test_loose_ends_go():
    ring = np.array([[0, 0], [0, 0], [0, 0], [0, 1], [1, 2], [2, 1]])
    shifts = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 0], [0, 0, 0], [1, 0, 0]])
    positions, struts, _ = without_loose_ends(np.zeros((3, 3)), ring, shifts)
    assert len(positions) == 1
    assert struts.tolist() == [[0, 0]] * 3


@pytest.mark.parametrize(
    "arguments", [{"count": -1}, {"seed": -1}, {"max_nodes": 20}, {"kinds": ("foam",)}, {"kinds": ()}]
)
def test_what_makes_no_sense_is_refused(arguments):
    with pytest.raises(ValueError, match="must"):
        random_nets(**{"count": 1, "seed": 0, **arguments})


def test_no_nets_are_an_empty_batch():
    assert isinstance(random_nets(0, 0), LatticeBatch)
    assert len(random_nets(0, 0)) == 0


def test_random_bases_are_kept_in_the_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("FASTLATTICE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(bases_module, "KEPT", 6)
    made = bases_module._random_nets.__wrapped__(6, 11, 40, 0)
    (path,) = (tmp_path / "cache").iterdir()
    monkeypatch.setattr(bases_module, "random_nets", None)
    again = bases_module._random_nets.__wrapped__(6, 11, 40, 0)
    assert [again[row] for row in range(6)] == [made[row] for row in range(6)]
    for name in ("name", "net", "kind", "side"):
        assert list(again.columns[name]) == list(made.columns[name])
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(CatalogueError, match="damaged"):
        bases_module._random_nets.__wrapped__(6, 11, 40, 0)


def test_random_bases_have_the_columns_of_bases(tmp_path, monkeypatch):
    monkeypatch.setenv("FASTLATTICE_CACHE", str(tmp_path))
    batch = bases(kinds=("random",), random=12, seed=2)
    assert sorted(batch.columns) == ["kind", "name", "net", "side"]
    assert set(batch.columns["kind"]) == {"random"}
    assert set(batch.columns["side"]) == {"training"}
    assert not held_out(batch).any()
    for row in range(len(batch)):
        assert batch.columns["net"][row] == fingerprint(nets_of(batch[row]))
    assert list(tmp_path.iterdir()) == []


def test_held_out_random_nets_are_on_their_sides():
    """The committed table, made by codegen/random_nets.py."""
    table = read_nets(Path(stored.__file__).with_name("random_nets.npz"))
    assert list(sides(table)) == list(table.columns["side"])
    assert [str(net) for net in table.columns["net"]] == [fingerprint(nets) for nets in nets_of_batch(table)]
    assert len(set(table.columns["net"])) == len(table) == 150
    assert homogenise(table).ok.all()
