"""What `fastlattice data make` writes: fixed sets, training sets as in the literature, samples of a stream."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastlattice._extras import module_of_extra
from fastlattice._progress import ProgressBar
from fastlattice.cli import results, sources
from fastlattice.cli._types import count, numbers
from fastlattice.errors import ConfigError, FastlatticeError

if TYPE_CHECKING:
    from fastlattice.data.recipe import Recipe
    from fastlattice.lattice.batch import LatticeBatch

    Made = tuple[LatticeBatch, dict[str, Any], list[tuple[str, str]]]
    """Lattices, their recipe, and name and reason of those without a stiffness."""

STREAM = "stream"
_DEFAULT_DENSITY = (0.001, 0.003, 0.01)

HELP = """\
WHAT is
  T1, T3, T4, validation   a fixed set: held-out RCSR nets with every node moved by 0.1 (T1) or none (T3); held-out
                           random nets (T4); other held-out nets (validation). The same bits everywhere
  T2                       the authors' two_radii_396.lat, which --file names, with its own labels
  0imp_quarter, 0imp_half, 0imp, 1imp, 2imp, 4imp
                           the training sets of Grega et al. (2024) in their proportions: the bases alone, and with 1,
                           2 or 4 realisations at each of the levels 0.02, 0.04 and 0.07
  stream                   --samples lattices of `fastlattice.data.Stream`, perturbed, strained, thinned and with radii
                           and densities as --recipe says: a YAML file with entries of `fastlattice.data.Recipe`
Training sets are made of the RCSR's nets and built-in cells that are not held out, on primitive cells of at most
--max-nodes nodes; --random adds random nets, --bases takes your lattices instead. Targets are exact finite elements.

examples:
  fastlattice data make T1 -o T1.parquet
  fastlattice data make T2 --file two_radii_396.lat -o T2.parquet
  fastlattice data make 4imp --random 1000 --seed 1 -o train.parquet
  fastlattice data make stream --samples 100000 --recipe recipe.yaml --seed 7 -o stream.parquet
  fastlattice data make 2imp --bases my.lat --density 0.01,0.05 -o train.parquet
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `fastlattice data make`."""
    parser.add_argument("what", metavar="WHAT", help="name of a set; see below")
    parser.add_argument("-o", "--output", required=True, type=Path, metavar="FILE.parquet")
    parser.add_argument("--file", type=Path, metavar="FILE", help="the authors' two_radii_396.lat, for T2")
    parser.add_argument("--seed", type=_seed, help="of choice and realisations of a training set (default 0)")
    parser.add_argument("--max-nodes", type=count, metavar="N", help="of a base's cell (default 40)")
    parser.add_argument("--random", type=count, metavar="N", help="random nets to make beside; some 90%% are training")
    parser.add_argument(
        "--density", type=numbers(above=0, below=1), metavar="RHO[,RHO...]", help="default 0.001,0.003,0.01"
    )
    parser.add_argument(
        "--samples", type=count, metavar="N", help="of a stream; those without a stiffness are left out"
    )
    parser.add_argument("--recipe", type=Path, metavar="FILE.yaml", help="of a stream (default: all entries' defaults)")
    parser.add_argument("--bases", nargs="+", metavar="INPUT", help="unit cells, nets or files as bases")


def _seed(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not an integer of at least 0")
    return int(text)


def run(arguments: argparse.Namespace) -> int:
    """Writes the set; returns 1 if lattices were left out."""
    from fastlattice.data.compositions import COMPOSITIONS, write_dataset
    from fastlattice.data.sets import SETS

    what, output = arguments.what, arguments.output
    choices = (*SETS, *COMPOSITIONS, STREAM)
    if what not in choices:
        raise FastlatticeError(f"there is no set {what!r}; choose from {', '.join(choices)}")
    if output.suffix != ".parquet":
        raise FastlatticeError(f"{output}: sets are written as .parquet")
    _refuse_surplus(arguments, "fixed" if what in SETS else "stream" if what == STREAM else "training")
    results.refuse_overwriting(arguments.bases or [], [output])
    if what == STREAM:
        return _stream(arguments)
    batch, recipe, left_out = _training_set(arguments) if what in COMPOSITIONS else _fixed_set(arguments)
    digest = write_dataset(batch, output, recipe)
    print(f"{len(batch)} lattices of {len(set(batch.columns['net']))} nets written to {output}")
    print(f"content SHA-256 {digest}")
    results.list_left_out("have no stiffness and were left out", left_out)
    return 1 if left_out else 0


def _refuse_surplus(arguments: argparse.Namespace, kind: str) -> None:
    """Refuses options that say nothing of what is made, and asks for those that it needs."""
    taken = {
        "fixed": {"file"} if arguments.what == "T2" else set(),
        "training": {"seed", "max_nodes", "random", "density", "bases"},
        "stream": {"seed", "max_nodes", "random", "samples", "recipe", "bases"},
    }[kind]
    for option in ("file", "seed", "max_nodes", "random", "density", "samples", "recipe", "bases"):
        if getattr(arguments, option) is not None and option not in taken:
            raise FastlatticeError(f"{arguments.what} takes no --{option.replace('_', '-')}")
    if arguments.what == "T2" and arguments.file is None:
        raise FastlatticeError("T2 is the authors' two_radii_396.lat (doi 10.17863/CAM.106854): name it by --file")
    if kind == "stream" and arguments.samples is None:
        raise FastlatticeError("a stream has no end: say by --samples how many lattices to take")
    if arguments.max_nodes is not None and arguments.random and arguments.max_nodes < 30:
        raise FastlatticeError("--random needs --max-nodes of at least 30")


def _fixed_set(arguments: argparse.Namespace) -> Made:
    from fastlattice.data.sets import test_set

    return test_set(arguments.what, arguments.file), {"set": arguments.what}, []


def _training_set(arguments: argparse.Namespace) -> Made:
    from fastlattice.data.compositions import composition

    bases, origin = _bases(arguments)
    made = composition(arguments.what, bases, arguments.density or _DEFAULT_DENSITY, arguments.seed or 0)
    return made.lattices, {**made.recipe, **origin}, [(failure.name, failure.reason) for failure in made.failures]


def _stream(arguments: argparse.Namespace) -> int:
    """Writes samples window by window: there may be more than memory holds."""
    from fastlattice.data.realisations import ContentHash
    from fastlattice.data.stream import WINDOW, Stream
    from fastlattice.io.parquet import ParquetWriter

    recipe = _recipe(arguments.recipe)
    bases, origin = _bases(arguments)
    stream, samples = Stream(bases, recipe, arguments.seed or 0), arguments.samples
    about = {"stream": stream.recipe.to_dict(), "seed": stream.seed, "samples": samples, **origin}
    dropped: Counter[Any] = Counter()
    digest = ContentHash()
    with (
        ParquetWriter(arguments.output, {"recipe": about}) as writer,
        ProgressBar(total=samples, unit=" lattices", unit_scale=True, disable=None, leave=False) as bar,
    ):
        for start in range(0, samples, WINDOW):
            drawn = stream.draw(start, min(start + WINDOW, samples))
            writer.write(drawn.lattices)
            digest.update(drawn.lattices)
            dropped += drawn.dropped
            bar.update(min(WINDOW, samples - start))
    print(f"{samples - dropped.total()} lattices written to {arguments.output}")
    print(f"content SHA-256 {digest.hexdigest()}")
    for status, number in dropped.most_common():
        print(f"{number} left out: {status.description}", file=sys.stderr)
    return 0


def _recipe(path: Path | None) -> Recipe | None:
    from fastlattice.data.recipe import Recipe

    if path is None:
        return None
    yaml = module_of_extra("yaml", "train", "reading a recipe")
    try:
        return Recipe.from_dict(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (yaml.YAMLError, UnicodeDecodeError, ConfigError) as error:
        raise ConfigError(f"{path}: {error}") from None


def _bases(arguments: argparse.Namespace) -> tuple[LatticeBatch, dict[str, Any]]:
    """The bases of a training set, and what they are, for its recipe."""
    import torch

    from fastlattice.data.bases import as_bases, collect_bases
    from fastlattice.lattice.batch import LatticeBatch

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
        training = torch.tensor([side == "training" for side in brought.lattices.columns["side"]], dtype=torch.bool)
        parts.append(brought.lattices.take(training))
        reasons.update(brought.left_out)
        if not training.all():
            reasons["a net that is held out"] = tuple(map(str, brought.lattices.take(~training).names))
    bases = LatticeBatch.concatenate(parts)
    print(f"{len(bases)} bases", file=sys.stderr)
    for reason, names in reasons.items():
        print(f"  left out: {len(names)} with {reason}", file=sys.stderr)
    if not len(bases):
        raise FastlatticeError("there are no bases")
    named = {"sources": arguments.bases or ["rcsr", "cells"], "random": arguments.random or 0}
    return bases, {"bases": len(bases), **named, "max_nodes": max_nodes}


def _only_names(batch: LatticeBatch) -> LatticeBatch:
    return batch.replace(columns={"name": batch.names})
