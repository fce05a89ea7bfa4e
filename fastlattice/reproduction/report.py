"""Tables of results as Markdown, the paper's figures beside them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from fastlattice._files import replacing
from fastlattice._version import __version__
from fastlattice.errors import FastlatticeError
from fastlattice.reproduction.experiments import Column, Table
from fastlattice.reproduction.paper import ABSOLUTE
from fastlattice.reproduction.runner import Result

MEDIAN = "L_dir_rel (sqrt gamma), median"
METRICS = (
    "L_comp (mean absolute)",
    "L_dir",
    "L_dir_rel (sqrt gamma)",
    MEDIAN,
    "L_dir_rel (mean directional)",
    "L_equiv",
    "negative eigenvalue",
)
"""Of a table at equal time: means over the test lattices but for one, whose mean a few soft lattices rule."""
AT_THE_END = (MEDIAN, "L_equiv")
"""What is not measured on the way, and so not compared at equal samples."""
UNIT = 1e-5
"""Of absolute metrics in the tables, in E_s: the released code's."""
FORMAT = 1


def markdown(table: Table, results: Mapping[str, Result], minutes: float) -> str:
    """A table twice: after equal time, and after equal samples.

    Numbers are means over the test lattices and the seeds that are there, with the least and the largest of several
    seeds; what the paper has stands behind the stroke. Absolute ones are in 1e-5 E_s.

    Args:
        table: which.
        results: by the keys of their runs; what is missing is "-".
        minutes: the budget of its runs.
    """
    entries = [(column, _seeds(table, column, results, minutes)) for column in table.columns]
    parts = [f"## {table.title}", f"After {minutes:g} minutes of training on one core:"]
    parts.append(_table(entries, METRICS, lambda result, name: _at_end(result, name)))
    samples = common_samples([each for _, found in entries for each in found])
    if samples is None:
        parts.append("There is no number of samples that all runs were measured at.")
    else:
        parts.append(f"After {samples:,} samples:")
        on_the_way = tuple(name for name in METRICS if name not in AT_THE_END)
        parts.append(_table(entries, on_the_way, lambda result, name: _on_the_way(result, name, samples)))
    return "\n\n".join(parts) + "\n"


def common_samples(results: list[Result]) -> int | None:
    """The largest number of samples that all runs were measured at, or None."""
    common = set.intersection(*(set(each["history"]["samples"]) for each in results)) if results else set()
    return max(common, default=None)


def _seeds(table: Table, column: Column, results: Mapping[str, Result], minutes: float) -> list[Result]:
    keys = (replace(column.run, seed=seed).key(minutes) for seed in range(table.seeds))
    return [results[key] for key in keys if key in results]


def _at_end(result: Result, name: str) -> float | None:
    value = result["final"][name]
    return None if value is None else float(value)


def _on_the_way(result: Result, name: str, samples: int) -> float | None:
    history = result["history"]
    value = history[name][history["samples"].index(samples)]
    return None if value is None else float(value)


def _table(
    entries: Sequence[tuple[Column, list[Result]]],
    metrics: tuple[str, ...],
    value: Callable[[Result, str], float | None],
) -> str:
    header = ["", "samples", "seeds", *(_heading(name) for name in metrics)]
    lines = ["| " + " | ".join(header) + " |", "|---|" + "---:|" * (len(header) - 1)]
    for column, found in entries:
        seen = f"{sum(each['samples'] for each in found) / len(found) / 1000:.0f} k" if found else "-"
        cells = [_cell([value(each, name) for each in found], column.paper.get(name), name) for name in metrics]
        lines.append("| " + " | ".join([column.label, seen, str(len(found)), *cells]) + " |")
    return "\n".join(lines)


def _heading(name: str) -> str:
    return f"{name}, 1e-5 E_s" if name in ABSOLUTE else name


def _cell(values: list[float | None], paper: float | None, name: str) -> str:
    """Mean, range over seeds, and the paper's."""
    factor = 1 / UNIT if name in ABSOLUTE else 1.0
    known = [factor * each for each in values if each is not None]
    text = _number(sum(known) / len(known)) if known and len(known) == len(values) else "-"
    if len(known) > 1 and text != "-":
        text += f" ({_number(min(known))}-{_number(max(known))})"
    return text if paper is None else f"{text} / {paper:.2f}"


def _number(value: float) -> str:
    return f"{value:.0e}" if 0 < abs(value) < 5e-4 else f"{value:.2f}" if abs(value) < 100 else f"{value:.0f}"


def write_results(path: Path, results: Mapping[str, Result], minutes: float) -> None:
    """Writes results as one JSON file, whole or not at all."""
    content = {"format": FORMAT, "fastlattice": __version__, "minutes": minutes}
    runs = ",\n".join(f"{json.dumps(key)}: {json.dumps(each, separators=(',', ':'))}" for key, each in results.items())
    with replacing(path) as temporary:
        temporary.write_text(json.dumps(content)[:-1] + ', "runs": {\n' + runs + "\n}}\n", encoding="utf-8")


def read_results(path: Path) -> tuple[dict[str, Result], float]:
    """What `write_results` wrote, and the minutes of its runs.

    Raises:
        FastlatticeError: it is not such a file.
        OSError: it cannot be read.
    """
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if content["format"] != FORMAT:
            raise ValueError(f"its format is {content['format']}")
        return dict(content["runs"]), float(content["minutes"])
    except (ValueError, KeyError, TypeError) as error:
        raise FastlatticeError(f"{path} holds no results of `fastlattice reproduce` ({error})") from None
