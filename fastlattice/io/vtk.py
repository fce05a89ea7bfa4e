"""Lines in VTK's files .vtu and .vtk, read and written by meshio (extra "formats").

Radii are cell data `radius` or `radii`, or point data of that name. VTK's files have no place for a unit.
"""

from __future__ import annotations

import math
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from fastlattice._files import replacing
from fastlattice.io.beams import Beams, library
from fastlattice.lattice.wireframe import Wireframe

_RADII = ("radius", "radii", "Radius", "Radii")
_HEAD = 4096  # bytes; a document type declaration stands before the first element


def read_vtk(path: str | Path) -> Wireframe:
    """Reads the lines of an unstructured grid; other cells are left out, with a note.

    The radius of a strut is its own, else the mean of those at its points.

    Raises:
        CatalogueError: meshio cannot read the file, or it holds no lines.
        MissingExtraError: meshio is not installed.
        OSError: the file cannot be opened.
    """
    beams = Beams(path)
    with Path(path).open("rb") as stream:
        head = stream.read(_HEAD)
    suffix = Path(path).suffix.lower()
    before, found, _ = head.partition(b"<VTKFile")
    if suffix == ".vtu" and (not found or b"<!DOCTYPE" in before):
        raise beams.fail(None, "not a VTK file: it must begin with <VTKFile>, without a document type declaration")
    reader = library("meshio.vtu" if suffix == ".vtu" else "meshio.vtk", path)
    try:
        mesh = reader.read(str(path))
    except Exception as error:  # meshio lets any error of its parsing through
        raise beams.fail(None, f"meshio cannot read it: {error or type(error).__name__}") from None
    return _wireframe(beams, mesh)


def _wireframe(beams: Beams, mesh: Any) -> Wireframe:
    points = np.asarray(mesh.points, dtype=np.float64)
    if points.ndim != 2 or points.shape[1] != 3 or not np.isfinite(points).all():
        raise beams.fail(None, "the points are not triples of finite numbers")
    for index, place in enumerate(points.tolist()):
        beams.node(index, place)
    at_points = _radii(beams, mesh.point_data, len(points))
    left_out = 0
    for block, cells in enumerate(mesh.cells):
        if cells.type not in ("line", "line3"):
            left_out += len(cells.data)
            continue
        own = _radii(beams, {name: data[block] for name, data in mesh.cell_data.items()}, len(cells.data))
        for row, chain in enumerate(cells.data.tolist()):
            if cells.type == "line3":  # both ends, then the middle
                chain = [chain[0], chain[2], chain[1]]
            for start, end in pairwise(chain):
                radius: Any = math.nan
                if own is not None:
                    radius = own[row]
                elif at_points is not None:
                    radius = at_points.get(start, math.nan), at_points.get(end, math.nan)
                beams.strut(start, end, radius)
    if left_out:
        beams.notes.append(f"{left_out} cells that are not lines left out")
    if not len(beams):
        raise beams.fail(None, "there are no lines: a surface or a solid does not say where the struts are")
    return beams.wireframe()


def _radii(beams: Beams, data: dict[str, Any], count: int) -> dict[int, float] | None:
    for name in _RADII:
        if name in data:
            values = np.asarray(data[name], dtype=np.float64)
            if values.shape not in ((count,), (count, 1)) or not np.isfinite(values).all():
                raise beams.fail(None, f"the data {name!r} are not one finite number each")
            return dict(enumerate(values.reshape(-1).tolist()))
    return None


def write_vtu(path: str | Path, wireframe: Wireframe) -> None:
    """Writes a wireframe as lines with cell data `radius`, numbers exact.

    Raises:
        MissingExtraError: meshio is not installed.
        OSError: the file cannot be written.
    """
    meshio = library("meshio", path)
    mesh = meshio.Mesh(wireframe.nodes, [("line", wireframe.struts)], cell_data={"radius": [wireframe.radii]})
    with replacing(path) as temporary:
        meshio.vtu.write(str(temporary), mesh)
