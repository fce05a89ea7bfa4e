"""Nets in Systre's .cgd format: text, blocks, `Crystal` or `QuotientGraph`, lattices.

The format is that of Delgado-Friedrichs' Systre (gavrog.org, "Systre Help"): blocks from a type to END, one entry a
line, keywords in any case, a line that does not begin with a letter continues the last keyword, # comments, "quotes".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from fastlattice.errors import CatalogueError, LatticeError
from fastlattice.io.on_error import OnError, handled
from fastlattice.lattice import Lattice
from fastlattice.topologies.asymmetric_unit import DECIMALS, RESOLUTION, Crystal, Edge, Node, Point
from fastlattice.topologies.barycentric import QuotientGraph, barycentric_placement
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
    "net": "a NET has no cell and no coordinates",
    "tiling": "a TILING is given by its faces",
}
_BLOCKS = ("crystal", "periodic_graph", *_NOT_READ)
_ENDS = ("end", *(f"end{block}" for block in _BLOCKS))
_SHIFT = re.compile(r"[+-]?\d{1,4}")


def read_cgd(path: str | Path, relative_density: float = 0.01, on_error: OnError = "raise") -> list[Lattice]:
    """Reads the nets of a .cgd file (Systre's format), one for each CRYSTAL or PERIODIC_GRAPH block.

    CRYSTAL blocks need the extra "cgd". Space groups are expanded; origin choice 2 and, by the angles, hexagonal or
    rhombohedral axes are taken where the symbol does not say. Coordinates and cell are first made to fit the group
    exactly, from up to 2e-3 of the largest cell constant away. Edges may name nodes or places; a block without any
    connects nearest neighbours, as Systre does. EDGE_CENTER and coordination sequences are not used. Lengths stay in
    the file's unit. A PERIODIC_GRAPH is placed by `barycentric_placement`, its largest cell constant 1.

    Args:
        path: the file.
        relative_density: density that the one radius of all struts is chosen for.
        on_error: what to do with a block that is malformed or no net in three dimensions: "raise"; "skip" it, go on,
            and warn at the end; or a function that is called with each CatalogueError before going on.

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
    lattices, found = [], False
    with handled(on_error, "block") as handle:
        for block in blocks(text):
            found = True
            try:
                lattices.append(_lattice(parse_block(block, str(path)), density))
            except CatalogueError as error:
                handle(error)
    if not found:
        raise CatalogueError(str(path), None, "there is no CRYSTAL block")
    return lattices


def _lattice(net: Crystal | QuotientGraph, density: float) -> Lattice:
    """The lattice of a block, all struts of one radius.

    Raises:
        CatalogueError: the net does not expand or cannot be placed.
    """
    if isinstance(net, QuotientGraph):
        cell, fractional = barycentric_placement(net)
        struts, shifts = net.struts, net.shifts
    else:
        expanded = expand(net)
        if not len(expanded.struts):
            raise net.fail(net.line, "the net has no struts")
        cell, fractional = cell_matrix(expanded.constants), expanded.places / RESOLUTION
        struts, shifts = expanded.struts, expanded.shifts
    try:
        return Lattice.from_fractional(cell, fractional, struts, shifts, 1.0, net.name).with_relative_density(density)
    except LatticeError as error:
        raise net.fail(net.line, str(error)) from None


class Block(NamedTuple):
    """The lines of a block, from its type to its END, and the number of the first in the file."""

    first: int
    lines: list[str]


def blocks(text: str) -> Iterator[Block]:
    """The blocks of a .cgd text, in order; what stands between two is one too, which `parse_block` refuses."""
    lines: list[str] = []
    first = 1
    for number, line in enumerate(text.splitlines(), start=1):
        word = line.split("#", 1)[0].strip().lower()
        if word in _BLOCKS and lines:
            yield Block(first, lines)
            lines = []
        if word or lines:
            first = first if lines else number
            lines.append(line)
        if word in _ENDS:
            yield Block(first, lines)
            lines = []
    if lines:
        yield Block(first, lines)


def parse_block(block: Block, path: str) -> Crystal | QuotientGraph:
    """What a block says.

    Raises:
        CatalogueError: with the line and the reason, at the first line that is malformed.
    """
    net: Crystal | QuotientGraph | None = None
    key = ""
    for number, line in enumerate(block.lines, start=block.first):
        tokens = _tokens(line, path, number, net.name if net else "")
        if not tokens:
            continue
        word = "" if tokens[0][1] or not tokens[0][0][:1].isalpha() else tokens[0][0].lower()
        if net is None:
            net = _begun(word, path, number)
        elif word in _ENDS:
            if isinstance(net, Crystal):
                _check_complete(net)
            elif not len(net.struts):
                raise net.fail(net.line, "the graph has no EDGES")
            return net
        else:
            if word:
                if word not in _KEYWORDS:
                    raise net.fail(number, f"unknown keyword {tokens[0][0]!r}")
                key = _KEYWORDS[word]
                tokens = tokens[1:]
            if not key:
                raise net.fail(number, "data without a keyword")
            if tokens:
                entry = _entry if isinstance(net, Crystal) else _graph_entry
                entry(net, key, [token for token, _ in tokens], number)  # type: ignore[arg-type]
    assert net is not None  # a block has a line that is not blank
    raise net.fail(number, f"the block that begins in line {net.line} has no END")


def _begun(word: str, path: str, number: int) -> Crystal | QuotientGraph:
    if word == "crystal":
        return Crystal(path, number)
    if word == "periodic_graph":
        return QuotientGraph(path, number)
    why = _NOT_READ.get(word)
    reason = f"{why}: only CRYSTAL and PERIODIC_GRAPH blocks are read" if why else "expected CRYSTAL"
    raise CatalogueError(path, number, reason)


def _graph_entry(graph: QuotientGraph, key: str, values: list[str], line: int) -> None:
    if key == "name":
        graph.name = " ".join(values)
    elif key == "edge":
        if len(values) != 5:
            reason = f"an edge of a graph in three dimensions has two nodes and three shifts, not {len(values)} fields"
            raise graph.fail(line, reason)
        for token in values[2:]:
            if not _SHIFT.fullmatch(token):
                raise graph.fail(line, f"{token!r} is not a whole number of cells")
        graph.add(values[0], values[1], [int(token) for token in values[2:]])
    elif key != "ignored":
        raise graph.fail(line, "a PERIODIC_GRAPH has a NAME and EDGES only")


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
