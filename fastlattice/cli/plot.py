"""Draws lattices and their stiffness, or the results of a screening: pictures for print, pages for a browser.

The suffix of the output chooses the format: .png, .svg or .pdf (extra "plot"); or .html, a page in one file that reads
nothing from outside (extra "page"): cells to turn, with a slider over density, or a map whose points tell their names.

--kind says what is drawn:
  cells     each lattice beside its Young's modulus in every direction (default); as a page also the sections, the
            ranges of the moduli and the stiffness in the notations of Voigt, Mandel and Abaqus, over density
  sections  E, 1/E, and the largest and smallest G and nu in the planes of the axes
  map       one property of many lattices against another (default where INPUT is the folder of a screening), against
            density with the Voigt bound and scaling lines; of a screening with its best lattices, drawn on a page

A lattice without a stiffness is drawn alone, with the reason.

examples:
  fastlattice plot octet -o octet.png
  fastlattice plot octet kelvin nets:srs --density 0.03 -o three.html
  fastlattice plot octet cubic_octet --kind sections -o sections.pdf
  fastlattice plot octet kelvin bcc --density 0.005,0.01,0.02,0.05 --kind map --y G_xy -o map.svg
  fastlattice plot catalogue.lat --index 17 -o lattice.png
  fastlattice plot results --y E_min --colour anisotropy --best 8 -o results.html
"""

from __future__ import annotations

import argparse
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

from fastlattice.cli import maps, sources
from fastlattice.cli._types import number
from fastlattice.errors import FastlatticeError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastlattice.lattice.lattice import Lattice

EPILOG = f"""
columns of a map:
  density, C_11 .. C_66, E_x E_y E_z, G_yz G_xz G_xy, nu_xy nu_xz nu_yx nu_yz nu_zx nu_zy, anisotropy,
  E_min E_max G_min G_max nu_min nu_max; of a screening those that its results have

{sources.HELP}  FOLDER                the results of fastlattice screen, alone
"""
MOST = 20
KINDS = ("cells", "sections", "map")
PAGES = (".html", ".htm")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `fastlattice plot`."""
    sources.add_arguments(parser)
    parser.add_argument("-o", "--output", required=True, type=Path, metavar="FILE", help="picture or page to write")
    parser.add_argument(
        "--index", type=int, metavar="I", help=f"one lattice of the input, from 0 (default: all, up to {MOST})"
    )
    parser.add_argument("--kind", choices=KINDS, help="what is drawn: see above")
    parser.add_argument(
        "--solid-modulus",
        type=number(above=0),
        metavar="GPA",
        help="Young's modulus of the solid: sections, maps and pages are then in GPa, not in multiples of it",
    )
    maps.add_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Draws one picture or page."""
    folder = next((Path(spec) for spec in arguments.inputs if maps.is_results(Path(spec))), None)
    kind = arguments.kind or ("cells" if folder is None else "map")
    maps.refuse_without_effect(arguments, kind, folder)
    if folder is not None:
        if len(arguments.inputs) > 1 or kind != "map":
            raise FastlatticeError(f"{folder}: of the results of a screening a map is drawn, of one folder at a time")
        return maps.draw_results(folder, arguments)
    inputs = sources.open_sources(arguments)
    if kind == "map":
        return maps.draw_lattices(inputs, arguments)
    lattices = _chosen(inputs, arguments.index)
    if arguments.output.suffix.lower() in PAGES:
        if kind == "sections":
            raise FastlatticeError(f"{arguments.output}: a page shows the sections beside the cells: --kind cells")
        _page(lattices, arguments)
    else:
        _picture(lattices, kind, arguments)
    print(f"{', '.join(lattice.name or 'lattice' for lattice in lattices)} drawn in {arguments.output}")
    return 0


def _picture(lattices: list[Lattice], kind: str, arguments: argparse.Namespace) -> None:
    from fastlattice.fe import homogenise
    from fastlattice.pictures.page import named
    from fastlattice.pictures.plot import plot_summaries
    from fastlattice.pictures.sections import plot_sections
    from fastlattice.pictures.style import SOLID

    result = homogenise(lattices)
    reasons = {failure.index: failure.reason for failure in result.failures()}
    for i, reason in reasons.items():
        sources.say(f"{lattices[i].name or 'a lattice'} has no stiffness to draw: {reason}")
    if kind == "sections":
        modulus = arguments.solid_modulus or 1.0
        drawn = {n: modulus * result.stiffness[i] for i, n in enumerate(named(lattices)) if i not in reasons}
        plot_sections(drawn, arguments.output, unit="GPa" if arguments.solid_modulus else SOLID)
    else:
        rows = [(lattice, reasons.get(i) or result.stiffness[i]) for i, lattice in enumerate(lattices)]
        plot_summaries(rows, arguments.output)


def _page(lattices: list[Lattice], arguments: argparse.Namespace) -> None:
    from fastlattice.pictures.cell_page import write_cell_page

    write_cell_page(lattices, arguments.output, made=arguments.line, **maps.units(arguments.solid_modulus, "Eₛ"))


def _chosen(inputs: list[sources.Source], index: int | None) -> list[Lattice]:
    batches = chain.from_iterable(source.batches(sources.CHUNK) for source in inputs)
    every: Iterator[Lattice] = (batch[i] for batch in batches for i in range(len(batch)))
    if index is None:
        found = list(islice(every, MOST + 1))
        if len(found) > MOST:
            raise FastlatticeError(f"the input holds more than {MOST} lattices: --index chooses one")
        if not found:
            raise FastlatticeError("the input holds no lattice")
        return found
    seen = 0
    for lattice in every:
        if seen == index:
            return [lattice]
        seen += 1
    raise FastlatticeError(f"--index {index}: the input holds {seen} lattices, counted from 0")
