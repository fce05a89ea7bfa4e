"""The command `fastlattice design`: what it prints, writes and refuses."""

from pathlib import Path

import pytest

from fastlattice import LatticeBatch, homogenise
from fastlattice.cli import main

SOFTER = ["design", "kelvin", "--density", "0.05", "--minimise", "E_y", "--variables", "positions"]


def test_a_design_is_printed_kept_and_drawn(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("matplotlib")
    kept, drawn = tmp_path / "soft.parquet", tmp_path / "soft.svg"
    assert main([*SOFTER, "--steps", "20", "-o", str(kept), "--picture", str(drawn)]) == 0
    said = capsys.readouterr().out
    assert "E_y" in said
    assert "stopped" in said
    batch = LatticeBatch.from_parquet(kept)
    assert float(batch.columns["cost"][0]) < 0.5
    assert float(batch.columns["start_cost"][0]) == pytest.approx(1)
    assert homogenise(batch).stiffness[0].numpy() == pytest.approx(batch.columns["stiffness"][0].numpy(), rel=1e-12)
    assert batch.relative_density[0].item() == pytest.approx(0.05, rel=1e-12)
    assert drawn.read_text(encoding="utf-8").startswith("<?xml")


def test_starts_and_bounds(capsys: pytest.CaptureFixture[str]) -> None:
    bounded = ["design", "octet", "--maximise", "E_x", "--bound", "E_y >= 0.001", "--symmetry", "orthotropic"]
    assert main([*bounded, "--starts", "2", "--steps", "15", "--smallest-radius", "0.005"]) == 0
    said = capsys.readouterr().out
    assert "slack of E_y >= 0.001" in said
    assert "slack of smallest_radius" in said
    assert said.count("Optimization terminated") + said.count("Iteration limit") == 2


def test_a_limit_that_cannot_be_kept_is_exit_code_1(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*SOFTER, "--steps", "2", "--smallest-radius", "0.5"]) == 1
    assert "no design keeps all constraints" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["octet"], "nothing is asked for"),
        (["octet", "--minimise", "E_q"], "no property is called 'E_q'"),
        (["octet", "--target", "E_x"], "a target is written P=V"),
        (["octet", "--bound", "E_x >= 1"], "needs a term"),
        (["octet", "--minimise", "E_x", "--variables", "nodes"], "variables are some of"),
        (["octet", "--minimise", "E_x", "--symmetry", "all"], "nothing is free"),
        (["no_such_cell", "--minimise", "E_x"], "no_such_cell"),
        (["octet", "--minimise", "E_x", "--engine", "no_such"], "no_such"),
        (["octet", "--minimise", "E_x", "--method", "L-BFGS-B", "--angle", "10"], "keeps no constraints"),
    ],
)
def test_requests_that_cannot_be_met_are_exit_code_2(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["design", *arguments]) == 2
    assert message in capsys.readouterr().err
