"""Figures 2, 3 and 7 of the paper from results, as pictures (extra "plot")."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from fastlattice.elasticity import young_modulus
from fastlattice.pictures.curves import Panel, plot_curves
from fastlattice.reproduction.experiments import TABLES
from fastlattice.reproduction.results import EQUIVARIANCE_ON_THE_WAY, ERROR, TRIMMED, Result

Curves = dict[str, tuple[list[Any], list[float]]]


def picture(name: str, results: Mapping[str, Result], minutes: float, path: Path) -> None:
    """Draws figure 2 or 3.

    Args:
        name: "figure2" or "figure3".
        results: by the keys of their runs; what is missing is left out.
        minutes: the budget of the runs.
        path: of the picture.

    Raises:
        MissingExtraError, FastlatticeError, OSError: as `plot_curves`.
    """
    panels = _during_training(results, minutes) if name == "figure2" else _over_settings(results, minutes)
    plot_curves(panels, path, f"{TABLES[name].title}; {minutes:g} minutes on one core each")


def _during_training(results: Mapping[str, Result], minutes: float) -> list[Panel]:
    panels = []
    for name, label, log in (
        (ERROR, ERROR, "xy"),
        (EQUIVARIANCE_ON_THE_WAY, "L_equiv / sqrt gamma", "xy"),
        ("negative eigenvalue", "share with a negative eigenvalue", "x"),
    ):
        curves: Curves = {}
        for column in TABLES["figure2"].columns:
            result = results.get(column.run.key(minutes), {})
            if "history" in result:
                history = result["history"]
                curves[column.label] = history["samples"], history[name]
        panels.append(Panel(curves, "samples", label, log))
    return panels


def _over_settings(results: Mapping[str, Result], minutes: float) -> list[Panel]:
    panels: dict[str, Curves] = {"training set": {}}  # the paper's first
    for column in TABLES["figure3"].columns:
        result = results.get(column.run.key(minutes), {})
        if result.get("final", {}).get(TRIMMED[ERROR]) is None:
            continue
        places, values = panels.setdefault(column.panel, {}).setdefault(column.series, ([], []))
        places.append(result["lattices"] if column.panel == "training set" else column.place)
        values.append(result["final"][TRIMMED[ERROR]])
    axes = {"training set": "lattices of the training set"}
    return [
        Panel(curves, axes.get(name, name), TRIMMED[ERROR], "xy" if name == "training set" else "")
        for name, curves in panels.items()
        if curves
    ]


def isotropy_picture(answers: Mapping[str, torch.Tensor], path: Path) -> None:
    """Draws figure 7: Young's modulus in the x-y plane over its mean, of each answer of `isotropy.answers`.

    Raises:
        MissingExtraError, FastlatticeError, OSError: as `plot_curves`.
    """
    angle = torch.linspace(0, 90, 46, dtype=torch.float64)
    turn = angle.deg2rad()
    directions = torch.stack([turn.cos(), turn.sin(), torch.zeros_like(turn)], dim=1)
    curves: Curves = {}
    for label, stiffness in answers.items():
        modulus = young_modulus(stiffness, directions)
        curves[label] = angle.tolist(), (modulus / modulus.mean()).tolist()
    panel = Panel(curves, "degrees from x to y", "Young's modulus over its mean", "y")
    plot_curves([panel], path, "Figure 7: the simple cubic lattice")
