"""Property maps: one property of many lattices against another, with the Voigt bound and lines of scaling laws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fastlattice.errors import FastlatticeError
from fastlattice.pictures.quantities import quantity
from fastlattice.pictures.style import COLOUR_MAP, COLOURS, GREY, SOLID, colours_of, new_figure, plain, save

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FloatArray = NDArray[np.float64]
_SAME = 1e-9  # relative difference of what differs by rounding
_DECADE = 5.0  # largest over smallest value from which an axis is logarithmic
_MOST_POINTS = 200_000
_COLOURED = (0.01, 0.99)  # quantiles that have a colour each; beyond, all have that of the end
NAMED = len(COLOURS)
"""Names that get a colour each; with more, all points share one."""


def plot_map(
    columns: Mapping[str, ArrayLike],
    path: str | Path | None = None,
    *,
    x: str = "density",
    y: str = "E_x",
    colour: str | None = None,
    names: Sequence[str] | None = None,
    best: Sequence[int] = (),
    modulus: float = 1.0,
    unit: str = SOLID,
    poisson: float = 0.3,
    title: str = "",
) -> Figure:
    """Draws one property of lattices against another, a point a lattice.

    An axis is logarithmic where all its values are positive and spread. Against relative density, E and G come with
    the Voigt bound, the solid's modulus times the density, which no lattice exceeds, and lines of slope 1 and 2
    through the middle of the points: of lattices whose struts stretch, and whose struts bend. Points of one name are
    joined where there are few names, each with several densities.

    Args:
        columns: [n] each by its name, as results of a screening have them: density, E_x, G_max, nu_xy, C_11,
            anisotropy. Rows with a NaN in `x` or `y` are left out; the picture says how many.
        path: file to write, whole or not at all; the suffix chooses the format (.png, .svg, .pdf).
        x, y: columns of the axes.
        colour: column that colours the points; None: their names do, where there are few.
        names: [n] of the lattices.
        best: rows to mark with numbers, from 1.
        modulus: Young's modulus of the solid in `unit`; columns of stiffness are multiplied by it.
        unit: of stiffness.
        poisson: Poisson's ratio of the solid, for the Voigt bound of G.
        title: above all.

    Returns:
        The figure.

    Raises:
        MissingExtraError: matplotlib is not installed.
        FastlatticeError: there is no such column, no row with both numbers, or matplotlib writes no such suffix.
        OSError: the file cannot be written.
    """
    across, up = (scaled(columns, name, modulus) for name in (x, y))
    shown = np.flatnonzero(np.isfinite(across) & np.isfinite(up))
    if not len(shown):
        raise FastlatticeError(f"no lattice has both {x} and {y}")
    figure = new_figure(figsize=(8.2, 6.2), layout="constrained")
    axes = figure.subplots()
    axes.set(xlabel=quantity(x).label(unit), ylabel=quantity(y).label(unit))
    axes.set_title(title, loc="left", fontsize=13, weight="bold")
    axes.set(xscale=scale_of(across[shown]), yscale=scale_of(up[shown]))
    plain(axes)
    _points(
        axes, across, up, shown, None if colour is None else (colour, scaled(columns, colour, modulus)), names, unit
    )
    limits = _room(axes.get_xlim(), across[shown]), _room(axes.get_ylim(), up[shown])
    if x == "density":
        ends = across[shown] if np.ptp(across[shown]) > _SAME * across[shown].max() else np.array(limits[0])
        _guides(axes, ends, up[shown], voigt_bound(y, modulus, poisson))
    top = max(limits[1][1], 1.15 * axes.dataLim.y1 if axes.get_yscale() == "log" else limits[1][1])
    axes.set(xlim=limits[0], ylim=(limits[1][0], top))
    for place, row in enumerate(best, start=1):
        axes.annotate(
            f"{place}", (across[row], up[row]), (7, 7), textcoords="offset points", fontsize=9, weight="bold", zorder=5
        )
        axes.plot(across[row], up[row], "o", ms=9, mfc="none", mec="black", mew=1.3, zorder=5)
    if handles := axes.get_legend_handles_labels()[0]:
        axes.legend(handles=handles, frameon=False, fontsize=9, loc="best")
    if missing := len(across) - len(shown):
        axes.text(
            0.99,
            0.01,
            f"{missing:,} without these numbers",
            transform=axes.transAxes,
            ha="right",
            fontsize=8,
            color=GREY,
        )
    return save(figure, path)


def _room(limits: tuple[float, float], values: FloatArray) -> tuple[float, float]:
    """An axis' limits, or half a value to either side where all values are one, but for rounding."""
    low, high = float(values.min()), float(values.max())
    size = max(abs(low), abs(high))
    if high - low > _SAME * size:
        return limits
    half = 0.5 * size if size else 0.5
    return low - half, high + half


def scaled(columns: Mapping[str, ArrayLike], name: str, modulus: float) -> FloatArray:
    """[n] a column, stiffness in units of `modulus`.

    Raises:
        FastlatticeError: there is no such column of numbers.
    """
    if name not in columns:
        raise FastlatticeError(f"there is no column {name!r}: {', '.join(columns)}")
    values = np.asarray(columns[name], dtype=np.float64)
    return values * modulus if quantity(name).is_stiffness else values


def scale_of(values: FloatArray) -> str:
    """ "log" or "linear", of an axis with values that are all finite."""
    return "log" if values.min() > 0 and values.max() > _DECADE * values.min() else "linear"


def voigt_bound(name: str, modulus: float = 1.0, poisson: float = 0.3) -> float | None:
    """Over the relative density, what no E or G of a porous solid exceeds: the solid's own; None of other columns.

    Args:
        name: of the column.
        modulus, poisson: Young's modulus and Poisson's ratio of the solid.
    """
    return {"E": modulus, "G": modulus / (2 * (1 + poisson))}.get(quantity(name).kind)


def _points(
    axes: Any,
    across: FloatArray,
    up: FloatArray,
    shown: NDArray[np.intp],
    coloured: tuple[str, FloatArray] | None,
    names: Sequence[str] | None,
    unit: str,
) -> None:
    drawn = shown[:: -(-len(shown) // _MOST_POINTS)]
    size = float(np.clip(6000 / len(drawn), 5, 36))
    style: dict[str, Any] = {"s": size, "lw": 0, "alpha": 0.9 if len(drawn) < 500 else 0.5, "rasterized": True}
    if coloured is not None:
        name, values = coloured
        from matplotlib.cm import ScalarMappable
        from matplotlib.colors import LogNorm, Normalize

        known = values[drawn][np.isfinite(values[drawn])]
        low, high = np.quantile(known, _COLOURED) if len(known) else (0.0, 1.0)
        norm = (LogNorm if len(known) and scale_of(known) == "log" else Normalize)(low, high)
        axes.scatter(across[drawn], up[drawn], c=values[drawn], cmap=COLOUR_MAP, norm=norm, **style)
        opaque = ScalarMappable(norm, COLOUR_MAP)
        ends = "both" if len(known) > 100 else "neither"
        bar = axes.figure.colorbar(opaque, ax=axes, aspect=30, pad=0.02, extend=ends)
        bar.set_label(quantity(name).label(unit))
        bar.outline.set_visible(False)
        return
    listed = np.asarray(["" if names is None else names[row] for row in drawn])
    colours = colours_of(listed.tolist())
    if len(colours) > NAMED or names is None:
        axes.scatter(across[drawn], up[drawn], color=COLOURS[0], **style)
        return
    for name, colour in colours.items():
        rows = drawn[listed == name]
        axes.scatter(across[rows], up[rows], color=colour, label=name or "without a name", **style)
        if 1 < len(rows) <= 50 and len(np.unique(across[rows])) == len(rows):
            rows = rows[np.argsort(across[rows])]
            axes.plot(across[rows], up[rows], color=colour, lw=1.2)


def _guides(axes: Any, density: FloatArray, values: FloatArray, bound: float | None) -> None:
    """The Voigt bound, and slopes 1 and 2 where both axes are logarithmic."""
    ends = np.linspace(density.min(), density.max(), 65)  # straight on neither kind of axis alone
    if bound is not None:
        axes.plot(ends, bound * ends, color="black", lw=1.2, label="Voigt bound")
    if axes.get_xscale() == axes.get_yscale() == "log":
        middle = np.exp(np.log(density).mean()), np.exp(np.log(values).mean())
        for slope, style in ((1, (0, (6, 3))), (2, (0, (1, 1.6)))):
            line = middle[1] * (ends / middle[0]) ** slope
            label = r"slope 1, $\propto \rho$" if slope == 1 else r"slope 2, $\propto \rho^2$"
            axes.plot(ends, line, color=GREY, lw=1.2, ls=style, label=label, zorder=1)
