"""Tables of results as Markdown, the paper's figures beside them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from fastlattice.reproduction.experiments import Column, Table
from fastlattice.reproduction.paper import ABSOLUTE
from fastlattice.reproduction.results import ERROR, MEDIAN, TRIMMED, Result

METRICS = ("L_comp (mean absolute)", "L_dir", ERROR, "L_dir_rel (mean directional)", "L_equiv", "negative eigenvalue")
"""Means over the test lattices."""
AT_THE_END = (MEDIAN, *TRIMMED.values(), "L_equiv")
"""What is not measured on the way, and so not compared at equal samples."""
UNIT = 1e-5
"""Of absolute metrics in the tables, in E_s: the released code's."""


def markdown(table: Table, results: Mapping[str, Result], minutes: float) -> str:
    """A table thrice: after equal time, the same without the worst lattices, and after equal samples.

    Numbers are means over the test lattices and the seeds that are there, with the least and the largest of several
    seeds; what the paper has stands behind the stroke. Absolute ones are in 1e-5 E_s.

    Args:
        table: which.
        results: by the keys of their runs; what is missing is "-".
        minutes: the budget of its runs.
    """
    entries = [(column, _seeds(table, column, results, minutes)) for column in table.columns]
    failed = [
        f"{column.label}: {each['failed']}." for column, several in entries for each in several if "failed" in each
    ]
    entries = [(column, [each for each in several if "failed" not in each]) for column, several in entries]
    found = [result for _, several in entries for result in several]
    parts = [f"### {table.title}", f"After {minutes:g} minutes of training on one core:"]
    parts.append(_table(entries, ("samples", *METRICS), _at_end))
    parts.append("The same without the worst hundredth of the lattices, and the median of all:")
    parts.append(_table(entries, (*TRIMMED, MEDIAN), lambda result, name: _at_end(result, TRIMMED.get(name, name))))
    samples = common_samples(found)
    if samples is None:
        parts.append("There is no number of samples that all runs were measured at.")
    else:
        names = tuple(name for name in METRICS if name not in AT_THE_END)
        parts.append(f"After {samples:,} samples:")
        parts.append(_table(entries, names, lambda result, name: _on_the_way(result, name, samples)))
    parts += ["Training failed:\n" + "\n".join(f"- {line}" for line in failed)] if failed else []
    return "\n\n".join(parts) + "\n"


def common_samples(results: list[Result]) -> int | None:
    """The largest number of samples that all runs were measured at, or None."""
    common = set.intersection(*(set(each["history"]["samples"]) for each in results)) if results else set()
    return max(common, default=None)


def _seeds(table: Table, column: Column, results: Mapping[str, Result], minutes: float) -> list[Result]:
    keys = (replace(column.run, seed=seed).key(minutes) for seed in range(table.seeds))
    return [results[key] for key in keys if key in results]


def _at_end(result: Result, name: str) -> float | None:
    value = result["samples"] if name == "samples" else result["final"][name]
    return None if value is None else float(value)


def _on_the_way(result: Result, name: str, samples: int) -> float | None:
    history = result["history"]
    value = history[name][history["samples"].index(samples)]
    return None if value is None else float(value)


def _table(
    entries: Sequence[tuple[Column, list[Result]]],
    names: Sequence[str],
    value: Callable[[Result, str], float | None],
) -> str:
    """A row for each entry: its label, how many seeds there are, and the figures of these names."""
    header = ["", "seeds", *(f"{name}, 1e-5 E_s" if name in ABSOLUTE else name for name in names)]
    lines = [header, ["---", *["---:"] * (len(header) - 1)]]
    for column, several in entries:
        cells = [_cell([value(each, name) for each in several], column.paper.get(name), name) for name in names]
        lines.append([column.label, str(len(several)), *cells])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(values: Sequence[float | None], paper: float | None, name: str) -> str:
    """Mean and range over seeds, and the paper's figure; "-" where there is none, or where a seed has no number."""
    factor = 1 / UNIT if name in ABSOLUTE else 1.0
    known = [factor * each for each in values if each is not None]
    text = _number(sum(known) / len(known)) if known and len(known) == len(values) else "-"
    if text != "-" and (low := _number(min(known))) != (high := _number(max(known))):
        text += f" ({low}-{high})"
    return text if paper is None else f"{text} / {paper:.2f}"


def _number(value: float) -> str:
    if 0 < abs(value) < 5e-4:
        return f"{value:.0e}"
    return f"{value:.2f}" if abs(value) < 100 else f"{value:,.0f}"
