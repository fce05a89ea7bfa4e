"""Copies lattices and labels from any input to a catalogue or a Parquet file.

The copy is exact: reading it back gives the same bits. --digits 5 writes a .lat file with the digits that published
catalogues have.

examples:
  fastlattice convert catalogue.lat.gz -o catalogue.parquet
  fastlattice convert nets:rcsr --density 0.003,0.01,0.03 -o nets.lat.gz
  fastlattice convert my.cgd -o my.lat --digits 5
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from fastlattice._version import __version__
from fastlattice.cli import results, sources
from fastlattice.errors import FastlatticeError

EPILOG = "\n" + sources.HELP


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `fastlattice convert`."""
    sources.add_arguments(parser)
    parser.add_argument("-o", "--output", required=True, type=Path, metavar="FILE", help=".lat, .lat.gz or .parquet")
    parser.add_argument("--digits", type=int, choices=(5,), help="five significant digits in .lat (default: exact)")


def run(arguments: argparse.Namespace) -> int:
    """Copies; returns 1 if entries were skipped."""
    output: Path = arguments.output
    if output.suffix != ".parquet" and not output.name.endswith((".lat", ".lat.gz")):
        raise FastlatticeError(f"{output}: the suffix must be .lat, .lat.gz or .parquet")
    if arguments.digits and output.suffix == ".parquet":
        raise FastlatticeError("--digits is for .lat files; Parquet is always exact")
    results.refuse_overwriting(arguments.inputs, [output])
    inputs = sources.open_sources(arguments)
    from tqdm import tqdm

    from fastlattice.io.lat import CATALOGUE_COLUMNS

    origin = {"inputs": arguments.inputs, "version": f"fastlattice {__version__}", "command": arguments.line}
    written, left_out = 0, set[str]()
    with (
        results.open_writer(output, arguments.digits, origin) as write,
        tqdm(unit=" lattices", disable=None, leave=False) as bar,
    ):
        for source in inputs:
            for batch in source.batches(sources.CHUNK):
                write(batch)
                written += len(batch)
                left_out |= batch.columns.keys() - set(CATALOGUE_COLUMNS)
                bar.update(len(batch))
    print(f"{written} lattices written to {output}")
    if left_out and output.suffix != ".parquet":
        print(
            f"columns that a catalogue has no place for were left out: {', '.join(sorted(left_out))}", file=sys.stderr
        )
    errors = [error for source in inputs for error in source.errors]
    for error in errors:
        print(f"skipped: {error}", file=sys.stderr)
    return 1 if errors else 0
