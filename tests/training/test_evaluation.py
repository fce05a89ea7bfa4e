"""Evaluation: the metrics of a whole set, of its groups, and the pictures."""

from pathlib import Path

import pytest
import torch

from fastlattice.errors import FastlatticeError, TrainingError
from fastlattice.pictures.parity import plot_parity
from fastlattice.training import metrics
from fastlattice.training.evaluation import evaluate
from tests.support.training import labelled, network


def test_groups_split_the_set_and_their_means_are_those_of_their_lattices() -> None:
    batch, model = labelled(24), network()
    level = torch.tensor([0.0, 0.1]).repeat(12)
    result = evaluate(model, batch.with_columns(level=level), "some", rotations=0)
    alone = metrics(model.predict(batch), batch.columns["target"])
    assert result.summary()["relative Frobenius"]["mean"] == pytest.approx(float(alone["relative Frobenius"].mean()))
    groups = result.groups()
    assert {name: set(masks) for name, masks in groups.items() if name != "density"} == {
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
