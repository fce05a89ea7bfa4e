"""Columns of results: moduli along the axes, anisotropy and extremes over directions, from stiffness.

A lattice's numbers have the same bits whatever else is in its batch.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import torch
from numpy.typing import NDArray

from fastlattice import _native, elasticity

Array = NDArray[np.float64]

PAIRS = tuple((i, j) for i in range(6) for j in range(i, 6))
STIFFNESS = tuple(f"C_{i + 1}{j + 1}" for i, j in PAIRS)
"""The 21 independent entries of the 6x6 Mandel matrix, order 11, 22, 33, 23, 13, 12, in units of E_s."""
MODULI = ("E_x", "E_y", "E_z", "G_yz", "G_xz", "G_xy", "nu_xy", "nu_xz", "nu_yx", "nu_yz", "nu_zx", "nu_zy")
"""Along the axes: Young's moduli, shear moduli (both in E_s), and Poisson's ratios nu_ij of contraction along j under
stress along i."""
ANISOTROPY = "anisotropy"
DERIVED = (*MODULI, ANISOTROPY)
EXTREMES = ("E_min", "E_max", "G_min", "G_max", "nu_min", "nu_max")
"""Over all directions; `fastlattice.elasticity.young_modulus_extremes` and its like."""


def property_columns(stiffness: Array) -> dict[str, Array]:
    """The columns `STIFFNESS` and `DERIVED`, each [n].

    E_i = 1 / S_ii, G = 1 / (2 S_kk) with Mandel's S, nu_ij = -S_ij / S_ii; anisotropy is the universal index
    A^U = 5 G_V/G_R + K_V/K_R - 6 (Ranganathan and Ostoja-Starzewski, Phys. Rev. Lett. 101, 2008, 055504).

    Args:
        stiffness: [n, 6, 6] float64 Mandel.

    Returns:
        `DERIVED` are NaN where there is no stiffness or it is not positive definite.
    """
    columns = torch.empty(len(STIFFNESS) + len(DERIVED), len(stiffness), dtype=torch.float64)
    _native.call("fl_elasticity_moduli", len(stiffness), torch.from_numpy(stiffness), columns)
    return dict(zip((*STIFFNESS, *DERIVED), columns.numpy(), strict=True))


def extreme_columns(stiffness: Array, definite: NDArray[np.bool_], names: Iterable[str]) -> dict[str, Array]:
    """Those of `EXTREMES` that are named, each [n].

    Args:
        stiffness: [n, 6, 6] float64 Mandel.
        definite: [n], where the stiffness is positive definite; elsewhere the columns are NaN.
        names: any of `EXTREMES`.
    """
    wanted, found = set(names), {}
    given = torch.from_numpy(np.ascontiguousarray(stiffness[definite]))
    searches = {
        "E": elasticity.young_modulus_extremes,
        "G": elasticity.shear_modulus_extremes,
        "nu": elasticity.poisson_ratio_extremes,
    }
    for modulus, search in searches.items():
        if not wanted & {f"{modulus}_min", f"{modulus}_max"}:
            continue
        extremes = search(given)
        for end, values in (("min", extremes.minimum), ("max", extremes.maximum)):
            column = np.full(len(stiffness), np.nan)
            column[definite] = values.numpy()
            found[f"{modulus}_{end}"] = column
    return {name: found[name] for name in EXTREMES if name in wanted}
