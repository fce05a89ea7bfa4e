"""Predicted against true stiffness: one point a number, on logarithmic axes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from fastlattice.elasticity import kelvin_moduli
from fastlattice.pictures.style import new_figure, plain, save

if TYPE_CHECKING:
    import torch

_MOST_POINTS = 20_000


def plot_parity(stiffness: torch.Tensor, target: torch.Tensor, path: str | Path, title: str = "") -> None:
    """Writes parity plots: the six eigenvalues (Kelvin moduli), and the normal stiffness C_11, C_22, C_33.

    Numbers that are not positive have no place on a logarithmic axis; the plots say how many they leave out.

    Args:
        stiffness: [B, 6, 6] predicted, Mandel.
        target: [B, 6, 6] true, in the same unit, E_s.
        path: of the picture; its suffix chooses the format.
        title: above the plots.

    Raises:
        MissingExtraError: matplotlib is not installed (extra "plot").
        FastlatticeError: no format has that suffix.
    """
    figure = new_figure(figsize=(10, 5), layout="constrained")
    left, right = figure.subplots(1, 2)
    found, true = (kelvin_moduli(given.detach().cpu().double()).numpy() for given in (stiffness, target))
    names = [f"{k + 1}{' (softest)' if k == 0 else ' (stiffest)' if k == 5 else ''}" for k in range(6)]
    _panel(left, found, true, names, "eigenvalue", "viridis")
    found, true = (given.detach().cpu().double().numpy()[:, range(3), range(3)] for given in (stiffness, target))
    _panel(right, found, true, ["C11", "C22", "C33"], "normal stiffness", "plasma")
    figure.suptitle(title)
    save(figure, path)


def _panel(axes: Any, found: Any, true: Any, names: list[str], label: str, colours: str) -> None:
    """One plot: columns of found and true [B, K] under their names."""
    from matplotlib import colormaps

    shown = (found > 0) & (true > 0)
    step = -(-len(found) // _MOST_POINTS)
    for column, name in enumerate(names):
        rows = np.flatnonzero(shown[:, column])[::step]
        colour = colormaps[colours](0.9 * column / (len(names) - 1))
        axes.scatter(true[rows, column], found[rows, column], s=4, alpha=0.5, lw=0, color=colour, label=name)
    values = np.concatenate([found[shown], true[shown]])
    low, high = (values.min(), values.max()) if len(values) else (1e-9, 1.0)
    axes.plot([low, high], [low, high], color="black", lw=0.8)
    axes.set(xscale="log", yscale="log", xlabel=f"{label}, true [$E_s$]", ylabel=f"{label}, predicted [$E_s$]")
    axes.set_aspect("equal")
    plain(axes)
    axes.legend(frameon=False, markerscale=3, fontsize=8)
    if missing := int((~shown).sum()):
        axes.text(0.97, 0.03, f"{missing} not positive", transform=axes.transAxes, ha="right", fontsize=8)
