"""Where the command line's lattices come from: files, built-in unit cells, RCSR nets."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from fastlattice.cli._types import numbers
from fastlattice.errors import CatalogueError, FastlatticeError
from fastlattice.io.cgd import read_cgd
from fastlattice.io.files import format_of, read_beams, suffixes
from fastlattice.io.lat import iter_catalogue
from fastlattice.io.on_error import OnError
from fastlattice.lattice.batch import LatticeBatch
from fastlattice.lattice.lattice import Lattice
from fastlattice.topologies import cells, nets

CHUNK = 4096
"""Lattices that a command works on at a time."""

HELP = """\
where lattices come from:
  octet                 a built-in unit cell (fastlattice info lists them)
  cells:all             every built-in unit cell
  nets:pcu              one net of the Reticular Chemistry Structure Resource
  nets:rcsr             all of them
  FILE.lat, FILE.lat.gz a catalogue in the format of Grega et al. (2024); one lattice for each density
  FILE.cgd              nets in the format of Systre (needs the extra "cgd")
  FILE.parquet          what fastlattice wrote (needs the extra "parquet")
  FILE.3mf, .ltcx, .inp, .obj, .vtu, .vtk, .csv, .json, .txt
                        a finite wireframe of beams, folded to its cell (docs/files.md; some need the extra "formats")
"""


@dataclass(frozen=True)
class Source:
    """One input of a command.

    Attributes:
        spec: what the user wrote.
        count: number of lattices, or None where only reading to the end tells.
        batches: called with a batch size, iterates over the lattices.
        errors: malformed entries that were skipped; complete once `batches` is exhausted.
        fraction: how much of the input `batches` has consumed so far, where `count` is None.
    """

    spec: str
    count: int | None
    batches: Callable[[int], Iterator[LatticeBatch]]
    errors: list[CatalogueError]
    fraction: Callable[[], float] = lambda: 1.0

    def estimate(self, seen: int) -> int:
        """Number of lattices, known or extrapolated from those seen so far."""
        return self.count if self.count is not None else round(seen / max(self.fraction(), 1e-9))


def add_arguments(parser: argparse.ArgumentParser, required: bool = True) -> None:
    """The arguments that say which lattices a command works on."""
    parser.add_argument(
        "inputs", nargs="+" if required else "*", metavar="INPUT", help="unit cell, net or file; see below"
    )
    parser.add_argument(
        "--density",
        type=numbers(above=0, below=1),
        default=[0.01],
        metavar="RHO[,RHO...]",
        help="relative density for inputs that state none: built-in cells, nets, .cgd (default 0.01)",
    )
    parser.add_argument(
        "--on-error",
        choices=("raise", "skip"),
        default="raise",
        help="what a malformed catalogue entry does: stop (default), or be listed at the end",
    )


def open_sources(arguments: argparse.Namespace) -> list[Source]:
    """One Source for each INPUT; names and files are checked before any work starts.

    Raises:
        FastlatticeError: an input that does not exist.
    """
    return [_open(spec, arguments.density, arguments.on_error) for spec in arguments.inputs]


def _open(spec: str, densities: Sequence[float], on_error: str) -> Source:
    kind, _, name = spec.partition(":")
    if spec == "cells:all":
        return _listed(spec, [cells.unit_cell(each, rho) for each in cells.unit_cell_names() for rho in densities])
    if spec == "nets:rcsr":
        return _packed(spec, nets.rcsr_batch(densities))
    if kind == "nets" and name:
        return _listed(spec, [nets.rcsr_net(name, rho) for rho in densities])
    path = Path(spec)
    if path.name.lower().endswith(suffixes()) or path.is_file():
        return _file(spec, path, densities, on_error)
    return _listed(spec, [cells.unit_cell(spec, rho) for rho in densities])


def _file(spec: str, path: Path, densities: Sequence[float], on_error: str) -> Source:
    if not path.is_file():
        raise FastlatticeError(f"{spec}: there is no such file")
    errors: list[CatalogueError] = []
    report: OnError = errors.append if on_error == "skip" else "raise"
    if path.suffix == ".cgd":
        found = read_cgd(path, densities[0], report)
        every = [lattice.with_relative_density(rho) for lattice in found for rho in densities]
        return replace(_listed(spec, every), errors=errors)
    if path.suffix == ".parquet":
        from fastlattice.io.parquet import count_parquet, iter_parquet

        return Source(spec, count_parquet(path), lambda size: iter_parquet(path, size), [])
    if format_of(path).read_wireframe is not None:
        return _packed(spec, read_beams(path, densities))
    read = [0.0]

    def batches(size: int) -> Iterator[LatticeBatch]:
        return iter_catalogue(path, size, on_error=report, on_progress=lambda fraction: read.__setitem__(0, fraction))

    return Source(spec, None, batches, errors, lambda: read[0])


def _listed(spec: str, lattices: list[Lattice]) -> Source:
    batch = LatticeBatch.from_lattices(lattices)
    return _packed(spec, batch.with_columns(base_name=batch.names, relative_density=batch.relative_density))


def _packed(spec: str, batch: LatticeBatch) -> Source:
    def batches(size: int) -> Iterator[LatticeBatch]:
        for start in range(0, len(batch), size):
            yield batch[start : start + size]

    return Source(spec, len(batch), batches, [])
