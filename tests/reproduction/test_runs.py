"""The paper's runs: what is in the list, that a run is done once and goes on, and what is kept of it."""

import json
import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from fastlattice import read
from fastlattice.cli import main
from fastlattice.data import bases
from fastlattice.data import test_set as fixed_set
from fastlattice.errors import TrainingError
from fastlattice.lattice import LatticeBatch
from fastlattice.models import StiffnessModel
from fastlattice.reproduction import results, runner
from fastlattice.reproduction.experiments import RUNS, TABLES, Run, runs_of
from fastlattice.reproduction.runner import Stopped, perform
from fastlattice.training import TrainingConfig, metrics
from fastlattice.training.loop import Training, train

pytest.importorskip("yaml")
pytest.importorskip("pyarrow")
MINUTES = 0.005
"""Of each run here: 0.3 seconds."""


def runs() -> Iterator[Run]:
    for table in TABLES.values():
        yield from (column.run for column in table.columns)


def test_tables_have_the_papers_entries() -> None:
    labels = {name: [column.label for column in table.columns] for name, table in TABLES.items()}
    families = [f"{network}{way}" for network in ("CGC", "NNConv", "MACE") for way in ("", "+tr", "+ve")]
    assert labels["table1"] == families
    assert {name: len(entries) for name, entries in labels.items()} == {
        "table1": 9,
        "table2": 5,
        "table3": 5,
        "table8": 6,
        "figure2": 5,
        "figure3": 18,
    }
    assert all(len(set(entries)) == len(entries) for entries in labels.values())
    assert [name for name, table in TABLES.items() if table.seeds > 1] == ["table1"]


def test_a_run_that_several_tables_ask_for_is_one() -> None:
    keys = {run.key(1.0) for run in runs()}
    assert len(keys) == 32
    assert [len(runs_of(TABLES.values(), seeds)) for seeds in (1, 2, 3, 9)] == [32, 41, 50, 50]
    first = [run.key(1.0) for run in runs_of(TABLES.values())][:9]
    assert first == [column.run.key(1.0) for column in TABLES["table1"].columns]
    run = RUNS["MACE+ve"]
    assert run.key(1.0) != run.key(2.0)
    others = [replace(run, seed=1), replace(run, composition="0imp"), replace(run, energy_penalty=1.0)]
    assert len({each.key(1.0) for each in [run, *others]}) == 4
    assert replace(run, settings=dict(reversed(run.settings.items()))).key(1.0) == run.key(1.0)


@pytest.mark.parametrize("run", {run.key(1.0): run for run in runs()}.values(), ids=lambda run: run.key(1.0))
def test_every_run_has_a_configuration_and_a_network(run: Run) -> None:
    config = TrainingConfig.from_mapping(run.configuration("folder", 3.0, 1, "test.parquet"))
    assert (config.schedule.minutes, config.schedule.clock) == (3.0, "processor")
    assert config.data.files == (f"folder/{run.training_set}.parquet",)
    assert config.data.rotate == (run.augmentation == "rotations")
    kind: Any = StiffnessModel._kinds[config.model.network]
    parameters = sum(parameter.numel() for parameter in kind(config.model.settings).parameters())
    assert 16_000 <= parameters <= 200_000  # the small end of the paper's grids


def test_only_what_a_name_says_differs() -> None:
    plain, turned, definite = (RUNS[f"MACE{way}"] for way in ("", "+tr", "+ve"))
    assert replace(plain, augmentation="rotations") == turned
    assert replace(turned, settings={**turned.settings, "positive_function": "matrix_power_2"}) == definite
    assert replace(plain, energy_penalty=RUNS["MACE+lb"].energy_penalty) == RUNS["MACE+lb"]
    assert replace(RUNS["CGC at one orientation"], augmentation="rotations") == RUNS["CGC+tr"]


def test_lattices_of_the_test_set_are_the_held_out_nets_at_the_level_above_training(tmp_path: Path) -> None:
    lattices = read(runner._test_set(tmp_path))
    assert len(lattices) == 600
    assert sorted(set(lattices.names)) == sorted(set(fixed_set("T1").names))
    assert lattices.columns["level"].unique().tolist() == [0.1]
    assert lattices.relative_density.unique().numpy().round(6).tolist()[0] == 0.001
    assert lattices.columns["relative_density"].unique().tolist() == [0.001, 0.003, 0.01]
    still = fixed_set("T3")
    for row, name in enumerate(lattices.names):
        (base, *_) = [k for k, other in enumerate(still.names) if other == name]
        moved = torch.tensor(lattices[row].positions) - torch.tensor(still[base].positions)
        size = torch.tensor(still[base].cell).norm(dim=1).max()
        assert torch.allclose(moved.norm(dim=1), 0.1 * size, rtol=1e-6)
        if row > 30:
            break


@pytest.fixture
def few() -> Iterator[LatticeBatch]:
    """Some small bases; and few lattices to test on."""
    nets = fixed_set("T3")[:24]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runner, "test_set", lambda _: nets)
        yield bases(["cells"], max_nodes=4)[:4]


def small(run: Run) -> Run:
    return replace(run, composition="0imp")


def test_runs_end_with_results_and_are_not_done_again(
    tmp_path: Path, few: LatticeBatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    wanted = [small(RUNS["MACE+ve"]), small(RUNS["CGC"])]
    kept: list[list[str]] = []
    keep = lambda results: kept.append(list(results))  # noqa: E731
    found = perform(wanted, tmp_path, MINUTES, 1, said.append, bases=few, keep=keep)
    assert kept == [[], list(found)[:1], list(found)]
    assert [line[:12] for line in said] == ["run 1 of 2: ", "run 2 of 2: "]
    assert list(found) == [run.key(MINUTES) for run in wanted]
    mace, cgc = found.values()
    assert mace["lattices"] == 12
    assert cgc["lattices"] == 84  # in seven orientations
    for result in found.values():
        assert result["samples"] == result["history"]["samples"][-1] > 0
        assert result["final"]["negative eigenvalue"] == result["history"]["negative eigenvalue"][-1]
        rounded = result["history"]["L_dir_rel (sqrt gamma)"][-1]
        assert result["final"]["L_dir_rel (sqrt gamma)"] == pytest.approx(rounded, rel=1e-3)
        assert len(json.dumps(result)) < 5000
    assert mace["final"]["L_equiv"] < 1e-12 < cgc["final"]["L_equiv"]
    assert mace["final"]["negative eigenvalue"] == 0
    monkeypatch.setattr(runner, "_perform", None)
    assert perform(wanted, tmp_path, MINUTES, 1, said.append) == found
    assert perform(wanted, tmp_path / "other", MINUTES, 1, said.append, known=found) == found


def test_a_stopped_run_goes_on(tmp_path: Path, few: LatticeBatch, monkeypatch: pytest.MonkeyPatch) -> None:
    run = small(RUNS["NNConv+tr"])
    original = Training._step

    def one_step(self: Training, batch: LatticeBatch) -> bool:
        self._received = 2
        return original(self, batch) or True

    monkeypatch.setattr(Training, "_step", one_step)
    with pytest.raises(Stopped, match="2"):
        perform([run], tmp_path, MINUTES, 1, print, bases=few)
    monkeypatch.setattr(Training, "_step", original)
    resumed: list[bool] = []

    def noted(config: TrainingConfig, folder: Path, resume: bool, progress: bool) -> Any:
        resumed.append(resume)
        return train(config, folder, resume, progress)

    monkeypatch.setattr(runner, "train", noted)
    (result,) = perform([run], tmp_path, MINUTES, 1, print, bases=few).values()
    assert resumed == [True]
    assert result["samples"] > 16


def test_a_run_that_fails_does_not_end_the_others(
    tmp_path: Path, few: LatticeBatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = [small(RUNS["MACE+tr"]), small(RUNS["CGC+tr"])]
    original = Training._step

    def step(self: Training, batch: LatticeBatch) -> bool:
        if type(self.model).__name__ == "LatticeMACE":
            raise TrainingError("the loss is not finite; the batch is in here")
        return original(self, batch)

    monkeypatch.setattr(Training, "_step", step)
    said: list[str] = []
    failed, done = perform(wanted, tmp_path, MINUTES, 1, said.append, bases=few).values()
    assert said[1] == "  failed: the loss is not finite"
    assert set(failed) == {"run", "minutes", "threads", "failed"}
    assert done["samples"] > 0
    monkeypatch.setattr(runner, "_perform", None)  # it would fail again
    assert perform(wanted[:1], tmp_path, MINUTES, 1, said.append) == {wanted[0].key(MINUTES): failed}


def test_the_command_trains_prints_and_adds_to_its_file(
    tmp_path: Path, few: LatticeBatch, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("fastlattice.data.compositions.default_bases", lambda: few)
    path = tmp_path / "results.json"
    command = ["reproduce", "table1", "--folder", str(tmp_path / "runs"), "--seeds", "1", "-o", str(path)]
    short = ["--minutes", str(MINUTES)]
    assert main([*command, *short, "--only", "CGC+ve"]) == 0
    printed = capsys.readouterr()
    assert printed.err.startswith(
        "run 1 of 1: CGC (message_passes 3, positive square), 1imp, rotations, seed 0; at least"
    )
    assert printed.out.count("| CGC+ve | ") == 3
    first = json.loads(path.read_text())["runs"]
    assert main([*command, *short, "--only", "MACE"]) == 0
    second = json.loads(path.read_text())["runs"]
    assert list(second)[:1] == list(first)
    assert len(second) == 2
    capsys.readouterr()
    assert main([*command, *short, "--only", "MACE", "--only", "CGC+ve"]) == 0
    assert capsys.readouterr().err == ""
    assert main([*command, "--minutes", "1"]) == 2
    assert "has results of 0.005 minutes a run, not of 1" in capsys.readouterr().err


def test_the_worst_hundredth_is_left_out_of_some_means(few: LatticeBatch) -> None:
    lattices = LatticeBatch.concatenate([runner.test_set("T3")] * 9)[:200]
    model = TrainingConfig.from_mapping(RUNS["CGC+ve"].configuration("", 1.0, 1, "")).model
    network = StiffnessModel._kinds[model.network](model.settings)
    values = metrics(network.predict(lattices), lattices.columns["target"])["L_dir"].tolist()
    found = results.measured(network, lattices)
    assert found["L_dir"] == pytest.approx(sum(values) / 200, rel=1e-3)
    assert found["L_dir, 99 %"] == pytest.approx(sum(sorted(values)[:198]) / 198, rel=1e-3)


def test_what_is_no_number_is_kept_as_none() -> None:
    assert results._rounded(math.nan) is None
    assert results._rounded(0.123456) == 0.1235
