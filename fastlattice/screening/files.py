"""Files as sources: how many lattices each holds, which bytes it is made of, and its rows from any place on."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from fastlattice.errors import CatalogueError, FastlatticeError, LatticeError, MissingExtraError
from fastlattice.io.files import CATALOGUE, PARQUET, format_of, read
from fastlattice.io.lat import iter_catalogue
from fastlattice.io.parquet import ParquetReader
from fastlattice.lattice.batch import LatticeBatch

_ROWS = 4096
_BLOCK = 1 << 26  # bytes that are hashed together
_PART = 1 << 18  # bytes of them that are read at a time: a processor's cache holds them


class Reject(NamedTuple):
    """What could not be read.

    Attributes:
        file: its path.
        line: in the file, from 1; None where the reason is no line's.
        row: of the source's file, from 0; None where it is not a row's.
        rows: how many rows are lost from there.
        reason: why.
    """

    file: str
    line: int | None
    row: int | None
    rows: int
    reason: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line is not None else self.file
        return f"{place}: {'' if self.row is None else f'row {self.row}: '}{self.reason}"


class Rows(Protocol):
    """How a format is read."""

    count: int

    def rows(self, start: int, stop: int, reject: Callable[[Reject], object]) -> Iterator[tuple[int, LatticeBatch]]:
        """Numbers of first rows, and the lattices from there, of the rows start .. stop - 1."""


class File:
    """A file and what it is made of.

    Attributes:
        path: where it is.
        count: its rows.
        identity: size, and SHA-256 of the SHA-256 of every block of 64 MiB.
    """

    def __init__(self, path: Path, open_: Callable[[Path], Rows]) -> None:
        self.path = path
        self._state = _state(path)
        digest = _digest(path, self._state[0])
        self._content = open_(path)
        self.count = self._content.count
        self.identity: dict[str, Any] = {"size": self._state[0], "blocks_sha256": digest}
        self.rows = self._content.rows
        self.check_unchanged()

    def check_unchanged(self) -> None:
        """Raises FastlatticeError where the file was changed since it was opened."""
        try:
            same = _state(self.path) == self._state
        except OSError as error:
            raise FastlatticeError(f"{self.path}: the file is gone while its lattices are screened ({error})") from None
        if not same:
            raise FastlatticeError(f"{self.path}: the file was changed while its lattices are screened; start anew")


def open_file(path: Path, density: float, reject: Callable[[Reject], object]) -> File | None:
    """The file, or None where all of it is rejected.

    Raises:
        OSError: it cannot be opened.
    """

    def open_(path: Path) -> Rows:
        kind = format_of(path)
        if kind is PARQUET:
            return _Parquet(path)
        if kind is CATALOGUE:
            return _Catalogue(path, density, reject)
        return _Whole(path, density, reject)

    try:
        return File(path, open_)
    except MissingExtraError:
        raise
    except CatalogueError as error:
        reject(_reject_of(path, error))
    except LatticeError as error:
        reject(Reject(str(path), None, None, 0, str(error)))
    return None


def _digest(path: Path, size: int) -> str:
    """Of a file's content; blocks are hashed side by side."""

    def of_block(start: int) -> bytes:
        found, left = hashlib.sha256(), _BLOCK
        part = memoryview(bytearray(_PART))
        with path.open("rb", buffering=0) as stream:
            stream.seek(start)
            while left and (count := stream.readinto(part[: min(left, _PART)])):
                found.update(part[:count])
                left -= count
        return found.digest()

    with ThreadPoolExecutor(thread_name_prefix="fastlattice-hash") as pool:
        return hashlib.sha256(b"".join(pool.map(of_block, range(0, size, _BLOCK)))).hexdigest()


def _state(path: Path) -> tuple[int, int, int]:
    found = path.stat()
    return found.st_size, found.st_mtime_ns, found.st_ino


def _reject_of(path: Path, error: CatalogueError) -> Reject:
    entry = f"entry {error.entry}: " if error.entry else ""
    return Reject(str(path), error.line, None, 0, f"{entry}{error.reason}")


class _Parquet:
    """Row group by row group; one that is damaged is lost as a whole."""

    def __init__(self, path: Path) -> None:
        self._path, self._reader = path, ParquetReader(path, ())  # no column but the name
        self.count = sum(self._reader.counts)

    def rows(self, start: int, stop: int, reject: Callable[[Reject], object]) -> Iterator[tuple[int, LatticeBatch]]:
        first = 0
        for group, count in enumerate(self._reader.counts):
            low, high = max(start, first), min(stop, first + count)
            if low < high:
                try:
                    batch = self._reader.read(group)
                except CatalogueError as error:
                    reject(Reject(str(self._path), None, low, high - low, str(error.reason)))
                else:
                    yield low, batch[low - first : high - first]
            first += count


class _Catalogue:
    """Entry after entry: a place further on is reached by reading; one that follows the last, without."""

    def __init__(self, path: Path, density: float, reject: Callable[[Reject], object]) -> None:
        self._path, self._density = path, density
        report = lambda error: reject(_reject_of(path, error))  # noqa: E731
        self.count = sum(map(len, iter_catalogue(path, _ROWS, report, density)))
        self._place, self._left, self._batches = 0, None, iter(())  # type: int, LatticeBatch | None, Iterator[LatticeBatch]
        self._open()

    def _open(self) -> None:
        ignored: list[CatalogueError] = []  # they were rejected when the file was opened
        self._place, self._left = 0, None
        self._batches = iter_catalogue(self._path, _ROWS, lambda error: ignored.clear(), self._density)

    def rows(self, start: int, stop: int, reject: Callable[[Reject], object]) -> Iterator[tuple[int, LatticeBatch]]:
        if start < self._place:
            self._open()
        while self._place < stop:
            batch = self._left if self._left is not None else next(self._batches, None)
            if batch is None:
                raise FastlatticeError(f"{self._path}: the file was changed while its lattices are screened")
            first = self._place
            low, high = max(start, first) - first, min(stop - first, len(batch))
            self._left = batch[high:] if high < len(batch) else None
            self._place = first + high
            if low < high:
                yield first + low, batch[low:high]


class _Whole:
    """Formats of one lattice or a few."""

    def __init__(self, path: Path, density: float, reject: Callable[[Reject], object]) -> None:
        self._path, self._density = path, density
        self.count = len(self._read(lambda error: reject(_reject_of(path, error))))

    def _read(self, on_error: Callable[[CatalogueError], object]) -> LatticeBatch:
        return read(self._path, self._density, on_error=on_error)

    def rows(self, start: int, stop: int, reject: Callable[[Reject], object]) -> Iterator[tuple[int, LatticeBatch]]:
        yield start, self._read(lambda error: None)[start:stop]
