"""Pages about inverse designs: the cell before and after, its stiffness, and how the cost fell (extra "plot")."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from numpy.typing import ArrayLike

from fastlattice.errors import FastlatticeError
from fastlattice.lattice.lattice import Lattice
from fastlattice.pictures.plot import plot_lattice, plot_young_modulus
from fastlattice.pictures.sections import PLANES, draw_polar, in_plane, section
from fastlattice.pictures.style import (
    COLOURS,
    GREY,
    SOLID,
    exponent,
    in_brackets,
    new_figure,
    one_stiffness,
    plain,
    save,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Stiffness = ArrayLike | torch.Tensor
START, WANTED = GREY, "#000000"
_ANGLES = 361


def plot_design(
    start: Lattice,
    design: Lattice,
    start_stiffness: Stiffness,
    stiffness: Stiffness,
    history: ArrayLike,
    path: str | Path | None = None,
    *,
    target: Stiffness | None = None,
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
    figure = new_figure(figsize=(13, 8))
    figure.text(0.03, 0.955, design.name or "Design", fontsize=17, weight="bold", va="center")
    colours = {"start": START, "design": COLOURS[0]}
    curves = {"start": one_stiffness(start_stiffness), "design": one_stiffness(stiffness)}
    for column, (label, matrix) in enumerate(curves.items()):
        left = 0.01 + 0.5 * column
        lattice = (start, design)[column]
        plot_lattice(lattice, figure.add_axes((left, 0.4, 0.22, 0.5), projection="3d"))
        plot_young_modulus(matrix, figure.add_axes((left + 0.2, 0.4, 0.27, 0.5), projection="3d"))
        note = f"{label}, relative density {lattice.relative_density:.4g}"
        figure.text(left + 0.03, 0.905, note, fontsize=11, color=colours[label], va="center")
    if target is not None:
        curves["target"], colours["target"] = one_stiffness(target), WANTED
    for column, plane in enumerate(PLANES):
        axes = figure.add_axes((0.04 + 0.235 * column, 0.055, 0.19, 0.265), projection="polar")
        _young_in_plane(axes, curves, colours, plane)
    _legend(figure, colours, loc="lower left")
    costs = figure.add_axes((0.79, 0.09, 0.18, 0.24))
    values = np.asarray(history, dtype=float)
    costs.plot(np.arange(len(values)), values, color=COLOURS[0], marker=".", markersize=4)
    costs.set(xlabel="step", ylabel="cost")
    costs.locator_params(axis="x", integer=True)
    plain(costs)
    return save(figure, path)


def plot_designs(
    start: tuple[Lattice, Stiffness],
    designs: Mapping[str, tuple[Lattice, Stiffness]],
    path: str | Path | None = None,
    *,
    target: Stiffness | None = None,
    plane: tuple[int, int] = (0, 1),
    notes: Mapping[str, str] | None = None,
) -> Figure:
    """Draws designs from one start side by side: cells, surfaces of Young's modulus, and all of them in one plane.

    As Figure 4 of Grega et al. (2024) has one design: the start, the surfaces before and after, and the projections
    into the x-y plane of the start, the target and what came of it.

    Args:
        start: the cell before, and its stiffness, [6, 6] Mandel in units of the solid's Young's modulus.
        designs: the same of each design by its name, one to four.
        path, errors: as for `plot_design`.
        target: [6, 6] what was wanted, where it was a stiffness.
        plane: of the coordinate axes, in which all are compared.
        notes: a line below the name of each design, or of "start".
    """
    if not 1 <= len(designs) <= 4:
        raise FastlatticeError(f"there are {len(designs)} designs; a picture compares one to four")
    rows = {"start": start, **designs}
    columns = len(rows) + 1
    figure = new_figure(figsize=(3.7 * columns, 7.4))
    colours = {"start": START, **dict(zip(designs, COLOURS, strict=False))}
    curves = {name: one_stiffness(stiffness) for name, (_, stiffness) in rows.items()}
    for column, (name, (lattice, _)) in enumerate(rows.items()):
        left, width = column / columns, 1 / columns
        figure.text(left + 0.06 * width, 0.955, name, fontsize=13, weight="bold", color=colours[name], va="center")
        figure.text(left + 0.06 * width, 0.912, (notes or {}).get(name, ""), fontsize=9.5, color="0.35", va="center")
        plot_lattice(lattice, figure.add_axes((left, 0.45, 0.95 * width, 0.45), projection="3d"))
        plot_young_modulus(curves[name], figure.add_axes((left, 0.0, 0.9 * width, 0.46), projection="3d"))
    if target is not None:
        curves["target"], colours["target"] = one_stiffness(target), WANTED
    axes = figure.add_axes((1 - 0.86 / columns, 0.3, 0.72 / columns, 0.36), projection="polar")
    _young_in_plane(axes, curves, colours, plane)
    _legend(figure, colours, loc="upper center", bbox_to_anchor=(1 - 0.5 / columns, 0.25))
    return save(figure, path)


def _young_in_plane(axes: Any, curves: Mapping[str, Any], colours: Mapping[str, str], plane: tuple[int, int]) -> None:
    """Young's modulus of all curves in one plane; the target is dashed."""
    found = {name: section(matrix, in_plane(plane, _ANGLES)).young for name, matrix in curves.items()}
    most = max(float(curve.max()) for curve in found.values())
    power = exponent(most)
    scaled = {name: (curve / 10.0**power,) for name, curve in found.items()}
    draw_polar(axes, scaled, colours, plane, (0, most / 10.0**power))
    for line, name in zip(axes.lines, scaled, strict=True):
        line.set_linestyle("--" if name == "target" else "-")
    label = f"$E$ in the {'xyz'[plane[0]]}{'xyz'[plane[1]]} plane {in_brackets(SOLID, power)}"
    axes.set_title(label, fontsize=9.5, pad=14)


def _legend(figure: Figure, colours: Mapping[str, str], **place: Any) -> None:
    from matplotlib.lines import Line2D

    handles = [
        Line2D([], [], color=colour, lw=1.6, ls="--" if name == "target" else "-", label=name)
        for name, colour in colours.items()
    ]
    figure.legend(handles=handles, ncols=2 if "bbox_to_anchor" in place else 3, frameon=False, fontsize=9.5, **place)
