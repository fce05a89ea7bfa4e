"""Nets in Systre's .cgd format: text, one `Crystal` for each CRYSTAL block, lattices.

The format is that of Delgado-Friedrichs' Systre (gavrog.org, "Systre Help"): blocks from a type to END, one entry a
line, keywords in any case, a line that does not begin with a letter continues the last keyword, # comments, "quotes".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from fastlattice.errors import CatalogueError, LatticeError
from fastlattice.lattice import Lattice
from fastlattice.topologies.asymmetric_unit import DECIMALS, RESOLUTION, Crystal, Edge, Node, Point
from fastlattice.topologies.crystal import cell_matrix, expand
from fastlattice.topologies.nets import checked_densities

_TOKEN = re.compile(r'\s*(?:#.*|"([^"]*)"(?=[\s#]|$)|([^\s#"]+)(?=[\s#]|$))')
_NUMBER = re.compile(r"[+-]?(?:\d{1,20}(?:\.\d{0,30})?|\.\d{1,30})(?:[eE][+-]?\d{1,2})?|[+-]?\d{1,12}/0*[1-9]\d{0,11}")
_KEYWORDS = {
    **dict.fromkeys(("node", "nodes", "atom", "atoms", "vertex", "vertices", "vertexes"), "node"),
    **dict.fromkeys(("edge", "edges", "bond", "bonds"), "edge"),
    **dict.fromkeys(("group", "spacegroup", "space_group"), "group"),
    **dict.fromkeys(("name", "id"), "name"),
    "cell": "cell",
    **dict.fromkeys((f"edge{_}{c}{s}" for _ in ("", "_") for c in ("center", "centre") for s in ("", "s")), "centre"),
    **dict.fromkeys((f"coordination{_}sequence{s}" for _ in ("", "_") for s in ("", "s")), "ignored"),
    "cs": "ignored",
}
_NOT_READ = {
    "periodic_graph": "a PERIODIC_GRAPH has no coordinates",
    "net": "a NET has no cell and no coordinates",
    "tiling": "a TILING is given by its faces",
}


def read_cgd(path: str | Path, relative_density: float = 0.01) -> list[Lattice]:
    """Reads the nets of a .cgd file (Systre's format), one for each CRYSTAL block; needs the extra "cgd".

    Space groups are expanded; origin choice 2 and, by the angles, hexagonal or rhombohedral axes are taken where the
    symbol does not say. Coordinates and cell are first made to fit the group exactly, from up to 2e-3 of the largest
    cell constant away. Edges may name nodes or places; a block without any connects nearest neighbours, as Systre
    does. EDGE_CENTER and coordination sequences are not used. Lengths stay in the file's unit.

    Args:
        path: the file.
        relative_density: density that the one radius of all struts is chosen for.

    Raises:
        CatalogueError: with file, line, net and reason.
        LatticeError: the density is not positive.
        MissingExtraError: gemmi is not installed.
    """
    (density,) = checked_densities(float(relative_density)).tolist()
    try:
        text = Path(path).read_bytes().decode()
    except UnicodeDecodeError as error:
        raise CatalogueError(str(path), None, f"not a text file: {error}") from None
    lattices = []
    for crystal in parse_cgd(text, str(path)):
        net = expand(crystal)
        if not len(net.struts):
            raise crystal.fail(crystal.line, "the net has no struts")
        cell, fractional = cell_matrix(net.constants), net.places / RESOLUTION
        try:
            lattice = Lattice.from_fractional(cell, fractional, net.struts, net.shifts, 1.0, net.name)
            lattices.append(lattice.with_relative_density(density))
        except LatticeError as error:
            raise crystal.fail(crystal.line, str(error)) from None
    if not lattices:
        raise CatalogueError(str(path), None, "there is no CRYSTAL block")
    return lattices


def parse_cgd(text: str, path: str) -> Iterator[Crystal]:
    """The CRYSTAL blocks of a .cgd text, in order.

    Raises:
        CatalogueError: with the line and the reason, at the first line that is malformed.
    """
    crystal: Crystal | None = None
    key = ""
    number = 0
    for number, line in enumerate(text.splitlines(), start=1):
        tokens = _tokens(line, path, number, crystal.name if crystal else "")
        if not tokens:
            continue
        word = "" if tokens[0][1] or not tokens[0][0][:1].isalpha() else tokens[0][0].lower()
        if crystal is None:
            if word != "crystal":
                why = _NOT_READ.get(word)
                raise CatalogueError(
                    path, number, f"{why}: only CRYSTAL blocks are read" if why else "expected CRYSTAL"
                )
            crystal, key = Crystal(path, number), ""
        elif word in ("end", "endcrystal"):
            _check_complete(crystal)
            yield crystal
            crystal = None
        else:
            if word:
                if word not in _KEYWORDS:
                    raise crystal.fail(number, f"unknown keyword {tokens[0][0]!r}")
                key = _KEYWORDS[word]
                tokens = tokens[1:]
            if not key:
                raise crystal.fail(number, "data without a keyword")
            if tokens:
                _entry(crystal, key, [token for token, _ in tokens], number)
    if crystal is not None:
        raise crystal.fail(number, f"the block that begins in line {crystal.line} has no END")


def _tokens(line: str, path: str, number: int, entry: str) -> list[tuple[str, bool]]:
    """The words of a line with whether each was quoted, without comments."""
    tokens, position, line = [], 0, line.rstrip()
    while position < len(line):
        match = _TOKEN.match(line, position)
        if match is None:
            raise CatalogueError(path, number, 'misplaced or unclosed quote (")', entry)
        quoted, plain = match.groups()
        if quoted is not None or plain is not None:
            tokens.append((plain if quoted is None else quoted, quoted is not None))
        position = match.end()
    return tokens


def _entry(crystal: Crystal, key: str, values: list[str], line: int) -> None:
    if key == "name":
        crystal.name = " ".join(values)
    elif key == "group":
        if crystal.group:
            raise crystal.fail(line, "GROUP is given twice")
        crystal.group, crystal.group_line = " ".join(values), line
        if crystal.group[:1].islower():  # plane groups are written p4mm, line groups op and opm
            dimension = "one" if crystal.group.startswith("o") else "two"
            raise crystal.fail(
                line,
                f"{crystal.group} is a group in {dimension} dimension{'s' * (dimension == 'two')}: "
                "only three-dimensional nets are read",
            )
    elif key == "cell":
        if crystal.cell:
            raise crystal.fail(line, "CELL is given twice")
        crystal.cell, crystal.cell_line = tuple(_cell(crystal, values, line)), line
    elif key == "node":
        if len(values) != 5:
            raise crystal.fail(line, f"NODE takes a name, the number of struts and x y z, not {len(values)} fields")
        name, degree = values[:2]
        if not re.fullmatch(r"\d{1,4}", degree):
            raise crystal.fail(line, f"the number of struts of a NODE is a whole number, not {degree!r}")
        if any(node.name == name for node in crystal.nodes):
            raise crystal.fail(line, f"NODE {name} is given twice")
        crystal.nodes.append(Node(name, int(degree), _place(crystal, values[2:], line), line))
    elif key == "edge":
        ends: tuple[Point | str, Point | str]
        if len(values) == 2:
            ends = (values[0], values[1])
        elif len(values) == 4:
            ends = (values[0], _place(crystal, values[1:], line))
        elif len(values) == 6:
            ends = (_place(crystal, values[:3], line), _place(crystal, values[3:], line))
        else:
            raise crystal.fail(
                line, f"EDGE takes two ends, each a place x y z or a node's name, not {len(values)} fields"
            )
        crystal.edges.append(Edge(ends, line))
    elif key == "centre":
        crystal.has_centres = True


def _number(crystal: Crystal, token: str, line: int) -> Fraction:
    if not _NUMBER.fullmatch(token):
        raise crystal.fail(line, f"{token!r} is not a number")
    return Fraction(token)


def _cell(crystal: Crystal, values: list[str], line: int) -> list[float]:
    constants = [float(_number(crystal, token, line)) for token in values]
    if len(constants) != 6:
        raise crystal.fail(line, f"CELL takes a b c alpha beta gamma, not {len(constants)} numbers")
    if not (min(constants[:3]) > 0 and all(0 < angle < 180 for angle in constants[3:])):
        raise crystal.fail(line, "CELL lengths must be positive and its angles between 0 and 180 degrees")
    return constants


def _place(crystal: Crystal, values: list[str], line: int) -> Point:
    numbers = [_number(crystal, token, line) for token in values]
    if max(map(abs, numbers)) > 1000:
        raise crystal.fail(line, "a coordinate lies more than 1000 cells away")
    x, y, z = map(_exact, numbers)
    return x, y, z


def _exact(number: Fraction) -> int:
    """A coordinate in units of 1/RESOLUTION: exact for thirds and the like, else to ten decimals."""
    steps = 24 if 24 % number.denominator == 0 else 10**DECIMALS
    return round(number * steps) * (RESOLUTION // steps)


def _check_complete(crystal: Crystal) -> None:
    for given, what in ((crystal.group, "GROUP"), (crystal.cell, "CELL"), (crystal.nodes, "NODE")):
        if not given:
            raise crystal.fail(crystal.line, f"the block has no {what}")
    if crystal.has_centres and not crystal.edges:
        raise crystal.fail(crystal.line, "the struts are given by their centres (EDGE_CENTER) only, there is no EDGE")
    names = {node.name for node in crystal.nodes}
    for edge in crystal.edges:
        for end in edge.ends:
            if isinstance(end, str) and end not in names:
                raise crystal.fail(edge.line, f"EDGE names node {end!r}, but there is no such NODE")
