"""One `read` and one `write` for every format: `FORMATS` is the list, the suffix chooses, or the content where it must.

A format holds either lattices (.lat, .parquet, .cgd) or a wireframe, beams in space that are folded to a lattice when
they are read and that a block of cells becomes when it is written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from fastlattice.errors import CatalogueError, LatticeError
from fastlattice.io.cgd import read_cgd
from fastlattice.io.grid_strut import read_grid_strut
from fastlattice.io.inp import read_inp
from fastlattice.io.json_beams import read_json_beams
from fastlattice.io.lat import read_catalogue, write_catalogue
from fastlattice.io.ltcx import read_ltcx, write_ltcx
from fastlattice.io.metamodulus import is_metamodulus, iter_metamodulus
from fastlattice.io.obj import read_obj, write_obj
from fastlattice.io.on_error import OnError
from fastlattice.io.periodic_inp import write_periodic_inp
from fastlattice.io.stl import read_stl, write_stl
from fastlattice.io.tables import read_tables
from fastlattice.io.tessellation import Faces, tessellated
from fastlattice.io.threemf import read_3mf, write_3mf
from fastlattice.io.vtk import read_vtk, write_vtu
from fastlattice.lattice.batch import LatticeBatch
from fastlattice.lattice.lattice import Lattice
from fastlattice.lattice.strings import StringColumn
from fastlattice.lattice.wireframe import Wireframe, fold_wireframe

_HEAD = 65536  # bytes that tell a format
_MAGIC = {b"PAR1": ".parquet", b"\x1f\x8b": ".lat.gz", b"PK": ".3mf", b"# vtk DataFile": ".vtk"}
_FIRST_LINES = {  # of text, by regular expressions; what is none of these is told apart as .txt is
    r"<": ".xml",
    r"[{\[]": ".json",
    r"\*": ".inp",
    r"(CRYSTAL|PERIODIC_GRAPH)\b": ".cgd",
    r"(v|vn|o|g|mtllib)\s": ".obj",
}


@dataclass(frozen=True)
class Format:
    """A file format.

    Attributes:
        name: in words.
        suffixes: in lower case.
        read_wireframe: path -> Wireframe, or None where the format holds lattices.
        write_wireframe: (path, Wireframe, options) -> None, or None where it is not written so.
        options: of `write`, beyond those that every format has.
    """

    name: str
    suffixes: tuple[str, ...]
    read_wireframe: Callable[[str | Path], Wireframe] | None = None
    write_wireframe: Callable[..., None] | None = None
    options: tuple[str, ...] = ()


CATALOGUE = Format("catalogue of Grega et al.", (".lat", ".lat.gz", ".gz"), options=("digits",))
PARQUET = Format("lattices in Parquet", (".parquet",))
CGD = Format("nets in Systre's format", (".cgd",))
THREEMF = Format("3MF beam lattice", (".3mf",), read_3mf, write_3mf, ("balls",))
LTCX = Format("LTCX lattice graph", (".ltcx",), read_ltcx, write_ltcx)
INP = Format("input file of Abaqus or CalculiX", (".inp",), read_inp, None, ("solver", "young_modulus", "nu"))
OBJ = Format("OBJ lines", (".obj",), read_obj, write_obj)
VTU = Format("VTK lines", (".vtu",), read_vtk, write_vtu)
VTK = Format("VTK lines", (".vtk",), read_vtk)
TABLES = Format("tables of nodes and struts", (".csv",), read_tables)
JSON = Format("JSON beams", (".json",), read_json_beams)
GRID_STRUT = Format("GRID and STRUT lines", (), read_grid_strut)
STL = Format("STL surface", (".stl",), read_stl, None, ("segments",))
FORMATS = (CATALOGUE, PARQUET, CGD, THREEMF, LTCX, INP, OBJ, VTU, VTK, TABLES, JSON, GRID_STRUT, STL)
"""Every format that is read or written."""
WRITTEN = (".lat", ".lat.gz", ".parquet", ".3mf", ".ltcx", ".obj", ".vtu", ".stl", ".inp")
"""The suffixes that `write` takes."""


def suffixes() -> tuple[str, ...]:
    """All suffixes that `format_of` knows, .txt and .xml among them, whose content decides."""
    return (*(suffix for each in FORMATS for suffix in each.suffixes), ".txt", ".xml")


def format_of(path: str | Path) -> Format:
    """The format of a file: by its suffix in any case; for .txt and .xml, by its content.

    Raises:
        CatalogueError: no format has the suffix or the content.
        OSError: the content is needed and the file cannot be opened.
    """
    name = Path(path).name.lower()
    for each in FORMATS:
        if name.endswith(each.suffixes):
            return each
    if name.endswith((".txt", ".xml")):
        with Path(path).open("rb") as stream:
            head = stream.read(_HEAD).decode("utf-8", "replace")
        return _by_text(path, head) if name.endswith(".txt") else _by_xml(path, head)
    raise CatalogueError(str(path), None, f"no format has this suffix; known are {', '.join(suffixes())}")


def suffix_of(path: str | Path) -> str:
    """A suffix for a file that has none, such as what came through a pipe: of the format that its content shows.

    Raises:
        OSError: the file cannot be opened.
    """
    with Path(path).open("rb") as stream:
        head = stream.read(_HEAD)
    for magic, suffix in _MAGIC.items():
        if head.startswith(magic):
            return suffix
    lines = (line.strip() for line in head.decode("utf-8", "replace").lstrip("\ufeff").splitlines())
    first = next((line for line in lines if line and not line.startswith(("# ", "//"))), "")
    return next((suffix for pattern, suffix in _FIRST_LINES.items() if re.match(pattern, first, re.IGNORECASE)), ".txt")


def _by_text(path: str | Path, head: str) -> Format:
    lines = (line.strip() for line in head.lstrip("\ufeff").splitlines())
    first = next((line for line in lines if line and not line.startswith(("//", "#"))), "")
    if first.upper().startswith("GRID"):
        return GRID_STRUT
    columns = {field.strip(' "').lower() for field in first.replace(";", ",").replace("\t", ",").split(",")}
    return TABLES if {"x", "y", "z"} <= columns else CATALOGUE


def _by_xml(path: str | Path, head: str) -> Format:
    if "<VTKFile" in head:
        return VTU
    if "<graph" in head or "<lattice" in head:
        return LTCX
    raise CatalogueError(str(path), None, "neither an LTCX file (<graph>) nor one of VTK (<VTKFile>)")


def read(
    path: str | Path,
    relative_density: float = 0.01,
    cell: ArrayLike | None = None,
    on_error: OnError = "raise",
    **folding: Any,
) -> LatticeBatch:
    """Reads the lattices of a file of any format in `FORMATS`.

    Args:
        path: the file.
        relative_density: for lattices of which the file states neither density nor radii.
        cell: [3, 3] lattice vectors, one a row, of a wireframe; by default those that the file states, else the box.
        on_error: what to do with a malformed entry of a catalogue or a .cgd file, as for `read_catalogue`.
        folding: of a wireframe, `tolerance` and `on_faces`, as for `fold_wireframe`.

    Returns:
        The lattices with the columns name, base_name and relative_density; those of a catalogue or a Parquet file as
        `read_catalogue` or `read_parquet` return them. A wireframe gives one lattice, with the columns `unit` ("" where
        the file states none) and `notes`, sentences on what was changed or left out.

    Raises:
        CatalogueError: the file is malformed, of no known format, or holds what is not a lattice.
        LatticeError: the wireframe is not periodic, or the density is not positive.
        MissingExtraError: the format needs a library that is not installed.
        OSError: the file cannot be opened.
    """
    kind = format_of(path)
    if kind.read_wireframe is not None:
        return read_beams(path, [relative_density], cell, **folding)
    if cell is not None or folding:
        raise LatticeError(f"{path}: cell and folding are for wireframes; a {kind.name} holds lattices")
    if kind is CATALOGUE:
        return read_catalogue(path, on_error, relative_density)
    if kind is PARQUET:
        if is_metamodulus(path):
            return _packed(list(iter_metamodulus(path, [relative_density])))
        return LatticeBatch.from_parquet(path)
    return _packed(read_cgd(path, relative_density, on_error))


def read_beams(
    path: str | Path, relative_densities: Sequence[float], cell: ArrayLike | None = None, **folding: Any
) -> LatticeBatch:
    """Reads a wireframe as `read` does: one lattice, or where it has no radii one for each relative density.

    Args, errors: as for `read`.
    """
    kind = format_of(path)
    if kind.read_wireframe is None:
        raise LatticeError(f"{path}: a {kind.name} holds lattices, not a wireframe")
    wireframe = kind.read_wireframe(path)
    unknown = int(np.isnan(wireframe.radii).sum())
    if 0 < unknown < len(wireframe):
        raise CatalogueError(str(path), None, f"{unknown} of {len(wireframe)} struts have no radius")
    if unknown:
        wireframe = replace(wireframe, radii=np.ones(unknown))
    folded = fold_wireframe(wireframe, cell, **folding)
    lattices, notes = [folded.lattice], "; ".join(folded.notes)
    if unknown:
        lattices = [folded.lattice.with_relative_density(density) for density in relative_densities]
        notes += "; the file has no radii: one for all struts, by the relative density"
    return _packed(lattices).with_columns(
        unit=StringColumn.from_strings([wireframe.unit] * len(lattices)),
        notes=StringColumn.from_strings([notes.removeprefix("; ")] * len(lattices)),
    )


def _packed(lattices: Sequence[Lattice]) -> LatticeBatch:
    batch = LatticeBatch.from_lattices(lattices)
    return batch.with_columns(base_name=batch.names, relative_density=batch.relative_density)


def write(
    path: str | Path,
    lattice: Lattice | LatticeBatch,
    tessellate: int | Sequence[int] | None = None,
    unit: str = "mm",
    scale: float = 1.0,
    faces: Faces = "cut",
    **options: Any,
) -> None:
    """Writes a lattice in the format that the suffix names; the file appears whole or not at all.

    .3mf, .ltcx, .obj, .vtu: the beams of a block of cells. .stl: its surface. .inp: a periodic model of the cell, ready
    to run. .lat, .lat.gz, .parquet: the lattices themselves, of a batch any number.

    Args:
        path: the file.
        lattice: a lattice, or a batch of one.
        tessellate: cells of the block along each lattice vector, one number or three; by default 4, and 1 in .inp.
        unit: of the lengths in the file: um, mm, cm, in, ft or m. .stl and .vtu state none.
        scale: what the lattice's lengths are multiplied by, so that they are in `unit`.
        faces: "cut" ends struts in the block's faces; "whole" lets them stick out, uncut; see `tessellated`.
        options: .3mf: `balls` (default True), balls at the nodes. .stl: `segments` (16), sides of a strut. .inp:
            `solver` ("calculix", or "abaqus"), `young_modulus` (1) and `nu` (0.3) of the solid. .lat: `digits`.

    Raises:
        LatticeError: the batch does not hold one lattice, or an argument makes no sense for it or for the format.
        CatalogueError: no format has this suffix.
        MissingExtraError: the format needs a library that is not installed.
        OSError: the file cannot be written.
        TypeError: an option that the format does not have.
    """
    kind = format_of(path)
    if surplus := options.keys() - set(kind.options):
        known = ", ".join(kind.options) or "none"
        raise TypeError(f"{kind.name}: no option {', '.join(sorted(surplus))}; there is {known}")
    if kind in (CATALOGUE, PARQUET):
        if tessellate is not None or scale != 1:
            raise LatticeError(f"{path}: a {kind.name} holds cells as they are: no tessellate, no scale")
        batch = lattice if isinstance(lattice, LatticeBatch) else LatticeBatch.from_lattices([lattice])
        return write_catalogue(path, batch, **options) if kind is CATALOGUE else batch.to_parquet(path)
    if isinstance(lattice, LatticeBatch):
        if len(lattice) != 1:
            raise LatticeError(f"{path}: a {kind.name} holds one lattice, the batch {len(lattice)}: write batch[i]")
        lattice = lattice[0]
    if kind is STL:
        write_stl(path, lattice, 4 if tessellate is None else tessellate, scale, faces, **options)
    elif kind is INP:
        cells = lattice if tessellate is None else lattice.supercell(tessellate)
        write_periodic_inp(path, _scaled(cells, scale), unit, **options)
    elif kind.write_wireframe is not None:
        block = tessellated(lattice, 4 if tessellate is None else tessellate, unit, scale, faces)
        kind.write_wireframe(path, block, **options)
    else:
        raise LatticeError(f"{path}: {kind.name} are read, not written; written are {', '.join(WRITTEN)}")


def _scaled(lattice: Lattice, scale: float) -> Lattice:
    return Lattice(
        lattice.cell * scale,
        lattice.positions * scale,
        lattice.struts,
        lattice.shifts,
        lattice.radii * scale,
        lattice.name,
    )
