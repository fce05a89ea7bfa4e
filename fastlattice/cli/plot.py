"""Draws lattices, each beside its directional Young's modulus.

Needs the extra "plot". The suffix of the output chooses the format: .png, .svg or .pdf. Several lattices stand one
below another. A lattice without a stiffness is drawn alone, with the reason.

examples:
  fastlattice plot octet -o octet.png
  fastlattice plot octet kelvin nets:srs --density 0.03 -o three.svg
  fastlattice plot catalogue.lat --index 17 -o lattice.png
"""

from __future__ import annotations

import argparse
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

from fastlattice.cli import sources
from fastlattice.errors import FastlatticeError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastlattice.lattice.lattice import Lattice

EPILOG = "\n" + sources.HELP
MOST = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `fastlattice plot`."""
    sources.add_arguments(parser)
    parser.add_argument("-o", "--output", required=True, type=Path, metavar="FILE", help="picture to write")
    parser.add_argument(
        "--index", type=int, metavar="I", help=f"one lattice of the input, from 0 (default: all, up to {MOST})"
    )


def run(arguments: argparse.Namespace) -> int:
    """Draws one picture."""
    inputs = sources.open_sources(arguments)
    from fastlattice.fe import homogenise
    from fastlattice.pictures.plot import plot_summaries

    lattices = _chosen(inputs, arguments.index)
    result = homogenise(lattices)
    reasons = {failure.index: failure.reason for failure in result.failures()}
    rows = [(lattice, reasons.get(i) or result.stiffness[i]) for i, lattice in enumerate(lattices)]
    plot_summaries(rows, arguments.output)
    print(f"{', '.join(lattice.name or 'lattice' for lattice in lattices)} drawn in {arguments.output}")
    for i, reason in reasons.items():
        sources.say(f"{lattices[i].name or 'a lattice'} has no stiffness to draw: {reason}")
    return 0


def _chosen(inputs: list[sources.Source], index: int | None) -> list[Lattice]:
    batches = chain.from_iterable(source.batches(sources.CHUNK) for source in inputs)
    every: Iterator[Lattice] = (batch[i] for batch in batches for i in range(len(batch)))
    if index is None:
        found = list(islice(every, MOST + 1))
        if len(found) > MOST:
            raise FastlatticeError(f"the input holds more than {MOST} lattices: --index chooses one")
        if not found:
            raise FastlatticeError("the input holds no lattice")
        return found
    seen = 0
    for lattice in every:
        if seen == index:
            return [lattice]
        seen += 1
    raise FastlatticeError(f"--index {index}: the input holds {seen} lattices, counted from 0")
