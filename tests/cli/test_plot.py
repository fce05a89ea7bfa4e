"""The command `fastlattice plot`: what is drawn, and what is refused."""

from pathlib import Path

import pytest

from fastlattice.cli import main
from fastlattice.screening import job_of, open_engine, open_source, parsed, run

pytest.importorskip("matplotlib")


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("pyarrow")
    folder = tmp_path_factory.mktemp("results")
    run(job_of(open_source("cells:octet,bcc,kelvin"), open_engine("fe"), parsed()), folder)
    return folder


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["octet", "kelvin", "--kind", "sections", "--solid-modulus", "70"], "octet, kelvin drawn in"),
        (["octet", "bcc", "--density", "0.01,0.1", "--kind", "map", "--y", "E_min"], "4 lattices drawn in"),
        (["{results}", "--y", "G_xy", "--best", "2"], "3 of 3 lattices drawn in"),
    ],
)
def test_pictures(
    arguments: list[str], said: str, results: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    path = tmp_path / "picture.svg"
    assert main(["plot", *(text.format(results=results) for text in arguments), "-o", str(path)]) == 0
    assert said in capsys.readouterr().out
    assert path.stat().st_size > 10_000


@pytest.mark.parametrize(
    "arguments", [["octet", "nets:dia", "--solid-modulus", "70"], ["{results}", "--by", "min:E_x"]]
)
def test_pages(arguments: list[str], results: Path, tmp_path: Path) -> None:
    pytest.importorskip("plotly")
    path = tmp_path / "page.html"
    assert main(["plot", *(text.format(results=results) for text in arguments), "-o", str(path)]) == 0
    page = path.read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert f"fastlattice plot {arguments[0].format(results=results)}" in page


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["octet", "--y", "E_x", "-o", "x.png"], "--y is for a map"),
        (["octet", "--kind", "map", "--best", "3", "-o", "x.png"], "--best is for the folder of a screening"),
        (["octet", "--kind", "map", "--y", "E_q", "-o", "x.png"], "no column 'E_q'"),
        (["octet", "--kind", "sections", "-o", "x.html"], "a page shows the sections"),
        (["{results}", "octet", "-o", "x.png"], "of one folder at a time"),
        (["{results}", "--kind", "cells", "-o", "x.png"], "a map is drawn"),
        (["{results}", "--index", "1", "-o", "x.png"], "--index chooses a lattice"),
        (["{results}", "--source", "cells:octet", "-o", "x.html"], "not what was screened"),
        (["{results}", "--by", "E_q", "-o", "x.png"], "E_q"),
    ],
)
def test_refusals(
    arguments: list[str],
    reason: str,
    results: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["plot", *(text.format(results=results) for text in arguments)]) == 2
    assert reason in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_best_cells_that_cannot_be_found_are_left_out_with_the_reason(
    results: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    pytest.importorskip("plotly")
    assert main(["plot", str(results), "--density", "0.05", "-o", str(tmp_path / "x.html")]) == 0
    assert "the best cells are not drawn" in capsys.readouterr().err
