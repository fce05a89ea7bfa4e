"""How good a network is on labelled lattices: every metric, as a whole and by level, density, degree and size."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import torch
from torch import Tensor

from fastlattice.fe import homogenise
from fastlattice.lattice import LatticeBatch
from fastlattice.models import StiffnessModel
from fastlattice.training.directional import mean_square
from fastlattice.training.metrics import L_DIR_REL, ROTATIONS, equivariance_loss, metrics, summary
from fastlattice.training.steps import target_of

MOST_TURNED = 256
"""Lattices over which the equivariance loss is taken: it costs tens of predictions each."""
EQUIVARIANCE = {torch.float32: "L_equiv / sqrt gamma (fp32)", torch.float64: "L_equiv / sqrt gamma (fp64)"}

_BOUNDS: dict[str, tuple[float, ...]] = {
    "level": (0, 0.02, 0.05, 0.1),
    "density": (0.001, 0.003, 0.01, 0.03, 0.1),
    "degree": (4, 6, 8, 12),
    "size": (5, 10, 20, 40),
    "exponent": (1.25, 1.75),
    "seen": (0, 1),
}
"""Upper ends, included, of the ranges that lattices are grouped by; above the last there is one more."""
_MOST_VALUES = 6
_THINNER = 0.9  # the relative density, in relation to a lattice's own, at which its exponent is taken


@dataclass(frozen=True)
class Evaluation:
    """A network on B labelled lattices.

    Attributes:
        name: of the set.
        lattices: B of them, with the column `target`.
        stiffness: [B, 6, 6] float64 predicted, in units of E_s.
        values: [B] float64 by the name of the metric: those of `fastlattice.training.metrics`, and the equivariance
            loss over sqrt(γ) in float32 and float64, NaN where it was not taken.
    """

    name: str
    lattices: LatticeBatch
    stiffness: Tensor
    values: dict[str, Tensor]

    def summary(self) -> dict[str, dict[str, float]]:
        """Mean, median, 90th percentile and count of each metric."""
        return {name: summary(values) for name, values in self.values.items()}

    def properties(self) -> dict[str, Tensor]:
        """[B] float64 what lattices are grouped by.

        level: perturbation in units of the largest cell constant, where the lattices have that column; density: the
        relative one; degree: struts that meet at a node, on average; size: nodes of the cell; exponent: that of
        `density_exponent`; seen: 1 where the default bases of training have the net, of a test set where some are.
        """
        return self._properties

    @cached_property
    def _properties(self) -> dict[str, Tensor]:
        lattices = self.lattices
        found = {
            "density": lattices.relative_density,
            "degree": 2 * lattices.strut_counts.double() / lattices.node_counts,
            "size": lattices.node_counts.double(),
            "exponent": density_exponent(lattices),
        }
        for name in ("level", "seen"):
            column = lattices.columns.get(name)
            if isinstance(column, Tensor):
                found[name] = column.double()
        return found

    def groups(self) -> dict[str, dict[str, Tensor]]:
        """[B] masks by the label of the group, by property; groups without a lattice are left out."""
        return {name: _grouped(values, _BOUNDS[name]) for name, values in self.properties().items()}

    def worst(self, count: int) -> Tensor:
        """[count] int64 rows of the lattices with the largest L_dir_rel (sqrt gamma), the worst first."""
        return self.values[L_DIR_REL].nan_to_num(math.inf).argsort(descending=True, stable=True)[:count]

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain values: the summary, and that of each group."""
        groups = {
            name: {
                label: {"lattices": int(mask.sum()), **{m: summary(v[mask]) for m, v in self.values.items()}}
                for label, mask in masks.items()
            }
            for name, masks in self.groups().items()
        }
        return {"name": self.name, "lattices": len(self.lattices), "metrics": self.summary(), "by": groups}


def density_exponent(lattices: LatticeBatch) -> Tensor:
    """[B] float64 mean of d ln λ_k / d ln(density) over the six eigenvalues of the exact stiffness.

    1 where struts stretch in every mode, 2 where they bend, for beams have stiffness EA/L and EI/L³ (Ashby, Phil.
    Trans. R. Soc. A 364, 2006); Kelvin's foam, which bends but under pressure, has 11/6. The derivative is a difference
    to radii that make nine tenths of the density. NaN where a lattice has no stiffness.
    """
    thinner = lattices.with_radii(lattices.radii * _THINNER**0.5)
    whole, less = (homogenise(each).stiffness for each in (lattices, thinner))
    return (less.logdet() - whole.logdet()) / (6 * math.log(_THINNER))


def evaluate(
    model: StiffnessModel, lattices: LatticeBatch, name: str = "", rotations: int = ROTATIONS, progress: bool = False
) -> Evaluation:
    """Predicts labelled lattices and compares.

    Args:
        model: the network, on any device.
        lattices: with the column `target` [B, 6, 6], stiffness in units of E_s, finite.
        name: of the set.
        rotations: random orientations in the equivariance loss, taken over up to 256 lattices spread over the set; 0
            leaves it out.
        progress: show a bar.

    Raises:
        TrainingError: there is no target.
    """
    target = target_of(lattices).to("cpu", torch.float64)
    stiffness = model.predict(lattices, progress=progress).to("cpu", torch.float64)
    values = metrics(stiffness, target)
    if rotations and len(lattices):
        for dtype, label in EQUIVARIANCE.items():
            values[label] = relative_equivariance(model, lattices, rotations, dtype)
    return Evaluation(name, lattices, stiffness, values)


def relative_equivariance(
    model: StiffnessModel, lattices: LatticeBatch, rotations: int, dtype: torch.dtype | None = None
) -> Tensor:
    """[B] float64 equivariance loss over sqrt(γ) of up to 256 lattices spread over the set; NaN for the others.

    Args:
        model: the network.
        lattices: B of them, at least one, with the column `target`.
        rotations: random orientations of each.
        dtype: in which the network computes; None: its own.
    """
    count = min(len(lattices), MOST_TURNED)
    rows = torch.arange(count) * len(lattices) // count
    turned = lattices.take(rows)
    scale = mean_square(target_of(turned).to("cpu", torch.float64)).sqrt()
    values = torch.full((len(lattices),), torch.nan, dtype=torch.float64)
    values[rows] = equivariance_loss(model, turned, rotations, dtype=dtype) / scale
    return values


def _grouped(values: Tensor, bounds: tuple[float, ...]) -> dict[str, Tensor]:
    """Masks by label: of each value where they are few, else of ranges; NaN is in none."""
    rounded = torch.tensor([float(f"{value:.2g}") for value in values.tolist()], dtype=torch.float64)
    distinct = rounded[~rounded.isnan()].unique()
    if len(distinct) <= _MOST_VALUES:
        return {f"{float(value):g}": rounded == value for value in distinct}
    masks, low = {}, -torch.inf
    for high in (*bounds, torch.inf):
        label = f"> {low:g}" if high == torch.inf else f"<= {high:g}" if low == -torch.inf else f"{low:g} .. {high:g}"
        masks[label] = (rounded > low) & (rounded <= high)
        low = high
    return {label: mask for label, mask in masks.items() if bool(mask.any())}
