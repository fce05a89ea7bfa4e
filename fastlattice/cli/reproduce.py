"""Tables of Grega et al. (2024), measured anew on this machine.

table4: the time of 5,000 lattices through each network, and through exact finite elements. The lattices are RCSR nets
in their conventional cells of at most 60 nodes, perturbed at the paper's levels, at three densities. The paper says
neither which widths it timed nor how long the lattices took to read: the networks here have widths from the middle of
its grids (tables 5 to 7), random weights, and a time starts with the lattices in memory and ends with the matrices
there. All are timed in turn, again and again until the minutes are over, each at least once; the median is printed.

examples:
  fastlattice reproduce table4 --minutes 5
  fastlattice reproduce table4 --device cuda --output table4.json
"""

from __future__ import annotations

import argparse
from pathlib import Path

from fastlattice.cli._types import count, number

EPILOG = ""
LATTICES = 5000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `fastlattice reproduce`."""
    parser.add_argument("table", choices=["table4"], help="which")
    parser.add_argument("--minutes", type=number(above=0), default=5.0, metavar="T", help="how long (default 5)")
    parser.add_argument("--lattices", type=count, default=LATTICES, metavar="N", help=f"how many (default {LATTICES})")
    parser.add_argument("--device", default="cpu", help="torch device of the networks (default cpu)")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE.json", help="write every time, and the machine")


def run(arguments: argparse.Namespace) -> int:
    """Measures, prints and writes."""
    from fastlattice.cli import _table4

    return _table4.run(arguments)
