"""Designs as users make them: what they reach, what they keep, and what is refused."""

import numpy as np
import pytest
import torch

import fastlattice
from fastlattice import Constraints, DesignError, Lattice, LatticeBatch, elasticity, homogenise, unit_cell
from fastlattice.inverse.optimise import minimise_all
from fastlattice.inverse.problem import Evaluation
from fastlattice.lattice.symmetry import isometries
from fastlattice.pictures.design import plot_design


def test_a_softer_cell_is_verified_and_keeps_its_density() -> None:
    made = fastlattice.design(unit_cell("kelvin", 0.05), "minimise E_y", "positions", steps=50)
    before, after = made.start_exact.stiffness[0], made.stiffness
    y = torch.tensor([0.0, 1.0, 0.0], dtype=torch.float64)
    assert elasticity.young_modulus(after, y) < 0.5 * elasticity.young_modulus(before, y)
    assert float(made.cost[0]) == pytest.approx(
        float(elasticity.young_modulus(after, y)) / float(elasticity.young_modulus(before, y))
    )
    assert made.lattice.relative_density == pytest.approx(0.05, rel=1e-12)
    assert torch.equal(homogenise(made.lattice).stiffness[0], after)
    assert float(made.prediction_error[0]) == 0
    assert made.history[0][0] == pytest.approx(1)
    assert (np.diff(made.history[0]) < 1e-12).all()
    assert made.reasons[0]
    assert np.abs(made.lattice.positions - made.start[0].positions).max() <= 0.1 * 1.0000001


def test_an_isotropic_cell_by_radii_keeps_its_symmetry() -> None:
    made = fastlattice.design(unit_cell("cubic_octet", 0.05), "target zener=1", "radii", symmetry="all")
    assert float(elasticity.universal_anisotropy(made.stiffness)) < 1e-8
    assert len(np.unique(made.lattice.radii.round(9))) == 2
    assert isometries(unit_cell("cubic_octet")).deviation(made.lattice) < 1e-12


def test_constraints_hold_where_they_are_active() -> None:
    limits = Constraints(smallest_radius=0.02, node_distance=0.3, strut_distance=0.15)
    made = fastlattice.design(
        unit_cell("kelvin", 0.05),
        ["target nu_xy=0.1", "E_x >= 2e-4"],
        constraints=limits,
        symmetry="orthotropic",
        move=0.2,
        steps=60,
    )
    assert bool(made.feasible[0])
    assert float(made.values["nu_xy"][0]) == pytest.approx(0.1, abs=1e-3)
    assert set(made.slack) == {"E_x >= 0.0002", "smallest_radius", "node_distance", "strut_distance"}
    assert made.lattice.radii.min() >= 0.02 * (1 - 1e-6)
    assert isometries(made.lattice).maps.shape[0] >= 8


def test_what_cannot_be_kept_is_said() -> None:
    made = fastlattice.design(
        unit_cell("octet", 0.02), "minimise E_x", constraints=Constraints(smallest_radius=1.0), steps=3
    )
    assert not bool(made.feasible[0])
    assert float(made.slack["smallest_radius"][0]) < 0
    assert "0 feasible" in repr(made)


def test_a_design_does_not_depend_on_its_company_and_repeats() -> None:
    cells = LatticeBatch.from_lattices([unit_cell("kelvin", 0.05), unit_cell("octet", 0.03)])
    objective = ["maximise E_x", "E_y >= 1e-3"]
    together = fastlattice.design(cells, objective, starts=2, steps=6, seed=3)
    assert len(together) == 4
    again = fastlattice.design(cells, objective, starts=2, steps=6, seed=3)
    alone = fastlattice.design(cells[1], objective, starts=2, steps=6, seed=3)
    for row in range(4):
        assert together.lattices[row] == again.lattices[row]
    for row in range(2):
        assert together.lattices[2 + row] == alone.lattices[row]
        assert np.array_equal(together.history[2 + row], alone.history[row])
    assert not np.array_equal(together.start[2].positions, together.start[3].positions)


def test_the_cell_may_change_and_the_density_be_free() -> None:
    made = fastlattice.design(
        unit_cell("octet", 0.03), "target K=0.005", ("cell", "radii"), density=None, symmetry="cubic", steps=40
    )
    assert float(made.values["K"][0]) == pytest.approx(0.005, rel=1e-3)
    assert made.lattice.relative_density > 0.03


def test_methods_agree() -> None:
    costs = [
        float(
            fastlattice.design(
                unit_cell("cubic_octet", 0.05), "target zener=1.1", "radii", symmetry="all", method=method, steps=60
            ).cost[0]
        )
        for method in ("L-BFGS-B", "SLSQP", "trust-constr")
    ]
    assert max(costs) < 1e-6


def test_an_error_of_an_evaluation_ends_all_optimisers() -> None:
    def evaluate(rows: object, places: object) -> list[Evaluation]:
        raise RuntimeError("broken")

    with pytest.raises(RuntimeError, match="broken"):
        minimise_all(evaluate, [np.zeros(2)] * 3, [np.ones(2)] * 3, "L-BFGS-B", 5, 1e-9)


def test_a_place_without_stiffness_ends_its_start_alone() -> None:
    def evaluate(rows, places):
        return [
            Evaluation(
                float(z @ z - z.sum()), 2 * z - 1, np.zeros(0), np.zeros((0, 2)), "no" if row == 1 and z.any() else ""
            )
            for row, z in zip(rows, places, strict=True)
        ]

    runs = minimise_all(evaluate, [np.zeros(2)] * 3, [np.ones(2)] * 3, "L-BFGS-B", 20, 1e-12)
    assert [run.converged for run in runs] == [True, False, True]
    assert runs[0].place == pytest.approx([0.5, 0.5])
    assert runs[1].place == pytest.approx([0, 0])
    assert runs[1].reason == "a cell on the way is none: no"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"method": "Powell"}, "method is one of"),
        ({"method": "L-BFGS-B", "constraints": Constraints(angle=10)}, "keeps no constraints"),
        ({"steps": 0}, "steps"),
        ({"starts": 0}, "starts"),
        ({"tolerance": 0.0}, "tolerance"),
        ({"density": "half"}, "density"),
        ({"symmetry": "all"}, "nothing is free"),
        ({"engine": "no such network"}, "no network"),
    ],
)
def test_bad_settings_are_refused(options: dict, message: str) -> None:
    with pytest.raises(fastlattice.FastlatticeError, match=message):
        fastlattice.design(unit_cell("octet"), "minimise E_x", **options)


def test_starts_without_stiffness_are_refused() -> None:
    sheet = Lattice(np.eye(3), [[0, 0, 0]], [[0, 0]] * 2, [[1, 0, 0], [0, 1, 0]], 0.05, "sheet")
    with pytest.raises(DesignError, match="start 0 'sheet' has no stiffness"):
        fastlattice.design(sheet, "minimise E_x")
    with pytest.raises(DesignError, match="no start"):
        fastlattice.design([], "minimise E_x")


def test_the_page_has_a_curve_for_each_stiffness(tmp_path) -> None:
    pytest.importorskip("matplotlib")
    cells = [unit_cell("octet", 0.05), unit_cell("kelvin", 0.05)]
    stiffness = homogenise(cells).stiffness
    path = tmp_path / "page.png"
    figure = plot_design(*cells, *stiffness, [1.0, 0.5, 0.4], path, target=stiffness[0])
    polar = [axes for axes in figure.axes if axes.name == "polar"]
    assert [len(axes.lines) for axes in polar] == [3, 3, 3]
    assert "10^{-3}" in polar[0].get_title()
    assert 1e-3 * float(polar[0].lines[0].get_ydata()[0]) == pytest.approx(
        float(elasticity.young_modulus(stiffness[0], torch.tensor([1.0, 0, 0], dtype=torch.float64)))
    )
    assert path.read_bytes()[:4] == b"\x89PNG"
