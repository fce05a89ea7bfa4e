"""A catalogue that was cut off is never read as a shorter or another one."""

from pathlib import Path

import numpy as np
import pytest

from fastlattice import LatticeBatch, homogenise, read_catalogue, unit_cell, write_catalogue
from fastlattice.errors import CatalogueError
from fastlattice.io import lat
from tests.support.catalogue_text import Entry

SEPARATOR = b"----- lattice_transition -----"


def without(text: bytes, *headers: bytes) -> bytes:
    """The text without the sections of these headers."""
    for header in headers:
        start = text.find(header)
        while start >= 0:
            end = text.find(b"\n\n", start)
            text = text[:start] + text[end + 2 :]
            start = text.find(header)
    return text


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    """Three cells in the layout of published files, whose last section is that of the shifts; no radii."""
    path = tmp_path / "three.lat"
    cells = [unit_cell(name, 0.01) for name in ("octet", "bcc", "kelvin")]
    write_catalogue(path, LatticeBatch.from_lattices(cells), digits=5)
    path.write_bytes(without(path.read_bytes(), b"Fundamental edge radii start"))
    return path


@pytest.mark.parametrize("block", [50, 1 << 22])
def test_no_cut_through_the_last_entry_gives_another_lattice(
    catalogue: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    monkeypatch.setattr(lat, "_BLOCK", block)
    content = catalogue.read_bytes()
    whole = homogenise(read_catalogue(catalogue)).stiffness
    cut = tmp_path / "cut.lat"
    raised = 0
    for end in range(content.rfind(SEPARATOR) + 1, len(content), 11):
        cut.write_bytes(content[:end])
        try:
            batch = read_catalogue(cut)
        except CatalogueError:
            raised += 1
        else:
            assert len(batch) == 3
            np.testing.assert_array_equal(homogenise(batch).stiffness, whole)
    assert raised > 50


def test_bars_that_end_before_the_last_node_were_cut_off(tmp_path: Path) -> None:
    """In catalogues whose entries have bars alone, no section behind them shows it."""
    nodes = ["0 0 0", "0.5 0.5 0.5", "1 0 0", "1 1 0", "0 1 0", "0 0 1", "1 0 1", "0 1 1", "1 1 1"]
    bars = [f"1 {corner}" for corner in (0, 2, 3, 4, 5, 6, 7, 8)]
    entry = str(Entry(positions=nodes, bars=bars, struts=None, shifts=None))
    path = tmp_path / "bars.lat"
    path.write_text(entry + entry)
    assert read_catalogue(path).strut_counts.tolist() == [8, 8]
    for left in range(1, 8):
        path.write_text(entry + entry[: entry.index(bars[left])])
        with pytest.raises(CatalogueError, match="none ends at node 8, the last: it was cut off"):
            read_catalogue(path)


def test_what_was_cut_off_is_skipped_and_the_rest_is_read(catalogue: Path) -> None:
    content = catalogue.read_bytes()
    lacking = content.rfind(b"Fundamental edge adjacency")
    for cut, reason in (
        (content[:lacking], "no section 'Fundamental tesselation vectors', which those before it have"),
        (content.rstrip(b"\n"), "ends within a line of numbers"),
    ):
        catalogue.write_bytes(cut)
        errors: list[CatalogueError] = []
        batch = read_catalogue(catalogue, on_error=errors.append)
        assert list(batch.names) == ["octet", "bcc"]
        assert [error.entry for error in errors] == ["kelvin"]
        assert reason in errors[0].reason
        with pytest.raises(CatalogueError, match="cut off"):
            read_catalogue(catalogue)


@pytest.mark.parametrize("digits", [None, 5])
@pytest.mark.parametrize("unlabelled", [0, 1, 2])
def test_a_written_entry_without_a_label_is_whole(tmp_path: Path, digits: int | None, unlabelled: int) -> None:
    batch = LatticeBatch.from_lattices([unit_cell(name, 0.01) for name in ("octet", "bcc", "kelvin")])
    target = homogenise(batch).stiffness
    target[unlabelled] = np.nan
    path = tmp_path / "labels.lat"
    write_catalogue(path, batch.with_columns(target=target), digits)
    back = read_catalogue(path).columns["target"]
    assert back[:, 0, 0].isnan().tolist() == [row == unlabelled for row in range(3)]
    # The same, batch by batch, where the last has no such column.
    with lat.CatalogueWriter(path, digits) as writer:
        writer.write(batch.with_columns(target=homogenise(batch).stiffness))
        writer.write(batch.take([unlabelled]))
    assert read_catalogue(path).columns["target"][:, 0, 0].isnan().tolist() == [False] * 3 + [True]


def test_an_entry_may_have_less_than_others_where_it_is_not_the_last(catalogue: Path) -> None:
    first, *others = catalogue.read_bytes().split(SEPARATOR)[1:]
    short = first[: first.find(b"Fundamental edge adjacency")]
    catalogue.write_bytes(b"".join(SEPARATOR + entry for entry in (short, *others)))
    assert list(read_catalogue(catalogue).names) == ["octet", "bcc", "kelvin"]


def test_a_last_line_that_is_no_number_needs_no_end(tmp_path: Path) -> None:
    path = tmp_path / "one.lat"
    write_catalogue(path, LatticeBatch.from_lattices([unit_cell("bcc", 0.02)]), digits=5)
    content = path.read_bytes()
    radii = content[content.find(b"Fundamental edge radii start") : content.find(b"Nodal positions")]
    expected = read_catalogue(path)
    path.write_bytes((content.replace(radii, b"") + radii).rstrip(b"\n"))
    np.testing.assert_array_equal(read_catalogue(path).radii, expected.radii)
    path.write_bytes(path.read_bytes()[:-1])  # "... radii en"
    with pytest.raises(CatalogueError):
        read_catalogue(path)
