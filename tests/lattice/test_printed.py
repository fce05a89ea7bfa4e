"""What a printed part fills, against closed forms and points thrown at it."""

import numpy as np
import pytest

from fastlattice import Lattice, rcsr_net, unit_cell
from fastlattice.lattice.printed import printed


def union_by_points(lattice: Lattice, count: int, seed: int) -> tuple[float, float]:
    """Share of random points that are inside a strut, and its standard error."""
    rng = np.random.default_rng(seed)
    points = rng.random((count, 3)) @ lattice.cell
    inside = np.zeros(count, dtype=bool)
    around = np.stack(np.meshgrid(*[[-1, 0, 1]] * 3, indexing="ij"), -1).reshape(-1, 3) @ lattice.cell
    for start, vector, radius in zip(
        lattice.positions[lattice.struts[:, 0]], lattice.strut_vectors, lattice.radii, strict=True
    ):
        for image in start + around:
            along = (points - image) @ vector / (vector @ vector)
            away = np.linalg.norm(points - image - along[:, None] * vector, axis=1)
            inside |= (along >= 0) & (along <= 1) & (away <= radius)
    share = inside.mean()
    return share, (share * (1 - share) / count) ** 0.5


@pytest.mark.parametrize("density", [0.001, 0.01, 0.1, 0.3, 0.5])
def test_the_cubic_cell_has_a_closed_form(density):
    """Three cylinders that cross at right angles: 16/3 r^3 for each pair, 8 (2 - sqrt 2) r^3 for all three."""
    cell = unit_cell("simple_cubic", density)
    radius = cell.radii[0]
    expected = 3 * np.pi * radius**2 - (16 - 8 * (2 - 2**0.5)) * radius**3
    found = printed(cell, 1e-4)
    assert abs(found.density - expected) <= 5 * max(found.error, 2e-5 * expected)
    assert found.error <= 1e-4 * expected
    assert found.overlap == pytest.approx(radius)  # of a strut of length 1, at either end


@pytest.mark.parametrize(("name", "density"), [("octet", 0.1), ("octet", 0.5), ("kelvin", 0.3)])
def test_points_thrown_at_it(name, density):
    cell = unit_cell(name, density)
    found = printed(cell)
    share, error = union_by_points(cell, 20_000, 3)
    assert abs(found.density - share) < 4 * (error + found.error)
    assert found.density < density


def test_a_skewed_cell_and_the_same_lattice_on_another():
    net = rcsr_net("dia", 0.2)
    small = net.primitive()
    whole, part = printed(net), printed(small)
    assert abs(whole.density - part.density) < 5 * (whole.error + part.error)
    turned = np.linalg.qr(np.random.default_rng(1).normal(size=(3, 3)))[0]
    moved = Lattice(small.cell @ turned, small.positions @ turned + 0.3, small.struts, small.shifts, small.radii)
    assert abs(printed(moved).density - part.density) < 5 * (whole.error + part.error)


def test_struts_that_go_straight_on_cover_nothing():
    """A rod of two pieces through a cell: nothing overlaps, and there is no error."""
    rod = Lattice(np.eye(3), [[0, 0, 0], [0.5, 0, 0]], [[0, 1], [1, 0]], [[0, 0, 0], [1, 0, 0]], 0.1)
    found = printed(rod)
    assert found.density == pytest.approx(np.pi * 0.01, rel=1e-12)
    assert found.error < 1e-12
    assert found.overlap.tolist() == [0, 0]


def test_struts_longer_than_the_cell_fill_it_once():
    """Nine diagonal bars in one cell's width overlap their own images."""
    bar = Lattice(np.eye(3), [[0, 0, 0]], [[0, 0]], [[3, 0, 0]], 0.1)
    assert printed(bar).density == pytest.approx(np.pi * 0.01, rel=2e-3)


def test_the_seed_is_the_result():
    cell = unit_cell("octet", 0.3)
    assert printed(cell, seed=1).density == printed(cell, seed=1).density
    with pytest.raises(ValueError, match="accuracy"):
        printed(cell, 0.0)
