"""Finite wireframes: beams in space as CAD tools hold them, and the periodic lattice that one stands for.

Native: csrc/lattice/fold.h, which the reader of .lat catalogues stands on too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray

from fastlattice import _native
from fastlattice.errors import LatticeError
from fastlattice.lattice.lattice import FloatArray, IntArray, Lattice


@dataclass(frozen=True)
class Wireframe:
    """What a file of beams says.

    Attributes (N nodes, M struts):
        nodes: [N, 3] float64 positions.
        struts: [M, 2] int64 nodes.
        radii: [M] float64, NaN where the file says nothing.
        cell: [3, 3] float64, rows the lattice vectors, where the file states a cell.
        unit: of all lengths, as "mm"; "" where the file says nothing.
        name: of the wireframe.
        notes: what a reader changed or left out, a sentence each.
    """

    nodes: NDArray[np.float64]
    struts: NDArray[np.int64]
    radii: NDArray[np.float64]
    cell: NDArray[np.float64] | None = None
    unit: str = ""
    name: str = ""
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.struts)


@dataclass(frozen=True)
class Folded:
    """The periodic lattice that a wireframe stands for.

    Attributes:
        lattice: with the wireframe's unit of length.
        notes: what was done to it, a sentence each, those of the wireframe first.
    """

    lattice: Lattice
    notes: tuple[str, ...]


ON_FACES = ("copies", "shares")
TOLERANCE = 1e-4


def fold_wireframe(
    wireframe: Wireframe,
    cell: ArrayLike | None = None,
    tolerance: float = TOLERANCE,
    on_faces: str = "copies",
) -> Folded:
    """The lattice whose cell, cut out and maybe repeated, is a finite wireframe.

    Nodes in one place become one, in the cell and across its opposite faces; equal struts become one; a node where two
    struts of one radius meet in a straight line, and nothing else, goes: of a curve in short pieces as many nodes stay
    as keep it within twice the tolerance. The wireframe may hold several cells: the lattice is then a supercell, which
    `Lattice.primitive` reduces.

    Args:
        wireframe: what a file says; all struts need a radius.
        cell: [3, 3], rows the lattice vectors; None takes the wireframe's, or the box around its nodes.
        tolerance: two nodes are one where their distance is below this part of the longest lattice vector.
        on_faces: what several struts are that fall on one another, as on opposite faces: "copies" of the same strut, or
            "shares" of it, whose cross-sections add up.

    Raises:
        LatticeError: the wireframe is malformed, has no volume, or is not periodic: a strut ends on a face of the cell
            and nothing goes on from there. The message names the nodes and how far the nearest partner is. Or many
            nodes are close to one another and not one, so that the tolerance tells no places apart.
        ValueError: the tolerance is not between 0 and 0.1, or on_faces is none of the two.
    """
    if not 0 < tolerance < 0.1:
        raise ValueError(f"tolerance must lie between 0 and 0.1, not {tolerance}")
    if on_faces not in ON_FACES:
        raise ValueError(f"on_faces must be one of {', '.join(ON_FACES)}, not {on_faces!r}")
    _check(wireframe)
    with np.errstate(over="ignore", invalid="ignore"):  # what is out of range is refused
        matrix, origin = _cell_of(wireframe, cell)
        reach = tolerance * float(np.linalg.norm(matrix, axis=1).max())
        periodic = _folded(wireframe, matrix, origin, reach, on_faces)
    _refuse_loose_ends(wireframe, periodic, matrix, reach)
    used, struts = np.unique(periodic.struts, return_inverse=True)
    lattice = Lattice.from_fractional(
        matrix, periodic.places[used], struts.reshape(-1, 2), periodic.shifts, periodic.radii, wireframe.name
    )
    return Folded(lattice, (*wireframe.notes, *periodic.notes))


def _fail(wireframe: Wireframe, reason: str) -> LatticeError:
    return LatticeError(f"wireframe {wireframe.name!r}: {reason}" if wireframe.name else f"wireframe: {reason}")


def _check(wireframe: Wireframe) -> None:
    nodes, struts, radii = wireframe.nodes, wireframe.struts, wireframe.radii
    if nodes.ndim != 2 or nodes.shape[1] != 3 or struts.shape != (len(radii), 2) or not len(struts):
        raise _fail(wireframe, f"nodes {nodes.shape}, struts {struts.shape}, radii {radii.shape}: not a wireframe")
    if not np.isfinite(nodes).all():
        raise _fail(wireframe, f"node {int(np.flatnonzero(~np.isfinite(nodes).all(1))[0])} is a NaN or infinite")
    outside = ((struts < 0) | (struts >= len(nodes))).any(1)
    if outside.any():
        bad = int(np.flatnonzero(outside)[0])
        raise _fail(wireframe, f"strut {bad} names node {struts[bad].tolist()}, but the nodes are 0..{len(nodes) - 1}")
    if not (radii > 0).all():
        bad = int(np.flatnonzero(~(radii > 0))[0])
        raise _fail(wireframe, f"strut {bad} has radius {radii[bad]:g}: state one for every strut")


def _cell_of(wireframe: Wireframe, cell: ArrayLike | None) -> tuple[FloatArray, FloatArray]:
    """The cell and its corner: where the used nodes begin along each lattice vector."""
    used = wireframe.nodes[np.unique(wireframe.struts)]
    given = cell if cell is not None else wireframe.cell
    if given is None:
        size = np.ptp(used, axis=0)
        if not size.min() > 1e-6 * size.max():
            raise _fail(wireframe, f"the box around it, {size[0]:g} x {size[1]:g} x {size[2]:g}, has no volume")
        return np.diag(size), used.min(axis=0)
    matrix = np.array(given, dtype=float)
    if matrix.shape != (3, 3) or not abs(np.linalg.det(matrix)) > 1e-9 * np.prod(np.linalg.norm(matrix, axis=1)):
        raise _fail(wireframe, "the cell must be three lattice vectors that span a volume")
    return matrix, (used @ np.linalg.inv(matrix)).min(axis=0) @ matrix


class _Report(NamedTuple):
    """The numbers of `report` in fl_fold_wireframe."""

    struts: int
    welded: int
    folded: int
    points: int
    repeated: int
    unequal: int
    unequal_from: int
    unequal_to: int
    joined: int
    far: int
    crowded: int
    chain: int


@dataclass(frozen=True)
class _Periodic:
    """A folded wireframe of N nodes, M struts of which are left.

    Attributes:
        place_of: [N] int64, the first node in the place of each.
        places: [N, 3] where that is, in parts of the lattice vectors.
        on_face: [N] whether that is on a face of the cell.
        struts: [M, 2] int64, between first nodes.
        shifts: [M, 3] int64.
        radii: [M].
        notes: what was done.
    """

    place_of: IntArray
    places: FloatArray
    on_face: NDArray[np.bool_]
    struts: IntArray
    shifts: IntArray
    radii: FloatArray
    notes: tuple[str, ...]


def _folded(wireframe: Wireframe, cell: FloatArray, origin: FloatArray, reach: float, on_faces: str) -> _Periodic:
    inverse = np.linalg.inv(cell)
    margin = reach * np.linalg.norm(inverse, axis=0)  # the reach, across each pair of faces
    if not ((margin > 0) & (margin < 1e9)).all():  # their squares leave the range of doubles
        raise _fail(wireframe, f"lengths of {np.abs(cell).max():.3g} are out of range: take another unit")
    fractional = (wireframe.nodes - origin) @ inverse
    nodes, count = wireframe.nodes.shape[0], len(wireframe)
    real = [torch.tensor(array, dtype=torch.float64) for array in (fractional, cell, margin, wireframe.radii)]
    places, radii, longest = (torch.empty(shape, dtype=torch.float64) for shape in ((nodes, 3), count, 1))
    whole = [torch.empty(shape, dtype=torch.int64) for shape in (nodes, nodes, (count, 2), (count, 3), 12)]
    ends = torch.tensor(wireframe.struts, dtype=torch.int64)
    shares = int(on_faces == "shares")
    read = (*real[:3], ends, real[3], reach, shares)
    _native.call("fl_fold_wireframe", nodes, count, *read, places, *whole[:4], radii, longest, whole[4])
    report = _Report(*whole[4].tolist())
    _refuse_faults(wireframe, report)
    place_of, on_face, struts, shifts = (column.numpy() for column in whole[:4])
    kept = slice(report.struts)
    columns = place_of, places.numpy(), on_face != 0, struts[kept], shifts[kept], radii.numpy()[kept]
    return _Periodic(*columns, _notes(report, float(longest), on_faces))


def _refuse_faults(wireframe: Wireframe, report: _Report) -> None:
    if report.far >= 0:
        raise _fail(wireframe, f"node {report.far} lies too far from the cell")
    if report.crowded >= 0:
        raise _fail(wireframe, f"too many nodes are close to node {report.crowded} and not one: lower the tolerance")
    if report.chain >= 0:
        raise _fail(wireframe, f"nodes around node {report.chain} form a chain of close places: lower the tolerance")
    if report.unequal:
        raise _fail(
            wireframe,
            f"{report.unequal} struts fall on others of another radius, one between nodes {report.unequal_from} and "
            f"{report.unequal_to}; are they shares of one strut (on_faces='shares')?",
        )


def _notes(report: _Report, longest_point: float, on_faces: str) -> tuple[str, ...]:
    repeated = (
        "struts share their place with another: their cross-sections are added"
        if on_faces == "shares"
        else "struts are copies of others, as on opposite faces: one of each stays"
    )
    counted = {
        "nodes stand where another does: welded": report.welded,
        "nodes on faces are images of others: folded": report.folded,
        f"struts of length {longest_point:.3g} or less are points: left out": report.points,
        repeated: report.repeated,
        "nodes lie inside straight struts: joined": report.joined,
    }
    return tuple(f"{number} {what}" for what, number in counted.items() if number)


def _refuse_loose_ends(wireframe: Wireframe, periodic: _Periodic, cell: FloatArray, reach: float) -> None:
    """A strut that ends on a face must go on beyond it."""
    degree = np.bincount(periodic.struts.ravel(), minlength=len(periodic.places))
    touching = periodic.on_face & (periodic.place_of == np.arange(len(periodic.places)))
    loose = np.flatnonzero((degree == 1) & touching)
    if not len(loose):
        return
    told = []
    for node in loose[:3]:
        others = touching.copy()
        others[node] = False
        offset = periodic.places[others] - periodic.places[node]
        distance = np.linalg.norm((offset - np.round(offset)) @ cell, axis=1)
        near = f"the nearest on a face is {distance.min():.3g} away" if len(distance) else "no other is on a face"
        told.append(f"node {node} ({near})")
    more = f" and {len(loose) - 3} more" if len(loose) > 3 else ""
    raise _fail(
        wireframe,
        f"not periodic: {len(loose)} struts end on a face of the cell without a partner on the opposite face: "
        f"{', '.join(told)}{more}; nodes within {reach:.3g} are taken for one (tolerance), or state the cell",
    )
