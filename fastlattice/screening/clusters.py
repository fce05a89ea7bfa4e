"""Shards computed on many machines by Ray: it is given numbers of shards, and workers write their files.

A worker opens the job for itself, and refuses where that is not the driver's: another instruction set, version or
source. Ray only schedules. Plain actors are used, not Ray Data: what a worker gives back is two numbers, and a worker's
death must end in another try of its shard or in an error, which Ray Data decides for itself.
"""

from __future__ import annotations

import logging
import os
import pickle
import platform
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch

from fastlattice import _native
from fastlattice.errors import FastlatticeError, LibraryError, MissingExtraError
from fastlattice.screening.folder import Folder, differences
from fastlattice.screening.runs import compute_shards
from fastlattice.screening.shards import Job

ATTEMPTS = 3
"""Workers that may die over one shard before the run ends."""
PATIENCE = 180
"""Seconds after which a cluster that has not started a single worker is given up."""


class ClusterError(FastlatticeError, RuntimeError):
    """A cluster cannot be used, or its workers died. The message says why."""


class Cluster:
    """A Ray cluster that this process has joined; `cluster` makes it.

    Args:
        ray: the package.

    Attributes:
        instruction_set: with which all compute, this process included: that of FASTLATTICE_ISA, or the best that every
            machine has.
    """

    def __init__(self, ray: Any) -> None:
        self._ray = ray
        self.instruction_set = _agreed(_instruction_sets(ray))

    def compute(
        self, job: Job, folder: Folder, shards: Sequence[int], threads: int, progress: Callable[[int, int], object]
    ) -> None:
        """Has the shards computed by workers of so many threads, as many as there are processors or GPUs for.

        Raises:
            ClusterError: workers died over a shard `ATTEMPTS` times, or none was started within `PATIENCE` seconds.
            FastlatticeError, OSError: what a worker raised.
        """
        _Driver(self._ray, self.instruction_set, job, folder, threads, progress).compute(shards)


@contextmanager
def cluster(address: str) -> Iterator[Cluster]:
    """Joins a Ray cluster for the time of a `with` block.

    Args:
        address: "local" starts one in this machine and stops it at the end; "auto" joins the one that runs here or
            that RAY_ADDRESS names, else does as "local"; all else is the address of one. Where the process has joined
            a cluster already, it is that one, and stays.

    Raises:
        MissingExtraError: ray is not installed.
        ClusterError: there is no cluster at the address, or its machines share no instruction set with this process.
    """
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing is sent anywhere
    try:
        import ray
    except ImportError:
        raise MissingExtraError("screening on a cluster", "ray") from None
    own = not ray.is_initialized()
    if own:
        _join(ray, address)
    try:
        yield Cluster(ray)
    finally:
        if own:
            ray.shutdown()


def _join(ray: Any, address: str) -> None:
    options = {"logging_level": logging.ERROR, "log_to_driver": False}
    try:
        if address == "auto":
            try:
                ray.init("auto", **options)
            except ConnectionError:
                address = "local"
            else:
                return
        more = {"include_dashboard": False} if address == "local" else {}
        ray.init(address, **options, **more)
    except (ConnectionError, RuntimeError, ValueError, OSError) as error:
        raise ClusterError(f"cluster {address}: {str(error).splitlines()[0]}") from None


def _instruction_sets(ray: Any) -> dict[str, tuple[str, ...]]:
    """Of every machine with processors: the instruction sets that it can use, best first."""
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

    ask = ray.remote(num_cpus=0)(_available)
    asked = {}
    for node in ray.nodes():
        if node["Alive"] and node["Resources"].get("CPU"):
            there = NodeAffinitySchedulingStrategy(node["NodeID"], soft=False)
            asked[node["NodeManagerHostname"]] = ask.options(scheduling_strategy=there).remote()
    if not asked:
        raise ClusterError("the cluster has no processors")
    try:
        return dict(zip(asked, ray.get(list(asked.values()), timeout=PATIENCE), strict=True))
    except ray.exceptions.GetTimeoutError:
        raise ClusterError(f"the machines of the cluster have not answered within {PATIENCE} s") from None
    except ray.exceptions.RayError as error:
        raise ClusterError(f"a machine of the cluster cannot compute: {_cause(error)}") from None


def _available() -> tuple[str, ...]:
    return _native.available_instruction_sets()


def _agreed(known: dict[str, tuple[str, ...]]) -> str:
    """The instruction set for all; where this process would take a better one, it is told."""
    if os.environ.get("FASTLATTICE_ISA"):
        return _native.instruction_set()
    common = [name for name in _native.available_instruction_sets() if all(name in sets for sets in known.values())]
    if not common:
        raise ClusterError("the machines of the cluster have no instruction set in common")
    if common[0] != _native.available_instruction_sets()[0]:
        poor = next(host for host, sets in known.items() if sets[0] == common[0])
        if _native.instruction_set.cache_info().currsize and _native.instruction_set() != common[0]:
            raise ClusterError(
                f"{poor} has no better instruction set than {common[0]}: set FASTLATTICE_ISA={common[0]}"
            )
        os.environ["FASTLATTICE_ISA"] = common[0]
    return _native.instruction_set()


class _Worker:
    """A process anywhere in the cluster that computes shards."""

    def open(self, isa: str, folder: str, work: str, identity: dict[str, Any], job: bytes, threads: int) -> None:
        """Makes the job anew from what is on this machine, and refuses where it is another."""
        host = platform.node()
        os.environ["FASTLATTICE_ISA"] = isa  # the library is not loaded yet
        try:
            os.chdir(work)
            if not Path(folder).is_dir():
                raise FileNotFoundError(2, os.strerror(2), folder)
        except OSError as error:
            raise ClusterError(f"{host}: {error}; the machines of a cluster need the same files") from None
        try:
            self._job: Job = pickle.loads(job)
        except LibraryError as error:
            raise ClusterError(f"{host} refuses: {error}") from None
        if self._job.identity != identity:
            reasons = "; ".join(differences(identity, self._job.identity)) or "something"
            raise ClusterError(f"{host} refuses: it would compute another job. It differs in {reasons}")
        self._folder, self._threads = Folder(folder, self._job), threads
        torch.set_num_threads(threads)

    def compute(self, shard: int) -> tuple[int, int]:
        """Writes the file of a shard; the numbers of its rows and of its rejects."""
        done = [0, 0]

        def count(rows: int, rejects: int) -> None:
            done[0] += rows
            done[1] += rejects

        compute_shards(self._job, self._folder, [shard], self._threads, count)
        return done[0], done[1]


class _Driver:
    """Gives shards to workers, and to others what dead ones leave."""

    def __init__(
        self,
        ray: Any,
        isa: str,
        job: Job,
        folder: Folder,
        threads: int,
        progress: Callable[[int, int], object],
    ) -> None:
        self._ray, self._threads, self._progress = ray, threads, progress
        opened = (isa, str(folder.path.resolve()), os.getcwd(), job.identity, pickle.dumps(job), threads)
        self._opened = tuple(map(ray.put, opened))
        device = job.engine.identity.get("device", "cpu")
        self._needs = {"num_cpus": threads, "num_gpus": 0 if device == "cpu" else 1}
        self._waiting: deque[int] = deque()
        self._deaths: Counter[int] = Counter()
        # What is awaited: the worker, and the shard if there is one.
        self._begun: dict[Any, tuple[Any, int | None]] = {}
        self._free: list[Any] = []

    def compute(self, shards: Sequence[int]) -> None:
        self._waiting.extend(shards)
        try:
            for _ in range(min(len(shards), self._places())):
                self._hire()
            self._work()
        finally:
            for worker in [*self._free, *(worker for worker, _ in self._begun.values())]:
                self._ray.kill(worker)

    def _places(self) -> int:
        """Workers that the cluster has room for."""
        there = self._ray.cluster_resources()
        places = [int(there.get("CPU", 0)) // self._threads]
        if self._needs["num_gpus"]:
            places.append(int(there.get("GPU", 0)))
        if min(places) < 1:
            what = f"{self._threads} processors" + " and a GPU" * bool(self._needs["num_gpus"])
            raise ClusterError(f"no machine of the cluster has {what}")
        return min(places)

    def _hire(self) -> None:
        worker = self._ray.remote(_Worker).options(**self._needs, max_restarts=0).remote()
        self._begun[worker.open.remote(*self._opened)] = worker, None

    def _work(self) -> None:
        start, started = time.monotonic(), False
        while self._begun:
            ready, _ = self._ray.wait(list(self._begun), num_returns=1, timeout=1.0)
            for reference in ready:
                worker, shard = self._begun.pop(reference)
                started |= self._ended(worker, shard, reference)
            while self._free and self._waiting:
                worker, shard = self._free.pop(), self._waiting.popleft()
                self._begun[worker.compute.remote(shard)] = worker, shard
            if not self._waiting and all(shard is None for _, shard in self._begun.values()):
                return  # nothing is left for workers that have not even started
            if not started and time.monotonic() - start > PATIENCE:
                raise ClusterError(f"no worker has started within {PATIENCE} s: is the cluster busy?")

    def _ended(self, worker: Any, shard: int | None, reference: Any) -> bool:
        """Deals with what a worker gave back; false where it died before it had opened the job."""
        try:
            found = self._ray.get(reference)
        except self._ray.exceptions.RayTaskError as error:
            raise _cause(error) from None
        except self._ray.exceptions.RayActorError as error:
            key = -1 if shard is None else shard
            self._deaths[key] += 1
            if self._deaths[key] >= ATTEMPTS:
                over = "before it had begun" if shard is None else f"over shard {shard}"
                raise ClusterError(f"a worker died {over}, {ATTEMPTS} times: {_cause(error)}") from None
            if shard is not None:
                self._waiting.appendleft(shard)
            self._hire()
            return shard is not None
        self._free.append(worker)
        if shard is not None:
            self._progress(*found)
        return True


def _cause(error: BaseException) -> BaseException:
    """What a worker raised, as the driver can raise it."""
    cause = getattr(error, "cause", None)
    if isinstance(cause, (FastlatticeError, OSError)):
        return cause
    return ClusterError(str(cause or error).strip().splitlines()[-1])
