"""Where the lattices of a screening come from: rows with numbers, of which any range can be read again.

A source knows how many rows it has and what its content is, before anything is computed. What cannot be read of it is
a reject, with file, line or row, and reason.
"""

from __future__ import annotations

import glob
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from fastlattice.data.realisations import content_hash
from fastlattice.errors import FastlatticeError
from fastlattice.io.files import suffixes
from fastlattice.lattice.batch import LatticeBatch
from fastlattice.screening.files import File, Reject, open_file
from fastlattice.screening.streams import open_stream
from fastlattice.topologies import cells, nets

CHUNK = 4096
"""Lattices that are computed at a time, at most."""
_WORK = 1 << 20  # nodes and struts of a chunk: some 80 MB

Piece = tuple[int, Callable[[], LatticeBatch]]
"""The number of a first row, and what gives the lattices from there: with the column name alone, or also density."""


class Source(Protocol):
    """Lattices in rows 0 .. count - 1.

    Attributes:
        spec: what the user wrote.
        count: number of rows.
        identity: what the content is, ready for JSON: equal where all rows are equal.
        rejects: what could not be read, known beforehand.
    """

    spec: str
    count: int
    identity: dict[str, Any]

    @property
    def rejects(self) -> Sequence[Reject]:
        """See above."""

    def pieces(self, start: int, stop: int, reject: Callable[[Reject], object]) -> Iterator[Piece]:
        """The rows start .. stop - 1 in order, in chunks; rows that turn out to be unreadable are rejected."""

    def check_unchanged(self) -> None:
        """Raises FastlatticeError where the source is no longer what it was when it was opened."""


class ListedSource:
    """Lattices that are in memory."""

    rejects = ()

    def __init__(self, spec: str, batch: LatticeBatch) -> None:
        self.spec, self.count, self._batch = spec, len(batch), batch
        self.identity: dict[str, Any] = {"kind": "list", "content": content_hash(batch), "count": len(batch)}

    def pieces(self, start: int, stop: int, reject: object) -> Iterator[Piece]:
        """See `Source`."""
        yield from chunks(start, self._batch[start:stop])

    def check_unchanged(self) -> None:
        """Nothing can change."""


class FilesSource:
    """Files of any format that is read, one after another."""

    def __init__(self, spec: str, paths: Sequence[Path], density: float) -> None:
        self.spec, self.rejects = spec, list[Reject]()
        self._made_from = spec, paths, density
        self._files: list[File] = []
        for path in paths:
            file = open_file(path, density, self.rejects.append)
            if file is not None:
                self._files.append(file)
        self._starts = np.cumsum([0, *(file.count for file in self._files)])
        self.count = int(self._starts[-1])
        if not self.count:
            why = f": {self.rejects[0]}" if self.rejects else ""
            raise FastlatticeError(f"{spec}: there is no lattice to screen{why}")
        about = [{"name": file.path.name, **file.identity} for file in self._files]
        self.identity: dict[str, Any] = {"kind": "files", "files": about, "density": density, "count": self.count}

    def pieces(self, start: int, stop: int, reject: Callable[[Reject], object]) -> Iterator[Piece]:
        """See `Source`."""
        for file, first in zip(self._files, self._starts.tolist(), strict=False):
            low, high = max(start, first), min(stop, first + file.count)
            if low < high:
                for row, batch in file.rows(low - first, high - first, reject):
                    yield from chunks(first + row, batch)

    def check_unchanged(self) -> None:
        """Raises FastlatticeError where a file was changed."""
        for file in self._files:
            file.check_unchanged()

    def __reduce__(self) -> tuple[Any, ...]:
        """Another process opens the files for itself."""
        return FilesSource, self._made_from


def chunks(first: int, batch: LatticeBatch) -> Iterator[Piece]:
    """A batch in pieces of bounded work."""
    ends = (batch.node_offsets + batch.strut_offsets).numpy()
    start = 0
    while start < len(batch):
        stop = int(np.searchsorted(ends, ends[start] + _WORK, side="right")) - 1
        stop = min(max(stop, start + 1), start + CHUNK, len(batch))
        part = batch if stop - start == len(batch) else batch[start:stop]
        yield first + start, partial(_bare, part)
        start = stop


def _bare(batch: LatticeBatch) -> LatticeBatch:
    """With no column but the name: what a file states may be stale, and must not pass for a result."""
    return LatticeBatch._trusted(batch._geometry, {"name": batch.names})


def open_source(spec: str | Path | LatticeBatch | Source, density: float = 0.01) -> Source:
    """The source that a text means.

    Args:
        spec: `nets:rcsr`, `nets:pcu,dia`, `cells:all` or `cells:octet`; the same with a recipe, as `open_stream` says;
            a file, a folder or a glob of files of any format that `fastlattice.read` takes; a LatticeBatch.
        density: relative density of lattices of which the source states none.

    Raises:
        FastlatticeError: there is no such source, or no lattice in it.
        OSError: a file cannot be opened.
    """
    if isinstance(spec, LatticeBatch):
        return ListedSource("lattices", spec)
    if not isinstance(spec, str | Path):
        return spec
    text = str(spec)
    kind, colon, names = text.partition(":")
    if colon and kind in ("nets", "cells"):
        if "?" in text:
            return open_stream(text)
        if text == "nets:rcsr":
            return ListedSource(text, nets.rcsr_batch(density))
        listed = list(cells.unit_cell_names()) if text == "cells:all" else names.split(",")
        one = cells.unit_cell if kind == "cells" else nets.rcsr_net
        return ListedSource(text, LatticeBatch.from_lattices(one(name, density) for name in listed))
    return FilesSource(text, _paths(text), density)


def _paths(text: str) -> list[Path]:
    """The files that a path, a folder or a glob means, sorted."""
    path = Path(text)
    if path.is_dir():
        known = suffixes()
        found = [each for each in path.rglob("*") if each.is_file() and each.name.lower().endswith(known)]
    elif glob.has_magic(text) and not path.exists():
        found = [each for each in map(Path, glob.glob(text, recursive=True)) if each.is_file()]
    elif path.is_file():
        found = [path]
    else:
        raise FastlatticeError(f"{text}: there is no such file, folder, net or cell")
    if not found:
        raise FastlatticeError(f"{text}: there is no file of a format that is read")
    return sorted(found)
