"""Random rotations of labelled lattices, by sample number: those of a sample do not depend on its batch."""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor

from fastlattice.lattice import LatticeBatch
from fastlattice.lattice.randomness import rotations_of


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
    quaternions = torch.stack([b * w.cos(), a * v.sin(), a * v.cos(), b * w.sin()], dim=1)
    return torch.from_numpy(rotations_of(quaternions.numpy()))


def rotated(batch: LatticeBatch, rotations: Tensor) -> LatticeBatch:
    """`batch.rotate(rotations)`: the lattices turned by rotations [B, 3, 3], and with them the column `target`."""
    return batch.rotate(rotations)
