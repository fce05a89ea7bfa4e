"""Realisations of base lattices that are the same bits on every machine, and the hash that says so.

Positions are rounded to multiples of 2^-30 and radii to multiples of 2^-40: far coarser than the rounding errors in
which machines differ, far finer than what any result depends on. (`fastlattice.data.Stream` makes more, and faster,
whose last bits are those of one instruction set.)
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from fastlattice.fe.homogenise import homogenise
from fastlattice.fe.status import Failure
from fastlattice.lattice.batch import LatticeBatch

_GRID, _RADIUS_GRID = 2.0**30, 2.0**40


def realisations(nets: LatticeBatch, variants: Sequence[tuple[float, float]], seed: int) -> LatticeBatch:
    """Every net with every (level, relative density), next to each other.

    Each node moves by level times the largest cell constant, in a direction of its own.

    Args:
        nets: V variants of each are made; their struts get one radius.
        variants: level and relative density of each.
        seed: of the directions, not negative.

    Returns:
        LatticeBatch of V len(nets) lattices, with the columns of the nets and level, relative_density [B] float64.
    """
    level, density = torch.tensor(variants, dtype=torch.float64).T
    return at_density(moved(nets, level.tolist(), seed), density.repeat(len(nets)))


def moved(nets: LatticeBatch, levels: Sequence[float], seed: int) -> LatticeBatch:
    """Every net at every level, next to each other, another realisation each; args and columns as of `realisations`."""
    rows = torch.arange(len(nets)).repeat_interleave(len(levels))
    level = torch.tensor(levels, dtype=torch.float64).repeat(len(nets))
    batch = nets.take(rows)
    step = (level * batch.cell.norm(dim=2).amax(1)).repeat_interleave(batch.node_counts)
    directions = torch.from_numpy(_directions(len(batch.positions), seed))
    return rounded(batch.replace(positions=batch.positions + step[:, None] * directions)).with_columns(level=level)


def at_density(batch: LatticeBatch, density: torch.Tensor) -> LatticeBatch:
    """The lattices with one radius for all struts, so that they have the relative densities [B]."""
    batch = batch.replace(radii=torch.ones_like(batch.radii))
    radius = ((density / batch.relative_density).sqrt() * _RADIUS_GRID).round() / _RADIUS_GRID
    return batch.replace(radii=radius.repeat_interleave(batch.strut_counts)).with_columns(relative_density=density)


def rounded(batch: LatticeBatch) -> LatticeBatch:
    """The lattices with cell and positions on the grid."""
    return batch.replace(cell=(batch.cell * _GRID).round() / _GRID, positions=(batch.positions * _GRID).round() / _GRID)


def labelled(batch: LatticeBatch) -> tuple[LatticeBatch, list[Failure]]:
    """The lattices that have a stiffness, with the columns target and beam_valid; and those that have none."""
    result = homogenise(batch)
    batch = batch.with_columns(target=result.stiffness, beam_valid=result.beam_valid)
    failures = result.failures()
    return (batch.take(result.ok) if failures else batch), failures


class ContentHash:
    """SHA-256 of the geometry and the names of lattices, which come in batches of any size.

    Counts, struts, shifts, cell, positions, radii and names are hashed each for itself, numbers as little-endian int64
    and float64, each name with a line's end; then the seven hashes together. Other columns, targets among them, do not
    enter: their last bits differ between instruction sets.
    """

    def __init__(self) -> None:
        self._parts = [hashlib.sha256() for _ in range(7)]

    def update(self, batch: LatticeBatch) -> None:
        """Adds the lattices of a batch."""
        whole = (torch.stack([batch.node_counts, batch.strut_counts], 1), batch.struts, batch.shifts)
        for part, tensor in zip(self._parts[:3], whole, strict=True):
            part.update(tensor.contiguous().numpy().astype("<i8", copy=False).tobytes())
        for part, tensor in zip(self._parts[3:6], (batch.cell, batch.positions, batch.radii), strict=True):
            part.update((tensor.detach().numpy() + 0.0).astype("<f8", copy=False).tobytes())  # -0.0 becomes 0.0
        self._parts[6].update("".join(f"{name}\n" for name in batch.names).encode())

    def hexdigest(self) -> str:
        """The hash of all lattices so far."""
        return hashlib.sha256(b"".join(part.digest() for part in self._parts)).hexdigest()


def content_hash(batch: LatticeBatch) -> str:
    """The `ContentHash` of one batch."""
    found = ContentHash()
    found.update(batch)
    return found.hexdigest()


def _directions(count: int, seed: int) -> NDArray[np.float64]:
    """[count, 3] uniform on the unit sphere, from the raw stream of PCG64, which numpy does not change."""
    raw = np.random.PCG64(seed).random_raw(2 * count).reshape(count, 2)
    height, turn = ((raw >> np.uint64(11)) * 2.0**-53).T
    z, angle = 2 * height - 1, 2 * math.pi * turn
    across = np.sqrt(1 - z * z)
    return np.stack([across * np.cos(angle), across * np.sin(angle), z], axis=1)
