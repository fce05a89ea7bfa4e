import csv
from pathlib import Path

import numpy as np
import pytest
import torch

from fastlattice import LatticeBatch, homogenise, screen, unit_cell, unit_cell_names, write_catalogue
from fastlattice.data import Recipe, Stream, as_bases
from fastlattice.errors import FastlatticeError
from fastlattice.io.parquet import read_parquet
from fastlattice.screening import Reject, job_of, open_engine, open_source, parsed, run
from fastlattice.topologies.nets import rcsr_net


@pytest.fixture(scope="module")
def cells() -> LatticeBatch:
    batch = LatticeBatch.from_lattices(unit_cell(name, 0.03) for name in unit_cell_names())
    return batch.with_columns(density=torch.zeros(len(batch)))  # what a file states is not believed


def rows_of(source: object, start: int, stop: int, rejects: list[Reject] | None = None) -> list[tuple[int, str]]:
    found = []
    for first, load in source.pieces(start, stop, (rejects if rejects is not None else []).append):  # type: ignore[attr-defined]
        found += [(first + k, str(name)) for k, name in enumerate(load().names)]
    return found


@pytest.mark.parametrize("kind", ["a.parquet", "a.lat", "a.lat.gz"])
def test_any_range_of_a_file_can_be_read_in_any_order(kind: str, cells: LatticeBatch, tmp_path: Path) -> None:
    path = tmp_path / kind
    if kind == "a.parquet":
        cells.to_parquet(path)
    else:
        write_catalogue(path, cells.replace(columns={"name": cells.names}))
    source = open_source(path)
    expected = list(enumerate(map(str, cells.names)))
    assert source.count == len(cells)
    for start, stop in ((0, 3), (3, 9), (1, 2), (5, len(cells)), (0, len(cells)), (4, 4)):
        assert rows_of(source, start, stop) == expected[start:stop]


def test_folders_and_globs_are_their_files_in_order(cells: LatticeBatch, tmp_path: Path) -> None:
    cells[:2].to_parquet(tmp_path / "b.parquet")
    (tmp_path / "deep").mkdir()
    cells[2:5].to_parquet(tmp_path / "deep" / "c.parquet")
    write_catalogue(tmp_path / "a.lat", cells[5:6].replace(columns={"name": cells.names[5:6]}))
    (tmp_path / "notes.md").write_text("no lattices")
    expected = [str(cells.names[row]) for row in (5, 0, 1, 2, 3, 4)]
    assert rows_of(open_source(tmp_path), 0, 6) == list(enumerate(expected))
    assert rows_of(open_source(tmp_path), 2, 5) == list(enumerate(expected))[2:5]
    assert rows_of(open_source(str(tmp_path / "*.parquet")), 0, 2) == list(enumerate(expected[1:3]))


def test_what_cannot_be_read_is_rejected_with_its_place(cells: LatticeBatch, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    write_catalogue(folder / "a.lat", cells[:3].replace(columns={"name": cells.names[:3]}))
    lines = (folder / "a.lat").read_text().splitlines()
    broken = next(k for k, line in enumerate(lines) if k > 5 and line.strip()[:1].isdigit())
    lines[broken] = "garbage " + lines[broken]
    (folder / "a.lat").write_text("\n".join(lines) + "\n")
    (folder / "b.parquet").write_bytes(b"PAR1 no, not really PAR1")
    (folder / "c.obj").write_text("v 0 0 nonsense\n")
    cells[:1].to_parquet(folder / "d.parquet")
    job = job_of(open_source(folder), open_engine("fe"), parsed())
    assert run(job, tmp_path / "out").complete
    with (tmp_path / "out" / "rejected.csv").open(newline="") as stream:
        rejects = list(csv.DictReader(stream))
    assert [Path(each["file"]).name for each in rejects] == ["a.lat", "b.parquet", "c.obj"]
    assert int(rejects[0]["line"]) == broken + 1
    assert all(each["reason"] for each in rejects)


def test_a_damaged_row_group_is_rejected_and_the_others_are_read(cells: LatticeBatch, tmp_path: Path) -> None:
    many = cells.replace(columns={"name": cells.names}).take(torch.arange(9000) % len(cells))
    path = tmp_path / "a.parquet"
    many.to_parquet(path)
    import pyarrow.parquet as parquet

    chunk = parquet.ParquetFile(path).metadata.row_group(1).column(0)
    data = bytearray(path.read_bytes())
    middle = chunk.data_page_offset + chunk.total_compressed_size // 2
    data[middle : middle + 8] = b"\xff" * 8
    path.write_bytes(data)
    rejects: list[Reject] = []
    found = rows_of(open_source(path), 0, 9000, rejects)
    assert [row for row, _ in found] == list(range(8192))
    assert [(each.row, each.rows) for each in rejects] == [(8192, 808)]
    assert "damaged" in rejects[0].reason


@pytest.mark.parametrize("spec", ["no/such/file", "nets:nosuch", "nets:pcu?level=0.1", "nets:pcu?count=5&levle=1"])
def test_what_there_is_not_is_said(spec: str) -> None:
    with pytest.raises(FastlatticeError):
        open_source(spec)


def test_a_stream_is_that_of_its_recipe() -> None:
    source = open_source("nets:pcu,dia?level=0.01..0.05&density=0.02,0.03&radii=log-normal&count=5000&seed=9")
    bases = as_bases(LatticeBatch.from_lattices([rcsr_net("pcu"), rcsr_net("dia")])).lattices
    recipe = Recipe(
        **{"removal_share": 0.0, "strain_share": 0.0, "zero_share": 0.0, "radii": "log-normal"},
        level={"low": 0.01, "high": 0.05},
        density=(0.02, 0.03),
    )
    expected = Stream(bases, recipe, 9).unlabelled(0, 5000)
    loaded = [load() for _, load in source.pieces(0, 5000, print)]
    assert [len(each) for each in loaded] == [4096, 904]
    for name in ("cell", "positions", "struts", "shifts", "radii"):
        assert torch.equal(torch.cat([getattr(each, name) for each in loaded]), getattr(expected, name))


def test_results_in_python_are_those_of_finite_elements(cells: LatticeBatch, tmp_path: Path) -> None:
    stiffness = homogenise(cells).stiffness.numpy()
    (part,) = screen(cells, extremes=True)
    assert list(part.names) == list(cells.names)
    np.testing.assert_allclose(part.columns["density"], cells.relative_density, rtol=1e-13)
    assert (np.asarray(part.columns["C_12"]) == stiffness[:, 0, 1])[~np.isnan(stiffness[:, 0, 1])].all()
    cells.to_parquet(tmp_path / "a.parquet")
    (again,) = screen(tmp_path / "a.parquet", where="anisotropy < 1 and E_max > 0")
    kept = np.asarray(part.columns["anisotropy"]) < 1
    assert list(again.names) == [str(name) for name, yes in zip(cells.names, kept, strict=True) if yes]
    from_iterator = LatticeBatch.concatenate(screen(iter([cells[:4], cells[4:]]), extremes=True))
    assert torch.equal(from_iterator.columns["id"], part.columns["id"])
    assert torch.equal(from_iterator.cell, read_parquet(tmp_path / "a.parquet").cell)
