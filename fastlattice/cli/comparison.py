"""Results against the labels of the input."""

from __future__ import annotations

from collections.abc import Callable

import torch

from fastlattice.cli import records
from fastlattice.lattice.batch import LatticeBatch

Theories = Callable[[LatticeBatch], dict[str, torch.Tensor]]
"""Takes labelled lattices and returns their stiffness [B, 6, 6] by the name of each way to compute it."""


class Comparison:
    """Relative errors |C - C_label| / |C_label| (Frobenius norm of the Mandel matrices) over all labelled lattices."""

    def __init__(self, theories: Theories | None = None) -> None:
        self._theories, self._errors_of = theories, dict[str, list[torch.Tensor]]()
        self._errors: list[torch.Tensor] = []
        self._worst: list[tuple[float, str, float]] = []
        self._unlabelled = 0

    def add(self, chunk: LatticeBatch) -> None:
        """Takes one chunk of results."""
        label = chunk.columns.get("target")
        if not isinstance(label, torch.Tensor):
            self._unlabelled += len(chunk)
            return
        stiffness = records.tensor(chunk, "stiffness")
        known = ~(label.isnan() | stiffness.isnan()).any(-1).any(-1)
        self._unlabelled += int((~known).sum())
        errors = _relative_errors(stiffness[known], label[known])
        self._errors.append(errors)
        if self._theories is not None:
            for name, other in self._theories(chunk[known]).items():
                self._errors_of.setdefault(name, []).append(_relative_errors(other, label[known]))
        rows, density = known.nonzero()[:, 0], chunk.relative_density
        for place in errors.argsort(descending=True)[:5].tolist():
            row = int(rows[place])
            self._worst.append((float(errors[place]), chunk.names[row], float(density[row])))
        self._worst = sorted(self._worst, reverse=True)[:5]

    def print(self) -> None:
        """Prints the distribution and the five worst."""
        errors = torch.cat(self._errors) if self._errors else torch.empty(0)
        print(f"\n{len(errors)} labelled lattices compared, {self._unlabelled} without a label or a stiffness")
        if not len(errors):
            return
        levels = {"median": 0.5, "p90": 0.9, "p99": 0.99, "max": 1.0}
        marks = (f"{name} {_quantile(errors, level):.2e}" for name, level in levels.items())
        print(f"relative error in C (Frobenius): {', '.join(marks)}")
        medians = {name: _quantile(torch.cat(parts), 0.5) for name, parts in self._errors_of.items()}
        if medians:
            listed = ", ".join(f"{name} {median:.2e}" for name, median in medians.items())
            print(f"the labels are closest to {min(medians, key=medians.__getitem__)} (medians: {listed})")
        print("largest:")
        for error, name, density in self._worst:
            print(f"  {error:.2e}  {name}  at density {density:.6g}")


def _relative_errors(stiffness: torch.Tensor, label: torch.Tensor) -> torch.Tensor:
    norm = torch.linalg.matrix_norm
    return norm(stiffness - label) / norm(label)


def _quantile(values: torch.Tensor, level: float) -> float:
    """By rank: torch.quantile refuses more than 16 million values."""
    return float(values.sort().values[round(level * (len(values) - 1))])
