"""What is written: engineers' figures, notations, units, and how the results were made."""

import csv
import json
import math
from pathlib import Path

import numpy as np
import pytest

from fastlattice import LatticeBatch, __version__, elasticity, homogenise, unit_cell
from fastlattice.cli import main

# An orthotropic cell: two struts along x, one along y and z, of one radius; and its cell's shape.
SKEW = unit_cell("re_entrant", 0.05)


@pytest.fixture(autouse=True)
def _parquet() -> None:
    pytest.importorskip("pyarrow")


def records(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_engineers_figures_stand_in_every_output(tmp_path: Path) -> None:
    paths = [tmp_path / f"out{suffix}" for suffix in (".csv", ".json", ".parquet")]
    options = ["--density", "0.05", "--solid-modulus", "70"]
    assert main(["fe", "re_entrant", *options, *(part for path in paths for part in ("-o", str(path)))]) == 0
    c = homogenise(SKEW).stiffness[0].numpy() * 70
    x, y, z = np.eye(3)
    expected = {
        **{f"E_{n}_GPa": elasticity.young_modulus(c, v) for n, v in zip("xyz", (x, y, z), strict=True)},
        "G_yz_GPa": elasticity.shear_modulus(c, y, z),
        "G_xz_GPa": elasticity.shear_modulus(c, x, z),
        "G_xy_GPa": elasticity.shear_modulus(c, x, y),
        "nu_xy": elasticity.poisson_ratio(c, x, y),
        "nu_yx": elasticity.poisson_ratio(c, y, x),
        "nu_xz": elasticity.poisson_ratio(c, x, z),
        "nu_zx": elasticity.poisson_ratio(c, z, x),
        "nu_yz": elasticity.poisson_ratio(c, y, z),
        "nu_zy": elasticity.poisson_ratio(c, z, y),
        "E_min_GPa": elasticity.young_modulus_extremes(c).minimum,
        "E_max_GPa": elasticity.young_modulus_extremes(c).maximum,
        "universal_anisotropy": elasticity.universal_anisotropy(c),
    }
    assert expected["nu_zx"] != pytest.approx(expected["nu_xz"])  # the lattice tells them apart
    columns = LatticeBatch.from_parquet(paths[2]).columns
    for name, value in expected.items():
        assert float(records(paths[0])[0][name]) == pytest.approx(float(value), rel=1e-9), name
        assert json.loads(paths[1].read_text())["results"][0][name] == pytest.approx(float(value), rel=1e-9)
        assert float(columns[name][0]) == pytest.approx(float(value), rel=1e-9)


@pytest.mark.parametrize("notation", ["mandel", "voigt", "abaqus", "ansys"])
def test_notation_is_that_of_elasticity_in_every_output(tmp_path: Path, notation: str) -> None:
    paths = [tmp_path / f"out{suffix}" for suffix in (".csv", ".json", ".parquet")]
    outputs = [part for path in paths for part in ("-o", str(path))]
    assert main(["fe", "hexagonal_honeycomb", "--notation", notation, *outputs]) == 0
    stiffness = homogenise(unit_cell("hexagonal_honeycomb")).stiffness[0].numpy()
    matrix = elasticity.convert(stiffness, from_="mandel", to=notation)
    columns = LatticeBatch.from_parquet(paths[2]).columns
    for i in range(6):
        for j in range(i, 6):
            name = f"C_{i + 1}{j + 1}_{notation}_Es"
            assert float(records(paths[0])[0][name]) == pytest.approx(matrix[i, j], rel=1e-12, abs=1e-18)
            assert float(columns[name][0]) == pytest.approx(matrix[i, j], rel=1e-12, abs=1e-18)
    assert notation in json.loads(paths[1].read_text())["conventions"]["stiffness"]


def test_units(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "out.csv"
    found = []
    for options in (["--unit", "MPa"], ["--unit", "GPa"], []):
        assert main(["fe", "octet", "--solid-modulus", "110", *options, "-o", str(path)]) == 0
        (record,) = records(path)
        unit = options[1] if options else "GPa"
        found.append(float(record[f"C_11_mandel_{unit}"]))
        assert f"E_x_{unit}" in record
    assert found[0] == pytest.approx(1000 * found[1])
    assert found[2] == found[1] == pytest.approx(110 * float(homogenise(unit_cell("octet")).stiffness[0, 0, 0]))
    capsys.readouterr()
    assert main(["fe", "octet", "--unit", "MPa"]) == 2
    assert "--solid-modulus must say" in capsys.readouterr().err


def test_how_results_were_made_is_recorded_in_every_output(tmp_path: Path) -> None:
    from fastlattice.io.parquet import parquet_dataset

    paths = [tmp_path / f"out{suffix}" for suffix in (".csv", ".json", ".parquet")]
    options = ["--nu", "0.25", "--kappa", "0.8", "--discretisation", "abaqus-b31"]
    outputs = [part for path in paths for part in ("-o", str(path))]
    assert main(["fe", "octet", "bcc", *options, *outputs]) == 0
    rows = records(paths[0])
    assert [row["input"] for row in rows] == ["octet", "bcc"]
    for made in (rows[0], json.loads(paths[1].read_text())["origin"], parquet_dataset(paths[2])):
        assert float(made["nu"]) == 0.25
        assert float(made["kappa"]) == 0.8
        assert made["beam"] == "timoshenko"
        assert made["discretisation"] == "abaqus-b31"
        assert made["version"] == f"fastlattice {__version__}"
        assert made["command"].startswith("fastlattice fe octet bcc --nu 0.25")
    assert parquet_dataset(paths[2])["inputs"] == ["octet", "bcc"]
    assert main(["fe", "octet", "--beam", "euler-bernoulli", *outputs]) == 0
    made = json.loads(paths[1].read_text())["origin"]
    assert (made["kappa"], made["beam"]) == ("inf", "euler-bernoulli")


def test_a_status_code_stands_beside_the_sentence(tmp_path: Path) -> None:
    from fastlattice import Lattice, Status, write_catalogue

    sheet = Lattice(np.eye(3), [[0, 0, 0]], [[0, 0]] * 2, [[1, 0, 0], [0, 1, 0]], 0.05, "sheet")
    write_catalogue(tmp_path / "in.lat", LatticeBatch.from_lattices([unit_cell("octet"), sheet]))
    path = tmp_path / "out.csv"
    assert main(["fe", str(tmp_path / "in.lat"), "-o", str(path)]) == 1
    assert [int(row["status_code"]) for row in records(path)] == [Status.OK, Status.NOT_THREE_PERIODIC]
    assert records(path)[1]["E_x_Es"] == ""


def test_extremes_are_left_out_of_many_lattices_unless_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from fastlattice.cli import results

    monkeypatch.setattr(results, "CHEAP", 2)
    path = tmp_path / "out.csv"
    for options, known in (([], False), (["--extremes"], True), (["--no-extremes"], False)):
        assert main(["fe", "octet", "bcc", "kelvin", *options, "-o", str(path)]) == 0
        assert [row["E_max_Es"] != "" for row in records(path)] == [known] * 3
        assert ("E_min and E_max of 3 lattices were not computed" in capsys.readouterr().err) is not known
    assert main(["fe", "octet", "bcc", "-o", str(path)]) == 0
    assert all(math.isfinite(float(row["E_max_Es"])) for row in records(path))


def test_options_that_change_nothing_say_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    labelled = tmp_path / "out.lat"
    assert main(["fe", "octet", "--notation", "voigt"]) == 0
    assert "--notation has no effect: a table shows no matrix" in capsys.readouterr().err
    assert main(["fe", "octet", "--notation", "voigt", "--solid-modulus", "3", "-o", str(labelled)]) == 0
    assert f"{labelled}: --notation, --solid-modulus has no effect" in capsys.readouterr().err
    assert main(["fe", "octet", "--notation", "voigt", "-o", str(tmp_path / "out.csv")]) == 0
    assert "no effect" not in capsys.readouterr().err


def test_overlapping_struts_are_flagged_before_beams_end(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "out.csv"
    assert main(["fe", "octet", "--density", "0.01,0.08,0.1,0.5", "-o", str(path)]) == 0
    assert [row["joints_valid"] for row in records(path)] == ["True", "True", "False", "False"]
    assert [row["beam_valid"] for row in records(path)] == ["True"] * 4
    assert "struts overlap at nodes" in capsys.readouterr().out


def test_the_printed_density_is_a_column_where_it_is_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of two million points thrown at the cells 0.0879 and 0.2350 are inside; unasked, a note stands in its place."""
    command = ["fe", "octet", "--density", "0.1,0.3", "--no-extremes"]
    path = tmp_path / "octet.csv"
    assert main([*command, "--printed-density", "-o", str(path)]) == 0
    assert [float(row["printed_density"]) for row in records(path)] == pytest.approx([0.0879, 0.2350], rel=7e-3)
    shown = capsys.readouterr()
    assert "printed" in shown.out.splitlines()[0]
    assert "--printed-density" not in shown.err
    assert main([*command, "-o", str(path)]) == 0
    assert "printed_density" not in records(path)[0]
    shown = capsys.readouterr()
    assert "1 lattices have struts of r/L >= 0.1" in shown.err
    assert "printed" not in shown.out.splitlines()[0]
