"""Built-in unit cells: established lattices of mechanics, each as its nodes and the rule that connects them.

Cells are cubes of edge 1 unless their entry says otherwise. Struts have one radius, chosen for the relative density.
Where a cell is a net of the RCSR, its description ends with the symbol.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import permutations, product
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np

from fastlattice.errors import LatticeError
from fastlattice.topologies.crystal import cell_matrix
from fastlattice.topologies.rcsr_table import symbol_of

if TYPE_CHECKING:
    from fastlattice.lattice.lattice import Lattice

Point = tuple[float, float, float]
TOLERANCE = 1e-6


@dataclass(frozen=True)
class Bond:
    """Struts between all nodes of two kinds that are a distance apart, or a vector up to its sign."""

    first: str
    second: str
    span: float | Point


@dataclass(frozen=True)
class UnitCell:
    """One entry of `UNIT_CELLS`; nodes are fractional positions by kind, constants a, b, c, alpha, beta, gamma."""

    description: str
    source: str
    nodes: Mapping[str, Sequence[Point]]
    bonds: Sequence[Bond]
    constants: Sequence[float] = (1, 1, 1, 90, 90, 90)


def unit_cell_names() -> tuple[str, ...]:
    """Names of the built-in unit cells."""
    return tuple(UNIT_CELLS)


def unit_cell_description(name: str) -> str:
    """One line: what the cell is, and the work it is known from.

    Raises:
        LatticeError: there is no such cell.
    """
    entry = _entry(name)
    return f"{entry.description} [{entry.source}]"


def unit_cell(name: str, relative_density: float = 0.01) -> Lattice:
    """A built-in unit cell, its largest cell constant 1, all struts of one radius.

    Args:
        name: one of `unit_cell_names`.
        relative_density: sum of pi r^2 L over the struts, divided by the volume of the cell.

    Raises:
        LatticeError: there is no such cell (near names are suggested), or the density does not lie between 0 and 1.
    """
    return _unscaled(name).with_relative_density(relative_density)


@cache
def _unscaled(name: str) -> Lattice:
    """The cell with radii of 1: which struts there are is sought once."""
    from fastlattice.lattice.lattice import Lattice  # imports torch, which what is known of the names does not need

    entry = _entry(name)
    cell = cell_matrix(entry.constants)
    kinds = np.array([kind for kind, points in entry.nodes.items() for _ in points])
    fractional = np.array([point for points in entry.nodes.values() for point in points])
    # Every strut once: from the lower node to the higher, or from a node to its image in the upper half space.
    i, j, *shift = np.indices((len(kinds), len(kinds), 5, 5, 5)).reshape(5, -1)
    shifts = np.stack(shift, axis=1) - 2
    once = (i < j) | ((i == j) & (shifts @ [25, 5, 1] > 0))
    i, j, shifts = i[once], j[once], shifts[once]
    vectors = (fractional[j] - fractional[i] + shifts) @ cell
    chosen = np.zeros(len(vectors), dtype=bool)
    for bond in entry.bonds:
        kind = (kinds[i] == bond.first) & (kinds[j] == bond.second)
        kind |= (kinds[i] == bond.second) & (kinds[j] == bond.first)
        if isinstance(bond.span, tuple):
            distance = np.minimum(*(np.linalg.norm(vectors - sign * np.array(bond.span), axis=1) for sign in (1, -1)))
        else:
            distance = np.abs(np.linalg.norm(vectors, axis=1) - bond.span)
        chosen |= kind & (distance < TOLERANCE)
    struts = np.stack([i, j], axis=1)[chosen]
    return Lattice.from_fractional(cell, fractional, struts, shifts[chosen], 1.0, name)


def _entry(name: str) -> UnitCell:
    if name not in UNIT_CELLS:
        near = difflib.get_close_matches(name.lower(), UNIT_CELLS)
        hint = f"did you mean {', '.join(near)}?" if near else f"choose from {', '.join(UNIT_CELLS)}"
        if symbol := symbol_of(name):
            hint = f"nets:{symbol} is an RCSR net, rcsr_net({symbol!r}) in Python"
        raise LatticeError(f"there is no unit cell {name!r}; {hint}")
    return UNIT_CELLS[name]


def _shifted(points: Sequence[Point], *offsets: Point) -> tuple[Point, ...]:
    """The points moved by each offset and into the cell, each once."""
    moved = np.mod([np.add(point, offset) for offset in offsets for point in points], 1.0)
    keys = moved.round(12) % 1.0
    moved[keys == 0] = 0.0
    _, first = np.unique(keys, axis=0, return_index=True)
    return tuple((float(x), float(y), float(z)) for x, y, z in moved[np.sort(first)])


def _signed(point: Point) -> list[Point]:
    """The point with all signs of its coordinates."""
    x, y, z = point
    return [(a * x, b * y, c * z) for a, b, c in product((1, -1), repeat=3)]


def _cyclic(point: Point) -> tuple[Point, ...]:
    """The images of a point under the cyclic permutations and changes of sign of the axes, about the cell's origin."""
    x, y, z = point
    return _shifted([p for order in ((x, y, z), (z, x, y), (y, z, x)) for p in _signed(order)], (0, 0, 0))


def _cubic(point: Point) -> tuple[Point, ...]:
    """The images of a point under the full symmetry of the cube, about the cell's origin."""
    return _shifted([p for x, y, z in permutations(point) for p in _signed((x, y, z))], (0, 0, 0))


def _all(span: float) -> tuple[Bond, ...]:
    return (Bond("node", "node", span),)


_ORIGIN, _CENTRE = (0.0, 0.0, 0.0), (0.5, 0.5, 0.5)
_FACES = ((0.0, 0.5, 0.5), (0.5, 0.0, 0.5), (0.5, 0.5, 0.0))
_FCC = (_ORIGIN, *_FACES)
_EDGE_Z = Bond("corner", "corner", (0.0, 0.0, 1.0))
_EDGES = Bond("corner", "corner", 1.0)
_FACE_DIAGONALS = Bond("corner", "face", sqrt(1 / 2))
_BODY_DIAGONALS = Bond("corner", "body", sqrt(3) / 2)
_HEXAGONAL = (1, 1, 1, 90, 90, 120)
# Edges of the truncated polyhedra that are one cell wide.
_TRUNCATED_CUBE = sqrt(2) - 1
_TRUNCATED_CUBOCTAHEDRON = 1 / (1 + 2 * sqrt(2))
# Weaire and Phelan's two cells, with flat faces and equal volumes (a power diagram of the A15 sites, the first step of
# Kusner and Sullivan): the planes x + 2y = k and their images bound a dodecahedron of volume k^3/2, which must be 1/8.
_K = 4 ** (-1 / 3)

_GIBSON_ASHBY = "Gibson, Ashby, Cellular Solids, 1997"
_LEARY = "Leary et al., Mater. Des. 98, 344, 2016"
_GUMRUK = "Gümrük, Mines, Karadeniz, Mater. Sci. Eng. A 586, 392, 2013"
_ISOTROPIC = "Tancogne-Dejean, Mohr, Int. J. Solids Struct. 138, 24, 2018"
_AHMADI = "Ahmadi et al., Materials 8, 1871, 2015"

UNIT_CELLS: dict[str, UnitCell] = {
    "simple_cubic": UnitCell(
        "edges of a cube; pcu",
        _GIBSON_ASHBY,
        {"corner": (_ORIGIN,)},
        (_EDGES,),
    ),
    "bcc": UnitCell(
        "body diagonals of a cube; bcu",
        _GUMRUK,
        {"corner": (_ORIGIN,), "body": (_CENTRE,)},
        (_BODY_DIAGONALS,),
    ),
    "bccz": UnitCell(
        "bcc with the cube edges along z",
        _GUMRUK,
        {"corner": (_ORIGIN,), "body": (_CENTRE,)},
        (_BODY_DIAGONALS, _EDGE_Z),
    ),
    "cubic_bcc": UnitCell(
        "bcc with all cube edges",
        _ISOTROPIC,
        {"corner": (_ORIGIN,), "body": (_CENTRE,)},
        (_BODY_DIAGONALS, _EDGES),
    ),
    "fcc": UnitCell(
        "face diagonals of a cube, without the octahedron that octet has inside",
        _LEARY,
        {"corner": (_ORIGIN,), "face": _FACES},
        (_FACE_DIAGONALS,),
    ),
    "fccz": UnitCell(
        "fcc (all six faces) with the cube edges along z",
        _LEARY,
        {"corner": (_ORIGIN,), "face": _FACES},
        (_FACE_DIAGONALS, _EDGE_Z),
    ),
    "fbcc": UnitCell(
        "face and body diagonals of a cube",
        _LEARY,
        {"corner": (_ORIGIN,), "face": _FACES, "body": (_CENTRE,)},
        (_FACE_DIAGONALS, _BODY_DIAGONALS),
    ),
    "octet": UnitCell(
        "octet truss: face diagonals and the octahedron between the face centres, all nodes 12-coordinated; fcu",
        "Deshpande, Fleck, Ashby, J. Mech. Phys. Solids 49, 1747, 2001",
        {"node": _FCC},
        _all(sqrt(1 / 2)),
    ),
    "cubic_octet": UnitCell(
        "octet with all cube edges",
        _ISOTROPIC,
        {"corner": (_ORIGIN,), "face": _FACES},
        (_FACE_DIAGONALS, Bond("face", "face", sqrt(1 / 2)), _EDGES),
    ),
    "diamond": UnitCell(
        "bonds of diamond; dia",
        "Ahmadi et al., J. Mech. Behav. Biomed. Mater. 34, 106, 2014",
        {"node": (*_FCC, *_shifted(_FCC, (0.25, 0.25, 0.25)))},
        _all(sqrt(3) / 4),
    ),
    "kelvin": UnitCell(
        "Kelvin's foam: edges of truncated octahedra that fill space; sod",
        "Thomson, Phil. Mag. 24, 503, 1887; Zhu, Knott, Mills, J. Mech. Phys. Solids 45, 319, 1997",
        {"node": _cubic((0.5, 0.25, 0.0))},
        _all(sqrt(2) / 4),
    ),
    "rhombic_dodecahedron": UnitCell(
        "edges of rhombic dodecahedra that fill space; flu",
        "Babaee et al., Acta Mater. 60, 2873, 2012",
        {"eight": _FCC, "four": _cubic((0.25, 0.25, 0.25))},
        (Bond("eight", "four", sqrt(3) / 4),),
    ),
    "weaire_phelan": UnitCell(
        "Weaire and Phelan's foam, straight edges: dodecahedra and tetrakaidecahedra of equal volume; mep",
        "Weaire, Phelan, Phil. Mag. Lett. 69, 107, 1994; Kusner, Sullivan, Forma 11, 233, 1996",
        {
            "cube": _shifted(_cubic((_K / 3, _K / 3, _K / 3)), _ORIGIN, _CENTRE),
            "ridge": (*_cyclic((0.0, _K / 2, _K / 4)), *_shifted(_cyclic((0.0, _K / 4, _K / 2)), _CENTRE)),
            "between": _cyclic((0.0, 0.5, 0.25)),
        },
        (
            Bond("cube", "cube", sqrt(3) * (1 / 2 - 2 * _K / 3)),
            Bond("cube", "ridge", _K * sqrt(21) / 12),
            Bond("ridge", "ridge", _K / 2),
            Bond("ridge", "between", (1 - _K) * sqrt(5) / 4),
        ),
    ),
    "cuboctahedron": UnitCell(
        "edges of cuboctahedra and octahedra that fill space; reo",
        "Grünbaum, Geombinatorics 4, 49, 1994",
        {"node": _cubic((0.5, 0.0, 0.0))},
        _all(sqrt(1 / 2)),
    ),
    "truncated_cube": UnitCell(
        "edges of truncated cubes and octahedra that fill space; cab",
        _AHMADI,
        {"node": _cubic(((1 - _TRUNCATED_CUBE) / 2, 0.0, 0.0))},
        _all(_TRUNCATED_CUBE),
    ),
    "truncated_cuboctahedron": UnitCell(
        "edges of truncated cuboctahedra that share their octagons; lta",
        _AHMADI,
        {"node": _cubic((0.5, (1 + sqrt(2)) / 2 * _TRUNCATED_CUBOCTAHEDRON, _TRUNCATED_CUBOCTAHEDRON / 2))},
        _all(_TRUNCATED_CUBOCTAHEDRON),
    ),
    "gyroid": UnitCell(
        "net of the gyroid's labyrinth, three struts at every node; srs",
        "Sunada, Notices of the AMS 55, 208, 2008",
        {
            "node": _shifted(
                ((1 / 8, 1 / 8, 1 / 8), (3 / 8, 7 / 8, 5 / 8), (7 / 8, 5 / 8, 3 / 8), (5 / 8, 3 / 8, 7 / 8)),
                _ORIGIN,
                _CENTRE,
            )
        },
        _all(sqrt(2) / 4),
    ),
    "pyrochlore": UnitCell(
        "tetrahedra that share corners, the three-dimensional Kagome lattice; crs",
        "Hyun, Karlsson, Torquato, Evans, Int. J. Solids Struct. 40, 6989, 2003",
        {"node": _shifted(_FCC, _ORIGIN, (0.0, 0.25, 0.25), (0.25, 0.0, 0.25), (0.25, 0.25, 0.0))},
        _all(sqrt(2) / 4),
    ),
    "tesseract": UnitCell(
        "a cube of a third of the edge inside a cube, their corners joined",
        "Coxeter, Regular Polytopes, 1973",
        {"corner": (_ORIGIN,), "inner": _cubic((1 / 3, 1 / 3, 1 / 3))},
        (_EDGES, Bond("corner", "inner", sqrt(1 / 3)), Bond("inner", "inner", 1 / 3)),
    ),
    "re_entrant": UnitCell(
        "re-entrant honeycomb in three dimensions, auxetic: columns along z whose oblique struts point inwards",
        "Yang, Harrysson, West, Cormier, Int. J. Solids Struct. 69-70, 475, 2015",
        {"node": ((0.0, 0.0, 0.375), (0.0, 0.0, 0.625), (0.5, 0.5, 0.125), (0.5, 0.5, 0.875))},
        _all(0.75),
    ),
    "hexagonal_honeycomb": UnitCell(
        "hexagonal honeycomb in layers, joined along z; hexagonal cell; bnn",
        _GIBSON_ASHBY,
        {"node": ((1 / 3, 2 / 3, 0.0), (2 / 3, 1 / 3, 0.0))},
        (Bond("node", "node", sqrt(1 / 3)), Bond("node", "node", (0.0, 0.0, 1.0))),
        _HEXAGONAL,
    ),
    "triangular_honeycomb": UnitCell(
        "triangular grid in layers, joined along z; hexagonal cell; hex",
        _GIBSON_ASHBY,
        {"node": (_ORIGIN,)},
        _all(1.0),
        _HEXAGONAL,
    ),
    "kagome_honeycomb": UnitCell(
        "Kagome grid in layers, joined along z; hexagonal cell; kag",
        "Hyun, Torquato, J. Mater. Res. 17, 137, 2002",
        {"node": ((0.5, 0.0, 0.0), (0.0, 0.5, 0.0), (0.5, 0.5, 0.0))},
        (Bond("node", "node", 0.5), Bond("node", "node", (0.0, 0.0, 1.0))),
        _HEXAGONAL,
    ),
}
