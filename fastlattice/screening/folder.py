"""The folder of a screening: which job it belongs to, which shards are there, who works on it, and whether it is whole.

manifest.json           the job: everything that changes a result, its fingerprint, and the source as it was named
shard-000000.parquet    the results of a shard, there when it is complete
selected.parquet        the best or the Pareto front of all shards, where they were asked for
certified.parquet       what finite elements say of the best, where that was asked for
rejected.csv            what could not be read
complete.json           written last: the folder is whole
"""

from __future__ import annotations

import fcntl
import json
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fastlattice._files import replacing
from fastlattice.errors import FastlatticeError
from fastlattice.screening.shards import Job, about_file

MANIFEST, COMPLETE, SELECTED, CERTIFIED, REJECTED = (
    "manifest.json",
    "complete.json",
    "selected.parquet",
    "certified.parquet",
    "rejected.csv",
)
_LEFT = re.compile(r"\.(shard-(\d+)|selected|certified|rejected|manifest|complete)\.(parquet|csv|json)\.[0-9a-f]{8}\.")


class FolderError(FastlatticeError):
    """A folder cannot be used for a screening. The message says why."""


class Folder:
    """The folder of one job.

    Args:
        path: of the folder, made where it does not exist.
        job: of the screening.
        share: (k, n): this process computes the shards k, k + n, ...
    """

    def __init__(self, path: str | Path, job: Job, share: tuple[int, int] = (0, 1)) -> None:
        self.path, self.job, self.share = Path(path), job, share

    @contextmanager
    def held(self, resume: bool) -> Iterator[None]:
        """Holds the folder for this share: no other process computes the same shards meanwhile.

        Raises:
            FolderError: another process holds it, it belongs to another job, or there is a run that `resume` did not
                ask for.
            OSError: it cannot be written to.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        index, shares = self.share
        with (
            _locked(self.path / ".lock", shared=shares > 1),
            _locked(self.path / f".lock-{index}-of-{shares}") if shares > 1 else _nothing(),
        ):
            with _locked(self.path / ".lock-manifest", wait=True):
                self._claim(resume or shares > 1)
            self.remove_leftovers()
            yield

    def shard(self, index: int) -> Path:
        """The file of a shard."""
        return self.path / f"shard-{index:06d}.parquet"

    def missing(self, indices: Iterable[int]) -> list[int]:
        """Those of the shards whose file is not there, or not whole, or not this job's."""
        return [index for index in indices if not self._is_there(index)]

    def mine(self) -> range:
        """The shards of this share."""
        return range(self.share[0], self.job.shards, self.share[1])

    @property
    def complete(self) -> bool:
        """Is the commit marker there?"""
        return (self.path / COMPLETE).exists()

    def write_json(self, name: str, content: dict[str, Any]) -> None:
        """Writes a file of the folder, which appears whole."""
        with replacing(self.path / name) as temporary:
            temporary.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n", encoding="utf-8")

    def _is_there(self, index: int) -> bool:
        about = about_file(self.shard(index)) if self.shard(index).exists() else {}
        return about.get("fingerprint") == self.job.fingerprint and about.get("shard") == index

    def _claim(self, resume: bool) -> None:
        """Takes the folder for the job, or finds that it is the job's."""
        manifest = self.path / MANIFEST
        if not manifest.exists():
            if others := [each.name for each in self.path.iterdir() if not each.name.startswith(".")]:
                raise FolderError(f"{self.path}: not a folder of results: it holds {others[0]} and no {MANIFEST}")
            about = {"fingerprint": self.job.fingerprint, "job": self.job.identity, "source": self.job.source.spec}
            return self.write_json(MANIFEST, about)
        try:
            found = json.loads(manifest.read_text(encoding="utf-8"))["job"]
        except (ValueError, KeyError, TypeError):
            raise FolderError(f"{manifest}: damaged") from None
        if found != self.job.identity:
            reasons = "; ".join(differences(found, self.job.identity)) or "something"
            raise FolderError(f"{self.path} holds the results of another job. It differs in {reasons}")
        if not resume:
            state = "a complete run" if self.complete else "an unfinished run"
            raise FolderError(f"{self.path} holds {state} of this very job: --resume (resume=True) goes on with it")

    def remove_leftovers(self) -> None:
        """Temporary files of processes that were killed; those of others that may be alive are left."""
        for each in self.path.iterdir():
            found = _LEFT.match(each.name)
            if found and (self.share[1] == 1 or (found[2] and int(found[2]) % self.share[1] == self.share[0])):
                each.unlink(missing_ok=True)


def differences(one: Any, other: Any, where: str = "") -> list[str]:
    """Where two JSON values differ, in words."""
    if isinstance(one, dict) and isinstance(other, dict):
        found = []
        for key in sorted(one.keys() | other.keys()):
            if one.get(key) != other.get(key):
                found += differences(one.get(key), other.get(key), f"{where}.{key}".lstrip("."))
        return found
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = enumerate(zip(one, other, strict=True))
        return [text for k, (a, b) in pairs if a != b for text in differences(a, b, f"{where}[{k}]")]
    return [f"{where} ({_short(one)} there, {_short(other)} here)"]


def _short(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= 40 else f"{text[:36]}..."


@contextmanager
def _locked(path: Path, shared: bool = False, wait: bool = False) -> Iterator[None]:
    """Holds a lock that the operating system gives back when the process ends, however it ends."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        try:
            fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            raise FolderError(f"{path.parent}: another process is at work in this folder") from None
        yield
    finally:
        os.close(handle)


@contextmanager
def _nothing() -> Iterator[None]:
    yield
