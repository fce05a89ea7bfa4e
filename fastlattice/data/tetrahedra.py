"""Periodic Delaunay tetrahedra of points in a unit cube, the networks and foams they make, and Voronoi centroids."""

from __future__ import annotations

from importlib import metadata
from itertools import combinations, permutations, product
from typing import Any

import numpy as np

from fastlattice._extras import module_of_extra
from fastlattice.lattice.lattice import FloatArray, IntArray

IMAGES = np.array(list(product((-1, 0, 1), repeat=3)))
"""[27, 3] cells around the one in the middle, and that one, number 13."""

Made = tuple[FloatArray, IntArray, IntArray]
"""A net: positions [N, 3], struts [M, 2], shifts [M, 3]."""


class Tetrahedra:
    """Delaunay tetrahedra of n points in the unit cube and their images, each of T once.

    Attributes:
        points: [n, 3] in [0, 1).
        corners: [T, 4] int64 points, and cells: [T, 4, 3] int64 the cells that they lie in; the first corner's is 0.
        beyond: [T, 4] int64 the tetrahedron opposite each corner, and steps: [T, 4, 3] int64 the cells it is moved by.
        centres: [T, 3] of the circumspheres.
    """

    def __init__(self, points: FloatArray, corners: IntArray, cells: IntArray, beyond: IntArray, steps: IntArray):
        self.points, self.corners, self.cells, self.beyond, self.steps = points, corners, cells, beyond, steps
        self.places = points[corners] + cells
        self.centres = circumcentres(self.places)

    @classmethod
    def of(cls, points: FloatArray) -> Tetrahedra | None:
        """The tetrahedra of points [n, 3] in [0, 1), n >= 4; None where circumspheres reach beyond 27 images."""
        count = len(points)
        owner, cell = np.tile(np.arange(count), len(IMAGES)), np.repeat(IMAGES, count, axis=0)
        places = points[owner] + cell
        mesh = scipy_spatial().Delaunay(places)
        # Corners in the order of their point and cell; the first one's cell says where the tetrahedron is.
        rank = np.lexsort((*cell.T[::-1], owner))
        ranked = np.argsort(rank)[mesh.simplices]
        order = np.argsort(ranked, axis=1)
        simplices = np.take_along_axis(mesh.simplices, order, axis=1).astype(np.int64)
        neighbours = np.take_along_axis(mesh.neighbors, order, axis=1)
        home = cell[simplices[:, 0]]
        corners, cells = owner[simplices], cell[simplices] - home[:, None]
        ours = np.flatnonzero((home == 0).all(1))
        if (neighbours[ours] < 0).any():
            return None
        numbers = {row.tobytes(): n for n, row in enumerate(_keys(corners[ours], cells[ours]))}
        next_to = neighbours[ours].reshape(-1)
        keys = [row.tobytes() for row in _keys(corners[next_to], cells[next_to])]
        if len(numbers) < len(ours) or any(key not in numbers for key in keys):
            return None
        beyond = np.array([numbers[key] for key in keys], dtype=np.int64).reshape(-1, 4)
        found = cls(points, corners[ours], cells[ours], beyond, home[next_to].reshape(-1, 4, 3))
        radius = np.linalg.norm(found.centres - found.places[:, 0], axis=1)[:, None]
        inside = ((found.centres - radius > -1) & (found.centres + radius < 2)).all()
        return found if inside else None

    def network(self) -> Made:
        """The points, joined along the tetrahedra's edges."""
        rows = [
            np.concatenate([self.corners[:, [a, b]], self.cells[:, b] - self.cells[:, a]], axis=1)
            for a, b in combinations(range(4), 2)
        ]
        return self.points, *once(np.concatenate(rows))

    def foam(self) -> Made:
        """The edges of the points' Voronoi cells: circumcentres, joined through the tetrahedra's faces."""
        here = np.repeat(np.arange(len(self.corners)), 4)
        rows = np.concatenate([here[:, None], self.beyond.reshape(-1, 1), self.steps.reshape(-1, 3)], axis=1)
        return self.centres, *once(rows)

    def centroids(self) -> tuple[FloatArray, FloatArray]:
        """[n] volumes and [n, 3] centroids of the Voronoi cells.

        A cell is the signed sum of the simplices corner, middle of an edge, centre of a face, centre of the
        tetrahedron.
        """
        volume, moment = np.zeros(len(self.points)), np.zeros((len(self.points), 3))
        for order in permutations(range(4)):
            p = self.places[:, order]
            chain = np.stack([(p[:, 0] + p[:, 1]) / 2, circumcentres(p[:, :3]), self.centres], axis=1)
            turned = np.sign(np.linalg.det(p[:, 1:] - p[:, :1]))
            part = turned * np.linalg.det(chain - p[:, :1]) / 6
            corner = self.corners[:, order[0]]
            np.add.at(volume, corner, part)
            np.add.at(moment, corner, part[:, None] * ((chain.sum(1) + p[:, 0]) / 4 - self.cells[:, order[0]]))
        return volume, moment / volume[:, None]


def circumcentres(places: FloatArray) -> FloatArray:
    """[T, 3] centres of the circles or spheres through 3 or 4 points each, places [T, k, 3]."""
    edges = places[:, 1:] - places[:, :1]
    gram = edges @ edges.transpose(0, 2, 1)
    half = np.einsum("tkk->tk", gram)[:, :, None] / 2
    return places[:, 0] + (np.linalg.solve(gram, half) * edges).sum(1)


def _keys(corners: IntArray, cells: IntArray) -> IntArray:
    return np.concatenate([corners[:, :, None], cells], axis=2).reshape(len(corners), -1)


def once(rows: IntArray) -> tuple[IntArray, IntArray]:
    """Struts and shifts of rows (i, j, s), each in one of its directions, without those of no length and doubles."""
    back = np.concatenate([rows[:, 1::-1], -rows[:, 2:]], axis=1)
    differs = rows != back
    at, line = differs.argmax(axis=1), np.arange(len(rows))
    rows = np.where((back[line, at] < rows[line, at])[:, None], back, rows)
    rows = np.unique(rows[differs.any(axis=1)], axis=0)
    return rows[:, :2], rows[:, 2:]


def scipy_version() -> str:
    """Of the scipy whose tetrahedra are taken.

    Raises:
        MissingExtraError: it is not installed.
    """
    scipy_spatial()
    return metadata.version("scipy")


def scipy_spatial() -> Any:
    """The module scipy.spatial.

    Raises:
        MissingExtraError: it is not installed.
    """
    return module_of_extra("scipy.spatial", "train", "making random nets")
