"""What is kept of a run: figures that tables and pictures are made of, as JSON."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from fastlattice._files import replacing
from fastlattice._version import __version__
from fastlattice.errors import FastlatticeError
from fastlattice.lattice import LatticeBatch
from fastlattice.models import StiffnessModel
from fastlattice.reproduction.experiments import Run
from fastlattice.training import evaluate, mean_square
from fastlattice.training.evaluation import EQUIVARIANCE
from fastlattice.training.loop import LAST
from fastlattice.training.steps import target_of

FORMAT = 1
ERROR = "L_dir_rel (sqrt gamma)"
MEDIAN = f"{ERROR}, median"
TRIMMED = {name: f"{name}, 99 %" for name in ("L_comp (mean absolute)", "L_dir", ERROR, "L_dir_rel (mean directional)")}
"""Names of the means without the worst hundredth of the lattices, by metric."""
EQUIVARIANCE_ON_THE_WAY = "L_equiv / sqrt gamma"
ON_THE_WAY = (
    "L_comp (mean absolute)",
    "L_dir",
    ERROR,
    "L_dir_rel (mean directional)",
    EQUIVARIANCE_ON_THE_WAY,
    "negative eigenvalue",
)
"""Metrics that are kept of every measurement during training."""
Result = dict[str, Any]
"""See `result_of` and `failure_of`."""


def result_of(run: Run, minutes: float, threads: int, lattices: int, folder: Path, test: LatticeBatch) -> Result:
    """What is kept of a run that is over, ready for JSON.

    Args:
        run: what it was.
        minutes, threads: its budget.
        lattices: of its training set.
        folder: that it left.
        test: what it is measured on.

    Returns:
        run, minutes, threads, lattices: as given; parameters: of the network; samples: seen in all, again and again;
        final: `measured`; history: samples, minutes and ON_THE_WAY, lists of one length.
    """
    model = StiffnessModel.load(folder / LAST)
    history = _history(folder / "validation.csv")
    return {
        "run": _plain(run),
        "minutes": minutes,
        "threads": threads,
        "parameters": sum(parameter.numel() for parameter in model.parameters()),
        "lattices": lattices,
        "samples": history["samples"][-1],
        "final": measured(model, test),
        "history": history,
    }


def failure_of(run: Run, minutes: float, threads: int, error: Exception) -> Result:
    """What is kept of a run that could not be trained: what it was, and why, without the place of the batch."""
    why = str(error).partition("; the batch is in")[0]
    return {"run": _plain(run), "minutes": minutes, "threads": threads, "failed": why}


def _plain(run: Run) -> dict[str, Any]:
    return {**asdict(run), "settings": dict(run.settings)}


def measured(model: StiffnessModel, test: LatticeBatch) -> dict[str, float | None]:
    """Metrics of a network: means over labelled lattices; stiffness in units of E_s.

    Of some also the mean without the worst hundredth of the lattices, each metric's own, and of one the median.
    L_equiv is over up to 256 of the lattices and ten orientations, in double precision.
    """
    evaluation = evaluate(model, test, "test")
    summary = evaluation.summary()
    means = {name: each["mean"] for name, each in summary.items()}
    relative = evaluation.values[EQUIVARIANCE[torch.float64]]
    absolute = relative * mean_square(target_of(test)).sqrt()
    means["L_equiv"] = float(absolute[~absolute.isnan()].mean())
    means[MEDIAN] = summary[ERROR]["median"]
    for name, trimmed in TRIMMED.items():
        values = evaluation.values[name].sort().values
        means[trimmed] = float(values[: math.ceil(0.99 * len(values))].mean())
    return {name: _rounded(value) for name, value in means.items()}


def _history(path: Path) -> dict[str, list[Any]]:
    """The measurements that training has written."""
    with path.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    of_training = next(name for name in EQUIVARIANCE.values() if name in rows[0])  # in the precision of the run
    names = {name: name for name in ON_THE_WAY} | {EQUIVARIANCE_ON_THE_WAY: of_training}
    return {
        "samples": [int(row["samples"]) for row in rows],
        "minutes": [float(row["minutes"]) for row in rows],
        **{name: [_rounded(float(row[column])) for row in rows] for name, column in names.items()},
    }


def _rounded(value: float) -> float | None:
    """Four digits; None for what JSON does not have."""
    return float(f"{value:.4g}") if math.isfinite(value) else None


def write_results(path: Path, results: Mapping[str, Result], minutes: float) -> None:
    """Writes results by key as one JSON file, a line for each, whole or not at all."""
    content = {"format": FORMAT, "fastlattice": __version__, "minutes": minutes}
    runs = ",\n".join(f"{json.dumps(key)}: {json.dumps(each, separators=(',', ':'))}" for key, each in results.items())
    with replacing(path) as temporary:
        temporary.write_text(json.dumps(content)[:-1] + ', "runs": {\n' + runs + "\n}}\n", encoding="utf-8")


def read_results(path: Path) -> tuple[dict[str, Result], float]:
    """What `write_results` wrote, and the minutes of its runs.

    Raises:
        FastlatticeError: it is not such a file.
        OSError: it cannot be read.
    """
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if content["format"] != FORMAT:
            raise ValueError(f"its format is {content['format']}")
        return dict(content["runs"]), float(content["minutes"])
    except (ValueError, KeyError, TypeError) as error:
        raise FastlatticeError(f"{path} holds no results of `fastlattice reproduce` ({error})") from None
