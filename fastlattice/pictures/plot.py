"""Pictures of a lattice and of its directional stiffness (extra "plot").

Figures are made without pyplot, so nothing global is touched and no display is needed. All functions draw into 3D axes
that are given, or make a figure of their own, which is `ax.figure`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fastlattice import elasticity
from fastlattice.errors import FastlatticeError
from fastlattice.lattice.lattice import Lattice
from fastlattice.pictures.inside import inside_cell
from fastlattice.pictures.mesh import Mesh, octasphere, sphere, tubes
from fastlattice.pictures.style import COLOUR_MAP, SOLID, exponent, in_brackets, new_figure, one_stiffness, save

if TYPE_CHECKING:
    import torch
    from matplotlib.figure import Figure, FigureBase
    from mpl_toolkits.mplot3d.axes3d import Axes3D

__all__ = ["plot_lattice", "plot_summaries", "plot_summary", "plot_young_modulus"]

FloatArray = NDArray[np.float64]
ELEVATION, AZIMUTH = 20.0, 27.0  # degrees; x, y and z point to the viewer, off every symmetry plane of a cube
STRUT_COLOUR, CELL_COLOUR, AXIS_COLOUR = (0.27, 0.45, 0.66), (0.72, 0.72, 0.72), (0.25, 0.25, 0.25)
FACES = 60_000  # faces drawn at most, about: matplotlib takes some seconds for these
THINNEST = 0.003  # drawn radius at least, in units of the longest lattice vector


def plot_lattice(lattice: Lattice, ax: Axes3D | None = None) -> Axes3D:
    """Draws one unit cell: its outline, its axes, and every strut or image of a strut in it.

    Struts between nodes that lie in the cell (or up to 0.12 cell constants outside it) are whole; others are cut at
    its faces. Struts are tubes of their true radius (but at least 0.003 of the longest lattice vector, to stay
    visible), lit from the upper left and paler with distance.

    Args:
        lattice: what to draw.
        ax: 3D axes to draw into; made where not given.

    Returns:
        The axes.

    Raises:
        MissingExtraError: matplotlib is not installed.
        FastlatticeError: `ax` is not 3D.
    """
    ax = _axes_3d(ax)
    centre = lattice.cell.sum(axis=0) / 2
    size = np.linalg.norm(lattice.cell, axis=1).max()
    starts, ends, radii, nodes, node_radii = inside_cell(lattice)
    radii, node_radii = np.maximum(radii, THINNEST * size), np.maximum(node_radii, THINNEST * size)
    sides = int(np.clip(FACES / (16 * max(len(starts), 1)), 6, 36))
    corner = np.array([[a, b, c] for a in (0, 1) for b in (0, 1) for c in (0, 1)])
    near, far = np.array([(p, q) for p in corner for q in corner if (q - p).sum() == 1 and (q >= p).all()]).swapaxes(
        0, 1
    )
    outline = tubes(near @ lattice.cell, far @ lattice.cell, np.full(12, 0.0018 * size), 4, size / 24)
    # balls a little thicker than the struts make smooth joints
    divisions = int(np.clip(np.sqrt(FACES / (32 * max(len(nodes), 1))), 2, 6))
    body = tubes(starts, ends, radii, sides, size / 16) + sphere(nodes, 1.08 * node_radii, divisions)
    view = _view_direction()
    depth = (body.centres - centre) @ view / size
    colours = _lit(np.tile(STRUT_COLOUR, (len(body.faces), 1)), body.normals)
    colours = _paler(colours, np.clip(0.28 - 0.42 * depth, 0, 0.6))
    _draw(ax, outline + body, np.concatenate([np.tile(CELL_COLOUR, (len(outline.faces), 1)), colours]))
    right, up = _screen_directions()
    drawn = np.concatenate([corner @ lattice.cell, body.faces.reshape(-1, 3)])  # thick struts stick out of the cell
    reach = np.abs((drawn - centre) @ np.stack([right, up]).T).max(axis=0)
    _draw_axes(ax, centre - (reach[0] + 0.06 * size) * right - (reach[1] + 0.06 * size) * up, 0.13 * size)
    _frame(ax, centre, 0.75 * reach.max())
    return ax


def plot_young_modulus(
    stiffness: ArrayLike | torch.Tensor, ax: Axes3D | None = None, *, unit: str = SOLID, colour_bar: bool = True
) -> Axes3D:
    """Draws the surface E(n) n: in every direction as far from the origin as Young's modulus is large.

    Args:
        stiffness: [6, 6] Mandel, positive definite.
        ax: 3D axes to draw into; made where not given.
        unit: unit of `stiffness`, for the label. In GPa: pass the stiffness times the solid's modulus, and "GPa".
        colour_bar: whether to add a colour bar to the figure.

    Returns:
        The axes.

    Raises:
        MissingExtraError: matplotlib is not installed.
        ElasticityError: `stiffness` is not one positive definite 6x6 matrix.
        FastlatticeError: `ax` is not 3D.
    """
    ax = _axes_3d(ax)
    matrix = one_stiffness(stiffness)
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize

    extremes = elasticity.young_modulus_extremes(matrix)
    vertices, young = _young_surface(matrix)
    surface = Mesh.of_triangles(vertices.reshape(-1, 3), np.arange(3 * len(vertices)).reshape(-1, 3))
    low, high = float(extremes.minimum), float(extremes.maximum)
    if high - low < 1e-3 * high:  # isotropic, for the eye: one colour, not the colours of rounding errors
        low, high = 0.95 * low, 1.05 * high
    power = exponent(high)
    scale = 10.0**power
    colours = ScalarMappable(Normalize(low / scale, high / scale), COLOUR_MAP)
    faces = _lit(colours.to_rgba(young.mean(axis=1) / scale)[:, :3], surface.normals)
    _draw_axes(ax, np.zeros(3), 1.2 * young.max(), surface, faces)
    _frame(ax, np.zeros(3), 0.77 * young.max())
    if colour_bar:
        bar = ax.figure.colorbar(colours, ax=ax, shrink=0.62, aspect=22, pad=0.02)
        bar.set_label(f"Young's modulus  {in_brackets(unit, power)}")
        bar.outline.set_visible(False)
    return ax


def plot_summary(lattice: Lattice, stiffness: ArrayLike | torch.Tensor | str, path: str | Path | None = None) -> Figure:
    """One page: the unit cell, its directional Young's modulus, and its key figures.

    Args:
        lattice: what to draw.
        stiffness: [6, 6] Mandel in units of the solid's Young's modulus E_s, positive definite; or in words why there
            is none, which are written in the place of the surface.
        path: file to write, whole or not at all; the suffix chooses the format (.png, .svg, .pdf).

    Returns:
        The figure.

    Raises:
        MissingExtraError: matplotlib is not installed.
        ElasticityError: `stiffness` is not one positive definite 6x6 matrix.
        FastlatticeError: the suffix is none that matplotlib writes.
        OSError: the file cannot be written.
    """
    return plot_summaries([(lattice, stiffness)], path)


def plot_summaries(
    rows: Sequence[tuple[Lattice, ArrayLike | torch.Tensor | str]], path: str | Path | None = None
) -> Figure:
    """One page with a row for each lattice, as `plot_summary` draws it.

    Args:
        rows: lattices, each with its stiffness or why there is none.
        path, errors: as for `plot_summary`.
    """
    figure = new_figure(figsize=(13, 5.4 * len(rows)))
    parts: Any = [figure] if len(rows) == 1 else figure.subfigures(len(rows), 1)
    for part, (lattice, stiffness) in zip(parts, rows, strict=True):
        _summary(part, lattice, stiffness)
    return save(figure, path)


def _summary(figure: FigureBase, lattice: Lattice, stiffness: ArrayLike | torch.Tensor | str) -> None:
    figure.text(0.035, 0.93, lattice.name or "Lattice", fontsize=17, weight="bold", va="center")
    counts = ((lattice.num_nodes, "node"), (lattice.num_struts, "strut"))
    count = ", ".join(f"{n:,} {what}{'s' * (n != 1)}" for n, what in counts) + " in the cell"
    figure.text(0.035, 0.875, count, fontsize=10.5, color="0.35", va="center")
    plot_lattice(lattice, figure.add_axes((0.0, 0.0, 0.36, 0.86), projection="3d"))
    if isinstance(stiffness, str):
        figure.text(0.385, 0.875, "No stiffness", fontsize=10.5, color="0.35", va="center")
        figure.text(0.385, 0.82, fill(stiffness, 44), fontsize=9.5, va="top")
        _table(figure, [("Relative density", f"{lattice.relative_density:.4g}", "")])
        return
    matrix = one_stiffness(stiffness)
    surface = figure.add_axes((0.35, 0.0, 0.37, 0.95), projection="3d")
    plot_young_modulus(matrix, surface)
    figure.text(0.385, 0.875, "Young's modulus in every direction", fontsize=10.5, color="0.35", va="center")
    _table(figure, _key_figures(lattice, matrix))


# ---------------------------------------------------------------------------------------------- the surface


def _young_surface(stiffness: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Triangles [T, 3, 3] of the surface E(n) n and Young's modulus [T, 3] at their corners.

    Triangles over which the modulus varies much are split, so that the needles of very anisotropic lattices are round.
    """
    vertices, triangles = octasphere(60)
    corners = vertices[triangles]
    young = elasticity.young_modulus(stiffness, corners)
    for _ in range(4):
        coarse = np.ptp(young, axis=1) > 0.05 * young.max()
        if not coarse.any() or len(young) > FACES:
            break
        a, b, c = corners[coarse].swapaxes(0, 1)
        ab, bc, ca = ((p + q) / np.linalg.norm(p + q, axis=1, keepdims=True) for p, q in ((a, b), (b, c), (c, a)))
        split = np.concatenate([np.stack(t, axis=1) for t in ((a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca))])
        corners = np.concatenate([corners[~coarse], split])
        young = np.concatenate([young[~coarse], elasticity.young_modulus(stiffness, split)])
    return corners * young[..., None], young


# ---------------------------------------------------------------------------------------------- the key figures


def _key_figures(lattice: Lattice, stiffness: FloatArray) -> list[tuple[str, str, str]]:
    """Rows of (name, value, note)."""
    young = elasticity.young_modulus_extremes(stiffness)
    averages = elasticity.voigt_reuss_hill(stiffness)
    same = young.maximum - young.minimum < 1e-6 * young.maximum

    def along(direction: FloatArray) -> str:
        if same:
            return "in every direction"
        rounded = np.round(direction, 2) + 0.0
        rounded *= np.sign(rounded[np.flatnonzero(rounded)[0]])
        return "along ({:.2f}, {:.2f}, {:.2f})".format(*rounded + 0.0).replace("-", "\N{MINUS SIGN}")

    return [
        ("Relative density", f"{lattice.relative_density:.4g}", ""),
        ("Largest Young's modulus", _in_solid_moduli(young.maximum), along(young.argmax)),
        ("Smallest Young's modulus", _in_solid_moduli(young.minimum), along(young.argmin)),
        ("Bulk modulus", _in_solid_moduli(averages.bulk_hill), "Hill average"),
        ("Shear modulus", _in_solid_moduli(averages.shear_hill), "Hill average"),
        ("Universal anisotropy $A^U$", f"{max(elasticity.universal_anisotropy(stiffness), 0):.3g}", "0 if isotropic"),
    ]


def _in_solid_moduli(modulus: ArrayLike) -> str:
    value = float(np.asarray(modulus))
    power = exponent(value)
    if power == 0:
        return f"{value:.3g} $E_s$"
    return rf"{value / 10.0**power:.2f} $\times\,10^{{{power}}}\,E_s$"


def _table(figure: FigureBase, rows: list[tuple[str, str, str]]) -> None:
    left, top, height = 0.745, 0.82, 0.125
    for row, (name, value, note) in enumerate(rows):
        y = top - row * height
        figure.text(left, y, name, fontsize=9.5, color="0.35", va="center")
        figure.text(left, y - 0.045, value, fontsize=13, va="center")
        figure.text(left + 0.125, y - 0.045, note, fontsize=8.5, color="0.5", va="center")


# ---------------------------------------------------------------------------------------------- drawing


def _axes_3d(ax: Axes3D | None) -> Axes3D:
    if ax is None:
        return new_figure(figsize=(6, 6)).add_axes((0, 0, 1, 1), projection="3d")
    if getattr(ax, "name", "") != "3d":
        raise FastlatticeError("the axes must be 3D: figure.add_subplot(projection='3d')")
    return ax


def _view_direction() -> FloatArray:
    """Unit vector towards the viewer."""
    elevation, azimuth = np.radians([ELEVATION, AZIMUTH])
    return np.array([np.cos(elevation) * np.cos(azimuth), np.cos(elevation) * np.sin(azimuth), np.sin(elevation)])


def _screen_directions() -> tuple[FloatArray, FloatArray]:
    """Unit vectors to the right and upwards on the picture."""
    view = _view_direction()
    right = np.cross([0, 0, 1], view)
    right /= np.linalg.norm(right)
    return right, np.cross(view, right)


def _lit(colours: FloatArray, normals: FloatArray) -> FloatArray:
    """Colours [F, 3] under a lamp at the viewer's upper left, with a faint highlight."""
    view = _view_direction()
    right, up = _screen_directions()
    lamp = view - 0.7 * right + 0.8 * up
    lamp /= np.linalg.norm(lamp)
    halfway = (lamp + view) / np.linalg.norm(lamp + view)
    diffuse = (normals @ lamp).clip(0)[:, None]
    highlight = 0.25 * (normals @ halfway).clip(0)[:, None] ** 24
    return (colours * (0.55 + 0.55 * diffuse) + highlight).clip(0, 1)


def _paler(colours: FloatArray, amount: FloatArray) -> FloatArray:
    return colours + (1 - colours) * amount[:, None]


def _draw(ax: Axes3D, mesh: Mesh, colours: FloatArray) -> None:
    from mpl_toolkits.mplot3d.art3d import Poly3DCollection

    # an edge in the face's own colour closes the hairlines that anti-aliasing leaves between neighbours
    ax.add_collection3d(
        Poly3DCollection(
            mesh.faces, facecolors=colours, edgecolors=colours, linewidths=0.3, rasterized=True, clip_on=False
        )
    )


def _draw_axes(
    ax: Axes3D, origin: FloatArray, length: float, mesh: Mesh | None = None, colours: FloatArray | None = None
) -> None:
    """The axes x, y, z from `origin`, together with a mesh that may hide parts of them."""
    axes = tubes(np.tile(origin, (3, 1)), origin + length * np.eye(3), np.full(3, 0.006 * length), 6, length / 40)
    shades = np.tile(AXIS_COLOUR, (len(axes.faces), 1))
    if mesh is not None and colours is not None:
        axes, shades = mesh + axes, np.concatenate([colours, shades])
    _draw(ax, axes, shades)
    for name, tip in zip("xyz", origin + 1.08 * length * np.eye(3), strict=True):
        ax.text(*tip, name, ha="center", va="center", color=AXIS_COLOUR, fontsize=11)


def _frame(ax: Axes3D, centre: FloatArray, half: float) -> None:
    """Equal scales on all axes, a fixed view, and nothing but the picture."""
    ax.set(xlim=(centre[0] - half, centre[0] + half), ylim=(centre[1] - half, centre[1] + half))
    ax.set_zlim(centre[2] - half, centre[2] + half)
    ax.set_box_aspect((1, 1, 1))
    ax.set_proj_type("persp", focal_length=2.2)
    ax.view_init(ELEVATION, AZIMUTH)
    ax.set_axis_off()
