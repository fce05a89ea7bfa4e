"""Material cards: the numbers of the programs' notations, in the user's units."""

import csv
import io
import json
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from fastlattice import LatticeBatch, conductivity, homogenise, unit_cell, write_catalogue
from fastlattice.cli import main


def numbers_after(text, keyword):
    """All numbers of the lines after a keyword, up to the next keyword or comment."""
    block = text[text.index(keyword) :].split("\n", 1)[1]
    return [float(x) for x in re.split(r"[,\n]\s*", re.split(r"^[*!]", block, flags=re.M)[0]) if x]


def card(capsys, *arguments):
    assert main(["card", "simple_cubic", "--density", "0.03", *arguments]) == 0
    return capsys.readouterr().out


def test_csv_and_json_are_one_table(capsys):
    solid = ["--solid-modulus", "100", "--solid-conductivity", "5", "--solid-yield", "3", "--solid-density", "2"]
    (row,) = csv.DictReader(io.StringIO(card(capsys, *solid)))
    (same,) = json.loads(card(capsys, *solid, "--format", "json"))["rows"]
    assert {key: value == "True" if key.endswith("valid") else float(value) for key, value in row.items()} == same
    assert same["C_11_voigt"] == pytest.approx(1, rel=1e-12)  # a third of the density, times the solid's modulus
    assert same["k_22"] == pytest.approx(0.05, rel=1e-12)
    assert same["density"] == pytest.approx(0.06)
    assert 0 < same["first_yield"] < 0.03


@pytest.mark.parametrize(
    ("program", "elastic", "conductivity", "places"),
    [
        ("abaqus", "*ELASTIC, TYPE=ANISOTROPIC", "*CONDUCTIVITY, TYPE=ANISO", (0, 2, 5)),
        ("calculix", "*ELASTIC, TYPE=ANISO", "*CONDUCTIVITY, TYPE=ANISO", (0, 1, 2)),
    ],
)
def test_keyword_cards(capsys, program, elastic, conductivity, places):
    text = card(capsys, "--format", program, "--solid-modulus", "100")
    values = numbers_after(text, elastic + "\n")
    assert len(values) == 21
    shear = 100 * homogenise(unit_cell("simple_cubic").with_relative_density(0.03)).stiffness[0, 3, 3].item() / 2
    # D1111, D1122, D2222, D1133, D2233, D3333, ...: by columns of the upper triangle
    np.testing.assert_allclose([values[k] for k in (0, 2, 5)], 1, rtol=1e-8)
    np.testing.assert_allclose([values[k] for k in (9, 14, 20)], shear, rtol=1e-8)
    k = numbers_after(text, conductivity + "\n")
    expected = np.zeros(6)
    expected[list(places)] = 0.01
    np.testing.assert_allclose(k, expected, atol=1e-12)


def test_ansys(capsys):
    text = card(capsys, "--format", "ansys", "--solid-modulus", "100")
    values = [float(x) for line in re.findall(r"^TBDATA,\d+,(.*)$", text, re.M) for x in line.split(",")]
    assert len(values) == 21
    np.testing.assert_allclose([values[k] for k in (0, 6, 11)], 1, rtol=1e-8)  # D11, D22, D33 by rows
    assert "MP,KXX,1,0.01" in text
    assert "not diagonal" not in text


@pytest.mark.parametrize(("program", "sign"), [("abaqus", "**"), ("calculix", "**"), ("ansys", "!")])
def test_cards_say_where_beam_theory_ends(capsys, program, sign):
    """Of three densities the second overlaps at its nodes, and the third is too thick as well."""
    assert main(["card", "simple_cubic", "--density", "0.01,0.2,0.8", "--format", program]) == 0
    notes = re.findall(rf"^{re.escape(sign)} beyond beam theory: (.*)$", capsys.readouterr().out, re.M)
    assert notes == ["struts overlap at nodes", "thick struts"]
    assert main(["card", "simple_cubic", "--density", "0.01,0.2,0.8"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["beam_valid"] for row in rows] == ["True", "True", "False"]
    assert [row["joints_valid"] for row in rows] == ["True", "False", "False"]


def test_one_lattice_each_density_a_material(capsys, tmp_path):
    path = tmp_path / "octet.inp"
    assert main(["card", "octet", "--density", "0.01,0.1", "--format", "abaqus", "-o", str(path)]) == 0
    assert path.read_text().count("*MATERIAL, NAME=OCTET_0P") == 2
    assert main(["card", "cells:octet,kelvin"]) == 2
    assert "one lattice" in capsys.readouterr().err


CORNERS = np.array([(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0), (0, 0, 1), (1, 0, 1), (1, 1, 1), (0, 1, 1)])


def calculix(folder: Path, material: str, step: str, values: dict[int, np.ndarray], printed: str) -> list[float]:
    """What CalculiX prints of a cube of the material, its corners held to values by degree of freedom."""
    name = re.search(r"NAME=(\S+)", material)[1]
    lines = ["*NODE, NSET=ALL", *(f"{n}, {x}, {y}, {z}" for n, (x, y, z) in enumerate(CORNERS, 1))]
    lines += ["*ELEMENT, TYPE=C3D8, ELSET=CUBE", "1, 1, 2, 3, 4, 5, 6, 7, 8", material.strip()]
    lines += [f"*SOLID SECTION, ELSET=CUBE, MATERIAL={name}", "*INITIAL CONDITIONS, TYPE=TEMPERATURE", "ALL, 0"]
    lines += ["*STEP", step, "*BOUNDARY"]
    lines += [f"{n}, {d}, {d}, {value:.17g}" for d, held in values.items() for n, value in enumerate(held, 1)]
    lines += ["*EL PRINT, ELSET=CUBE", printed, "*END STEP"]
    (folder / "cube.inp").write_text("\n".join(lines) + "\n")
    subprocess.run(["ccx", "cube"], cwd=folder, check=True, capture_output=True)
    row = (folder / "cube.dat").read_text().strip().splitlines()[2]
    return [float(x) for x in row.split()[2:]]


@pytest.mark.skipif(shutil.which("ccx") is None, reason="ccx is not installed (Debian package calculix-ccx)")
def test_calculix_reads_the_tensors(capsys, tmp_path):
    """A lattice without symmetry: all 21 and all six numbers differ."""
    lattice = unit_cell("octet", 0.05).perturb(0.1, 3)
    write_catalogue(tmp_path / "one.lat", LatticeBatch.from_lattices([lattice]))
    assert main(["card", str(tmp_path / "one.lat"), "--density", "0.05", "--format", "calculix"]) == 0
    material = capsys.readouterr().out
    exact = lattice.with_relative_density(0.05)
    k, C = conductivity(exact).conductivity[0].numpy(), homogenise(exact).stiffness[0].numpy()
    for axis in range(3):
        found = calculix(tmp_path, material, "*HEAT TRANSFER, STEADY STATE", {11: CORNERS[:, axis]}, "HFL")
        np.testing.assert_allclose(-np.array(found), k[axis], rtol=1e-5, atol=1e-6 * k.max())
    root = np.sqrt([1, 1, 1, 2, 2, 2])
    mandel = ((0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (0, 1))
    for m, (i, j) in enumerate(mandel):
        strain = np.zeros((3, 3))
        strain[i, j] = strain[j, i] = 1e-3 if i == j else 0.5e-3
        moved = CORNERS @ strain
        xx, yy, zz, xy, xz, yz = calculix(tmp_path, material, "*STATIC", {d + 1: moved[:, d] for d in range(3)}, "S")
        expected = C[:, m] / root * (1e-3 / root[m])
        np.testing.assert_allclose([xx, yy, zz, yz, xz, xy], expected, rtol=1e-5, atol=1e-6 * abs(C).max() * 1e-3)
