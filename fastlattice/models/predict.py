"""Predictions for many lattices: in chunks, which bounds the memory, and in threads on the CPU."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import torch

from fastlattice._native import interruptibly
from fastlattice.fe import Status, StiffnessResult, check
from fastlattice.lattice import Lattice, LatticeBatch
from fastlattice.lattice.batch import as_batch
from fastlattice.models.card import RangeWarning
from fastlattice.ops.backends.native import one_thread

if TYPE_CHECKING:
    from fastlattice.models.base import StiffnessModel

NODES = 8_192
"""Nodes in a chunk on the CPU, about: between chunks, a few tenths of a second apart, Python hears Ctrl-C."""
_NO_INPUT = (Status.INVALID_INPUT, Status.ZERO_LENGTH_STRUT)
"""What a network cannot be asked about: there is no direction of a strut without length."""


@dataclass(frozen=True)
class Prediction(StiffnessResult):
    """Stiffness of B lattices as a network predicts it, in float64: what `StiffnessResult` says.

    A network answers for any lattice, also for a mechanism. Its status is OK unless there is nothing to ask
    (INVALID_INPUT, ZERO_LENGTH_STRUT) or the answer is no number (NOT_FINITE); `rank` tells mechanisms of the kind that
    the graph alone shows.

    Attributes:
        in_range: [B] bool, true where the lattice lies within what the network was trained on, in relative density,
            slenderness, degree and nodes; true as well where nothing is known of that.
    """

    in_range: torch.Tensor


def predict(
    model: StiffnessModel,
    lattices: LatticeBatch | Lattice | Iterable[Lattice],
    chunk: int | None = None,
    progress: bool = False,
) -> Prediction:
    """Stiffness that a network predicts, with what became of each lattice; one bad lattice does not disturb the others.

    Args:
        model: the network, on any device.
        lattices: a batch, one lattice or a sequence of lattices.
        chunk, progress: as for the method `predict` of a network, which returns the bare tensor.

    Raises:
        LatticeError: something in the sequence is not a Lattice.
        BackendError: the model's backend cannot run.

    Warns:
        RangeWarning: lattices are outside what the network was trained on; the message says in what.
    """
    batch = as_batch(lattices)
    status, rank, beam_valid, culprit = check(batch)
    unfit = torch.isin(status, torch.tensor(_NO_INPUT, dtype=status.dtype))
    known = model.predict(batch[~unfit] if bool(unfit.any()) else batch, chunk, progress).to("cpu", torch.float64)
    finite = known.isfinite().flatten(1).all(1)
    status[~unfit] = torch.where(finite, Status.OK, Status.NOT_FINITE).to(status.dtype)
    culprit[~unfit] = -1
    stiffness = known.new_full((len(batch), 6, 6), torch.nan)
    stiffness[~unfit] = known.where(finite[:, None, None], torch.nan)
    inside = in_range(model, batch, ~unfit)
    return Prediction(stiffness, status, rank, beam_valid, culprit, batch.names, batch, inside)


def in_range(model: StiffnessModel, batch: LatticeBatch, fit: torch.Tensor) -> torch.Tensor:
    """[B] bool; says in a warning what is out of range."""
    inside = torch.ones(len(batch), dtype=torch.bool)
    if model.card is None:
        return inside
    outside = {name: beyond & fit for name, beyond in model.card.outside(batch).items()}
    for beyond in outside.values():
        inside &= ~beyond
    if not bool(inside.all()):
        said = ", ".join(f"{name} ({int(beyond.sum())})" for name, beyond in outside.items() if bool(beyond.any()))
        warnings.warn(
            f"{int((~inside).sum())} of {len(batch)} lattices are outside what the network {model.card.name!r} was "
            f"trained on: {said}; its numbers mean little there",
            RangeWarning,
            stacklevel=3,
        )
    return inside


def in_chunks(model: StiffnessModel, batch: Any, chunk: int | None, progress: bool) -> torch.Tensor:
    """The work of `StiffnessModel.predict`: [B, 6, 6] for a LatticeBatch or what else a network reads."""
    if chunk is not None and chunk < 1:
        raise ValueError(f"chunk is {chunk}; it must be at least 1")
    weight = next(model.parameters())
    run: Callable[[Any], torch.Tensor] = model.stiffness
    if not isinstance(batch, LatticeBatch):
        # What belongs to a chunk is known once the whole has been read; a LatticeBatch is read chunk by chunk.
        batch, run = model.inputs(batch, with_density=True), model.in_units
    on_cpu = weight.device.type == "cpu"
    share = -(-len(batch) // (2 * torch.get_num_threads()))  # two chunks for each thread
    size = chunk or (min(max(share, 64), 512) if on_cpu else 4096)
    if chunk is None and on_cpu and isinstance(batch, LatticeBatch) and len(batch):
        size = max(1, min(size, NODES * len(batch) // max(len(batch.positions), 1)))
    if len(batch) <= size and not progress:
        if on_cpu and isinstance(batch, LatticeBatch) and len(batch.positions) > NODES and not torch.is_grad_enabled():
            return _left_at_once(partial(run, batch))
        return run(batch)
    if not isinstance(batch, LatticeBatch):
        batch = batch.grouped()
    from fastlattice._progress import ProgressBar

    out = weight.new_empty(len(batch), 6, 6)
    starts = range(0, len(batch), size)

    def one(start: int) -> int:
        part = run(batch[start : start + size])
        out[start : start + size] = part
        return len(part)

    threads = min(torch.get_num_threads(), len(starts)) if on_cpu else 1
    with ProgressBar(total=len(batch), unit="lattice", disable=not progress) as bar:
        for count in _in_threads(one, starts, threads):
            bar.update(count)
    return out


def _left_at_once(function: Callable[[], torch.Tensor]) -> torch.Tensor:
    """function(), which Ctrl-C leaves although one huge cell keeps the kernels busy for seconds."""
    inference, found = torch.is_inference_mode_enabled(), []

    def run() -> None:
        with torch.inference_mode(inference), torch.no_grad():
            found.append(function())

    interruptibly(run)
    return found[0]


def _in_threads(function: Callable[[int], int], items: Iterable[int], threads: int) -> Iterator[int]:
    """function(item) for each item, in order; while Python prepares one, the kernels are at work on another.

    Each worker's ops run in that worker alone, torch's own as well: more threads than cores would only wait for each
    other.
    """
    if threads == 1:
        yield from map(function, items)
        return
    inference, before = torch.is_inference_mode_enabled(), torch.get_num_threads()
    failed = threading.Event()

    def run(item: int) -> int:
        if failed.is_set():
            return item  # after the failure in the order of the items too, and never seen
        try:
            with torch.inference_mode(inference), torch.no_grad(), one_thread():
                return function(item)
        except BaseException:
            failed.set()
            raise

    try:
        with ThreadPoolExecutor(threads, initializer=torch.set_num_threads, initargs=(1,)) as pool:
            yield from pool.map(run, items)
    finally:
        torch.set_num_threads(before)  # what threads made from now on begin with
