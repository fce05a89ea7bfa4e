"""Property maps from the command line: of the lattices of any input, or of the results of a screening."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastlattice.cli import sources
from fastlattice.cli._types import count
from fastlattice.errors import FastlatticeError

if TYPE_CHECKING:
    from fastlattice.lattice.batch import LatticeBatch
    from fastlattice.screening.reading import Results

_ONLY_MAPS = ("x", "y", "colour")
_ONLY_RESULTS = ("best", "by", "source")
BEST = 8


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments that say what a map shows."""
    group = parser.add_argument_group("maps")
    group.add_argument("--x", metavar="NAME", help="column across (default density)")
    group.add_argument("--y", metavar="NAME", help="column up (default: what a screening was asked for, or E_x)")
    group.add_argument("--colour", metavar="NAME", help="column that colours the points")
    group.add_argument(
        "--best", type=count, metavar="N", help=f"of a screening: how many of its best are marked (default {BEST})"
    )
    group.add_argument(
        "--by", metavar="NAME", help="what is best, as E_min or min:nu_xy (default: what the screening chose, or --y)"
    )
    group.add_argument("--source", metavar="SOURCE", help="of the screening's lattices, where it was moved since")


def is_results(path: Path) -> bool:
    """Is this the folder of a screening?"""
    return path.is_dir() and any(path.glob("shard-*.parquet"))


def refuse_without_effect(arguments: argparse.Namespace, kind: str, folder: Path | None) -> None:
    """Refuses what would change nothing.

    Raises:
        FastlatticeError: there is such an argument.
    """
    names = (*(_ONLY_MAPS if kind != "map" else ()), *(_ONLY_RESULTS if folder is None else ()))
    for name in names:
        if getattr(arguments, name) is not None:
            what = "a map (--kind map)" if name in _ONLY_MAPS else "the folder of a screening"
            raise FastlatticeError(f"--{name} is for {what}")
    if folder is not None and arguments.index is not None:
        raise FastlatticeError("--index chooses a lattice; a map shows all")


def units(solid_modulus: float | None, solid: str) -> dict[str, Any]:
    """Modulus and unit for a picture; `solid` is the name of the solid's modulus as a unit."""
    return {"modulus": 1.0, "unit": solid} if solid_modulus is None else {"modulus": solid_modulus, "unit": "GPa"}


def draw_lattices(inputs: Sequence[sources.Source], arguments: argparse.Namespace) -> int:
    """A map of all lattices of the inputs."""
    from fastlattice.lattice.batch import LatticeBatch

    batches = [batch for source in inputs for batch in source.batches(sources.CHUNK)]
    batch = LatticeBatch.concatenate([each.replace(columns={"name": each.names}) for each in batches])
    if not len(batch):
        raise FastlatticeError("the input holds no lattice")
    chosen = (arguments.x or "density", arguments.y or "E_x", arguments.colour)
    columns = _computed(batch, {name for name in chosen if name})
    _draw(columns, chosen, arguments, title="")
    print(f"{len(batch)} lattices drawn in {arguments.output}")
    return 0


def _computed(batch: LatticeBatch, names: set[str]) -> dict[str, Any]:
    """Columns as of a screening; extremes only where they are named."""
    import numpy as np

    from fastlattice.fe import homogenise
    from fastlattice.screening.properties import EXTREMES, extreme_columns, property_columns

    stiffness = homogenise(batch).stiffness.numpy()
    columns: dict[str, Any] = {"name": np.array(list(batch.names)), "density": batch.relative_density.numpy()}
    columns |= property_columns(stiffness)
    return columns | extreme_columns(stiffness, ~np.isnan(columns["E_x"]), names & set(EXTREMES))


def draw_results(folder: Path, arguments: argparse.Namespace) -> int:
    """A map of the results of a screening, with its best lattices."""
    from fastlattice.screening.reading import read_results

    asked = BEST if arguments.best is None else arguments.best
    most = _MOST_ROWS[_is_page(arguments)]
    results = read_results(folder, asked, arguments.by, most, arguments.y or "E_x")
    wanted = [each.column for each in results.objectives]
    across = arguments.x or "density"
    up = arguments.y or next((name for name in wanted if name != across), "E_x")
    _draw(results.columns, (across, up, arguments.colour), arguments, folder.resolve().name, results, folder)
    print(f"{len(results.columns['id'])} of {results.total} lattices drawn in {arguments.output}")
    return 0


_MOST_ROWS = {True: 20_000, False: 200_000}
"""Rows that are drawn, of a page and of a picture."""


def _is_page(arguments: argparse.Namespace) -> bool:
    return arguments.output.suffix.lower() in (".html", ".htm")


def _draw(
    columns: dict[str, Any],
    chosen: tuple[str, str, str | None],
    arguments: argparse.Namespace,
    title: str,
    results: Results | None = None,
    folder: Path | None = None,
) -> None:
    x, y, colour = chosen
    best = results.best if results else 0
    shown: dict[str, Any] = {"x": x, "y": y, "colour": colour, "title": title}
    if not _is_page(arguments):
        from fastlattice.pictures.maps import plot_map
        from fastlattice.pictures.style import SOLID

        scale = units(arguments.solid_modulus, SOLID)
        plot_map(columns, arguments.output, names=columns["name"], best=range(best), **shown, **scale)
        return
    from fastlattice.pictures.map_page import MOST_SCENES, write_map_page

    lattices: list[Any] = []
    if results and folder:
        lattices = _lattices(folder, columns["id"][: min(best, MOST_SCENES)], arguments)
    count = len(columns["name"])
    about = f"{results.total if results else count:,} lattices"
    about += f", of which {count:,} are shown" if results and count < results.total else ""
    write_map_page(
        columns,
        arguments.output,
        best=lattices,
        chosen=results.chosen if results else "",
        about=f"{about}. The mouse names a lattice; a frame drawn with it enlarges a part.",
        made=arguments.line,
        **shown,
        **units(arguments.solid_modulus, "Eₛ"),
    )


def _lattices(folder: Path, rows: Any, arguments: argparse.Namespace) -> list[Any]:
    """The best lattices of a screening, or none, with the reason said."""
    from fastlattice.screening.reading import lattices_of_rows

    density = arguments.density[0] if arguments.density else sources.DENSITY
    try:
        batch = lattices_of_rows(folder, rows, arguments.source, density)
    except (FastlatticeError, OSError) as error:
        if arguments.source is not None:
            raise
        sources.say(f"the best cells are not drawn: {error} (--source, --density)")
        return []
    return [batch[row] for row in range(len(batch))]
