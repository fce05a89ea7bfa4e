"""Pages for a browser that stand in one file and read nothing from outside (extra "page")."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Sequence
from pathlib import Path
from string import Template
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fastlattice._extras import module_of_extra
from fastlattice._files import replacing
from fastlattice._version import __version__
from fastlattice.errors import FastlatticeError
from fastlattice.lattice.lattice import Lattice
from fastlattice.pictures.inside import inside_cell
from fastlattice.pictures.mesh import Mesh, sphere, tubes

SUFFIXES = (".html", ".htm")
_WEB = Path(__file__).parent / "web"
_KINDS = {"float32": "f4", "float64": "f8", "uint16": "u2", "uint32": "u4"}
_STRUTS = 20_000  # that are drawn at most where there is a choice
_FACES = 30_000  # of a mesh, about


def write(path: str | Path, title: str, name: str, data: dict[str, Any], made: str = "") -> None:
    """Writes a page, whole or not at all: web/NAME.html with web/NAME.js, the data and plotly.js, all in one file.

    Args:
        path: of the page, .html.
        title: of the page, any text.
        name: which page.
        data: for the script: what JSON holds, and arrays, which become base64.
        made: how it was made, for its foot.

    Raises:
        MissingExtraError: plotly is not installed.
        FastlatticeError: another suffix.
        OSError: the file cannot be written.
    """
    path = Path(path)
    if path.suffix.lower() not in SUFFIXES:
        raise FastlatticeError(f"{path}: the suffix of a page is .html")
    get_plotlyjs = module_of_extra("plotly.offline", "page", "a page").get_plotlyjs
    # JSON in a script element ends at no tag, whatever the names of lattices are
    text = json.dumps(data, default=_as_base64, allow_nan=False).replace("<", "\\u003c")
    page = Template(_text("page.html")).substitute(
        title=html.escape(title),
        generator=html.escape(f"fastlattice {__version__}{', ' * bool(made)}{made}"),
        style=_text("style.css"),
        body=_text(f"{name}.html"),
        data=text,
        plotly=get_plotlyjs(),
        script=_text("common.js") + "\n" + _text(f"{name}.js"),
    )
    with replacing(path) as temporary:
        temporary.write_text(page, encoding="utf-8")


def _text(name: str) -> str:
    return (_WEB / name).read_text(encoding="utf-8").rstrip()


def _as_base64(array: Any) -> dict[str, str]:
    """An array as its little-endian bytes."""
    little = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
    return {"kind": _KINDS[array.dtype.name], "base64": base64.b64encode(little.tobytes()).decode("ascii")}


def cell_of(lattice: Lattice, tiles: int) -> dict[str, Any]:
    """What a page draws of a lattice: `tiles` cells in each direction, radii as they are.

    Vertices are `axes + scale * rims`: on the struts' axes, and from there to their surfaces, for radii times `scale`.
    """
    block = lattice.supercell(tiles) if tiles > 1 else lattice
    starts, ends, radii, nodes, node_radii = inside_cell(block)
    sides = int(np.clip(_FACES / (4 * max(len(starts), 1)), 6, 24))
    divisions = int(np.clip(np.sqrt(_FACES / (16 * max(len(nodes), 1))), 2, 5))

    def mesh(scale: float) -> Mesh:
        return tubes(starts, ends, scale * radii, sides, np.inf) + sphere(nodes, scale * node_radii, divisions)

    axes = mesh(0.0).faces.reshape(-1, 3)
    both = np.concatenate([axes, mesh(1.0).faces.reshape(-1, 3) - axes], axis=1)
    size = np.linalg.norm(block.cell, axis=1).max()
    vertices, corner = np.unique(np.round(both / size, 6).astype(np.float32), axis=0, return_inverse=True)
    a, b, c, d = corner.reshape(-1, 4).T
    triangles = np.concatenate([np.stack([a, b, c], axis=1), np.stack([a, c, d], axis=1)[c != d]])
    edges = np.array([(p, q) for p in np.ndindex(2, 2, 2) for q in np.ndindex(2, 2, 2) if sum(q) - sum(p) == 1])
    edges = edges[(edges[:, 1] >= edges[:, 0]).all(axis=1)]
    outline = edges @ (block.cell / size)
    drawn = np.concatenate([outline.reshape(-1, 3), vertices[:, :3] + vertices[:, 3:]])
    low, high = drawn.min(axis=0), drawn.max(axis=0)
    return {
        "mesh": {"axes": vertices[:, :3].copy(), "rims": vertices[:, 3:].copy(), "triangles": indices(triangles)},
        "outline": outline.astype(np.float32),
        "origin": [float(high[0]), float(low[1]) - 0.15, float(low[2]) - 0.1],  # in front of the cell, on the left
        "reach": 0.2,
    }


def tiles_of(lattice: Lattice) -> int:
    """How many cells in each direction a page shows: two, or one of a cell with very many struts."""
    return 2 if 8 * lattice.num_struts <= _STRUTS else 1


def indices(values: NDArray[Any]) -> NDArray[Any]:
    """Indices in as few bytes as hold them."""
    return values.astype(np.uint16 if values.size == 0 or values.max() < 1 << 16 else np.uint32)


def named(lattices: Sequence[Lattice]) -> list[str]:
    """A name for each lattice, no two the same."""
    names = [lattice.name or "lattice" for lattice in lattices]
    if len(set(names)) < len(names):
        names = [f"{name}, density {each.relative_density:.4g}" for name, each in zip(names, lattices, strict=True)]
    if len(set(names)) < len(names):
        names = [f"{place}. {name}" for place, name in enumerate(names, start=1)]
    return names
