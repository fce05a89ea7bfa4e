"""Where the command line's results go: a table on the terminal, CSV, JSON, Parquet, or a labelled catalogue.

A chunk of results is a LatticeBatch with the columns that `with_results` adds. Every format names its notation and
its unit; nothing takes the place of a file before all of it is written.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TextIO

import torch

from fastlattice import elasticity
from fastlattice._files import replacing
from fastlattice.cli._types import number
from fastlattice.errors import FastlatticeError
from fastlattice.io.lat import CATALOGUE_COLUMNS, CatalogueWriter
from fastlattice.lattice.batch import LatticeBatch

Sink = Callable[[LatticeBatch], None]
SUFFIXES = (".csv", ".json", ".parquet", ".lat", ".lat.gz")
_PAIRS = [(i, j) for i in range(6) for j in range(i, 6)]
_TABLE_ROWS = 25


@dataclass(frozen=True)
class Scale:
    """How stiffness is written: notation of the 6x6 matrix and unit.

    Attributes:
        notation: "mandel" or "voigt".
        modulus: Young's modulus of the solid in `unit`, or 1 with unit "Es".
        unit: "Es" (multiples of the solid's Young's modulus) or "GPa".
    """

    notation: Literal["mandel", "voigt"]
    modulus: float
    unit: str

    def __call__(self, stiffness: torch.Tensor) -> torch.Tensor:
        """Converts [..., 6, 6] Mandel stiffness in units of E_s."""
        return elasticity.convert(stiffness, from_="mandel", to=self.notation) * self.modulus

    def names(self) -> list[str]:
        """Names of the 21 independent numbers, row by row, as in C_11_mandel_GPa."""
        return [f"C_{i + 1}{j + 1}_{self.notation}_{self.unit}" for i, j in _PAIRS]


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
        help=f"what is printed: a table of the first {_TABLE_ROWS} lattices (default), or all of them as CSV or JSON",
    )
    parser.add_argument(
        "--notation",
        choices=("mandel", "voigt"),
        default="mandel",
        help="of the 6x6 stiffness in CSV and JSON, in the order 11, 22, 33, 23, 13, 12 (default mandel)",
    )
    parser.add_argument(
        "--solid-modulus",
        type=number(above=0),
        metavar="GPA",
        help="Young's modulus of the solid in GPa: results come in GPa instead of multiples of it (E_s)",
    )


def _output(text: str) -> Path:
    path = Path(text)
    if not path.name.endswith(SUFFIXES):
        raise argparse.ArgumentTypeError(f"{text!r}: the suffix must be one of {', '.join(SUFFIXES)}")
    if not path.parent.is_dir():
        raise argparse.ArgumentTypeError(f"{text!r}: there is no folder {str(path.parent)!r}")
    return path


def scale_of(arguments: argparse.Namespace) -> Scale:
    """The Scale that the arguments ask for."""
    if arguments.solid_modulus is None:
        return Scale(arguments.notation, 1.0, "Es")
    return Scale(arguments.notation, arguments.solid_modulus, "GPa")


def open_sinks(arguments: argparse.Namespace) -> list[AbstractContextManager[Sink]]:
    """One sink for the terminal and one for each --output; enter them, then call them with each chunk."""
    scale = scale_of(arguments)
    printed = {"table": _table, "csv": _csv, "json": _json}[arguments.format]
    return [printed(sys.stdout, scale), *(_file(path, scale) for path in arguments.output)]


@contextmanager
def _file(path: Path, scale: Scale) -> Iterator[Sink]:
    if path.suffix in (".csv", ".json"):
        form = _csv if path.suffix == ".csv" else _json
        with (
            replacing(path) as temporary,
            temporary.open("w", newline="", encoding="utf-8") as stream,
            form(stream, scale) as sink,
        ):
            yield sink
    else:
        with open_writer(path) as write:
            yield write if path.suffix == ".parquet" else lambda chunk: write(_labelled(chunk))


@contextmanager
def open_writer(path: Path, digits: int | None = None) -> Iterator[Sink]:
    """A sink that keeps lattices with all their columns, in a .parquet, .lat or .lat.gz file."""
    if path.suffix == ".parquet":
        from fastlattice.io.parquet import ParquetWriter

        with ParquetWriter(path) as parquet:
            yield parquet.write
    else:
        with CatalogueWriter(path, digits) as catalogue:
            yield lambda batch: catalogue.write(_catalogue_rows(batch))


def _catalogue_rows(batch: LatticeBatch) -> LatticeBatch:
    """The batch with the columns that a catalogue has a place for."""
    return batch.replace(columns={name: batch.columns[name] for name in CATALOGUE_COLUMNS if name in batch.columns})


def _labelled(chunk: LatticeBatch) -> LatticeBatch:
    """The chunk with the computed stiffness in the place of its label."""
    return chunk.with_columns(target=chunk.columns["stiffness"])


def _rows(chunk: LatticeBatch, scale: Scale) -> Iterator[dict[str, Any]]:
    """One flat record for each lattice; numbers that do not exist are None."""
    stiffness = tensor(chunk, "stiffness")
    averages = elasticity.voigt_reuss_hill(_definite(stiffness))
    anisotropy = elasticity.universal_anisotropy(_definite(stiffness)).tolist()
    bulk, shear = ((value * scale.modulus).tolist() for value in (averages.bulk_hill, averages.shear_hill))
    density, beam_valid = chunk.relative_density.tolist(), tensor(chunk, "beam_valid").tolist()
    nodes, struts = chunk.node_counts.tolist(), chunk.strut_counts.tolist()
    entries = elasticity.pack21(scale(stiffness), notation=scale.notation).tolist()
    names = scale.names()
    for row, (name, reason) in enumerate(zip(chunk.names, chunk.columns["reason"], strict=True)):
        yield {
            "name": name,
            "relative_density": density[row],
            "nodes": nodes[row],
            "struts": struts[row],
            "status": reason or "ok",
            "beam_valid": beam_valid[row],
            f"K_hill_{scale.unit}": _number(bulk[row]),
            f"G_hill_{scale.unit}": _number(shear[row]),
            "universal_anisotropy": _number(anisotropy[row]),
            **{n: _number(v) for n, v in zip(names, entries[row], strict=True)},
        }


def tensor(chunk: LatticeBatch, name: str) -> torch.Tensor:
    """A column that holds numbers."""
    column = chunk.columns[name]
    assert isinstance(column, torch.Tensor)
    return column


def _definite(stiffness: torch.Tensor) -> torch.Tensor:
    """The stiffness, or NaN where it has no inverse to speak of and so no moduli."""
    definite = elasticity.is_positive_definite(stiffness, tolerance=1e-14)
    return stiffness.where(definite[:, None, None], math.nan)


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None


@contextmanager
def _csv(stream: TextIO, scale: Scale) -> Iterator[Sink]:
    writer: csv.DictWriter[str] | None = None

    def sink(chunk: LatticeBatch) -> None:
        nonlocal writer
        for record in _rows(chunk, scale):
            if writer is None:
                writer = csv.DictWriter(stream, list(record), lineterminator="\n")
                writer.writeheader()
            writer.writerow(record)

    yield sink


@contextmanager
def _json(stream: TextIO, scale: Scale) -> Iterator[Sink]:
    """One JSON object with the conventions and one record a line, written as it comes."""
    conventions = {
        "stiffness": f"C_ij: 6x6 {scale.notation} stiffness, order 11, 22, 33, 23, 13, 12",
        "unit": "E_s, the Young's modulus of the solid" if scale.unit == "Es" else scale.unit,
        "solid_modulus": None if scale.unit == "Es" else scale.modulus,
    }
    stream.write('{"conventions": ' + json.dumps(conventions) + ',\n"results": [')
    separator = "\n"

    def sink(chunk: LatticeBatch) -> None:
        nonlocal separator
        for record in _rows(chunk, scale):
            stream.write(separator + json.dumps(record))
            separator = ",\n"

    yield sink
    stream.write("\n]}\n")


@contextmanager
def _table(stream: TextIO, scale: Scale) -> Iterator[Sink]:
    """The first lattices with their engineering figures, and how many more there were."""
    unit = "E_s" if scale.unit == "Es" else scale.unit
    header = ["lattice", "density", "nodes", "struts", "E min", "E max", "K", "G", "A^U", "note"]
    rows: list[list[str]] = []
    total = 0

    def sink(chunk: LatticeBatch) -> None:
        nonlocal total
        total += len(chunk)
        shown = chunk[: max(0, _TABLE_ROWS - len(rows))]
        if not len(shown):
            return
        young = elasticity.young_modulus_extremes(_definite(tensor(shown, "stiffness")))
        for record, low, high in zip(_rows(shown, scale), young.minimum.tolist(), young.maximum.tolist(), strict=True):
            note = record["status"] if record["status"] != "ok" else "" if record["beam_valid"] else "thick struts"
            moduli = (low * scale.modulus, high * scale.modulus)
            figures = (*moduli, *(record[k] for k in (f"K_hill_{scale.unit}", f"G_hill_{scale.unit}")))
            rows.append(
                [
                    record["name"],
                    f"{record['relative_density']:.4g}",
                    str(record["nodes"]),
                    str(record["struts"]),
                    *(_figure(f) for f in figures),
                    _figure(record["universal_anisotropy"], ".3g"),
                    note,
                ]
            )

    yield sink
    if rows:
        print_table(header, rows, stream, text_columns={0, 9})
        more = (
            f"; {total - len(rows)} more lattices are not shown (--output FILE keeps all)" if total > len(rows) else ""
        )
        stream.write(
            f"Moduli in units of {unit}; E: Young's modulus over all directions, K and G: Hill averages{more}.\n"
        )


def _figure(value: float | None, form: str = ".4g") -> str:
    return "-" if value is None or not math.isfinite(value) else format(value, form)


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
