"""Screenings in processes of their own, which end as a test wants it."""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from fastlattice.screening import Job, run

LONGEST = 240  # seconds, far beyond what any of these takes


def context() -> ForkServerContext:
    """Processes come from one that has loaded all modules and has no threads."""
    found = multiprocessing.get_context("forkserver")
    found.set_forkserver_preload(["tests.support.screening", "pyarrow.parquet"])
    return found


def started(job: Job, place: Path, **options: Any) -> BaseProcess:
    """A process that runs a job; options: those of `run`, `kill` = (file, "before" or "after"), `file_limit`."""
    process = context().Process(target=_work, args=(job, place, options), daemon=True)
    process.start()
    return process


def ended(process: BaseProcess) -> int:
    """Its exit code: 0, 3 where it raised, or minus the signal that killed it."""
    process.join(LONGEST)
    if process.is_alive():
        process.kill()
        raise TimeoutError("the process does not end")
    assert process.exitcode is not None
    return process.exitcode


def _work(job: Job, place: Path, options: dict[str, Any]) -> None:
    kill, limit = options.pop("kill", None), options.pop("file_limit", None)
    if kill:
        _kill_at_rename(*kill)
    if limit:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    try:
        run(job, place, threads=2, **options)
    except BaseException as error:
        os.write(2, f"{type(error).__name__}: {error}\n".encode())
        os._exit(3)
    os._exit(0)


def _kill_at_rename(name: str, when: str) -> None:
    rename = Path.replace

    def killing(self: Path, target: Path) -> Path:
        here = Path(target).name == name
        if here and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        renamed = rename(self, target)
        if here:
            os.kill(os.getpid(), signal.SIGKILL)
        return renamed

    Path.replace = killing  # type: ignore[method-assign]
