"""What `fe` and `predict` share: lattices in, a stiffness for each, results out, failures and labels compared."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from fastlattice._version import __version__
from fastlattice.cli import results, sources

if TYPE_CHECKING:
    import torch

    from fastlattice.cli.comparison import Theories
    from fastlattice.fe import StiffnessResult
    from fastlattice.lattice.batch import LatticeBatch

    Compute = Callable[[LatticeBatch], StiffnessResult]
    """Takes lattices and returns their stiffness."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of every command that computes stiffness."""
    sources.add_arguments(parser)
    results.add_arguments(parser)
    parser.add_argument("--compare", action="store_true", help="compare with the input's labels and print the errors")


def run(
    arguments: argparse.Namespace,
    inputs: list[sources.Source],
    compute: Compute,
    method: dict[str, Any],
    theories: Theories | None = None,
) -> int:
    """Computes, prints and writes chunk by chunk.

    Args:
        arguments: of the command line.
        inputs: the lattices.
        compute: what is done.
        method: what is recorded of how it is done.
        theories: other ways to compute the labels, which --compare tells apart.

    Returns:
        1 if a lattice has no stiffness or an entry was malformed, else 0.
    """
    from fastlattice._progress import ProgressBar
    from fastlattice.cli.comparison import Comparison
    from fastlattice.cli.records import tensor
    from fastlattice.cli.writers import open_sinks
    from fastlattice.lattice.joints import NOTED_SLENDERNESS, slenderness

    origin = {**method, "inputs": arguments.inputs, "version": f"fastlattice {__version__}", "command": arguments.line}
    report = results.report_of(arguments, origin)
    failures: list[tuple[str, str]] = []
    comparison, without_extremes, thick = Comparison(theories), 0, 0
    with ExitStack() as stack:
        sinks = [stack.enter_context(sink) for sink in open_sinks(arguments, report)]
        bar = stack.enter_context(ProgressBar(unit=" lattices", unit_scale=True, disable=None, leave=False))
        for place, source in enumerate(inputs):
            done_before, to_come = bar.n, sum(later.count or 0 for later in inputs[place + 1 :])
            for batch in source.batches(sources.CHUNK):
                bar.total = done_before + source.estimate(bar.n - done_before + len(batch)) + to_come
                if arguments.extremes is None:
                    arguments.extremes = bar.total <= results.CHEAP
                chunk = with_results(batch, compute(batch), source.spec, arguments.extremes, arguments.printed_density)
                thick += int(((tensor(chunk, "status") == 0) & (slenderness(batch) >= NOTED_SLENDERNESS)).sum())
                without_extremes += 0 if arguments.extremes else len(chunk)
                for sink in sinks:
                    sink(chunk)
                failures += [(name, why) for name, why in zip(chunk.names, reasons(chunk), strict=True) if why]
                if arguments.compare:
                    comparison.add(chunk)
                bar.update(len(chunk))
    if arguments.compare:
        comparison.print()
    if without_extremes and (arguments.output or arguments.format != "table"):
        sources.say(f"E_min and E_max of {without_extremes} lattices were not computed; --extremes does")
    if thick and not arguments.printed_density:
        sources.say(
            f"{thick} lattices have struts of r/L >= {NOTED_SLENDERNESS}: the printed part is lighter than their "
            "relative density says, since struts overlap at the nodes; --printed-density tells by how much"
        )
    _report(failures, inputs)
    return 1 if failures or any(source.errors for source in inputs) else 0


def with_results(
    batch: LatticeBatch, result: StiffnessResult, spec: str, with_extremes: bool, with_printed: bool
) -> LatticeBatch:
    """The lattices with the columns stiffness, status, rank, beam_valid, joints_valid, reason ("" where all is well),
    input, young_extremes and, where wanted, printed_density."""

    from fastlattice.cli.writers import extremes_of
    from fastlattice.lattice.strings import StringColumn

    reasons = [""] * len(batch)
    for failure in result.failures():
        reasons[failure.index] = failure.reason
    chunk = batch.with_columns(
        stiffness=result.stiffness,
        status=result.status,
        rank=result.rank,
        beam_valid=result.beam_valid,
        joints_valid=result.joints_valid,
        reason=StringColumn.from_strings(reasons),
        input=StringColumn.from_strings([spec] * len(batch)),
    )
    if with_printed:
        chunk = chunk.with_columns(printed_density=printed_densities(chunk))
    return chunk.with_columns(young_extremes=extremes_of(chunk, with_extremes))


def printed_densities(chunk: LatticeBatch) -> torch.Tensor:
    """[B] float64, NaN where there is no stiffness."""
    import torch

    from fastlattice.cli.records import tensor
    from fastlattice.lattice.printed import printed

    found = torch.full((len(chunk),), torch.nan, dtype=torch.float64)
    for row in (tensor(chunk, "status") == 0).nonzero()[:, 0].tolist():
        found[row] = printed(chunk[row]).density
    return found


def reasons(chunk: LatticeBatch) -> list[str]:
    """The column "reason"."""
    return [str(reason) for reason in chunk.columns["reason"]]


def _report(failures: list[tuple[str, str]], inputs: list[sources.Source]) -> None:
    skipped = [(error.entry or source.spec, str(error)) for source in inputs for error in source.errors]
    for label, listed in (("lattices have no stiffness", failures), ("malformed entries were skipped", skipped)):
        results.list_left_out(label, listed, " (--output FILE.csv has all)")
