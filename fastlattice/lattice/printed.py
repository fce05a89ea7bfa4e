"""What a printed part fills: the union of its struts, whose overlaps at the nodes the relative density counts twice."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fastlattice.lattice.batch import LatticeBatch
from fastlattice.lattice.joints import joint_reach
from fastlattice.lattice.lattice import FloatArray, Lattice

LINES = 96  # along each side of a face
ROUNDS = 3  # each with lines along another lattice vector
MOST_ROUNDS = 300


@dataclass(frozen=True)
class Printed:
    """How much of the cell the union of the struts fills.

    Attributes:
        density: volume of the union of the struts, divided by the cell's.
        error: standard error of `density`, from repeated shifts of the lines that it is measured along.
        overlap: [M] the largest part of each strut's length, from either end, that lies inside other struts there.
    """

    density: float
    error: float
    overlap: FloatArray


def printed(lattice: Lattice, accuracy: float = 1e-3, seed: int = 0) -> Printed:
    """Density of the printed part: round struts with flat ends, what lies in several of them counted once.

    Measured along lines: a regular grid of them through the cell, shifted at random, in the direction of each lattice
    vector in turn. Along a line everything is exact. What is averaged is the ratio of the union to the sum of the
    struts, so that a lattice without overlaps has no error; the sum is known, it is the relative density.

    Args:
        lattice: the lattice.
        accuracy: standard error to be reached, relative to the density.
        seed: of the shifts; the same seed gives the same numbers.

    Raises:
        ValueError: the accuracy is not positive.
    """
    if not accuracy > 0:
        raise ValueError(f"accuracy must be positive, not {accuracy}")
    rng = np.random.default_rng(seed)
    ratios: list[float] = []
    while True:
        for axis in range(3):
            union, total = _measured(lattice, axis, rng.random(2))
            ratios.append(union / total if total else 1.0)
        rounds = np.array(ratios).reshape(-1, 3).mean(axis=1)
        error = rounds.std(ddof=1) / len(rounds) ** 0.5 if len(rounds) > 1 else np.inf
        if len(rounds) >= ROUNDS and (error <= accuracy * rounds.mean() or len(rounds) >= MOST_ROUNDS):
            break
    density = lattice.relative_density
    return Printed(float(density * rounds.mean()), float(density * error), _overlaps(lattice))


def _measured(lattice: Lattice, axis: int, shift: FloatArray) -> tuple[float, float]:
    """Length of the union, and of the sum, of the struts along lines in the direction of one lattice vector."""
    order = [(axis + 1) % 3, (axis + 2) % 3, axis]
    cell = lattice.cell[order]
    to_fractional = np.linalg.inv(cell)
    margin = np.linalg.norm(to_fractional, axis=0)  # fractional lengths of a unit of length
    line, start, end = [], [], []
    for place, vector, radius in zip(
        lattice.positions[lattice.struts[:, 0]], lattice.strut_vectors, lattice.radii, strict=True
    ):
        ends = np.stack([place, place + vector]) @ to_fractional
        low, high = ends.min(0) - radius * margin, ends.max(0) + radius * margin
        i, j = (np.arange(np.ceil(low[k] * LINES - shift[k]), np.floor(high[k] * LINES - shift[k]) + 1) for k in (0, 1))
        u, v = (grid.ravel() for grid in np.meshgrid(i, j, indexing="ij"))
        origins = np.stack([(u + shift[0]) / LINES, (v + shift[1]) / LINES], axis=1) @ cell[:2] - place
        first, last = _through_cylinder(origins, cell[2], vector, radius)
        hit = last > first
        line.append((u[hit] % LINES) * LINES + v[hit] % LINES)
        start.append(first[hit])
        end.append(last[hit])
    return _union(np.concatenate(line), np.concatenate(start), np.concatenate(end))


def _through_cylinder(
    origins: FloatArray, direction: FloatArray, axis: FloatArray, radius: float
) -> tuple[FloatArray, FloatArray]:
    """First and last t where origin + t direction is in a cylinder from 0 to `axis`; nowhere: first > last."""
    square = axis @ axis
    # |p - (p.a) a / a^2|^2 <= r^2 is a quadratic in t; 0 <= p.a <= a^2 a slab.
    across = direction - (direction @ axis) / square * axis
    offset = origins - (origins @ axis)[:, None] / square * axis
    a, b = across @ across, offset @ across
    c = np.einsum("nk,nk->n", offset, offset) - radius**2
    along = direction @ axis
    infinite = np.full(len(origins), np.inf)
    if a > 1e-14 * (direction @ direction):
        root = np.sqrt(np.maximum(b * b - a * c, 0.0))
        missed = b * b - a * c <= 0
        first, last = np.where(missed, infinite, (-b - root) / a), np.where(missed, -infinite, (-b + root) / a)
    else:
        first, last = np.where(c < 0, -infinite, infinite), np.where(c < 0, infinite, -infinite)
    height = origins @ axis
    if abs(along) > 1e-14 * np.sqrt(square * (direction @ direction)):
        bounds = np.stack([-height / along, (square - height) / along])
        return np.maximum(first, bounds.min(0)), np.minimum(last, bounds.max(0))
    within = (height >= 0) & (height <= square)
    return np.where(within, first, infinite), np.where(within, last, -infinite)


def _union(line: FloatArray, start: FloatArray, end: FloatArray) -> tuple[float, float]:
    """Length of the union of intervals on lines of period 1, and the sum of their lengths."""
    total = float((end - start).sum())
    whole = np.floor(start)
    start, end = start - whole, np.minimum(end - whole, start - whole + 1)  # longer ones fill their line
    over = end > 1
    line = np.concatenate([line, line[over]])
    start, end = np.concatenate([start, np.zeros(int(over.sum()))]), np.concatenate([np.minimum(end, 1), end[over] - 1])
    order = np.argsort(2 * line + start, kind="stable")
    begin, finish = (2 * line + start)[order], (2 * line + end)[order]
    reached = np.concatenate([[-np.inf], np.maximum.accumulate(finish)[:-1]]) if len(begin) else finish
    return float(np.maximum(finish - np.maximum(begin, reached), 0).sum()), total


def _overlaps(lattice: Lattice) -> FloatArray:
    """[M] how far other struts reach along each strut from its ends, the larger, as a part of its length."""
    reached = joint_reach(LatticeBatch.from_lattices([lattice])).numpy()
    return np.minimum(reached.max(axis=1) / lattice.strut_lengths, 1.0)
