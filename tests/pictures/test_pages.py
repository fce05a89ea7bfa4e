"""Pages in a browser: they draw, turn, answer, show the numbers of the package, and read nothing from outside."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from fastlattice import Lattice, MissingExtraError, elasticity, homogenise, unit_cell
from fastlattice.cli import main
from fastlattice.errors import FastlatticeError
from fastlattice.pictures.cell_page import write_cell_page
from fastlattice.screening.reading import lattices_of_rows, read_results
from tests.support.browser import Page, opened

HOSTILE = "</script><img src=x onerror=document.title='taken'> & \"octet\""


def mechanism() -> Lattice:
    """Two chains that no strut joins."""
    return Lattice(np.eye(3), [[0, 0, 0], [0.5, 0.5, 0.5]], [[0, 0], [1, 1]], [[1, 0, 0], [0, 1, 0]], 0.05, "chains")


def is_drawn(picture: np.ndarray) -> bool:
    """More than a blank: many colours, and not only in a corner."""
    coloured = np.ptp(picture, axis=2) > 30
    return bool(coloured.mean() > 0.004 and len(np.unique(picture.reshape(-1, 3), axis=0)) > 20)


def table(page: Page, name: str) -> list[list[str]]:
    """The texts of a table, row by row."""
    return page.script(
        "const rows = document.querySelectorAll(`#${arguments[0]} tr`);"
        "return [...rows].map((row) => [...row.children].map((cell) => cell.textContent))",
        name,
    )


@pytest.fixture(scope="module")
def lattices() -> list[Lattice]:
    bcc = unit_cell("bcc", 0.05)
    named = Lattice(bcc.cell, bcc.positions, bcc.struts, bcc.shifts, bcc.radii, HOSTILE)
    return [named.perturb(0.05, seed=1), mechanism()]


@pytest.fixture(scope="module")
def page(lattices: list[Lattice], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    pytest.importorskip("plotly")
    path = tmp_path_factory.mktemp("pages") / "cell.html"
    write_cell_page(lattices, path, densities=(0.02, 0.1), made="a test of <b>pages</b>")
    with opened(path) as page:
        assert page.complaints() == []
        assert page.requests() == [path.resolve().as_uri()]
        yield page


def test_a_page_draws_and_shows_the_numbers_of_the_lattice(page: Page, lattices: list[Lattice]) -> None:
    page.set("lattice", 0)
    assert page.text("name") == page.driver.title.split(", chains")[0] == HOSTILE
    for name in ("cell", "surface", "young", "soft", "shear", "poisson"):
        assert page.until(name, is_drawn), name
    stiffness = homogenise(lattices[0]).stiffness[0].numpy()
    for notation, order in (("mandel", "11 22 33 23 13 12"), ("abaqus", "11 22 33 12 13 23")):
        page.set("notation", notation)
        head, *rows = table(page, "matrix")
        assert head[1:] == [row[0] for row in rows] == order.split()
        shown = np.array([[float(text) for text in row[1:]] for row in rows])
        expected = elasticity.convert(stiffness, from_="mandel", to=notation)
        np.testing.assert_allclose(shown, expected, rtol=6e-4, atol=1e-9)
    extremes = elasticity.poisson_ratio_extremes(stiffness)
    rows = {row[0]: row for row in table(page, "ranges")}
    assert float(rows["largest ν"][1]) == pytest.approx(extremes.maximum, rel=1e-3)
    assert "fastlattice" in page.script("return document.querySelector('footer').textContent")


def test_the_slider_shows_exact_solutions_and_real_radii(page: Page, lattices: list[Lattice]) -> None:
    page.set("lattice", 0)
    page.set("notation", "mandel")
    seen = []
    densities = (0.02, lattices[0].relative_density, 0.1)
    for step, density in enumerate(densities):
        page.set("density", step)
        assert float(page.text("density-value")) == pytest.approx(density, rel=5e-3)
        expected = homogenise(lattices[0].with_relative_density(density)).stiffness[0, 0, 0]
        assert float(table(page, "matrix")[1][1]) == pytest.approx(float(expected), rel=6e-4)
        seen.append(page.script("const t = document.getElementById('cell').data[0]; return [...t.x, ...t.y, ...t.z]"))
    thin, middle, thick = np.array(seen)
    # vertices move with the radii, away from the struts' axes: as the root of the density
    root = np.sqrt(densities)
    np.testing.assert_allclose(middle - thin, (thick - thin) * (root[1] - root[0]) / (root[2] - root[0]), atol=1e-6)
    assert np.abs(thick - thin).max() > 0.005


def test_a_drag_turns_both_pictures(page: Page) -> None:
    page.set("lattice", 0)
    camera = "return document.getElementById(arguments[0]).layout.scene.camera.eye"
    assert page.until("cell", is_drawn)
    before = page.picture("cell"), page.script(camera, "surface")
    page.drag("cell", 90, 40)
    assert page.until("cell", lambda picture: np.abs(picture - before[0]).mean() > 3)
    assert page.script(camera, "surface") == page.script(camera, "cell") != before[1]
    page.set("density", 0)  # the camera stays where the user left it
    assert page.script(camera, "surface") != before[1]


def test_what_has_no_stiffness_is_drawn_with_the_reason(page: Page) -> None:
    page.set("lattice", 1)
    assert page.text("name") == "chains"
    assert "No stiffness" in page.text("warning")
    assert page.until("cell", is_drawn)
    assert not page.driver.find_element("id", "surface").is_displayed()
    page.set("lattice", 0)
    assert page.driver.find_element("id", "surface").is_displayed()


def test_a_page_is_quiet_after_all_that(page: Page) -> None:
    """Nothing on the console, nothing asked for: of all that the tests before did."""
    assert page.complaints() == []
    assert page.requests() == []
    assert page.driver.title != "taken"


@pytest.fixture(scope="module")
def screened(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The results of a screening of forty lattices, the best twelve selected, in two shards."""
    pytest.importorskip("pyarrow")
    folder = tmp_path_factory.mktemp("screening") / "results"
    spec = "nets:pcu,dia?level=0.05&density=0.01..0.1&count=40&seed=1"
    assert main(["screen", spec, "-o", str(folder), "--shard-rows", "25", "--pareto", "rho,E_x,G_xy"]) == 0
    return folder


def test_a_page_of_a_screening_maps_its_results_and_draws_the_best(screened: Path, tmp_path: Path) -> None:
    path = tmp_path / "map.html"
    assert main(["plot", str(screened), "--best", "3", "--colour", "E_z", "-o", str(path)]) == 0
    results = read_results(screened, 3)
    assert results.best == 3
    with opened(path) as page:
        assert page.complaints() == []
        assert page.requests() == [path.resolve().as_uri()]
        assert [page.script(f"return document.getElementById('{name}').value") for name in ("x", "y", "colour")] == [
            *("density", "E_x", "E_z"),
        ]
        for name in ("map", "cell-0", "cell-1", "cell-2"):
            assert page.until(name, is_drawn), name
        for name in ("x", "y"):
            shown = page.script(f"return Array.from(document.getElementById('map').data[0].{name})")
            np.testing.assert_allclose(shown, results.columns[{"x": "density", "y": "E_x"}[name]], rtol=1e-6)
        hover = page.script("return document.getElementById('map').data[0].text[0]")
        assert f"row {results.columns['id'][0]}" in hover
        assert str(results.columns["name"][0]) in hover
        bound = page.script("return document.getElementById('map').data.find(t => t.name === 'Voigt bound')")
        assert bound["y"] == bound["x"]
        before = page.picture("cell-1")
        page.drag("cell-1", 60, 30)
        assert page.until("cell-1", lambda picture: np.abs(picture - before).mean() > 1)
        page.set("y", "nu_xy")
        shown = page.script("return Array.from(document.getElementById('map').data[0].y)")
        np.testing.assert_allclose(shown, results.columns["nu_xy"], rtol=1e-6)
        assert page.complaints() == []
        assert page.requests() == []


def test_the_lattices_of_rows_are_those_that_were_screened(screened: Path, tmp_path: Path) -> None:
    results = read_results(screened, 4, by="min:E_y")
    rows = results.columns["id"][:4]
    assert (np.diff(results.columns["E_y"][:4]) >= 0).all()
    assert results.columns["E_y"][0] == results.columns["E_y"].min()
    lattices = lattices_of_rows(screened, rows, None, 0.01)
    np.testing.assert_allclose(homogenise(lattices).stiffness[:, 0, 0], results.columns["C_11"][:4])
    assert len(np.unique(results.columns["id"])) == len(results.columns["id"]) == results.total
    with pytest.raises(FastlatticeError, match="is not what was screened"):
        lattices_of_rows(screened, rows, "nets:pcu", 0.01)
    thinned = read_results(screened, 2, most=6)
    assert thinned.best == 2 < len(thinned.columns["id"]) <= 6 < thinned.total
    with pytest.raises(FastlatticeError, match="no results"):
        read_results(tmp_path, 3)


def test_refusals_leave_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    octet = unit_cell("octet", 0.05)
    with pytest.raises(FastlatticeError, match="suffix of a page"):
        write_cell_page(octet, tmp_path / "cell.png")
    with pytest.raises(FastlatticeError, match="between 0 and 1"):
        write_cell_page(octet, tmp_path / "cell.html", densities=[0.5, 1.5])
    with pytest.raises(FastlatticeError, match="no lattice"):
        write_cell_page([], tmp_path / "cell.html")
    monkeypatch.setitem(__import__("sys").modules, "plotly.offline", None)
    with pytest.raises(MissingExtraError, match=r"fastlattice\[page\]"):
        write_cell_page(octet, tmp_path / "cell.html")
    assert list(tmp_path.iterdir()) == []
