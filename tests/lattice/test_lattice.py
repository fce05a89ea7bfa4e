"""Lattice: validation, derived quantities, and the transformations that leave the material the same."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fastlattice import Lattice, LatticeError
from tests.support.strategies import lattices

CORNERS = [[a, b, c] for a in (0, -1) for b in (0, -1) for c in (0, -1)]


def body_centred(radius: float = 0.05) -> Lattice:
    return Lattice.from_fractional(np.eye(3), [[0, 0, 0], [0.5, 0.5, 0.5]], [[0, 1]] * 8, CORNERS, radius, "bcc")


def strut_set(lattice: Lattice) -> np.ndarray:
    """Lengths and radii of all struts per unit volume's worth, sorted: an invariant of the material."""
    return np.sort(lattice.strut_lengths * (1 + lattice.radii))


def test_known_figures() -> None:
    bcc = body_centred(0.05)
    assert (bcc.num_nodes, bcc.num_struts) == (2, 8)
    assert bcc.volume == pytest.approx(1.0)
    np.testing.assert_allclose(bcc.strut_lengths, np.sqrt(3) / 2)
    assert bcc.relative_density == pytest.approx(8 * np.pi * 0.05**2 * np.sqrt(3) / 2)
    assert "bcc" in repr(bcc)


def test_a_strut_runs_to_the_shifted_node() -> None:
    cell = np.array([[2.0, 0, 0], [0.5, 1, 0], [0, 0.25, 3]])
    lattice = Lattice(cell, [[0.1, 0.2, 0.3], [1, 1, 1]], [[0, 1], [1, 1]], [[1, -1, 0], [0, 0, 2]], [0.1, 0.2])
    np.testing.assert_allclose(lattice.strut_vectors, [[0.9 + 2 - 0.5, 0.8 - 1, 0.7], [0, 0.5, 6]])


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (dict(cell=np.zeros((3, 3))), "no volume"),
        (dict(cell=[[1, 0, 0], [0, 1, 0], [1, 1, 1e-12]]), "no volume"),
        (dict(cell=np.eye(2)), r"cell has shape \(2, 2\)"),
        (dict(positions=[[0, 0, np.nan]]), "positions holds a NaN"),
        (dict(positions=np.zeros((0, 3))), "no nodes"),
        (dict(positions=[[0, 0]]), "positions has shape"),
        (dict(struts=[[0, 1]]), r"names node \[0, 1\], but the nodes are 0..0"),
        (dict(struts=[[0, -1]]), "names node"),
        (dict(struts=[[0, 0.5]]), "struts must be integers"),
        (dict(shifts=[[0, 0, 0.5]]), "shifts must be integers"),
        (dict(shifts=[[0, 0, 1], [0, 1, 0]]), "counts differ"),
        (dict(radii=[0.0]), "radii must be positive"),
        (dict(radii=[-1.0]), "radii must be positive"),
        (dict(radii=["thick"]), "not numbers"),
        (dict(radii=[np.inf]), "radii holds a NaN or an infinite"),
        (dict(struts=[["a", "b"]]), "not numbers"),
    ],
)
def test_malformed_lattices_are_refused_with_name_and_reason(change: dict, reason: str) -> None:
    good = dict(cell=np.eye(3), positions=[[0, 0, 0]], struts=[[0, 0]], shifts=[[1, 0, 0]], radii=[0.1], name="mine")
    Lattice(**good)
    with pytest.raises(LatticeError, match=rf"lattice 'mine': .*{reason}"):
        Lattice(**{**good, **change})


def test_a_lattice_is_frozen_and_keeps_its_own_arrays() -> None:
    positions = np.zeros((1, 3))
    lattice = Lattice(np.eye(3), positions, [[0, 0]], [[1, 0, 0]], 0.1)
    positions[0, 0] = 5
    assert lattice.positions[0, 0] == 0
    with pytest.raises(ValueError, match="read-only"):
        lattice.positions[0, 0] = 1
    with pytest.raises(AttributeError):
        lattice.name = "other"


def test_from_fractional_inverts_fractional() -> None:
    cell = np.array([[1.0, 0.2, 0], [0, 1.1, 0.3], [0.1, 0, 0.9]])
    fractional = np.array([[0.1, 0.7, 0.4], [1.2, -0.3, 0.5]])
    lattice = Lattice.from_fractional(cell, fractional, [[0, 1]], [[0, 0, 0]], 0.1)
    np.testing.assert_allclose(lattice.fractional, fractional, atol=1e-14)
    np.testing.assert_allclose(lattice.positions[0], 0.1 * cell[0] + 0.7 * cell[1] + 0.4 * cell[2])


@given(lattices(), st.floats(1e-4, 0.5))
def test_with_relative_density_scales_all_radii_alike(lattice: Lattice, density: float) -> None:
    scaled = lattice.with_relative_density(density)
    assert scaled.relative_density == pytest.approx(density, rel=1e-12)
    ratio = scaled.radii / lattice.radii
    np.testing.assert_allclose(ratio, ratio[0], rtol=1e-12)


@pytest.mark.parametrize("density", [0.0, -1.0, np.nan, np.inf])
def test_with_relative_density_refuses_senseless_densities(density: float) -> None:
    with pytest.raises(LatticeError, match="not a positive number"):
        body_centred().with_relative_density(density)


@given(lattices(), st.floats(0.0, 0.2), st.integers(0, 2**31))
def test_perturb_moves_every_node_by_the_level(lattice: Lattice, level: float, seed: int) -> None:
    moved = lattice.perturb(level, seed)
    step = np.linalg.norm(moved.positions - lattice.positions, axis=1)
    np.testing.assert_allclose(step, level * np.linalg.norm(lattice.cell, axis=1).max(), rtol=1e-9, atol=1e-14)
    assert moved == lattice.perturb(level, seed)


def test_perturb_has_no_preferred_direction() -> None:
    lattice = Lattice(np.eye(3), np.zeros((20000, 3)), [[0, 0]], [[1, 0, 0]], 0.1)
    directions = lattice.perturb(1.0, 7).positions
    assert np.abs(directions.mean(axis=0)).max() < 0.02
    np.testing.assert_allclose(directions.T @ directions / 20000, np.eye(3) / 3, atol=0.01)


@given(lattices(), st.integers(0, 2**31))
def test_rotation_turns_every_strut(lattice: Lattice, seed: int) -> None:
    rotation = np.linalg.qr(np.random.default_rng(seed).standard_normal((3, 3)))[0]
    turned = lattice.rotate(rotation)
    np.testing.assert_allclose(turned.strut_vectors, lattice.strut_vectors @ rotation.T, atol=1e-12)
    assert turned.relative_density == pytest.approx(lattice.relative_density)
    assert turned.volume == pytest.approx(lattice.volume)


def test_rotation_must_be_orthogonal() -> None:
    with pytest.raises(LatticeError, match="orthogonal"):
        body_centred().rotate(2 * np.eye(3))


@given(lattices(), st.tuples(*[st.integers(1, 3)] * 3))
def test_supercell_repeats_the_struts(lattice: Lattice, counts: tuple[int, int, int]) -> None:
    larger = lattice.supercell(counts)
    copies = int(np.prod(counts))
    assert (larger.num_nodes, larger.num_struts) == (copies * lattice.num_nodes, copies * lattice.num_struts)
    assert larger.relative_density == pytest.approx(lattice.relative_density, rel=1e-12)
    np.testing.assert_allclose(larger.strut_vectors, np.tile(lattice.strut_vectors, (copies, 1)), atol=1e-12)


@pytest.mark.parametrize("counts", [0, -1, 1.5, (1, 0, 1)])
def test_supercell_refuses_senseless_counts(counts: object) -> None:
    with pytest.raises(LatticeError, match="positive integers"):
        body_centred().supercell(counts)


def test_primitive_of_the_conventional_bcc_cell() -> None:
    primitive = body_centred().primitive()
    assert (primitive.num_nodes, primitive.num_struts) == (1, 4)
    assert primitive.volume == pytest.approx(0.5)
    np.testing.assert_allclose(np.linalg.norm(primitive.cell, axis=1), np.sqrt(3) / 2)
    np.testing.assert_allclose(primitive.strut_lengths, np.sqrt(3) / 2)


def test_primitive_sees_radii() -> None:
    """Two interpenetrating copies that differ in thickness are not translations of each other."""
    cubic = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    places = [[0, 0, 0], [0.5, 0.5, 0.5]]
    struts = [[0, 0]] * 3 + [[1, 1]] * 3
    same = Lattice(np.eye(3), places, struts, cubic * 2, 0.05)
    different = Lattice(np.eye(3), places, struts, cubic * 2, [0.05] * 3 + [0.06] * 3)
    assert same.primitive().num_nodes == 1
    assert different.primitive() is different


@given(
    lattices(max_nodes=3, max_struts=6), st.tuples(*[st.integers(1, 2)] * 2, st.integers(1, 3)), st.integers(0, 2**31)
)
def test_primitive_undoes_supercells(lattice: Lattice, counts: tuple[int, int, int], seed: int) -> None:
    smallest = lattice.primitive()
    # Renumbering nodes and moving the window must not matter.
    larger = lattice.supercell(counts)
    generator = np.random.default_rng(seed)
    order = generator.permutation(larger.num_nodes)
    window = generator.integers(-2, 3, (larger.num_nodes, 3))
    renumbered = Lattice(
        larger.cell,
        (larger.positions + window @ larger.cell)[np.argsort(order)],
        order[larger.struts],
        larger.shifts + window[larger.struts[:, 0]] - window[larger.struts[:, 1]],
        larger.radii,
    )
    found = renumbered.primitive()
    assert found.num_nodes == smallest.num_nodes
    assert found.volume == pytest.approx(smallest.volume)
    assert found.relative_density == pytest.approx(lattice.relative_density)
    np.testing.assert_allclose(strut_set(found), strut_set(smallest), atol=1e-9)
