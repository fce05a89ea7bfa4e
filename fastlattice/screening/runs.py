"""Screening to a folder: missing shards are computed, read, compute and write at the same time, and the folder is
closed when all are there."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from fastlattice.lattice.batch import LatticeBatch
from fastlattice.screening.closing import close
from fastlattice.screening.compute import Part, in_order, results_of
from fastlattice.screening.files import Reject
from fastlattice.screening.folder import Folder
from fastlattice.screening.shards import Job, write_shard
from fastlattice.screening.sources import Piece

if TYPE_CHECKING:
    from fastlattice.screening.clusters import Cluster

Progress = Callable[[int, int], object]
"""Called with numbers of rows that are done and of rejects, since the last call."""


@dataclass(frozen=True)
class Outcome:
    """What a run did.

    Attributes:
        folder: of the results.
        rows: of the source that this run went through.
        missing: shards that are not there yet: other shares'.
        complete: is the folder whole?
        seconds: that the run took.
    """

    folder: Path
    rows: int
    missing: int
    complete: bool
    seconds: float


@dataclass(frozen=True)
class _Task:
    """A chunk of a shard, or what could not be read of it."""

    shard: int
    first: int
    load: Callable[[], LatticeBatch] | None
    reject: Reject | None = None


def run(
    job: Job,
    folder: str | Path,
    resume: bool = False,
    share: tuple[int, int] = (0, 1),
    threads: int | None = None,
    progress: Progress = lambda rows, rejects: None,
    begun: Callable[[int], object] = lambda rows: None,
    cluster: Cluster | None = None,
) -> Outcome:
    """Computes the shards of a share that are missing; whoever finds that all are there closes the folder.

    Args:
        job: the screening.
        folder: for the results.
        resume: go on with a folder of this job.
        share: (k, n): of the shards k, k + n, ..., as in an array of jobs.
        threads: that compute; None: torch's number, on a cluster one for each worker.
        progress: see `Progress`.
        begun: called once, with the number of rows that are there already.
        cluster: whose machines compute the shards, see `fastlattice.screening.cluster`; None: this process does.

    Raises:
        FolderError: the folder is another job's, or in use, or holds this job's and `resume` is not asked for.
        FastlatticeError: the source was changed.
        ClusterError: workers of the cluster cannot be had, or died.
        OSError: a file cannot be read or written; what is complete stays, `resume` goes on from there.
    """
    start = time.perf_counter()
    place = Folder(folder, job, share)
    with place.held(resume):
        todo = place.missing(place.mine())
        if todo and place.complete:
            (place.path / "complete.json").unlink()
        ahead = sum(_size(job, shard) for shard in todo)
        begun(sum(_size(job, shard) for shard in place.mine()) - ahead)
        if cluster is not None:
            cluster.compute(job, place, todo, threads or 1, progress)
            place.remove_leftovers()  # of workers that died
        else:
            with _one_torch_thread(job.engine.parallel):
                compute_shards(job, place, todo, threads or torch.get_num_threads(), progress)
        missing = len(place.missing(range(job.shards)))
        if not missing and not place.complete:
            close(place)
        return Outcome(place.path, ahead, missing, place.complete, time.perf_counter() - start)


@contextmanager
def _one_torch_thread(parallel: bool) -> Iterator[None]:
    """Where chunks are computed side by side, torch's own threads would only wait for each other."""
    before = torch.get_num_threads()
    if parallel:
        torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _size(job: Job, shard: int) -> int:
    first, stop = job.range(shard)
    return stop - first


def compute_shards(job: Job, place: Folder, shards: Iterable[int], threads: int, progress: Progress) -> None:
    """Shard after shard in this process; the file of one is written while the next is computed."""
    workers = threads if job.engine.parallel else 1
    results = in_order(partial(_result, job), _tasks(job, shards), workers)
    with ThreadPoolExecutor(1, thread_name_prefix="fastlattice-write") as writer:
        writing: Future[None] | None = None
        for shard, group in groupby(results, key=lambda each: each[0].shard):
            parts: list[Part] = []
            rejects: list[Reject] = []
            for task, part in group:
                parts.append(part)
                if task.reject:
                    rejects.append(task.reject)
                progress(part.rows + (task.reject.rows if task.reject else 0), task.reject is not None)
            if writing:
                writing.result()
            job.source.check_unchanged()
            writing = writer.submit(write_shard, place.shard(shard), job, shard, parts, rejects)
        if writing:
            writing.result()


def _tasks(job: Job, shards: Iterable[int]) -> Iterator[_Task]:
    for shard in shards:
        rejects: list[Reject] = []
        pieces: Iterator[Piece] = job.source.pieces(*job.range(shard), rejects.append)
        for first, load in pieces:
            yield _Task(shard, first, load)
        for each in rejects:
            yield _Task(shard, 0, None, each)


def _result(job: Job, task: _Task) -> tuple[_Task, Part]:
    batch = task.load() if task.load else EMPTY
    return task, results_of(job.engine, job.options, task.first, batch)


EMPTY = LatticeBatch.from_lattices([])
