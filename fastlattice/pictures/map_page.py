"""A page about many lattices: a map of their properties, and the best of them as small multiples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from fastlattice.errors import FastlatticeError
from fastlattice.lattice.lattice import Lattice
from fastlattice.pictures import page
from fastlattice.pictures.maps import scaled, voigt_bound
from fastlattice.pictures.quantities import quantity

MOST_SCENES = 12
"""Cells that a page draws at most: browsers hold some 16 pictures of three dimensions."""


def write_map_page(
    columns: Mapping[str, ArrayLike],
    path: str | Path,
    *,
    x: str = "density",
    y: str = "E_x",
    colour: str | None = None,
    best: Sequence[Lattice] = (),
    chosen: str = "the best",
    modulus: float = 1.0,
    unit: str = "Eₛ",
    poisson: float = 0.3,
    title: str = "",
    about: str = "",
    made: str = "",
) -> None:
    """Writes a page with a property map on which the mouse names each lattice, and with the best lattices drawn.

    Lists on the page choose other columns for the axes and the colour. The page is one file that opens in any browser
    and reads nothing from outside; it holds all columns of numbers of all rows, so that some 20,000 rows are enough.

    Args:
        columns: [n] each by its name, as results of a screening have them, rows of the best lattices first; "name" and
            "id" where there are such.
        path: of the page, .html.
        x, y, colour: columns that are shown first.
        best: the lattices of the first rows, at most 12, drawn one beside another; none: no cells are drawn.
        chosen: in words, what the best are.
        modulus: Young's modulus of the solid in `unit`; columns of stiffness are multiplied by it.
        unit: of stiffness.
        poisson: Poisson's ratio of the solid, for the Voigt bound of G.
        title, about, made: heading, a sentence below it, and how the page was made, for its foot.

    Raises:
        MissingExtraError: plotly is not installed.
        FastlatticeError: a column does not exist, there are too many best lattices, or the suffix is not .html.
        OSError: the file cannot be written.
    """
    if len(best) > MOST_SCENES:
        raise FastlatticeError(f"a page draws at most {MOST_SCENES} lattices")
    arrays = {name: np.asarray(values) for name, values in columns.items()}
    numbers = [name for name, values in arrays.items() if values.dtype.kind in "fiu" and name != "id"]
    for name in filter(None, (x, y, colour)):
        if name not in numbers:
            raise FastlatticeError(f"there is no column {name!r} of numbers: {', '.join(numbers)}")
    count = len(arrays[x])
    data = {
        "columns": [
            {
                "name": name,
                "label": quantity(name).html(unit),
                "bound": voigt_bound(name, modulus, poisson),
                "values": scaled(arrays, name, modulus).astype(np.float32),
            }
            for name in numbers
        ],
        "names": [str(name) for name in arrays.get("name", [""] * count)],
        "ids": [int(row) for row in arrays.get("id", range(count))],
        "x": x,
        "y": y,
        "colour": colour or "",
        "chosen": chosen,
        "best": [page.cell_of(lattice, 1) for lattice in best],
        "title": title,
        "about": about,
    }
    page.write(path, title or "Property map", "map", data, made)
