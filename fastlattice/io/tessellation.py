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
        faces: "cut" ends struts in the block's faces and draws those that lie in one on both sides, so that the block
            is whole; "whole" draws every strut once, from node to node, so that some stick out and none is cut.

    Returns:
        The wireframe; its `cell` is one cell of the block, scaled.

    Raises:
        LatticeError: a count is not a positive integer, the scale is not positive, or there are too many struts.
    """
    counts = np.broadcast_to(np.asarray(tessellate), (3,)) if np.size(tessellate) in (1, 3) else np.zeros(3)
    if counts.dtype.kind not in "iu" or counts.min() < 1:
        raise LatticeError(f"the cells of a block are one or three positive integers, not {tessellate!r}")
    if not (scale > 0 and np.isfinite(scale)):
        raise LatticeError(f"the scale must be a positive number, not {scale}")
    if faces not in ("cut", "whole"):
        raise LatticeError(f'faces must be "cut" or "whole", not {faces!r}')
    if lattice.num_struts * int(np.prod(counts.astype(object))) > _MOST_STRUTS:
        raise LatticeError(f"a block of {' x '.join(map(str, counts))} cells has more than {_MOST_STRUTS} struts")
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
    """Every image of every strut, as far as it lies in the closed block."""
    pieces = [
        _cut_one(start, end, node, shift, counts, row)
        for row, (start, end, node, shift) in enumerate(
            zip(*_snapped(lattice), lattice.struts, lattice.shifts, strict=True)
        )
    ]
    starts, ends, keys, rows = (np.concatenate(parts) for parts in zip(*pieces, strict=True)) if pieces else _nothing()
    cut = keys[..., 0] < 0
    keys[cut, 1] = np.arange(cut.sum())  # each cut end is a node of its own
    return starts, ends, keys, lattice.radii[rows]


def _nothing() -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    return np.empty((0, 3)), np.empty((0, 3)), np.empty((0, 2, 4), dtype=np.int64), np.empty(0, dtype=np.int64)


def _cut_one(
    start: NDArray[np.float64],
    end: NDArray[np.float64],
    nodes: NDArray[np.int64],
    shift: NDArray[np.int64],
    counts: NDArray[np.int64],
    row: int,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """Images of one strut clipped to the block 0 <= x <= counts (Liang and Barsky 1984), in fractional coordinates."""
    low, high = np.minimum(start, end), np.maximum(start, end)
    ranges = [np.arange(np.ceil(-high[d]), np.floor(counts[d] - low[d]) + 1) for d in range(3)]
    images = np.stack(np.meshgrid(*ranges, indexing="ij"), axis=-1).reshape(-1, 3)
    first, vector = start + images, end - start
    enter, leave = np.zeros(len(images)), np.ones(len(images))
    enter_at, leave_at = np.full(len(images), -1), np.full(len(images), -1)
    for d in np.flatnonzero(vector):
        to_low, to_high = -first[:, d] / vector[d], (counts[d] - first[:, d]) / vector[d]
        near, far = (to_low, to_high) if vector[d] > 0 else (to_high, to_low)
        enter_at[near > enter], leave_at[far < leave] = d, d
        enter, leave = np.maximum(enter, near), np.minimum(leave, far)
    kept = leave - enter > _SNAP
    enter, leave, images, first = enter[kept, None], leave[kept, None], images[kept], first[kept]
    keys = np.empty((len(images), 2, 4), dtype=np.int64)
    keys[..., 0] = nodes
    keys[:, 0, 1:], keys[:, 1, 1:] = images, images + shift
    keys[enter[:, 0] > 0, 0] = -1
    keys[leave[:, 0] < 1, 1] = -1
    ends = []
    for t, axis in ((enter, enter_at[kept]), (leave, leave_at[kept])):
        places = first + t * vector
        cut = np.flatnonzero(axis >= 0)
        places[cut, axis[cut]] = np.rint(places[cut, axis[cut]])  # in the face exactly
        ends.append(places)
    return ends[0], ends[1], keys, np.full(len(images), row)
