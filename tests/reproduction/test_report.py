"""Tables and pictures from results that are given."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from fastlattice.cli import main
from fastlattice.errors import FastlatticeError
from fastlattice.reproduction.experiments import TABLES
from fastlattice.reproduction.isotropy import anisotropy, answers
from fastlattice.reproduction.report import AT_THE_END, common_samples, markdown
from fastlattice.reproduction.results import ON_THE_WAY, read_results, write_results

MINUTES = 3.0


def result(value: float, samples: list[int]) -> dict[str, Any]:
    final = {name: value for name in (*ON_THE_WAY, *AT_THE_END)}
    history = {name: [2 * value] * (len(samples) - 1) + [value] for name in ON_THE_WAY}
    return {
        "final": final,
        "history": {"samples": samples, **history},
        "samples": samples[-1],
        "lattices": samples[0],
    }


def results(name: str, value: Callable[[int], float]) -> dict[str, Any]:
    """A result for every run of a table; those of odd number came less far."""
    found = {}
    for seed in range(TABLES[name].seeds):
        for number, run in enumerate(TABLES[name].runs(seed)):
            samples = [100, 200] if number % 2 else [100, 200, 300]
            found[run.key(MINUTES)] = result(value(seed), samples)
    return found


def cells(text: str) -> list[list[str]]:
    return [
        [cell.strip() for cell in line.split("|")[1:-1]]
        for line in text.splitlines()
        if line.startswith("| ") and "---" not in line
    ]


def test_a_table_has_means_and_ranges_over_seeds_beside_the_papers_figures() -> None:
    table = TABLES["table1"]
    found = results("table1", lambda seed: (0.1, 0.2, 0.6)[seed])
    del found[replace(table.columns[-1].run, seed=2).key(MINUTES)]
    found.pop(table.columns[0].run.key(MINUTES))
    text = markdown(table, found, MINUTES)
    assert "After 3 minutes of training on one core:" in text
    assert "After 200 samples:" in text
    end, trimmed, equal = (cells(text)[10 * part : 10 * part + 10] for part in range(3))
    assert end[0] == [
        "",
        "seeds",
        "samples",
        "L_comp (mean absolute), 1e-5 E_s",
        "L_dir, 1e-5 E_s",
        "L_dir_rel (sqrt gamma)",
        "L_dir_rel (mean directional)",
        "L_equiv, 1e-5 E_s",
        "negative eigenvalue",
    ]
    named = {row[0]: row for row in end[1:]}
    assert named["CGC+tr"][1:6] == [
        "3",
        "200",
        "30,000 (10,000-60,000) / 4.47",
        "30,000 (10,000-60,000) / 5.23",
        "0.30 (0.10-0.60) / 0.24",
    ]
    assert named["CGC+tr"][6] == named["CGC+tr"][5]
    assert named["MACE"][8] == "0.30 (0.10-0.60) / 0.30"
    assert named["CGC"][5] == "0.40 (0.20-0.60) / 0.42"
    assert (named["MACE+ve"][1], named["MACE+ve"][5]) == ("2", "0.15 (0.10-0.20) / 0.21")
    assert trimmed[0][2:] == [*end[0][3:7], "L_dir_rel (sqrt gamma), median"]
    assert trimmed[2][2:] == [*end[2][3:7], "0.30 (0.10-0.60)"]
    assert "L_equiv, 1e-5 E_s" not in equal[0]
    named = {row[0]: row for row in equal[1:]}
    assert named["CGC+tr"][4] == "0.30 (0.10-0.60) / 0.24"  # at its end
    assert named["CGC+ve"][4] == "0.60 (0.20-1.20) / 0.26"  # before it


def test_what_is_not_there_is_a_stroke() -> None:
    table = TABLES["table3"]
    empty = markdown(table, {}, MINUTES)
    assert "There is no number of samples" in empty
    assert all(row[5].startswith("- / 0.") for row in cells(empty)[1:6])
    found = results("table3", lambda _: 1e-5)
    key = table.columns[0].run.key(MINUTES)
    found[key]["final"]["L_dir"] = None  # a network that returned no number
    rows = cells(markdown(table, found, MINUTES))
    assert rows[1][4] == "- / 5.12"
    assert rows[2][4] == "1.00 / 4.21"
    assert "Training failed" not in markdown(table, found, MINUTES)
    found[key] = {"failed": "step 3: the loss is not finite"}
    text = markdown(table, found, MINUTES)
    assert text.endswith("Training failed:\n- e^A: step 3: the loss is not finite.\n")
    assert cells(text)[1][1:4] == ["0", "-", "- / 4.58"]
    assert common_samples([result(1.0, [3, 6]), result(1.0, [4, 8])]) is None
    assert common_samples([]) is None


def test_results_are_written_and_read_back_and_others_refused(tmp_path: Path) -> None:
    found = results("table2", lambda _: 0.5)
    write_results(tmp_path / "results.json", found, MINUTES)
    assert read_results(tmp_path / "results.json") == (found, MINUTES)
    for text in ("{", "[]", '{"format": 99}', '{"format": 1, "runs": {}}'):
        (tmp_path / "other.json").write_text(text)
        with pytest.raises(FastlatticeError, match=r"other\.json holds no results"):
            read_results(tmp_path / "other.json")


def test_tables_and_pictures_from_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("matplotlib")
    found = {key: each for name in TABLES for key, each in results(name, lambda seed: 0.1 + seed).items()}
    path, folder = tmp_path / "results.json", tmp_path / "pictures"
    write_results(path, found, MINUTES)
    assert main(["reproduce", "all", "--from", str(path), "--folder", str(folder)]) == 0
    out = capsys.readouterr().out
    assert out.count("## Table") == 4
    assert out.count("## Figure") == 3
    assert "| lmax 3 | " in out
    for name in ("figure2", "figure3", "figure7"):
        assert (folder / f"{name}.png").read_bytes().startswith(b"\x89PNG")
    assert main(["reproduce", "table1", "--from", str(path), "--only", "MACE+ve", "--only", "CGC"]) == 0
    rows = cells(capsys.readouterr().out)
    assert [row[0] for row in rows] == 3 * ["", "CGC", "MACE+ve"]
    assert main(["reproduce", "table1", "--from", str(path), "--only", "MICE"]) == 2
    assert "table1 has the entries CGC, CGC+tr" in capsys.readouterr().err


def test_the_tables_of_the_documentation_are_those_of_its_file() -> None:
    docs = Path(__file__).parents[2] / "docs"
    found, minutes = read_results(docs / "paper" / "results.json")
    text = (docs / "accuracy.md").read_text(encoding="utf-8")
    for name, table in TABLES.items():
        if name != "figure2":  # its runs are those of table 2
            assert markdown(table, found, minutes) in text
    assert (docs / "paper" / "results.json").stat().st_size < 200_000


def test_the_simple_cubic_lattice_is_isotropic_below_lmax_4_exactly() -> None:
    """Figure 7, for several networks: what is left is rounding in double precision."""
    for seed in range(3):
        found = {label: anisotropy(stiffness) for label, stiffness in answers(seed).items()}
        assert found["lmax 2"] < 1e-12
        assert found["lmax 3"] < 1e-12
        assert found["lmax 4"] > 1e-3
    assert found["finite elements"] > 100


def test_anisotropy_of_a_cubic_stiffness() -> None:
    """E = 1 along the axes and 1 / (1/4 + 1/4 + 1/(2 * 0.2) ...): from the compliance of a cubic solid, by hand."""
    c11, c12, c44 = 2.0, 1.0, 0.25
    stiffness = torch.zeros(6, 6, dtype=torch.float64)
    stiffness[:3, :3] = c12
    stiffness[range(3), range(3)] = c11
    stiffness[range(3, 6), range(3, 6)] = 2 * c44
    s11 = (c11 + c12) / ((c11 - c12) * (c11 + 2 * c12))
    s12, s44 = -c12 / ((c11 - c12) * (c11 + 2 * c12)), 1 / c44
    along_diagonal = 1 / (s11 - 2 / 3 * (s11 - s12 - s44 / 2))
    assert anisotropy(stiffness) == pytest.approx(1 / s11 / along_diagonal - 1, rel=0.02)
