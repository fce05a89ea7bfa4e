"""The loop: what it leaves behind, that it learns, stops, and goes on with the same bits."""

import csv
import json
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import torch

from fastlattice import LatticeMACE, read
from fastlattice.errors import CheckpointError, ConfigError, FastlatticeError, TrainingError
from fastlattice.training.config import TrainingConfig
from fastlattice.training.loop import Training, train, validated
from fastlattice.training.metrics import equivariance_loss, metrics
from tests.support.training import configuration, same_weights

yaml = pytest.importorskip("yaml")
pytest.importorskip("pyarrow")
COLUMNS = ("step", "samples", "learning_rate", "loss", "gradient_norm")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("training")


@pytest.fixture(scope="module")
def whole(folder: Path) -> Path:
    """A run from beginning to end."""
    outcome = train(config(folder), folder / "whole", progress=False)
    assert (outcome.reason, outcome.steps, outcome.weights) == ("done", 30, folder / "whole" / "best.safetensors")
    return folder / "whole"


def config(folder: Path, **sections: dict[str, Any]) -> TrainingConfig:
    return TrainingConfig.from_mapping(configuration(folder, **sections))


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as stream:
        return list(csv.DictReader(stream))


def losses(run: Path) -> list[tuple[str, ...]]:
    """What training.csv says, but for the time."""
    return [tuple(row[name] for name in COLUMNS) for row in rows(run / "training.csv")]


def start(folder: Path, output: Path, **sections: dict[str, Any]) -> subprocess.Popen[str]:
    path = folder / f"{output.name}.yaml"
    path.write_text(json.dumps(configuration(folder, **sections)))  # JSON is YAML
    command = [sys.executable, "-m", "fastlattice", "train", str(path), "--output", str(output), "--quiet"]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def wait_for(path: Path, process: subprocess.Popen[str], content: str = "") -> None:
    for _ in range(1200):
        if path.exists() and content in path.read_text(errors="replace"):
            return
        assert process.poll() is None, process.communicate()
        time.sleep(0.05)
    raise AssertionError(f"{path} did not come")


def test_a_run_learns_and_leaves_its_records(whole: Path, folder: Path) -> None:
    training, validation = rows(whole / "training.csv"), rows(whole / "validation.csv")
    assert [int(row["step"]) for row in training] == [5, 10, 15, 20, 25, 30]
    assert [int(row["samples"]) for row in training] == [40, 80, 120, 160, 200, 240]
    assert float(training[-1]["loss"]) < 0.7 * float(training[0]["loss"])
    assert [int(row["step"]) for row in validation] == [10, 20, 30]
    assert TrainingConfig.from_yaml(whole / "config.yaml") == config(folder)
    best = min(validation, key=lambda row: float(row["L_dir_rel (sqrt gamma)"]))
    batch = read(folder / "validation.parquet")
    found = metrics(LatticeMACE.load(whole / "best.safetensors").predict(batch), batch.columns["target"])
    assert float(found["L_dir_rel (sqrt gamma)"].mean()) == pytest.approx(float(best["L_dir_rel (sqrt gamma)"]))


def test_what_a_user_sees(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("tensorboard")
    run = folder / "seen"
    train(config(folder, run={"tensorboard": True}, schedule={"steps": 20}), run)
    said = capsys.readouterr().err
    assert re.search(r"step 10: L_dir_rel \(sqrt gamma\) 0\.\d{4} \(best so far\)\n", said)
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    events = EventAccumulator(str(run / "tensorboard"))
    events.Reload()
    logged = [(event.step, event.value) for event in events.Scalars("training/loss")]
    assert logged == [(int(row["step"]), pytest.approx(float(row["loss"]))) for row in rows(run / "training.csv")]


def test_the_kept_weights_are_the_average(whole: Path, folder: Path) -> None:
    plain = train(config(folder, optimiser={"averaging": 0.0}), folder / "plain", progress=False)
    last, averaged = (LatticeMACE.load(run / "last.safetensors") for run in (plain.weights.parent, whole))
    assert losses(folder / "plain") == losses(whole)
    pairs = zip(last.parameters(), averaged.parameters(), strict=True)
    assert any(not torch.equal(a, b) for a, b in pairs)


@pytest.mark.parametrize("stops", [(1,), (20,), (7, 13, 14)])
def test_a_stopped_run_goes_on_with_the_same_bits(stops: tuple[int, ...], whole: Path, folder: Path) -> None:
    run = folder / f"stopped_{stops}"

    def stop_after(self: Training, batch: Any, original: Any = Training._step) -> bool:
        return original(self, batch) or self.progress.step in stops

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Training, "_step", stop_after)
        for number, stop in enumerate(stops):
            torch.manual_seed(99)  # what a new process may begin with
            outcome = train(config(folder), run, resume=number > 0, progress=False)
            assert (outcome.reason, outcome.steps) == ("signal", stop)
    assert train(config(folder), run, resume=True, progress=False).steps == 30
    assert losses(run) == losses(whole)
    assert rows(run / "validation.csv")[-1]["L_dir"] == rows(whole / "validation.csv")[-1]["L_dir"]
    for name in ("last.safetensors", "best.safetensors"):
        assert same_weights(run / name, whole / name)


def test_a_killed_run_goes_on_from_its_last_state(whole: Path, folder: Path) -> None:
    run = folder / "killed"
    process = start(folder, run, run={"state_minutes": 0.0})
    wait_for(run / "training.csv", process, "\n15,")
    process.kill()
    process.communicate()
    outcome = train(config(folder), run, resume=True, progress=False)
    assert outcome.steps == 30
    assert losses(run) == losses(whole)
    assert same_weights(run / "last.safetensors", whole / "last.safetensors")
    assert not list(run.glob(".*"))[1:], "at most one temporary file is left by a kill"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_saves_and_stops(number: signal.Signals, folder: Path) -> None:
    run = folder / f"signal_{number}"
    endless = {"schedule": {"steps": 100_000}, "validation": {"every": 100_000}}
    process = start(folder, run, **endless)
    wait_for(run / "training.csv", process, "\n5,")
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 128 + number, err
    assert "--resume" in out
    done = torch.load(run / "state.pt", weights_only=True)["progress"]["step"]
    assert f"stopped after {done} steps" in out
    assert LatticeMACE.load(run / "last.safetensors").config.channels == 4


def test_a_run_is_not_overwritten_and_not_resumed_as_another(whole: Path, folder: Path) -> None:
    with pytest.raises(FastlatticeError, match="has a run already"):
        train(config(folder), whole, progress=False)
    with pytest.raises(ConfigError, match=r"optimiser\.learning_rate is 0\.1, .* began with 0\.004"):
        train(config(folder, optimiser={"learning_rate": 0.1}), whole, resume=True, progress=False)
    with pytest.raises(CheckpointError, match="no state to resume"):
        train(config(folder), folder / "nothing", resume=True, progress=False)
    damaged = folder / "damaged"
    damaged.mkdir()
    (damaged / "state.pt").write_bytes((whole / "state.pt").read_bytes()[:1000])
    with pytest.raises(CheckpointError, match="not the state"):
        train(config(folder), damaged, resume=True, progress=False)


def test_what_cannot_be_learnt_stops_the_run_and_is_kept(folder: Path) -> None:
    batch = read(folder / "training.parquet")
    target = batch.columns["target"].clone()
    target[5] = 0
    path = folder / "zero.parquet"
    batch.with_columns(target=target).to_parquet(path)
    run = folder / "refused"
    with pytest.raises(TrainingError, match=r"step \d: the loss is not finite for 1 of 8 .*'bcc'.*\.parquet"):
        train(config(folder, data={"files": [str(path)], "rotate": False}), run, progress=False)
    (kept,) = run.glob("refused_step_*.parquet")
    refused = read(kept)
    assert len(refused) == 8
    assert int((refused.columns["target"] == 0).flatten(1).all(1).sum()) == 1


def test_patience_ends_a_run_that_gets_no_better(folder: Path) -> None:
    run = folder / "patience"
    changes = {"optimiser": {"learning_rate": 1e-30}, "validation": {"every": 2, "patience": 3}}
    outcome = train(config(folder, **changes), run, progress=False)
    assert (outcome.reason, outcome.steps) == ("patience", 8)


def test_length_by_samples_and_by_minutes(folder: Path) -> None:
    assert train(config(folder, schedule={"steps": None, "samples": 33}), folder / "samples", progress=False).steps == 5
    timed = config(folder, schedule={"steps": None, "minutes": 0.02}, validation={"data": []})
    begun = time.monotonic()
    outcome = train(timed, folder / "minutes", progress=False)
    assert outcome.steps > 0
    assert time.monotonic() - begun >= 1.2
    assert outcome.weights == folder / "minutes" / "last.safetensors"


def test_minutes_of_the_processor_leave_out_validation(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that stands still but for a second a step, and a minute a validation."""
    now = [0.0]
    original = Training._step

    def step(self: Training, batch: Any) -> bool:
        now[0] += 1.0
        return original(self, batch)

    def slowly(*arguments: Any) -> dict[str, float]:
        now[0] += 60.0
        return validated(*arguments)

    monkeypatch.setattr(Training, "_step", step)
    monkeypatch.setattr("fastlattice.training.loop.validated", slowly)
    monkeypatch.setattr("fastlattice.training.loop.time.process_time", lambda: now[0])
    schedule = {"steps": None, "minutes": 0.2, "clock": "processor"}
    outcome = train(config(folder, schedule=schedule, validation={"every": 5}), folder / "clock", progress=False)
    assert outcome.steps == 12
    assert [row["minutes"] for row in rows(folder / "clock" / "validation.csv")] == ["0.0833", "0.1667", "0.2"]


def test_validation_may_measure_equivariance(folder: Path) -> None:
    run = folder / "turned"
    changes = {"schedule": {"steps": 10}, "validation": {"rotations": 2}}
    train(config(folder, **changes), run, progress=False)
    (row,) = rows(run / "validation.csv")
    batch = read(folder / "validation.parquet")
    model = LatticeMACE.load(run / "last.safetensors")
    wanted = equivariance_loss(model, batch, 2) / batch.columns["target"].square().mean((-1, -2)).sqrt()
    assert float(row["L_equiv / sqrt gamma (fp32)"]) == pytest.approx(float(wanted.mean()), rel=1e-3)


def test_a_state_from_before_an_entry_came_goes_on(whole: Path, folder: Path) -> None:
    run = folder / "older"
    run.mkdir()
    state = torch.load(whole / "state.pt", weights_only=True)
    for section, name in (("optimiser", "name"), ("schedule", "clock"), ("validation", "rotations")):
        del state["config"][section][name]
    torch.save(state, run / "state.pt")
    assert train(config(folder), run, resume=True, progress=False).steps == 30


def test_training_can_start_from_weights(whole: Path, folder: Path) -> None:
    best = str(whole / "best.safetensors")
    changes = {
        "model": {"settings": {}, "start": best},
        "optimiser": {"learning_rate": 1e-30},
        "schedule": {"steps": 2},
    }
    outcome = train(config(folder, **changes), folder / "started", progress=False)
    assert outcome.best == pytest.approx(
        min(float(r["L_dir_rel (sqrt gamma)"]) for r in rows(whole / "validation.csv"))
    )


def test_large_batches_in_parts_learn_the_same(whole: Path, folder: Path) -> None:
    train(config(folder, optimiser={"parts": 2}, run={"dtype": "float64"}), folder / "parts", progress=False)
    train(config(folder, run={"dtype": "float64"}), folder / "one", progress=False)
    one, parts = ([float(row[3]) for row in losses(folder / name)] for name in ("one", "parts"))
    assert one == pytest.approx(parts, rel=1e-6)


def test_two_processes_learn_what_one_does_with_twice_the_batch(folder: Path) -> None:
    run, path = folder / "two", folder / "two.yaml"
    sections = {"run": {"dtype": "float64", "threads": 1}, "schedule": {"steps": 10}}
    path.write_text(json.dumps(configuration(folder, **sections, data={"batch": 4})))
    launcher = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    command = [*launcher, "-m", "fastlattice", "train", str(path), "--output", str(run), "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-3000:]
    with pytest.raises(ConfigError, match="one of 2 processes, not 1"):
        train(config(folder, **sections, data={"batch": 4}), run, resume=True, progress=False)
    train(config(folder, **sections), folder / "alone", progress=False)
    together, alone = (LatticeMACE.load(folder / name / "last.safetensors") for name in ("two", "alone"))
    for one, other in zip(together.parameters(), alone.parameters(), strict=True):
        assert torch.allclose(one, other, rtol=1e-6, atol=1e-9)
    first = [float(row["gradient_norm"]) for row in rows(run / "training.csv")]
    assert first == pytest.approx(
        [float(row["gradient_norm"]) for row in rows(folder / "alone" / "training.csv")], rel=1e-6
    )
