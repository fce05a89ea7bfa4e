"""Sections through the directional moduli: how stiff, how soft, in shear and in contraction, in planes of the axes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fastlattice import elasticity
from fastlattice.errors import FastlatticeError
from fastlattice.pictures.style import SOLID, colours_of, exponent, in_brackets, new_figure, one_stiffness, save

if TYPE_CHECKING:
    import torch
    from matplotlib.figure import Figure

FloatArray = NDArray[np.float64]
PLANES = ((0, 1), (0, 2), (1, 2))
"""Pairs of axes: xy, xz, yz."""
_ANGLES = 361


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


def plot_sections(
    stiffness: ArrayLike | torch.Tensor | Mapping[str, ArrayLike | torch.Tensor],
    path: str | Path | None = None,
    *,
    unit: str = SOLID,
    title: str = "",
) -> Figure:
    """Draws sections through the moduli in the planes of the axes: E, 1/E, and of G and nu the largest and smallest.

    In each direction n of a plane, G(n, m) and nu(n, m) are largest and smallest over all m at a right angle to n, in
    the plane or out of it.

    Args:
        stiffness: [6, 6] Mandel, positive definite; or several by their names, drawn over one another.
        path: file to write, whole or not at all; the suffix chooses the format (.png, .svg, .pdf).
        unit: of stiffness, for the labels.
        title: above all.

    Returns:
        The figure.

    Raises:
        MissingExtraError: matplotlib is not installed.
        ElasticityError: a stiffness is not one positive definite 6x6 matrix.
        FastlatticeError: there is none, or the suffix is none that matplotlib writes.
        OSError: the file cannot be written.
    """
    several = dict(stiffness) if isinstance(stiffness, Mapping) else {"": stiffness}
    if not several:
        raise FastlatticeError("there is no stiffness to draw")
    matrices = {name: one_stiffness(matrix) for name, matrix in several.items()}
    figure = new_figure(figsize=(8.6, 11.4))
    figure.text(0.03, 0.98, title or ", ".join(filter(None, several)), fontsize=14, weight="bold", va="center")
    colours = colours_of(list(several))
    sections = {name: [section(matrix, in_plane(p, _ANGLES)) for p in PLANES] for name, matrix in matrices.items()}
    for row, (label, curves_of, quantity_unit) in enumerate(_rows(unit)):
        panels = [{name: curves_of(each[column]) for name, each in sections.items()} for column in range(3)]
        values = np.array([curve for panel in panels for curves in panel.values() for curve in curves])
        power = exponent(float(np.abs(values).max())) if quantity_unit else 0
        bottom = 0.955 - 0.232 * (row + 1)
        brackets = f"  {in_brackets(quantity_unit, power)}" if quantity_unit else ""
        figure.text(0.03, bottom + 0.221, f"{label}{brackets}", fontsize=10.5, va="center")
        for column, panel in enumerate(panels):
            axes = figure.add_axes((0.055 + 0.325 * column, bottom + 0.010, 0.24, 0.176), projection="polar")
            scaled = {name: [curve / 10.0**power for curve in curves] for name, curves in panel.items()}
            draw_polar(axes, scaled, colours, PLANES[column], (values.min() / 10.0**power, values.max() / 10.0**power))
    _legend(figure, colours)
    return save(figure, path)


def _rows(unit: str) -> list[tuple[str, Callable[[Section], tuple[FloatArray, ...]], str]]:
    """Label, curves (the largest before the smallest) and unit of each row of panels."""
    return [
        ("Young's modulus $E$", lambda s: (s.young,), unit),
        ("Compliance $1/E$", lambda s: (1 / s.young,), f"1/{unit}"),
        ("Shear modulus $G$, largest and smallest (dashed)", lambda s: s.shear[::-1], unit),
        (r"Poisson's ratio $\nu$, largest and smallest (dashed)", lambda s: s.poisson[::-1], ""),
    ]


def draw_polar(
    axes: Any,
    curves: Mapping[str, Sequence[FloatArray]],
    colours: Mapping[str, str],
    plane: tuple[int, int],
    limits: tuple[float, float],
) -> None:
    """Closed curves in a plane of the coordinate axes, into polar axes.

    Args:
        axes: of matplotlib, polar.
        curves: by name, each [A] once around as `in_plane` goes; the second of a name is dashed.
        colours: by name.
        plane: the two axes.
        limits: smallest and largest value; zero is in the middle unless there are negative ones.
    """
    low, high = min(0.0, limits[0]), max(0.0, limits[1])
    axes.set_ylim(1.04 * low, 1.06 * high)
    for name, several in curves.items():
        for curve, style in zip(several, ("-", "--"), strict=False):
            axes.plot(np.linspace(0, 2 * np.pi, len(curve)), curve, style, color=colours[name], lw=1.6)
    if low < 0:
        axes.plot(np.linspace(0, 2 * np.pi, 181), np.zeros(181), color="0.35", lw=0.8)
    names = ["xyz"[plane[0]], "45°", "xyz"[plane[1]]]
    axes.set_xticks(np.radians([0, 45, 90, 135, 180, 225, 270, 315]), [*names, *[""] * 5])
    rings = _rings(low, high)
    axes.set_rgrids(rings, [f"{ring:.6g}".replace("-", "\N{MINUS SIGN}") for ring in rings], angle=112.5)
    axes.tick_params(labelsize=8, pad=1)
    for label in axes.get_yticklabels():
        label.set(color="0.3", fontsize=7, bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.7, "pad": 0.5})
    axes.grid(color="0.85", lw=0.6)
    axes.spines["polar"].set_color("0.7")


def _rings(low: float, high: float) -> list[float]:
    """Three round values or so."""
    from matplotlib.ticker import MaxNLocator

    ticks = MaxNLocator(4, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
    return [0.0 if abs(tick) < 1e-12 * (high - low) else float(tick) for tick in ticks if low < tick <= 1.06 * high]


def _legend(figure: Figure, colours: Mapping[str, str]) -> None:
    if len(colours) < 2:
        return
    from matplotlib.lines import Line2D

    handles = [Line2D([], [], color=colour, lw=1.6, label=name) for name, colour in colours.items()]
    figure.legend(
        handles=handles, loc="upper right", bbox_to_anchor=(0.99, 0.995), ncols=4, frameon=False, fontsize=9.5
    )
