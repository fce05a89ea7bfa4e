from pathlib import Path

import pyarrow.parquet as parquet
import pytest

from fastlattice.cli import main

SPEC = "nets:pcu,dia?level=0.05&density=0.001..0.1&count=2500&seed=1"


def test_results_are_selected_queried_and_resumed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = str(tmp_path / "results")
    command = [
        "screen",
        SPEC,
        "-o",
        place,
        "--shard-rows",
        "1000",
        "--where",
        "rho > 0.01",
        "--top",
        "7",
        "--by",
        "E_min",
    ]
    assert main(command) == 0
    said = capsys.readouterr().out
    assert "2500 lattices in" in said
    assert f"7 in {place}/selected.parquet" in said
    best = parquet.read_table(tmp_path / "results" / "selected.parquet")
    smallest = best.column("E_min").to_pylist()
    assert smallest == sorted(smallest, reverse=True)
    assert min(best.column("density").to_pylist()) > 0.01

    assert main(command) == 2
    assert "--resume" in capsys.readouterr().err
    assert main([*command, "--resume"]) == 0
    assert main([*command[:-1], "E_max", "--resume"]) == 2
    assert "options.by" in capsys.readouterr().err


def test_an_array_of_jobs_says_what_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["screen", SPEC, "-o", str(tmp_path / "results"), "--shard-rows", "1000", "--shards"]
    assert main([*command, "1/2"]) == 0
    assert "2 shards of other shares are still missing" in capsys.readouterr().out
    assert main([*command, "0/2"]) == 0
    assert "is complete: 2500 lattices" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        main([*command, "2/2"])


def test_rejects_are_said_and_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.obj").write_text("v 1 2\n")
    assert main(["screen", str(tmp_path / "in"), "-o", str(tmp_path / "out")]) == 2
    assert "a.obj" in capsys.readouterr().err
    assert main(["convert", "octet", "-o", str(tmp_path / "in" / "b.lat")]) == 0
    assert main(["screen", str(tmp_path / "in"), "-o", str(tmp_path / "out")]) == 1
    assert "1 rejected" in capsys.readouterr().err
    assert "a.obj" in (tmp_path / "out" / "rejected.csv").read_text()


def test_sql_sees_the_results(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    duckdb = pytest.importorskip("duckdb")
    place = str(tmp_path / "results")
    assert main(["screen", "cells:all", "-o", place, "--pareto", "rho,E_z"]) == 0
    capsys.readouterr()
    assert main(["query", place, "SELECT count(*) AS n FROM results WHERE status = 'ok'"]) == 0
    assert "n" in capsys.readouterr().out
    answer = tmp_path / "answer.parquet"
    assert main(["query", place, "SELECT name FROM selected ORDER BY E_z", "-o", str(answer)]) == 0
    kept = parquet.read_table(tmp_path / "results" / "selected.parquet")
    order = sorted(zip(kept.column("E_z").to_pylist(), kept.column("name").to_pylist(), strict=True))
    assert [name for (name,) in duckdb.read_parquet(str(answer)).fetchall()] == [name for _, name in order]
    assert main(["query", place, "SELECT nothing FROM results"]) == 2
    assert "nothing" in capsys.readouterr().err
    assert main(["query", str(tmp_path), "SELECT 1"]) == 2
