"""Where the command line's results go: a table on the terminal, CSV, JSON, Parquet, or a labelled catalogue.

Every format names its notation and its unit, and records how the results were made; nothing takes the place of a file
before all of it is written.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from fastlattice.cli._types import number
from fastlattice.cli.sources import say
from fastlattice.errors import FastlatticeError

if TYPE_CHECKING:
    import torch

    from fastlattice import elasticity
    from fastlattice.lattice.batch import LatticeBatch

Sink = Callable[["LatticeBatch"], None]
SUFFIXES = (".csv", ".json", ".parquet", ".lat", ".lat.gz")
TABLE_ROWS = 25
CHEAP = 500
"""Lattices whose extremes over all directions are computed unasked."""
_LISTED = 20  # lattices without a result, by name
NOTATIONS = ("mandel", "voigt", "abaqus", "ansys")
_IN_GPA = {"GPa": 1.0, "MPa": 1000.0}


@dataclass(frozen=True)
class Scale:
    """How stiffness is written: notation of the 6x6 matrix and unit.

    Attributes:
        notation: of `fastlattice.elasticity.convert`, but "tensor".
        modulus: Young's modulus of the solid in `unit`, or 1 with unit "Es".
        unit: "Es" (multiples of the solid's Young's modulus), "GPa" or "MPa".
    """

    notation: elasticity.Notation
    modulus: float
    unit: str

    def __call__(self, stiffness: torch.Tensor) -> torch.Tensor:
        """Converts [..., 6, 6] Mandel stiffness in units of E_s."""
        from fastlattice import elasticity

        return elasticity.convert(stiffness, from_="mandel", to=self.notation) * self.modulus


@dataclass(frozen=True)
class Report:
    """What is written, beside the lattices' own figures.

    Attributes:
        scale: notation and unit.
        origin: how the results were made: command, version, inputs, and what the computation took.
        asked: whether notation or unit were asked for.
        printed_density: whether it was asked for.
    """

    scale: Scale
    origin: dict[str, Any]
    asked: bool
    printed_density: bool


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments that say what becomes of the results."""
    parser.add_argument(
        "-o",
        "--output",
        action="append",
        type=_output,
        default=[],
        metavar="FILE",
        help="write the results to FILE; its suffix chooses the format: .csv, .json, .parquet (lattices and results) "
        "or .lat[.gz] (a catalogue labelled with them). May be given several times",
    )
    parser.add_argument(
        "--format",
        choices=("table", "csv", "json"),
        default="table",
        help=f"what is printed: a table of the first {TABLE_ROWS} lattices (default), or all of them as CSV or JSON",
    )
    parser.add_argument(
        "--notation",
        type=str.lower,
        choices=NOTATIONS,
        help="of the 6x6 stiffness, C_11 to C_66 in CSV, JSON and Parquet: mandel (default) and voigt in the order 11, "
        "22, 33, 23, 13, 12; abaqus (11, 22, 33, 12, 13, 23) and ansys (11, 22, 33, 12, 23, 13), Voigt's factors",
    )
    parser.add_argument(
        "--solid-modulus",
        type=number(above=0),
        metavar="GPA",
        help="Young's modulus of the solid in GPa: results come in --unit instead of multiples of it (E_s)",
    )
    parser.add_argument("--unit", choices=tuple(_IN_GPA), help="of results, with --solid-modulus (default GPa)")
    parser.add_argument(
        "--printed-density",
        action="store_true",
        help="add the column printed_density of what the union of the struts fills, about half a second a lattice",
    )
    parser.add_argument(
        "--extremes",
        action=argparse.BooleanOptionalAction,
        help=f"smallest and largest Young's modulus over all directions (default: of up to {CHEAP} lattices)",
    )


def _output(text: str) -> Path:
    path = Path(text)
    if not path.name.endswith(SUFFIXES):
        raise argparse.ArgumentTypeError(f"{text!r}: the suffix must be one of {', '.join(SUFFIXES)}")
    if not path.parent.is_dir():
        raise argparse.ArgumentTypeError(f"{text!r}: there is no folder {str(path.parent)!r}")
    return path


def report_of(arguments: argparse.Namespace, origin: dict[str, Any]) -> Report:
    """What the arguments ask for; says which of them change nothing.

    Args:
        arguments: of the command line.
        origin: see `Report`.

    Raises:
        FastlatticeError: a unit without a modulus.
    """
    modulus = arguments.solid_modulus
    if arguments.unit is not None and modulus is None:
        raise FastlatticeError(f"--unit {arguments.unit}: --solid-modulus must say what the solid's modulus is")
    unit = "Es" if modulus is None else arguments.unit or "GPa"
    scale = Scale(arguments.notation or "mandel", 1.0 if modulus is None else modulus * _IN_GPA[unit], unit)
    catalogues = [str(path) for path in arguments.output if path.name.endswith((".lat", ".lat.gz"))]
    given = [f"--{name}" for name in ("notation", "solid_modulus") if getattr(arguments, name) is not None]
    if catalogues and given:
        say(f"{', '.join(catalogues)}: {', '.join(given).replace('_', '-')} has no effect; labels are Mandel, in E_s")
    if arguments.notation and arguments.format == "table" and len(catalogues) == len(arguments.output):
        say("--notation has no effect: a table shows no matrix (--output FILE.csv, --format csv)")
    return Report(scale, origin, bool(given), arguments.printed_density)


@contextmanager
def open_writer(path: Path, digits: int | None = None, origin: dict[str, Any] | None = None) -> Iterator[Sink]:
    """A sink that keeps lattices with all their columns, in a .parquet, .lat or .lat.gz file."""
    from fastlattice.io.lat import CATALOGUE_COLUMNS, CatalogueWriter

    def catalogue_rows(batch: LatticeBatch) -> LatticeBatch:
        return batch.replace(columns={name: batch.columns[name] for name in CATALOGUE_COLUMNS if name in batch.columns})

    if path.suffix == ".parquet":
        from fastlattice.io.parquet import ParquetWriter

        with ParquetWriter(path, origin) as parquet:
            yield parquet.write
    else:
        with CatalogueWriter(path, digits) as catalogue:
            yield lambda batch: catalogue.write(catalogue_rows(batch))


def print_table(header: Sequence[str], rows: Sequence[Sequence[str]], stream: TextIO, text_columns: set[int]) -> None:
    """Prints aligned columns: text to the left, numbers to the right."""
    widths = [max(len(line[column]) for line in (header, *rows)) for column in range(len(header))]

    def line(cells: Sequence[str]) -> str:
        parts = (
            c.ljust(w) if i in text_columns else c.rjust(w) for i, (c, w) in enumerate(zip(cells, widths, strict=True))
        )
        return "  ".join(parts).rstrip() + "\n"

    stream.write(line(header) + "  ".join("-" * w for w in widths) + "\n")
    stream.writelines(map(line, rows))


def refuse_overwriting(inputs: Sequence[str], outputs: Sequence[Path]) -> None:
    """Refuses results that would take the place of an input.

    Raises:
        FastlatticeError: an output is one of the inputs.
    """
    taken = {Path(spec).resolve() for spec in inputs}
    for path in outputs:
        if path.resolve() in taken:
            raise FastlatticeError(f"{path}: the output would overwrite an input")


def list_left_out(what: str, listed: Sequence[tuple[str, str]], remedy: str = "") -> None:
    """Prints names and reasons of the first lattices that there is no result of to the standard error."""
    if listed:
        print(f"{len(listed)} {what}:", file=sys.stderr)
        for name, reason in listed[:_LISTED]:
            print(f"  {name}: {reason}", file=sys.stderr)
        if len(listed) > _LISTED:
            print(f"  ... and {len(listed) - _LISTED} more{remedy}", file=sys.stderr)
