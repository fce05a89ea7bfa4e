"""What every reader of wireframes shares: lines, numbers, and the checks that make parts a Wireframe."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fastlattice._extras import module_of_extra
from fastlattice.errors import CatalogueError
from fastlattice.lattice.wireframe import Wireframe

_LARGEST = 1e15  # a coordinate beyond it has no digits left for a lattice


def library(name: str, path: str | Path) -> Any:
    """A module of the extra "formats".

    Raises:
        MissingExtraError: it is not installed.
    """
    return module_of_extra(name, "formats", f"{Path(path).suffix.lower()} files")


def text_of(path: str | Path) -> str:
    """A text file's content; a byte order mark and the kind of line breaks do not matter.

    Raises:
        CatalogueError: it is not text in UTF-8.
        OSError: the file cannot be opened.
    """
    try:
        text = Path(path).read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CatalogueError(str(path), None, f"not a text file: {error}") from None
    if "\0" in text:
        raise CatalogueError(str(path), None, "not a text file: it holds a zero byte")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def lines_of(path: str | Path) -> Iterator[tuple[int, str]]:
    """Numbers from 1 and lines of a text file whose format has no end mark.

    Raises:
        CatalogueError: it is not text, or its last line has no line break and so may have lost its end.
        OSError: the file cannot be opened.
    """
    text = text_of(path)
    if text and not text.endswith("\n"):
        reason = "the last line has no line break: the file may have been cut short (if not, add one)"
        raise CatalogueError(str(path), text.count("\n") + 1, reason)
    yield from enumerate(text.split("\n"), start=1)


def number(path: str | Path, line: int | None, token: str, what: str = "a number") -> float:
    """A finite decimal number.

    Raises:
        CatalogueError: the token is none.
    """
    try:
        value = float(token) if token.isascii() and "_" not in token else math.nan
    except ValueError:
        value = math.nan
    if not abs(value) <= _LARGEST:
        raise CatalogueError(str(path), line, f"{token.strip()[:40]!r} is not {what}")
    return value


class Beams:
    """Nodes and struts as a reader finds them; `wireframe` checks and packs them.

    Args:
        path: of the file, for errors.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = str(path)
        self.name = ""
        self.unit = ""
        self.cell: NDArray[np.float64] | None = None
        self.notes: list[str] = []
        self.expected: int | None = None  # struts, where the file says how many
        self._rows: dict[Hashable, int] = {}
        self._nodes: list[Sequence[float]] = []
        self._struts: list[tuple[int, int]] = []
        self._radii: list[tuple[float, float]] = []

    def fail(self, line: int | None, reason: str) -> CatalogueError:
        """The error that names the file, the line and the reason."""
        return CatalogueError(self.path, line, reason)

    def __len__(self) -> int:
        return len(self._struts)

    def __contains__(self, node: Hashable) -> bool:
        return node in self._rows

    def node(self, key: Hashable, place: Sequence[float], line: int | None = None) -> None:
        """Takes a node that struts will name by `key`.

        Raises:
            CatalogueError: there is one of that key.
        """
        if key in self._rows:
            raise self.fail(line, f"node {key} is given twice")
        self._rows[key] = len(self._nodes)
        self._nodes.append(place)

    def strut(
        self,
        start: Hashable,
        end: Hashable,
        radius: float | tuple[float, float] = math.nan,
        line: int | None = None,
    ) -> None:
        """Takes a strut between two nodes, of one radius or of one at each end; NaN is not known.

        Raises:
            CatalogueError: a node does not exist, the two are one, or a radius is not positive.
        """
        for key in (start, end):
            if key not in self._rows:
                raise self.fail(line, f"the strut names node {key}, but there is no such node")
        if start == end:
            raise self.fail(line, f"the strut begins and ends in node {start}")
        first, last = radius if isinstance(radius, tuple) else (radius, radius)
        if first <= 0 or last <= 0 or math.isnan(first) != math.isnan(last):
            raise self.fail(line, f"radii {first:g} and {last:g} of a strut: they must be positive, or both left out")
        self._struts.append((self._rows[start], self._rows[end]))
        self._radii.append((first, last))

    def wireframe(self) -> Wireframe:
        """All of it, nodes that no strut uses left out.

        Raises:
            CatalogueError: there is no strut.
        """
        if not self._struts:
            raise self.fail(None, "there are no struts")
        known = sum(not math.isnan(first) for first, _ in self._radii)
        if self.expected not in (None, known):
            reason = f"{known} of {self.expected} struts and their radii are there: the file may have been cut short"
            raise self.fail(None, reason)
        nodes = np.array(self._nodes, dtype=np.float64).reshape(-1, 3)
        used, struts = np.unique(np.array(self._struts, dtype=np.int64), return_inverse=True)
        ends = np.array(self._radii, dtype=np.float64)
        notes = list(self.notes)
        tapered = int((ends[:, 0] != ends[:, 1]).sum() - np.isnan(ends[:, 0]).sum())
        if tapered:
            notes.append(f"{_many(tapered, 'strut is', 'struts are')} tapered: the mean of both ends' radii is used")
        if len(used) < len(nodes):
            notes.append(f"{_many(len(nodes) - len(used), 'node', 'nodes')} that no strut uses left out")
        return Wireframe(
            nodes=nodes[used],
            struts=struts.reshape(-1, 2).astype(np.int64),
            radii=ends.mean(axis=1),
            cell=self.cell,
            unit=self.unit,
            name=self.name,
            notes=tuple(notes),
        )

    def remark(self, line: int, words: Sequence[str]) -> None:
        """Takes what our writers put into comments of formats that have no place for it: unit, cell, number of struts.

        Raises:
            CatalogueError: a number is malformed.
        """
        kind, values = (words[0], words[1:]) if words else ("", [])
        if kind == "unit" and len(values) == 1:
            self.unit = values[0]
        elif kind == "cell":
            self.set_cell([number(self.path, line, value) for value in values], line)
        elif kind == "struts" and len(values) == 1:
            self.expected = int(number(self.path, line, values[0], "a number of struts"))

    def set_cell(self, numbers: ArrayLike, line: int | None = None) -> None:
        """Takes nine numbers, the lattice vectors one after another.

        Raises:
            CatalogueError: they are not nine, not finite or without volume.
        """
        cell = np.array(numbers, dtype=np.float64)
        if cell.shape != (9,) or not np.isfinite(cell).all() or not abs(np.linalg.det(cell.reshape(3, 3))) > 0:
            raise self.fail(line, "the cell is not nine numbers, three lattice vectors that span a volume")
        self.cell = cell.reshape(3, 3)


def _many(count: int, one: str, more: str) -> str:
    return f"{count} {one if count == 1 else more}"
