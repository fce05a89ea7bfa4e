"""Built-in unit cells: what each is known for, its twin among the RCSR nets, its stiffness against both."""

from math import sqrt

import numpy as np
import pytest

from fastlattice import Lattice, LatticeError, rcsr_net, unit_cell, unit_cell_names
from fastlattice.fe import homogenise
from fastlattice.lattice.identity import coordination_sequence
from fastlattice.topologies.cells import _unscaled, unit_cell_description

# Name -> numbers of nodes and struts in the cell, and how many struts meet at its nodes, by hand.
KNOWN = {
    "simple_cubic": (1, 3, {6: 1}),
    "bcc": (2, 8, {8: 2}),
    "bccz": (2, 9, {8: 1, 10: 1}),
    "cubic_bcc": (2, 11, {8: 1, 14: 1}),
    "fcc": (4, 12, {4: 3, 12: 1}),
    "fccz": (4, 13, {4: 3, 14: 1}),
    "fbcc": (5, 20, {4: 3, 8: 1, 20: 1}),
    "octet": (4, 24, {12: 4}),
    "cubic_octet": (4, 27, {12: 3, 18: 1}),
    "diamond": (8, 16, {4: 8}),
    "kelvin": (12, 24, {4: 12}),
    "rhombic_dodecahedron": (12, 32, {4: 8, 8: 4}),
    "weaire_phelan": (46, 92, {4: 46}),
    "cuboctahedron": (3, 12, {8: 3}),
    "truncated_cube": (6, 15, {5: 6}),
    "truncated_cuboctahedron": (24, 48, {4: 24}),
    "gyroid": (8, 12, {3: 8}),
    "pyrochlore": (16, 48, {6: 16}),
    "tesseract": (9, 23, {4: 8, 14: 1}),
    "re_entrant": (4, 10, {5: 4}),
    "hexagonal_honeycomb": (2, 5, {5: 2}),
    "triangular_honeycomb": (1, 4, {8: 1}),
    "kagome_honeycomb": (3, 9, {6: 3}),
}
# Name -> RCSR symbol; the cells whose shape is the RCSR's too, not only their topology.
TWINS = {
    "simple_cubic": "pcu",
    "bcc": "bcu",
    "octet": "fcu",
    "diamond": "dia",
    "kelvin": "sod",
    "rhombic_dodecahedron": "flu",
    "weaire_phelan": "mep",
    "cuboctahedron": "reo",
    "truncated_cube": "cab",
    "truncated_cuboctahedron": "lta",
    "gyroid": "srs",
    "pyrochlore": "crs",
    "hexagonal_honeycomb": "bnn",
    "triangular_honeycomb": "hex",
    "kagome_honeycomb": "kag",
}
SAME_SHAPE = sorted(TWINS.keys() - {"weaire_phelan", "hexagonal_honeycomb", "kagome_honeycomb"})
CUBIC = sorted(
    KNOWN.keys() - {"bccz", "fccz", "re_entrant", "hexagonal_honeycomb", "triangular_honeycomb", "kagome_honeycomb"}
)


def stiffness(lattice: Lattice) -> np.ndarray:
    result = homogenise([lattice])
    return result.stiffness[0].numpy()


def test_all_cells_are_known_here():
    assert set(unit_cell_names()) == set(KNOWN)


@pytest.mark.parametrize("name", KNOWN)
def test_counts(name):
    lattice = unit_cell(name, 0.02)
    nodes, struts, degrees = KNOWN[name]
    assert lattice.name == name
    assert (lattice.num_nodes, lattice.num_struts) == (nodes, struts)
    degree = np.bincount(lattice.struts.ravel(), minlength=nodes)
    assert dict(zip(*np.unique(degree, return_counts=True), strict=True)) == degrees
    assert lattice.relative_density == pytest.approx(0.02)
    assert np.linalg.norm(lattice.cell, axis=1).max() == pytest.approx(1.0)
    assert len(np.unique(np.c_[lattice.struts, lattice.shifts], axis=0)) == struts


@pytest.mark.parametrize("name", KNOWN)
def test_descriptions_are_one_line_with_a_source(name):
    description = unit_cell_description(name)
    assert "\n" not in description
    assert description.endswith("]")
    assert "[" in description


def test_unknown_name():
    with pytest.raises(LatticeError, match="did you mean kelvin"):
        unit_cell("kelvn")
    with pytest.raises(LatticeError, match="choose from simple_cubic"):
        unit_cell("???")
    with pytest.raises(LatticeError, match="positive"):
        unit_cell("kelvin", 0.0)


@pytest.mark.parametrize("name", TWINS)
def test_same_topology_as_the_rcsr(name):
    """Coordination sequences of all nodes of the primitive cells agree, shell by shell."""
    ours, theirs = (
        sorted(coordination_sequence(lattice.primitive(), 10).tolist())
        for lattice in (unit_cell(name), rcsr_net(TWINS[name]))
    )
    assert ours == theirs


@pytest.mark.parametrize("name", SAME_SHAPE)
def test_same_stiffness_as_the_rcsr(name):
    """The RCSR prints coordinates with five decimals."""
    ours, theirs = stiffness(unit_cell(name)), stiffness(rcsr_net(TWINS[name]))
    assert np.abs(ours - theirs).max() < 1e-4 * np.abs(theirs).max()


@pytest.mark.parametrize("name", CUBIC)
def test_cubic_cells_are_cubic(name):
    matrix = stiffness(unit_cell(name))
    expected = np.diag([matrix[0, 0] - matrix[0, 1]] * 3 + [matrix[3, 3]] * 3)
    expected[:3, :3] += matrix[0, 1]
    assert np.abs(matrix - expected).max() < 1e-12 * np.abs(matrix).max()


def test_stretching_limits():
    """Octet (Deshpande et al. 2001): C11 = rho/6, C12 = C44 = rho/12. Simple cubic: C11 = rho/3."""
    density = 1e-5
    octet = stiffness(unit_cell("octet", density)) / density
    assert octet[0, 0] == pytest.approx(1 / 6, rel=1e-3)
    assert octet[0, 1] == pytest.approx(1 / 12, rel=1e-3)
    assert octet[3, 3] / 2 == pytest.approx(1 / 12, rel=1e-3)
    cubic = stiffness(unit_cell("simple_cubic", density)) / density
    assert cubic[0, 0] == pytest.approx(1 / 3, rel=1e-3)


def test_fcc_lacks_the_octahedron_of_octet():
    fcc, octet = unit_cell("fcc"), unit_cell("octet")
    struts = {tuple(row) for row in np.c_[fcc.struts, fcc.shifts].tolist()}
    inside = [row for row in np.c_[octet.struts, octet.shifts].tolist() if tuple(row) not in struts]
    assert struts < {tuple(row) for row in np.c_[octet.struts, octet.shifts].tolist()}
    assert len(inside) == 12
    assert all(i > 0 for i, *_ in inside)  # the octahedron joins face centres only


def test_weaire_phelan_cells_have_equal_volume():
    """The dodecahedron about the origin holds an eighth of the cell; its twelve faces are flat."""
    hull = pytest.importorskip("scipy.spatial").ConvexHull
    lattice = unit_cell("weaire_phelan")
    images = np.stack(np.meshgrid(*3 * [[-1, 0]], indexing="ij"), axis=-1).reshape(-1, 1, 3)
    points = (lattice.positions + images).reshape(-1, 3)
    points = points[np.argsort(np.linalg.norm(points, axis=1))[:20]]
    dodecahedron = hull(points)
    assert dodecahedron.volume == pytest.approx(1 / 8, rel=1e-12)
    assert len(dodecahedron.vertices) == 20
    assert len(np.unique(dodecahedron.equations.round(9) + 0.0, axis=0)) == 12


def test_re_entrant_is_auxetic():
    """Pulled along z it widens: a negative Poisson's ratio, as the sources report; the bcc lattice's is positive."""
    compliance = np.linalg.inv(stiffness(unit_cell("re_entrant", 0.02)))
    assert -compliance[2, 0] / compliance[2, 2] < -0.1
    compliance = np.linalg.inv(stiffness(unit_cell("bcc", 0.02)))
    assert -compliance[2, 0] / compliance[2, 2] > 0.1


def test_kelvin_struts_are_equal():
    np.testing.assert_allclose(unit_cell("kelvin").strut_lengths, sqrt(2) / 4, rtol=1e-12)


def test_a_cell_is_made_once_and_given_at_any_density() -> None:
    """What one caller does with a cell does not reach another."""
    first, sought = unit_cell("weaire_phelan", 0.01), _unscaled.cache_info().misses
    second = unit_cell("weaire_phelan", 0.02)
    assert _unscaled.cache_info().misses == sought
    np.testing.assert_array_equal(second.positions, first.positions)
    with pytest.raises(ValueError, match="read-only"):
        first.positions[0] = 7
    np.testing.assert_allclose(second.radii, first.radii * sqrt(2), rtol=1e-14)


@pytest.mark.parametrize("density", [0.0, -0.1, 1.0, 1.5, float("nan")])
def test_a_density_lies_between_0_and_1(density: float) -> None:
    for make in (lambda: unit_cell("octet", density), lambda: rcsr_net("pcu", density)):
        with pytest.raises(LatticeError, match="below 1"):
            make()


def test_the_hint_for_a_net_names_it() -> None:
    for name in ("pcu", "PCU"):
        with pytest.raises(LatticeError, match="nets:pcu is an RCSR net"):
            unit_cell(name)
