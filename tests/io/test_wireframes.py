"""Every text format of beams, as its own tools lay it out: what is read, and what malformed files get."""

import json
import math
import re
from pathlib import Path

import numpy as np
import pytest

from fastlattice import CatalogueError, LatticeError, homogenise, read, unit_cell
from fastlattice.io.files import format_of
from fastlattice.io.grid_strut import read_grid_strut
from fastlattice.io.inp import read_inp
from fastlattice.io.json_beams import read_json_beams
from fastlattice.io.ltcx import read_ltcx
from fastlattice.io.obj import read_obj
from fastlattice.io.stl import read_stl
from fastlattice.io.tables import read_tables

CORNERS = [(x, y, z) for x in (0, 1) for y in (0, 1) for z in (0, 1)]

# The body-centred cubic cell: eight struts from the middle, node 1, to the corners, nodes 2 to 9.
GRID_STRUT = (
    "//Grid  ID      x       y       z\nGRID    1       0.5     0.5     0.5     \n"
    + "".join(f"GRID    {k:<8}{x:<8}{y:<8}{z:<8}\n" for k, (x, y, z) in enumerate(CORNERS, start=2))
    + "//Strut ID      Start   End\n"
    + "".join(f"STRUT   {k:<8}1       {k + 1:<8}\n" for k in range(1, 9))
)
JSON = json.dumps({"name": "BCC", "cell_geometry": "Cubic", "beams": [[0.5, 0.5, 0.5, *c] for c in CORNERS]}, indent=2)
LTCX = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<!---->\n<graph id="0" name="cube unit" units="mm" type="rnd">\n'
    '  <nodegroup>\n    <node id="0" x=".5" y=".5" z="5e-1" r="0.05"/>\n'
    + "".join(
        f'    <node id="{k}" x="{x}" y="{y}" z="{z}" r="0.05"/>\n' for k, (x, y, z) in enumerate(CORNERS, start=1)
    )
    + "  </nodegroup>\n  <beamgroup>\n"
    + "".join(f'    <beam id="{k}" n1="0" n2="{k + 1}"/>\n' for k in range(8))
    + "  </beamgroup>\n</graph>\n"
)
OBJ = (
    "# Blender\nmtllib cell.mtl\no bcc\nv 0.5 0.5 0.5\n"
    + "".join(f"v {x:.6f} {y:.6f} {z:.6f}\n" for x, y, z in CORNERS)
    + "".join(f"l 1 {k}\n" for k in range(2, 9))
    + "l -9 -1\n"
)
TABLE = (
    "node,x,y,z\n0,0.5,0.5,0.5\n"
    + "".join(f"{k},{x},{y},{z}\n" for k, (x, y, z) in enumerate(CORNERS, start=1))
    + "\nstrut,start,end,radius\n"
    + "".join(f"{k},0,{k + 1},0.05\n" for k in range(8))
)
INP = (
    "*Heading\n** written by hand\n*Node, nset=all\n1, 0.5, 0.5, 0.5\n"
    + "".join(f"{k}, {x}., {y}., {z}.\n" for k, (x, y, z) in enumerate(CORNERS, start=2))
    + "*Element, type=B31, elset=struts\n"
    + "".join(f"{k}, 1, {k + 1}\n" for k in range(1, 9))
    + "*Beam Section, elset=struts, material=Ti, section=CIRC\n0.05\n0.3, 0.4, -1.\n"
    + "*Material, name=Ti\n*Elastic\n1., 0.3\n"
)
READERS = {
    "a.txt": (GRID_STRUT, read_grid_strut),
    "a.json": (JSON, read_json_beams),
    "a.ltcx": (LTCX, read_ltcx),
    "a.obj": (OBJ, read_obj),
    "a.csv": (TABLE, read_tables),
    "a.inp": (INP, read_inp),
}
WITH_RADII = ("a.ltcx", "a.csv", "a.inp")


def put(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", READERS)
def test_the_same_cell_in_every_format(tmp_path: Path, name: str) -> None:
    text, reader = READERS[name]
    path = put(tmp_path, name, text)
    frame = reader(path)
    middle = int(np.flatnonzero((frame.nodes == 0.5).all(1))[0])
    ends = {tuple(frame.nodes[b if a == middle else a]) for a, b in frame.struts}
    assert ends == set(CORNERS)
    assert frame.struts.shape == (8, 2)
    assert frame.notes == ()
    assert format_of(path).read_wireframe is reader
    if name in WITH_RADII:
        np.testing.assert_array_equal(frame.radii, np.full(8, 0.05))
        batch = read(path)
        expected = unit_cell("bcc", np.pi * 0.05**2 * 8 * math.sqrt(0.75))
    else:
        assert np.isnan(frame.radii).all()
        batch = read(path, relative_density=0.02)
        expected = unit_cell("bcc", 0.02)
        assert "no radii" in batch.columns["notes"][0]
    found, right = (homogenise(each).stiffness[0].numpy() for each in (batch, expected))
    np.testing.assert_allclose(found, right, rtol=0, atol=1e-12 * right.max())
    assert batch.columns["unit"][0] == ("mm" if name == "a.ltcx" else "")


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("bad", [b"", b"\0\0", b"\xff\xfe<\0g\0", b"\n", b"hello\n", b"1,2,3\n", b"[]", b"{}"])
def test_what_is_no_such_file(tmp_path: Path, name: str, bad: bytes) -> None:
    (tmp_path / name).write_bytes(bad)
    with pytest.raises(CatalogueError, match=name):
        READERS[name][1](tmp_path / name)


@pytest.mark.parametrize("name", READERS)
def test_a_file_cut_in_a_line_is_an_error(tmp_path: Path, name: str) -> None:
    text, reader = READERS[name]
    ends = [k for k in range(1, len(text.rstrip())) if text[k - 1] != "\n"]
    for k in ends[:: max(1, len(ends) // 60)]:
        with pytest.raises(CatalogueError):
            reader(put(tmp_path, name, text[:k]))


@pytest.mark.parametrize("name", READERS)
def test_line_breaks_of_other_systems_and_byte_order_marks(tmp_path: Path, name: str) -> None:
    text, reader = READERS[name]
    frame = reader(put(tmp_path, name, text))
    (tmp_path / name).write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    np.testing.assert_array_equal(reader(tmp_path / name).nodes, frame.nodes)


@pytest.mark.parametrize("number", ["nan", "inf", "1e400", "1_0", "0x1", "-1e16", "١", "", "1" * 400])
@pytest.mark.parametrize("name", READERS)
def test_numbers_that_are_none(tmp_path: Path, name: str, number: str) -> None:
    text, reader = READERS[name]
    bad = re.sub(r"0?\.5", number, text, count=1)
    with pytest.raises(CatalogueError):
        reader(put(tmp_path, name, bad))


@pytest.mark.parametrize(
    ("name", "old", "new", "line", "reason"),
    [
        ("a.txt", "STRUT   8       1       9", "STRUT   8       1       10", 19, "no such node"),
        ("a.txt", "STRUT   8       1       9", "STRUT   8       1       1", 19, "begins and ends in node 1"),
        ("a.txt", "GRID    9 ", "GRID    8 ", 10, "node 8 is given twice"),
        ("a.txt", "STRUT   8 ", "BEAM    8 ", 19, "expected GRID"),
        ("a.txt", "GRID    9 ", "GRID    -9", 10, "not the number of a node"),
        ("a.ltcx", 'n2="8"', 'n2="9"', 23, "no such node"),
        ("a.ltcx", ' n1="0"', "", 16, "no n1"),
        ("a.ltcx", 'r="0.05"', 'r="-1"', 16, "must be positive"),
        ("a.ltcx", "<!---->", '<!DOCTYPE graph [<!ENTITY a "1">]>', 2, "document type"),
        ("a.ltcx", "<graph", "<svg", 3, "not a <svg>"),
        ("a.ltcx", "</beamgroup>", "", 25, "not XML"),
        ("a.ltcx", "UTF-8", "utn-8", 1, "unknown encoding"),
        ("a.ltcx", "UTF-8", "shift_jis", 1, "not XML"),
        ("a.obj", "l 1 8", "l 1 10", 19, "no such node"),
        ("a.obj", "l 1 8", "l 1 0", 19, "not the number of a vertex"),
        ("a.obj", "l 1 8", "l 1", 19, "two vertices"),
        ("a.obj", "l 1 8", "curv2 1 8", 19, "not read"),
        ("a.csv", "7,0,8,0.05", "7,0,8", 20, "3 fields, but the table has 4 columns"),
        ("a.csv", "7,0,8,0.05", "7,0,9,0.05", 20, "no such node"),
        ("a.csv", "7,0,8,0.05", "7,0,8,0", 20, "must be positive"),
        ("a.csv", "node,x,y,z", "x,y,z", 1, "needs one column 'node'"),
        ("a.csv", "start,end", "start,stop", 12, "needs one column 'end'"),
        ("a.csv", "node,x,y,z\n", "", 1, "must name the columns"),
        ("a.inp", "8, 1, 9", "8, 1, 10", 21, "no such node"),
        ("a.inp", "8, 1, 9", "8, 1", 21, "has 2 nodes"),
        ("a.inp", "8, 1, 9", "7, 1, 9", 21, "element 7 is given twice"),
        ("a.inp", "section=CIRC", "section=RECT", 22, "only round struts"),
        ("a.inp", "*Beam Section, elset=struts", "*Beam Section, elset=others", 22, "no set 'OTHERS'"),
        ("a.inp", "\n0.05\n", "\n0.05, 0.06\n", 23, "two equal diameters"),
        ("a.inp", "*Material", "*Include, input=/etc/passwd\n*Material", 25, "not read"),
        ("a.inp", "*Material", "*Node, input=more.txt\n*Material", 25, "not read"),
        ("a.inp", "*Material", "*Ngen\n1,9,1\n*Material", 25, "not read"),
        ("a.inp", "*Material", "*Step\n*Static\n*Material", 25, "no *END STEP"),
        ("a.inp", "*Heading", "1, 2\n*Heading", 1, "before the first keyword"),
    ],
)
def test_malformed_lines_are_named(tmp_path: Path, name: str, old: str, new: str, line: int, reason: str) -> None:
    text, reader = READERS[name]
    assert old in text
    with pytest.raises(CatalogueError) as caught:
        reader(put(tmp_path, name, text.replace(old, new, 1)))
    assert reason in caught.value.reason
    assert caught.value.line == line


def test_grid_lines_without_blanks(tmp_path: Path) -> None:
    """The authors' reader goes by columns of eight characters."""
    text = GRID_STRUT.replace("0.5     0.5     0.5     ", "0.5000000.5000000.500000")
    np.testing.assert_array_equal(read_grid_strut(put(tmp_path, "a.txt", text)).nodes[0], [0.5] * 3)


def test_ltcx_in_the_layouts_of_its_samples(tmp_path: Path) -> None:
    text = LTCX.replace("graph", "lattice").replace("nodegroup", "nodes").replace("beamgroup", "beams")
    text = (
        text.replace(' r="', ' rad="')
        .replace('id="0" x', 'id="n0" x')
        .replace('n1="0"', 'n1="n0"')
        .replace('id="8" x', 'id="n8" x')
        .replace('n2="8"', 'n2="n8"')
    )
    text = text.replace("</beams>", '</beams><facegroup><face id="0" n1="n0" n2="1"/></facegroup>')
    frame = read_ltcx(put(tmp_path, "a.ltcx", text))
    assert len(frame.struts) == 8
    assert frame.name == "cube unit"
    assert frame.notes == ("1 faces left out",)
    assert format_of(put(tmp_path, "a.xml", text)).read_wireframe is read_ltcx


def test_tapered_struts_get_the_mean_and_a_note(tmp_path: Path) -> None:
    frame = read_ltcx(
        put(tmp_path, "a.ltcx", LTCX.replace('id="1" x="0" y="0" z="0" r="0.05"', 'id="1" x="0" y="0" z="0" r="0.1"'))
    )
    np.testing.assert_allclose(frame.radii, [0.075, *[0.05] * 7], rtol=1e-15)
    assert frame.notes == ("1 strut is tapered: the mean of both ends' radii is used",)


def test_entities_do_not_expand(tmp_path: Path) -> None:
    levels = "".join(f'<!ENTITY a{k} "{f"&a{k - 1};" * 10}">' for k in range(1, 12))
    bomb = f'<?xml version="1.0"?><!DOCTYPE graph [<!ENTITY a0 "lol">{levels}]><graph name="&a11;"/>'
    with pytest.raises(CatalogueError, match="document type"):
        read_ltcx(put(tmp_path, "a.ltcx", bomb))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[[0,0,0,1,1]]", "beam 0: expected"),
        ('[[0,0,0,1,1,"1 - h"]]', "expressions are not evaluated"),
        ("[[0,0,0,1,1,true]]", "not a number"),
        ("[[0,0,0,1,1,NaN]]", "NaN"),
        (f"[[0,0,0,1,1,{'9' * 5000}]]", "beams"),
        ("[" * 100000, "JSON"),
        ("[[0,0,0,0,0,0]]", "begins and ends"),
        ('{"nodes": []}', 'under "beams"'),
    ],
)
def test_json_that_is_no_beams(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(CatalogueError) as caught:
        read_json_beams(put(tmp_path, "a.json", text))
    assert reason in caught.value.reason


def test_obj_with_faces_and_polylines(tmp_path: Path) -> None:
    square = "v 0 0 0\nv 1 0 0\nv 1 1 0\nv 0 1 0 1.0\n"
    frame = read_obj(put(tmp_path, "a.obj", square + "f 1 2 3\nl 1/1 2/2 \\\n3/3\n"))
    assert frame.struts.tolist() == [[0, 1], [1, 2]]
    assert frame.notes == ("1 faces left out", "1 node that no strut uses left out")
    with pytest.raises(CatalogueError, match="a surface does not say"):
        read_obj(put(tmp_path, "a.obj", square + "f 1 2 3\n"))


def test_tables_in_two_files_as_pandas_writes_them(tmp_path: Path) -> None:
    """An index without a name counts; semicolons and a diameter in place of the radius."""
    nodes = ";x;y;z\n0;0.5;0.5;0.5\n" + "".join(f"{k};{x};{y};{z}\n" for k, (x, y, z) in enumerate(CORNERS, start=1))
    struts = ",node1,node2,diameter\n" + "".join(f"{k},0,{k + 1},0.1\n" for k in range(8))
    one = put(tmp_path, "cell_nodes.csv", nodes)
    with pytest.raises(CatalogueError, match="there are no struts"):
        read_tables(one)
    other = put(tmp_path, "cell_struts.csv", struts)
    for path in (one, other):
        frame = read_tables(path)
        assert frame.struts[:, 1].tolist() == list(range(1, 9))
        np.testing.assert_array_equal(frame.radii, np.full(8, 0.05))
    other.write_text(struts.replace("7,0,8", "7,0,9"))
    with pytest.raises(CatalogueError, match=r"cell_struts.csv:9: .* no such node"):
        read_tables(one)


CAE = """\
*Heading
*Part, name="Strut 1"
*Node
      1,           0.,           0.,           0.
      2,           1.,           0.,           0.
      3,          0.5,           0.,           0.
      4,          0.5,           1.,           0.
*Element, type=B32
1, 1, 3,
2
*Element, type=T3D2, elset=rods
 7, 3, 4
*Element, type=C3D8
9, 1,2,3,4,1,2,3,4
*Elset, elset=Set-1, generate
 1,  1000000000000,  1
*Beam Section, elset=Set-1, material=Ti, temperature=GRADIENTS,
 section=CIRC
5.D-02
0.,0.,-1.
*Solid Section, elset=rods, material=Ti
0.0314159265358979
*End Part
*Assembly, name=Assembly
*Instance, name=A, part="Strut 1"
*End Instance
*Instance, name=B, part="STRUT 1"
0., 0., 2.
0., 0., 2., 0., 0., 3., 90.
*End Instance
*Node
1, 0.5, 0., 5.
*End Assembly
*Step, name=Step-1, nlgeom=NO
*Static
*End Step
"""


def test_parts_and_instances_of_abaqus(tmp_path: Path) -> None:
    frame = read_inp(put(tmp_path, "a.inp", CAE))
    assert len(frame.struts) == 6
    assert frame.notes == ("1 lines of elements that are not beams left out",) * 2
    vectors = frame.nodes[frame.struts[:, 1]] - frame.nodes[frame.struts[:, 0]]
    np.testing.assert_allclose(vectors[:3], [[0.5, 0, 0], [0.5, 0, 0], [0, 1, 0]], atol=1e-15)
    np.testing.assert_allclose(vectors[3:], [[0, 0.5, 0], [0, 0.5, 0], [-1, 0, 0]], atol=1e-15)  # turned by 90 degrees
    np.testing.assert_allclose(frame.nodes[frame.struts[3, 0]], [0, 0, 2], atol=1e-15)
    np.testing.assert_allclose(frame.radii, [0.05, 0.05, 0.1] * 2, rtol=1e-12)
    for old, new, reason in [
        ("*End Part\n", "", "cut short"),
        ("*End Assembly\n", "", "cut short"),
        ("*Part, ", "*Parts, ", "has no beginning"),
        ("*End Step\n", "", "cut short"),
        ('part="STRUT 1"', "part=other", "no part 'other'"),
        ("0., 0., 2., 0., 0., 3., 90.", "0., 0., 2., 0., 0., 2., 90.", "no length"),
        ("*Node\n1, 0.5", "*Element, type=B31\n1,1,2\n*Node\n1, 0.5", "outside of the parts"),
    ]:
        assert old in CAE
        with pytest.raises(CatalogueError) as caught:
            read_inp(put(tmp_path, "a.inp", CAE.replace(old, new)))
        assert reason in caught.value.reason


def test_sections_in_calculix_are_diameters(tmp_path: Path) -> None:
    text = INP.replace("\n0.05\n", "\n0.1, 0.1\n").replace("B31", "B31R")
    np.testing.assert_array_equal(read_inp(put(tmp_path, "a.inp", text)).radii, np.full(8, 0.05))


def test_struts_without_a_section(tmp_path: Path) -> None:
    text = INP.replace("*Beam Section", "*Element, type=B31\n9, 2, 3\n*Beam Section")
    assert np.isnan(read_inp(put(tmp_path, "a.inp", text)).radii).sum() == 1
    with pytest.raises(CatalogueError, match="1 of 9 struts have no radius"):
        read(tmp_path / "a.inp")


def test_stl_is_declined_with_the_reason(tmp_path: Path) -> None:
    for reader in (read_stl, read):
        with pytest.raises(CatalogueError, match=r"STL holds a surface.* give the beams"):
            reader(put(tmp_path, "a.stl", "solid"))


def test_unknown_suffixes_and_contents(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=r"no format has this suffix; known are .*\.3mf"):
        read(tmp_path / "a.step")
    with pytest.raises(CatalogueError, match="neither"):
        read(put(tmp_path, "a.xml", "<svg/>"))
    with pytest.raises(LatticeError, match="are for wireframes"):
        read(put(tmp_path, "a.cgd", ""), cell=np.eye(3))
    with pytest.raises(FileNotFoundError):
        read(tmp_path / "a.ltcx")
    assert format_of(put(tmp_path, "b.txt", TABLE)).read_wireframe is read_tables
    assert format_of(put(tmp_path, "c.txt", "Name: x\n")).read_wireframe is None
