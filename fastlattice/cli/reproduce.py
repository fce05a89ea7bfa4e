"""Tables and figures of Grega et al. (2024), made anew on this machine.

table1   networks (CGC, NNConv, MACE) and ways to train them (plain, +tr, +ve), with three seeds
table2   observation, learning and inductive bias
table3   five functions that make the answer positive semi-definite
table8   CGC over the lattice's graph, its line graph, and both
figure2  errors during training
figure3  size of the training set, lmax, and the order nu of MACE
figure7  the simple cubic lattice, whose answer is isotropic below lmax 4, exactly (no training)
table4   the time of 5,000 lattices through each network, and through exact finite elements
all      all of them but table4, which needs a machine for itself

Training: each run has --minutes of one core's time (measurements left out), on labelled lattices of our own: nets of
the RCSR at the paper's levels 0, 0.02, 0.04 and 0.07 and densities; tested on nets that are held out, at level 0.1.
Networks have sizes from the small end of the paper's grids. Tables show what they have learnt after equal time and
after equal samples, with the paper's figures after the stroke. A run that several tables ask for is done once. All is
kept in --folder: stopped (Ctrl-C), the same command goes on where it was, and what is done is not done again.

Times (table4): the lattices are RCSR nets in their conventional cells of at most 60 nodes, perturbed at the paper's
levels, at three densities. The paper says neither which widths it timed nor how long the lattices took to read: the
networks here have widths from the middle of its grids (tables 5 to 7), random weights, and a time starts with the
lattices in memory and ends with the matrices there. All are timed in turn, again and again until the minutes are over,
each at least once; the median is printed.

Table 1 is 27 runs: with --minutes 20, nine hours on one core.

examples:
  fastlattice reproduce table1 --minutes 20
  fastlattice reproduce table1 --minutes 3 --seeds 1 --only MACE+ve --only CGC+ve
  fastlattice reproduce all --folder runs/paper -o results.json
  fastlattice reproduce figure3 --from results.json
  fastlattice reproduce table4 --minutes 5 --device cuda --output table4.json
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from fastlattice.cli._types import count, number
from fastlattice.errors import FastlatticeError

if TYPE_CHECKING:
    import torch

    from fastlattice.lattice import LatticeBatch
    from fastlattice.reproduction.results import Result
    from fastlattice.reproduction.timing import Entry

EPILOG = ""
LATTICES = 5000
TRAINED = ("table1", "table2", "table3", "table8", "figure2", "figure3")
TARGETS = (*TRAINED, "figure7", "table4", "all")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `fastlattice reproduce`."""
    parser.add_argument("table", choices=TARGETS, metavar="WHAT", help=f"one of {', '.join(TARGETS)}")
    parser.add_argument(
        "--minutes", type=number(above=0), default=5.0, metavar="T", help="of each run; of table4 in all (default 5)"
    )
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        metavar="FILE.json",
        help="write all times; or all results, as each run ends: those that the file has already are not made again",
    )
    training = parser.add_argument_group("training")
    training.add_argument(
        "--folder", type=Path, default=Path("runs/paper"), help="of data, runs and pictures (default runs/paper)"
    )
    training.add_argument("--seeds", type=count, default=3, metavar="N", help="of table1, at most (default 3)")
    training.add_argument("--threads", type=count, default=1, metavar="N", help="of each run (default 1)")
    training.add_argument(
        "--only", action="append", default=[], metavar="NAME", help="one entry of the table; may be given several times"
    )
    training.add_argument(
        "--from", type=Path, dest="source", metavar="FILE.json", help="print what --output wrote; train nothing"
    )
    timing = parser.add_argument_group("table4")
    timing.add_argument("--lattices", type=count, default=LATTICES, metavar="N", help=f"how many (default {LATTICES})")
    timing.add_argument("--device", default="cpu", help="torch device of the networks (default cpu)")


def run(arguments: argparse.Namespace) -> int:
    """Measures, prints and writes; returns 128 and a signal's number if one ended the training."""
    if arguments.table == "table4":
        _timed(arguments)
        return 0
    names = TRAINED if arguments.table == "all" else tuple(name for name in TRAINED if name == arguments.table)
    code = _trained(names, arguments) if names else 0
    if code < 2 and arguments.table in ("all", "figure7"):
        _figure7(arguments.folder)
    return code


def _trained(names: tuple[str, ...], arguments: argparse.Namespace) -> int:
    """Tables and figures that are made by training."""
    from fastlattice.reproduction import experiments, report, results, runner

    tables = {name: experiments.TABLES[name].only(arguments.only) for name in names}
    if not any(table.columns for table in tables.values()):
        labels = ", ".join(column.label for name in names for column in experiments.TABLES[name].columns)
        raise FastlatticeError(f"--only: {', '.join(names)} has the entries {labels}")
    minutes, code = arguments.minutes, 0
    if arguments.source is not None:
        found, minutes = results.read_results(arguments.source)
    else:
        runs = experiments.runs_of(tables.values(), arguments.seeds)
        known, keep = _kept(arguments.output, minutes)
        show, threads = sys.stderr.isatty(), arguments.threads
        try:
            found = runner.perform(runs, arguments.folder, minutes, threads, _say, show, known=known, keep=keep)
        except runner.Stopped as stopped:
            _say("stopped: the same command goes on from here")
            return 128 + stopped.number
        code = int(any("failed" in found[run.key(minutes)] for run in runs))
    for name, table in tables.items():
        if table.columns:
            print(report.markdown(table, found, minutes))
            if name.startswith("figure"):
                _picture(name, found, minutes, arguments.folder)
    return code


def _kept(path: Path | None, minutes: float) -> tuple[dict[str, Result], Callable[[dict[str, Result]], None] | None]:
    """The results that a file has, and what writes more into it."""
    from fastlattice.reproduction.results import read_results, write_results

    if path is None:
        return {}, None
    known: dict[str, Result] = {}
    if path.exists():
        known, theirs = read_results(path)
        if theirs != minutes:
            raise FastlatticeError(f"{path} has results of {theirs:g} minutes a run, not of {minutes:g}")
    return known, lambda results: write_results(path, results, minutes)


def _picture(name: str, found: dict[str, Result], minutes: float, folder: Path) -> None:
    from fastlattice.reproduction.figures import picture

    folder.mkdir(parents=True, exist_ok=True)
    picture(name, found, minutes, folder / f"{name}.png")
    print(folder / f"{name}.png\n")


def _figure7(folder: Path) -> None:
    from fastlattice.reproduction.figures import isotropy_picture
    from fastlattice.reproduction.isotropy import anisotropy, answers

    found = answers()
    print("### Figure 7: the simple cubic lattice\n\n| | largest over smallest Young's modulus, less one |\n|---|---:|")
    for label, stiffness in found.items():
        print(f"| {label} | {anisotropy(stiffness):.2g} |")
    folder.mkdir(parents=True, exist_ok=True)
    isotropy_picture(found, folder / "figure7.png")
    print(f"\n{folder / 'figure7.png'}")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _timed(arguments: argparse.Namespace) -> None:
    """Table 4."""
    from fastlattice._files import replacing
    from fastlattice.cli.predict import device_of
    from fastlattice.reproduction import timing

    device = device_of(arguments.device)
    lattices = timing.sample(arguments.lattices)
    found = timing.measured(timing.entries(device), lattices, 60 * arguments.minutes)
    _print_times(found, lattices, device)
    if arguments.output is not None:
        with replacing(arguments.output) as temporary:
            text = json.dumps(timing.report(found, lattices, device), indent=1)
            temporary.write_text(text + "\n", encoding="utf-8")


def _print_times(found: list[Entry], lattices: LatticeBatch, device: torch.device) -> None:
    import torch

    from fastlattice.cli.results import print_table
    from fastlattice.reproduction.timing import PAPER, device_name

    nodes, struts = (float(each.double().mean()) for each in (lattices.node_counts, lattices.strut_counts))
    sys.stdout.write(
        f"{len(lattices)} lattices of {nodes:.0f} nodes and {struts:.0f} struts on average; networks on "
        f"{device_name(device)}, finite elements on {device_name(torch.device('cpu'))}\n\n"
    )
    rows = []
    for entry in found:
        middle, paper = statistics.median(entry.seconds), PAPER.get(entry.name)
        each = f"{1e6 * middle / len(lattices):.0f}"
        shown = "-" if paper is None else f"{paper:g}"
        rows.append([entry.name, f"{entry.parameters:,}", f"{middle:.3g}", each, f"{len(entry.seconds)}", shown])
    header = ["network", "parameters", "seconds", "us/lattice", "times", "paper, 5,000 (s)"]
    print_table(header, rows, sys.stdout, text_columns={0})
