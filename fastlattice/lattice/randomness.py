"""Random directions and rotations, and what a rotation is."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from fastlattice.errors import LatticeError

Seed = int | np.integer[Any] | np.random.Generator


def random_directions(seed: Seed, count: int) -> NDArray[np.float64]:
    """[count, 3] unit vectors, uniform on the sphere."""
    directions = np.random.default_rng(seed).standard_normal((count, 3))
    return directions / np.linalg.norm(directions, axis=1, keepdims=True)


def random_rotations(seed: Seed, count: int) -> NDArray[np.float64]:
    """[count, 3, 3] proper rotations, uniform: those of uniform unit quaternions."""
    q = np.random.default_rng(seed).standard_normal((count, 4))
    return rotations_of(q / np.linalg.norm(q, axis=1, keepdims=True))


def rotations_of(quaternions: NDArray[np.float64]) -> NDArray[np.float64]:
    """[count, 3, 3] rotations by unit quaternions [count, 4], the real parts first."""
    w, x, y, z = quaternions.T
    rows = (
        (1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)),
        (2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)),
        (2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)),
    )
    return np.stack([np.stack(row, 1) for row in rows], 1)


def check_orthogonal(matrices: NDArray[np.float64]) -> None:
    """Raises LatticeError unless all [..., 3, 3] are orthogonal."""
    if matrices.shape[-2:] != (3, 3) or not np.allclose(matrices @ matrices.swapaxes(-1, -2), np.eye(3), atol=1e-8):
        raise LatticeError("a rotation must be an orthogonal 3x3 matrix")
