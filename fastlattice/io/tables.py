"""Tables of nodes and struts in CSV: two files, or two sections of one.

The first line of a table names its columns, in any order and case, other columns are not used:

    node,x,y,z                 (or: id)             optional: radius
    strut,start,end,radius     (strut, radius: optional)  or: diameter instead of radius

Fields are apart by commas, semicolons or tabs. Of two files, one has "nodes" in its name and the other "struts" (or
"beams", "edges") in the same place; either is given, the other is found beside it.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from fastlattice.io.beams import Beams, lines_of, number
from fastlattice.lattice.wireframe import Wireframe

_NAMES = {
    **dict.fromkeys(("node", "node_id", "nodeid", "id", "number"), "node"),
    **dict.fromkeys(("strut", "strut_id", "beam", "beam_id", "edge", "element", "member"), "strut"),
    **{f"{c}{u}": c for c in "xyz" for u in ("", "_mm", " (mm)", " [mm]")},
    **dict.fromkeys(("start", "node1", "node_1", "n1", "i", "from", "source"), "start"),
    **dict.fromkeys(("end", "node2", "node_2", "n2", "j", "to", "target"), "end"),
    **dict.fromkeys(("radius", "r"), "radius"),
    **dict.fromkeys(("diameter", "d"), "diameter"),
}
_STRUTS = ("struts", "beams", "edges")


class _Row(NamedTuple):
    path: str
    line: int
    fields: dict[str, str]


def read_tables(path: str | Path) -> Wireframe:
    """Reads nodes and struts from one CSV file or from a pair.

    The radius of a strut is its own, else the mean of those at its nodes.

    Raises:
        CatalogueError: a table is malformed (file, line, reason), or one of the two is missing.
        OSError: a file cannot be opened.
    """
    beams = Beams(path)
    rows = [row for each in _files(Path(path)) for row in _rows(each)]
    radii: dict[str, float] = {}
    for row in rows:
        if "x" in row.fields:
            beams.path = row.path
            key = row.fields["node"]
            beams.node(key, [number(row.path, row.line, row.fields[c], "a coordinate") for c in "xyz"], row.line)
            radii[key] = _radius(row)
    for row in rows:
        if "start" in row.fields:
            beams.path = row.path
            start, end, radius = row.fields["start"], row.fields["end"], _radius(row)
            at_ends = radii.get(start, math.nan), radii.get(end, math.nan)
            beams.strut(start, end, at_ends if math.isnan(radius) else radius, row.line)
    beams.path = str(path)
    beams.name = Path(path).stem
    return beams.wireframe()


def _files(path: Path) -> list[Path]:
    """The file, or the file of nodes and the one of struts beside it."""
    for word in _STRUTS:
        if word in path.name.lower():
            place = path.name.lower().rindex(word)
            partner = path.with_name(path.name[:place] + "nodes" + path.name[place + len(word) :])
            return [partner, path] if partner.is_file() else [path]
    if "nodes" in path.name.lower():
        place = path.name.lower().rindex("nodes")
        partners = [path.with_name(path.name[:place] + word + path.name[place + 5 :]) for word in _STRUTS]
        return [path, *(partner for partner in partners if partner.is_file())][:2]
    return [path]


def _rows(path: Path) -> Iterator[_Row]:
    """The rows of all tables of a file, fields by the names of their columns."""
    columns: list[str] = []
    separator = ","
    for line, text in lines_of(path):
        if not text.strip(" ,;\t") or text.startswith("#"):
            continue
        if _is_header(text):
            separator = max(",;\t", key=text.count)
            columns = _columns(Beams(path), line, next(csv.reader([text], delimiter=separator)))
            continue
        if not columns:
            reason = "the first line must name the columns: node,x,y,z or start,end,radius"
            raise Beams(path).fail(line, reason)
        try:
            fields = next(csv.reader([text], delimiter=separator, strict=True))
        except csv.Error as error:
            raise Beams(path).fail(line, str(error)) from None
        if len(fields) != len(columns):
            raise Beams(path).fail(line, f"{len(fields)} fields, but the table has {len(columns)} columns")
        yield _Row(str(path), line, {name: field.strip() for name, field in zip(columns, fields, strict=True) if name})


def _is_header(text: str) -> bool:
    return any(_name(field) in ("x", "start") for field in text.replace(";", ",").replace("\t", ",").split(","))


def _name(field: str) -> str:
    return _NAMES.get(field.strip(' "').lower(), "")


def _columns(beams: Beams, line: int, header: list[str]) -> list[str]:
    """Our names of the columns, "" for those not used; pandas leaves its index, here the number, without a name."""
    names = [_name(field) for field in header]
    is_nodes = "x" in names
    if not header[0].strip():
        names[0] = "node" if is_nodes else "strut"
    for name in ("node", "x", "y", "z") if is_nodes else ("start", "end"):
        if names.count(name) != 1:
            what = "nodes" if is_nodes else "struts"
            raise beams.fail(line, f"the table of {what} needs one column {name!r}; it has {', '.join(header)[:200]}")
    if names.count("radius") + names.count("diameter") > 1:
        raise beams.fail(line, "the radius is given twice")
    return names


def _radius(row: _Row) -> float:
    for name, factor in (("radius", 1.0), ("diameter", 0.5)):
        if row.fields.get(name):
            return factor * number(row.path, row.line, row.fields[name], f"a {name}")
    return math.nan
