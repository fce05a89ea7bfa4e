"""Beam lattices in 3MF (beam lattice extension 1.2), which printers take, read and written by lib3mf.

3MF states its unit. Coordinates and radii are single-precision numbers. The lattice vectors, which 3MF knows nothing
of, stand in a metadata entry of the file. Needs the extra "formats".
"""

from __future__ import annotations

import ctypes
import math
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fastlattice._files import replacing
from fastlattice.errors import LatticeError
from fastlattice.io.beams import Beams, library, number
from fastlattice.lattice.wireframe import Wireframe

UNITS = {"um": "MicroMeter", "mm": "MilliMeter", "cm": "CentiMeter", "in": "Inch", "ft": "Foot", "m": "Meter"}
_NAMESPACE = "https://github.com/fastlattice/fastlattice"
_DIGITS = 9  # after the point; lib3mf's six would round a radius of 0.05 in its fifth digit
_LARGEST = 1 << 31  # bytes unpacked, some 20 million beams
_MOST_BEAMS = 20_000_000
_MOST_OBJECTS = 1_000_000  # built; components of components multiply


def read_3mf(path: str | Path) -> Wireframe:
    """Reads all beam lattices that a 3MF file builds, placed as it says.

    Of a strut with two radii the mean is taken. Balls at nodes, triangles and clipping meshes are left out. What is
    left out or changed is noted.

    Raises:
        CatalogueError: the file is malformed, builds no beams, or turns a round strut into one that is not.
        MissingExtraError: lib3mf is not installed.
        OSError: the file cannot be opened.
    """
    lib3mf = library("lib3mf", path)
    beams = Beams(path)
    _check_archive(beams)
    model = lib3mf.get_wrapper().CreateModel()
    try:
        reader = model.QueryReader("3mf")
        reader.SetStrictModeActive(True)
        reader.ReadFromFile(str(path))
        names = {getattr(lib3mf.ModelUnit, long): short for short, long in UNITS.items()}
        beams.unit = names[model.GetUnit()]
        _read_cell(beams, model.GetMetaDataGroup())
        left_out = dict.fromkeys(("balls at nodes", "triangles", "clipping meshes"), 0)
        for item, placed in _built(beams, model):
            _read_object(beams, item, placed, left_out)
    except lib3mf.ELib3MFException as error:
        raise beams.fail(None, f"not a 3MF file, or damaged: {error}") from None
    beams.notes += [f"{count} {what} left out" for what, count in left_out.items() if count]
    if not len(beams):
        raise beams.fail(None, "the file builds no beams: a mesh of triangles does not say where the struts are")
    return beams.wireframe()


def _check_archive(beams: Beams) -> None:
    try:
        with zipfile.ZipFile(beams.path) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
    except zipfile.BadZipFile as error:
        raise beams.fail(None, f"not a 3MF file, or damaged: {error}") from None
    if size > _LARGEST:
        raise beams.fail(None, f"the file unpacks to {size} bytes; up to {_LARGEST} are read")


def _read_cell(beams: Beams, metadata: Any) -> None:
    for index in range(metadata.GetMetaDataCount()):
        entry = metadata.GetMetaData(index)
        if (entry.GetNameSpace(), entry.GetName()) == (_NAMESPACE, "cell"):
            beams.set_cell([number(beams.path, None, token) for token in entry.GetValue().split()])


def _built(beams: Beams, model: Any) -> Iterator[tuple[Any, NDArray[np.float64]]]:
    """Mesh objects that the file builds, each with its [4, 3] placement: images of x, y and z, and a shift."""
    items = model.GetBuildItems()
    waiting, built = [], 0
    while items.MoveNext():
        item = items.GetCurrent()
        waiting.append((item.GetObjectResource(), _matrix(item.GetObjectTransform())))
    waiting.reverse()
    while waiting:
        resource, placed = waiting.pop()
        built += 1
        if built > _MOST_OBJECTS:
            raise beams.fail(None, f"the file builds more than {_MOST_OBJECTS} objects")
        if resource.IsMeshObject():
            yield resource, placed
        elif resource.IsComponentsObject():
            for index in reversed(range(resource.GetComponentCount())):
                component = resource.GetComponent(index)
                inner = _matrix(component.GetTransform())
                outer = np.vstack([inner[:3] @ placed[:3], inner[3] @ placed[:3] + placed[3]])
                waiting.append((component.GetObjectResource(), outer))
        else:
            raise beams.fail(None, "the file builds an object that is neither a mesh nor made of components")


def _matrix(transform: Any) -> NDArray[np.float64]:
    return np.array([list(row) for row in transform.Fields], dtype=np.float64)


def _read_object(beams: Beams, mesh: Any, placed: NDArray[np.float64], left_out: dict[str, int]) -> None:
    lattice = mesh.BeamLattice()
    found = lattice.GetBeams()
    left_out["triangles"] += mesh.GetTriangleCount()
    left_out["balls at nodes"] += lattice.GetBallCount()
    left_out["clipping meshes"] += int(lattice.GetClipping()[0] != 0)
    if not found:
        return
    if len(beams) + len(found) > _MOST_BEAMS:
        raise beams.fail(None, f"the file builds more than {_MOST_BEAMS} beams")
    factor = abs(np.linalg.det(placed[:3])) ** (1 / 3)
    if not np.allclose(placed[:3] @ placed[:3].T, factor**2 * np.eye(3), rtol=0, atol=1e-5 * factor**2):
        raise beams.fail(None, f"object {mesh.GetName()!r} is sheared or stretched: its struts are not round")
    beams.name = beams.name or mesh.GetName()
    first = len(beams)  # of every object, nodes are numbered from 0
    places = np.array([list(vertex.Coordinates) for vertex in mesh.GetVertices()]) @ placed[:3] + placed[3]
    for index, place in enumerate(places.tolist()):
        if not all(map(math.isfinite, place)):
            raise beams.fail(None, f"vertex {index} is not at a finite place")
        beams.node((first, index), place)
    for beam in found:
        start, end = ((first, index) for index in beam.Indices)
        radii = factor * beam.Radii[0], factor * beam.Radii[1]
        beams.strut(start, end, radii)


def write_3mf(path: str | Path, wireframe: Wireframe, balls: bool = True) -> None:
    """Writes a wireframe as one beam lattice.

    Args:
        path: the file.
        wireframe: with a unit of `UNITS`.
        balls: a ball at each node, as thick as the thickest strut there, and struts that end flat; else every strut
            ends in a hemisphere's cap of its own.

    Raises:
        LatticeError: the unit is not one of 3MF's, or lengths do not fit its numbers.
        MissingExtraError: lib3mf is not installed.
        OSError: the file cannot be written.
    """
    lib3mf = library("lib3mf", path)
    if wireframe.unit not in UNITS:
        raise LatticeError(f"3MF has the units {', '.join(UNITS)}, not {wireframe.unit!r}")
    if len(wireframe.radii) and not wireframe.radii.min() >= 10.0 ** (4 - _DIGITS):
        raise LatticeError(
            f"a radius of {wireframe.radii.min():.3g} {wireframe.unit} is too small for 3MF: choose another unit"
        )
    wrapper = lib3mf.get_wrapper()
    model = wrapper.CreateModel()
    model.SetUnit(getattr(lib3mf.ModelUnit, UNITS[wireframe.unit]))
    if wireframe.cell is not None:
        numbers = " ".join(map(repr, wireframe.cell.reshape(-1).tolist()))
        model.GetMetaDataGroup().AddMetaData(_NAMESPACE, "cell", numbers, "xs:string", True)
    mesh = model.AddMeshObject()
    mesh.SetName(wireframe.name)
    mesh.SetGeometry([_filled(lib3mf.Position(), Coordinates=place) for place in wireframe.nodes.tolist()], [])
    lattice = mesh.BeamLattice()
    cap = int(lib3mf.BeamLatticeCapMode.Butt if balls else lib3mf.BeamLatticeCapMode.HemiSphere)
    lattice.SetBeams(
        [
            _filled(lib3mf.Beam(), Indices=strut, Radii=(radius, radius), CapModes=(cap, cap))
            for strut, radius in zip(wireframe.struts.tolist(), wireframe.radii.tolist(), strict=True)
        ]
    )
    if balls:
        thickest = np.zeros(len(wireframe.nodes))
        np.maximum.at(thickest, wireframe.struts, wireframe.radii[:, None])
        lattice.SetBallOptions(int(lib3mf.BeamLatticeBallMode.Mixed), float(thickest.max()))
        lattice.SetBalls(
            [_filled(lib3mf.Ball(), Index=index, Radius=radius) for index, radius in enumerate(thickest.tolist())]
        )
    model.AddBuildItem(mesh, wrapper.GetIdentityTransform())
    writer = model.QueryWriter("3mf")
    writer.SetDecimalPrecision(_DIGITS)
    with replacing(path) as temporary:
        writer.WriteToFile(str(temporary))


def _filled(structure: ctypes.Structure, **fields: Any) -> ctypes.Structure:
    for name, value in fields.items():
        if isinstance(value, list | tuple):
            getattr(structure, name)[:] = value
        else:
            setattr(structure, name, value)
    return structure
