"""Reading a folder of results: a sample of its rows, its best ones, and the lattices that these are of."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fastlattice.errors import FastlatticeError
from fastlattice.lattice.batch import LatticeBatch
from fastlattice.screening.closing import lattices_of, results_files
from fastlattice.screening.folder import CERTIFIED, MANIFEST, SELECTED
from fastlattice.screening.selection import Objective, best, objective
from fastlattice.screening.shards import arrow
from fastlattice.screening.sources import open_source

Columns = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class Results:
    """Some rows of a folder.

    Attributes:
        columns: numbers and names by column, of the best rows first and then of a sample of all.
        best: how many rows are the best.
        total: rows of the folder.
        chosen: in words, what the best are.
        objectives: that the screening was asked for, if any.
    """

    columns: Columns
    best: int
    total: int
    chosen: str
    objectives: tuple[Objective, ...]


def read_results(
    folder: Path, count: int, by: str | None = None, most: int = 20_000, otherwise: str = "E_x"
) -> Results:
    """The best rows of a folder and every k-th of all, so that there are no more than `most`.

    Args:
        folder: of a screening; memory holds one of its shards at a time.
        count: of the best rows.
        by: what is good, as in "E_min" or "min:nu_xy"; None: what the screening chose, those that it certified before
            those that it selected, or else `otherwise`.
        most: rows of the sample.
        otherwise: what is good where neither you nor the screening say so.

    Raises:
        FastlatticeError: there are no results, no such column, or a file is damaged.
        MissingExtraError: pyarrow is not installed.
    """
    files = results_files(folder)
    if not files:
        raise FastlatticeError(f"{folder}: there are no results")
    pyarrow = arrow()
    try:
        total = sum(arrow("pyarrow.parquet").read_metadata(file).num_rows for file in files)
        asked = _options(folder)
        first = next(_tables(files))
        numbers = [name for name, values in first.items() if values.dtype.kind in "fiub"]
        objectives = tuple(
            objective(text, numbers) for text in [*asked["pareto"], *([asked["by"]] * bool(asked["by"]))]
        )
        step = -(-total // max(most - count, 1))
        sample: list[Columns] = []
        kept: list[Columns] = []
        seen = 0
        wanted = None if by is None else objective(by, numbers)
        named = next((name for name in (CERTIFIED, SELECTED) if (folder / name).is_file()), None)
        if wanted is None and named is None:
            wanted = objective(otherwise, numbers)
        for table in _tables(files):
            rows = len(table["id"])
            sample.append({name: values[(-seen) % step :: step] for name, values in table.items()})
            if wanted is not None:
                kept = [_taken(_joined([*kept, table]), wanted, count)]
            seen += rows
        if wanted is not None:
            found, chosen = kept[0], _words(wanted)
        else:
            found, chosen = _chosen(folder / str(named), asked, count)
        others = _joined(sample)
        apart = ~np.isin(others["id"], found["id"])
        columns = {name: np.concatenate([found[name], values[apart]]) for name, values in others.items()}
        return Results(columns, len(found["id"]), total, chosen, objectives)
    except (pyarrow.ArrowException, KeyError) as error:
        raise FastlatticeError(f"{folder}: the results cannot be read: {error}") from None


def lattices_of_rows(folder: Path, rows: NDArray[np.int64], source: str | None, density: float) -> LatticeBatch:
    """The lattices of rows of a folder, in their order.

    Args:
        folder: of a screening.
        rows: their ids.
        source: where the lattices come from, as the screening was told; None: what its manifest says.
        density: what the source's lattices have that state none, as for `open_source`.

    Raises:
        FastlatticeError: the source is not the one that was screened, or cannot be opened.
        OSError: a file cannot be opened.
    """
    manifest = _manifest(folder)
    spec = source or manifest.get("source")
    if not spec:
        raise FastlatticeError(f"{folder}: it does not say where its lattices come from")
    opened = open_source(spec, density)
    if json.loads(json.dumps(opened.identity)) != manifest["job"]["source"]:
        raise FastlatticeError(f"{spec} is not what was screened, or no longer, or not at relative density {density:g}")
    return lattices_of(opened, rows)


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        found["job"]["source"], found["job"]["options"]
    except (OSError, ValueError, KeyError, TypeError):
        raise FastlatticeError(f"{folder / MANIFEST}: it is missing or damaged") from None
    return found


def _options(folder: Path) -> dict[str, Any]:
    return {"pareto": [], "by": None, **_manifest(folder)["job"]["options"]}


def _tables(files: list[Path]) -> Iterator[Columns]:
    parquet = arrow("pyarrow.parquet")
    for file in files:
        table = parquet.read_table(file)
        yield {name: table.column(name).to_numpy(zero_copy_only=False) for name in table.column_names}


def _joined(tables: list[Columns]) -> Columns:
    return {name: np.concatenate([table[name] for table in tables]) for name in tables[0]}


def _taken(table: Columns, by: Objective, count: int) -> Columns:
    rows = best(table, by, count)
    return {name: values[rows] for name, values in table.items()}


def _chosen(file: Path, asked: dict[str, Any], count: int) -> tuple[Columns, str]:
    """Rows of what the screening chose: the first, or along a Pareto front from end to end."""
    table = next(_tables([file]))
    rows = np.arange(len(table["id"]))
    if file.name == SELECTED and asked["pareto"]:
        along = objective(asked["pareto"][0], list(table)).cost(table)
        order = np.argsort(along, kind="stable")
        rows = order[np.unique(np.linspace(0, len(order) - 1, min(count, len(order))).round().astype(int))]
        return {name: values[rows] for name, values in table.items()}, "along the Pareto front"
    words = _words(objective(asked["by"], list(table)))
    words += " by finite elements" if file.name == CERTIFIED else ""
    return {name: values[rows[:count]] for name, values in table.items()}, words


def _words(by: Objective) -> str:
    return f"{'smallest' if by.smallest else 'largest'} {by.column}"
