"""Beams in JSON, [[x1, y1, z1, x2, y2, z2], ...], as pyLattice's geometries hold them under "beams"."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from fastlattice.io.beams import Beams, number, text_of
from fastlattice.lattice.wireframe import Wireframe


def read_json_beams(path: str | Path) -> Wireframe:
    """Reads a list of beams, or an object that has one under "beams" (and a "name").

    Ends at exactly the same place are one node. Radii are not part of the format. Coordinates that are expressions,
    as some of pyLattice's geometries have, are refused.

    Raises:
        CatalogueError: the file is malformed, with the beam and the reason.
        OSError: the file cannot be opened.
    """
    beams = Beams(path)
    try:
        content = json.loads(text_of(path), parse_constant=_refuse)
    except json.JSONDecodeError as error:
        raise beams.fail(error.lineno, f"not JSON to its end: {error.msg}") from None
    except (ValueError, RecursionError) as error:  # numbers of thousands of digits, thousands of brackets
        raise beams.fail(None, f"not JSON of beams: {error}") from None
    if isinstance(content, dict):
        beams.name = str(content.get("name", ""))
        content = content.get("beams")
    if not isinstance(content, list):
        raise beams.fail(None, 'expected a list of beams, or an object that has one under "beams"')
    for index, beam in enumerate(content):
        if not isinstance(beam, list) or len(beam) != 6:
            raise beams.fail(None, f"beam {index}: expected [x1, y1, z1, x2, y2, z2]")
        values = [_coordinate(beams, index, value) for value in beam]
        ends = tuple(values[:3]), tuple(values[3:])
        for end in ends:
            if end not in beams:
                beams.node(end, end)
        beams.strut(*ends)
    return beams.wireframe()


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is not a number")


def _coordinate(beams: Beams, index: int, value: Any) -> float:
    if isinstance(value, str):
        reason = f"beam {index}: {value[:40]!r} is an expression; expressions are not evaluated, give its number"
        raise beams.fail(None, reason)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise beams.fail(None, f"beam {index}: a coordinate is not a number")
    return number(beams.path, None, repr(value), f"a coordinate (beam {index})") + 0.0  # -0.0 is 0.0
