"""Sections through the directional moduli: how stiff, how soft, in shear and in contraction, in planes of the axes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from fastlattice import elasticity

if TYPE_CHECKING:
    pass

FloatArray = NDArray[np.float64]
PLANES = ((0, 1), (0, 2), (1, 2))
"""Pairs of axes: xy, xz, yz."""


@dataclass(frozen=True)
class Section:
    """Moduli in directions n, each with the shape of the directions but for the last dimension.

    Attributes:
        young: Young's modulus E(n).
        shear: smallest and largest shear modulus G(n, m) over all m at a right angle to n.
        poisson: smallest and largest Poisson's ratio nu(n, m) over all such m.
    """

    young: FloatArray
    shear: tuple[FloatArray, FloatArray]
    poisson: tuple[FloatArray, FloatArray]


def in_plane(axes: tuple[int, int], count: int) -> FloatArray:
    """[count, 3] directions once around from the first axis to the second, the last the same as the first."""
    angle = np.linspace(0, 2 * np.pi, count)
    directions = np.zeros((count, 3))
    directions[:, axes[0]], directions[:, axes[1]] = np.cos(angle), np.sin(angle)
    return directions


def section(stiffness: FloatArray, directions: FloatArray) -> Section:
    """The moduli of stiffnesses [..., 6, 6] Mandel in directions [..., 3]; leading dimensions broadcast."""
    return Section(
        elasticity.young_modulus(stiffness, directions),
        elasticity.shear_modulus_range(stiffness, directions),
        elasticity.poisson_ratio_range(stiffness, directions),
    )
