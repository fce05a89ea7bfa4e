"""The columns of a result: what engineers ask of a stiffness first, and all of its numbers."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch

from fastlattice import elasticity
from fastlattice.cli.results import Report, Scale
from fastlattice.lattice.batch import LatticeBatch

_AXES = "xyz"
_SHEARS = {"yz": 3, "xz": 4, "xy": 5}  # places in a Mandel matrix


def engineering(stiffness: torch.Tensor, scale: Scale) -> dict[str, torch.Tensor]:
    """Moduli along the axes, averages and anisotropy, [B] float64 each, NaN where there is no inverse.

    E_x = 1 / S_1111, G_yz = 1 / (4 S_2323), nu_xy = -S_1122 / S_1111 (contraction along y when pulled along x), with S
    the compliance; K_hill, G_hill and universal_anisotropy as in `fastlattice.elasticity`.

    Args:
        stiffness: [B, 6, 6] Mandel in units of E_s.
        scale: its unit is the moduli's.
    """
    stiffness = definite(stiffness)
    s = elasticity.compliance(stiffness)
    unit, modulus = scale.unit, scale.modulus
    columns = {f"E_{axis}_{unit}": modulus / s[:, i, i] for i, axis in enumerate(_AXES)}
    # The Mandel compliance is 2 S_2323.
    columns |= {f"G_{plane}_{unit}": modulus / (2 * s[:, i, i]) for plane, i in _SHEARS.items()}
    pairs = [(i, j) for i in range(3) for j in range(3) if i != j]
    columns |= {f"nu_{_AXES[i]}{_AXES[j]}": -s[:, i, j] / s[:, i, i] for i, j in pairs}
    averages = elasticity.voigt_reuss_hill(stiffness)
    columns |= {f"K_hill_{unit}": averages.bulk_hill * modulus, f"G_hill_{unit}": averages.shear_hill * modulus}
    return {**columns, "universal_anisotropy": elasticity.universal_anisotropy(stiffness)}


def extremes(stiffness: torch.Tensor) -> torch.Tensor:
    """[B, 2] smallest and largest Young's modulus over all directions, E_s = 1; NaN where there is no inverse."""
    found = elasticity.young_modulus_extremes(definite(stiffness))
    return torch.stack([found.minimum, found.maximum], dim=-1)


def components(stiffness: torch.Tensor, scale: Scale) -> dict[str, torch.Tensor]:
    """The 21 independent numbers, [B] each, in the order in which the notation lists them, as C_11_mandel_GPa."""
    places = np.add.outer(10 * np.arange(1, 7), np.arange(1, 7)).astype(float)
    places = elasticity.pack21(np.triu(places) + np.triu(places, 1).T, notation=scale.notation)
    values = elasticity.pack21(scale(stiffness), notation=scale.notation)
    return {f"C_{p:.0f}_{scale.notation}_{scale.unit}": values[:, k] for k, p in enumerate(places)}


def numbers(chunk: LatticeBatch, scale: Scale) -> dict[str, torch.Tensor]:
    """The columns of `engineering`, with the extremes that the chunk has."""
    ends = tensor(chunk, "young_extremes") * scale.modulus
    columns = engineering(tensor(chunk, "stiffness"), scale)
    return {**columns, f"E_min_{scale.unit}": ends[:, 0], f"E_max_{scale.unit}": ends[:, 1]}


def rows(chunk: LatticeBatch, report: Report) -> Iterator[dict[str, Any]]:
    """One flat record for each lattice; numbers that do not exist are None."""
    columns: dict[str, list[Any]] = {
        "name": list(chunk.names),
        "relative_density": chunk.relative_density.tolist(),
        "nodes": chunk.node_counts.tolist(),
        "struts": chunk.strut_counts.tolist(),
        "status": [str(reason) or "ok" for reason in chunk.columns["reason"]],
        "status_code": tensor(chunk, "status").tolist(),
        "beam_valid": tensor(chunk, "beam_valid").tolist(),
        "joints_valid": tensor(chunk, "joints_valid").tolist(),
    }
    if "printed_density" in chunk.columns:
        columns["printed_density"] = [finite(value) for value in tensor(chunk, "printed_density").tolist()]
    for name, values in {
        **numbers(chunk, report.scale),
        **components(tensor(chunk, "stiffness"), report.scale),
    }.items():
        columns[name] = [finite(value) for value in values.tolist()]
    columns["input"] = [str(spec) for spec in chunk.columns["input"]]
    for row in zip(*columns.values(), strict=True):
        yield dict(zip(columns, row, strict=True))


def finite(value: float) -> float | None:
    """The number, or None where there is none."""
    return value if math.isfinite(value) else None


def tensor(chunk: LatticeBatch, name: str) -> torch.Tensor:
    """A column that holds numbers."""
    column = chunk.columns[name]
    assert isinstance(column, torch.Tensor)
    return column


def definite(stiffness: torch.Tensor) -> torch.Tensor:
    """The stiffness, or NaN where it has no inverse to speak of and so no moduli."""
    positive = elasticity.is_positive_definite(stiffness, tolerance=1e-14)
    return stiffness.where(positive[:, None, None], math.nan)
