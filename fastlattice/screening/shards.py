"""The unit of a screening: a shard, a function of the job and its number alone, and the Parquet file that holds it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from fastlattice._files import replacing
from fastlattice.errors import MissingExtraError
from fastlattice.lattice.strings import StringColumn
from fastlattice.screening.compute import Part, chosen
from fastlattice.screening.engines import STATUS_NAMES, Engine, platform_identity
from fastlattice.screening.files import Reject
from fastlattice.screening.options import Options
from fastlattice.screening.sources import Source

if TYPE_CHECKING:
    import pyarrow as pa

SHARD = 131_072
"""Rows of a shard, and of the one row group that its file has where every row is kept."""
KEY = b"fastlattice"
CONVENTIONS = {
    "format": "fastlattice.screening",
    "version": 2,  # of the bytes of a shard; older folders are not gone on with
    "id": "row of the source, from 0",
    "density": "relative density: sum of pi r^2 L over the struts / volume of the cell",
    "stiffness": "C_ij of the 6x6 Mandel matrix, order 11, 22, 33, 23, 13, 12, in units of the solid's Young's modulus",
    "moduli": "E, G in units of the solid's Young's modulus; nu_ij: contraction along j under stress along i; "
    "_min and _max: over all directions",
    "anisotropy": "universal index A^U of Ranganathan and Ostoja-Starzewski (2008)",
    "missing": "NaN where there is no stiffness; status says why",
}


@dataclass(frozen=True)
class Job:
    """All that a screening is: with the number of a shard it says every byte of its file.

    Attributes:
        source, engine, options: of the screening.
        rows: rows of a shard.
        identity: everything that changes a result, ready for JSON.
    """

    source: Source
    engine: Engine
    options: Options
    rows: int
    identity: dict[str, Any]

    @property
    def shards(self) -> int:
        """How many there are."""
        return -(-self.source.count // self.rows)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the identity."""
        return hashlib.sha256(json.dumps(self.identity, sort_keys=True).encode()).hexdigest()

    def range(self, shard: int) -> tuple[int, int]:
        """First and end of a shard's rows of the source."""
        return shard * self.rows, min((shard + 1) * self.rows, self.source.count)

    def __reduce__(self) -> tuple[Any, ...]:
        """Another process makes the job from what it has itself: its identity says whether it is the same."""
        return job_of, (self.source, self.engine, self.options, self.rows)


def job_of(source: Source, engine: Engine, options: Options, rows: int = SHARD) -> Job:
    """The job, with its identity.

    Raises:
        MissingExtraError: pyarrow is not installed.
    """
    arrow()
    identity = {
        "version": CONVENTIONS["version"],
        "source": source.identity,
        "engine": engine.identity,
        "options": options.identity,
        "shard": rows,
        "platform": platform_identity(),
    }
    return Job(source, engine, options, rows, json.loads(json.dumps(identity)))


def write_shard(path: Path, job: Job, shard: int, parts: Sequence[Part], rejects: Sequence[Reject]) -> None:
    """Writes the file of a shard; it appears whole, and after it is on the disk.

    Raises:
        OSError: it cannot be written.
    """
    pieces = [part.columns for part in parts]
    if job.options.selects:
        columns = {name: _joined(name, pieces) for name in pieces[0]}
        rows = chosen(columns, job.options)
        pieces = [{k: v.take(torch.from_numpy(rows)) if k == "name" else v[rows] for k, v in columns.items()}]
    about = {
        **CONVENTIONS,
        "fingerprint": job.fingerprint,
        "shard": shard,
        "range": job.range(shard),
        "engine": job.identity["engine"],
        "platform": job.identity["platform"],
        "rows": sum(part.rows for part in parts),
        "failed": sum(part.failed for part in parts),
        "rejects": [list(each) for each in rejects],
    }
    write_table(path, to_arrow(pieces), about)


def _joined(name: str, pieces: Sequence[dict[str, Any]]) -> Any:
    """A column of several pieces, one after another."""
    values = [piece[name] for piece in pieces]
    return StringColumn.concatenate(values) if name == "name" else np.concatenate(values)


def arrow(name: str = "pyarrow") -> Any:
    """The module of pyarrow.

    Raises:
        MissingExtraError: it is not installed.
    """
    from importlib import import_module

    try:
        return import_module(name)
    except ImportError:
        raise MissingExtraError("screening to a folder", "parquet") from None


def to_arrow(pieces: Sequence[dict[str, Any]]) -> pa.Table:
    """An Arrow table of columns, in pieces on their own memory but for names; `status` in words."""
    pa = arrow()

    def array(name: str, values: Any) -> Any:
        if name == "status":
            return pa.DictionaryArray.from_arrays(values, pa.array(STATUS_NAMES.tolist())).cast(pa.string())
        return pa.array(np.ascontiguousarray(values))

    def column(name: str) -> Any:
        if name != "name":
            return pa.chunked_array([array(name, piece[name]) for piece in pieces])
        names = _joined(name, pieces)
        buffers = (pa.py_buffer(each.contiguous().numpy()) for each in (names.offsets, names.data))
        return pa.Array.from_buffers(pa.large_string(), len(names), [None, *buffers])

    columns = {name: column(name) for name in pieces[0]}
    fields = [pa.field(name, each.type, nullable=False) for name, each in columns.items()]
    return pa.Table.from_arrays(list(columns.values()), schema=pa.schema(fields))


def write_table(path: Path, table: pa.Table, about: dict[str, Any]) -> None:
    """One Parquet file of one row group, without a time in it."""
    parquet = arrow("pyarrow.parquet")
    table = table.replace_schema_metadata({KEY: json.dumps(about, sort_keys=True)})
    with replacing(path) as temporary:
        parquet.write_table(
            table,
            temporary,
            compression="zstd",
            compression_level=-3,  # two percent larger than with 1, in two thirds of the time
            use_dictionary=["name", "status"],
            use_byte_stream_split=[field.name for field in table.schema if field.type == arrow().float64()],
            row_group_size=max(1, len(table)),
            write_page_checksum=True,
        )


def about_file(path: Path) -> dict[str, Any]:
    """What the metadata of a results file say; empty where it is none or is damaged."""
    try:
        found = json.loads(arrow("pyarrow.parquet").read_schema(path).metadata[KEY])
    except (arrow().ArrowException, OSError, ValueError, KeyError, TypeError):
        return {}
    return found if isinstance(found, dict) else {}
