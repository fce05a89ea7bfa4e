"""What a file says of a crystal: its space group and its asymmetric unit, nothing expanded yet."""

from __future__ import annotations

from dataclasses import dataclass, field

from fastlattice.errors import CatalogueError

# Coordinates are exact integers in units of 1/RESOLUTION of a lattice vector: ten decimals, the twenty-fourths that
# translations of space groups are made of, and division by the order of any site symmetry (a divisor of 48) all fit.
DECIMALS = 10
RESOLUTION = 24 * 48 * 10**DECIMALS

Point = tuple[int, int, int]


@dataclass
class Node:
    """One NODE line: a node of the asymmetric unit, its number of struts, its place in units of 1/RESOLUTION."""

    name: str
    degree: int
    place: Point
    line: int


@dataclass
class Edge:
    """One EDGE line; an end is a place or the name of a node."""

    ends: tuple[Point | str, Point | str]
    line: int


@dataclass
class Crystal:
    """One CRYSTAL block as written; `fail` makes the error that belongs to it."""

    path: str
    line: int
    name: str = ""
    group: str = ""
    group_line: int = 0
    cell: tuple[float, ...] = ()
    cell_line: int = 0
    nodes: list[Node] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    has_centres: bool = False

    def fail(self, line: int, reason: str) -> CatalogueError:
        """The error of this block at a line."""
        return CatalogueError(self.path, line, reason, self.name)
