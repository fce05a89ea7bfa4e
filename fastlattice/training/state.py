"""The state of a run on the disk: all that the next step depends on, written whole or not at all."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch

from fastlattice._files import replacing
from fastlattice.errors import CheckpointError, ConfigError
from fastlattice.training.config import TrainingConfig

FORMAT = 1
_FREE = ("threads", "log_every", "state_minutes", "tensorboard")
"""Entries of the section run that may differ when a run is resumed: they change no bit of what is learnt."""


@dataclass
class Progress:
    """How far a run is.

    Attributes:
        step: steps done; with the batch size it says which samples come next.
        seconds: spent on them, interruptions left out.
        best: lowest value of the validation metric, and best_step, when it was.
        since_best: validations since then.
        loss_sum, loss_count: losses of lattices since the last row of training.csv.
        validated: the step of the last validation.
        processes: that train together.
    """

    step: int = 0
    seconds: float = 0.0
    best: float = float("inf")
    best_step: int = -1
    since_best: int = 0
    loss_sum: float = 0.0
    loss_count: int = 0
    validated: int = 0
    processes: int = 1


@dataclass
class State:
    """What a state file holds.

    Attributes:
        config: of the run, as `TrainingConfig.to_dict`.
        progress: see Progress.
        model, averaged, optimiser: their state dicts; averaged is {} where there is no average.
        random: state of torch's generator.
    """

    config: dict[str, Any]
    progress: Progress
    model: dict[str, Any]
    averaged: dict[str, Any]
    optimiser: dict[str, Any]
    random: torch.Tensor = field(default_factory=torch.get_rng_state)


def save_state(path: Path, state: State) -> None:
    """Writes a state; a loss of power leaves the old file or the whole new one."""
    content = {"format": FORMAT, **vars(state), "progress": vars(state.progress)}
    with replacing(path) as temporary:
        torch.save(content, temporary)


def load_state(path: Path) -> State:
    """Reads what `save_state` wrote; nothing in the file is executed.

    Raises:
        CheckpointError: the file is missing, damaged, or of another format.
    """
    try:
        content = torch.load(path, map_location="cpu", weights_only=True)
        if content.pop("format") != FORMAT:
            raise ValueError("another format")
        return State(**{**content, "progress": Progress(**content["progress"])})
    except FileNotFoundError:
        raise CheckpointError(f"{path}: there is no state to resume from") from None
    except Exception as error:  # torch's unpickler raises whatever damaged bytes lead it to
        raise CheckpointError(f"{path}: not the state of a training run ({type(error).__name__})") from None


def refuse_other_run(config: TrainingConfig, processes: int, state: State, path: Path) -> None:
    """Refuses to resume with another configuration than the run began with, or another number of processes.

    Raises:
        ConfigError: an entry that changes what is learnt differs; the message names it.
    """
    if processes != state.progress.processes:
        raise ConfigError(f"the run in {path.parent} is one of {state.progress.processes} processes, not {processes}")
    now, then = config.to_dict(), TrainingConfig.from_mapping(state.config).to_dict()  # what came since has its default
    for section in now:
        for name, value in now[section].items():
            before = then[section].get(name)
            if value != before and not (section == "run" and name in _FREE):
                raise ConfigError(
                    f"{section}.{name} is {value!r}, but the run in {path.parent} began with {before!r}: "
                    "start another run, with model.start to go on from these weights"
                )
