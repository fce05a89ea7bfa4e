"""Data for networks: test sets and training sets, splits by identity, labels.

actions:
  make    a test set, or a training set as in the literature, as a Parquet file
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
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from tqdm import tqdm

from fastlattice.cli import results, sources
from fastlattice.cli._types import count, numbers
from fastlattice.errors import FastlatticeError
from fastlattice.lattice.batch import LatticeBatch

if TYPE_CHECKING:
    from fastlattice.cli.results import Sink

EPILOG = ""
_LISTED = 20
_DEFAULT_DENSITY = (0.001, 0.003, 0.01)

_MAKE = """\
WHAT is
  T1, T3, T4, validation   a fixed set: held-out RCSR nets with every node moved by 0.1 (T1) or none (T3); held-out
                           random nets (T4); other held-out nets (validation). The same bits everywhere
  T2                       the authors' two_radii_396.lat, which --file names, with its own labels
  0imp_quarter, 0imp_half, 0imp, 1imp, 2imp, 4imp
                           the training sets of Grega et al. (2024) in their proportions: the bases alone, and with 1,
                           2 or 4 realisations at each of the levels 0.02, 0.04 and 0.07
Training sets are made of the RCSR's nets and built-in cells that are not held out, on primitive cells of at most
--max-nodes nodes; --random adds random nets, --bases takes your lattices instead. Targets are exact finite elements.

examples:
  fastlattice data make T1 -o T1.parquet
  fastlattice data make T2 --file two_radii_396.lat -o T2.parquet
  fastlattice data make 4imp --random 1000 --seed 1 -o train.parquet
  fastlattice data make 2imp --bases my.lat --density 0.01,0.05 -o train.parquet
"""
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

    make = action("make", "a test set or a training set as a Parquet file", _MAKE, _make)
    make.add_argument("what", metavar="WHAT", help="name of a set; see below")
    make.add_argument("-o", "--output", required=True, type=Path, metavar="FILE.parquet")
    make.add_argument("--file", type=Path, metavar="FILE", help="the authors' two_radii_396.lat, for T2")
    make.add_argument("--seed", type=_seed, help="of choice and realisations of a training set (default 0)")
    make.add_argument("--max-nodes", type=count, metavar="N", help="of a base's cell (default 40)")
    make.add_argument("--random", type=count, metavar="N", help="random nets to make beside; some 90%% are training")
    make.add_argument(
        "--density", type=numbers(above=0, below=1), metavar="RHO[,RHO...]", help="default 0.001,0.003,0.01"
    )
    make.add_argument("--bases", nargs="+", metavar="INPUT", help="unit cells, nets or files as bases")

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


def _seed(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not an integer of at least 0")
    return int(text)


# ------------------------------------------------------------------------------------------------ make


def _make(arguments: argparse.Namespace) -> int:
    from fastlattice.data.compositions import COMPOSITIONS, write_dataset
    from fastlattice.data.sets import SETS

    what, output = arguments.what, arguments.output
    if what not in (*SETS, *COMPOSITIONS):
        raise FastlatticeError(f"there is no set {what!r}; choose from {', '.join((*SETS, *COMPOSITIONS))}")
    if output.suffix != ".parquet":
        raise FastlatticeError(f"{output}: sets are written as .parquet")
    results.refuse_overwriting(arguments.bases or [], [output])
    if what in COMPOSITIONS:
        batch, recipe, left_out = _training_set(arguments)
    else:
        batch, recipe, left_out = _fixed_set(arguments), {"set": what}, []
    digest = write_dataset(batch, output, recipe)
    print(f"{len(batch)} lattices of {len(set(batch.columns['net']))} nets written to {output}")
    print(f"content SHA-256 {digest}")
    _list("have no stiffness and were left out", left_out)
    return 1 if left_out else 0


def _fixed_set(arguments: argparse.Namespace) -> LatticeBatch:
    from fastlattice.data.sets import test_set

    for option in ("seed", "max_nodes", "random", "density", "bases"):
        if getattr(arguments, option) is not None:
            raise FastlatticeError(f"--{option.replace('_', '-')} is for training sets; {arguments.what} is fixed")
    if arguments.what == "T2" and arguments.file is None:
        raise FastlatticeError("T2 is the authors' two_radii_396.lat (doi 10.17863/CAM.106854): name it by --file")
    if arguments.what != "T2" and arguments.file is not None:
        raise FastlatticeError("--file is for T2")
    return test_set(arguments.what, arguments.file)


def _training_set(arguments: argparse.Namespace) -> tuple[LatticeBatch, dict[str, Any], list[tuple[str, str]]]:
    from fastlattice.data.compositions import composition

    if arguments.file is not None:
        raise FastlatticeError("--file is for T2")
    if arguments.max_nodes is not None and arguments.random and arguments.max_nodes < 30:
        raise FastlatticeError("--random needs --max-nodes of at least 30")
    bases, reasons = _bases(arguments)
    print(f"{len(bases)} bases", file=sys.stderr)
    for reason, names in reasons.items():
        print(f"  left out: {len(names)} with {reason}", file=sys.stderr)
    if not len(bases):
        raise FastlatticeError("there are no bases")
    made = composition(arguments.what, bases, arguments.density or _DEFAULT_DENSITY, arguments.seed or 0)
    recipe = {**made.recipe, "max_nodes": arguments.max_nodes or 40, "random": arguments.random or 0}
    recipe["sources"] = arguments.bases or ["rcsr", "cells"]
    return made.lattices, recipe, [(failure.name, failure.reason) for failure in made.failures]


def _bases(arguments: argparse.Namespace) -> tuple[LatticeBatch, dict[str, tuple[str, ...]]]:
    from fastlattice.data.bases import as_bases, collect_bases

    max_nodes, seed = arguments.max_nodes or 40, arguments.seed or 0
    kinds = [] if arguments.bases else ["rcsr", "cells"]
    kinds += ["random"] if arguments.random else []
    parts: list[LatticeBatch] = []
    reasons: dict[str, tuple[str, ...]] = {}
    if kinds:
        found = collect_bases(kinds, max_nodes=max_nodes, random=arguments.random or 0, seed=seed)
        parts.append(found.lattices)
        reasons.update(found.left_out)
    if arguments.bases:
        opened = sources.open_sources(argparse.Namespace(inputs=arguments.bases, density=[0.01], on_error="raise"))
        given = [_only_names(batch) for source in opened for batch in source.batches(sources.CHUNK)]
        brought = as_bases(LatticeBatch.concatenate(given), max_nodes=max_nodes)
        training = torch.tensor([side == "training" for side in brought.lattices.columns["side"]])
        parts.append(brought.lattices.take(training))
        reasons.update(brought.left_out)
        if not training.all():
            reasons["a net that is held out"] = tuple(map(str, brought.lattices.take(~training).names))
    return LatticeBatch.concatenate(parts), reasons


def _only_names(batch: LatticeBatch) -> LatticeBatch:
    return batch.replace(columns={"name": batch.names})


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
    _list("have no stiffness and were left out", failures)
    return max(_report_skipped(inputs), int(bool(failures)))


# ------------------------------------------------------------------------------------------------ shared


def _batches(inputs: Sequence[sources.Source]) -> Iterator[LatticeBatch]:
    """All lattices of the inputs, chunk by chunk, with a progress bar."""
    with tqdm(unit=" lattices", unit_scale=True, disable=None, leave=False) as bar:
        for place, source in enumerate(inputs):
            before, to_come = bar.n, sum(later.count or 0 for later in inputs[place + 1 :])
            for batch in source.batches(sources.CHUNK):
                yield batch
                bar.total = before + source.estimate(bar.n - before + len(batch)) + to_come
                bar.update(len(batch))


def _report_skipped(inputs: Sequence[sources.Source]) -> int:
    skipped = [(error.entry or source.spec, str(error)) for source in inputs for error in source.errors]
    _list("are malformed and were skipped", skipped)
    return int(bool(skipped))


def _list(what: str, listed: Sequence[tuple[str, str]]) -> None:
    if listed:
        print(f"{len(listed)} {what}:", file=sys.stderr)
        for name, reason in listed[:_LISTED]:
            print(f"  {name}: {reason}", file=sys.stderr)
        if len(listed) > _LISTED:
            print(f"  ... and {len(listed) - _LISTED} more", file=sys.stderr)
