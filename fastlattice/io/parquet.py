"""LatticeBatch to and from Parquet: one row per lattice, nested lists, units and conventions in the metadata.

The round trip is exact: every column comes back with its dtype, shape and bits. Arrow's and torch's columns share
memory (booleans excepted, which Arrow packs). The file's metadata holds, under the key "fastlattice", a JSON object
that says what the numbers mean. Needs the extra "parquet".
"""

from __future__ import annotations

import ctypes
import json
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import torch

from fastlattice._files import replacing
from fastlattice._version import __version__
from fastlattice.errors import CatalogueError, LatticeError, MissingExtraError
from fastlattice.lattice.batch import Column, LatticeBatch, rebatched
from fastlattice.lattice.strings import StringColumn

if TYPE_CHECKING:
    import pyarrow as pa

_KEY = b"fastlattice"
_VERSION = 1
_GEOMETRY = ("cell", "positions", "struts", "shifts", "radii")
_ROW_GROUP = 8192  # lattices; some ten megabytes
_SETTING_POOL = threading.Lock()
_CONVENTIONS: dict[str, Any] = {
    "format": "fastlattice.LatticeBatch",
    "version": _VERSION,
    "length": "one unit, the caller's, for cell, positions and radii",
    "cell": "3x3, rows are lattice vectors",
    "positions": "Cartesian node positions, not wrapped into the cell",
    "struts": "pairs (i, j) of the lattice's own nodes, from 0; each strut once",
    "shifts": "integers s per strut: its vector is x_j - x_i + s @ cell",
    "relative_density": "sum of pi r^2 L over the struts / volume of the cell",
    "stiffness": "6x6 Mandel, order 11, 22, 33, 23, 13, 12, unit: Young's modulus of the solid (E_s = 1); "
    "so are the columns 'target' and 'stiffness'; NaN where there is none",
}


def write_parquet(batch: LatticeBatch, path: str | Path, dataset: Mapping[str, Any] | None = None) -> None:
    """Writes a batch as one Parquet file, which appears whole or not at all.

    Args:
        batch: the lattices.
        path: the file.
        dataset: what the lattices are and come from, ready for JSON: kept in the metadata beside units and conventions,
            `parquet_dataset` reads it back.

    Raises:
        LatticeError: a column has a name of the geometry's or a dtype or shape that Parquet does not hold.
        MissingExtraError: pyarrow is not installed.
        OSError: the file cannot be written.
    """
    with ParquetWriter(path, dataset) as writer:
        writer.write(batch)


def parquet_dataset(path: str | Path) -> dict[str, Any]:
    """What `write_parquet` was told that the lattices are and come from; empty where it was told nothing.

    Raises:
        CatalogueError, MissingExtraError, OSError: as `read_parquet`.
    """
    with _opened(path) as file:
        found = json.loads(file.schema_arrow.metadata[_KEY]).get("dataset", {})
    if not isinstance(found, dict):
        raise CatalogueError(str(path), None, "damaged metadata: 'dataset' is no object")
    return found


def read_parquet(path: str | Path) -> LatticeBatch:
    """Reads what `write_parquet` or `ParquetWriter` wrote, in one piece.

    Raises:
        CatalogueError: the file is damaged, is not ours, or lacks something; the reason says what.
        MissingExtraError: pyarrow is not installed.
        OSError: the file cannot be opened.
    """
    with _opened(path) as file:
        parts = list(_batches(path, file, max(1, file.metadata.num_rows)))  # one piece: nothing to join and to copy
        return LatticeBatch.concatenate(parts) if parts else _no_rows(path, file)


def iter_parquet(path: str | Path, batch_size: int = 4096) -> Iterator[LatticeBatch]:
    """Reads a file piece by piece: batches of `batch_size` lattices, the last with what remains.

    Raises:
        CatalogueError, MissingExtraError, OSError: as `read_parquet`, when the iterator comes to the place.
        ValueError: batch_size is not positive.
    """
    if batch_size < 1:
        raise ValueError(f"batch_size must be at least 1, not {batch_size}")
    return _iterate(path, batch_size)


def _iterate(path: str | Path, batch_size: int) -> Iterator[LatticeBatch]:
    with _opened(path) as file:
        yield from rebatched(_batches(path, file, batch_size), batch_size)


class ParquetReader:
    """The row groups of a file, each read for itself, so that reading can begin anywhere and pass over damage.

    Args:
        path: the file.
        columns: those that the batches have; None: all. What is not read costs no time.

    Attributes:
        counts: number of lattices of each row group.

    Raises:
        CatalogueError, MissingExtraError, OSError: as `read_parquet`.
    """

    def __init__(self, path: str | Path, columns: Iterable[str] | None = None) -> None:
        self._path, self._file = path, _opened(path)
        self._columns = None if columns is None else [*_GEOMETRY, "name", *columns]
        metadata = self._file.metadata
        self.counts = [int(metadata.row_group(group).num_rows) for group in range(metadata.num_row_groups)]

    def read(self, group: int) -> LatticeBatch:
        """The lattices of a row group.

        Raises:
            CatalogueError: the group is damaged; the reason says how. Others can still be read.
        """
        parts = list(_batches(self._path, self._file, max(1, self.counts[group]), [group], self._columns))
        if len(parts) == 1:
            return parts[0]  # nothing to join and to copy
        return LatticeBatch.concatenate(parts) if parts else _no_rows(self._path, self._file)

    def close(self) -> None:
        """Closes the file."""
        self._file.close()


def count_parquet(path: str | Path) -> int:
    """Number of lattices in a file, from its metadata alone.

    Raises:
        CatalogueError, MissingExtraError, OSError: as `read_parquet`.
    """
    with _opened(path) as file:
        return int(file.metadata.num_rows)


class ParquetWriter:
    """Writes a Parquet file batch by batch, for runs too long for memory; it appears when the `with` block ends well.

    All batches have the columns, dtypes and shapes of the first.

    Args:
        path: the file.
        dataset: as for `write_parquet`.

    Raises:
        MissingExtraError: pyarrow is not installed.
        OSError: the file cannot be written.

    Example:
        >>> with ParquetWriter("all.parquet") as writer:
        ...     for batch in iter_catalogue("all.lat.gz"):
        ...         writer.write(batch)
    """

    def __init__(self, path: str | Path, dataset: Mapping[str, Any] | None = None) -> None:
        self._path, self._dataset = Path(path), dataset
        self._resources = ExitStack()
        self._waiting: list[LatticeBatch] = []
        self._rows = 0
        self._schema: pa.Schema | None = None
        _pyarrow()

    def __enter__(self) -> ParquetWriter:
        self._temporary = self._resources.enter_context(replacing(self._path))
        return self

    def __exit__(self, *exception: Any) -> bool | None:
        if exception[0] is None:
            with self._resources:
                self._flush()
                if self._schema is None:
                    raise LatticeError(f"{self._path}: no batch was written, so there are no columns")
            return None
        return self._resources.__exit__(*exception)

    def write(self, batch: LatticeBatch) -> None:
        """Appends the lattices of a batch.

        Raises:
            LatticeError: as for `write_parquet`, or the columns are not those of the first batch.
        """
        schema = _schema(batch, self._dataset)
        if self._schema is None:
            parquet = _pyarrow("pyarrow.parquet")
            file = parquet.ParquetWriter(self._temporary, schema, write_page_checksum=True, **_encoding(schema))
            self._file = self._resources.enter_context(file)
            self._schema = schema
        if schema != self._schema:
            difference = set(map(str, schema)) ^ set(map(str, self._schema))
            raise LatticeError(f"{self._path}: the columns differ from the first batch's: {sorted(difference)}")
        self._waiting.append(batch)
        self._rows += len(batch)
        if self._rows >= _ROW_GROUP:
            self._flush()

    def _flush(self) -> None:
        if self._waiting:
            joined = self._waiting[0] if len(self._waiting) == 1 else LatticeBatch.concatenate(self._waiting)
            self._file.write_batch(_to_arrow(joined, self._schema), row_group_size=_ROW_GROUP)
        self._waiting, self._rows = [], 0


def _encoding(schema: pa.Schema) -> dict[str, Any]:
    """Positions, which do not repeat, byte by byte of their numbers, a tenth smaller; all else by Arrow's choice."""
    positions = "positions.list.element.list.element"
    leaves = [name for name in _leaves(schema) if name != positions]
    return {"compression": "zstd", "use_dictionary": leaves, "use_byte_stream_split": [positions]}


def _leaves(schema: pa.Schema) -> Iterator[str]:
    """The columns of a file of this schema, as Parquet names them."""
    for field in schema:
        name, kind = field.name, field.type
        while hasattr(kind, "value_type"):
            name, kind = f"{name}.list.element", kind.value_type
        yield name


def _pyarrow(name: str = "pyarrow") -> ModuleType:
    try:
        from importlib import import_module

        return import_module(name)
    except ImportError:
        raise MissingExtraError("reading and writing Parquet", "parquet") from None


# ---------------------------------------------------------------------------------------------------- to Arrow


def _schema(batch: LatticeBatch, dataset: Mapping[str, Any] | None) -> pa.Schema:
    """Names, types and metadata of the file that holds such batches."""
    pa = _pyarrow()
    fields = [pa.field(name, kind, nullable=False) for name, kind in _geometry_types().items()]
    for name, column in batch.columns.items():
        if name in _GEOMETRY:
            raise LatticeError(f"a column cannot be called {name!r}: the geometry is")
        kind = pa.large_string() if isinstance(column, StringColumn) else _nested_type(name, column)
        fields.append(pa.field(name, kind, nullable=False))
    conventions = {**_CONVENTIONS, "written_by": f"fastlattice {__version__}"}
    if dataset is not None:
        conventions["dataset"] = dict(dataset)
    return pa.schema(fields, metadata={_KEY: json.dumps(conventions)})


def _geometry_types() -> dict[str, Any]:
    pa = _pyarrow()

    def vectors(kind: Any, length: int) -> Any:
        return pa.list_(pa.field("item", kind, nullable=False), length)

    def ragged(kind: Any) -> Any:
        return pa.large_list(pa.field("item", kind, nullable=False))

    return {
        "cell": vectors(vectors(pa.float64(), 3), 3),
        "positions": ragged(vectors(pa.float64(), 3)),
        "struts": ragged(vectors(pa.int64(), 2)),
        "shifts": ragged(vectors(pa.int64(), 3)),
        "radii": ragged(pa.float64()),
    }


def _nested_type(name: str, column: torch.Tensor) -> Any:
    """The Arrow type of one lattice's value: fixed-size lists, one in another, for [B, ...]."""
    pa = _pyarrow()
    if column.dtype not in _numpy_names() or 0 in column.shape[1:]:
        raise LatticeError(f"column {name!r}: Parquet does not hold {column.dtype} of shape {tuple(column.shape)}")
    kind = pa.bool_() if column.dtype == torch.bool else pa.from_numpy_dtype(_numpy_names()[column.dtype])
    for length in reversed(column.shape[1:]):
        kind = pa.list_(pa.field("item", kind, nullable=False), length)
    return kind


def _numpy_names() -> dict[torch.dtype, str]:
    kept = ("float64", "float32", "int64", "int32", "int16", "int8", "uint8", "bool")
    return {getattr(torch, name): name for name in kept}


def _to_arrow(batch: LatticeBatch, schema: pa.Schema) -> pa.RecordBatch:
    pa = _pyarrow()

    def flat(tensor: torch.Tensor) -> Any:
        return pa.array(tensor.detach().cpu().contiguous().reshape(-1).numpy())

    def nested(kind: Any, tensor: torch.Tensor) -> Any:
        if pa.types.is_fixed_size_list(kind):
            return pa.FixedSizeListArray.from_arrays(nested(kind.value_type, tensor), type=kind)
        return flat(tensor)

    def ragged(kind: Any, tensor: torch.Tensor, offsets: torch.Tensor) -> Any:
        return pa.LargeListArray.from_arrays(flat(offsets), nested(kind.value_type, tensor), type=kind)

    def strings(column: StringColumn) -> Any:
        offsets, data = pa.py_buffer(column.offsets.contiguous().numpy()), pa.py_buffer(column.data.numpy())
        return pa.Array.from_buffers(pa.large_string(), len(column), [None, offsets, data])

    def array(field: Any) -> Any:
        if field.name not in _GEOMETRY:
            column = batch.columns[field.name]
            return strings(column) if isinstance(column, StringColumn) else nested(field.type, column)
        tensor = getattr(batch, field.name)
        if field.name == "cell":
            return nested(field.type, tensor)
        return ragged(field.type, tensor, batch.node_offsets if field.name == "positions" else batch.strut_offsets)

    return pa.RecordBatch.from_arrays([array(field) for field in schema], schema=schema)


# -------------------------------------------------------------------------------------------------- from Arrow


def _opened(path: str | Path) -> Any:
    """The checked pyarrow ParquetFile."""
    parquet = _pyarrow("pyarrow.parquet")
    Path(path).open("rb").close()  # what cannot be opened is an OSError; all that follows is about the content
    try:
        with _plain_memory():
            file = parquet.ParquetFile(path, page_checksum_verification=True)
    except (_pyarrow().ArrowException, OSError, ValueError) as error:
        raise CatalogueError(str(path), None, f"not a Parquet file, or damaged: {error}") from None
    try:
        _check_schema(path, file.schema_arrow)
    except BaseException:
        file.close()
        raise
    return file


@contextmanager
def _plain_memory() -> Iterator[None]:
    """What Arrow opens within takes its memory from malloc for good.

    Its own pools give memory back after every row group and get it again as huge pages, which the system clears first:
    a third of the time of reading.
    """
    pa = _pyarrow()
    with _SETTING_POOL:  # of the process: a second thread would find this one's, and leave it behind
        before = pa.default_memory_pool()
        pa.set_memory_pool(pa.system_memory_pool())
        try:
            yield
        finally:
            pa.set_memory_pool(before)


def _check_schema(path: str | Path, schema: pa.Schema) -> None:
    """Refuses files that are not ours, saying what they lack."""

    def fail(reason: str) -> CatalogueError:
        return CatalogueError(str(path), None, reason)

    expected = {**_geometry_types(), "name": _pyarrow().large_string()}
    missing = [name for name in expected if name not in schema.names]
    if missing:
        raise fail(f"not a file of lattices: there is no column {', '.join(map(repr, missing))}")
    try:
        conventions = json.loads((schema.metadata or {})[_KEY])
        version = conventions["version"]
    except (KeyError, TypeError, ValueError):
        raise fail("the metadata 'fastlattice', which says units and conventions, are missing or damaged") from None
    if version != _VERSION:
        raise fail(f"written in version {version!r} of the format; this fastlattice reads version {_VERSION}")
    for name, kind in expected.items():
        if schema.field(name).type != kind:
            raise fail(f"column {name!r} has type {schema.field(name).type}, expected {kind}")
    if len(set(schema.names)) < len(schema.names):
        raise fail("two columns have the same name")


def _batches(
    path: str | Path, file: Any, rows: int, groups: list[int] | None = None, columns: list[str] | None = None
) -> Iterator[LatticeBatch]:
    def damaged(reason: object) -> CatalogueError:
        return CatalogueError(str(path), None, f"damaged Parquet file: {reason}")

    groups = list(range(file.metadata.num_row_groups)) if groups is None else groups
    expected = sum(file.metadata.row_group(group).num_rows for group in groups)
    pieces, found = file.iter_batches(rows, row_groups=groups, columns=columns), 0
    while True:
        try:
            piece = next(pieces, None)
            if piece is not None:
                piece.validate(full=True)
        except (_pyarrow().ArrowException, OSError, ValueError) as error:
            raise damaged(error) from None
        if piece is None:
            break
        found += len(piece)
        yield _from_arrow(path, piece)
    if found != expected:  # pyarrow takes some damaged page headers for the end of the data
        raise damaged(f"{found} of {expected} lattices are there")


def _no_rows(path: str | Path, file: Any) -> LatticeBatch:
    return _from_arrow(path, _pyarrow().RecordBatch.from_pylist([], schema=file.schema_arrow))


def _from_arrow(path: str | Path, piece: pa.RecordBatch) -> LatticeBatch:
    """The lattices of a piece of a file.

    Raises:
        CatalogueError: with the column's name and what is wrong with it.
    """
    columns = {name: piece.column(name) for name in piece.schema.names}
    try:
        for name, array in columns.items():
            if array.null_count:
                raise LatticeError(f"column {name!r} holds nulls")
        positions, node_offsets = _ragged("positions", columns["positions"], 3)
        struts, strut_offsets = _ragged("struts", columns["struts"], 2)
        shifts, shift_offsets = _ragged("shifts", columns["shifts"], 3)
        radii, radius_offsets = _ragged("radii", columns["radii"], 1)
        for name, other in (("shifts", shift_offsets), ("radii", radius_offsets)):
            if not torch.equal(strut_offsets, other):
                raise LatticeError(f"column {name!r} does not hold one for each strut")
        cell = _numbers("cell", columns["cell"]).reshape(-1, 3, 3)
        others = {name: _column_of(name, array) for name, array in columns.items() if name not in _GEOMETRY}
        return LatticeBatch(cell, positions, struts, shifts, radii.reshape(-1), node_offsets, strut_offsets, others)
    except ValueError as error:
        raise CatalogueError(str(path), None, str(error)) from None


def _numbers(name: str, array: Any) -> torch.Tensor:
    """The numbers at the bottom of fixed-size lists, flat."""
    pa = _pyarrow()
    while pa.types.is_fixed_size_list(array.type):
        array = array.flatten()
    if array.null_count:
        raise LatticeError(f"column {name!r} holds nulls")
    if pa.types.is_boolean(array.type):
        return torch.from_numpy(array.to_numpy(zero_copy_only=False).copy())
    types = {pa.from_numpy_dtype(kind): dtype for dtype, kind in _numpy_names().items()}
    if array.type not in types:
        raise LatticeError(f"column {name!r} has type {array.type}, which a batch does not hold")
    return _shared(array.buffers()[1], types[array.type], array.offset, len(array))


def _ragged(name: str, array: Any, width: int) -> tuple[torch.Tensor, torch.Tensor]:
    """The rows [n, width] of all lattices, and where those of each begin."""
    offsets = _offsets(array)
    return _numbers(name, array.flatten()).reshape(-1, width), offsets - offsets[0]


def _offsets(array: Any) -> torch.Tensor:
    return _shared(array.buffers()[1], torch.int64, array.offset, len(array) + 1)


def _column_of(name: str, array: Any) -> Column:
    """One value per lattice."""
    pa = _pyarrow()
    if pa.types.is_large_string(array.type):
        data = array.buffers()[2]
        return StringColumn(_shared(data, torch.uint8, 0, data.size if data else 0), _offsets(array))
    shape, kind = [len(array)], array.type
    while pa.types.is_fixed_size_list(kind):
        shape.append(kind.list_size)
        kind = kind.value_type
    return _numbers(name, array).reshape(shape)


def _shared(buffer: Any, dtype: torch.dtype, first: int, count: int) -> torch.Tensor:
    """Numbers [first, first + count) of an Arrow buffer as a tensor on the same memory."""
    if count == 0 or buffer is None or buffer.size == 0:
        return torch.zeros(count, dtype=dtype)
    memory = (ctypes.c_char * buffer.size).from_address(buffer.address)
    memory.owner = buffer  # lives as long as the tensor
    return torch.frombuffer(memory, dtype=dtype, count=count, offset=first * dtype.itemsize)
