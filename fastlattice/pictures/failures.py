"""Where a network fails: cells beside their true and their predicted Young's modulus in every direction."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastlattice.elasticity import is_positive_definite
from fastlattice.lattice.lattice import Lattice
from fastlattice.pictures.plot import plot_lattice, plot_young_modulus
from fastlattice.pictures.style import new_figure, save

if TYPE_CHECKING:
    import torch
    from matplotlib.figure import Figure

_ROW = 3.6  # inches


def plot_failures(
    lattices: Sequence[Lattice],
    stiffness: torch.Tensor,
    target: torch.Tensor,
    notes: Sequence[str],
    path: str | Path | None = None,
) -> Figure:
    """One row for each lattice: the cell, and the surfaces E(n) n, true and predicted, each on a scale of its own.

    Args:
        lattices: K of them, at least one.
        stiffness: [K, 6, 6] predicted, Mandel, in units of the solid's Young's modulus.
        target: [K, 6, 6] true. Of a matrix that is not positive definite it is said that there is no modulus.
        notes: K lines, written below the names.
        path: file to write, whole or not at all; the suffix chooses the format.

    Raises:
        MissingExtraError: matplotlib is not installed (extra "plot").
        FastlatticeError: no format has that suffix.
    """
    figure = new_figure(figsize=(12, _ROW * len(lattices)))
    parts: Any = [figure] if len(lattices) == 1 else figure.subfigures(len(lattices), 1)
    for part, lattice, found, true, note in zip(parts, lattices, stiffness, target, notes, strict=True):
        part.text(0.02, 0.93, lattice.name or "Lattice", fontsize=13, weight="bold", va="center")
        part.text(0.02, 0.86, note, fontsize=9, color="0.35", va="center")
        plot_lattice(lattice, part.add_axes((0.0, 0.0, 0.3, 0.84), projection="3d"))
        for left, title, matrix in ((0.32, "true", true), (0.66, "predicted", found)):
            part.text(left, 0.96, f"Young's modulus, {title}", fontsize=10, color="0.35", va="center")
            if bool(is_positive_definite(matrix)):
                plot_young_modulus(matrix, part.add_axes((left - 0.03, -0.03, 0.34, 0.9), projection="3d"))
            else:
                part.text(left, 0.5, "not positive definite: none", fontsize=9.5)
    return save(figure, path)
