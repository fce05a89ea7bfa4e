"""What `fe` and `predict` share: lattices in, a stiffness for each, results out, failures and labels compared."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from contextlib import ExitStack

import torch
from tqdm import tqdm

from fastlattice.cli import results, sources
from fastlattice.fe import StiffnessResult
from fastlattice.lattice.batch import LatticeBatch
from fastlattice.lattice.strings import StringColumn

_LISTED = 20

Compute = Callable[[LatticeBatch], LatticeBatch]
"""Takes lattices and returns them with the columns stiffness, status, beam_valid and reason ("" where all is well)."""

Theories = Callable[[LatticeBatch], dict[str, torch.Tensor]]
"""Takes labelled lattices and returns their stiffness [B, 6, 6] by the name of each way to compute it."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of every command that computes stiffness."""
    sources.add_arguments(parser)
    results.add_arguments(parser)
    parser.add_argument("--compare", action="store_true", help="compare with the input's labels and print the errors")


def run(arguments: argparse.Namespace, compute: Compute, theories: Theories | None = None) -> int:
    """Computes, prints and writes chunk by chunk.

    Args:
        arguments: of the command line.
        compute: what is done.
        theories: other ways to compute the labels, which --compare tells apart.

    Returns:
        1 if a lattice has no stiffness or an entry was malformed, else 0.
    """
    results.refuse_overwriting(arguments.inputs, arguments.output)
    inputs = sources.open_sources(arguments)
    failures: list[tuple[str, str]] = []
    comparison = Comparison(theories)
    with ExitStack() as stack:
        sinks = [stack.enter_context(sink) for sink in results.open_sinks(arguments)]
        bar = stack.enter_context(tqdm(unit=" lattices", unit_scale=True, disable=None, leave=False))
        for place, source in enumerate(inputs):
            done_before, to_come = bar.n, sum(later.count or 0 for later in inputs[place + 1 :])
            for batch in source.batches(sources.CHUNK):
                chunk = compute(batch)
                for sink in sinks:
                    sink(chunk)
                failures += [(name, why) for name, why in zip(chunk.names, reasons(chunk), strict=True) if why]
                if arguments.compare:
                    comparison.add(chunk)
                bar.total = done_before + source.estimate(bar.n - done_before + len(chunk)) + to_come
                bar.update(len(chunk))
    if arguments.compare:
        comparison.print()
    _report(failures, inputs)
    return 1 if failures or any(source.errors for source in inputs) else 0


def with_results(batch: LatticeBatch, result: StiffnessResult) -> LatticeBatch:
    """The lattices with the columns that a `Compute` gives them."""
    reasons = [""] * len(batch)
    for failure in result.failures():
        reasons[failure.index] = failure.reason
    return batch.with_columns(
        stiffness=result.stiffness,
        status=result.status,
        rank=result.rank,
        beam_valid=result.beam_valid,
        reason=StringColumn.from_strings(reasons),
    )


def reasons(chunk: LatticeBatch) -> list[str]:
    """The column "reason"."""
    return [str(reason) for reason in chunk.columns["reason"]]


def _report(failures: list[tuple[str, str]], inputs: list[sources.Source]) -> None:
    skipped = [(error.entry or source.spec, str(error)) for source in inputs for error in source.errors]
    for label, listed in (("lattices have no stiffness", failures), ("malformed entries were skipped", skipped)):
        if listed:
            print(f"{len(listed)} {label}:", file=sys.stderr)
            for name, reason in listed[:_LISTED]:
                print(f"  {name}: {reason}", file=sys.stderr)
            if len(listed) > _LISTED:
                print(f"  ... and {len(listed) - _LISTED} more (--output FILE.csv has all)", file=sys.stderr)


class Comparison:
    """Relative errors |C - C_label| / |C_label| (Frobenius norm of the Mandel matrices) over all labelled lattices."""

    def __init__(self, theories: Theories | None = None) -> None:
        self._theories, self._errors_of = theories, dict[str, list[torch.Tensor]]()
        self._errors: list[torch.Tensor] = []
        self._worst: list[tuple[float, str, float]] = []
        self._unlabelled = 0

    def add(self, chunk: LatticeBatch) -> None:
        """Takes one chunk of results."""
        label = chunk.columns.get("target")
        if not isinstance(label, torch.Tensor):
            self._unlabelled += len(chunk)
            return
        stiffness = results.tensor(chunk, "stiffness")
        known = ~(label.isnan() | stiffness.isnan()).any(-1).any(-1)
        self._unlabelled += int((~known).sum())
        errors = _relative_errors(stiffness[known], label[known])
        self._errors.append(errors)
        if self._theories is not None:
            for name, other in self._theories(chunk[known]).items():
                self._errors_of.setdefault(name, []).append(_relative_errors(other, label[known]))
        rows, density = known.nonzero()[:, 0], chunk.relative_density
        for place in errors.argsort(descending=True)[:5].tolist():
            row = int(rows[place])
            self._worst.append((float(errors[place]), chunk.names[row], float(density[row])))
        self._worst = sorted(self._worst, reverse=True)[:5]

    def print(self) -> None:
        """Prints the distribution and the five worst."""
        errors = torch.cat(self._errors) if self._errors else torch.empty(0)
        print(f"\n{len(errors)} labelled lattices compared, {self._unlabelled} without a label or a stiffness")
        if not len(errors):
            return
        levels = {"median": 0.5, "p90": 0.9, "p99": 0.99, "max": 1.0}
        marks = (f"{name} {_quantile(errors, level):.2e}" for name, level in levels.items())
        print(f"relative error in C (Frobenius): {', '.join(marks)}")
        medians = {name: _quantile(torch.cat(parts), 0.5) for name, parts in self._errors_of.items()}
        if medians:
            listed = ", ".join(f"{name} {median:.2e}" for name, median in medians.items())
            print(f"the labels are closest to {min(medians, key=medians.__getitem__)} (medians: {listed})")
        print("largest:")
        for error, name, density in self._worst:
            print(f"  {error:.2e}  {name}  at density {density:.6g}")


def _relative_errors(stiffness: torch.Tensor, label: torch.Tensor) -> torch.Tensor:
    norm = torch.linalg.matrix_norm
    return norm(stiffness - label) / norm(label)


def _quantile(values: torch.Tensor, level: float) -> float:
    """By rank: torch.quantile refuses more than 16 million values."""
    return float(values.sort().values[round(level * (len(values) - 1))])
