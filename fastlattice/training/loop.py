"""The training loop: samples by number, one step after another, so that a run can stop anywhere and go on."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import nn

from fastlattice.errors import FastlatticeError, TrainingError
from fastlattice.lattice import LatticeBatch
from fastlattice.models import StiffnessModel
from fastlattice.training.building import learning_rate, network_of, optimiser_of
from fastlattice.training.config import TrainingConfig
from fastlattice.training.evaluation import EQUIVARIANCE, relative_equivariance
from fastlattice.training.losses import loss_of
from fastlattice.training.metrics import metrics, summary
from fastlattice.training.records import Records
from fastlattice.training.samples import Ahead, Samples, labelled, resolved, samples_of
from fastlattice.training.state import Progress, State, load_state, refuse_other_run, save_state
from fastlattice.training.steps import Averaged, Step, training_step
from fastlattice.training.world import World

STATE, LAST, BEST, RESOLVED = "state.pt", "last.safetensors", "best.safetensors", "config.yaml"
"""Files in a run's folder."""


@dataclass(frozen=True)
class Outcome:
    """How a run ended.

    Attributes:
        reason: "done", "patience" (validation got no better) or "signal" (it can be resumed).
        steps: that were done.
        weights: the file with the best weights, or the last ones where there was no validation.
        best: the best value of the validation metric; infinite where there was none.
        signal: number of the signal, or 0.
    """

    reason: str
    steps: int
    weights: Path
    best: float
    signal: int = 0


def train(config: TrainingConfig, folder: str | Path, resume: bool = False, progress: bool = True) -> Outcome:
    """Trains a network, and leaves in a folder all that it takes to use it and to go on.

    SIGINT and SIGTERM end the run after the step that is under way, with the state saved. By steps or samples, a run
    that was stopped or killed and resumed ends with the bits of one that was not, on the same machine and with the
    same number of threads. Started by torchrun, each process takes batches of its own.

    Args:
        config: what is learnt and how.
        folder: for last.safetensors and best.safetensors (averaged weights), config.yaml (every entry), training.csv,
            validation.csv, state.pt, and TensorBoard's logs.
        resume: go on from the folder's state.pt; else the folder must not hold one.
        progress: show a bar and a line for each validation.

    Raises:
        TrainingError: a loss or a gradient is not finite; the batch is in the folder, and the message names it.
        ConfigError: the configuration is bad, or another than the run to be resumed began with.
        FastlatticeError: the folder has a run already, or a file is missing or malformed.
    """
    device = World.device(config.run.device)
    if config.run.threads is not None:
        torch.set_num_threads(config.run.threads)
    folder, world = Path(folder), World(device)
    try:
        return Training(config, folder, resume, progress, device, world).run()
    finally:
        world.close()


class Training:
    """One run: see `train`."""

    def __init__(
        self, config: TrainingConfig, folder: Path, resume: bool, progress: bool, device: torch.device, world: World
    ) -> None:
        config = replace(config, data=resolved(config.data))
        self.config, self.folder, self.world = config, folder, world
        state = self._prepare(resume)
        self.samples: Samples = samples_of(config.data)
        self.validation = [labelled(name) for name in config.validation.data] if world.rank == 0 else []
        self.model = network_of(config, device, self.samples)
        self.optimiser = optimiser_of(self.model, config.optimiser)
        self.averaged = Averaged(self.model, config.optimiser.averaging) if config.optimiser.averaging else None
        self.loss = loss_of(config.loss.name, config.loss.energy_penalty)
        self.progress = Progress(processes=world.size)
        if state is not None:
            self._restore(state)
        self.per_step = config.data.batch * world.size
        self.steps = config.schedule.steps
        if config.schedule.samples is not None:
            self.steps = -(-config.schedule.samples // self.per_step)
        self.records: Records | None = None
        if world.rank == 0:
            total = None if self.steps is None else self.steps * self.per_step
            logs = config.run.tensorboard
            self.records = Records(folder, self.progress.step, total, self.per_step, logs, progress)
        self._received = 0
        self._saved = time.monotonic()
        self._clock = time.process_time if config.schedule.clock == "processor" else time.monotonic
        self._begun = self._clock() - self.progress.seconds

    def _prepare(self, resume: bool) -> State | None:
        path = self.folder / STATE
        if resume:
            state = load_state(path)
            refuse_other_run(self.config, self.world.size, state, path)
            return state
        if path.exists():
            raise FastlatticeError(f"{self.folder} has a run already: resume it, or choose another folder")
        if self.world.rank == 0:
            self.folder.mkdir(parents=True, exist_ok=True)
            self.config.to_yaml(self.folder / RESOLVED)
        return None

    def _restore(self, state: State) -> None:
        self.model.load_state_dict(state.model)
        self.optimiser.load_state_dict(state.optimiser)
        if self.averaged is not None:
            self.averaged.load_state_dict(state.averaged)
        self.progress = state.progress
        torch.set_rng_state(state.random)

    @property
    def network(self) -> StiffnessModel:
        """What is validated and kept: the average, or the network itself where there is none."""
        return self.model if self.averaged is None else self.averaged.module

    def run(self) -> Outcome:
        """All steps that remain."""
        reason = "done"
        try:
            with self._signals(), Ahead(self._batch) as ahead:
                while not self._complete():
                    stop = self._step(ahead(self.progress.step))
                    if self._validation_due() and self.world.any(self._validate()):
                        reason = "patience"
                        break
                    if stop:
                        reason = "signal"
                        break
                    if time.monotonic() - self._saved >= 60 * self.config.run.state_minutes:
                        self._save()
                if reason == "done" and self.progress.validated != self.progress.step:
                    self.world.any(self._validate())
                self._save()
        finally:
            if self.records is not None:
                self.records.close()
        best = self.folder / BEST if self.progress.best_step >= 0 else self.folder / LAST
        return Outcome(reason, self.progress.step, best, self.progress.best, self._received)

    def _batch(self, step: int) -> LatticeBatch:
        """The samples of a step and this process."""
        size = self.config.data.batch
        start = (step * self.world.size + self.world.rank) * size
        return self.samples[start : start + size]

    def _fraction(self) -> float:
        if self.steps is not None:
            return self.progress.step / self.steps
        return self.progress.seconds / (60 * (self.config.schedule.minutes or 1.0))

    def _complete(self) -> bool:
        return self._fraction() >= 1

    def _step(self, batch: LatticeBatch) -> bool:
        """One step; whether a signal asks to stop."""
        settings, progress = self.config.optimiser, self.progress
        factor = learning_rate(self.config.schedule, progress.step, self._fraction())
        for group in self.optimiser.param_groups:
            group["lr"] = settings.learning_rate * group["scale"] * factor
        told: list[list[float]] = []

        def average(parameters: Sequence[nn.Parameter]) -> None:
            told.extend(self.world.average(parameters, [float(self._received), self._clock() - self._begun]))

        try:
            step = training_step(
                self.model,
                batch,
                self.loss,
                self.optimiser,
                parts=settings.parts,
                clip_norm=settings.clip_norm,
                clip_value=settings.clip_value,
                reduce=average,
            )
        except TrainingError as error:
            raise TrainingError(f"step {progress.step + 1}: {error}; {self._keep(batch)}") from None
        if self.averaged is not None:
            self.averaged.update_parameters(self.model)
        progress.step += 1
        progress.seconds = told[0][1]  # the first process's clock is everyone's
        self._record(step, settings.learning_rate * factor)
        return any(flag for flag, _ in told)

    def _keep(self, batch: LatticeBatch) -> str:
        """Writes a batch that cannot be learnt from; says where."""
        rank = f"_process_{self.world.rank}" if self.world.size > 1 else ""
        path = self.folder / f"refused_step_{self.progress.step + 1}{rank}.parquet"
        batch.to_parquet(path)
        return f"the batch is in {path}"

    def _record(self, step: Step, rate: float) -> None:
        if self.records is None:
            return
        progress, minutes = self.progress, self.config.schedule.minutes
        progress.loss_sum += float(step.losses.sum())
        progress.loss_count += len(step.losses)
        left = None if minutes is None else max(60 * minutes - progress.seconds, 0.0)
        self.records.step_done(float(step.losses.mean()), left)
        if progress.step % self.config.run.log_every == 0:
            loss = progress.loss_sum / progress.loss_count
            row = {**self._place(), "learning_rate": rate, "loss": loss, "gradient_norm": step.gradient_norm}
            self.records.training(row)
            progress.loss_sum, progress.loss_count = 0.0, 0

    def _place(self) -> dict[str, float]:
        """What every row of the records begins with."""
        step = self.progress.step
        return {"step": step, "samples": step * self.per_step, "minutes": round(self.progress.seconds / 60, 4)}

    def _validation_due(self) -> bool:
        return self.progress.step % self.config.validation.every == 0

    def _validate(self) -> bool:
        """Validates in the first process; whether patience is at its end."""
        progress, settings = self.progress, self.config.validation
        progress.validated = progress.step
        if not self.validation or self.records is None:
            return False
        start = self._clock()
        values = validated(self.network, self.validation, settings.rotations)
        value = values[settings.metric]
        better = value < progress.best
        if better:
            progress.best, progress.best_step, progress.since_best = value, progress.step, 0
            self.network.save(self.folder / BEST)
        else:
            progress.since_best += 1
        said = f"step {progress.step}: {settings.metric} {value:.4f}{' (best so far)' if better else ''}"
        self.records.validation({**self._place(), **values}, said)
        self._begun += self._clock() - start
        return settings.patience is not None and progress.since_best >= settings.patience

    def _save(self) -> None:
        """The state and the weights, by the first process."""
        self._saved = time.monotonic()
        if self.world.rank:
            return
        averaged = {} if self.averaged is None else self.averaged.state_dict()
        optimiser = self.optimiser.state_dict()
        state = State(self.config.to_dict(), self.progress, self.model.state_dict(), averaged, optimiser)
        save_state(self.folder / STATE, state)
        self.network.save(self.folder / LAST)

    @contextmanager
    def _signals(self) -> Iterator[None]:
        """SIGINT and SIGTERM are noted, and obeyed after the step; the same again ends the process as ever."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return

        def noted(number: int, _: object) -> None:
            self._received = number
            signal.signal(number, before[signal.Signals(number)])

        before = {number: signal.signal(number, noted) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def validated(model: StiffnessModel, sets: Sequence[LatticeBatch], rotations: int = 0) -> dict[str, float]:
    """Means of the metrics of a network over labelled lattices; with rotations the equivariance loss as well."""
    batch = [torch.cat(parts) for parts in zip(*_predicted(model, sets), strict=True)]
    values = metrics(*batch)
    if rotations:
        label = EQUIVARIANCE[next(model.parameters()).dtype]
        values[label] = torch.cat([relative_equivariance(model, each, rotations) for each in sets])
    return {name: summary(each)["mean"] for name, each in values.items()}


def _predicted(model: StiffnessModel, sets: Sequence[LatticeBatch]) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    for batch in sets:
        target = batch.columns["target"]
        assert isinstance(target, torch.Tensor)
        yield model.predict(batch).to("cpu", torch.float64), target
