"""Data for networks: test sets and training sets, splits by identity, labels.

actions:
  make    a test set, a training set as in the literature, or samples of a stream, as a Parquet file
  split   lattices into training, validation and test, so that no net is on two sides under any name
  label   lattices with their exact stiffness by finite elements, as the targets of training

examples:
  fastlattice data make T1 -o T1.parquet
  fastlattice data make 1imp -o 1imp.parquet
  fastlattice data split catalogue.lat.gz -o parts
  fastlattice data label my.cgd -o labelled.parquet

fastlattice data make --help and so on say more.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastlattice._progress import ProgressBar
from fastlattice.cli import data_make, results, sources
from fastlattice.errors import FastlatticeError

if TYPE_CHECKING:
    from fastlattice.cli.results import Sink
    from fastlattice.lattice.batch import LatticeBatch

EPILOG = ""

_SPLIT = """\
The side of a net follows from what the net is, by a hash: it is the same under every name, on every cell, in every
realisation, for every file. So T1, T3, T4 and validation are held out of training.parquet as well. Some 87% of nets are
training, 4% validation, 9% test; octet, bcc, Kelvin's foam and all other built-in cells are training.

--training-bases FILE splits by base names instead, as the authors do: lattices whose base name is in FILE (one a line)
are training, all others test. The base name of an entry tet_Z04.7_E3597_p_0.02_-253 is tet_Z04.7_E3597.

examples:
  fastlattice data split catalogue.lat.gz -o parts
  fastlattice data split mine.parquet --format lat -o parts
  fastlattice data split catalogue.lat --training-bases train_names.txt -o parts
"""
_LABEL = """\
The column "target" is the homogenised stiffness: a 6x6 Mandel matrix in the order 11, 22, 33, 23, 13, 12, in units of
the solid's Young's modulus (nu = 0.3). Labels that the input has are replaced. Lattices without a stiffness are listed
and left out. The column "beam_valid" says whether every strut is slender enough for beam theory (r/L <= 0.25).

examples:
  fastlattice data label nets:rcsr --density 0.01,0.03 -o nets.parquet
  fastlattice data label mine.lat -o labelled.lat.gz
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `fastlattice data`."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)

    def action(name: str, summary: str, epilog: str, run: Any) -> argparse.ArgumentParser:
        found = actions.add_parser(
            name,
            help=summary,
            description=summary[0].upper() + summary[1:] + ".",
            epilog=epilog,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        found.set_defaults(run_action=run)
        return found

    make = action(
        "make", "a test set, a training set or samples of a stream as a Parquet file", data_make.HELP, data_make.run
    )
    data_make.add_arguments(make)

    split = action("split", "lattices into training, validation and test, by what nets they are", _SPLIT, _split)
    sources.add_arguments(split)
    split.add_argument(
        "-o", "--output", required=True, type=Path, metavar="FOLDER", help="of the parts; made if needed"
    )
    split.add_argument("--format", choices=("parquet", "lat", "lat.gz"), default="parquet", help="of the parts")
    split.add_argument("--training-bases", type=Path, metavar="FILE", help="base names of a split by names")
    split.epilog = _SPLIT + "\n" + sources.HELP

    label = action("label", "lattices with their exact stiffness as targets", _LABEL, _label)
    sources.add_arguments(label)
    label.add_argument("-o", "--output", required=True, type=Path, metavar="FILE", help=".parquet, .lat or .lat.gz")
    label.epilog = _LABEL + "\n" + sources.HELP


def run(arguments: argparse.Namespace) -> int:
    """Does what the action is; returns 1 if lattices were left out."""
    return int(arguments.run_action(arguments))


# ------------------------------------------------------------------------------------------------ split


def _split(arguments: argparse.Namespace) -> int:
    from fastlattice.data.catalogues import base_names, read_base_names
    from fastlattice.data.splits import SIDES, identified

    folder: Path = arguments.output
    if folder.exists() and not folder.is_dir():
        raise FastlatticeError(f"{folder}: the parts go into a folder, and this is none")
    paths = {side: folder / f"{side}.{arguments.format}" for side in SIDES}
    results.refuse_overwriting(arguments.inputs, list(paths.values()))
    named = set(read_base_names(arguments.training_bases)) if arguments.training_bases else None
    inputs = sources.open_sources(arguments)
    folder.mkdir(parents=True, exist_ok=True)
    written: Counter[str] = Counter()
    nets: dict[str, set[str]] = {side: set() for side in SIDES}
    with ExitStack() as stack:
        writers: dict[str, Sink] = {}
        for batch in _batches(inputs):
            batch = identified(batch)
            if named is not None:
                batch = batch.with_columns(
                    side=["training" if str(base) in named else "test" for base in base_names(batch)]
                )
            for side in sorted(set(map(str, batch.columns["side"]))):
                part = batch.take([each == side for each in batch.columns["side"]])
                if side not in writers:
                    writers[side] = stack.enter_context(results.open_writer(paths[side]))
                writers[side](part)
                written[side] += len(part)
                nets[side].update(map(str, part.columns["net"]))
    for side in SIDES:
        place = f"{len(nets[side])} nets, {paths[side]}" if written[side] else "none"
        print(f"{side:<10} {written[side]:>8} lattices: {place}")
    return _report_skipped(inputs)


# ------------------------------------------------------------------------------------------------ label


def _label(arguments: argparse.Namespace) -> int:
    from fastlattice.data.realisations import labelled

    output: Path = arguments.output
    if output.suffix != ".parquet" and not output.name.endswith((".lat", ".lat.gz")):
        raise FastlatticeError(f"{output}: the suffix must be .parquet, .lat or .lat.gz")
    results.refuse_overwriting(arguments.inputs, [output])
    inputs = sources.open_sources(arguments)
    failures: list[tuple[str, str]] = []
    written = 0
    with results.open_writer(output) as write:
        for batch in _batches(inputs):
            found, failed = labelled(batch)
            failures += [(failure.name, failure.reason) for failure in failed]
            write(found)
            written += len(found)
    print(f"{written} lattices with targets written to {output}")
    results.list_left_out("have no stiffness and were left out", failures)
    return max(_report_skipped(inputs), int(bool(failures)))


# ------------------------------------------------------------------------------------------------ shared


def _batches(inputs: Sequence[sources.Source]) -> Iterator[LatticeBatch]:
    """All lattices of the inputs, chunk by chunk, with a progress bar."""
    with ProgressBar(unit=" lattices", unit_scale=True, disable=None, leave=False) as bar:
        for place, source in enumerate(inputs):
            before, to_come = bar.n, sum(later.count or 0 for later in inputs[place + 1 :])
            for batch in source.batches(sources.CHUNK):
                yield batch
                bar.total = before + source.estimate(bar.n - before + len(batch)) + to_come
                bar.update(len(batch))


def _report_skipped(inputs: Sequence[sources.Source]) -> int:
    skipped = [(error.entry or source.spec, str(error)) for source in inputs for error in source.errors]
    results.list_left_out("are malformed and were skipped", skipped)
    return int(bool(skipped))
