"""What the paper's equations say, component by component in numpy."""

import numpy as np
from numpy.typing import NDArray

MANDEL = ((0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (0, 1))


def fourth_order(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """C_ijkl of a Mandel matrix."""
    tensor = np.zeros((3, 3, 3, 3))
    for row, (i, j) in enumerate(MANDEL):
        for column, (k, l) in enumerate(MANDEL):
            factor = (1 if i == j else 2**-0.5) * (1 if k == l else 2**-0.5)
            for a, b in {(i, j), (j, i)}:
                for c, d in {(k, l), (l, k)}:
                    tensor[a, b, c, d] = factor * matrix[row, column]
    return tensor


def directions() -> NDArray[np.float64]:
    """The 250 directions: turns by the golden angle at equal steps of height."""
    found = []
    for q in range(250):
        z = 1 - (2 * q + 1) / 250
        angle = q * np.pi * (3 - 5**0.5)
        found.append([np.sqrt(1 - z * z) * np.cos(angle), np.sqrt(1 - z * z) * np.sin(angle), z])
    return np.array(found)


def energy(matrix: NDArray[np.float64], d: NDArray[np.float64]) -> float:
    """C_ijkl d_i d_j d_k d_l."""
    return float(np.einsum("ijkl,i,j,k,l", fourth_order(matrix), d, d, d, d))


def compliance(matrix: NDArray[np.float64], n: NDArray[np.float64], m: NDArray[np.float64]) -> float:
    """S_ijkl n_i m_j n_k m_l."""
    return float(np.einsum("ijkl,i,j,k,l", fourth_order(np.linalg.inv(matrix)), n, m, n, m))
