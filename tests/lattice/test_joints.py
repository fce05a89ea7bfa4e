"""How far struts overlap at nodes, against closed forms."""

import numpy as np
import pytest

from fastlattice import Lattice, LatticeBatch, unit_cell
from fastlattice.lattice.joints import MAX_JOINT_OVERLAP, joint_overlap, joints_valid


def test_closed_forms() -> None:
    """r / sin 60 at either end in the octet truss, r in the cubic cell; nothing in a straight rod."""
    octet, cubic = unit_cell("octet", 0.2), unit_cell("simple_cubic", 0.2)
    rod = Lattice(np.eye(3), [[0, 0, 0], [0.5, 0, 0]], [[0, 1], [1, 0]], [[0, 0, 0], [1, 0, 0]], 0.1)
    found = joint_overlap(LatticeBatch.from_lattices([octet, rod, cubic]))
    slenderness = octet.radii[0] / octet.strut_lengths[0]
    assert found.tolist() == pytest.approx([2 * slenderness / np.sin(np.pi / 3), 0, 2 * cubic.radii[0]])


def test_the_criterion_is_the_octet_truss_up_to_which_beams_agree_with_solids() -> None:
    octets = LatticeBatch.from_lattices([unit_cell("octet", rho) for rho in (0.01, 0.089, 0.091, 0.5)])
    assert joints_valid(octets).tolist() == [True, True, False, False]
    assert float(joint_overlap(octets)[1]) < MAX_JOINT_OVERLAP < float(joint_overlap(octets)[2])


def test_a_lattice_does_not_change_another() -> None:
    cells = [unit_cell(name, 0.1) for name in ("kelvin", "octet", "bcc", "pyrochlore")]
    together = joint_overlap(LatticeBatch.from_lattices(cells))
    assert together.tolist() == [float(joint_overlap(LatticeBatch.from_lattices([cell]))[0]) for cell in cells]
    assert len(joint_overlap(LatticeBatch.from_lattices(cells)[:0])) == 0
