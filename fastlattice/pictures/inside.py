"""What of a lattice one cell shows: struts and nodes in it, and the pieces of struts that pass through it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fastlattice.lattice.lattice import Lattice

FloatArray = NDArray[np.float64]
MARGIN = 0.12  # how far outside the cell a node is shown, at most; a perturbation may carry it there


def inside_cell(lattice: Lattice) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray, FloatArray]:
    """What one cell shows: struts (starts, ends, radii) and nodes (positions, radii).

    Nodes in the closed cell or just outside it are shown, so that a perturbed cell has all its corners; struts between
    two of these are whole, all others are cut at the faces of the cell.
    """
    length = np.median(lattice.strut_lengths) if lattice.num_struts else 0.0
    margin = min(MARGIN, 0.5 * length / np.linalg.norm(lattice.cell, axis=1).max()) + 1e-6
    wrapped = np.mod(lattice.fractional + margin, 1) - margin
    i, j = lattice.struts.T
    along = np.linalg.solve(lattice.cell.T, lattice.strut_vectors.T).T
    low, high = np.minimum(0, along) + wrapped[i], np.maximum(0, along) + wrapped[i]
    first = np.floor(-high.max(axis=0, initial=0) - margin).astype(int)
    last = np.ceil(1 - low.min(axis=0, initial=0) + margin).astype(int)
    axes = [np.arange(a, b + 1) for a, b in zip(first, last, strict=True)]
    images = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 1, 3)

    def shown(points: FloatArray) -> NDArray[np.bool_]:
        return ((points >= -margin) & (points <= 1 + margin)).all(axis=-1)

    start = wrapped[i] + images  # [images, struts, 3]
    enter, leave = _clipped(start, along)
    whole = shown(start) & shown(start + along)
    enter, leave = np.where(whole, 0, enter), np.where(whole, 1, leave)
    shortest = np.minimum(4 * lattice.radii, 0.2 * lattice.strut_lengths)
    splinter = (enter > 0) & (leave < 1) & ((leave - enter) * lattice.strut_lengths < shortest)
    image, strut = np.nonzero((leave - enter > 1e-4) & ~splinter)
    pieces = [(start[image, strut] + s[image, strut, None] * along[strut]) @ lattice.cell for s in (enter, leave)]

    radius = np.zeros(lattice.num_nodes)
    for end in (i, j):
        np.maximum.at(radius, end, lattice.radii)
    copies = wrapped + images
    image, node = np.nonzero(shown(copies) & (radius > 0))
    return pieces[0], pieces[1], lattice.radii[strut], copies[image, node] @ lattice.cell, radius[node]


def _clipped(start: FloatArray, along: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Where the segments start + s along are in the unit cube: s from `enter` to `leave`, in [0, 1], nowhere if equal.

    Liang and Barsky, ACM Trans. Graph. 3, 1984, 1-22: a segment is inside while it is between each pair of faces.
    """
    tolerance = 1e-6
    with np.errstate(divide="ignore", invalid="ignore"):
        to_low, to_high = (-tolerance - start) / along, (1 + tolerance - start) / along
    between = np.where((start >= -tolerance) & (start <= 1 + tolerance), np.inf, -np.inf)
    parallel = np.broadcast_to(np.abs(along) < 1e-12, start.shape)
    enter = np.where(parallel, -between, np.minimum(to_low, to_high)).max(axis=-1)
    leave = np.where(parallel, between, np.maximum(to_low, to_high)).min(axis=-1)
    enter = enter.clip(0, 1)
    return enter, leave.clip(enter, 1)
