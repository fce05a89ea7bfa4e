"""Pictures: what is drawn is what is there; files are whole; nothing global is touched."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from fastlattice import Lattice, LatticeError, MissingExtraError, unit_cell
from fastlattice.errors import ElasticityError, FastlatticeError
from fastlattice.pictures import plot
from fastlattice.pictures.inside import inside_cell
from fastlattice.pictures.mesh import Mesh, octasphere, sphere, tubes

CUBIC_AXES = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
AXIS_NAMES = ("1.00, 0.00, 0.00", "0.00, 1.00, 0.00", "0.00, 0.00, 1.00")


def simple_cubic(origin: float = 0.0, radius: float = 0.05) -> Lattice:
    return Lattice(np.eye(3), [[origin] * 3], [[0, 0]] * 3, CUBIC_AXES, radius, "simple cubic")


def cubic_stiffness(c11: float = 0.02, c12: float = 0.004, c44: float = 0.001) -> np.ndarray:
    matrix = np.diag([c11 - c12] * 3 + [2 * c44] * 3)
    matrix[:3, :3] += c12
    return matrix


def enclosed_volume(mesh: Mesh) -> float:
    """By the divergence theorem, from the corners alone."""
    a, b, c, d = mesh.faces.swapaxes(0, 1)
    return sum(np.einsum("fi,fi", x, np.cross(y, z)) for x, y, z in ((a, b, c), (a, c, d))) / 6


def test_tubes_and_balls_are_closed_and_point_outwards() -> None:
    starts, ends = np.array([[0, 0, 0], [1.0, 2, 3]]), np.array([[0, 0, 2], [2.0, 2, 4]])
    tube = tubes(starts, ends, np.array([0.3, 0.2]), sides=90, piece=0.3)
    expected = np.pi * (0.3**2 * 2 + 0.2**2 * np.sqrt(2))
    assert enclosed_volume(tube) == pytest.approx(expected, rel=2e-3)
    ball = sphere(np.array([[1.0, 2, 3]]), np.array([0.5]), 20)
    assert enclosed_volume(ball) == pytest.approx(4 / 3 * np.pi * 0.5**3, rel=1e-2)
    assert (((ball.centres - [1, 2, 3]) * ball.normals).sum(axis=1) > 0.49).all()
    axis = np.array([0, 0, 1.0])
    first = tubes(starts[:1], ends[:1], np.array([0.3]), sides=12, piece=0.3)
    outward = first.centres - np.clip(first.centres @ axis, 0.01, 1.99)[:, None] * axis
    assert ((outward * first.normals).sum(axis=1) > 0).all()
    assert np.ptp(first.faces[:, :, 2], axis=1).max() <= 0.3


def test_the_octasphere_is_a_closed_sphere_with_the_symmetry_of_the_cube() -> None:
    directions, triangles = octasphere(7)
    np.testing.assert_allclose(np.linalg.norm(directions, axis=1), 1)
    assert len(triangles) == 8 * 7**2
    assert enclosed_volume(Mesh.of_triangles(directions, triangles)) == pytest.approx(4 / 3 * np.pi, rel=0.05)
    points = {tuple(p) for p in np.round(directions, 9) + 0.0}
    assert {tuple(p) for p in np.round(directions[:, [1, 2, 0]], 9) + 0.0} == points
    assert {tuple(p) for p in np.round(-directions, 9) + 0.0} == points


@pytest.mark.parametrize("origin", [0.0, 1.0, -3.0])
def test_a_simple_cubic_cell_shows_all_twelve_edges(origin: float) -> None:
    starts, ends, radii, nodes, _ = inside_cell(simple_cubic(origin))
    edges = {tuple(sorted(map(tuple, np.round(pair, 9) + 0.0))) for pair in np.stack([starts, ends], axis=1)}
    assert len(edges) == len(starts) == 12
    assert all(np.abs(np.subtract(*edge)).sum() == 1 for edge in edges)
    assert (radii == 0.05).all()
    assert len({tuple(n) for n in np.round(nodes, 9) + 0.0}) == 8


def test_a_node_just_outside_the_cell_keeps_its_struts_whole() -> None:
    starts, ends, *_ = inside_cell(simple_cubic(-0.05))
    lengths = np.sort(np.linalg.norm(ends - starts, axis=1))
    np.testing.assert_allclose(lengths[-12:], 1)
    np.testing.assert_allclose(lengths[:-12], 0.05, atol=1e-5)  # three more leave the cell at its far corner
    assert len(starts) == 15


def test_struts_are_cut_at_the_faces() -> None:
    """A node in the middle: three struts, each seen as two halves."""
    starts, ends, _, nodes, _ = inside_cell(simple_cubic(0.5))
    np.testing.assert_allclose(np.linalg.norm(ends - starts, axis=1), 0.5, atol=1e-5)
    assert len(starts) == 6
    np.testing.assert_allclose(nodes, [[0.5, 0.5, 0.5]])


def test_a_strut_longer_than_the_cell_is_seen_in_every_image() -> None:
    long = Lattice(np.eye(3), [[0.5, 0.5, 0.5]], [[0, 0]], [[2, 1, 0]], 0.01)
    starts, ends, *_ = inside_cell(long)
    # the same strut, wrapped into the cell: its pieces add up to its length
    assert np.linalg.norm(ends - starts, axis=1).sum() == pytest.approx(np.sqrt(5), rel=1e-4)
    assert min(starts.min(), ends.min()) > -1e-5
    assert max(starts.max(), ends.max()) < 1 + 1e-5


def test_lattice_picture_holds_its_volume(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every strut of a simple cubic cell is seen four times, with eight balls at the corners, and thin cell edges."""
    pytest.importorskip("matplotlib")
    meshes: list[Mesh] = []
    monkeypatch.setattr(plot, "_draw", lambda ax, mesh, colours: meshes.append(mesh))
    ax = plot.plot_lattice(simple_cubic(radius=0.1))
    body = meshes[0]
    assert body.faces.min() > -0.109
    assert body.faces.max() < 1.109
    expected = 12 * np.pi * 0.1**2 + 8 * 4 / 3 * np.pi * 0.108**3
    assert enclosed_volume(body) == pytest.approx(expected, rel=0.01)
    assert len(set(ax.get_box_aspect())) == 1
    assert np.ptp(ax.get_xlim()) == pytest.approx(np.ptp(ax.get_zlim())) == pytest.approx(np.ptp(ax.get_ylim()))


def test_surface_radius_is_the_modulus() -> None:
    """E = 1/S11 along the axes; the surface is drawn at that distance, and nowhere farther."""
    pytest.importorskip("matplotlib")
    stiffness = cubic_stiffness()
    young = 1 / np.linalg.inv(stiffness)[0, 0]
    ax = plot.plot_young_modulus(stiffness)
    surface, modulus = plot._young_surface(stiffness)
    radius = np.linalg.norm(surface, axis=-1)
    np.testing.assert_allclose(radius, modulus)
    assert radius.max() == pytest.approx(young, rel=1e-9)
    assert radius[np.abs(surface[..., 0]) > 0.999 * radius].max() == pytest.approx(young, rel=1e-9)
    assert np.ptp(modulus, axis=1).max() <= 0.05 * young
    label = ax.figure.axes[-1].get_ylabel()
    assert label == r"Young's modulus  [E_s]".replace("E_s", "$E_s$")


@pytest.mark.parametrize(("scale", "factor"), [(1e-3, r"$10^{-5}\,$"), (1e5, r"$10^{3}\,$"), (70, "")])
def test_colour_bar_names_unit_and_power_of_ten(scale: float, factor: str) -> None:
    pytest.importorskip("matplotlib")
    stiffness = cubic_stiffness() * scale
    bar = plot.plot_young_modulus(stiffness, unit="GPa").figure.axes[-1]
    assert bar.get_ylabel() == f"Young's modulus  [{factor}GPa]"
    top = 1 / np.linalg.inv(stiffness)[0, 0]
    exponent = float(factor[5:-4]) if factor else 0
    assert bar.get_ylim()[1] == pytest.approx(top / 10**exponent)


def test_a_lattice_without_stiffness_is_drawn_with_the_reason() -> None:
    pytest.importorskip("matplotlib")
    figure = plot.plot_summary(simple_cubic(), "no piece of the lattice is connected in three directions")
    words = " ".join(text.get_text() for text in figure.texts)
    assert "No stiffness" in words
    assert "three\ndirections" in words or "three directions" in words
    assert len(figure.axes) == 1  # the lattice alone


@pytest.mark.parametrize(("name", "density"), [("simple_cubic", 0.9), ("bcc", 0.7), ("hexagonal_honeycomb", 0.8)])
def test_thick_struts_are_inside_the_picture(name: str, density: float) -> None:
    pytest.importorskip("matplotlib")
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    canvas = FigureCanvasAgg(plot.plot_lattice(unit_cell(name, density)).figure)
    canvas.draw()
    pixels = np.asarray(canvas.buffer_rgba())[..., :3]
    assert pixels.min() < 100  # something is drawn
    for edge in (pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]):
        assert edge.min() == 255


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_summary_is_written_whole(tmp_path: Path, suffix: str) -> None:
    pytest.importorskip("matplotlib")
    path = tmp_path / f"cell.{suffix}"
    figure = plot.plot_summary(simple_cubic(), torch.from_numpy(cubic_stiffness()), path)
    magic = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}[suffix]
    assert path.read_bytes().startswith(magic)
    assert [p.name for p in tmp_path.iterdir()] == [path.name]
    words = " ".join(text.get_text() for text in figure.texts)
    assert "simple cubic 1 node, 3 struts in the cell" in words
    assert f"Relative density {3 * np.pi * 0.05**2:.4g}" in words
    largest = 1 / np.linalg.inv(cubic_stiffness())[0, 0]
    assert any(f"{largest:.3g} $E_s$ along ({axis})" in words for axis in AXIS_NAMES)


def test_an_isotropic_material_has_no_largest_direction() -> None:
    pytest.importorskip("matplotlib")
    figure = plot.plot_summary(simple_cubic(), cubic_stiffness(1.0, 0.4, 0.3))
    assert sum("in every direction" in t.get_text() for t in figure.texts) == 3  # two values and the heading


def test_refusals_leave_no_file(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    from matplotlib.figure import Figure

    for path in (tmp_path / "cell.docx", tmp_path / "cell"):
        with pytest.raises(FastlatticeError, match=r"suffix must be one of .*\.png"):
            plot.plot_summary(simple_cubic(), cubic_stiffness(), path)
    for bad in (np.full((6, 6), np.nan), np.stack([cubic_stiffness()] * 2), -cubic_stiffness()):
        with pytest.raises(ElasticityError):
            plot.plot_summary(simple_cubic(), bad, tmp_path / "cell.png")
    with pytest.raises(FastlatticeError, match="axes must be 3D"):
        plot.plot_lattice(simple_cubic(), Figure().add_subplot())
    with pytest.raises(LatticeError):
        plot.plot_lattice(simple_cubic(radius=-1))
    assert list(tmp_path.iterdir()) == []


def test_pyplot_is_not_imported(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    code = f"""
import sys, numpy as np
from fastlattice import Lattice
from fastlattice.pictures import plot
lattice = Lattice(np.eye(3), [[0, 0, 0]], [[0, 0]] * 3, np.eye(3, dtype=int), 0.05)
plot.plot_summary(lattice, np.eye(6), {str(tmp_path / "cell.png")!r})
assert "matplotlib.pyplot" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_without_matplotlib_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(MissingExtraError, match=r"fastlattice\[plot\]"):
        plot.plot_lattice(simple_cubic())
