"""From chunks of lattices to columns of results: computed side by side, given back in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray

from fastlattice.fe import Status
from fastlattice.lattice.batch import LatticeBatch
from fastlattice.lattice.strings import StringColumn
from fastlattice.screening.engines import STATUS_NAMES, Computed, Engine
from fastlattice.screening.expressions import Condition
from fastlattice.screening.options import DISAGREEMENT, FLAGS, PREDICTED, Options
from fastlattice.screening.properties import extreme_columns, property_columns
from fastlattice.screening.selection import Columns, best, pareto_front

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True)
class Part:
    """Results of a chunk of lattices.

    Attributes:
        lattices: those that were kept.
        columns: their results, [n] by name: numpy arrays, `name` as a StringColumn, `status` by number.
        rows: how many lattices the chunk had.
        failed: how many of them have no stiffness.
    """

    lattices: LatticeBatch
    columns: dict[str, Any]
    rows: int
    failed: int


def results_of(engine: Engine, options: Options, first: int, batch: LatticeBatch) -> Part:
    """The results of lattices whose rows begin at `first`, less those that a condition or the choice leaves out."""
    computed = engine.compute(batch)
    columns = _columns(computed, first, batch)
    kept = np.ones(len(batch), dtype=bool)
    for condition in options.cheap:
        kept &= condition(_readable(columns, condition))
    stiffness = computed.stiffness
    if not kept.all():
        columns, stiffness = _taken(columns, kept), stiffness[kept]
    if options.extremes:
        last = {name: columns.pop(name) for name in ("status", *FLAGS)}
        columns |= extreme_columns(stiffness, ~np.isnan(columns["E_x"]), options.extremes)
        columns |= last
        passed = np.ones(len(stiffness), dtype=bool)
        for condition in options.dear:
            passed &= condition(_readable(columns, condition))
        columns = _taken(columns, passed)
    rows = chosen(columns, options)
    if rows is not None:
        columns = _taken(columns, rows)
    lattices = batch.take(columns["id"] - first) if len(columns["id"]) < len(batch) else batch
    return Part(lattices, columns, len(batch), int((computed.status != Status.OK).sum()))


def chosen(columns: Columns, options: Options) -> NDArray[np.int64] | None:
    """Rows of the best or of the Pareto front in the order of ids, or None where all are kept."""
    if options.top is not None and options.by is not None:
        return np.sort(best(columns, options.by, options.top))
    return pareto_front(columns, options.pareto) if options.pareto else None


def _taken(columns: dict[str, Any], rows: NDArray[Any]) -> dict[str, Any]:
    places = np.flatnonzero(rows) if rows.dtype == bool else rows
    names = columns["name"].take(torch.from_numpy(places))
    return {name: names if name == "name" else values[places] for name, values in columns.items()}


def _readable(columns: dict[str, Any], condition: Condition) -> dict[str, Any]:
    """The columns, with texts as arrays where the condition needs them."""
    texts = {}
    if "name" in condition.names:
        texts["name"] = np.array(list(columns["name"]), dtype=object)
    if "status" in condition.names:
        texts["status"] = STATUS_NAMES[columns["status"]]
    return {**columns, **texts}


def _columns(computed: Computed, first: int, batch: LatticeBatch) -> dict[str, Any]:
    columns: dict[str, Any] = {
        "id": np.arange(first, first + len(batch)),
        "name": batch.names,
        "density": computed.density,
        **property_columns(computed.stiffness),
    }
    if computed.predicted is not None:
        predicted = property_columns(computed.predicted)
        columns |= {name: predicted[name.removesuffix("_predicted")] for name in PREDICTED}
        columns[DISAGREEMENT] = disagreement(computed.predicted, computed.stiffness)
    columns["status"] = computed.status.astype(np.int8)
    columns |= {flag: getattr(computed, flag) for flag in FLAGS}
    return columns


def disagreement(predicted: NDArray[np.float64], exact: NDArray[np.float64]) -> NDArray[np.float64]:
    """[n] |C_predicted - C_exact| / |C_exact| in the Frobenius norm."""

    def norm(matrices: NDArray[np.float64]) -> NDArray[np.float64]:
        total = np.zeros(len(matrices))
        for i in range(6):
            for j in range(6):
                total = total + matrices[:, i, j] ** 2
        return np.sqrt(total)

    with np.errstate(all="ignore"):
        return norm(predicted - exact) / norm(exact)


def as_lattices(part: Part) -> LatticeBatch:
    """The lattices that were kept, with their results as columns."""
    status = StringColumn.from_strings(STATUS_NAMES[part.columns["status"]].tolist())
    return part.lattices.replace(columns={}).with_columns(**{**part.columns, "status": status})


def in_order(function: Callable[[T], R], items: Iterable[T], workers: int) -> Iterator[R]:
    """function(item) for each item, in order, of which a few are worked at while the caller uses the last ones."""
    waiting: deque[Future[R]] = deque()
    pool = ThreadPoolExecutor(workers, thread_name_prefix="fastlattice-screen")
    try:
        for item in items:
            waiting.append(pool.submit(function, item))
            while len(waiting) > 2 * workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
