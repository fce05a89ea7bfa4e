"""`fastlattice train` and `fastlattice evaluate`: from a configuration to weights, and from weights to figures."""

import csv
import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
import torch

from fastlattice import homogenise, rcsr_net, unit_cell
from fastlattice.cli import main, train
from fastlattice.training import metrics
from fastlattice.training.config import TrainingConfig
from tests.support.training import configuration, network

ROOT = Path(__file__).parents[2]


@pytest.fixture
def weights(tmp_path: Path) -> str:
    network().save(tmp_path / "network.safetensors")
    return str(tmp_path / "network.safetensors")


def test_train_then_evaluate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("yaml")
    pytest.importorskip("pyarrow")
    monkeypatch.chdir(tmp_path)
    Path("small.yaml").write_text(json.dumps(configuration(tmp_path)))
    assert main(["train", "small.yaml", "--set", "schedule.steps=10"]) == 0
    assert capsys.readouterr().out == "10 steps done; weights: runs/small/best.safetensors\n"
    assert main(["train", "small.yaml"]) == 2
    assert "has a run already" in capsys.readouterr().err
    assert main(["evaluate", "runs/small/best.safetensors", "validation.parquet", "-o", "metrics.json"]) == 0
    with Path("runs/small/validation.csv").open() as stream:
        (row,) = csv.DictReader(stream)
    (found,) = json.loads(Path("metrics.json").read_text())["sets"]
    assert found["lattices"] == 12
    assert found["metrics"]["L_dir"]["mean"] == pytest.approx(float(row["L_dir"]))


def test_evaluate_labels_what_has_no_label(weights: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "each.csv"
    assert main(["evaluate", weights, "octet", "nets:srs", "--density", "0.01,0.03", "-o", str(path)]) == 0
    out = capsys.readouterr().out
    assert "octet (2)" in out
    assert "octet by density" in out
    assert "L_dir_rel (sqrt gamma)" in out
    with path.open() as stream:
        records = list(csv.DictReader(stream))
    assert [(record["set"], round(float(record["density"]), 9)) for record in records] == [
        ("octet", 0.01),
        ("octet", 0.03),
        ("nets:srs", 0.01),
        ("nets:srs", 0.03),
    ]
    cells = [unit_cell("octet", 0.01), unit_cell("octet", 0.03), rcsr_net("srs", 0.01), rcsr_net("srs", 0.03)]
    wanted = metrics(network().predict(cells), homogenise(cells).stiffness)["L_dir_rel (sqrt gamma)"]
    found = torch.tensor([float(record["L_dir_rel (sqrt gamma)"]) for record in records], dtype=torch.float64)
    assert torch.allclose(found, wanted, rtol=1e-5)


def test_groups_that_are_printed_can_be_chosen(weights: str, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["evaluate", weights, "cells:all", "--rotations", "0"]
    assert main([*command, "--by", "degree"]) == 0
    out = capsys.readouterr().out
    assert "by degree" in out
    assert "by size" not in out
    assert "L_equiv" not in out
    with pytest.raises(SystemExit):
        main([*command, "--by", "colour"])


def test_the_worst_are_listed_and_drawn(weights: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("matplotlib")
    path = tmp_path / "failures.png"
    command = ["evaluate", weights, "octet", "kelvin", "--rotations", "0", "--by", "", "--worst", str(path)]
    assert main(command) == 0
    listed = [line.split() for line in capsys.readouterr().out.splitlines()[-3:-1]]
    assert [row[:3] for row in listed] == [["octet", "octet", "4"], ["kelvin", "kelvin", "12"]]
    assert path.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(("name", "said"), [("no_such_set", "no_such_set"), ("none.lat", "there is no such file")])
def test_an_input_that_does_not_exist(name: str, said: str, weights: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", weights, name]) == 2
    assert said in capsys.readouterr().err


def test_a_misspelt_entry_ends_before_anything_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("yaml")
    path = tmp_path / "config.yaml"
    path.write_text("schedule: {step: 3}\n")
    assert main(["train", str(path), "--output", str(tmp_path / "run")]) == 2
    assert "did you mean 'steps'" in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


def test_the_configuration_in_the_help_is_one(tmp_path: Path) -> None:
    pytest.importorskip("yaml")
    text = (train.__doc__ or "").split("every entry):\n")[1]
    (tmp_path / "config.yaml").write_text(textwrap.dedent(text))
    config = TrainingConfig.from_yaml(tmp_path / "config.yaml")
    assert (config.schedule.steps, config.optimiser.learning_rate) == (10_000, 4e-3)
    assert config.data.files == ("labelled.parquet",)


@pytest.mark.parametrize(("given", "policy"), [(None, "PASSIVE"), ("ACTIVE", "ACTIVE")])
def test_the_console_script_sets_the_wait_policy_before_torch_is_loaded(given: str | None, policy: str) -> None:
    code = (
        "import os, sys; from fastlattice import _command as command\n"
        "assert 'torch' not in sys.modules\n"
        "sys.argv = ['fastlattice', 'info', 'octet']\n"
        "assert command.main() == 0 and 'torch' in sys.modules\n"
        "print(os.environ['OMP_WAIT_POLICY'])"
    )
    environment = {} if given is None else {"OMP_WAIT_POLICY": given}
    kept = {name: value for name, value in os.environ.items() if name != "OMP_WAIT_POLICY"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env={**kept, **environment}, capture_output=True, text=True
    )
    assert done.stdout.splitlines()[-1] == policy, done.stderr
