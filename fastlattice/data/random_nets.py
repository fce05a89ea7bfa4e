"""Random periodic nets: Voronoi foams, Delaunay networks, geometric graphs and thinned networks in a unit cube.

Foams and networks come from the periodic Delaunay tetrahedra of random points, relaxed by Lloyd's steps (Lloyd, IEEE
Trans. Inf. Theory 28, 129, 1982): a network joins the points, a foam the tetrahedra's circumcentres. The tetrahedra are
those of the points among their images (scipy, extra "train"), taken modulo the cell, and proven: all circumspheres lie
where every image of every point is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch

from fastlattice.data.tetrahedra import IMAGES, Made, Tetrahedra, once, scipy_spatial
from fastlattice.fe.homogenise import homogenise
from fastlattice.lattice.batch import LatticeBatch
from fastlattice.lattice.lattice import FloatArray, IntArray, Lattice
from fastlattice.lattice.strings import StringColumn

RANDOM_KINDS = ("voronoi", "delaunay", "geometric", "thinned")
GRID = 1 << 30
"""Positions are multiples of 1 / GRID, so that they are stored exactly in few bytes."""
POINTS = (4, 30)
"""Fewest and most points that a net is made from."""
MERGED = 0.03
"""Nodes that a shorter strut joins become one; cell constants are 1."""
NODES_OF_A_FOAM = 6.5
"""Of each point, less merged ones; 6.77 without (Meijering, Philips Res. Rep. 8, 270, 1953)."""
_ATTEMPTS = 100


def random_nets(
    count: int, seed: int, max_nodes: int = 40, kinds: Sequence[str] = RANDOM_KINDS, first: int = 0
) -> LatticeBatch:
    """Random nets `first` to `first + count - 1` of a seed: each the same, whatever else is made with it.

    Net k is of the kind k modulo len(kinds). Finite elements have found a stiffness for each at relative density 0.01,
    and no strut is shorter than 0.03. With one version of scipy the same seed gives the same bits.

    Args:
        count: number of nets.
        seed: not negative.
        max_nodes: most nodes of a net, at least 30.
        kinds: of RANDOM_KINDS. "voronoi" foams have four struts at most nodes, "delaunay" networks some fifteen,
            "geometric" graphs join 3 to 12 near nodes, "thinned" networks have lost 20 to 70% of their struts.
        first: number of the first net.

    Returns:
        LatticeBatch with the columns name ("voronoi-<seed>-<k>") and kind; the cell is the unit cube, relative density
        0.01 with one radius.

    Raises:
        ValueError: an argument is out of range.
        MissingExtraError: scipy is not installed.
    """
    if count < 0 or first < 0 or seed < 0:
        raise ValueError("count, first and seed must not be negative")
    if max_nodes < POINTS[1]:
        raise ValueError(f"max_nodes must be at least {POINTS[1]}, not {max_nodes}")
    if not kinds or set(kinds) - set(RANDOM_KINDS):
        raise ValueError(f"kinds must be some of {', '.join(RANDOM_KINDS)}, not {kinds!r}")
    scipy_spatial()
    numbers = range(first, first + count)
    done: dict[int, Lattice] = {}
    for attempt in range(_ATTEMPTS):
        missing = [k for k in numbers if k not in done]
        if not missing:
            break
        made = {k: _made(kinds[k % len(kinds)], seed, k, attempt, max_nodes) for k in missing}
        sound = [lattice for lattice in made.values() if lattice is not None]
        ok = homogenise(sound).ok.tolist()
        numbered = [k for k, lattice in made.items() if lattice is not None]
        done.update({k: lattice for k, lattice, good in zip(numbered, sound, ok, strict=True) if good})
    else:
        raise RuntimeError(f"no net with a stiffness in {_ATTEMPTS} attempts")
    batch = of_one_radius(LatticeBatch.from_lattices(done[k] for k in numbers))
    return batch.with_columns(kind=StringColumn.from_strings(kinds[k % len(kinds)] for k in numbers))


def of_one_radius(batch: LatticeBatch) -> LatticeBatch:
    """The lattices at relative density 0.01, all struts of one radius."""
    batch = batch.replace(radii=torch.ones_like(batch.radii))
    radius = (0.01 / batch.relative_density).sqrt()
    return batch.replace(radii=radius.repeat_interleave(batch.strut_counts))


def _made(kind: str, seed: int, number: int, attempt: int, max_nodes: int) -> Lattice | None:
    """One net, or None where this attempt makes none."""
    rng = np.random.default_rng([seed, number, attempt])
    maker: Callable[[np.random.Generator, int], Made | None] = _MAKERS[kind]
    made = maker(rng, max_nodes)
    if made is None:
        return None
    positions, struts, shifts = merged(*made, MERGED)
    positions, struts, shifts = without_loose_ends(positions, struts, shifts)
    positions = np.round(positions * GRID) / GRID
    if not 2 <= len(positions) <= max_nodes or len(struts) < 3:
        return None
    lattice = Lattice(np.eye(3), positions, struts, shifts, 1.0, f"{kind}-{seed}-{number}")
    return lattice.with_relative_density(0.01)


# ------------------------------------------------------------------------------------------------ the four kinds


def _voronoi(rng: np.random.Generator, max_nodes: int) -> Made | None:
    most = max(POINTS[0], min(POINTS[1], int(max_nodes / NODES_OF_A_FOAM)))
    cells = _relaxed(rng, int(rng.integers(POINTS[0], most + 1)))
    return None if cells is None else cells.foam()


def _delaunay(rng: np.random.Generator, max_nodes: int) -> Made | None:
    cells = _relaxed(rng, int(rng.integers(POINTS[0], min(POINTS[1], max_nodes) + 1)))
    return None if cells is None else cells.network()


def _thinned(rng: np.random.Generator, max_nodes: int) -> Made | None:
    made = _delaunay(rng, max_nodes)
    if made is None:
        return None
    positions, struts, shifts = made
    kept = rng.random(len(struts)) >= rng.uniform(0.2, 0.7)
    return positions, struts[kept], shifts[kept]


def _geometric(rng: np.random.Generator, max_nodes: int) -> Made | None:
    """Points at a distance from each other; the shortest pairs of points and images are joined."""
    count = int(rng.integers(POINTS[0], max_nodes + 1))
    distance, points = 0.6 * count ** (-1 / 3), np.empty((0, 3))
    for _ in range(50 * count):
        point = rng.random(3)
        away = points - point
        if not len(points) or np.linalg.norm(away - np.round(away), axis=1).min() >= distance:
            points = np.concatenate([points, point[None]])
        if len(points) == count:
            break
    i, j, image = np.indices((len(points), len(points), 27)).reshape(3, -1)
    once = (i < j) | ((i == j) & (image > 13))
    i, j, shifts = i[once], j[once], IMAGES[image[once]]
    length = np.linalg.norm(points[j] - points[i] + shifts, axis=1)
    nearest = np.argsort(length, kind="stable")[: round(len(points) * rng.uniform(3, 12) / 2)]
    return points, np.stack([i, j], 1)[nearest], shifts[nearest]


_MAKERS = {"voronoi": _voronoi, "delaunay": _delaunay, "geometric": _geometric, "thinned": _thinned}


def _relaxed(rng: np.random.Generator, count: int) -> Tetrahedra | None:
    """The tetrahedra of random points after none to three of Lloyd's steps; None where 27 images do not suffice."""
    points, steps = rng.random((count, 3)), int(rng.integers(0, 4))
    for step in range(steps + 1):
        cells = Tetrahedra.of(points)
        if cells is None or step == steps:
            return cells
        points = np.mod(cells.centroids()[1], 1.0)
    raise AssertionError


# ------------------------------------------------------------------------------------------------ repairs


def merged(positions: FloatArray, struts: IntArray, shifts: IntArray, shortest: float) -> Made:
    """The net without struts shorter than `shortest`: each one's ends become one node in their middle; unit cube.

    Struts that come to lie on one another become one.
    """
    while len(struts):
        i, j = struts.T
        length = np.linalg.norm(positions[j] - positions[i] + shifts, axis=1)
        n = int(length.argmin())
        if length[n] >= shortest:
            break
        a, b, step = int(i[n]), int(j[n]), shifts[n]
        if a == b:  # a node that is next to its own image: no merging helps
            return positions[:0], struts[:0], shifts[:0]
        positions = positions.copy()
        positions[a] = (positions[a] + positions[b] + step) / 2
        # Seen from a, node b is in the cell `step`: struts that ended at b end at a, that much further.
        shifts = shifts - np.where(j == b, 1, 0)[:, None] * step + np.where(i == b, 1, 0)[:, None] * step
        struts = np.where(struts == b, a, struts)
        struts, shifts = once(np.concatenate([struts - (struts > b), shifts], axis=1))
        positions = np.delete(positions, b, axis=0)
    return positions, struts, shifts


def without_loose_ends(positions: FloatArray, struts: IntArray, shifts: IntArray) -> Made:
    """The net without nodes of fewer than three struts, again and again."""
    while True:
        kept = np.bincount(struts.ravel(), minlength=len(positions)) >= 3
        if kept.all():
            return positions, struts, shifts
        whole = kept[struts].all(axis=1)
        positions, struts, shifts = positions[kept], (np.cumsum(kept) - 1)[struts[whole]], shifts[whole]
