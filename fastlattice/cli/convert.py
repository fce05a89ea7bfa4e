"""Copies lattices and labels from any input to a catalogue or a Parquet file, or one lattice to what printers take.

The copy is exact: reading it back gives the same bits. --digits 5 writes a .lat file with the digits that published
catalogues have. The other formats hold one lattice: a block of cells as beams (.3mf, .ltcx, .obj, .vtu) or as a surface
(.stl), or a periodic model of the cell for CalculiX (.inp).

examples:
  fastlattice convert catalogue.lat.gz -o catalogue.parquet
  fastlattice convert nets:rcsr --density 0.003,0.01,0.03 -o nets.lat.gz
  fastlattice convert my.cgd -o my.lat --digits 5
  fastlattice convert kelvin --density 0.03 -o block.3mf --tessellate 4 4 4 --scale 5
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastlattice._version import __version__
from fastlattice.cli import results, sources
from fastlattice.errors import FastlatticeError

if TYPE_CHECKING:
    from fastlattice.lattice.lattice import Lattice

EPILOG = "\n" + sources.HELP
CATALOGUES = (".lat", ".lat.gz", ".parquet")
BLOCKS = (".3mf", ".ltcx", ".obj", ".vtu", ".stl", ".inp")
SUFFIXES = CATALOGUES + BLOCKS
UNITS = ("um", "mm", "cm", "in", "ft", "m")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `fastlattice convert`."""
    sources.add_arguments(parser)
    parser.add_argument("-o", "--output", required=True, type=Path, metavar="FILE", help=", ".join(SUFFIXES))
    parser.add_argument("--digits", type=int, choices=(5,), help="five significant digits in .lat (default: exact)")
    block = parser.add_argument_group("beams and surfaces")
    block.add_argument(
        "--tessellate",
        type=int,
        nargs=3,
        metavar=("NA", "NB", "NC"),
        help="cells along each lattice vector (default 4 4 4; in .inp 1 1 1)",
    )
    block.add_argument("--unit", choices=UNITS, help="of lengths in the file (default mm); .stl and .vtu state none")
    block.add_argument(
        "--scale", type=float, metavar="LENGTH", help="what the lattice's lengths are multiplied by (default 1)"
    )
    block.add_argument(
        "--faces", choices=("cut", "whole"), help="struts end in the block's faces (default), or stick out"
    )


def run(arguments: argparse.Namespace) -> int:
    """Copies; returns 1 if entries were skipped."""
    output: Path = arguments.output
    if not output.name.endswith(SUFFIXES):
        raise FastlatticeError(f"{output}: the suffix must be one of {', '.join(SUFFIXES)}")
    options = {name: getattr(arguments, name) for name in ("tessellate", "unit", "scale", "faces")}
    options = {name: value for name, value in options.items() if value is not None}
    if output.name.endswith(BLOCKS):
        return _write_block(arguments, options)
    if options:
        raise FastlatticeError(
            f"--{', --'.join(options)}: for {', '.join(BLOCKS)}; a catalogue holds cells as they are"
        )
    if arguments.digits and output.suffix == ".parquet":
        raise FastlatticeError("--digits is for .lat files; Parquet is always exact")
    results.refuse_overwriting(arguments.inputs, [output])
    inputs = sources.open_sources(arguments)
    from fastlattice._progress import ProgressBar
    from fastlattice.io.lat import CATALOGUE_COLUMNS

    origin = {"inputs": arguments.inputs, "version": f"fastlattice {__version__}", "command": arguments.line}
    written, left_out = 0, set[str]()
    with (
        results.open_writer(output, arguments.digits, origin) as write,
        ProgressBar(unit=" lattices", disable=None, leave=False) as bar,
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
    return _report_skipped(inputs)


def _write_block(arguments: argparse.Namespace, options: dict[str, Any]) -> int:
    """Writes the one lattice that the inputs hold."""
    output: Path = arguments.output
    if arguments.digits:
        raise FastlatticeError("--digits is for .lat files")
    if output.suffix == ".inp" and "faces" in options:
        raise FastlatticeError("--faces is for blocks; a model in .inp is periodic")
    results.refuse_overwriting(arguments.inputs, [output])
    from fastlattice.io.files import write

    inputs = sources.open_sources(arguments)
    lattices: list[Lattice] = []
    for source in inputs:
        for batch in source.batches(2):
            lattices += [batch[i] for i in range(len(batch))]
            if len(lattices) > 1:
                raise FastlatticeError(f"{output}: the format holds one lattice, the inputs hold more: name one")
    if lattices:
        write(output, lattices[0], **options)
        print(f"{lattices[0].name or 'the lattice'} written to {output}")
    elif not any(source.errors for source in inputs):
        raise FastlatticeError(f"{output}: the inputs hold no lattice")
    return _report_skipped(inputs)


def _report_skipped(inputs: list[sources.Source]) -> int:
    """Lists the entries that were skipped; the exit status."""
    errors = [error for source in inputs for error in source.errors]
    for error in errors:
        print(f"skipped: {error}", file=sys.stderr)
    return 1 if errors else 0
