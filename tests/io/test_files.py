"""`write` and `read`: what comes back, blocks as finite wireframes, surfaces, and models that CalculiX runs."""

import re
import shutil
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch

from bench.support.calculix import solved
from fastlattice import (
    CatalogueError,
    Lattice,
    LatticeBatch,
    LatticeError,
    MissingExtraError,
    homogenise,
    rcsr_net,
    read,
    unit_cell,
    write,
)
from fastlattice.io.files import FORMATS, WRITTEN, format_of, read_beams
from fastlattice.io.inp import read_inp
from fastlattice.io.tessellation import tessellated
from fastlattice.io.threemf import read_3mf
from fastlattice.io.vtk import read_vtk

lib3mf = pytest.importorskip("lib3mf")
meshio = pytest.importorskip("meshio")
pytest.importorskip("manifold3d")

BEAMS = {".3mf": 2e-6, ".ltcx": 1e-12, ".obj": 1e-12, ".vtu": 1e-12}  # of the stiffness; 3MF is in single precision
LATTICES = {
    "octet": unit_cell("octet", 0.03),
    "kelvin": unit_cell("kelvin", 0.02),
    "perturbed": unit_cell("bcc", 0.02).perturb(0.05, seed=1),
    "hexagonal": rcsr_net("qtz", 0.02),
    "two-radii": Lattice(
        np.eye(3),
        [[0.2, 0.3, 0.4]],
        [[0, 0]] * 4,
        [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1]],
        [0.02, 0.02, 0.03, 0.01],
    ),
}


def stiffness(lattice: Lattice | LatticeBatch) -> torch.Tensor:
    return homogenise(lattice).stiffness[0]


@pytest.mark.parametrize("faces", ["cut", "whole"])
@pytest.mark.parametrize("suffix", BEAMS)
@pytest.mark.parametrize("name", LATTICES)
def test_the_lattice_comes_back(tmp_path: Path, name: str, suffix: str, faces: str) -> None:
    lattice, path = LATTICES[name], tmp_path / f"a{suffix}"
    write(path, lattice, tessellate=(2, 1, 2), scale=10, faces=faces)  # type: ignore[arg-type]
    batch = read(path, cell=lattice.cell * 10 if suffix == ".vtu" else None)
    found = batch[0]
    assert (len(batch), found.num_nodes, found.num_struts) == (1, lattice.num_nodes, lattice.num_struts)
    np.testing.assert_allclose(found.cell, 10 * lattice.cell, rtol=1e-15)
    np.testing.assert_allclose(
        np.sort(found.radii), np.sort(10 * lattice.radii), rtol=1e-6 if suffix == ".3mf" else 1e-15
    )
    expected = stiffness(lattice)
    assert float((stiffness(batch) - expected).abs().max() / expected.abs().max()) < BEAMS[suffix]
    assert batch.columns["unit"][0] == ("" if suffix == ".vtu" else "mm")
    assert batch.names[0] == ("" if suffix == ".vtu" else lattice.name)


@pytest.mark.parametrize("suffix", [".3mf", ".ltcx", ".obj"])
def test_the_wireframe_comes_back(tmp_path: Path, suffix: str) -> None:
    path, block = tmp_path / f"a{suffix}", tessellated(LATTICES["octet"], 2, "cm", 3.0)
    write(path, LATTICES["octet"], tessellate=2, unit="cm", scale=3.0)
    reader = format_of(path).read_wireframe
    assert reader is not None
    frame = reader(path)
    exact = suffix != ".3mf"
    np.testing.assert_allclose(frame.nodes, block.nodes, rtol=0, atol=0 if exact else 1e-6)
    np.testing.assert_array_equal(frame.struts, block.struts)
    np.testing.assert_allclose(frame.radii, block.radii, rtol=0 if exact else 1e-6)
    np.testing.assert_array_equal(frame.cell, LATTICES["octet"].cell * 3)
    assert frame.unit == "cm"


@pytest.mark.parametrize("suffix", [*BEAMS, ".inp"])
def test_a_file_cut_short_is_an_error(tmp_path: Path, suffix: str) -> None:
    """Never a smaller lattice, wherever it ends."""
    whole, part = tmp_path / f"a{suffix}", tmp_path / f"b{suffix}"
    write(whole, LATTICES["kelvin"], tessellate=1)
    data, expected = whole.read_bytes(), read(whole, cell=np.eye(3))[0]
    ends = sorted(
        {*np.linspace(1, len(data.rstrip()) - 1, 40).astype(int), *(m.end() for m in re.finditer(b"\n", data))}
    )
    for end in ends[: len(ends) - 1 : max(1, len(ends) // 150)]:
        part.write_bytes(data[:end])
        try:
            found = read(part, cell=np.eye(3))[0]
        except CatalogueError:
            continue
        assert suffix == ".inp"  # of which the loads, after all beams, are not read
        assert found == expected


@pytest.mark.parametrize("name", ["octet", "perturbed", "hexagonal"])
@pytest.mark.parametrize("counts", [(1, 1, 1), (3, 1, 2)])
def test_a_cut_block_holds_all_material_once(name: str, counts: tuple[int, int, int]) -> None:
    """Struts in a face count half, those in an edge a quarter: then the volume is that of the cells."""
    lattice = LATTICES[name]
    block = tessellated(lattice, counts, scale=2)
    ends = (block.nodes @ np.linalg.inv(2 * lattice.cell))[block.struts]
    assert ends.min() > -1e-12
    assert (ends <= np.array(counts) + 1e-12).all()
    share = np.ones(len(block.struts))
    for d, count in enumerate(counts):
        for face in (0, count):
            share[(np.abs(ends[..., d] - face) < 1e-9).all(axis=1)] *= 0.5
    lengths = np.linalg.norm(np.diff(block.nodes[block.struts], axis=1)[:, 0], axis=1)
    material = float((share * np.pi * block.radii**2) @ lengths)
    assert material == pytest.approx(8 * np.prod(counts) * lattice.relative_density * lattice.volume, rel=1e-12)


def test_a_whole_block_has_every_strut_once() -> None:
    lattice = LATTICES["perturbed"]
    block = tessellated(lattice, (2, 3, 1), faces="whole")
    assert len(block.struts) == 6 * lattice.num_struts
    lengths = np.linalg.norm(np.diff(block.nodes[block.struts], axis=1)[:, 0], axis=1)
    np.testing.assert_allclose(np.sort(lengths), np.sort(np.tile(lattice.strut_lengths, 6)), rtol=1e-12)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ({"tessellate": 0}, "positive integers"),
        ({"tessellate": (2, 2)}, "positive integers"),
        ({"tessellate": 1.5}, "positive integers"),
        ({"tessellate": 10**7}, "more than"),
        ({"scale": 0.0}, "positive number"),
        ({"scale": float("nan")}, "positive number"),
        ({"faces": "open"}, "cut"),
    ],
)
@pytest.mark.parametrize("suffix", [".ltcx", ".stl"])
def test_arguments_that_make_no_sense(tmp_path: Path, suffix: str, arguments: dict, reason: str) -> None:
    with pytest.raises(LatticeError, match=reason):
        write(tmp_path / f"a{suffix}", LATTICES["octet"], **arguments)
    assert list(tmp_path.iterdir()) == []


def test_what_write_refuses(tmp_path: Path) -> None:
    lattice, two = LATTICES["octet"], LatticeBatch.from_lattices([LATTICES["octet"]] * 2)
    for name, error, reason in [
        ("a.json", LatticeError, r"are read, not written; written are \.lat"),
        ("a.step", CatalogueError, "no format has this suffix"),
    ]:
        with pytest.raises(error, match=reason):
            write(tmp_path / name, lattice)
    with pytest.raises(LatticeError, match="holds one lattice, the batch 2"):
        write(tmp_path / "a.obj", two)
    with pytest.raises(TypeError, match="no option balls"):
        write(tmp_path / "a.obj", lattice, balls=True)
    with pytest.raises(LatticeError, match="no tessellate"):
        write(tmp_path / "a.lat", lattice, tessellate=2)
    with pytest.raises(LatticeError, match="units um, mm"):
        write(tmp_path / "a.3mf", lattice, unit="parsec")
    with pytest.raises(LatticeError, match="too small for 3MF"):
        write(tmp_path / "a.3mf", lattice, scale=1e-5)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("suffix", [".lat", ".lat.gz", ".parquet"])
def test_formats_of_lattices(tmp_path: Path, suffix: str) -> None:
    batch = LatticeBatch.from_lattices(LATTICES.values())
    path = tmp_path / f"A{suffix.upper() if suffix == '.parquet' else suffix}"
    write(path, batch)
    assert all(batch[k] == read(path)[k] for k in range(len(batch)))
    write(path, batch[0])
    assert read(path)[0] == batch[0]


def test_a_net_is_read(tmp_path: Path) -> None:
    text = "PERIODIC_GRAPH\nNAME pcu\nEDGES\n1 1 1 0 0\n1 1 0 1 0\n1 1 0 0 1\nEND\n"
    (tmp_path / "a.cgd").write_text(text)
    batch = read(tmp_path / "a.cgd", relative_density=0.02)
    assert batch.relative_density.tolist() == [pytest.approx(0.02)]


def test_one_lattice_for_each_density_where_there_are_no_radii(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("[[0,0,0,1,0,0],[0,0,0,0,1,0],[0,0,0,0,0,1]]")
    batch = read_beams(tmp_path / "a.json", [0.01, 0.02])
    np.testing.assert_allclose(batch.relative_density, [0.01, 0.02])
    write(tmp_path / "a.ltcx", batch[0])
    assert len(read_beams(tmp_path / "a.ltcx", [0.01, 0.02])) == 1
    with pytest.raises(LatticeError, match="not a wireframe"):
        read_beams(tmp_path / "a.cgd", [0.01])


@pytest.mark.parametrize(
    ("suffix", "module"), [(".3mf", "lib3mf"), (".vtu", "meshio"), (".vtu", "meshio.vtu"), (".stl", "manifold3d")]
)
def test_libraries_that_are_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str, module: str) -> None:
    path = tmp_path / f"a{suffix}"
    write(path, LATTICES["octet"], tessellate=1)
    monkeypatch.setitem(__import__("sys").modules, module, None)
    with pytest.raises(MissingExtraError, match=r"fastlattice\[formats\]"):
        (read if module == "meshio.vtu" else write)(path, *([] if module == "meshio.vtu" else [LATTICES["octet"]]))


def test_the_registry_is_whole() -> None:
    written = {suffix for each in FORMATS for suffix in each.suffixes if each.write_wireframe}
    assert written | {".lat", ".lat.gz", ".parquet", ".stl", ".inp"} == set(WRITTEN)


# ------------------------------------------------------------------------------------------------------------- 3MF


def printed(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        return archive.read("3D/3dmodel.model").decode()


def test_what_a_printer_finds(tmp_path: Path) -> None:
    path = tmp_path / "a.3mf"
    write(path, LATTICES["two-radii"], tessellate=1, scale=10, unit="mm")
    text = printed(path)
    assert 'unit="millimeter"' in text
    assert 'requiredextensions="b"' in text
    assert 'ballmode="mixed"' in text
    assert 'ballradius="0.3"' in text  # of the balls that state none
    assert set(re.findall(r'<b2:ball vindex="\d+" r="([\d.]+)"', text)) == {"0.200000000", "0.100000000"}
    write(path, LATTICES["two-radii"], tessellate=1, scale=10, balls=False)
    text = printed(path)
    assert "ball" not in text.split("<resources>")[1]
    assert 'cap1="hemisphere" cap2="hemisphere"' in text


def made_by_lib3mf(path: Path, place: list[list[float]], clip: bool = False, beams: bool = True) -> None:
    """A beam with two radii and one with a ball, in an object that components place twice."""
    wrapper = lib3mf.get_wrapper()
    model = wrapper.CreateModel()
    model.SetUnit(lib3mf.ModelUnit.Inch)
    mesh = model.AddMeshObject()
    mesh.SetName("part")
    points = [(0, 0, 0), (1, 0, 0), (0, 1, 0)]
    mesh.SetGeometry([lib3mf.Position((lib3mf.Position().Coordinates._type_ * 3)(*p)) for p in points], [])
    if beams:
        found = []
        for (i, j), (r1, r2) in (((0, 1), (0.1, 0.3)), ((0, 2), (0.25, 0.25))):
            beam = lib3mf.Beam()
            beam.Indices[:], beam.Radii[:] = (i, j), (r1, r2)
            found.append(beam)
        mesh.BeamLattice().SetMinLength(0.001)
        mesh.BeamLattice().SetBeams(found)
        mesh.BeamLattice().SetBallOptions(int(lib3mf.BeamLatticeBallMode.Mixed), 0.4)
        ball = lib3mf.Ball()
        ball.Index, ball.Radius = 1, 0.4
        mesh.BeamLattice().AddBall(ball)
    components = model.AddComponentsObject()
    transform = wrapper.GetIdentityTransform()
    for row in range(4):
        for column in range(3):
            transform.Fields[row][column] = place[row][column]
    components.AddComponent(mesh, transform)
    components.AddComponent(mesh, wrapper.GetIdentityTransform())
    model.AddBuildItem(components, wrapper.GetTranslationTransform(0, 0, 5))
    model.QueryWriter("3mf").WriteToFile(str(path))


def test_3mf_of_other_programs(tmp_path: Path) -> None:
    """Two radii, a ball, components with a turn, a scale and a shift."""
    path = tmp_path / "a.3mf"
    made_by_lib3mf(path, [[0, 2, 0], [-2, 0, 0], [0, 0, 2], [7, 0, 0]])
    frame = read_3mf(path)
    assert frame.unit == "in"
    np.testing.assert_allclose(frame.radii, [0.4, 0.5, 0.2, 0.25], rtol=1e-6)
    ends = frame.nodes[frame.struts]
    np.testing.assert_allclose(ends[0], [[7, 0, 5], [7, 2, 5]], atol=1e-6)
    np.testing.assert_allclose(ends[1], [[7, 0, 5], [5, 0, 5]], atol=1e-6)
    np.testing.assert_allclose(ends[2], [[0, 0, 5], [1, 0, 5]], atol=1e-6)
    assert frame.notes == ("2 balls at nodes left out", "2 struts are tapered: the mean of both ends' radii is used")


def test_3mf_that_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.3mf"
    made_by_lib3mf(path, [[1, 0, 0], [0, 2, 0], [0, 0, 1], [0, 0, 0]])
    with pytest.raises(CatalogueError, match="sheared or stretched"):
        read_3mf(path)
    made_by_lib3mf(path, [[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 0]], beams=False)
    with pytest.raises(CatalogueError, match="builds no beams"):
        read_3mf(path)
    path.write_bytes(b"PK\3\4")
    with pytest.raises(CatalogueError, match="not a 3MF file"):
        read_3mf(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a", "b")
    with pytest.raises(CatalogueError, match="not a 3MF file"):
        read_3mf(path)
    with pytest.raises(FileNotFoundError):
        read_3mf(tmp_path / "b.3mf")


def test_3mf_with_a_beam_to_nowhere(tmp_path: Path) -> None:
    path, other = tmp_path / "a.3mf", tmp_path / "b.3mf"
    write(path, LATTICES["octet"], tessellate=1)
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(other, "w") as target:
        for entry in source.namelist():
            target.writestr(entry, source.read(entry).replace(b'v1="0"', b'v1="4000000000"'))
    with pytest.raises(CatalogueError):
        read_3mf(other)


# ------------------------------------------------------------------------------------------------------------- VTK


@pytest.mark.parametrize("form", ["vtu", "vtu-ascii", "vtk", "vtk42"])
@pytest.mark.parametrize("kind", ["line", "line3"])
@pytest.mark.parametrize("data", ["cells", "points", "none"])
def test_lines_as_meshio_writes_them(tmp_path: Path, form: str, kind: str, data: str) -> None:
    points = np.array([[0, 0, 0], [1, 0, 0], [0.5, 0, 0], [0, 1, 0.0]])
    chains = np.array([[0, 1, 2]]) if kind == "line3" else np.array([[0, 2], [2, 1]])
    cells = [(kind, chains), ("triangle", np.array([[0, 1, 3]]))]
    radius = [np.full(len(chains), 0.1), np.zeros(1)]
    mesh = meshio.Mesh(
        points,
        cells,
        cell_data={"radius": radius} if data == "cells" else {},
        point_data={"Radius": np.array([0.1, 0.3, 0.2, 1.0])} if data == "points" else {},
    )
    path = tmp_path / f"a.{form[:3]}"
    if form.startswith("vtu"):
        meshio.vtu.write(path, mesh, binary=form == "vtu")
    else:
        mesh.write(path, file_format=form)
    frame = read_vtk(path)
    assert frame.struts.tolist() == [[0, 2], [2, 1]]
    expected = {"cells": [0.1, 0.1], "points": [0.15, 0.25], "none": [np.nan, np.nan]}[data]
    np.testing.assert_allclose(frame.radii, expected, rtol=1e-12)
    assert frame.notes[0] == "1 cells that are not lines left out"


def test_vtk_files_that_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.vtu"
    meshio.Mesh([[0.0, 0, 0], [1, 0, 0], [0, 1, 0]], [("triangle", [[0, 1, 2]])]).write(path)
    with pytest.raises(CatalogueError, match="there are no lines"):
        read_vtk(path)
    lines = meshio.Mesh([[0.0, 0, 0], [1, 0, 0]], [("line", [[0, 1]])])
    lines.write(path, binary=False)
    text = path.read_text()
    for old, new in [
        ("<VTKFile", '<!DOCTYPE a [<!ENTITY b "c">]><VTKFile'),
        ("<VTKFile", "<VTKfile"),
        ("0\n1\n", "0\n7\n"),
        ("0\n1\n", "0\n-1\n"),
        ("</VTKFile>", ""),
        ("1.00000000000e+00", "nan"),
    ]:
        assert old in text
        path.write_text(text.replace(old, new, 1))
        with pytest.raises(CatalogueError):
            read_vtk(path)
    with pytest.raises(FileNotFoundError):
        read_vtk(tmp_path / "b.vtk")


# ------------------------------------------------------------------------------------------------------------- STL


def surface(path: Path):
    """trimesh's view of the file: a second opinion."""
    trimesh = pytest.importorskip("trimesh")
    return trimesh.load(path)


@pytest.mark.parametrize("corner", [0.0, 0.5])
@pytest.mark.parametrize("segments", [8, 32])
def test_volume_of_three_crossing_cylinders(tmp_path: Path, corner: float, segments: int) -> None:
    """The union of three cylinders of radius r at right angles in a cell of side 1 is 3 pi r^2 - 8 sqrt(2) r^3."""
    lattice = Lattice(np.eye(3), [[corner] * 3], [[0, 0]] * 3, np.eye(3, dtype=int), 0.1)
    write(tmp_path / "a.stl", lattice, tessellate=(2, 1, 1), scale=5, segments=segments)
    found = surface(tmp_path / "a.stl")
    assert found.is_watertight
    expected = 2 * 5**3 * (3 * np.pi * 0.1**2 - 8 * np.sqrt(2) * 0.1**3)
    assert found.volume == pytest.approx(expected, rel=40 / segments**4 * 16)
    np.testing.assert_allclose(found.bounds, [[0, 0, 0], [10, 5, 5]], atol=1e-5)


@pytest.mark.parametrize("name", ["octet", "kelvin", "hexagonal", "perturbed"])
def test_surfaces_are_watertight_and_hold_what_is_printed(tmp_path: Path, name: str) -> None:
    """Overlap at the nodes apart; a block of two has twice the volume of one, so that blocks stack."""
    lattice = LATTICES[name].with_relative_density(0.01)
    volumes = []
    for count in (1, 2):
        write(tmp_path / "a.stl", lattice, tessellate=(count, 1, 1), segments=8)
        found = surface(tmp_path / "a.stl")
        assert found.is_watertight
        assert found.is_winding_consistent
        volumes.append(found.volume)
    assert volumes[1] == pytest.approx(2 * volumes[0], rel=1e-5)
    assert 0.93 < volumes[0] / (lattice.relative_density * lattice.volume) < 1
    write(tmp_path / "a.stl", lattice, tessellate=1, segments=8, faces="whole")
    assert surface(tmp_path / "a.stl").is_watertight


def test_stl_refuses_odd_sides(tmp_path: Path) -> None:
    with pytest.raises(LatticeError, match="sides"):
        write(tmp_path / "a.stl", LATTICES["octet"], segments=7)


# -------------------------------------------------------------------------------------------------- .inp, periodic


def test_the_periodic_model(tmp_path: Path) -> None:
    lattice = LATTICES["two-radii"]
    path = tmp_path / "a.inp"
    write(path, lattice, tessellate=(2, 1, 1), scale=2)
    text = path.read_text()
    assert text.count("*END STEP") == 6
    assert text.count("TYPE=U1, ELSET=STRUT") == text.count("ELSET=FL_TWIN_STRUT", text.index("*MATERIAL")) == 8
    frame = read_inp(path)
    assert len(frame.struts) == 3 * 2 * lattice.num_struts
    assert frame.unit == "mm"
    np.testing.assert_array_equal(frame.cell, np.diag([4.0, 2, 2]))
    np.testing.assert_array_equal(np.unique(frame.radii), np.unique(2 * lattice.radii))
    expected = stiffness(lattice)
    torch.testing.assert_close(stiffness(read(path)), expected, rtol=0, atol=1e-9 * float(expected.max()))


def test_the_periodic_model_in_abaqus_terms(tmp_path: Path) -> None:
    path = tmp_path / "a.inp"
    write(path, LATTICES["octet"], solver="abaqus", young_modulus=110000.0, nu=0.34)
    text = path.read_text()
    assert "TYPE=B32," in text
    assert "U1" not in text
    assert "*ELASTIC\n110000,0.34\n" in text
    radius = re.search(r"SECTION=CIRC\n([^,\n]*)\n", text)
    assert radius
    assert float(radius[1]) == pytest.approx(LATTICES["octet"].radii[0], rel=1e-11)
    with pytest.raises(LatticeError, match="solver"):
        write(path, LATTICES["octet"], solver="ansys")
    with pytest.raises(LatticeError, match="not a solid"):
        write(path, LATTICES["octet"], nu=0.5)


@pytest.mark.skipif(shutil.which("ccx") is None, reason="ccx is not installed (Debian package calculix-ccx)")
@pytest.mark.parametrize("density", [0.002, 0.2], ids="density {}".format)
@pytest.mark.parametrize("name", ["octet", "kelvin", "perturbed", "hexagonal", "interpenetrating", "triclinic"])
def test_calculix_runs_it_and_agrees(tmp_path: Path, name: str, density: float) -> None:
    """Another program, other equations, slender and thick, stretched and bent: within what it prints."""
    sheared = unit_cell("bcc", 0.002)
    special = {
        "interpenetrating": Lattice(
            np.eye(3), [[0, 0, 0], [0.5] * 3], [[0, 0]] * 3 + [[1, 1]] * 3, np.tile(np.eye(3, dtype=int), (2, 1)), 0.01
        ),
        "triclinic": Lattice(
            sheared.cell @ np.array([[1, 0, 0], [0.3, 1.1, 0], [0.1, -0.2, 0.9]]),
            sheared.positions @ np.array([[1, 0, 0], [0.3, 1.1, 0], [0.1, -0.2, 0.9]]),
            sheared.struts,
            sheared.shifts,
            sheared.radii,
        ),
    }
    lattice = special.get(name) or LATTICES.get(name) or unit_cell(name)
    lattice = lattice.with_relative_density(density)
    path = tmp_path / "cell.inp"
    write(path, lattice, scale=7, unit="mm", young_modulus=2e5)
    found, expected = solved(path) / 2e5, stiffness(lattice).numpy()
    assert np.abs(found - expected).max() < 1e-3 * np.abs(expected).max()
    np.testing.assert_allclose(np.linalg.eigvalsh(found), np.linalg.eigvalsh(expected), rtol=1e-3)
