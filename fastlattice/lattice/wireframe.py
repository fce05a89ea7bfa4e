"""Finite wireframes: beams in space as CAD tools hold them, and the periodic lattice that one stands for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

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
    struts of one radius meet in a straight line, and nothing else, goes. The wireframe may hold several cells: the
    lattice is then a supercell, which `Lattice.primitive` reduces.

    Args:
        wireframe: what a file says; all struts need a radius.
        cell: [3, 3], rows the lattice vectors; None takes the wireframe's, or the box around its nodes.
        tolerance: two nodes are one where their distance is below this part of the longest lattice vector.
        on_faces: what several struts are that fall on one another, as on opposite faces: "copies" of the same strut, or
            "shares" of it, whose cross-sections add up.

    Raises:
        LatticeError: the wireframe is malformed, has no volume, or is not periodic: a strut ends on a face of the cell
            and nothing goes on from there. The message names the nodes and how far the nearest partner is.
        ValueError: the tolerance is not between 0 and 0.1, or on_faces is none of the two.
    """
    if not 0 < tolerance < 0.1:
        raise ValueError(f"tolerance must lie between 0 and 0.1, not {tolerance}")
    if on_faces not in ON_FACES:
        raise ValueError(f"on_faces must be one of {', '.join(ON_FACES)}, not {on_faces!r}")
    _check(wireframe)
    matrix, origin = _cell_of(wireframe, cell)
    return _Fold(wireframe, matrix, origin, tolerance, on_faces).folded()


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


class _Fold:
    """The steps from a wireframe to a lattice; each leaves nodes, struts and notes for the next."""

    def __init__(
        self, wireframe: Wireframe, cell: FloatArray, origin: FloatArray, tolerance: float, on_faces: str
    ) -> None:
        self.wireframe, self.cell, self.on_faces = wireframe, cell, on_faces
        self.longest = np.linalg.norm(cell, axis=1).max()
        self.reach = tolerance * self.longest
        self.notes = list(wireframe.notes)
        self.fractional = (wireframe.nodes - origin) @ np.linalg.inv(cell)
        margin = self.reach * np.linalg.norm(np.linalg.inv(cell), axis=0)  # the reach, across each pair of faces
        self.image = np.floor(self.fractional + margin).astype(np.int64)
        self.inside = self.fractional - self.image
        self.on_face = np.abs(self.inside) <= margin
        self.margin = margin

    def folded(self) -> Folded:
        self.weld()
        self.place_struts()
        self.drop_repeated()
        self.join_straight()
        self.refuse_loose_ends()
        return self.result()

    def weld(self) -> None:
        """Nodes in one place, in the cell or across its faces, become one, in the middle of them."""
        pairs = _close_pairs(self.inside @ self.cell, self.reach)
        label = _components(len(self.inside), pairs)
        self.node_of, first, count = label, *np.unique(label, return_index=True, return_counts=True)[1:]
        offset = self.inside - self.inside[first][label]
        mean = np.stack([np.bincount(label, offset[:, k]) for k in range(3)], 1) / count[:, None]
        self.places = self.inside[first] + mean
        self.first = first
        spread = np.linalg.norm((self.inside - self.places[label]) @ self.cell, axis=1)
        if spread.max() > 2 * self.reach:
            node = int(spread.argmax())
            raise _fail(self.wireframe, f"nodes around node {node} form a chain of close places: lower the tolerance")
        here = _components(len(self.inside), pairs[(self.image[pairs[:, 0]] == self.image[pairs[:, 1]]).all(1)])
        alone, folded = int(here.max()) + 1, len(first)
        if alone < len(self.inside):
            self.notes.append(f"{len(self.inside) - alone} nodes stand where another does: welded")
        if folded < alone:
            self.notes.append(f"{alone - folded} nodes on faces are images of others: folded")

    def place_struts(self) -> None:
        """Struts between the welded nodes, with their shifts and radii."""
        ends = self.wireframe.struts
        self.struts = self.node_of[ends]
        self.shifts = self.image[ends[:, 1]] - self.image[ends[:, 0]]
        self.radii = self.wireframe.radii.astype(float)
        point = (self.struts[:, 0] == self.struts[:, 1]) & (self.shifts == 0).all(1)
        if point.any():
            longest = np.linalg.norm(np.diff(self.wireframe.nodes[ends[point]], axis=1)[:, 0], axis=1).max()
            self.notes.append(f"{int(point.sum())} struts of length {longest:.3g} or less are points: left out")
            self.struts, self.shifts, self.radii = self.struts[~point], self.shifts[~point], self.radii[~point]

    def drop_repeated(self) -> None:
        """Of struts that fall on one another one stays; copies must agree in their radius, shares add up."""
        rows = np.concatenate([self.struts, self.shifts], axis=1)
        back = np.concatenate([self.struts[:, ::-1], -self.shifts], axis=1)
        differs = rows != back
        at = differs.argmax(axis=1)
        line = np.arange(len(rows))
        turned = (back[line, at] < rows[line, at])[:, None]
        rows = np.where(turned, back, rows)
        unique, first, group = np.unique(rows, axis=0, return_index=True, return_inverse=True)
        group = group.reshape(-1)
        repeated = len(rows) - len(unique)
        if repeated:
            area = self.radii**2
            total = np.bincount(group, area)
            largest = np.zeros(len(unique))
            np.maximum.at(largest, group, area)
            if self.on_faces == "shares":
                self.radii = np.sqrt(total)
                self.notes.append(f"{repeated} struts share their place with another: their cross-sections are added")
            else:
                smallest = np.full(len(unique), np.inf)
                np.minimum.at(smallest, group, area)
                unequal = smallest < (1 - 1e-3) * largest
                if unequal.any():
                    i, j = unique[int(unequal.argmax())][:2]
                    raise _fail(
                        self.wireframe,
                        f"{int(unequal.sum())} struts fall on others of another radius, one between nodes "
                        f"{self.first[i]} and {self.first[j]}; are they shares of one strut (on_faces='shares')?",
                    )
                self.radii = self.radii[first]
                self.notes.append(f"{repeated} struts are copies of others, as on opposite faces: one of each stays")
        else:
            self.radii = self.radii[first]
        order = np.argsort(first, kind="stable")
        self.struts, self.shifts, self.radii = unique[order, :2], unique[order, 2:], self.radii[order]

    def join_straight(self) -> None:
        """Pieces of one straight strut become one: chains of nodes where two struts of one radius meet."""
        vectors = (self.places[self.struts[:, 1]] - self.places[self.struts[:, 0]] + self.shifts) @ self.cell
        ends = np.concatenate([self.struts[:, 0], self.struts[:, 1]])
        degree = np.bincount(ends, minlength=len(self.places))
        order = np.argsort(ends, kind="stable")
        start = np.concatenate([[0], np.cumsum(degree)])
        half = np.concatenate([vectors, -vectors])  # of each end: away from its node
        two = np.flatnonzero(degree == 2)
        a, b = order[start[two]], order[start[two] + 1]
        count = len(self.struts)
        u, v = half[a], half[b]
        across = np.linalg.norm(np.cross(u, v), axis=1) / np.linalg.norm(u - v, axis=1)
        straight = (np.einsum("nk,nk->n", u, v) < 0) & (across <= 2 * self.reach)
        straight &= np.abs(self.radii[a % count] - self.radii[b % count]) <= 1e-3 * self.radii[a % count]
        straight &= a % count != b % count
        if not straight.any():
            return
        self._join(two[straight], a[straight], b[straight])

    def _join(self, nodes: IntArray, a: IntArray, b: IntArray) -> None:
        """Removes nodes at each of which the ends a and b of two struts meet; end e + M is the second of strut e."""
        count = len(self.struts)
        other = dict(zip(a.tolist(), b.tolist(), strict=True)) | dict(zip(b.tolist(), a.tolist(), strict=True))
        gone = np.zeros(count, dtype=bool)
        struts, shifts, radii = [], [], []
        for first in range(2 * count):
            if first in other or gone[first % count]:
                continue  # a chain begins at an end where it does not go on
            end, total, pieces = first, np.zeros(3, dtype=np.int64), []
            while True:
                strut = end % count
                gone[strut] = True
                pieces.append(strut)
                total = total + (self.shifts[strut] if end < count else -self.shifts[strut])
                far = strut + count if end < count else strut
                if far not in other:
                    break
                end = other[far]
            struts.append((self.struts.T.ravel()[first], self.struts.T.ravel()[far]))
            shifts.append(total)
            radii.append(self.radii[pieces].mean())
        if not gone.all():  # straight lines that close on themselves: their first node stays
            return self._join_all_but_one(nodes, a, b, gone)
        self.notes.append(f"{len(nodes)} nodes lie inside straight struts: joined")
        self.struts, self.shifts = np.array(struts, dtype=np.int64), np.array(shifts, dtype=np.int64)
        self.radii = np.array(radii)
        return None

    def _join_all_but_one(self, nodes: IntArray, a: IntArray, b: IntArray, gone: NDArray[np.bool_]) -> None:
        closed = np.flatnonzero(~gone[a % len(self.struts)])
        kept = np.ones(len(nodes), dtype=bool)
        kept[closed[0]] = False
        self._join(nodes[kept], a[kept], b[kept])

    def refuse_loose_ends(self) -> None:
        """A strut that ends on a face must go on beyond it."""
        degree = np.bincount(self.struts.ravel(), minlength=len(self.places))
        touching = np.zeros(len(self.places), dtype=bool)
        np.logical_or.at(touching, self.node_of, self.on_face.any(1))
        loose = np.flatnonzero((degree == 1) & touching)
        if not len(loose):
            return
        told = []
        for node in loose[:3]:
            others = touching.copy()
            others[node] = False
            offset = self.places[others] - self.places[node]
            distance = np.linalg.norm((offset - np.round(offset)) @ self.cell, axis=1)
            near = f"the nearest on a face is {distance.min():.3g} away" if len(distance) else "no other is on a face"
            told.append(f"node {self.first[node]} ({near})")
        more = f" and {len(loose) - 3} more" if len(loose) > 3 else ""
        raise _fail(
            self.wireframe,
            f"not periodic: {len(loose)} struts end on a face of the cell without a partner on the opposite face: "
            f"{', '.join(told)}{more}; nodes within {self.reach:.3g} are taken for one (tolerance), or state the cell",
        )

    def result(self) -> Folded:
        used, struts = np.unique(self.struts, return_inverse=True)
        lattice = Lattice.from_fractional(
            self.cell, self.places[used], struts.reshape(-1, 2), self.shifts, self.radii, self.wireframe.name
        )
        return Folded(lattice, tuple(self.notes))


def _close_pairs(points: FloatArray, reach: float) -> IntArray:
    """[P, 2] pairs of points nearer than `reach`, by cells of that size."""
    keys = np.floor(points / reach).astype(np.int64)
    keys -= keys.min(axis=0)
    width = keys.max(axis=0) + 3
    code = (keys[:, 0] * width[1] + keys[:, 1]) * width[2] + keys[:, 2]
    order = np.argsort(code, kind="stable")
    ordered = code[order]
    found = []
    for step in np.stack(np.meshgrid(*[[-1, 0, 1]] * 3, indexing="ij"), -1).reshape(-1, 3)[13:]:
        wanted = code + (step[0] * width[1] + step[1]) * width[2] + step[2]
        low, high = np.searchsorted(ordered, wanted), np.searchsorted(ordered, wanted, side="right")
        here = np.repeat(np.arange(len(points)), high - low)
        jump = np.arange(len(here)) - np.repeat(np.cumsum(high - low) - (high - low), high - low)
        there = order[low[here] + jump]
        near = np.linalg.norm(points[here] - points[there], axis=1) < reach
        near &= here < there if not step.any() else here != there
        found.append(np.stack([here[near], there[near]], 1))
    return np.concatenate(found)


def _components(count: int, pairs: IntArray) -> IntArray:
    """[count] labels 0, 1, ... of the sets that pairs join, in the order of their first members."""
    label = np.arange(count)
    while True:
        low = np.minimum(label[pairs[:, 0]], label[pairs[:, 1]])
        before = label.copy()
        np.minimum.at(label, pairs[:, 0], low)
        np.minimum.at(label, pairs[:, 1], low)
        label = label[label]
        if np.array_equal(label, before):
            return np.unique(label, return_inverse=True)[1].reshape(-1)
