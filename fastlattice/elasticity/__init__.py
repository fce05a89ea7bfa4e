"""Elasticity tensors: notations, rotations, directional moduli, averages and anisotropy.

Every function takes numpy arrays or torch tensors (or nested lists, taken as numpy), batched over leading dimensions,
and returns the same kind with the same floating-point dtype; both run one torch fp64 implementation, so they agree to
the last bit. Torch inputs keep their device and their gradients.

A `stiffness` is a 6x6 Mandel matrix in the order 11, 22, 33, 23, 13, 12, in any unit of stress; moduli come out in
that unit. A matrix that is NaN throughout stands for "no stiffness" and gives NaN; anything else that is not finite or
not symmetric (to the square root of the dtype's precision, relative to the largest entry) raises `ElasticityError`:
`symmetrised` takes what other programs print. Moduli need a positive definite stiffness; `definite` leaves the others
out.

Stands on no other room.
"""

from fastlattice.elasticity.foreign import definite, symmetrised
from fastlattice.elasticity.moduli import (
    Extremes,
    VoigtReussHill,
    compliance,
    is_positive_definite,
    kelvin_moduli,
    linear_compressibility,
    poisson_ratio,
    poisson_ratio_extremes,
    poisson_ratio_range,
    shear_modulus,
    shear_modulus_extremes,
    shear_modulus_range,
    universal_anisotropy,
    voigt_reuss_hill,
    young_modulus,
    young_modulus_extremes,
    zener_ratio,
)
from fastlattice.elasticity.notations import Notation, Quantity, convert, mandel_rotation, pack21, rotate, unpack21

__all__ = [
    "Extremes",
    "Notation",
    "Quantity",
    "VoigtReussHill",
    "compliance",
    "convert",
    "definite",
    "is_positive_definite",
    "kelvin_moduli",
    "linear_compressibility",
    "mandel_rotation",
    "pack21",
    "poisson_ratio",
    "poisson_ratio_extremes",
    "poisson_ratio_range",
    "rotate",
    "shear_modulus",
    "shear_modulus_extremes",
    "shear_modulus_range",
    "symmetrised",
    "universal_anisotropy",
    "unpack21",
    "voigt_reuss_hill",
    "young_modulus",
    "young_modulus_extremes",
    "zener_ratio",
]
