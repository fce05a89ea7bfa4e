"""Writing catalogues: an exact round trip, the authors' digits and layout, and what must not be written."""

import gzip
import math
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fastlattice import (
    CatalogueWriter,
    ElasticityError,
    Lattice,
    LatticeBatch,
    LatticeError,
    StringColumn,
    iter_catalogue,
    read_catalogue,
    write_catalogue,
)
from tests.io.test_lat_read import assert_same, assert_same_struts, stiffness_matrix, write
from tests.support.catalogue_text import SEPARATOR, Entry, cell_matrix, parse, upper_triangle
from tests.support.published import authors_catalogue
from tests.support.strategies import lattices

names = st.text(st.characters(exclude_categories=("Cs", "Cc"))).map(lambda s: s.strip(" "))
positive = st.floats(1e-6, 1e3)


@st.composite
def batches(draw: st.DrawFn) -> LatticeBatch:
    """Rows as a catalogue may hold them: any orientation and handedness, repeated geometry, labels or none."""
    rows: list[Lattice] = []
    columns: dict[str, list] = {"base_name": [], "imperfection_level": [], "relative_density": [], "target": []}
    for lattice in draw(st.lists(lattices(), min_size=1, max_size=4)):
        name, base_name = draw(names), draw(names)
        level = draw(st.floats(allow_infinity=False, allow_nan=False) | st.just(math.nan))
        if draw(st.booleans()):
            lattice = Lattice(-lattice.cell, -lattice.positions, lattice.struts, -lattice.shifts, lattice.radii)
        for density in draw(st.lists(positive, min_size=1, max_size=4)):
            scaled = lattice._replace(name=name, radii=lattice.radii * draw(positive))
            rows.append(scaled)
            columns["base_name"].append(base_name)
            columns["imperfection_level"].append(level)
            columns["relative_density"].append(density)
            label = stiffness_matrix(draw(st.integers(0, 100))) * draw(positive)
            columns["target"].append(draw(st.sampled_from([label, np.full((6, 6), np.nan), np.zeros((6, 6))])))
    return LatticeBatch.from_lattices(rows).with_columns(
        base_name=StringColumn.from_strings(columns["base_name"]),
        imperfection_level=torch.tensor(columns["imperfection_level"], dtype=torch.float64),
        relative_density=torch.tensor(columns["relative_density"], dtype=torch.float64),
        target=torch.as_tensor(np.array(columns["target"])),
    )


@given(batches())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_round_trip_gives_the_same_bits(tmp_path: Path, batch: LatticeBatch) -> None:
    for name in ("exact.lat", "exact.lat.gz"):
        write_catalogue(tmp_path / name, batch)
        assert_same(read_catalogue(tmp_path / name), batch)


@given(st.lists(lattices(), min_size=1, max_size=3))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_geometry_without_columns_is_written_too(tmp_path: Path, items: list[Lattice]) -> None:
    batch = LatticeBatch.from_lattices(items)
    write_catalogue(tmp_path / "plain.lat", batch)
    back = read_catalogue(tmp_path / "plain.lat")
    assert [back[i] for i in range(len(back))] == items
    np.testing.assert_allclose(back.columns["relative_density"], batch.relative_density, rtol=1e-14)
    assert back.columns["target"].isnan().all()


def test_nodes_without_struts_and_lattices_without_struts_survive(tmp_path: Path) -> None:
    items = [
        Lattice(np.eye(3), [[0.1, 0, 0], [5, 6, 7], [0, 0.2, 0]], [[2, 2]], [[0, 0, 1]], 0.1, name="lonely"),
        Lattice(np.eye(3), [[0, 0, 0]], np.empty((0, 2)), np.empty((0, 3)), [], name="bare"),
    ]
    batch = LatticeBatch.from_lattices(items).with_columns(relative_density=torch.tensor([0.1, 0.2]).double())
    write_catalogue(tmp_path / "some.lat", batch)
    back = read_catalogue(tmp_path / "some.lat")
    assert [back[i] for i in range(2)] == items


@pytest.mark.parametrize("name", ["sample_20.lat", "two_radii_396.lat"])
def test_the_authors_files_survive(name: str, tmp_path: Path) -> None:
    batch = read_catalogue(authors_catalogue(name))
    write_catalogue(tmp_path / name, batch)
    assert_same(read_catalogue(tmp_path / name), batch)
    write_catalogue(tmp_path / name, batch, digits=5)
    back = read_catalogue(tmp_path / name)
    assert torch.equal(back.struts, batch.struts)
    assert torch.equal(back.shifts, batch.shifts)
    np.testing.assert_allclose(back.positions, batch.positions, atol=1e-12)
    np.testing.assert_allclose(back.columns["target"], batch.columns["target"], rtol=1e-6, atol=1e-9)
    assert torch.equal(back.columns["relative_density"], batch.columns["relative_density"])
    original, again = parse(authors_catalogue(name).read_text()), parse((tmp_path / name).read_text())
    assert [e["name"] for e in again] == [e["name"] for e in original]
    for old, new in zip(original, again, strict=True):
        for left, right in zip(old["compliances"].values(), new["compliances"].values(), strict=True):
            np.testing.assert_allclose(left, right, rtol=1e-5, atol=1e-7 * np.abs(left).max())


# ---------------------------------------------------------------------------------------- what the file holds


def example() -> LatticeBatch:
    """A skew cell in an arbitrary orientation with two labelled densities and one unlabelled."""
    generator = np.random.default_rng(3)
    rotation = np.linalg.qr(generator.standard_normal((3, 3)))[0]
    cell = cell_matrix(1, 0.8, 0.9, 80, 95, 110) @ rotation.T
    lattice = Lattice.from_fractional(
        cell, [[0.1, 0.2, 0.3], [0.6, 0.7, 0.4]], [[0, 1], [0, 0], [1, 1]], [[0, 0, 0], [1, 0, -1], [0, 1, 0]], 0.1, "a"
    )
    target = torch.as_tensor(np.stack([stiffness_matrix(0), np.full((6, 6), np.nan), stiffness_matrix(1)]))
    return LatticeBatch.from_lattices([lattice.with_relative_density(d) for d in (0.01, 0.02, 0.03)]).with_columns(
        relative_density=torch.tensor([0.01, 0.02, 0.03], dtype=torch.float64), target=target
    )


def turned(stiffness: np.ndarray, rotation: np.ndarray) -> np.ndarray:
    """A Mandel stiffness after the rotation Q of its material, by way of the fourth-order tensor."""
    pairs = [(0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (0, 1)]
    basis = np.zeros((6, 3, 3))
    for k, (i, j) in enumerate(pairs):
        basis[k, i, j] += 0.5 if i == j else math.sqrt(0.5)
        basis[k, j, i] += 0.5 if i == j else math.sqrt(0.5)
    tensor = np.einsum("kl,kab,lcd->abcd", stiffness, basis, basis)
    tensor = np.einsum("ia,jb,kc,ld,abcd->ijkl", *[rotation] * 4, tensor)
    return np.einsum("kab,lcd,abcd->kl", basis, basis, tensor)


@pytest.mark.parametrize("left_handed", [False, True])
@pytest.mark.parametrize("digits", [None, 5, 17])
def test_labels_stand_in_the_frame_of_the_cell_parameters(
    tmp_path: Path, digits: int | None, left_handed: bool
) -> None:
    batch = example()
    if left_handed:
        batch = LatticeBatch.from_lattices([batch[i].rotate(np.diag([1, 1, -1])) for i in range(3)]).with_columns(
            target=batch.columns["target"]
        )
    write_catalogue(tmp_path / "a.lat", batch, digits)
    (entry,) = parse(
        (tmp_path / "a.lat").read_text().replace("Name: a\n", "Name: a\nBase name: b\nImperfection level: 0\n")
    )
    precision = 1e-4 if digits == 5 else 1e-12
    np.testing.assert_allclose(entry["cell"], cell_matrix(1, 0.8, 0.9, 80, 95, 110), atol=precision)
    rotation = np.linalg.solve(batch.cell[0].numpy(), entry["cell"]).T
    np.testing.assert_allclose(rotation @ rotation.T, np.eye(3), atol=10 * precision)
    assert len(entry["compliances"]) == 2
    for row, values in zip((0, 2), entry["compliances"].values(), strict=True):
        expected = np.linalg.inv(turned(batch.columns["target"][row].numpy(), rotation))[np.triu_indices(6)]
        np.testing.assert_allclose(values, expected, atol=10 * precision * np.abs(expected).max())
    assert [len(v) for v in entry["radii"].values()] == [3, 3, 3]


def test_the_authors_digits_lose_orientation_and_no_more(tmp_path: Path) -> None:
    batch = example()
    write_catalogue(tmp_path / "a.lat", batch, digits=5)
    back = read_catalogue(tmp_path / "a.lat")
    rotation = np.linalg.solve(batch.cell[0].numpy(), back.cell[0].numpy()).T
    for row in range(3):
        assert_same_struts(back[row], batch[row])
        assert back[row].relative_density == pytest.approx(batch[row].relative_density, rel=1e-3)
        expected = turned(batch.columns["target"][row].numpy(), rotation)
        np.testing.assert_allclose(back.columns["target"][row], expected, atol=2e-3 * np.abs(expected).max())
    assert "Cartesian" not in (tmp_path / "a.lat").read_text()


def test_nodes_and_bars_alone_describe_the_same_lattice(tmp_path: Path) -> None:
    write_catalogue(tmp_path / "a.lat", example(), digits=5)
    text = (tmp_path / "a.lat").read_text()
    start, end = text.index("Fundamental edge radii start"), text.index("Nodal positions")
    nodal_only = text[:start] + text[end : text.index("Fundamental edge adjacency")]
    assert_same_struts(read_catalogue(write(tmp_path, nodal_only))[0], example()[0])


def test_densities_of_one_geometry_become_one_entry(tmp_path: Path) -> None:
    batch = example()
    path = tmp_path / "a.lat"
    moved = batch[1:2].replace(positions=batch[1:2].positions + 1e-9)
    for rows, entries in (
        (batch, 1),
        (LatticeBatch.concatenate([batch, batch]), 2),  # the same densities again
        (LatticeBatch.concatenate([batch[:1], moved, batch[2:]]), 3),
        (LatticeBatch.concatenate([batch[:1], batch[1:]]), 1),
        (batch[1:2], 1),
    ):
        write_catalogue(path, rows)
        assert path.read_text().count(SEPARATOR) == entries
        assert read_catalogue(path).columns["relative_density"].tolist() == rows.columns["relative_density"].tolist()
    write_catalogue(path, batch.with_columns(base_name=StringColumn.from_strings(["x", "x", "y"])))
    assert path.read_text().count(SEPARATOR) == 2


def test_the_exact_sections_do_not_disturb_a_reader_of_the_authors_layout(tmp_path: Path) -> None:
    write_catalogue(tmp_path / "a.lat", example())
    text = (tmp_path / "a.lat").read_text()
    known = ("Nodal positions", "Bar connectivities", "Fundamental edge adjacency", "Fundamental tesselation vectors")
    for line in [line for line in text.split("\n") if line.startswith(("Cartesian", "Stiffness"))]:
        assert not any(word in line for word in (*known, "Compliance", "radii", "Name", "connectivity", "unit cell"))
    for section in known:
        assert text.count(section) == 1
    stripped = text[: text.index("Cartesian")]
    assert_same_struts(read_catalogue(write(tmp_path, stripped))[0], example()[0])


def test_rows_beyond_one_piece_of_text(tmp_path: Path) -> None:
    batch = LatticeBatch.concatenate([example()] * 700).with_columns(
        name=StringColumn.from_strings(f"n{i // 3}" for i in range(2100))
    )
    write_catalogue(tmp_path / "a.lat", batch)
    assert (tmp_path / "a.lat").read_text().count(SEPARATOR) == 700
    back = read_catalogue(tmp_path / "a.lat")
    assert torch.equal(back.positions, batch.positions)
    assert list(back.names) == list(batch.names)


def test_writing_batch_by_batch(tmp_path: Path) -> None:
    source = write(
        tmp_path, *[Entry(name=f"n{i}", compliances={"0.1": upper_triangle(stiffness_matrix(i))}) for i in range(9)]
    )
    with CatalogueWriter(tmp_path / "out.lat.gz") as writer:
        for batch in iter_catalogue(source, 2):
            writer.write(batch)
        assert not (tmp_path / "out.lat.gz").exists()
    assert (tmp_path / "out.lat.gz").read_bytes()[:2] == b"\x1f\x8b"
    assert_same(read_catalogue(tmp_path / "out.lat.gz"), read_catalogue(source))
    first = (tmp_path / "out.lat.gz").read_bytes()
    write_catalogue(tmp_path / "out.lat.gz", read_catalogue(source))
    assert gzip.decompress((tmp_path / "out.lat.gz").read_bytes()) == gzip.decompress(first)


# ------------------------------------------------------------------------------------------ what is refused


@pytest.mark.parametrize("name", ["two\nlines", "a\rb", "tab\t", " before", "after ", "nul\0", "\x7f"])
@pytest.mark.parametrize("column", ["name", "base_name"])
def test_names_that_a_line_does_not_keep(tmp_path: Path, name: str, column: str) -> None:
    batch = example().with_columns(**{column: StringColumn.from_strings(["fine", "", name])})
    with pytest.raises(LatticeError, match="a catalogue cannot keep control characters"):
        write_catalogue(tmp_path / "a.lat", batch)
    write_catalogue(tmp_path / "a.lat", batch[:2])


def with_array(name: str, change: float) -> LatticeBatch:
    batch = example()
    array = getattr(batch, name).clone()
    array.view(-1)[-1] = change
    return batch.replace(**{name: array})


REFUSED = {
    "nan position": (with_array("positions", math.nan), "lattice 'a' cannot be written to a catalogue"),
    "infinite cell": (with_array("cell", math.inf), "cannot be written"),
    "radius of zero": (with_array("radii", 0.0), "a radius is not positive"),
    "huge shift": (with_array("shifts", 10**17), "not a whole number of cells"),
    "density of zero": (example().with_columns(relative_density=torch.zeros(3).double()), "'0' is not positive"),
    "infinite level": (example().with_columns(imperfection_level=torch.tensor([0, 0, math.inf]).double()), "finite"),
    "other columns": (example().with_columns(status=torch.zeros(3), x=torch.zeros(3)), "no place for .* 'status', 'x'"),
    "shape of a column": (example().with_columns(target=torch.zeros(3, 21)), "column 'target' has shape"),
    "strings for numbers": (example().with_columns(imperfection_level=example().names), "must hold numbers"),
    "no lattices": (example()[:0], "at least one lattice"),
}  # fmt: skip


@pytest.mark.parametrize("reason", REFUSED)
def test_what_could_not_be_read_again_is_refused_and_leaves_the_old_file(tmp_path: Path, reason: str) -> None:
    batch, message = REFUSED[reason]
    path = tmp_path / "a.lat"
    path.write_text("precious")
    with pytest.raises(LatticeError, match=message):
        write_catalogue(path, batch)
    assert path.read_text() == "precious"
    assert [p.name for p in tmp_path.iterdir()] == ["a.lat"]


def test_targets_must_be_whole_and_symmetric(tmp_path: Path) -> None:
    target = example().columns["target"].clone()
    for value in (math.nan, math.inf, 1e3):
        wrong = target.clone()
        wrong[0, 1, 2] = value
        with pytest.raises(ElasticityError):
            write_catalogue(tmp_path / "a.lat", example().with_columns(target=wrong))


def test_stiffness_that_the_digits_do_not_carry(tmp_path: Path) -> None:
    q = np.linalg.qr(np.random.default_rng(0).standard_normal((6, 6)))[0]
    soft = torch.as_tensor(q @ np.diag([1, 1, 1, 1, 1, 1e-7]) @ q.T)
    batch = example().with_columns(target=((soft + soft.mT) / 2).expand(3, 6, 6).contiguous())
    write_catalogue(tmp_path / "a.lat", batch)
    assert torch.equal(read_catalogue(tmp_path / "a.lat").columns["target"], batch.columns["target"])
    with pytest.raises(LatticeError, match="not positive definite"):
        write_catalogue(tmp_path / "a.lat", batch, digits=5)
    singular = example().with_columns(target=torch.zeros(3, 6, 6).double())
    with pytest.raises(LatticeError, match=r"lattice 'a': .* no compliance"):
        write_catalogue(tmp_path / "a.lat", singular, digits=5)
    for digits in (0, 18):
        with pytest.raises(ValueError, match="digits"):
            write_catalogue(tmp_path / "a.lat", batch, digits)
