"""Names, lists, pipes and the options that say what a lattice is."""

import gzip
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from fastlattice import LatticeBatch, homogenise, read_catalogue, unit_cell, write_catalogue
from fastlattice.cli import main

OBJ = "o line\nv 0 0 0\nv 1 0 0\nv 0 1 0\nv 0 0 1\nv 1 1 0\nv 1 0 1\nv 0 1 1\nv 1 1 1\nl 1 8\nl 2 7\nl 3 6\nl 4 5\n"


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    path = tmp_path / "two.lat"
    write_catalogue(path, LatticeBatch.from_lattices([unit_cell("octet", 0.03), unit_cell("bcc", 0.02)]))
    return path


@pytest.fixture
def unstated(tmp_path: Path, catalogue: Path) -> Path:
    """The same cells without radii, so without a density."""
    lines, kept, skipping = catalogue.read_text().split("\n"), [], False
    for line in lines:
        skipping = (skipping or line.startswith("Fundamental edge radii start")) and kept is not None
        if not skipping:
            kept.append(line)
        skipping = skipping and not line.startswith("Fundamental edge radii end")
    path = tmp_path / "unstated.lat"
    path.write_text("\n".join(kept))
    return path


def names(out: str) -> list[tuple[str, str]]:
    """Names and densities of the printed table."""
    return [(line.split()[0], line.split()[1]) for line in out.splitlines()[2:-1]]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["cells:bcc,octet"], ["bcc", "octet"]),
        (["cells:bcc octet"], ["bcc", "octet"]),
        (["bcc,Octet"], ["bcc", "octet"]),
        (["OCTET"], ["octet"]),
        (["CELLS:bcc , octet"], ["bcc", "octet"]),
        (["nets:pcu,DIA"], ["pcu", "dia"]),
        (["Nets:srs"], ["srs"]),
    ],
)
def test_lists_and_cases(arguments: list[str], expected: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fe", *arguments, "--density", "0.01, 0.02"]) == 0
    assert names(capsys.readouterr().out) == [(name, rho) for name in expected for rho in ("0.01", "0.02")]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("pcu", "nets:pcu is an RCSR net"),
        ("Pcu", "nets:pcu is an RCSR net"),
        ("cells:pcu", "nets:pcu is an RCSR net"),
        ("nets:Octet", "octet is a unit cell"),
        ("octet.lat", "there is no such file"),
        ("data/octet", "there is no such file"),
        ("~/octet", "there is no such file"),
        ("./", "this is a folder"),
        ("nets:", "no name follows"),
    ],
)
def test_what_is_wrong_with_a_name(name: str, reason: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fe", name]) == 2
    assert reason in capsys.readouterr().err


@pytest.mark.parametrize("kind", ["lat", "gz", "parquet", "obj"])
@pytest.mark.parametrize("way", ["-", "/dev/stdin", "file"])
def test_standard_input_is_read_whatever_it_holds(tmp_path: Path, catalogue: Path, kind: str, way: str) -> None:
    content = catalogue.read_bytes()
    if kind == "parquet":
        pytest.importorskip("pyarrow")
        read_catalogue(catalogue).to_parquet(tmp_path / "two.parquet")
        content = (tmp_path / "two.parquet").read_bytes()
    if kind == "gz":
        content = gzip.compress(content)
    if kind == "obj":
        content = OBJ.encode()
    (tmp_path / "given").write_bytes(content)
    command = [sys.executable, "-m", "fastlattice", "fe", "/dev/stdin" if way == "file" else way]
    if way == "file":
        with (tmp_path / "given").open("rb") as file:
            done = subprocess.run(command, stdin=file, capture_output=True)
    else:
        done = subprocess.run(command, input=content, capture_output=True)
    assert done.returncode == 0, done.stderr
    assert len(names(done.stdout.decode())) == (1 if kind == "obj" else 2)


def test_a_fifo_is_read_and_errors_name_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fifo = tmp_path / "pipe"
    os.mkfifo(fifo)
    for content, code, said in ((b"nonsense\n", 2, f"{fifo}:1: "), (b"", 2, "there was nothing to read")):
        writer = threading.Thread(target=fifo.write_bytes, args=[content])
        writer.start()
        assert main(["fe", str(fifo)]) == code
        writer.join()
        assert said in capsys.readouterr().err


def test_density_acts_where_a_catalogue_states_none(unstated: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fe", str(unstated)]) == 0
    assert names(capsys.readouterr().out) == [("octet", "0.01"), ("bcc", "0.01")]
    assert main(["fe", str(unstated), "--density", "0.05"]) == 0
    assert names(capsys.readouterr().out) == [("octet", "0.05"), ("bcc", "0.05")]
    assert main(["fe", str(unstated), "--density", "0.02 0.05"]) == 0
    shown = capsys.readouterr()
    assert names(shown.out) == [(name, rho) for name in ("octet", "bcc") for rho in ("0.02", "0.05")]
    assert "no effect" not in shown.err


def test_several_densities_give_the_stiffness_of_each(unstated: Path, tmp_path: Path) -> None:
    output = tmp_path / "out.lat"
    assert main(["fe", str(unstated), "--density", "0.02,0.05", "-o", str(output)]) == 0
    expected = homogenise([unit_cell(name, rho) for name in ("octet", "bcc") for rho in (0.02, 0.05)]).stiffness
    found = read_catalogue(output).columns["target"]
    assert float((found - expected).abs().max()) < 1e-12 * float(expected.abs().max())


def test_density_that_is_stated_already_is_said_to_have_no_effect(
    catalogue: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    inputs = [catalogue]
    if pytest.importorskip("pyarrow"):
        inputs.append(tmp_path / "two.parquet")
        read_catalogue(catalogue).to_parquet(inputs[1])
    for path in inputs:
        for density in ("0.2", "0.1,0.2"):
            assert main(["fe", str(path), "--density", density]) == 0
            shown = capsys.readouterr()
            assert names(shown.out) == [("octet", "0.03"), ("bcc", "0.02")]
            assert f"{path}: --density has no effect" in shown.err
        assert main(["fe", str(path)]) == 0
        assert "no effect" not in capsys.readouterr().err


def test_on_error_is_said_to_have_no_effect_on_built_in_lattices(
    catalogue: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["fe", "octet", "nets:pcu", "--on-error", "skip"]) == 0
    said = capsys.readouterr().err
    assert "octet: --on-error has no effect" in said
    assert "nets:pcu: --on-error has no effect" in said
    assert main(["fe", str(catalogue), "--on-error", "skip"]) == 0
    assert "no effect" not in capsys.readouterr().err
