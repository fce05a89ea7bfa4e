"""Unit cells as GRID and STRUT lines, the text format of Dong, Tang and Zhao's homogenisation code.

`GRID id x y z` and `STRUT id start end`, from 1, in the units of the cell; lines that begin with // are comments.
G. Dong, Y. Tang, Y. F. Zhao, A 149 line homogenization code for three-dimensional cellular materials written in
MATLAB, J. Eng. Mater. Technol. 141 (2019) 011005.
"""

from __future__ import annotations

from pathlib import Path

from fastlattice.io.beams import Beams, lines_of, number
from fastlattice.lattice.wireframe import Wireframe

_WIDTH = 8  # characters of a field; the authors' reader goes by columns


def read_grid_strut(path: str | Path) -> Wireframe:
    """Reads GRID and STRUT lines, fields apart by blanks or, as the authors' reader takes them, 8 characters wide.

    Raises:
        CatalogueError: the file is malformed, with line and reason.
        OSError: the file cannot be opened.
    """
    beams = Beams(path)
    struts = []
    for line, text in lines_of(path):
        if not text.strip() or text.lstrip().startswith("//"):
            continue
        fields = _fields(text)
        kind = fields[0].upper()
        if kind == "GRID" and len(fields) == 5:
            place = [number(path, line, field, "a coordinate") for field in fields[2:]]
            beams.node(_whole(beams, line, fields[1]), place, line)
        elif kind == "STRUT" and len(fields) == 4:
            struts.append((_whole(beams, line, fields[2]), _whole(beams, line, fields[3]), line))
        else:
            raise beams.fail(line, "expected GRID id x y z or STRUT id start end")
    for start, end, line in struts:
        beams.strut(start, end, line=line)
    return beams.wireframe()


def _fields(text: str) -> list[str]:
    fields = text.split()
    if len(fields) == {"GRID": 5, "STRUT": 4}.get(fields[0].upper()):
        return fields
    columns = [text[k : k + _WIDTH].strip() for k in range(0, len(text.rstrip()), _WIDTH)]
    return columns if all(columns) else fields


def _whole(beams: Beams, line: int, token: str) -> int:
    if not (token.isdecimal() and token.isascii() and 0 < len(token) < 19):
        raise beams.fail(line, f"{token[:40]!r} is not the number of a node")
    return int(token)
