"""Closing a folder whose shards are all there: the choice among all rows, exact results of the best, the summary."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from fastlattice._files import replacing
from fastlattice.elasticity import unpack21
from fastlattice.fe import homogenise
from fastlattice.lattice.batch import LatticeBatch
from fastlattice.screening.compute import chosen, disagreement
from fastlattice.screening.engines import STATUS_NAMES
from fastlattice.screening.files import Reject
from fastlattice.screening.folder import CERTIFIED, COMPLETE, REJECTED, SELECTED, Folder
from fastlattice.screening.options import DISAGREEMENT
from fastlattice.screening.properties import (
    DERIVED,
    EXTREMES,
    STIFFNESS,
    extreme_columns,
    property_columns,
)
from fastlattice.screening.selection import best
from fastlattice.screening.shards import CONVENTIONS, about_file, arrow, write_table
from fastlattice.screening.sources import Source

_COMPARED = 1_000_000  # rows at most
_WINDOW = 4096


def close(folder: Folder) -> None:
    """Writes what follows from all shards, and then the commit marker."""
    job = folder.job
    abouts = [about_file(folder.shard(shard)) for shard in range(job.shards)]
    summary: dict[str, Any] = {
        "fingerprint": job.fingerprint,
        "shards": job.shards,
        "rows": sum(about["rows"] for about in abouts),
        "without_stiffness": sum(about["failed"] for about in abouts),
        "rejected": _write_rejects(folder, abouts),
    }
    about = {**CONVENTIONS, "fingerprint": job.fingerprint, "engine": job.identity["engine"]}
    if job.options.selects:
        table = _selected(folder)
        write_table(folder.path / SELECTED, table, about)
        summary["selected"] = len(table)
    if job.options.certify:
        table = _certified(folder)
        write_table(folder.path / CERTIFIED, table, about)
        summary["certified"] = len(table)
    if job.engine.both:
        summary["comparison"] = _comparison(folder)
    folder.write_json(COMPLETE, summary)


def _write_rejects(folder: Folder, abouts: list[dict[str, Any]]) -> int:
    rejects = [*folder.job.source.rejects, *(Reject(*each) for about in abouts for each in about["rejects"])]
    path = folder.path / REJECTED
    with replacing(path) as temporary, temporary.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(Reject._fields)
        writer.writerows(rejects)
    return len(rejects)


def _tables(folder: Folder, columns: list[str] | None = None) -> Iterator[Any]:
    parquet = arrow("pyarrow.parquet")
    for shard in range(folder.job.shards):
        yield parquet.read_table(folder.shard(shard), columns=columns).replace_schema_metadata(None)


def _numbers(table: Any, names: set[str]) -> dict[str, NDArray[Any]]:
    return {name: table.column(name).to_numpy() for name in ("id", *sorted(names - {"id"}))}


def _selected(folder: Folder) -> Any:
    """The choice among all rows: that among the choices of the shards. The best come best first."""
    options = folder.job.options
    objectives = [*options.pareto, *([options.by] if options.by else [])]
    names = {each.column for each in objectives}
    kept: Any = None
    for table in _tables(folder):
        joined = table if kept is None else arrow().concat_tables([kept, table])
        kept = joined.take(chosen(_numbers(joined, names), options)).combine_chunks()
    if options.top and options.by:
        kept = kept.take(best(_numbers(kept, names), options.by, options.top))
    return kept


def _certified(folder: Folder) -> Any:
    """Exact finite elements of the rows that the engine ranks best, the best by finite elements first."""
    job, pa = folder.job, arrow()
    by, count = job.options.by, job.options.certify
    assert by is not None
    kept: Any = None
    for table in _tables(folder):
        joined = table if kept is None else pa.concat_tables([kept, table])
        kept = joined.take(best(_numbers(joined, {by.column}), by, count)).combine_chunks()
    if not len(kept):
        return kept
    lattices = lattices_of(job.source, kept.column("id").to_numpy())
    result = homogenise(lattices)
    exact = result.stiffness.numpy()
    columns = property_columns(exact)
    extremes = [name for name in EXTREMES if name in kept.column_names]
    columns |= extreme_columns(exact, ~np.isnan(columns["E_x"]), extremes)
    engine = np.stack([kept.column(name).to_numpy() for name in STIFFNESS], axis=1)
    added: dict[str, Any] = {f"{name}_fe": columns[name] for name in (*STIFFNESS, *DERIVED, *extremes)}
    added["disagreement_fe"] = disagreement(unpack21(engine), exact)
    added["status_fe"] = STATUS_NAMES[result.status.numpy()].tolist()
    for name, values in added.items():
        column = pa.array(values)
        kept = kept.append_column(pa.field(name, column.type, nullable=False), column)
    by_exact = {"id": kept.column("id").to_numpy(), by.column: _exact(kept, columns, by.column)}
    cost = by.cost(by_exact)
    return kept.take(np.lexsort((by_exact["id"], cost)))


def _exact(table: Any, exact: dict[str, NDArray[np.float64]], name: str) -> NDArray[Any]:
    """The values of a column by finite elements; of one that is not computed, such as the density, its own."""
    found: NDArray[Any] = exact[name] if name in exact else table.column(name).to_numpy()
    return found


def lattices_of(source: Source, rows: NDArray[np.int64]) -> LatticeBatch:
    """The lattices of rows of a source, read or made again.

    Args:
        source: what was screened.
        rows: [n] numbers of rows, as the column `id` of results has them, in any order.

    Raises:
        LatticeError: there are no rows.
    """
    order, found = np.argsort(rows, kind="stable"), []
    ascending = rows[order]
    for window in np.unique(ascending // _WINDOW).tolist():
        wanted = ascending[ascending // _WINDOW == window]
        stop = min((window + 1) * _WINDOW, source.count)
        for first, load in source.pieces(window * _WINDOW, stop, lambda reject: None):
            batch = load()
            here = wanted[(wanted >= first) & (wanted < first + len(batch))]
            if len(here):
                part = batch.take(torch.from_numpy(here - first))
                found.append(part.replace(columns={"name": part.names}))
    return LatticeBatch.concatenate(found).take(torch.from_numpy(np.argsort(order)))


def _comparison(folder: Folder) -> dict[str, Any]:
    """How far the network is from finite elements: rank correlations and the worst row, of the first million rows."""
    names = ["id", "name", DISAGREEMENT, *(name for each in DERIVED for name in (each, f"{each}_predicted"))]
    parts, rows = [], 0
    for table in _tables(folder, names):
        parts.append(table)
        rows += len(table)
        if rows >= _COMPARED:
            break
    table = arrow().concat_tables(parts).slice(0, _COMPARED)
    apart = table.column(DISAGREEMENT).to_numpy()
    known = np.flatnonzero(~np.isnan(apart))
    if not len(known):
        return {"rows": 0}
    worst = int(known[np.argmax(apart[known])])
    return {
        "rows": len(known),
        "rank_correlation": {
            name: rank_correlation(*(table.column(each).to_numpy()[known] for each in (name, f"{name}_predicted")))
            for name in DERIVED
        },
        "median_disagreement": float(np.median(apart[known])),
        "worst": {
            "id": table.column("id")[worst].as_py(),
            "name": table.column("name")[worst].as_py(),
            "disagreement": float(apart[worst]),
        },
    }


def rank_correlation(one: NDArray[np.float64], other: NDArray[np.float64]) -> float | None:
    """Spearman's rank correlation of two columns, ties by their mean rank; rows with a NaN are left out.

    None where there are fewer than two rows, or a column is constant.
    """
    both = ~(np.isnan(one) | np.isnan(other))
    ranks = np.stack([_ranks(one[both]), _ranks(other[both])])
    deviations = ranks - ranks.mean(axis=1, keepdims=True) if both.any() else ranks
    scale = float(np.sqrt((deviations**2).sum(axis=1).prod()))
    return float((deviations[0] * deviations[1]).sum() / scale) if scale else None


def _ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    ranks: NDArray[np.float64] = (ends - (counts - 1) / 2)[place]
    return ranks


def results_files(path: Path) -> list[Path]:
    """The files with the results of a folder: its shards."""
    return sorted(path.glob("shard-*.parquet"))
