"""Samples to learn from and to validate with: by number, so that a number says which lattice a step sees."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import numpy as np
import torch

from fastlattice import data
from fastlattice.errors import ConfigError, FastlatticeError
from fastlattice.fe import homogenise
from fastlattice.io.files import read, suffixes
from fastlattice.lattice import LatticeBatch
from fastlattice.ops.backends.native import one_thread
from fastlattice.training.config import DataSettings
from fastlattice.training.rotations import random_rotations


class Samples(Protocol):
    """What training reads: `samples[a:b]` are the lattices of these numbers with the column `target` [n, 6, 6]."""

    def __getitem__(self, numbers: slice) -> LatticeBatch: ...


class Shuffled:
    """Labelled lattices over and over, in an order that is shuffled anew in each pass.

    Sample k is lattice number permutation[k mod n] of pass k // n; its rotation, if there is one, depends on k alone.

    Args:
        lattices: n of them, with the column `target`.
        seed: of the orders and the rotations.
        rotate: turn every sample by a random rotation.

    Raises:
        ConfigError: there is no lattice.
    """

    def __init__(self, lattices: LatticeBatch, seed: int = 0, rotate: bool = False) -> None:
        if not len(lattices):
            raise ConfigError("there is no lattice to learn from")
        self.lattices, self.seed, self.rotate = lattices, seed, rotate
        self._orders: dict[int, torch.Tensor] = {}

    def __getitem__(self, numbers: slice) -> LatticeBatch:
        """The samples a to b - 1."""
        start, stop = int(numbers.start), int(numbers.stop)
        rows, count = [], len(self.lattices)
        for turn in range(start // count, -(-stop // count)):
            rows.append(self._order(turn)[max(start - turn * count, 0) : stop - turn * count])
        batch = self.lattices.take(torch.cat(rows) if rows else torch.empty(0, dtype=torch.int64))
        return batch.rotate(random_rotations(self.seed, start, stop - start)) if self.rotate else batch

    def _order(self, turn: int) -> torch.Tensor:
        if turn not in self._orders:
            if len(self._orders) > 1:
                self._orders.clear()
            order = np.random.Generator(np.random.Philox(key=[self.seed, turn])).permutation(len(self.lattices))
            self._orders[turn] = torch.from_numpy(order)
        return self._orders[turn]


def samples_of(settings: DataSettings) -> Samples:
    """The samples that a configuration asks for.

    Raises:
        FastlatticeError: a file cannot be read, or an entry of the stream's recipe or bases is bad.
    """
    if settings.files:
        read_all = [_plain(labelled(name)) for name in settings.files]
        return Shuffled(LatticeBatch.concatenate(read_all), settings.seed, settings.rotate)
    parts = []
    if settings.bases or not settings.base_files:
        try:
            parts.append(data.bases(**settings.bases))
        except (ValueError, TypeError) as error:
            raise ConfigError(f"data.bases: {error}") from None
    parts += [data.as_bases(read(name)).lattices for name in settings.base_files]
    named = [part.replace(columns={"name": part.names}) for part in parts]
    return data.Stream(LatticeBatch.concatenate(named), data.Recipe.from_dict(settings.recipe), settings.seed)


def resolved(settings: DataSettings) -> DataSettings:
    """The settings with every entry of the stream's bases and recipe; those of files as they are.

    Raises:
        ConfigError: an entry is unknown or bad.
    """
    if settings.files:
        return settings
    rotation = {"rotation": "random"} if settings.rotate else {}
    try:
        recipe = data.Recipe.from_dict({**settings.recipe, **rotation}).to_dict()
    except ConfigError as error:
        raise ConfigError(f"data.recipe: {error}") from None
    if settings.base_files and not settings.bases:
        return replace(settings, recipe=recipe)
    known = {name: each.default for name, each in inspect.signature(data.bases).parameters.items()}
    for name in settings.bases:
        if name not in known:
            raise ConfigError(f"data.bases.{name}: there is no such entry; there are {', '.join(known)}")
    return replace(settings, recipe=recipe, bases={**known, **settings.bases})


def _plain(batch: LatticeBatch) -> LatticeBatch:
    """The lattices with names and targets only, whatever else their file says."""
    return batch.replace(columns={"name": batch.names, "target": batch.columns["target"]})


def labelled(name: str) -> LatticeBatch:
    """Lattices with the column `target`: a file's, or a test set of `fastlattice.data`.

    What has no label gets that of exact finite elements; what has no stiffness is left out.

    Args:
        name: a path of a known format, or the name of a test set.

    Raises:
        FastlatticeError: there is neither a file nor a test set of that name, or it is malformed.
    """
    if Path(name).is_file():
        return with_labels(read(name))
    if name.lower().endswith(suffixes()) and ":" not in name:
        raise FastlatticeError(f"{name}: there is no such file")
    return test_set(name)


def test_set(name: str) -> LatticeBatch:
    """A test set by its name; T2 with the path of its file, as in "T2:two_radii_396.lat".

    Raises:
        FastlatticeError: there is none of that name.
    """
    set_name, _, path = name.partition(":")
    try:
        return with_labels(data.test_set(set_name, path or None))
    except (FastlatticeError, ValueError) as error:
        raise FastlatticeError(f"{name}: neither a file nor a test set ({error})") from None


def with_labels(batch: LatticeBatch) -> LatticeBatch:
    """The lattices with a target each: that of the column `target` where it is finite, else of exact finite elements.

    Lattices that have none either way are left out.
    """
    target = batch.columns.get("target")
    known = torch.full((len(batch), 6, 6), torch.nan, dtype=torch.float64)
    if isinstance(target, torch.Tensor):
        known = target.to("cpu", torch.float64).clone()
    unknown = ~known.isfinite().flatten(1).all(1)
    if bool(unknown.any()):
        known[unknown] = homogenise(batch.take(unknown)).stiffness
    return batch.with_columns(target=known).take(known.isfinite().flatten(1).all(1))


class Ahead:
    """Batches by the number of their step; the next one is made in the background while a step runs.

    Its thread alone does the work: the step beside it has the others. Use as a context.

    Args:
        make: from the number of a step to its batch.
    """

    def __init__(self, make: Callable[[int], LatticeBatch]) -> None:
        self._make = make
        self._threads = torch.get_num_threads()
        self._pool = ThreadPoolExecutor(1, "samples", torch.set_num_threads, (1,))
        self._next: tuple[int, Future[LatticeBatch]] | None = None

    def __enter__(self) -> Ahead:
        return self

    def __exit__(self, *exception: object) -> None:
        self._pool.shutdown(cancel_futures=True)

    def __call__(self, step: int) -> LatticeBatch:
        """The batch of a step; that of the step after it is begun."""
        expected = self._next if self._next and self._next[0] == step else (step, self._pool.submit(self._work, step))
        batch = expected[1].result()
        if self._next is None:
            torch.set_num_threads(self._threads)  # MKL's number is the process's, and the thread has set it to 1
        self._next = step + 1, self._pool.submit(self._work, step + 1)
        return batch

    def _work(self, step: int) -> LatticeBatch:
        with one_thread():
            return self._make(step)
