"""Blocks of cells as finite wireframes, which is what files of beams hold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from fastlattice.errors import LatticeError
from fastlattice.lattice.lattice import Lattice
from fastlattice.lattice.wireframe import Wireframe

Faces = Literal["cut", "whole"]
_SNAP = 1e-10  # of a lattice vector: a node so near to a face lies on it
_MOST_STRUTS = 10_000_000


def tessellated(
    lattice: Lattice,
    tessellate: int | Sequence[int] = (4, 4, 4),
    unit: str = "mm",
    scale: float = 1.0,
    faces: Faces = "cut",
) -> Wireframe:
    """A block of n1 x n2 x n3 cells as a finite wireframe, one corner in the origin.

    Args:
        lattice: the cell.
        tessellate: cells along each lattice vector, one number or three.
        unit: of the lengths that come out.
        scale: what the lattice's lengths are multiplied by, so that they are in `unit`.
        faces: "cut" ends struts in the block's faces, draws those that lie in one on both sides, so that the block is
            whole, and has a node wherever a strut crosses a face of a cell, so that all cells are alike; "whole" draws
            every strut once, from node to node, so that some stick out and none is cut.

    Returns:
        The wireframe; its `cell` is one cell of the block, scaled.

    Raises:
        LatticeError: a count is not a positive integer, the scale is not positive, or there are too many struts.
    """
    counts = checked_counts(lattice, tessellate, scale, faces)
    starts, ends, keys, radii = (_cut if faces == "cut" else _whole)(lattice, counts)
    used, first, struts = np.unique(keys.reshape(-1, 4), axis=0, return_index=True, return_inverse=True)
    fractional = np.stack([starts, ends], axis=1).reshape(-1, 3)[first]
    return Wireframe(
        nodes=_positions(lattice, used, fractional) * scale,
        struts=struts.reshape(-1, 2).astype(np.int64),
        radii=radii * scale,
        cell=lattice.cell * scale,
        unit=unit,
        name=lattice.name,
    )


def checked_counts(lattice: Lattice, tessellate: int | Sequence[int], scale: float, faces: str) -> NDArray[np.int64]:
    """[3] cells of a block along each lattice vector.

    Raises:
        LatticeError: as for `tessellated`.
    """
    counts = np.asarray(tessellate)
    counts = np.broadcast_to(counts if counts.shape in ((), (3,)) else 0, (3,))
    if counts.dtype.kind not in "iu" or counts.min() < 1:
        raise LatticeError(f"the cells of a block are one or three positive integers, not {tessellate!r}")
    if not (scale > 0 and np.isfinite(scale)):
        raise LatticeError(f"the scale must be a positive number, not {scale}")
    if faces not in ("cut", "whole"):
        raise LatticeError(f'faces must be "cut" or "whole", not {faces!r}')
    if lattice.num_struts * int(np.prod(counts.astype(object))) > _MOST_STRUTS:
        raise LatticeError(f"a block of {' x '.join(map(str, counts))} cells has more than {_MOST_STRUTS} struts")
    return counts.astype(np.int64)


def _positions(lattice: Lattice, keys: NDArray[np.int64], fractional: NDArray[np.float64]) -> NDArray[np.float64]:
    """Places of ends: of nodes from the lattice's own positions, of cut struts from where they meet a face."""
    nodes = keys[:, 0] >= 0
    places = fractional @ lattice.cell
    places[nodes] = lattice.positions[keys[nodes, 0]] + keys[nodes, 1:] @ lattice.cell
    return places


_Ends = tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64], NDArray[np.float64]]


def _snapped(lattice: Lattice) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """[M, 3] fractional places of both ends of each strut, whole numbers where they are near one."""

    def snap(places: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.where(np.abs(places - np.rint(places)) < _SNAP, np.rint(places), places)

    fractional = snap(lattice.fractional)
    i, j = lattice.struts.T
    return fractional[i], snap(fractional[j] + lattice.shifts)


def _whole(lattice: Lattice, counts: NDArray[np.int64]) -> _Ends:
    """Every strut of every cell once; it belongs to the cell that its middle lies in."""
    start, end = _snapped(lattice)
    home = np.floor((start + end) / 2 + _SNAP).astype(np.int64)
    images = np.stack(np.meshgrid(*map(np.arange, counts), indexing="ij"), axis=-1).reshape(-1, 1, 3) - home
    shape = (len(images), lattice.num_struts)
    keys = np.empty((*shape, 2, 4), dtype=np.int64)
    keys[..., 0] = lattice.struts
    keys[..., 0, 1:], keys[..., 1, 1:] = images, images + lattice.shifts
    places = [(side + images).reshape(-1, 3) for side in (start, end)]
    return places[0], places[1], keys.reshape(-1, 2, 4), np.tile(lattice.radii, len(images))


def _cut(lattice: Lattice, counts: NDArray[np.int64]) -> _Ends:
    """Every image of every strut, in pieces from cell face to cell face, as far as they lie in the closed block."""
    starts, ends, keys, rows = [], [], [], []
    crossings = 0
    for row, (start, end) in enumerate(zip(*_snapped(lattice), strict=True)):
        points = _points(start, end)
        names = np.zeros((len(points), 4), dtype=np.int64)  # node and image, or a number below 0 for each crossing
        names[0, 0], names[-1] = lattice.struts[row, 0], (lattice.struts[row, 1], *lattice.shifts[row])
        names[1:-1, 0] = -1 - crossings - np.arange(len(points) - 2)
        crossings += len(points) - 2
        for k in range(len(points) - 1):
            middle = (points[k] + points[k + 1]) / 2
            ranges = [np.arange(np.ceil(-middle[d]), np.floor(counts[d] - middle[d]) + 1) for d in range(3)]
            images = np.stack(np.meshgrid(*ranges, indexing="ij"), axis=-1).reshape(-1, 3)
            starts.append(points[k] + images)
            ends.append(points[k + 1] + images)
            named = np.repeat(names[None, k : k + 2], len(images), axis=0)
            named[..., 1:] += images.astype(np.int64)[:, None]
            keys.append(named)
            rows.append(np.full(len(images), row))
    if not rows:
        return np.empty((0, 3)), np.empty((0, 3)), np.empty((0, 2, 4), dtype=np.int64), np.empty(0)
    return np.concatenate(starts), np.concatenate(ends), np.concatenate(keys), lattice.radii[np.concatenate(rows)]


def _points(start: NDArray[np.float64], end: NDArray[np.float64]) -> NDArray[np.float64]:
    """[P, 3] both ends of a strut and, between them, where it crosses faces of cells; fractional."""
    vector = end - start
    crossed: list[tuple[float, int, float]] = [
        ((plane - start[d]) / vector[d], d, plane)
        for d in range(3)
        for plane in np.arange(np.floor(min(start[d], end[d])) + 1, np.ceil(max(start[d], end[d])))
    ]
    points, last = [start], 0.0
    for t, d, plane in sorted(crossed):
        if last + _SNAP < t < 1 - _SNAP:
            points.append(start + t * vector)
            last = t
        if len(points) > 1 and t - last <= _SNAP:  # through an edge of the cell, both at once
            points[-1][d] = plane  # exactly
    return np.array([*points, end])
