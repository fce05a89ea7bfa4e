"""Exact homogenised stiffness by periodic frame finite elements.

Every strut is one exact Timoshenko beam of circular section; results are in units of the solid's Young's modulus
E_s unless --solid-modulus is given. A lattice without a stiffness (a mechanism, a floating piece, ...) is reported
with its reason and does not stop the others.

examples:
  fastlattice fe octet
  fastlattice fe octet kelvin --density 0.01,0.03,0.1 --solid-modulus 110
  fastlattice fe nets:rcsr --output nets.parquet
  fastlattice fe catalogue.lat.gz --output stiffness.csv --notation voigt
  fastlattice fe catalogue.lat --compare --discretisation abaqus-b31
"""

from __future__ import annotations

import argparse
import sys
from contextlib import ExitStack

import torch
from tqdm import tqdm

from fastlattice.batch import LatticeBatch
from fastlattice.cli import results, sources
from fastlattice.cli._types import count, number
from fastlattice.fe import homogenise
from fastlattice.strings import StringColumn

EPILOG = "\n" + sources.HELP
_CHUNK = 4096
_LISTED = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `fastlattice fe`."""
    sources.add_arguments(parser)
    results.add_arguments(parser)
    parser.add_argument(
        "--nu", type=number(above=-1, below=0.5), default=0.3, help="Poisson's ratio of the solid (default 0.3)"
    )
    parser.add_argument(
        "--kappa", type=number(above=0), default=0.89, help="shear correction factor of the section (default 0.89)"
    )
    parser.add_argument(
        "--discretisation",
        choices=("exact", "abaqus-b31"),
        default="exact",
        help="exact beams (default), or the bending stiffness of the linear B31 elements behind published labels",
    )
    parser.add_argument(
        "--threads", type=count, metavar="N", help="worker threads (default: torch's number of threads)"
    )
    parser.add_argument(
        "--compare", action="store_true", help="compare with the labels of the input and print the errors"
    )


def run(arguments: argparse.Namespace) -> int:
    """Computes, prints and writes; returns 1 if a lattice or an entry failed."""
    results.refuse_overwriting(arguments.inputs, arguments.output)
    inputs = sources.open_sources(arguments)
    counts = [source.count for source in inputs]
    total = None if None in counts else sum(c for c in counts if c is not None)
    failures: list[tuple[str, str]] = []
    comparison = Comparison()
    with ExitStack() as stack:
        sinks = [stack.enter_context(sink) for sink in results.open_sinks(arguments)]
        bar = stack.enter_context(tqdm(total=total, unit=" lattices", unit_scale=True, disable=None, leave=False))
        for source in inputs:
            for batch in source.batches(_CHUNK):
                chunk = _homogenised(batch, arguments)
                for sink in sinks:
                    sink(chunk)
                reasons = chunk.columns["reason"]
                failed = [i for i, reason in enumerate(reasons) if reason]
                failures += [(chunk.names[i], str(reasons[i])) for i in failed]
                if arguments.compare:
                    comparison.add(chunk)
                bar.update(len(chunk))
    if arguments.compare:
        comparison.print()
    _report(failures, inputs)
    return 1 if failures or any(source.errors for source in inputs) else 0


def _homogenised(batch: LatticeBatch, arguments: argparse.Namespace) -> LatticeBatch:
    """The lattices with their stiffness, status, rank, beam_valid and the reason where there is no stiffness."""
    result = homogenise(
        batch,
        nu=arguments.nu,
        kappa=arguments.kappa,
        threads=arguments.threads,
        discretisation=arguments.discretisation,
    )
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

    def __init__(self) -> None:
        self._errors: list[torch.Tensor] = []
        self._worst: list[tuple[float, str, float]] = []
        self._unlabelled = 0

    def add(self, chunk: LatticeBatch) -> None:
        """Takes one chunk of results."""
        label = chunk.columns.get("target")
        stiffness = chunk.columns["stiffness"]
        assert isinstance(stiffness, torch.Tensor)
        if not isinstance(label, torch.Tensor):
            self._unlabelled += len(chunk)
            return
        known = ~(label.isnan() | stiffness.isnan()).any(-1).any(-1)
        self._unlabelled += int((~known).sum())
        norm = torch.linalg.matrix_norm
        errors = norm(stiffness[known] - label[known]) / norm(label[known])
        self._errors.append(errors)
        rows = known.nonzero()[:, 0]
        density = chunk.relative_density
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
        marks = torch.quantile(errors, torch.tensor([0.5, 0.9, 0.99, 1.0], dtype=errors.dtype)).tolist()
        print(
            "relative error in C (Frobenius): "
            + ", ".join(
                f"{name} {value:.2e}" for name, value in zip(("median", "p90", "p99", "max"), marks, strict=True)
            )
        )
        print("largest:")
        for error, name, density in self._worst:
            print(f"  {error:.2e}  {name}  at density {density:.6g}")
