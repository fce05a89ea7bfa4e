"""One writer for each format of results: each is a context that gives a function to call with every chunk."""

from __future__ import annotations

import argparse
import csv
import json
import math
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TextIO

import torch

from fastlattice._files import replacing
from fastlattice.cli import records
from fastlattice.cli.results import TABLE_ROWS, Report, Sink, open_writer, print_table
from fastlattice.lattice.batch import LatticeBatch

_ORDERS = {
    "mandel": "11, 22, 33, 23, 13, 12",
    "voigt": "11, 22, 33, 23, 13, 12",
    "abaqus": "11, 22, 33, 12, 13, 23, Voigt's factors",
    "ansys": "11, 22, 33, 12, 23, 13, Voigt's factors",
}


def open_sinks(arguments: argparse.Namespace, report: Report) -> list[AbstractContextManager[Sink]]:
    """One sink for the terminal and one for each --output; enter them, then call them with each chunk.

    A chunk is a LatticeBatch with the columns that the pipeline adds.
    """
    printed = {"table": table, "csv": csv_rows, "json": json_rows}[arguments.format]
    return [printed(sys.stdout, report), *(file(path, report) for path in arguments.output)]


@contextmanager
def file(path: Path, report: Report) -> Iterator[Sink]:
    """A .csv, .json, .parquet, .lat or .lat.gz file."""
    if path.suffix in (".csv", ".json"):
        form = csv_rows if path.suffix == ".csv" else json_rows
        with (
            replacing(path) as temporary,
            temporary.open("w", newline="", encoding="utf-8") as stream,
            form(stream, report) as sink,
        ):
            yield sink
    else:
        with open_writer(path, origin=report.origin) as write:
            to_write = _with_figures if path.suffix == ".parquet" else _labelled
            yield lambda chunk: write(to_write(chunk, report))


def _labelled(chunk: LatticeBatch, report: Report) -> LatticeBatch:
    """The chunk with the computed stiffness in the place of its label."""
    return chunk.with_columns(target=chunk.columns["stiffness"])


def _with_figures(chunk: LatticeBatch, report: Report) -> LatticeBatch:
    """The chunk with the columns of `records`; the 21 constants only where notation or unit were asked for."""
    columns = records.numbers(chunk, report.scale)
    if report.asked:
        columns |= records.components(records.tensor(chunk, "stiffness"), report.scale)
    kept = {name: column for name, column in chunk.columns.items() if name != "young_extremes"}
    return chunk.replace(columns=kept).with_columns(**columns)


@contextmanager
def csv_rows(stream: TextIO, report: Report) -> Iterator[Sink]:
    """Rows of CSV; how they were made stands in the last columns of each."""
    writer: csv.DictWriter[str] | None = None
    origin = {name: value for name, value in report.origin.items() if name != "inputs"}

    def sink(chunk: LatticeBatch) -> None:
        nonlocal writer
        for record in records.rows(chunk, report):
            if writer is None:
                writer = csv.DictWriter(stream, [*record, *origin], lineterminator="\n")
                writer.writeheader()
            writer.writerow(record | origin)

    yield sink


@contextmanager
def json_rows(stream: TextIO, report: Report) -> Iterator[Sink]:
    """One JSON object with the conventions, how it was made, and one record a line, written as it comes."""
    scale = report.scale
    conventions = {
        "stiffness": f"C_ij: 6x6 {scale.notation} stiffness, order {_ORDERS[scale.notation]}",
        "unit": "E_s, the Young's modulus of the solid" if scale.unit == "Es" else scale.unit,
        "solid_modulus": None if scale.unit == "Es" else scale.modulus,
    }
    head = json.dumps({"conventions": conventions, "origin": report.origin})
    stream.write(head[:-1] + ',\n"results": [')
    separator = "\n"

    def sink(chunk: LatticeBatch) -> None:
        nonlocal separator
        for record in records.rows(chunk, report):
            stream.write(separator + json.dumps(record))
            separator = ",\n"

    yield sink
    stream.write("\n]}\n")


@contextmanager
def table(stream: TextIO, report: Report) -> Iterator[Sink]:
    """The first lattices with their engineering figures, and how many more there were."""
    scale = report.scale
    header = ["lattice", "density", "nodes", "struts", "E min", "E max", "K", "G", "A^U", "note"]
    if report.printed_density:
        header.insert(2, "printed")
    lines: list[list[str]] = []
    total = 0

    def sink(chunk: LatticeBatch) -> None:
        nonlocal total
        total += len(chunk)
        shown = chunk[: max(0, TABLE_ROWS - len(lines))]
        if not len(shown):
            return
        ends = records.tensor(shown, "young_extremes")
        if bool(ends.isnan().all()):
            ends = records.extremes(records.tensor(shown, "stiffness"))
        for record, (low, high) in zip(records.rows(shown, report), ends.tolist(), strict=True):
            averages = (record[k] for k in (f"K_hill_{scale.unit}", f"G_hill_{scale.unit}"))
            lines.append(
                [
                    record["name"],
                    f"{record['relative_density']:.4g}",
                    *([_figure(record["printed_density"])] if report.printed_density else []),
                    str(record["nodes"]),
                    str(record["struts"]),
                    *(_figure(f) for f in (low * scale.modulus, high * scale.modulus, *averages)),
                    _figure(record["universal_anisotropy"], ".3g"),
                    note(record["status"], record["beam_valid"], record["joints_valid"]),
                ]
            )

    yield sink
    if lines:
        unit = "E_s" if scale.unit == "Es" else scale.unit
        print_table(header, lines, stream, text_columns={0, len(header) - 1})
        more = (
            f"; {total - len(lines)} more lattices are not shown (--output FILE keeps all)"
            if total > len(lines)
            else ""
        )
        stream.write(
            f"Moduli in units of {unit}; E: Young's modulus over all directions, K and G: Hill averages{more}.\n"
        )


def note(status: str, beam_valid: bool, joints_valid: bool) -> str:
    """What keeps a lattice from being what it should be, in a few words; "" where nothing does."""
    if status != "ok":
        return status
    return "thick struts" if not beam_valid else "" if joints_valid else "struts overlap at nodes"


def _figure(value: float | None, form: str = ".4g") -> str:
    return "-" if value is None or not math.isfinite(value) else format(value, form)


def extremes_of(chunk: LatticeBatch, wanted: bool) -> torch.Tensor:
    """[B, 2] for the column young_extremes: NaN where they are not wanted."""
    stiffness = records.tensor(chunk, "stiffness")
    return records.extremes(stiffness) if wanted else stiffness.new_full((len(chunk), 2), math.nan)
