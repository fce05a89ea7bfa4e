"""Sections and property maps for print: the numbers that are drawn, the labels with their units, nothing cut off."""

from pathlib import Path

import numpy as np
import pytest

from fastlattice import elasticity, unit_cell
from fastlattice.errors import ElasticityError, FastlatticeError
from fastlattice.pictures.design import plot_designs
from fastlattice.pictures.maps import plot_map, voigt_bound
from fastlattice.pictures.quantities import quantity
from fastlattice.pictures.sections import in_plane, plot_sections
from tests.pictures.test_plot import cubic_stiffness
from tests.support.stiffnesses import isotropic, random_stiffness

pytest.importorskip("matplotlib")
AUXETIC = isotropic(1.0, -0.4)


def nothing_is_cut_off(figure) -> bool:
    """Is a rim around the figure white?"""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    pixels = np.asarray(canvas.buffer_rgba())[..., :3]
    return all(edge.min() == 255 for edge in (pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1])) and pixels.min() < 80


def test_sections_hold_the_moduli_of_their_planes() -> None:
    stiffness = random_stiffness(5) * 1e-4
    figure = plot_sections(stiffness, title="a lattice")
    assert nothing_is_cut_off(figure)
    assert len(figure.axes) == 12
    words = [text.get_text() for text in figure.texts]
    power = int(np.floor(np.log10(elasticity.young_modulus(stiffness, in_plane((0, 1), 361)).max())))
    assert any(w.startswith("Young's modulus $E$") and f"10^{{{power}}}" in w and "$E_s$" in w for w in words)
    assert any(w.startswith("Compliance") and "1/$E_s$" in w for w in words)
    for column, (a, b) in enumerate(((0, 1), (0, 2), (1, 2))):
        angle, drawn = figure.axes[column].lines[0].get_data()
        direction = np.zeros((len(angle), 3))
        direction[:, a], direction[:, b] = np.cos(angle), np.sin(angle)
        expected = elasticity.young_modulus(stiffness, direction)
        np.testing.assert_allclose(np.asarray(drawn) / drawn[0], expected / expected[0])
        largest, smallest = (np.asarray(line.get_ydata()) for line in figure.axes[6 + column].lines[:2])
        assert (largest >= smallest).all()
        out_of_plane = np.eye(3)[3 - a - b]
        in_it = elasticity.shear_modulus(stiffness, direction, np.broadcast_to(out_of_plane, direction.shape))
        scale = largest[0] / elasticity.shear_modulus_range(stiffness, direction[0])[1]
        assert ((in_it * scale <= largest * (1 + 1e-9)) & (in_it * scale >= smallest * (1 - 1e-9))).all()


def test_negative_contraction_is_drawn_inside_the_circle_of_zero() -> None:
    figure = plot_sections({"auxetic": AUXETIC, "cubic": cubic_stiffness()})
    assert nothing_is_cut_off(figure)
    axes = figure.axes[9]
    assert axes.get_ylim()[0] < -0.4 < 0 < axes.get_ylim()[1]
    assert any((np.asarray(line.get_ydata()) == 0).all() for line in axes.lines)
    assert "auxetic" in [text.get_text() for text in figure.legends[0].get_texts()]


def test_a_map_holds_its_points_bound_and_slopes(tmp_path: Path) -> None:
    density = np.geomspace(0.01, 0.1, 5)
    columns = {
        "density": np.concatenate([density, density, [0.05]]),
        "E_x": np.concatenate([density / 3, density**2, [np.nan]]),
        "nu_xy": np.linspace(-0.2, 0.5, 11),
    }
    names = ["straight"] * 5 + ["bent"] * 5 + ["none"]
    path = tmp_path / "map.svg"
    figure = plot_map(columns, path, names=names, title="two kinds", best=[0, 7])
    assert path.read_bytes().startswith(b"<?xml")
    assert nothing_is_cut_off(figure)
    axes = figure.axes[0]
    assert axes.get_xscale() == axes.get_yscale() == "log"
    assert "relative density" in axes.get_xlabel()
    assert axes.get_ylabel() == "Young's modulus $E_{x}$ [$E_s$]"
    lines = {line.get_label(): np.array(line.get_data()) for line in axes.lines}
    np.testing.assert_allclose(lines["Voigt bound"][1], lines["Voigt bound"][0])
    for slope in (1, 2):
        x, y = next(data for label, data in lines.items() if label.startswith(f"slope {slope}"))
        assert np.log(y[1] / y[0]) / np.log(x[1] / x[0]) == pytest.approx(slope)
    assert {"straight", "bent"} <= set(axes.get_legend_handles_labels()[1])
    assert "none" not in axes.get_legend_handles_labels()[1]
    texts = [text.get_text() for text in axes.texts]
    assert {"1", "2", "1 without these numbers"} <= set(texts)


def test_a_map_of_lattices_of_one_density_leaves_room_around_them() -> None:
    density = 0.01 * (1 + 1e-15 * np.arange(-3, 4))
    axes = plot_map({"density": density, "E_x": np.geomspace(1e-6, 1e-3, 7)}, None).axes[0]
    np.testing.assert_allclose(axes.get_xlim(), (0.005, 0.015))
    np.testing.assert_allclose(axes.lines[0].get_xdata()[[0, 32, -1]], (0.005, 0.01, 0.015))  # the bound


def test_a_map_of_many_colours_them_by_a_column() -> None:
    generator = np.random.default_rng(0)
    columns = {"density": generator.uniform(0.01, 0.1, 300), "G_max": generator.uniform(1e-4, 1e-2, 300)}
    columns["anisotropy"] = 10 ** generator.uniform(-2, 2, 300)
    figure = plot_map(columns, y="G_max", colour="anisotropy", modulus=70, unit="GPa", poisson=0.25)
    assert nothing_is_cut_off(figure)
    axes, bar = figure.axes
    assert axes.get_ylabel() == r"largest shear modulus $G_{\mathrm{max}}$ [GPa]"
    assert "universal anisotropy" in bar.get_ylabel()
    assert bar.get_yscale() == "log"
    np.testing.assert_allclose(np.asarray(axes.collections[0].get_offsets())[:, 1], 70 * columns["G_max"])
    bound = next(line for line in axes.lines if line.get_label() == "Voigt bound")
    np.testing.assert_allclose(bound.get_ydata(), 70 / 2.5 * np.asarray(bound.get_xdata()))


def test_axes_that_are_not_positive_are_linear_and_have_no_guides() -> None:
    figure = plot_map({"density": [0.01, 0.1], "nu_xy": [-0.1, 0.9]}, y="nu_xy")
    assert figure.axes[0].get_yscale() == "linear"
    assert not figure.axes[0].lines


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("density", r"relative density $\rho$"),
        ("nu_xy", r"Poisson's ratio $\nu_{xy}$"),
        ("E_min_fe", r"smallest Young's modulus by finite elements $E_{\mathrm{min}}$ [GPa]"),
        ("anisotropy", "universal anisotropy $A^{U}$"),
        ("disagreement", "disagreement"),
    ],
)
def test_columns_have_words_symbols_and_units(name: str, label: str) -> None:
    assert quantity(name).label("GPa") == label


def test_the_voigt_bound_is_of_moduli_only() -> None:
    assert [voigt_bound(name) for name in ("E_x", "E_min", "nu_xy", "C_11")] == [1.0, 1.0, None, None]
    assert voigt_bound("G_xy", 210, 0.5) == pytest.approx(70)


def test_refusals(tmp_path: Path) -> None:
    with pytest.raises(ElasticityError):
        plot_sections(-AUXETIC)
    with pytest.raises(FastlatticeError, match="no stiffness"):
        plot_sections({})
    with pytest.raises(FastlatticeError, match="no column 'E_q'"):
        plot_map({"density": [0.1], "E_x": [0.1]}, y="E_q")
    with pytest.raises(FastlatticeError, match="no lattice has both"):
        plot_map({"density": [0.1], "E_x": [np.nan]})
    with pytest.raises(FastlatticeError, match="suffix"):
        plot_map({"density": [0.1], "E_x": [0.1]}, tmp_path / "x.docx")
    assert list(tmp_path.iterdir()) == []


def test_designs_side_by_side_with_their_target(tmp_path: Path) -> None:
    octet, kelvin = unit_cell("octet", 0.05), unit_cell("kelvin", 0.05)
    one, other = cubic_stiffness(), 2 * cubic_stiffness()
    figure = plot_designs(
        (octet, one), {"network": (kelvin, other)}, target=1.5 * one, plane=(0, 2), notes={"network": "2% off"}
    )
    assert nothing_is_cut_off(figure)
    assert {"start", "network", "2% off"} <= {text.get_text() for text in figure.texts}
    sections = next(axes for axes in figure.axes if axes.name == "polar")
    assert sections.get_title().startswith("$E$ in the xz plane")
    drawn = {line.get_linestyle(): np.asarray(line.get_ydata()) for line in sections.lines}
    assert set(drawn) == {"-", "--"}
    np.testing.assert_allclose(drawn["--"], 0.75 * drawn["-"])  # the target is dashed, the design the last solid one
    with pytest.raises(FastlatticeError, match="one to four"):
        plot_designs((octet, one), {})
