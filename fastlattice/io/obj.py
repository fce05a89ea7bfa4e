"""Wavefront OBJ: vertices `v` and polylines `l`.

OBJ has no place for radii, units and cells. `write_obj` puts them into comments that begin with "# fastlattice",
which `read_obj` understands and other programs skip.
"""

from __future__ import annotations

import math
import re
from itertools import pairwise
from pathlib import Path

from fastlattice._files import replacing
from fastlattice.io.beams import Beams, lines_of, number
from fastlattice.lattice.wireframe import Wireframe

_INDEX = re.compile(r"[+-]?\d{1,18}")
_OTHERS = frozenset(("vt", "vn", "vp", "g", "s", "mg", "usemtl", "mtllib", "lod"))


def read_obj(path: str | Path) -> Wireframe:
    """Reads the lines of an OBJ file; faces beside them are left out, with a note.

    Raises:
        CatalogueError: the file is malformed, with line and reason, or holds faces only.
        OSError: the file cannot be opened.
    """
    beams = Beams(path)
    vertices, faces, radius, joined = 0, 0, math.nan, ""
    for line, text in lines_of(path):
        if text.endswith("\\"):
            joined += text[:-1] + " "
            continue
        text, joined = joined + text, ""
        if text.startswith("# fastlattice "):
            words = text.split()[2:]
            if words[:1] == ["radius"] and len(words) == 2:
                radius = number(path, line, words[1], "a radius")
            beams.remark(line, words)
            continue
        fields = text.split("#", 1)[0].split()
        if not fields:
            continue
        kind, values = fields[0], fields[1:]
        if kind == "v":
            if len(values) not in (3, 4, 6, 7):  # a weight or a colour may follow
                raise beams.fail(line, f"a vertex has x y z, not {len(values)} numbers")
            vertices += 1
            beams.node(vertices, [number(path, line, value, "a coordinate") for value in values[:3]], line)
        elif kind == "l":
            chain = [_vertex(beams, line, value, vertices) for value in values]
            if len(chain) < 2:
                raise beams.fail(line, "a line has two vertices or more")
            for start, end in pairwise(chain):
                beams.strut(start, end, radius, line)
        elif kind == "f":
            faces += 1
        elif kind == "o":
            beams.name = beams.name or " ".join(values)
        elif kind not in _OTHERS:
            raise beams.fail(line, f"{kind[:40]!r} is not read: only vertices (v) and lines (l) are")
    if faces and not len(beams):
        raise beams.fail(None, f"there are {faces} faces and no lines (l): a surface does not say where the struts are")
    if faces:
        beams.notes.append(f"{faces} faces left out")
    return beams.wireframe()


def _vertex(beams: Beams, line: int, token: str, vertices: int) -> int:
    """A vertex's number from 1; negative ones count back from the last, texture coordinates are dropped."""
    token = token.split("/", 1)[0]
    if not _INDEX.fullmatch(token) or int(token) == 0:
        raise beams.fail(line, f"{token[:40]!r} is not the number of a vertex")
    return int(token) if int(token) > 0 else vertices + 1 + int(token)


def write_obj(path: str | Path, wireframe: Wireframe) -> None:
    """Writes a wireframe as vertices and lines, numbers exact; what OBJ has no place for stands in comments.

    Raises:
        OSError: the file cannot be written.
    """
    with replacing(path) as temporary, temporary.open("w", encoding="utf-8") as stream:
        stream.write(f"# fastlattice struts {len(wireframe)}\n")
        if wireframe.unit:
            stream.write(f"# fastlattice unit {wireframe.unit}\n")
        if wireframe.cell is not None:
            stream.write(f"# fastlattice cell {' '.join(map(repr, wireframe.cell.reshape(-1).tolist()))}\n")
        if wireframe.name.strip():
            stream.write(f"o {' '.join(wireframe.name.split())}\n")
        for x, y, z in wireframe.nodes.tolist():
            stream.write(f"v {x!r} {y!r} {z!r}\n")
        last = math.nan
        for (start, end), radius in zip((wireframe.struts + 1).tolist(), wireframe.radii.tolist(), strict=True):
            if radius != last:
                stream.write(f"# fastlattice radius {radius!r}\n")
                last = radius
            stream.write(f"l {start} {end}\n")
