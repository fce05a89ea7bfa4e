"""Tables of the paper made anew: what is measured and written. How long anything takes decides nothing here."""

import json
from pathlib import Path

import pytest
import torch

from fastlattice import homogenise
from fastlattice.cli import main
from fastlattice.reproduction.timing import entries, measured, sample

NAMES = ["CGC", "NNConv", "MCGC", "LatticeMACE", "finite elements"]


def test_table_4(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "table4.json"
    arguments = ["--lattices", "6", "--minutes", "1e-9", "--output", str(path)]
    assert main(["reproduce", "table4", *arguments]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert printed[0].startswith("6 lattices of ")
    assert [line.split("  ")[0] for line in printed[4:]] == NAMES
    written = json.loads(path.read_text())
    assert [entry["name"] for entry in written["entries"]] == NAMES
    assert [entry["paper_seconds"] for entry in written["entries"]] == [5.0, 5.0, None, 15.0, 1.1e4]
    assert all(len(entry["seconds"]) == 1 and entry["seconds"][0] > 0 for entry in written["entries"])
    assert written["entries"][0]["parameters"] == 422_805
    assert written["lattices"] == 6


def test_what_is_timed_is_the_whole_answer() -> None:
    """Every entry returns a matrix for every lattice; the last those of exact elements."""
    lattices = sample(5)
    found = entries(torch.device("cpu"))
    for entry in found:
        out = entry.compute(lattices)
        assert out.shape == (5, 6, 6)
        assert out.device.type == "cpu"
    assert torch.equal(found[-1].compute(lattices), homogenise(lattices).stiffness)


def test_all_are_timed_in_turn_until_the_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(1000))
    monkeypatch.setattr("fastlattice.reproduction.timing.time.monotonic", lambda: next(clock))
    found = measured(entries(torch.device("cpu"))[-1:], sample(2), 3.5)
    assert len(found[0].seconds) == 4


def test_a_table_that_there_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["reproduce", "table99"])
    assert "choose from" in capsys.readouterr().err
    assert main(["reproduce", "table4", "--device", "nowhere"]) == 2
    assert "--device nowhere" in capsys.readouterr().err
