"""What a run leaves behind while it runs: rows of CSV, TensorBoard's logs, and a line of progress."""

from __future__ import annotations

import csv
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fastlattice._files import replacing
from fastlattice._progress import ProgressBar


class Rows:
    """A CSV file that grows row by row; each row is in the file at once.

    Args:
        path: the file.
        after: rows of later steps, left by a run that was killed, are taken out; 0 begins the file anew.
    """

    def __init__(self, path: Path, after: int = 0) -> None:
        self.path = path
        kept: list[dict[str, str]] = []
        if after and path.is_file():
            with path.open(newline="", encoding="utf-8") as stream:
                kept = [row for row in csv.DictReader(stream) if (row["step"] or "").isdecimal()]
        with replacing(path) as temporary, temporary.open("w", newline="", encoding="utf-8") as stream:
            kept = [row for row in kept if int(row["step"]) <= after]
            if kept:
                writer = csv.DictWriter(stream, list(kept[0]), lineterminator="\n")
                writer.writeheader()
                writer.writerows(kept)
        self._empty = not kept

    def add(self, row: Mapping[str, Any]) -> None:
        """Writes one row; the first one names the columns."""
        with self.path.open("a", newline="", encoding="utf-8") as stream:
            writer = csv.DictWriter(stream, list(row), lineterminator="\n")
            if self._empty:
                writer.writeheader()
                self._empty = False
            writer.writerow(row)


class Records:
    """training.csv, validation.csv, TensorBoard if it is installed, and the bar on the terminal.

    Args:
        folder: where they go.
        step: the last step that rows may be of: see Rows.
        total: samples of the whole run, or None where only time is planned.
        per_step: samples of a step.
        tensorboard: whether its logs are wanted.
        progress: whether anything is shown.
    """

    def __init__(
        self, folder: Path, step: int, total: int | None, per_step: int, tensorboard: bool, progress: bool
    ) -> None:
        self._training, self._validation = Rows(folder / "training.csv", step), Rows(folder / "validation.csv", step)
        self._writer = _tensorboard(folder, step) if tensorboard else None
        self._per_step, self._progress = per_step, progress
        self._bar = ProgressBar(
            total=total,
            initial=step * per_step,
            unit=" lattices",
            unit_scale=True,
            dynamic_ncols=True,
            smoothing=0.05,
            disable=None if progress else True,
        )

    def step_done(self, loss: float, left: float | None) -> None:
        """Moves the bar by a step; `left`: seconds to the end where the bar does not know."""
        more = "" if left is None else f", {left / 60:.1f} min left"
        self._bar.set_postfix_str(f"loss {loss:.4g}{more}", refresh=False)
        self._bar.update(self._per_step)

    def training(self, row: Mapping[str, Any]) -> None:
        """A row of training.csv."""
        self._training.add(row)
        self._log("training", row)

    def validation(self, row: Mapping[str, Any], said: str) -> None:
        """A row of validation.csv, and a line for the user."""
        self._validation.add(row)
        self._log("validation", row)
        self.say(said)

    def say(self, text: str) -> None:
        """A line for the user."""
        if self._progress:
            ProgressBar.write(text, file=sys.stderr)

    def _log(self, group: str, row: Mapping[str, Any]) -> None:
        if self._writer is not None:
            for name, value in row.items():
                if name != "step":
                    self._writer.add_scalar(f"{group}/{name}", value, row["step"])

    def close(self) -> None:
        """Ends the bar and TensorBoard's file."""
        self._bar.close()
        if self._writer is not None:
            self._writer.close()


def _tensorboard(folder: Path, step: int) -> Any:
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError:
        return None
    return SummaryWriter(str(folder / "tensorboard"), purge_step=step or None)
