"""The layout of Unit_Cell_Catalog.txt (Lumpe and Stankovic): text written by hand in it."""

import pytest
import torch

from fastlattice import CatalogueError, homogenise, iter_catalogue, read_catalogue, unit_cell
from tests.io.test_lat_read import assert_same

RULE = "-" * 89
CORNERS = "\n".join(f"{x}.00000 {y}.00000 {z}.00000" for z in (0, 1) for x in (0, 1) for y in (0, 1))
EDGES = "1 5\n1 2\n1 3\n2 6\n2 4\n3 7\n3 4\n4 8\n5 6\n5 7\n6 8\n7 8"


def entry(name: str, young: str = "3.34E-03", bars: str = EDGES) -> str:
    return f"""{RULE}
Name: {name}

Normalized unit cell parameters (a,b,c,alpha,beta,gamma):
1.00000, 1.00000, 1.00000, 90.00000, 90.00000, 90.00000

Average connectivity Z_avg = 6.00
Ex = {young}, Ey = 3.35E-03, Ez = 3.36E-03
Gyz = 5.31E-06, Gxz = 5.32E-06, Gxy = 5.33E-06

Nodal positions:
{CORNERS}

Bar connectivities:
{bars}
"""


HEAD = "A catalogue of two lattices\nwith a second line\n"


@pytest.fixture
def write(tmp_path):
    def written(text: str, newline: str = "\n"):
        path = tmp_path / "Unit_Cell_Catalog.txt"
        path.write_text(text, newline=newline)
        return path

    return written


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("end", ["", RULE, RULE + "\n\n"])
def test_a_window_of_the_cubic_cell(write, end, newline):
    batch = read_catalogue(
        write(HEAD + entry("cub_Z06.0_E1") + entry("again", "1e-3") + end, newline), default_density=0.01
    )
    assert list(batch.names) == ["cub_Z06.0_E1", "again"]
    cubic = homogenise(unit_cell("simple_cubic", 0.01)).stiffness
    assert (homogenise(batch).stiffness - cubic).abs().max() < 1e-15
    assert batch.columns["young"].tolist() == [[3.34e-3, 3.35e-3, 3.36e-3], [1e-3, 3.35e-3, 3.36e-3]]
    assert batch.columns["shear"][0].tolist() == [5.31e-6, 5.32e-6, 5.33e-6]


def test_pieces_are_the_whole(write):
    path = write(HEAD + "".join(entry(f"net {n}", f"{n}.5e-3") for n in range(50)) + RULE)
    whole = read_catalogue(path)
    parts = list(iter_catalogue(path, 7))
    assert [len(part) for part in parts] == [7] * 7 + [1]
    for start, part in zip(range(0, 50, 7), parts, strict=True):
        assert_same(part, whole[start : start + 7])
    assert whole.columns["young"][:, 0].tolist() == [float(f"{n}.5e-3") for n in range(50)]


def test_a_missing_modulus_is_nan(write):
    batch = read_catalogue(write(HEAD + entry("x").replace("Ex = 3.34E-03, ", "")))
    assert torch.isnan(batch.columns["young"][0]).tolist() == [True, False, False]


@pytest.mark.parametrize(
    ("bars", "line", "reason"),
    [("0 1", 24, "no node 0: the 8 nodes count from 1"), ("1 9", 24, "no node 9"), ("1 x", 24, "x")],
)
def test_errors_name_the_line_of_the_file(write, bars, line, reason):
    with pytest.raises(CatalogueError, match=reason) as error:
        read_catalogue(write(HEAD + entry("x", bars=bars)))
    assert error.value.line == 24
    assert error.value.entry == "x"
