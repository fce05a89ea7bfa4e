"""Evaluation: the metrics of a whole set, of its groups, and the pictures."""

from pathlib import Path

import pytest
import torch

from fastlattice import Lattice, LatticeBatch, homogenise, unit_cell
from fastlattice.errors import FastlatticeError, TrainingError
from fastlattice.pictures.failures import plot_failures
from fastlattice.pictures.parity import plot_parity
from fastlattice.training import metrics
from fastlattice.training.evaluation import density_exponent, evaluate
from tests.support.training import labelled, network


def test_groups_split_the_set_and_their_means_are_those_of_their_lattices() -> None:
    batch, model = labelled(24), network()
    level = torch.tensor([0.0, 0.1]).repeat(12)
    result = evaluate(model, batch.with_columns(level=level), "some", rotations=0)
    alone = metrics(model.predict(batch), batch.columns["target"])
    assert result.summary()["relative Frobenius"]["mean"] == pytest.approx(float(alone["relative Frobenius"].mean()))
    groups = result.groups()
    assert {name: set(masks) for name, masks in groups.items() if name not in ("density", "exponent")} == {
        "level": {"0", "0.1"},
        "degree": {"4", "6", "8", "12"},
        "size": {"1", "2", "4", "12"},
    }
    for masks in groups.values():
        assert bool((torch.stack(list(masks.values())).sum(0) == 1).all())
    octet = [row for row, name in enumerate(batch.names) if name == "octet"]
    written = result.to_dict()["by"]["degree"]["12"]
    assert written["lattices"] == len(octet)
    assert written["L_dir"]["mean"] == pytest.approx(float(alone["L_dir"][octet].mean()))
    assert result.to_dict()["by"]["level"]["0"]["L_dir"]["mean"] == pytest.approx(float(alone["L_dir"][::2].mean()))


def test_the_exponent_tells_stretching_from_bending() -> None:
    cells = [unit_cell(name, density) for name in ("octet", "kelvin") for density in (1e-5, 1e-4)]
    exponents = density_exponent(LatticeBatch.from_lattices(cells))
    assert float(exponents[0]) == pytest.approx(1, abs=1e-3)
    assert float(exponents[2]) == pytest.approx(11 / 6, abs=1e-3)  # struts bend in all modes but that of pressure
    decade = torch.linalg.eigvalsh(homogenise(cells).stiffness).log10().mean(1).view(2, 2).diff(dim=1)[:, 0]
    assert torch.allclose(exponents.view(2, 2).mean(1), decade, atol=1e-3)


def test_a_lattice_whose_label_is_not_of_finite_elements_is_in_no_group_of_exponents() -> None:
    batch = labelled(4)
    loose = Lattice(batch[0].cell, [[0, 0, 0], [0.3, 0, 0]], [[0, 1]], [[0, 0, 0]], 0.01)  # no stiffness
    mixed = LatticeBatch.from_lattices([*batch, loose])
    target = torch.cat([batch.columns["target"], batch.columns["target"][:1]])
    groups = evaluate(network(), mixed.with_columns(target=target), rotations=0).groups()["exponent"]
    assert torch.stack(list(groups.values())).sum(0).tolist() == [1, 1, 1, 1, 0]
    assert all(bool(mask.any()) for mask in groups.values())


def test_the_worst_are_those_of_the_largest_error() -> None:
    result = evaluate(network(), labelled(12), rotations=0)
    errors = result.values["L_dir_rel (sqrt gamma)"]
    rows = result.worst(3)
    assert len(rows) == 3
    assert errors[rows[0]] == errors.max()
    assert (errors > errors[rows[2]]).sum() == 2


def test_many_values_are_grouped_by_ranges_that_hold_their_upper_end() -> None:
    batch = labelled(24)
    level = torch.linspace(0, 0.23, 24, dtype=torch.float64)
    result = evaluate(network(), batch.with_columns(level=level), rotations=0)
    counts = {label: int(mask.sum()) for label, mask in result.groups()["level"].items()}
    assert counts == {"<= 0": 1, "0 .. 0.02": 2, "0.02 .. 0.05": 3, "0.05 .. 0.1": 5, "> 0.1": 13}


def test_equivariance_is_rounding_in_both_precisions() -> None:
    found = evaluate(network(), labelled(6), rotations=2).summary()
    assert found["L_equiv / sqrt gamma (fp64)"]["mean"] < 1e-10
    assert 1e-10 < found["L_equiv / sqrt gamma (fp32)"]["mean"] < 1e-2
    assert found["L_equiv / sqrt gamma (fp32)"]["count"] == 6


def test_a_set_without_labels_is_refused() -> None:
    with pytest.raises(TrainingError, match="target"):
        evaluate(network(), labelled(2).replace(columns={}))


def test_failures_are_drawn_and_what_has_no_modulus_is_said(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    batch = labelled(2)
    target = batch.columns["target"]
    predicted = target * torch.tensor([1.0, -1.0])[:, None, None]
    figure = plot_failures(list(batch), predicted, target, ["right", "wrong"], tmp_path / "failures.png")
    rows = figure.subfigs
    assert [text.get_text() for text in rows[1].texts][:2] == [batch.names[1], "wrong"]
    assert [len([axes for axes in row.axes if axes.name == "3d"]) for row in rows] == [3, 2]
    assert any("not positive definite" in text.get_text() for text in rows[1].texts)
    assert (tmp_path / "failures.png").read_bytes().startswith(b"\x89PNG")


def test_parity_plots_say_what_they_leave_out(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    target = labelled(8).columns["target"]
    negative = target.clone()
    negative[0] *= -1
    plot_parity(negative, target, tmp_path / "parity.svg", "a title")
    assert "<svg" in (tmp_path / "parity.svg").read_text()
    assert (tmp_path / "parity.svg").stat().st_size > 10_000
    with pytest.raises(FastlatticeError, match="suffix"):
        plot_parity(target, target, tmp_path / "parity.txt")
    plot_parity(-target, target, tmp_path / "none.png")
    assert (tmp_path / "none.png").read_bytes().startswith(b"\x89PNG")
