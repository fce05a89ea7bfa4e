"""Catalogues in the `.lat` text format of Grega et al. (ICLR 2024, arXiv 2401.16914): reading and writing.

An entry of a catalogue is one geometry with any number of relative densities; each density is one row of the batch.
The format's sections, and those that this package adds for a lossless round trip, are listed in
`csrc/lattice/lat_entry.h`. An entry may have 4,096 relative densities, and mean 64 numbers for each byte of its text.
"""

from __future__ import annotations

import ctypes
import gzip
import math
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO

import torch

from fastlattice import _native, elasticity
from fastlattice._files import replacing
from fastlattice.errors import CatalogueError, LatticeError
from fastlattice.io.cut_off import CutOff
from fastlattice.io.lat_labels import settle_owners, settle_shears
from fastlattice.io.on_error import OnError, handled
from fastlattice.io.unit_cell_catalog import SEPARATOR as CATALOG_SEPARATOR
from fastlattice.io.unit_cell_catalog import counting_from_one, is_unit_cell_catalog, translated, with_moduli
from fastlattice.lattice.batch import Column, LatticeBatch, rebatched
from fastlattice.lattice.strings import StringColumn

OnProgress = Callable[[float], object]

CATALOGUE_COLUMNS = ("name", "base_name", "imperfection_level", "relative_density", "target")
_SEPARATOR = b"----- lattice_transition -----"
_BLOCK = 1 << 22  # bytes read at a time
_ROWS = 1024  # rows formatted at a time
_LONGEST_ENTRY = 1 << 28  # bytes; a cell of a million nodes fits


def read_catalogue(path: str | Path, on_error: OnError = "raise", default_density: float = 0.01) -> LatticeBatch:
    """Reads a whole catalogue; one row for each relative density of each entry, in the order of the file.

    Args:
        path: a `.lat` file, plain or gzip (told by its content).
        on_error: what to do with a malformed entry: "raise"; "skip" it, go on, and warn at the end; or a function that
            is called with each CatalogueError before going on, such as `errors.append`.
        default_density: relative density of entries that name none.

    Returns:
        The lattices in the file's units of length (the authors' longest cell constant is 1), nodes that no strut uses
        left out, positions as in the file (not wrapped into the cell), with the columns
        - name, base_name: StringColumn; base_name is "" where the file has none;
        - imperfection_level: [B] float64, NaN where the file has none;
        - relative_density: [B] float64, as the file states it: of the radii, else of the label, else the default;
        - target: [B, 6, 6] float64, the labelled stiffness in units of E_s (Mandel; 11, 22, 33, 23, 13, 12), NaN where
          the file has none. Labels are keyed by rounded densities: one that several radius sets of an entry could own
          goes to the set whose homogenised stiffness is nearest to it. A compliance whose notation the file does not
          say is Voigt, with the shear strains doubled once, or as the first catalogues have it twice (which is warned
          of): whichever is nearer to the homogenised stiffness.
        Radii are the file's, or where it has none the one radius of all struts that gives the relative density.

    Raises:
        CatalogueError: the file is malformed (with path, line, reason and entry; it is so where its last entry was cut
            off, see `io.cut_off`), is not a catalogue, or, whatever `on_error` says, is not readable to its end
            (damaged gzip) or holds no entry at all.
        OSError: the file cannot be opened.
    """
    parts = list(_batches(Path(path), on_error, _positive(default_density), _BLOCK))
    if not parts:  # every entry was skipped
        parts = [_parse(Path(path), b"", 1, default_density, stop_at_error=True)[0]]
    return parts[0] if len(parts) == 1 else LatticeBatch.concatenate(parts)


def iter_catalogue(
    path: str | Path,
    batch_size: int = 4096,
    on_error: OnError = "raise",
    default_density: float = 0.01,
    on_progress: OnProgress | None = None,
) -> Iterator[LatticeBatch]:
    """Reads a catalogue piece by piece, so that memory does not grow with the file.

    Args:
        path, on_error, default_density: as for `read_catalogue`.
        batch_size: rows of each batch but the last, which may have fewer.
        on_progress: called with the fraction of the file read so far, 0 to 1, as reading goes on.

    Returns:
        An iterator of batches as `read_catalogue` returns them. One after another they are the same, bit for bit.

    Raises:
        CatalogueError, OSError: as `read_catalogue`, when the iterator comes to the place.
        ValueError: batch_size or default_density is not positive.
    """
    if batch_size < 1:
        raise ValueError(f"batch_size must be at least 1, not {batch_size}")
    return rebatched(_batches(Path(path), on_error, _positive(default_density), _BLOCK, on_progress), batch_size)


def write_catalogue(path: str | Path, batch: LatticeBatch, digits: int | None = None) -> None:
    """Writes a batch as a catalogue; the file appears whole or not at all.

    Args:
        path: compressed where it ends in ".gz".
        batch: lattices with any of the columns that `read_catalogue` returns. Without relative_density, the density
            of the geometry stands for it.
        digits: None for an exact copy: `read_catalogue` gives back every array and those columns bit for bit (of a
            NaN, that it is one), and the authors' tools find what they know. A number, 5 as the authors do, for that
            many significant digits of everything but densities: smaller, without the cell's orientation (labels are
            turned to a along x, b in the xy plane), handedness and nodes that no strut uses.

    Consecutive rows of one name and geometry whose densities differ become one entry. Lengths keep the batch's unit.

    Raises:
        LatticeError: the batch has no rows or columns that a catalogue has no place for; or a lattice cannot be
            written so that it could be read again (a name with line breaks or blanks at its ends, numbers that are
            not finite, a stiffness that `digits` does not carry).
        ElasticityError: a target is neither NaN throughout nor symmetric and finite.
        OSError: the file cannot be written.
    """
    with CatalogueWriter(path, digits) as writer:
        writer.write(batch)


class CatalogueWriter:
    """Writes a catalogue batch by batch; the file appears when the `with` block ends well.

    Args, errors: as for `write_catalogue`. Only rows of one batch are joined to one entry.

    Example:
        >>> with CatalogueWriter("all.lat.gz") as writer:
        ...     for batch in iter_catalogue("part.lat"):
        ...         writer.write(batch)
    """

    def __init__(self, path: str | Path, digits: int | None = None) -> None:
        if digits is not None and not 1 <= digits <= 17:
            raise ValueError(f"digits must be None or 1 to 17, not {digits}")
        self._path, self._digits, self._rows = Path(path), digits, 0
        self._resources = ExitStack()

    def __enter__(self) -> CatalogueWriter:
        with ExitStack() as stack:
            temporary = stack.enter_context(replacing(self._path))
            self._file: BinaryIO = stack.enter_context(temporary.open("wb"))
            if self._path.suffix == ".gz":  # no name and no time in the header: equal lattices make equal files
                self._file = stack.enter_context(gzip.GzipFile("", "wb", 6, self._file, mtime=0))  # type: ignore
            self._resources = stack.pop_all()
        return self

    def __exit__(self, *exception: Any) -> bool | None:
        if self._rows == 0 and exception[0] is None:
            with self._resources:
                raise LatticeError(f"{self._path}: a catalogue must hold at least one lattice")
        return self._resources.__exit__(*exception)

    def write(self, batch: LatticeBatch) -> None:
        """Appends the lattices of a batch.

        Raises:
            LatticeError, ElasticityError: as `write_catalogue`.
        """
        arrays = _written_columns(batch, exact=self._digits is None)
        begin = 0
        while begin < len(batch):
            begin, text = _format(arrays, len(batch), self._digits, begin, min(begin + _ROWS, len(batch)))
            # What cannot be read again must not be written: the reader's checks are the writer's.
            for error in _parse(self._path, text, 1, 1.0, stop_at_error=True)[1]:
                raise LatticeError(f"lattice {error.entry!r} cannot be written to a catalogue: {error.reason}")
            self._file.write(text)
        self._rows += len(batch)


def _positive(density: float) -> float:
    if not (density > 0 and math.isfinite(density)):
        raise ValueError(f"default_density must be a positive number, not {density}")
    return float(density)


def _batches(
    path: Path, on_error: OnError, default_density: float, block: int, on_progress: OnProgress | None = None
) -> Iterator[LatticeBatch]:
    """One batch for each block of the file, errors handled."""
    found_entries = False
    with handled(on_error) as handle:
        ending = CutOff(_SEPARATOR)
        for text, first_line, separator, is_last in _chunks(path, block, on_progress):
            catalog = separator == CATALOG_SEPARATOR
            entries = translated(text, _SEPARATOR) if catalog else text
            batch, errors = _parse(path, entries, first_line, default_density, stop_at_error=on_error == "raise")
            ending.see(entries)
            if is_last and (reason := ending.reason()) is not None:
                line = first_line + entries.count(b"\n", 0, len(entries) - len(ending.last))
                if not any((error.line or 0) >= line for error in errors):  # else it is known to be malformed
                    entries = entries[: len(entries) - len(ending.last) - len(_SEPARATOR)]
                    batch, errors = _parse(path, entries, first_line, default_density, on_error == "raise")
                    errors.append(CatalogueError(str(path), line + ending.last.count(b"\n"), reason, ending.name))
            if catalog:
                batch, errors = with_moduli(batch, text), [counting_from_one(error) for error in errors]
            for error in errors:
                handle(error)
            found_entries = found_entries or len(batch) > 0 or len(errors) > 0
            if len(batch):
                yield batch
        if not found_entries:
            raise CatalogueError(str(path), None, "the file is empty: there is no entry")


def _chunks(path: Path, block: int, on_progress: OnProgress | None = None) -> Iterator[tuple[bytes, int, bytes, bool]]:
    """The text of a file in pieces that end where an entry ends.

    Yields:
        A piece, its first line, what opens an entry, and whether it is the last piece.
    """
    line, pending, separator = 1, b"", _SEPARATOR
    with path.open("rb") as raw:
        size = max(path.stat().st_size, 1)
        file = gzip.GzipFile(fileobj=raw) if raw.peek(2)[:2] == b"\x1f\x8b" else raw

        def read() -> bytes:
            try:
                return file.read(block)
            except (EOFError, gzip.BadGzipFile, zlib.error) as error:
                raise CatalogueError(str(path), None, f"damaged gzip file: {error}") from None

        data = read()
        while True:
            following = read() if data else b""  # one block ahead: what is known to be the last is read in one piece
            if on_progress:
                on_progress(min(raw.tell() / size, 1.0))
            searched = max(0, len(pending) - len(separator))
            pending += data
            if line == 1 and searched == 0:
                pending = pending.removeprefix(b"\xef\xbb\xbf")  # byte order mark
                if _SEPARATOR not in pending and is_unit_cell_catalog(pending):
                    separator = CATALOG_SEPARATOR
            begin = pending.rfind(b"\n" + separator, searched) + 1  # of the last entry, which may go on
            if len(pending) - begin > _LONGEST_ENTRY:
                line += pending.count(b"\n", 0, begin)
                raise CatalogueError(str(path), line, f"an entry is longer than {_LONGEST_ENTRY >> 20} MiB")
            end = begin if following else len(pending)
            if end:
                yield pending[:end], line, separator, not following
            if not following:
                return
            line += pending.count(b"\n", 0, end)
            pending = pending[end:]
            data = following


def _parse(
    path: Path, text: bytes, first_line: int, default_density: float, stop_at_error: bool
) -> tuple[LatticeBatch, list[CatalogueError]]:
    """The rows and the errors of a piece of text that starts with an entry."""
    handle, sizes = ctypes.c_void_p(), torch.zeros(6, dtype=torch.int64)
    _native.call(
        "fl_lat_parse",
        text,
        first_line,
        default_density,
        int(stop_at_error),
        ctypes.byref(handle),
        sizes,
    )
    try:
        return _columns(path, handle, sizes.tolist()), [_error(path, handle, i) for i in range(int(sizes[5]))]
    finally:
        _native.call("fl_lat_free", handle)


def _columns(path: Path, handle: ctypes.c_void_p, sizes: list[int]) -> LatticeBatch:
    rows, nodes, struts, name_bytes, base_name_bytes, _ = sizes

    def real(*shape: int) -> torch.Tensor:
        return torch.empty(shape, dtype=torch.float64)

    def integer(*shape: int) -> torch.Tensor:
        return torch.empty(shape, dtype=torch.int64)

    def strings(size: int) -> StringColumn:
        return StringColumn._trusted(torch.empty(size, dtype=torch.uint8), integer(rows + 1))

    geometry = (real(rows, 3, 3), real(nodes, 3), integer(struts, 2), integer(struts, 3), real(struts))
    offsets = (integer(rows + 1), integer(rows + 1))
    name, base_name = strings(name_bytes), strings(base_name_bytes)
    level, density, target = real(rows), real(rows), real(rows, 6, 6)
    label_holders, notation_unsaid = integer(rows), integer(rows)
    texts = (name.data, name.offsets, base_name.data, base_name.offsets)
    labels = (target, label_holders, notation_unsaid)
    _native.call("fl_lat_columns", handle, *geometry, *offsets, *texts, level, density, *labels)
    columns: dict[str, Column] = {
        "name": name,
        "base_name": base_name,
        "imperfection_level": level,
        "relative_density": density,
        "target": target,
    }
    batch = LatticeBatch._trusted((*geometry, *offsets), columns)
    if bool(notation_unsaid.any()):
        settle_shears(path, batch, target, notation_unsaid.bool())
    if bool((label_holders >= 0).any()):
        settle_owners(batch, target, label_holders)
    return batch


def _error(path: Path, handle: ctypes.c_void_p, index: int) -> CatalogueError:
    line, entry, reason = ctypes.c_int64(), ctypes.c_char_p(), ctypes.c_char_p()
    _native.call("fl_lat_error", handle, index, ctypes.byref(line), ctypes.byref(entry), ctypes.byref(reason))
    return CatalogueError(str(path), line.value, (reason.value or b"").decode(), (entry.value or b"").decode())


def _written_columns(batch: LatticeBatch, exact: bool) -> list[torch.Tensor | None]:
    """The arrays that fl_lat_format takes, checked."""
    unknown = [repr(name) for name in batch.columns if name not in CATALOGUE_COLUMNS]
    if unknown:
        raise LatticeError(f"a catalogue has no place for the columns {', '.join(unknown)}: leave them out")
    base_names = batch.columns.get("base_name")
    for names in (batch.names, base_names):
        if isinstance(names, StringColumn):
            _check_names(names)

    def column(name: str) -> torch.Tensor | None:
        values = batch.columns.get(name)
        if values is None:
            return None
        if not isinstance(values, torch.Tensor):
            raise LatticeError(f"column {name!r} must hold numbers")
        shape = (len(batch), 6, 6) if name == "target" else (len(batch),)
        if values.shape != shape:
            raise LatticeError(f"column {name!r} has shape {tuple(values.shape)}, expected {shape}")
        return values.detach().to("cpu", torch.float64).contiguous()

    density, target = column("relative_density"), column("target")
    density = batch.relative_density.detach() if density is None else density
    compliance = None
    if target is not None:
        compliance = _compliances(target, batch.cell.detach())
        lost = compliance[:, 0, 0].isnan() & ~target[:, 0, 0].isnan()
        if lost.any() and not exact:
            name = batch.names[int(lost.nonzero()[0])]
            raise LatticeError(f"lattice {name!r}: its target is not positive definite, so there is no compliance")
    geometry = (batch.cell, batch.positions, batch.struts, batch.shifts, batch.radii)
    arrays = [array.detach() for array in (*geometry, batch.node_offsets, batch.strut_offsets)]
    texts: list[torch.Tensor | None] = [*_text(batch.names), None, None]
    if isinstance(base_names, StringColumn):
        texts[2:] = _text(base_names)
    return [*arrays, *texts, column("imperfection_level"), density, target, compliance]


def _text(names: StringColumn) -> list[torch.Tensor | None]:
    """Bytes and offsets, of a slice of a column its own."""
    begin, end = (int(names.offsets[n]) for n in (0, -1))
    return [names.data[begin:end], names.offsets - begin]


def _check_names(names: StringColumn) -> None:
    """Refuses names that a line of text does not keep."""
    first, last = names.offsets[:-1], names.offsets[1:]
    if not len(names.data) or not len(names):
        return
    control = (names.data < 0x20) | (names.data == 0x7F)
    blank = names.data == 0x20
    counts = torch.cat([control.new_zeros(1, dtype=torch.int64), control.cumsum(0)])
    ends = blank[first.clamp(max=len(blank) - 1)] | blank[(last - 1).clamp(min=0)]
    wrong = (counts[last] > counts[first]) | (ends & (last > first))
    if wrong.any():
        name = names[int(wrong.nonzero()[0])]
        raise LatticeError(
            f"name {name!r}: a catalogue cannot keep control characters, nor blanks at the ends of a name"
        )


def _compliances(target: torch.Tensor, cell: torch.Tensor) -> torch.Tensor:
    """[B, 6, 6] compliances in the frame with a along x and b in the xy plane; NaN where there is none."""
    definite = elasticity.is_positive_definite(target, tolerance=1e-12)
    q, r = torch.linalg.qr(cell.mT)  # cell = r^T q^T: the frame is q up to signs, r^T the cell in it
    frame = torch.where(r.diagonal(dim1=-2, dim2=-1) < 0, -1.0, 1.0)[..., None] * q.mT
    turned = elasticity.rotate(target, frame, notation="mandel")
    return elasticity.compliance(torch.where(definite[:, None, None], turned, torch.nan))


def _format(
    arrays: list[torch.Tensor | None], rows: int, digits: int | None, begin: int, end: int
) -> tuple[int, bytes]:
    """The text of rows from `begin` to about `end`, and the row that follows it."""
    following, handle, text, size = ctypes.c_int64(), ctypes.c_void_p(), ctypes.c_void_p(), ctypes.c_int64()
    results = map(ctypes.byref, (following, handle, text, size))
    _native.call("fl_lat_format", rows, *arrays, digits or 0, begin, end, *results)
    try:
        return following.value, ctypes.string_at(text, size.value)
    finally:
        _native.call("fl_lat_text_free", handle)
