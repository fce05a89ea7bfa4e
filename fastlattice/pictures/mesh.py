"""Polygon meshes of tubes, balls and spheres, with normals: what the pictures are made of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Mesh:
    """Quadrilaterals (triangles repeat a corner) and their outward normals; `a + b` holds the faces of both.

    Attributes:
        faces: [F, 4, 3] corners, anticlockwise as seen from outside.
        normals: [F, 3] unit normals.
    """

    faces: FloatArray
    normals: FloatArray

    @property
    def centres(self) -> FloatArray:
        """[F, 3] means of the corners."""
        return self.faces.mean(axis=1)

    def __add__(self, other: Mesh) -> Mesh:
        return Mesh(np.concatenate([self.faces, other.faces]), np.concatenate([self.normals, other.normals]))

    @classmethod
    def of_triangles(cls, vertices: FloatArray, triangles: IntArray) -> Mesh:
        """The mesh of triangles [T, 3] over vertices [V, 3], wound anticlockwise as seen from outside."""
        corners = vertices[triangles]
        normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
        lengths = np.linalg.norm(normals, axis=1, keepdims=True)
        return cls(corners[:, [0, 1, 2, 2]], normals / np.where(lengths > 0, lengths, 1))


def tubes(starts: FloatArray, ends: FloatArray, radii: FloatArray, sides: int, piece: float) -> Mesh:
    """Closed tubes from `starts` to `ends` [K, 3], cut into pieces no longer than `piece` so that they sort by depth.

    A painter's algorithm draws far faces first; it needs faces that are short compared with what they pass.
    """
    along = ends - starts
    lengths = np.linalg.norm(along, axis=1)
    t = along / np.where(lengths > 0, lengths, 1)[:, None]
    u = np.cross(t, np.eye(3)[np.abs(t).argmin(axis=1)]) if len(t) else t
    u /= np.linalg.norm(u, axis=1, keepdims=True)
    angles = 2 * np.pi * np.arange(sides + 1) / sides
    ring = np.cos(angles)[None, :, None] * u[:, None] + np.sin(angles)[None, :, None] * np.cross(t, u)[:, None]

    counts = np.maximum(np.ceil(lengths / piece), 1).astype(int)
    tube = np.repeat(np.arange(len(starts)), counts)
    step = np.arange(len(tube)) - np.repeat(np.cumsum(counts) - counts, counts)
    low = starts[tube] + along[tube] * (step / counts[tube])[:, None]
    high = starts[tube] + along[tube] * ((step + 1) / counts[tube])[:, None]
    rim = radii[tube, None, None] * ring[tube]  # [P, sides + 1, 3]
    bottom, top = low[:, None] + rim, high[:, None] + rim
    walls = np.stack([bottom[:, :-1], bottom[:, 1:], top[:, 1:], top[:, :-1]], axis=2).reshape(-1, 4, 3)
    wall_normals = (ring[:, :-1] + ring[:, 1:])[tube].reshape(-1, 3)
    wall_normals /= np.linalg.norm(wall_normals, axis=1, keepdims=True)
    mesh = Mesh(walls, wall_normals)
    for centre, normal, turn in ((starts, -t, -1), (ends, t, 1)):
        edge = centre[:, None] + radii[:, None, None] * ring[:, ::turn]
        hub = np.broadcast_to(centre[:, None], edge[:, 1:].shape)
        caps = np.stack([hub, edge[:, :-1], edge[:, 1:], edge[:, 1:]], axis=2).reshape(-1, 4, 3)
        mesh = mesh + Mesh(caps, np.repeat(normal, sides, axis=0))
    return mesh


def sphere(centres: FloatArray, radii: FloatArray, divisions: int) -> Mesh:
    """Balls at `centres` [K, 3]."""
    directions, triangles = octasphere(divisions)
    unit = Mesh.of_triangles(directions, triangles)
    faces = centres[:, None, None] + radii[:, None, None, None] * unit.faces
    return Mesh(faces.reshape(-1, 4, 3), np.tile(unit.normals, (len(centres), 1)))


def octasphere(divisions: int) -> tuple[FloatArray, IntArray]:
    """Directions [V, 3] and triangles [T, 3] of an octahedron subdivided and blown up to the unit sphere.

    Its points share the symmetry of the cube and hold its axes, so that pictures of cubic materials are symmetric.
    """
    points: list[FloatArray] = []
    triangles: list[tuple[int, ...]] = []
    for a in (1, -1):
        for b in (1, -1):
            for c in (1, -1):
                index = {}
                for i in range(divisions + 1):
                    for j in range(divisions + 1 - i):
                        index[i, j] = len(points)
                        angle = np.array([i, j, divisions - i - j]) * (np.pi / 2 / divisions)
                        points.append(np.sin(angle) * [a, b, c])
                for i in range(divisions):
                    for j in range(divisions - i):
                        triangles.append((index[i, j], index[i + 1, j], index[i, j + 1])[:: a * b * c])
                        if i + j < divisions - 1:
                            corners = (index[i + 1, j], index[i + 1, j + 1], index[i, j + 1])
                            triangles.append(corners[:: a * b * c])
    directions = np.array(points)
    return directions / np.linalg.norm(directions, axis=1, keepdims=True), np.array(triangles)
