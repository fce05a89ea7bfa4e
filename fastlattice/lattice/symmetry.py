"""The symmetry of a lattice as it stands: isometries that map nodes, struts and radii onto themselves.

An isometry takes a place x to Q x + t. It is found from the metric of the cell (its rotation is an integer matrix in
lattice vectors) and checked on every node and strut; what it does to them is kept in integers, so that a lattice can
be made exactly symmetric: symmetric to rounding, whatever its coordinates were rounded to.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from fastlattice.lattice.lattice import FloatArray, IntArray, Lattice
from fastlattice.lattice.struts import moved_struts, rarest, sorted_struts


@dataclass(frozen=True, eq=False)
class Isometries:
    """G isometries of a lattice of N nodes and M struts; the first is the identity.

    Attributes:
        maps: [G, 3, 3] int64, W: rows of the cell times Q^T are W @ cell.
        nodes: [G, N] int64, the node that each node becomes.
        cells: [G, N, 3] int64, the cell in which that node is met.
        struts: [G, M] int64, the strut that each strut becomes.
    """

    maps: IntArray
    nodes: IntArray
    cells: IntArray
    struts: IntArray

    def __len__(self) -> int:
        return len(self.maps)

    def rotations(self, cell: FloatArray) -> FloatArray:
        """[G, 3, 3] Q in Cartesian axes; orthogonal where `cell` has the symmetry."""
        return (np.linalg.inv(cell) @ self.maps @ cell).swapaxes(1, 2)

    def take(self, which: IntArray) -> Isometries:
        """Some of them, by index or mask."""
        return Isometries(self.maps[which], self.nodes[which], self.cells[which], self.struts[which])

    def orbits(self) -> IntArray:
        """[M] int64, the first strut of each strut's orbit."""
        return self.struts.min(axis=0)

    def deviation(self, lattice: Lattice) -> float:
        """How far a node is from where an isometry wants it, at most, in units of the longest lattice vector."""
        wanted = self._images(lattice.cell, lattice.positions)
        centred = lattice.positions - lattice.positions.mean(axis=0)
        away = np.linalg.norm(wanted - centred[self.nodes], axis=2).max()
        return float(away / np.linalg.norm(lattice.cell, axis=1).max())

    def _images(self, cell: FloatArray, positions: FloatArray) -> FloatArray:
        """[G, N, 3] where each node goes, moved back into the cell of the node that it becomes, from the centroid."""
        centred = positions - positions.mean(axis=0)
        moved = np.einsum("gab,nb->gna", self.rotations(cell), centred)
        return moved - (self.cells - self.cells.mean(axis=1, keepdims=True)) @ cell

    def symmetrised(self, lattice: Lattice) -> Lattice:
        """The lattice next to this one that has these isometries to rounding: they must be a whole group.

        The metric of the cell, the positions about their centroid and the squares of radii are averaged over the group.
        """
        metric = lattice.cell @ lattice.cell.T
        mean = np.mean(self.maps @ metric @ self.maps.swapaxes(1, 2), axis=0)
        inverse = np.linalg.inv(lattice.cell)
        values, vectors = np.linalg.eigh(inverse @ mean @ inverse.T)
        cell = lattice.cell @ (vectors * np.sqrt(values)) @ vectors.T
        positions = np.linalg.solve(lattice.cell, cell)
        positions = lattice.positions @ positions
        images = self._images(cell, positions)
        total = np.zeros_like(positions)
        for nodes, places in zip(self.nodes, images, strict=True):
            total[nodes] += places
        squares = np.mean(lattice.radii[self.struts] ** 2, axis=0)
        return Lattice(
            cell,
            total / len(self) + positions.mean(axis=0),
            lattice.struts,
            lattice.shifts,
            np.sqrt(squares),
            lattice.name,
        )


def isometries(lattice: Lattice, tolerance: float = 1e-6) -> Isometries:
    """All isometries of a lattice that map its nodes, struts and radii onto themselves: its space group modulo the
    translations by lattice vectors.

    Args:
        lattice: any with at least one node.
        tolerance: how far two places may differ relative to the longest lattice vector, and two radii relative to each
            other, and still count as images.
    """
    length = np.linalg.norm(lattice.cell, axis=1).max()
    fractional = lattice.fractional
    degree = np.bincount(lattice.struts.ravel(), minlength=lattice.num_nodes)
    targets = rarest(degree)
    rows, order = sorted_struts(lattice.struts, lattice.shifts)
    found: list[tuple[IntArray, IntArray, IntArray, IntArray]] = []
    for matrix in _metric_maps(lattice.cell, tolerance):
        turned = fractional @ matrix
        for target in targets:
            moved = turned + (fractional[target] - turned[targets[0]])
            image = _images_of(moved, fractional, degree, lattice.cell, tolerance * length)
            if image is None:
                continue
            nodes, cells = image
            there, there_order = moved_struts(lattice.struts, lattice.shifts, nodes, cells, matrix)
            if not np.array_equal(rows, there):
                continue
            struts = np.empty(lattice.num_struts, dtype=np.int64)
            struts[there_order] = order
            if np.allclose(lattice.radii[struts], lattice.radii, rtol=tolerance, atol=0):
                found.append((matrix, nodes, cells, struts))
    found.sort(key=lambda each: not (np.array_equal(each[0], np.eye(3)) and (each[1] == np.arange(len(degree))).all()))
    maps, nodes, cells, struts = (np.stack(parts) for parts in zip(*found, strict=True))
    return Isometries(maps, nodes, cells, struts)


def _metric_maps(cell: FloatArray, tolerance: float) -> list[IntArray]:
    """Integer matrices W with W G W^T = G for the metric G of the cell, to the tolerance: its point group."""
    metric = cell @ cell.T
    scale = metric.diagonal().max()
    reach = np.floor(np.sqrt(scale) * np.linalg.norm(np.linalg.inv(cell), axis=0) + 1e-6).astype(int)
    every = np.array(list(itertools.product(*(range(-n, n + 1) for n in reach))), dtype=np.int64)
    squares = np.einsum("na,ab,nb->n", every, metric, every)
    rows = [every[np.abs(squares - metric[k, k]) <= 4 * tolerance * scale] for k in range(3)]
    maps = []
    for a, b in itertools.product(rows[0], rows[1]):
        if abs(a @ metric @ b - metric[0, 1]) > 4 * tolerance * scale:
            continue
        for c in rows[2]:
            matrix = np.stack([a, b, c])
            if np.abs(matrix @ metric @ matrix.T - metric).max() <= 4 * tolerance * scale:
                maps.append(matrix)
    return maps


def _images_of(
    moved: FloatArray, fractional: FloatArray, degree: IntArray, cell: FloatArray, tolerance: float
) -> tuple[IntArray, IntArray] | None:
    """The node that each moved place is, and in which cell; None unless every node is met once."""
    offset = moved[:, None] - fractional
    whole = np.round(offset)
    distance = np.linalg.norm((offset - whole) @ cell, axis=2)
    distance[degree[:, None] != degree] = np.inf
    nodes = distance.argmin(axis=1)
    line = np.arange(len(nodes))
    if distance[line, nodes].max() > tolerance or len(np.unique(nodes)) < len(nodes):
        return None
    return nodes, whole[line, nodes].astype(np.int64)
