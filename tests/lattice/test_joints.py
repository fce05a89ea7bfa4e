"""How far struts overlap at nodes, against closed forms."""

import numpy as np
import pytest
import torch

from fastlattice import Lattice, LatticeBatch, homogenise, predict, screen, unit_cell
from fastlattice.fe import KAPPA
from fastlattice.fe.homogenise import homogenise_and_measure, solve
from fastlattice.fe.options import checked_options
from fastlattice.lattice.joints import MAX_JOINT_OVERLAP, joint_overlap, joint_reach, joints_valid
from fastlattice.models import RangeWarning


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


def test_reach_of_two_struts_of_different_radii() -> None:
    """At an acute angle t the other's radius over sin t, at an obtuse one the radius itself; nothing straight on."""
    ends = [[0, 0, 0], [0.3, 0, 0], [0.15, 0.15 * np.sqrt(3), 0], [-0.3, 0, 0]]
    fan = Lattice(np.eye(3), ends, [[0, 1], [2, 0], [0, 3]], np.zeros((3, 3)), [0.01, 0.02, 0.03])
    at_centre = joint_reach(LatticeBatch.from_lattices([fan]))
    assert at_centre[:, [0, 1]].flatten().tolist() == pytest.approx(
        [0.02 / np.sin(np.pi / 3), 0, 0, max(0.01 / np.sin(np.pi / 3), 0.03), 0.02, 0]
    )


def test_every_result_has_the_flag() -> None:
    octets = LatticeBatch.from_lattices([unit_cell("octet", rho) for rho in (0.05, 0.2)])
    with pytest.warns(RangeWarning, match=r"1 of 2 .* relative density"):
        predicted = predict(octets)
    for result in (homogenise(octets), predicted):
        assert result.beam_valid.tolist() == [True, True]
        assert result.joints_valid.tolist() == [True, False]
    (part,) = screen(octets, where="not joints_valid")
    assert part.columns["id"].tolist() == [1]
    assert part.columns["joints_valid"].tolist() == [False]


def test_overlaps_and_densities_are_found_beside_the_stiffness_with_the_same_bits() -> None:
    cells = [unit_cell(name, 0.1).perturb(0.05, seed) for name in ("kelvin", "octet", "bcc") for seed in range(9)]
    batch = LatticeBatch.from_lattices(cells)
    batch.struts[0, 1], batch.radii[-1] = 1000, torch.nan
    overlap, density = torch.empty(2, len(batch), dtype=torch.float64)
    options = checked_options(0.3, KAPPA, 2, "exact", "timoshenko")
    solve(batch._columns_for_native(), options, None, (overlap, density))
    for beside, alone in ((overlap, joint_overlap(batch)), (density, batch.relative_density)):
        assert torch.equal(beside.view(torch.int64), alone.view(torch.int64))
    result, again = homogenise_and_measure(batch)
    assert result.joints_valid.tolist() == joints_valid(batch).tolist()
    assert torch.equal(again.view(torch.int64), density.view(torch.int64))
    assert not bool(joints_valid(batch)[0])


def test_struts_without_length_or_node_are_not_valid() -> None:
    cubic = LatticeBatch.from_lattices([unit_cell("simple_cubic", 0.01)] * 2)
    cubic.struts[0, 1], cubic.shifts[3] = 7, 0
    assert joint_overlap(cubic).isnan().tolist() == [True, False]
    assert homogenise(cubic).joints_valid.tolist() == [False, False]
