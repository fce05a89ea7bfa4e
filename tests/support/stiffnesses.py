"""Stiffness matrices, in Mandel notation, and rotations that tests of elasticity and of pictures share."""

import numpy as np


def random_stiffness(seed: int, softest: float = 0.05, shape: tuple[int, ...] = ()) -> np.ndarray:
    """Positive definite triclinic stiffness with Kelvin moduli between `softest` and 1."""
    generator = np.random.default_rng(seed)
    orthogonal = np.linalg.qr(generator.standard_normal((*shape, 6, 6)))[0]
    moduli = softest ** generator.uniform(0, 1, (*shape, 1, 6))
    matrix = (orthogonal * moduli) @ orthogonal.swapaxes(-1, -2)
    return (matrix + matrix.swapaxes(-1, -2)) / 2


def random_rotation(seed: int, shape: tuple[int, ...] = ()) -> np.ndarray:
    """Orthogonal, proper or improper."""
    return np.linalg.qr(np.random.default_rng(seed).standard_normal((*shape, 3, 3)))[0]


def isotropic(young: float, poisson: float) -> np.ndarray:
    shear = young / (2 * (1 + poisson))
    matrix = 2 * shear * np.eye(6)
    matrix[:3, :3] += young * poisson / ((1 + poisson) * (1 - 2 * poisson))
    return matrix


def cubic(c11: float, c12: float, c44: float) -> np.ndarray:
    matrix = np.diag([c11 - c12] * 3 + [2 * c44] * 3)
    matrix[:3, :3] += c12
    return matrix
