"""How good a network's predictions are, against labels or exact finite elements.

WEIGHTS are what `fastlattice predict` takes. INPUT is any source of lattices, or the name of a test set: T1, T3, T4,
validation, or T2:two_radii_396.lat with the path of the authors' file. Lattices without a label get that of exact
finite elements; those without a stiffness are left out.

Metrics are those of Grega et al. (2024), stiffness in units of E_s. L_dir_rel has two normalisations, which differ by
a factor of about 2.1: "(sqrt gamma)" is the paper's equation 17, "(mean directional)" what its released code computes.
L_comp, L_dir and L_equiv are absolute: they cannot be compared between sets; "L_comp (mean absolute)" is what the
released code calls L_comp.

examples:
  fastlattice evaluate network.safetensors T1
  fastlattice evaluate network.safetensors catalogue.lat.gz --output metrics.json --picture parity.png
  fastlattice evaluate network.safetensors nets:rcsr --density 0.003,0.01,0.03 --by density,degree
  fastlattice evaluate base T1 --by exponent --worst failures.png
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastlattice._files import replacing
from fastlattice.cli import sources
from fastlattice.cli._types import listed
from fastlattice.cli.predict import add_network_arguments, load_network
from fastlattice.cli.results import print_table
from fastlattice.errors import FastlatticeError

if TYPE_CHECKING:
    from fastlattice.lattice.batch import LatticeBatch
    from fastlattice.training.evaluation import Evaluation

EPILOG = "\n" + sources.HELP
_GROUPS = ("level", "density", "degree", "size", "exponent", "seen")
_WORST = 6  # of each input that are listed and drawn


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `fastlattice evaluate`."""
    parser.add_argument("weights", type=Path, metavar="WEIGHTS", help="the network; see below")
    sources.add_arguments(parser)
    add_network_arguments(parser, named=False)
    parser.add_argument(
        "--by",
        type=_groups,
        default=list(_GROUPS),
        metavar="WHAT[,WHAT...]",
        help=f"groups that are printed apart: {', '.join(_GROUPS)} (default: all of them; '' for none). exponent: of "
        "the density by which the exact stiffness grows, in its modes' mean; 1 where struts stretch, 2 where they bend",
    )
    parser.add_argument(
        "--rotations",
        type=int,
        default=10,
        metavar="N",
        help="orientations in the equivariance loss (default 10; 0: none)",
    )
    parser.add_argument(
        "-o",
        "--output",
        action="append",
        type=_output,
        default=[],
        metavar="FILE",
        help="write FILE.json (all metrics, whole and by groups) or FILE.csv (a row for each lattice)",
    )
    parser.add_argument("--picture", type=Path, metavar="FILE", help="parity plots, .png, .pdf or .svg (extra 'plot')")
    parser.add_argument(
        "--worst",
        type=Path,
        metavar="FILE",
        help=f"list and draw the {_WORST} lattices of each input that are predicted worst, with their Young's moduli, "
        "true and predicted (extra 'plot')",
    )


def _groups(text: str) -> list[str]:
    names = listed(text)
    for name in names:
        if name not in _GROUPS:
            raise argparse.ArgumentTypeError(f"{name!r}: choose from {', '.join(_GROUPS)}")
    return names


def _output(text: str) -> Path:
    path = Path(text)
    if path.suffix not in (".json", ".csv"):
        raise argparse.ArgumentTypeError(f"{text!r}: the suffix must be .json or .csv")
    if not path.parent.is_dir():
        raise argparse.ArgumentTypeError(f"{text!r}: there is no folder {str(path.parent)!r}")
    return path


def run(arguments: argparse.Namespace) -> int:
    """Evaluates, prints and writes; returns 1 if entries of a catalogue were malformed."""
    model = load_network(arguments)
    from fastlattice.training import evaluate

    evaluations, errors = [], 0
    for spec in arguments.inputs:
        lattices, malformed = _lattices(spec, arguments)
        errors += malformed
        if not len(lattices):
            raise FastlatticeError(f"{spec}: no lattice has a label or a stiffness")
        evaluations.append(evaluate(model, lattices, spec, arguments.rotations, progress=sys.stderr.isatty()))
    _print(evaluations, arguments.by)
    for path in arguments.output:
        _write(path, evaluations, arguments.weights)
    if arguments.picture is not None:
        _picture(arguments.picture, evaluations)
    if arguments.worst is not None:
        _worst(arguments.worst, evaluations)
    return 1 if errors else 0


def _lattices(spec: str, arguments: argparse.Namespace) -> tuple[LatticeBatch, int]:
    """The labelled lattices of an input, and how many entries were malformed."""
    from fastlattice.lattice.batch import LatticeBatch
    from fastlattice.training.samples import test_set, with_labels

    one = argparse.Namespace(**{**vars(arguments), "inputs": [spec]})
    try:
        (source,) = sources.open_sources(one)
    except FastlatticeError as not_a_source:
        try:
            return test_set(spec), 0
        except FastlatticeError:
            raise not_a_source from None
    read = LatticeBatch.concatenate(list(source.batches(sources.CHUNK)))
    found = with_labels(read)
    if len(found) < len(read):
        print(f"{spec}: {len(read) - len(found)} of {len(read)} lattices have no stiffness", file=sys.stderr)
    for error in source.errors:
        print(f"  {error}", file=sys.stderr)
    return found, len(source.errors)


def _print(evaluations: Sequence[Evaluation], by: Sequence[str]) -> None:
    """Mean and median of every metric, then of some by groups."""
    from fastlattice.training.metrics import L_DIR_REL

    in_groups = (L_DIR_REL, "relative Frobenius", "eigenvalue 1", "negative eigenvalue")
    header = ["metric", *(f"{each.name} ({len(each.lattices)})" for each in evaluations)]
    summaries = [each.summary() for each in evaluations]
    rows = [[name, *(_cell(name, each[name]) for each in summaries)] for name in summaries[0]]
    print_table(header, rows, sys.stdout, text_columns={0})
    print("Mean (median) over lattices; stiffness in units of E_s.")
    for each in evaluations:
        for name, groups in each.to_dict()["by"].items():
            if name in by and len(groups) > 1:
                print()
                lines = [
                    [label, str(found["lattices"]), *(_cell(m, found[m]) for m in in_groups)]
                    for label, found in groups.items()
                ]
                print_table([f"{each.name} by {name}", "lattices", *in_groups], lines, sys.stdout, text_columns={0})


def _cell(name: str, found: dict[str, float]) -> str:
    if not found["count"]:
        return "-"
    if name == "negative eigenvalue":
        return f"{100 * found['mean']:.2f} %"
    return f"{found['mean']:.3g} ({found['median']:.3g})"


def _write(path: Path, evaluations: Sequence[Evaluation], weights: Path) -> None:
    with replacing(path) as temporary, temporary.open("w", newline="", encoding="utf-8") as stream:
        if path.suffix == ".json":
            content = {
                "weights": str(weights),
                "conventions": "Mandel, order 11, 22, 33, 23, 13, 12, in units of the solid's Young's modulus",
                "sets": [_finite(each.to_dict()) for each in evaluations],
            }
            json.dump(content, stream, indent=1, allow_nan=False)
        else:
            writer = csv.writer(stream, lineterminator="\n")
            for number, each in enumerate(evaluations):
                columns = {**each.properties(), **each.values}
                if number == 0:
                    names = list(columns)
                    writer.writerow(["set", "name", *names])
                lists = [columns[n].tolist() if n in columns else [math.nan] * len(each.lattices) for n in names]
                for name, *row in zip(each.lattices.names, *lists, strict=True):
                    writer.writerow([each.name, name, *("" if math.isnan(value) else value for value in row)])


def _finite(value: Any) -> Any:
    """The values, None in the place of numbers that JSON does not have."""
    if isinstance(value, dict):
        return {name: _finite(each) for name, each in value.items()}
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _picture(path: Path, evaluations: Sequence[Evaluation]) -> None:
    import torch

    from fastlattice.pictures.parity import plot_parity

    stiffness = torch.cat([each.stiffness for each in evaluations])
    target = torch.cat([each.lattices.columns["target"] for each in evaluations])  # type: ignore[misc]
    plot_parity(stiffness, target, path, ", ".join(each.name for each in evaluations))
    print(path)


def _worst(path: Path, evaluations: Sequence[Evaluation]) -> None:
    """Lists and draws the lattices that are predicted worst."""
    import torch

    from fastlattice.pictures.failures import plot_failures
    from fastlattice.training.metrics import L_DIR_REL

    lines, drawn = [], []
    for each in evaluations:
        for row in each.worst(_WORST).tolist():
            lattice, exponent = each.lattices[row], f"{float(each.properties()['exponent'][row]):.2f}"
            density, error = f"{lattice.relative_density:.3g}", f"{float(each.values[L_DIR_REL][row]):.3g}"
            lines.append([each.name, lattice.name, str(lattice.num_nodes), density, exponent, error])
            note = f"{each.name}: density {density}, exponent {exponent}, L_dir_rel {error}"
            drawn.append((lattice, each.stiffness[row], each.lattices.columns["target"][row], note))
    print()
    print_table(["worst of", "name", "nodes", "density", "exponent", L_DIR_REL], lines, sys.stdout, text_columns={0, 1})
    lattices, stiffness, target, notes = zip(*drawn, strict=True)
    plot_failures(lattices, torch.stack(stiffness), torch.stack(target), notes, path)
    print(path)
