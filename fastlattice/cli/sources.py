"""Where the command line's lattices come from: files, pipes, built-in unit cells, RCSR nets."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from fastlattice.cli._types import listed, numbers
from fastlattice.errors import CatalogueError, FastlatticeError

if TYPE_CHECKING:
    from fastlattice.io.on_error import OnError
    from fastlattice.lattice.batch import LatticeBatch
    from fastlattice.lattice.lattice import Lattice

CHUNK = 4096
"""Lattices that a command works on at a time."""
DENSITY = 0.01
"""Relative density of what states none."""

HELP = """\
where lattices come from:
  octet                 a built-in unit cell (fastlattice info lists them)
  cells:octet,kelvin    several; cells:all is every built-in unit cell
  nets:pcu,dia          nets of the Reticular Chemistry Structure Resource; nets:rcsr is all of them
  FILE.lat, FILE.lat.gz a catalogue in the format of Grega et al. (2024); one lattice for each density
  FILE.cgd              nets in the format of Systre (needs the extra "cgd")
  FILE.parquet          what fastlattice wrote, or MetaModulus (needs the extra "parquet")
  FILE.3mf, .ltcx, .inp, .obj, .vtu, .vtk, .csv, .json, .txt
                        a finite wireframe of beams, folded to its cell (docs/files.md; some need the extra "formats")
  -                     standard input, or any pipe: what it holds is told by its content
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
        "inputs", nargs="+" if required else "*", metavar="INPUT", help="unit cell, net, file or -; see below"
    )
    parser.add_argument(
        "--density",
        type=numbers(above=0, below=1),
        metavar="RHO[,RHO...]",
        help="relative density of lattices that state none: unit cells, nets, .cgd, .lat or wireframes without radii "
        f"(default {DENSITY})",
    )
    parser.add_argument(
        "--on-error",
        choices=("raise", "skip"),
        help="what a malformed entry of a .lat or .cgd file does: stop (default), or be listed at the end",
    )


def open_sources(arguments: argparse.Namespace) -> list[Source]:
    """One Source for each INPUT; names and files are checked before any work starts.

    Raises:
        FastlatticeError: an input that does not exist.
    """
    found = [_resolved(spec) for spec in arguments.inputs]
    return [_open(spec, kind, what, arguments) for spec, (kind, what) in zip(arguments.inputs, found, strict=True)]


def say(text: str) -> None:
    """A remark for the user, apart from what is printed as a result."""
    print(f"fastlattice: {text}", file=sys.stderr)


def _resolved(spec: str) -> tuple[str, Any]:
    """Of what kind an input is, and the names, or the path, that it stands for; torch is not needed to say no."""
    kind, colon, rest = spec.partition(":")
    path = Path(spec)
    if colon and kind.lower() in ("cells", "nets") and not path.is_file():
        kind = kind.lower()
        if rest.lower() == {"cells": "all", "nets": "rcsr"}[kind]:
            return kind, None
        if not listed(rest):
            raise FastlatticeError(f"{spec!r}: no name follows; {kind}:{'all' if kind == 'cells' else 'rcsr'} is all")
        return kind, [(_cell if kind == "cells" else _net)(name) for name in listed(rest)]
    if spec == "-" or (path.exists() and not path.is_file() and not path.is_dir()):
        return "stream", spec
    if path.is_file():
        return "file" if path.suffix else "stream", spec
    if os.sep in spec or path.suffix:
        raise FastlatticeError(f"{spec}: {'this is a folder' if path.is_dir() else 'there is no such file'}")
    return "cells", [_cell(name) for name in listed(spec) or [spec]]


def _cell(name: str) -> str:
    """The unit cell of a name, however its letters are cased."""
    from fastlattice.topologies import cells

    for each in (name, name.lower()):
        if each in cells.UNIT_CELLS:
            return each
    cells.unit_cell_description(name)  # which says what is near
    raise AssertionError


def _net(name: str) -> str:
    """The RCSR symbol of a name, however its letters are cased."""
    from fastlattice.topologies import cells, rcsr_table

    symbol = rcsr_table.symbol_of(name)
    if symbol is None and name.lower() in cells.UNIT_CELLS:
        raise FastlatticeError(f"there is no RCSR net {name!r}; {name.lower()} is a unit cell, cells:{name.lower()}")
    if symbol is None:
        rcsr_table.row_of(name)
    return symbol or name


def _open(spec: str, kind: str, what: Any, arguments: argparse.Namespace) -> Source:
    from fastlattice.topologies import cells, nets

    densities = arguments.density or [DENSITY]
    if kind == "stream":
        folder = Path(arguments.resources.enter_context(TemporaryDirectory(prefix="fastlattice-")))
        return _file(spec, _spooled(what, folder), arguments)
    if kind == "file":
        return _file(spec, Path(what), arguments)
    if arguments.on_error is not None:
        say(f"{spec}: --on-error has no effect on built-in lattices")
    if kind == "cells":
        names = cells.unit_cell_names() if what is None else what
        return _listed(spec, [cells.unit_cell(name, rho) for name in names for rho in densities])
    if what is None:
        return _packed(spec, nets.rcsr_batch(densities))
    return _listed(spec, [nets.rcsr_net(name, rho) for name in what for rho in densities])


def _spooled(spec: str, folder: Path) -> Path:
    """What a pipe holds, as a file whose suffix says of what format it is."""
    from fastlattice.io.files import suffix_of

    copy = folder / "input"
    with copy.open("wb") as file:
        if spec == "-":
            shutil.copyfileobj(sys.stdin.buffer, file)
        else:
            with open(spec, "rb") as pipe:
                shutil.copyfileobj(pipe, file)
    if copy.stat().st_size == 0:
        raise FastlatticeError(f"{spec}: there was nothing to read")
    return copy.rename(copy.with_name(f"input{suffix_of(copy)}"))


def _file(spec: str, path: Path, arguments: argparse.Namespace) -> Source:
    from fastlattice.io.cgd import read_cgd
    from fastlattice.io.files import CATALOGUE, CGD, PARQUET, format_of, read_beams

    densities = arguments.density or [DENSITY]
    errors: list[CatalogueError] = []

    def renamed(error: CatalogueError) -> CatalogueError:
        return CatalogueError(spec, error.line, error.reason, error.entry)

    report: OnError = (lambda error: errors.append(renamed(error))) if arguments.on_error == "skip" else "raise"
    try:
        kind = format_of(path)
        if arguments.on_error is not None and kind not in (CATALOGUE, CGD):
            say(f"{spec}: --on-error has no effect on a file of this kind: it is read whole or not at all")
        if kind is CGD:
            found = read_cgd(path, densities[0], report)
            every = [lattice.with_relative_density(rho) for lattice in found for rho in densities]
            return replace(_listed(spec, every), errors=errors)
        if kind is PARQUET:
            from fastlattice.io.metamodulus import count_metamodulus, is_metamodulus, iter_metamodulus
            from fastlattice.io.parquet import count_parquet, iter_parquet

            if is_metamodulus(path):
                count = count_metamodulus(path) * len(densities)
                return Source(spec, count, lambda size: _chunked(iter_metamodulus(path, densities), size), [])
            _say_density_is_stated(spec, arguments)
            return Source(spec, count_parquet(path), lambda size: iter_parquet(path, size), [])
        if kind.read_wireframe is not None:
            batch = read_beams(path, densities)
            if "the file has no radii" not in str(batch.columns["notes"][0]):
                _say_density_is_stated(spec, arguments)
            return _packed(spec, batch)
    except CatalogueError as error:
        raise renamed(error) from None
    read = [0.0]

    def batches(size: int) -> Iterator[LatticeBatch]:
        from fastlattice.cli.densities import at_densities
        from fastlattice.io.lat import iter_catalogue

        used = False
        try:
            for batch, acted in at_densities(
                lambda default: iter_catalogue(path, size, report, default, lambda done: read.__setitem__(0, done)),
                densities,
            ):
                used |= acted
                yield batch
        except CatalogueError as error:
            raise renamed(error) from None
        if not used:
            _say_density_is_stated(spec, arguments)

    return Source(spec, None, batches, errors, lambda: read[0])


def _say_density_is_stated(spec: str, arguments: argparse.Namespace) -> None:
    if arguments.density is not None:
        say(f"{spec}: --density has no effect: all its lattices state their own")


def _chunked(lattices: Iterator[Lattice], size: int) -> Iterator[LatticeBatch]:
    while chunk := list(islice(lattices, size)):
        yield _labelled(chunk)


def _labelled(lattices: Sequence[Lattice]) -> LatticeBatch:
    from fastlattice.lattice.batch import LatticeBatch

    batch = LatticeBatch.from_lattices(lattices)
    return batch.with_columns(base_name=batch.names, relative_density=batch.relative_density)


def _listed(spec: str, lattices: Sequence[Lattice]) -> Source:
    return _packed(spec, _labelled(lattices))


def _packed(spec: str, batch: LatticeBatch) -> Source:
    def batches(size: int) -> Iterator[LatticeBatch]:
        for start in range(0, len(batch), size):
            yield batch[start : start + size]

    return Source(spec, len(batch), batches, [])
