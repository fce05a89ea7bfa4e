"""Draws a lattice beside its directional Young's modulus.

Needs the extra "plot". The suffix of the output chooses the format: .png, .svg or .pdf.

examples:
  fastlattice plot octet -o octet.png
  fastlattice plot nets:srs --density 0.03 -o srs.svg
  fastlattice plot catalogue.lat --index 17 -o lattice.png
"""

from __future__ import annotations

import argparse
from pathlib import Path

from fastlattice.cli import sources
from fastlattice.errors import FastlatticeError
from fastlattice.fe import homogenise
from fastlattice.lattice.lattice import Lattice

EPILOG = "\n" + sources.HELP


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `fastlattice plot`."""
    sources.add_arguments(parser)
    parser.add_argument("-o", "--output", required=True, type=Path, metavar="FILE", help="picture to write")
    parser.add_argument(
        "--index", type=int, default=0, metavar="I", help="which lattice of the input (default 0, the first)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Draws one picture."""
    from fastlattice.pictures.plot import plot_summary

    lattice = _chosen(sources.open_sources(arguments), arguments.index)
    result = homogenise(lattice)
    for failure in result.failures():
        raise FastlatticeError(f"{failure.name or 'the lattice'} has no stiffness to draw: {failure.reason}")
    plot_summary(lattice, result.stiffness[0], arguments.output)
    print(f"{lattice.name or 'lattice'} drawn in {arguments.output}")
    return 0


def _chosen(inputs: list[sources.Source], index: int) -> Lattice:
    seen = 0
    for source in inputs:
        for batch in source.batches(sources.CHUNK):
            if 0 <= index - seen < len(batch):
                return batch[index - seen]
            seen += len(batch)
    raise FastlatticeError(f"--index {index}: the input holds {seen} lattices, counted from 0")
