"""Random rotations of labelled lattices, by sample number: those of a sample do not depend on its batch."""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor

from fastlattice.elasticity import mandel_rotation
from fastlattice.lattice import LatticeBatch


def random_rotations(seed: int, start: int, count: int) -> Tensor:
    """[count, 3, 3] float64 rotations of samples start to start + count, uniform over all rotations.

    Uniform quaternions after Shoemake (Graphics Gems III, 1992, 124-132) from numpy's Philox with the sample's number
    as its counter.

    Args:
        seed: of the sequence; not negative.
        start: number of the first sample; not negative.
        count: how many.
    """
    # A counter gives four numbers and is advanced before its first use: sample k owns counter k + 1.
    raw = np.random.Philox(key=seed, counter=start).random_raw(4 * count).reshape(count, 4)
    u, v, w = torch.from_numpy((raw[:, :3] >> np.uint64(11)) * 2.0**-53).T
    a, b = (1 - u).sqrt(), u.sqrt()
    v, w = 2 * math.pi * v, 2 * math.pi * w
    i, j, k, r = a * v.sin(), a * v.cos(), b * w.sin(), b * w.cos()
    rows = [
        [1 - 2 * (j * j + k * k), 2 * (i * j - k * r), 2 * (i * k + j * r)],
        [2 * (i * j + k * r), 1 - 2 * (i * i + k * k), 2 * (j * k - i * r)],
        [2 * (i * k - j * r), 2 * (j * k + i * r), 1 - 2 * (i * i + j * j)],
    ]
    return torch.stack([torch.stack(row, dim=-1) for row in rows], dim=-2)


def rotated(batch: LatticeBatch, rotations: Tensor) -> LatticeBatch:
    """The lattices turned by rotations [B, 3, 3], and with them the column `target` where there is one."""
    owner = torch.arange(len(batch)).repeat_interleave(batch.node_counts, output_size=len(batch.positions))
    columns = dict(batch.columns)
    if isinstance(target := columns.get("target"), Tensor):
        columns["target"] = rotated_stiffness(target, rotations)
    return batch.replace(
        cell=_turned(batch.cell, rotations[:, None]),
        positions=_turned(batch.positions, rotations[owner]),
        columns=columns,
    )


def rotated_stiffness(stiffness: Tensor, rotations: Tensor) -> Tensor:
    """[B, 6, 6] Mandel stiffness turned by rotations [B, 3, 3]; NaN stays NaN."""
    turn = mandel_rotation(rotations).to(stiffness)
    return turn @ stiffness @ turn.mT


def _turned(vectors: Tensor, rotations: Tensor) -> Tensor:
    """Rows turned one by one: sums of three products, the same bits whatever the batch."""
    return (rotations * vectors[..., None, :]).sum(-1)
