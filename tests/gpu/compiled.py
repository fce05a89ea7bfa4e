"""What the assembler makes of every Triton kernel, for devices that are not there.

Kernels are compiled in processes of their own, because this one may interpret them. Reports are kept by the hash of the
kernel's source, the functions that it calls, Triton's version and the options, in FASTLATTICE_PROOF_CACHE or the user's
cache folder, so that only what has changed is compiled again.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, Queue
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
CAPABILITIES = (80, 90, 100)
"""Compute capabilities of A100, H100 and B200."""


@dataclass(frozen=True)
class Request:
    """The kernels that `specialisations(**arguments)` of a module lists."""

    module: str
    arguments: dict[str, Any] = field(default_factory=dict)

    def specialisations(self) -> list[Any]:
        """The list."""
        return importlib.import_module(self.module).specialisations(**self.arguments)


@dataclass(frozen=True)
class Report:
    """A compiled kernel.

    Attributes:
        name: of the specialisation.
        capability: compute capability times ten.
        registers: of a thread.
        stack: bytes of a thread's stack.
        shared: bytes of a program's shared memory.
        loads_local: load instructions from local memory (LDL), by which spilled registers come back.
        stores_local: store instructions to it (STL).
        instructions: all, without padding.
        operations: number of each floating-point instruction.
        num_warps: warps of a program.
        tf32: whether the PTX mentions tf32.
        seconds: processor time that compiling took.
        error: what the compiler raised; the other fields are zero then.
    """

    name: str
    capability: int
    registers: int = 0
    stack: int = 0
    shared: int = 0
    loads_local: int = 0
    stores_local: int = 0
    instructions: int = 0
    operations: dict[str, int] = field(default_factory=dict)
    num_warps: int = 0
    tf32: bool = False
    seconds: float = 0.0
    error: str = ""

    @property
    def spills(self) -> bool:
        """Whether registers did not suffice."""
        return bool(self.stack or self.loads_local or self.stores_local)


def reports(
    requests: Sequence[Request],
    capabilities: Sequence[int] = CAPABILITIES,
    workers: int | None = None,
    progress: Callable[[Report], None] = lambda report: None,
) -> list[Report]:
    """Compiles all kernels of the requests for all capabilities, or reads their reports from the cache.

    Args:
        requests: what to compile; a kernel that several name is compiled once.
        capabilities: of the devices.
        workers: processes at a time; None takes one for each processor.
        progress: called with each report as it comes, from any thread.

    Returns:
        In the order of requests, then of their kernels, then of capabilities.
    """
    tasks: Queue[tuple[int, list[Any]]] = Queue()
    for number, task in enumerate(_tasks(requests, capabilities)):
        tasks.put((number, task))
    results: list[Report | None] = [None] * tasks.qsize()
    count = min(workers or len(os.sched_getaffinity(0)), len(results))
    threads = [threading.Thread(target=_serve, args=(tasks, results, progress)) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if None in results:
        raise RuntimeError("a process that compiles kernels died; its message is above")
    return results


def _tasks(requests: Sequence[Request], capabilities: Sequence[int]) -> Iterator[list[Any]]:
    seen = set()
    for request in requests:
        for position, specialisation in enumerate(request.specialisations()):
            if specialisation.name not in seen:
                seen.add(specialisation.name)
                for capability in capabilities:
                    yield [request.module, request.arguments, position, capability]


def _serve(tasks: Queue, results: list[Report | None], progress: Callable[[Report], None]) -> None:
    """Feeds one process with tasks until none is left."""
    command = [sys.executable, "-m", "tests.gpu.compile_worker", str(_cache())]
    environment = {**os.environ, "TRITON_INTERPRET": "0"}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=ROOT, env=environment, **pipes) as process:
        while True:
            try:
                number, task = tasks.get_nowait()
            except Empty:
                break
            process.stdin.write(json.dumps(task) + "\n")
            process.stdin.flush()
            answer = process.stdout.readline()
            if not answer:
                break
            results[number] = Report(**json.loads(answer))
            progress(results[number])
        process.stdin.close()


def _cache() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(os.environ.get("FASTLATTICE_PROOF_CACHE") or Path(base) / "fastlattice" / "compiled")
