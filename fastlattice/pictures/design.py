"""A page about one inverse design: the cell before and after, its stiffness, and how the cost fell (extra "plot")."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from numpy.typing import ArrayLike

from fastlattice import elasticity
from fastlattice.lattice.lattice import Lattice
from fastlattice.pictures.plot import plot_lattice, plot_young_modulus
from fastlattice.pictures.style import COLOURS, GREY, new_figure, one_stiffness, plain, save

if TYPE_CHECKING:
    from matplotlib.figure import Figure

START, DESIGN, WANTED = GREY, COLOURS[0], COLOURS[1]


def plot_design(
    start: Lattice,
    design: Lattice,
    start_stiffness: ArrayLike | torch.Tensor,
    stiffness: ArrayLike | torch.Tensor,
    history: ArrayLike,
    path: str | Path | None = None,
    *,
    target: ArrayLike | torch.Tensor | None = None,
) -> Figure:
    """Draws the cell and its Young's modulus before and after, the modulus in the three coordinate planes, and the cost
    after each step.

    Args:
        start, design: the cell before and after.
        start_stiffness, stiffness: [6, 6] Mandel of both, in units of the solid's Young's modulus, positive definite.
        history: [steps + 1] cost at the start and after each step.
        path: file to write, whole or not at all; the suffix chooses the format (.png, .svg, .pdf).
        target: [6, 6] what was wanted, where it was a stiffness; drawn in the coordinate planes.

    Returns:
        The figure.

    Raises:
        MissingExtraError: matplotlib is not installed.
        ElasticityError: a stiffness is not one positive definite 6x6 matrix.
        FastlatticeError: the suffix is none that matplotlib writes.
        OSError: the file cannot be written.
    """
    curves = [("start", START, one_stiffness(start_stiffness)), ("design", DESIGN, one_stiffness(stiffness))]
    figure = new_figure(figsize=(13, 8))
    figure.text(0.03, 0.955, design.name or "Design", fontsize=17, weight="bold", va="center")
    for column, (label, colour, matrix) in enumerate(curves):
        left = 0.01 + 0.5 * column
        lattice = (start, design)[column]
        plot_lattice(lattice, figure.add_axes((left, 0.4, 0.22, 0.5), projection="3d"))
        plot_young_modulus(matrix, figure.add_axes((left + 0.2, 0.4, 0.27, 0.5), projection="3d"))
        note = f"{label}, relative density {lattice.relative_density:.4g}"
        figure.text(left + 0.03, 0.905, note, fontsize=11, color=colour, va="center")
    if target is not None:
        curves.append(("target", WANTED, one_stiffness(target)))
    for column, (a, b) in enumerate(((0, 1), (0, 2), (1, 2))):
        axes = figure.add_axes((0.04 + 0.235 * column, 0.06, 0.19, 0.28), projection="polar")
        _plane(axes, curves, a, b)
        axes.set_title(f"Young's modulus in the {'xyz'[a]}{'xyz'[b]} plane [$E_s$]", fontsize=9.5)
    figure.legend(*axes.get_legend_handles_labels(), loc="lower left", ncols=3, frameon=False, fontsize=9)
    costs = figure.add_axes((0.77, 0.09, 0.2, 0.24))
    values = np.asarray(history, dtype=float)
    costs.plot(np.arange(len(values)), values, color=DESIGN, marker=".", markersize=4)
    costs.set(xlabel="step", ylabel="cost")
    costs.locator_params(axis="x", integer=True)
    plain(costs)
    return save(figure, path)


def _plane(axes: Any, curves: list[tuple[str, str, Any]], a: int, b: int) -> None:
    angle = np.linspace(0, 2 * np.pi, 361)
    directions = np.zeros((len(angle), 3))
    directions[:, a], directions[:, b] = np.cos(angle), np.sin(angle)
    for label, colour, matrix in curves:
        style = "--" if label == "target" else "-"
        axes.plot(angle, elasticity.young_modulus(matrix, directions), style, color=colour, label=label, lw=1.6)
    axes.set_xticks(np.radians([0, 90, 180, 270]), ["xyz"[a], "xyz"[b], "", ""])
    most = axes.get_ylim()[1]
    rings = np.array([1, 2, 3]) / 3 * most
    axes.set_rgrids(rings, [f"{ring:.2g}" for ring in rings], angle=45)
    axes.tick_params(labelsize=7.5)
