"""Columns of results: moduli along the axes, anisotropy and extremes over directions, from stiffness.

Arithmetic is element by element over many lattices at once, so that a lattice's numbers have the same bits whatever
else is in its batch, and cost a fraction of a microsecond.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import torch
from numpy.typing import NDArray

from fastlattice import elasticity

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

_SMALLEST_PIVOT = 1e-14  # of its diagonal entry: below, there is no inverse to speak of


def stiffness_columns(stiffness: Array) -> dict[str, Array]:
    """The 21 entries [n] by name of stiffnesses [n, 6, 6]."""
    return {name: np.ascontiguousarray(stiffness[:, i, j]) for name, (i, j) in zip(STIFFNESS, PAIRS, strict=True)}


def derived_columns(stiffness: Array) -> dict[str, Array]:
    """The columns `DERIVED`, each [n].

    E_i = 1 / S_ii, G = 1 / (2 S_kk) with Mandel's S, nu_ij = -S_ij / S_ii; anisotropy is the universal index
    A^U = 5 G_V/G_R + K_V/K_R - 6 (Ranganathan and Ostoja-Starzewski, Phys. Rev. Lett. 101, 2008, 055504).

    Args:
        stiffness: [n, 6, 6] float64 Mandel.

    Returns:
        NaN where there is no stiffness or it is not positive definite.
    """
    c = [[(stiffness[:, i, j] + stiffness[:, j, i]) / 2 for j in range(6)] for i in range(6)]
    with np.errstate(all="ignore"):
        s = _compliance(c)
        found = {f"E_{axis}": 1 / s[k][k] for k, axis in enumerate("xyz")}
        found |= {name: 1 / (2 * s[k][k]) for k, name in zip((3, 4, 5), MODULI[3:6], strict=True)}
        for i, along in enumerate("xyz"):
            found |= {f"nu_{along}{other}": -s[i][j] / s[i][i] for j, other in enumerate("xyz") if i != j}
        bulk_voigt = _sum(c[i][j] for i in range(3) for j in range(3)) / 9
        bulk_reuss = 1 / _sum(s[i][j] for i in range(3) for j in range(3))
        shear_voigt = (_sum(c[k][k] for k in range(6)) - 3 * bulk_voigt) / 10
        shear_reuss = 2.5 / (_sum(s[k][k] for k in range(6)) - 1 / (3 * bulk_reuss))
        found[ANISOTROPY] = 5 * shear_voigt / shear_reuss + bulk_voigt / bulk_reuss - 6
    return {name: found[name] for name in DERIVED}


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


def _compliance(c: list[list[Array]]) -> list[list[Array]]:
    """The inverse by Cholesky's factor L: S = L^-T L^-1; NaN where a pivot vanishes."""
    factor: list[list[Array]] = [[] for _ in range(6)]
    inverse: list[list[Array]] = [[] for _ in range(6)]
    for j in range(6):
        for i in range(j):
            rest = c[j][i] - _sum(factor[j][k] * factor[i][k] for k in range(i)) if i else c[j][0]
            factor[j].append(rest / factor[i][i])
        pivot = c[j][j] - _sum(each * each for each in factor[j]) if j else c[0][0]
        factor[j].append(np.sqrt(np.where(pivot > _SMALLEST_PIVOT * c[j][j], pivot, np.nan)))
    for i in range(6):
        for j in range(i):
            inverse[i].append(-_sum(factor[i][k] * inverse[k][j] for k in range(j, i)) / factor[i][i])
        inverse[i].append(1 / factor[i][i])
    s: list[list[Array]] = [[inverse[0][0]] * 6 for _ in range(6)]
    for i in range(6):
        for j in range(i + 1):
            s[i][j] = s[j][i] = _sum(inverse[k][i] * inverse[k][j] for k in range(i, 6))
    return s


def _sum(terms: Iterable[Array]) -> Array:
    """From left to right."""
    first, *rest = terms
    for each in rest:
        first = first + each
    return first
