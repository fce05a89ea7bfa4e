"""Curves side by side: figures over time, over samples, over anything that is counted (extra "plot")."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastlattice.pictures.style import colours_of, new_figure, plain, save


@dataclass(frozen=True)
class Panel:
    """One pair of axes.

    Attributes:
        curves: places and values, of one length, by the label of the curve; places may be names.
        x, y: what stands at the axes.
        log: which axes are logarithmic: "", "x", "y" or "xy".
    """

    curves: Mapping[str, tuple[Sequence[Any], Sequence[float]]]
    x: str
    y: str
    log: str = ""


def plot_curves(panels: Sequence[Panel], path: str | Path, title: str = "") -> None:
    """Draws panels in a row, with one legend for curves of the same label.

    Args:
        panels: at least one.
        path: file to write, whole or not at all; the suffix chooses the format (.png, .svg, .pdf).
        title: above them.

    Raises:
        MissingExtraError: matplotlib is not installed.
        FastlatticeError: the suffix is none that matplotlib writes.
        OSError: the file cannot be written.
    """
    figure = new_figure(figsize=(4.4 * len(panels) + 0.4, 4.4), layout="constrained")
    colours = colours_of([label for panel in panels for label in panel.curves])
    lines: dict[str, Any] = {}
    for axes, panel in zip(figure.subplots(1, len(panels), squeeze=False)[0], panels, strict=True):
        for label, (places, values) in panel.curves.items():
            (lines[label],) = axes.plot(places, values, ".-", color=colours[label], lw=1.4, markersize=5)
        axes.set(xlabel=panel.x, ylabel=panel.y)
        axes.set(**{f"{axis}scale": "log" for axis in panel.log})
        plain(axes)
        axes.tick_params(which="minor", labelbottom=False, labelleft=False)  # they overlap within a decade
    figure.legend(lines.values(), lines.keys(), loc="outside lower center", ncols=5, frameon=False, fontsize=9)
    figure.suptitle(title)
    save(figure, Path(path))
