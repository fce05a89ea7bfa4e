"""Training on an endless stream, and evaluation on test sets."""

from pathlib import Path

import pytest
import torch

from fastlattice.errors import ConfigError, FastlatticeError
from fastlattice.training.config import TrainingConfig
from fastlattice.training.loop import Training, train
from fastlattice.training.samples import labelled, resolved, samples_of
from tests.support.training import configuration, same_weights

pytest.importorskip("yaml")
BASES = {"kinds": ["cells"], "max_nodes": 8}


def config(folder: Path, **data: object) -> TrainingConfig:
    entries = configuration(folder, schedule={"steps": 6}, validation={"every": 3, "data": ["validation"]})
    stream = {"bases": BASES, "batch": 8, "recipe": {"level": 0.05}, **data}
    return TrainingConfig.from_mapping({**entries, "data": stream})


def test_a_run_on_a_stream_goes_on_with_the_same_bits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, halved = tmp_path / "whole", tmp_path / "halved"
    train(config(tmp_path), whole, progress=False)
    step = Training._step
    monkeypatch.setattr(Training, "_step", lambda self, batch: step(self, batch) or self.progress.step == 4)
    assert train(config(tmp_path), halved, progress=False).steps == 4
    monkeypatch.undo()
    assert train(config(tmp_path), halved, resume=True, progress=False).steps == 6
    assert same_weights(whole / "last.safetensors", halved / "last.safetensors")


def test_the_resolved_configuration_has_the_whole_recipe(tmp_path: Path) -> None:
    train(config(tmp_path, rotate=True), tmp_path / "run", progress=False)
    written = TrainingConfig.from_yaml(tmp_path / "run" / "config.yaml").data
    assert written.bases["side"] == "training"
    assert written.bases["max_nodes"] == 8
    assert written.recipe["level"] == 0.05
    assert written.recipe["rotation"] == "random"
    assert {"strain", "density"} <= written.recipe.keys()


def test_files_of_bases_come_beside_the_others(tmp_path: Path) -> None:
    from fastlattice import LatticeBatch, unit_cell, write_catalogue

    mine = unit_cell("octet", 0.01).perturb(0.04, seed=3)
    write_catalogue(tmp_path / "mine.lat", LatticeBatch.from_lattices([mine]))
    alone = samples_of(resolved(config(tmp_path, bases={}, base_files=[str(tmp_path / "mine.lat")]).data))
    assert len(alone.bases) == 1
    both = samples_of(resolved(config(tmp_path, base_files=[str(tmp_path / "mine.lat")]).data))
    cells = samples_of(resolved(config(tmp_path).data))
    assert len(both.bases) == len(cells.bases) + 1


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"recipe": {"levels": 0.1}}, r"data\.recipe: .*'levels'"),
        ({"bases": {"max_node": 3}}, r"data\.bases\.max_node: there is no such entry"),
        ({"bases": {"kinds": ["foam"]}}, r"data\.bases: "),
    ],
)
def test_bad_entries_of_a_stream_are_named(data: dict[str, object], said: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=said):
        samples_of(resolved(config(tmp_path, **data).data))


def test_test_sets_by_name() -> None:
    found = labelled("T3")
    assert len(found) == 600
    assert bool((found.columns["level"] == 0).all())
    assert bool(torch.linalg.eigvalsh(found.columns["target"]).gt(0).all())
    with pytest.raises(FastlatticeError, match="T9: neither a file nor a test set"):
        labelled("T9")


def test_the_example_trains(tmp_path: Path) -> None:
    example = Path(__file__).parents[2] / "examples" / "train.yaml"
    changes = ["schedule={steps: 3}", "data.bases={kinds: [cells]}", "data.batch=4", "validation.data=[]"]
    outcome = train(TrainingConfig.from_yaml(example, changes), tmp_path / "run", progress=False)
    assert outcome.steps == 3
