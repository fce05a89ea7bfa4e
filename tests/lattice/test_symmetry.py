"""The isometries of a lattice: how many there are, that they map it onto itself, and that they can be made exact."""

import numpy as np
import pytest
from hypothesis import given, settings

from fastlattice import Lattice, unit_cell
from fastlattice.lattice.symmetry import isometries
from tests.support.strategies import lattices


@pytest.mark.parametrize(
    ("name", "count"),
    [("simple_cubic", 48), ("octet", 4 * 48), ("diamond", 4 * 48), ("kelvin", 2 * 48)],
)
def test_cubic_cells_have_their_space_group(name: str, count: int) -> None:
    # 48 rotations of a cube, times the lattice points of a face-centred (4) or body-centred (2) cell.
    found = isometries(unit_cell(name))
    assert len(found) == count
    assert np.array_equal(found.maps[0], np.eye(3))
    assert np.array_equal(found.nodes[0], np.arange(found.nodes.shape[1]))


def mapped(lattice: Lattice, rotation: np.ndarray, nodes: np.ndarray, shift: np.ndarray) -> float:
    """Distance of the farthest image of a strut's middle from a middle of a strut of the same direction and radius."""
    middles = lattice.positions[lattice.struts[:, 0]] + lattice.strut_vectors / 2
    turned, vectors = middles @ rotation.T + shift, lattice.strut_vectors @ rotation.T
    offset = (turned[:, None] - middles) @ np.linalg.inv(lattice.cell)
    apart = np.linalg.norm((offset - np.round(offset)) @ lattice.cell, axis=2)
    along = np.abs(np.abs(vectors @ lattice.strut_vectors.T) - lattice.strut_lengths**2)
    return float((apart + along + np.abs(lattice.radii[:, None] - lattice.radii)).min(axis=1).max())


def test_isometries_map_struts_onto_struts() -> None:
    lattice = unit_cell("kelvin").rotate([[0, 1, 0], [0, 0, 1], [1, 0, 0]])
    found = isometries(lattice)
    for rotation, nodes in zip(found.rotations(lattice.cell), found.nodes, strict=True):
        shift = lattice.positions[nodes[0]] - rotation @ lattice.positions[0]
        assert mapped(lattice, rotation, nodes, shift) < 1e-12


def test_radii_break_the_symmetry() -> None:
    cube = unit_cell("simple_cubic")
    assert len(isometries(Lattice(cube.cell, cube.positions, cube.struts, cube.shifts, [0.1, 0.1, 0.2]))) == 16


def test_a_rounded_lattice_becomes_exactly_symmetric() -> None:
    given = unit_cell("kelvin", 0.05)
    noise = np.random.default_rng(1).uniform(-1e-8, 1e-8, (given.num_nodes, 3))
    rounded = Lattice(given.cell + noise[:3], given.positions + noise, given.struts, given.shifts, given.radii)
    found = isometries(rounded)
    assert len(found) == 96
    assert found.deviation(rounded) > 1e-9
    exact = found.symmetrised(rounded)
    assert found.deviation(exact) < 1e-14
    rotations = found.rotations(exact.cell)
    assert np.abs(rotations @ rotations.swapaxes(1, 2) - np.eye(3)).max() < 1e-14
    assert np.abs(exact.positions - rounded.positions).max() < 1e-7


@settings(max_examples=30, deadline=None)
@given(lattices())
def test_a_random_lattice_keeps_its_arrays(lattice: Lattice) -> None:
    found = isometries(lattice)
    assert len(found) >= 1
    exact = found.symmetrised(lattice)
    assert np.abs(exact.positions - lattice.positions).max() < 1e-5
    assert np.abs(exact.cell - lattice.cell).max() < 1e-5
