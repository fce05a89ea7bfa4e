"""Does the runs of a table, one after another, and goes on where it was stopped."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from fastlattice._files import replacing
from fastlattice.data.augmentation import augment
from fastlattice.data.compositions import DENSITIES, composition, write_dataset
from fastlattice.data.realisations import labelled, realisations
from fastlattice.data.sets import test_set
from fastlattice.errors import FastlatticeError, TrainingError
from fastlattice.io.files import read
from fastlattice.io.parquet import count_parquet
from fastlattice.lattice import LatticeBatch
from fastlattice.reproduction.experiments import Run
from fastlattice.reproduction.results import Result, failure_of, result_of
from fastlattice.training import TrainingConfig, train
from fastlattice.training.loop import STATE

TEST_LEVEL = 0.1
"""Of the test set, above all levels of the training sets."""
_SEED = 1
_RESULT = "result.json"


class Stopped(Exception):  # noqa: N818 - the user's wish is no error
    """A signal ended a run; `number` is the signal's."""

    def __init__(self, number: int) -> None:
        super().__init__(f"stopped by signal {number}")
        self.number = number


def perform(
    runs: Sequence[Run],
    folder: Path,
    minutes: float,
    threads: int,
    say: Callable[[str], None],
    progress: bool = False,
    bases: LatticeBatch | None = None,
    known: Mapping[str, Result] | None = None,
    keep: Callable[[dict[str, Result]], None] | None = None,
) -> dict[str, Result]:
    """The results of runs by their keys; those that are known, or that the folder has, are not done again.

    Args:
        runs: what to do, in this order.
        folder: of the data and of a folder for each run.
        minutes: of the processor for each, measurements left out.
        threads: of torch and the kernels.
        say: takes a line for the user at the beginning of each run.
        progress: show the training's bar.
        bases: of the training sets; None: those of `fastlattice.data.bases`.
        known: results by key, of these runs or others.
        keep: takes all results, the known ones too, at the beginning and as each run ends.

    Returns:
        All results; of a run whose training failed, since a loss or a gradient was no finite number, only that.

    Raises:
        Stopped: a signal came; the run can be resumed.
        FastlatticeError: a run's folder is damaged, or has a run of another kind.
    """
    wanted = {run.key(minutes): run for run in runs}
    found = dict(known or {})
    found |= {key: result for key in wanted if key not in found and (result := _done(folder / key)) is not None}
    missing = {key: run for key, run in wanted.items() if key not in found}
    keep = keep or (lambda _: None)
    keep(found)
    for number, (key, run) in enumerate(missing.items()):
        left = (len(missing) - number) * minutes
        place = len(wanted) - len(missing) + number + 1
        say(f"run {place} of {len(wanted)}: {describe(run)}; at least {left:.3g} min to go")
        found[key] = _perform(run, folder, minutes, threads, progress, bases)
        if "failed" in found[key]:
            say(f"  failed: {found[key]['failed']}")
        keep(found)
    return found


def describe(run: Run) -> str:
    """A run in a line."""
    settings = ", ".join(f"{name} {value}" for name, value in run.settings.items() if "irreps" not in name)
    return f"{run.network} ({settings}), {run.composition}, {run.augmentation}, seed {run.seed}"


def _done(folder: Path) -> Result | None:
    """The result that a run's folder has."""
    path = folder / _RESULT
    if not path.exists():
        return None
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except ValueError as error:
        raise FastlatticeError(f"{path} is no JSON ({error}): remove it, and the run is measured anew") from None


def _perform(
    run: Run, folder: Path, minutes: float, threads: int, progress: bool, bases: LatticeBatch | None
) -> Result:
    """Trains from where it was left, measures, and writes the result."""
    data, own = folder / "data", folder / run.key(minutes)
    data.mkdir(parents=True, exist_ok=True)
    training, test = _training_set(run, data, bases), _test_set(data)
    config = TrainingConfig.from_mapping(run.configuration(str(data), minutes, threads, str(test)))
    try:
        outcome = train(config, own, (own / STATE).exists(), progress)
    except TrainingError as error:
        result = failure_of(run, minutes, threads, error)
    else:
        if outcome.reason == "signal":
            raise Stopped(outcome.signal)
        result = result_of(run, minutes, threads, count_parquet(training), own, read(test))
    with replacing(own / _RESULT) as temporary:
        temporary.write_text(json.dumps(result) + "\n", encoding="utf-8")
    return result


def _training_set(run: Run, folder: Path, bases: LatticeBatch | None) -> Path:
    """The file of labelled samples, made if it is not there."""
    path = folder / f"{run.training_set}.parquet"
    if not path.exists():
        lattices, _, recipe = composition(run.composition, bases)
        if run.augmentation == "static":
            lattices, recipe = augment(lattices), {**recipe, "augmentation": "static"}
        write_dataset(lattices, path, recipe)
    return path


def _test_set(folder: Path) -> Path:
    """The file of test lattices: the nets of T1 and T3, moved by 0.1, at the training sets' densities."""
    path = folder / "test.parquet"
    if not path.exists():
        nets = test_set("T3")[::3]  # each net is there three times, at three densities
        lattices, _ = labelled(realisations(nets, [(TEST_LEVEL, density) for density in DENSITIES], _SEED))
        write_dataset(lattices, path, {"nets": "T3", "level": TEST_LEVEL, "densities": list(DENSITIES), "seed": _SEED})
    return path
