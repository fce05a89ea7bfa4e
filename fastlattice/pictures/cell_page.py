"""A page about lattices: each cell with its real radii, its stiffness in every direction, and both over density."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fastlattice import elasticity
from fastlattice.errors import FastlatticeError
from fastlattice.fe import homogenise
from fastlattice.lattice.lattice import Lattice
from fastlattice.pictures import page
from fastlattice.pictures.mesh import octasphere
from fastlattice.pictures.sections import PLANES, in_plane, section

FloatArray = NDArray[np.float64]
_THICKEST = 0.5  # relative density up to which a page goes by itself; beyond, struts are no beams
_STEPS = 9
_DIVISIONS, _ANGLES = 40, 181
_SOFT = "it is not positive definite: the lattice is nearly a mechanism"
_THICK = "Some struts are thicker than beam theory holds for: r/L is above 0.25."
_NOTATIONS: tuple[elasticity.Notation, ...] = ("mandel", "voigt", "abaqus")


def write_cell_page(
    lattices: Lattice | Sequence[Lattice],
    path: str | Path,
    *,
    densities: Sequence[float] | None = None,
    modulus: float = 1.0,
    unit: str = "Eₛ",
    made: str = "",
) -> None:
    """Writes a page that draws lattices and their stiffness, with a slider over relative density.

    At each density the radii of all struts are scaled by one factor, and the stiffness is computed by exact finite
    elements. The page is one file of some 5 MB that opens in any browser with WebGL and reads nothing from outside.

    Args:
        lattices: one or several; with several, a list on the page chooses.
        path: of the page, .html.
        densities: of the slider, each above 0 and below 1, beside the lattice's own; by default nine from a quarter of
            its own to four times that, but at most 0.5.
        modulus: Young's modulus of the solid in `unit`.
        unit: of stiffness.
        made: how it was made, for the page's foot.

    Raises:
        MissingExtraError: plotly is not installed.
        FastlatticeError: there is no lattice, a density is out of range, or the suffix is not .html.
        OSError: the file cannot be written.
    """
    several = [lattices] if isinstance(lattices, Lattice) else list(lattices)
    if not several:
        raise FastlatticeError("there is no lattice to draw")
    directions, triangles = octasphere(_DIVISIONS)
    names = page.named(several)
    data = {
        "unit": unit,
        "directions": directions.astype(np.float32),
        "triangles": page.indices(triangles),
        "lattices": [
            _about(lattice, name, _densities(lattice, densities), modulus, directions)
            for lattice, name in zip(several, names, strict=True)
        ],
    }
    page.write(path, ", ".join(names), "cell", data, made)


def _densities(lattice: Lattice, wanted: Sequence[float] | None) -> list[float]:
    """Of the slider, ascending; the lattice's own is one of them."""
    own = lattice.relative_density
    if wanted is None:
        above = np.geomspace(own, max(min(4 * own, _THICKEST), own), _STEPS // 2 + 1)
        wanted = [*np.geomspace(own / 4, own, _STEPS // 2 + 1)[:-1], *above[1:]]
    if not all(0 < density < 1 for density in wanted):
        raise FastlatticeError("relative densities lie between 0 and 1")
    return sorted({own, *(float(d) for d in wanted if abs(d - own) > 1e-9 * own)})


def _about(
    lattice: Lattice, name: str, densities: list[float], modulus: float, directions: FloatArray
) -> dict[str, Any]:
    own = lattice.relative_density
    each = [lattice if density == own else lattice.with_relative_density(density) for density in densities]
    result = homogenise(each)
    stiffness = modulus * elasticity.definite(result.stiffness).numpy()
    reasons = {failure.index: failure.reason for failure in result.failures()}
    states: list[dict[str, Any]] = [
        {
            "density": density,
            "scale": float((density / own) ** 0.5),
            "slenderness": float((at.radii / at.strut_lengths).max()),
            "reason": reasons.get(row, _SOFT if np.isnan(stiffness[row]).any() else ""),
            "warning": "" if result.beam_valid[row] else _THICK,
        }
        for row, (density, at) in enumerate(zip(densities, each, strict=True))
    ]
    whole = [row for row, state in enumerate(states) if not state["reason"]]
    for row, numbers in zip(whole, _numbers(stiffness[whole], directions), strict=True):
        states[row] |= numbers
    tiles = page.tiles_of(lattice)
    return {
        "name": name,
        "nodes": lattice.num_nodes,
        "struts": lattice.num_struts,
        "tiles": tiles,
        "cell": page.cell_of(lattice, tiles),
        "own": densities.index(own),
        "states": states,
    }


def _numbers(stiffness: FloatArray, directions: FloatArray) -> list[dict[str, Any]]:
    """What a page shows of each of several stiffnesses [S, 6, 6]."""
    young = elasticity.young_modulus(stiffness[:, None], directions).astype(np.float32)
    around = section(stiffness[:, None, None], np.stack([in_plane(plane, _ANGLES) for plane in PLANES]))
    sections = np.stack([around.young, *around.shear, *around.poisson], axis=2).astype(np.float32)  # [S, 3, 5, A]
    ranges = {
        "E": elasticity.young_modulus_extremes(stiffness),
        "G": elasticity.shear_modulus_extremes(stiffness),
        "ν": elasticity.poisson_ratio_extremes(stiffness),
    }
    hill = elasticity.voigt_reuss_hill(stiffness)
    averages = {
        "Hill's averages: bulk modulus K": hill.bulk_hill,
        "shear modulus G": hill.shear_hill,
        "Young's modulus E": hill.young_hill,
        "Poisson's ratio ν": hill.poisson_hill,
        "universal anisotropy": elasticity.universal_anisotropy(stiffness).clip(min=0),
    }
    matrices = {to: elasticity.convert(stiffness, from_="mandel", to=to) for to in _NOTATIONS}
    return [
        {
            "young": young[row],
            "sections": sections[row],
            "ranges": [
                {
                    "name": name,
                    "low": [float(found.minimum[row]), *np.atleast_2d(found.argmin[row]).tolist()],
                    "high": [float(found.maximum[row]), *np.atleast_2d(found.argmax[row]).tolist()],
                }
                for name, found in ranges.items()
            ],
            "averages": [(name, float(values[row])) for name, values in averages.items()],
            "matrices": {to: matrix[row].tolist() for to, matrix in matrices.items()},
        }
        for row in range(len(stiffness))
    ]
