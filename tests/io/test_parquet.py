"""Parquet: an exact round trip, streaming both ways, and what foreign or damaged files get."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fastlattice import CatalogueError, LatticeBatch, LatticeError, MissingExtraError, StringColumn
from fastlattice.io import parquet
from fastlattice.io.parquet import ParquetWriter, count_parquet, iter_parquet, read_parquet, write_parquet
from tests.io.test_lat_read import assert_same
from tests.io.test_lat_write import batches, example
from tests.support.strategies import lattices

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")


@given(batches())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_round_trip_gives_the_same_bits(tmp_path: Path, batch: LatticeBatch) -> None:
    batch.to_parquet(tmp_path / "a.parquet")
    assert_same(LatticeBatch.from_parquet(tmp_path / "a.parquet"), batch)
    assert count_parquet(tmp_path / "a.parquet") == len(batch)


@given(st.lists(lattices(), max_size=4), st.integers(0, 4), st.integers(0, 4))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_slices_and_empty_batches(tmp_path: Path, items: list, start: int, stop: int) -> None:
    batch = LatticeBatch.from_lattices(items)[start:stop]
    write_parquet(batch, tmp_path / "a.parquet")
    assert_same(read_parquet(tmp_path / "a.parquet"), batch)


@pytest.mark.parametrize("dtype", ["float64", "float32", "int64", "int32", "int16", "int8", "uint8", "bool"])
@pytest.mark.parametrize("shape", [(), (4,), (2, 3, 2)])
def test_columns_of_every_type(tmp_path: Path, dtype: str, shape: tuple[int, ...]) -> None:
    generator = torch.Generator().manual_seed(0)
    column = (10 * torch.randn(3, *shape, generator=generator, dtype=torch.float64)).to(getattr(torch, dtype))
    batch = example().with_columns(**{"a column": column, "ß": StringColumn.from_strings(["", "ü\n", "\0"])})
    write_parquet(batch, tmp_path / "a.parquet")
    assert_same(read_parquet(tmp_path / "a.parquet"), batch)
    assert_same(read_parquet(tmp_path / "a.parquet")[1:], batch[1:])


def test_special_numbers_keep_their_bits(tmp_path: Path) -> None:
    bits = torch.tensor([0x7FF8000000000123, -0x8000000000000000, 1, 0x7FF0000000000000, -1, 0x7FEFFFFFFFFFFFFF])
    batch = LatticeBatch.concatenate([example()] * 2).with_columns(x=bits.view(torch.float64))
    write_parquet(batch, tmp_path / "a.parquet")
    assert torch.equal(read_parquet(tmp_path / "a.parquet").columns["x"].view(torch.int64), bits)


def test_gradients_do_not_hinder(tmp_path: Path) -> None:
    batch = example()
    batch.positions.requires_grad_()
    write_parquet(batch, tmp_path / "a.parquet")
    assert torch.equal(read_parquet(tmp_path / "a.parquet").positions, batch.positions)


def test_the_file_explains_itself(tmp_path: Path) -> None:
    write_parquet(example(), tmp_path / "a.parquet")
    schema = pq.read_schema(tmp_path / "a.parquet")
    conventions = json.loads(schema.metadata[b"fastlattice"])
    assert conventions["format"] == "fastlattice.LatticeBatch"
    assert conventions["version"] == 1
    assert "Mandel, order 11, 22, 33, 23, 13, 12" in conventions["stiffness"]
    assert "E_s = 1" in conventions["stiffness"]
    assert "rows are lattice vectors" in conventions["cell"]
    rows = pq.read_table(tmp_path / "a.parquet").to_pylist()
    assert [row["relative_density"] for row in rows] == [0.01, 0.02, 0.03]
    lattice = example()[0]
    assert rows[0]["name"] == "a"
    for name in ("cell", "positions", "struts", "shifts", "radii"):
        assert rows[0][name] == getattr(lattice, name).tolist()


def test_reading_shares_memory_with_arrow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_parquet(example(), tmp_path / "a.parquet")
    pieces: list[Any] = []
    original = parquet._from_arrow
    monkeypatch.setattr(parquet, "_from_arrow", lambda path, piece: (pieces.append(piece), original(path, piece))[1])
    (batch,) = iter_parquet(tmp_path / "a.parquet")
    positions = pieces[0].column("positions").flatten().flatten()
    assert batch.positions.data_ptr() == positions.buffers()[1].address


@pytest.fixture
def long_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, LatticeBatch]:
    """Thirty lattices in row groups of seven, appended in uneven batches."""
    monkeypatch.setattr(parquet, "_ROW_GROUP", 7)
    whole = LatticeBatch.concatenate([example()] * 10).with_columns(number=torch.arange(30))
    with ParquetWriter(tmp_path / "long.parquet") as writer:
        for start, stop in ((0, 1), (1, 1), (1, 3), (3, 20), (20, 30)):
            writer.write(whole[start:stop])
        assert not (tmp_path / "long.parquet").exists()
    return tmp_path / "long.parquet", whole


def test_streaming(long_file: tuple[Path, LatticeBatch]) -> None:
    path, whole = long_file
    assert pq.ParquetFile(path).metadata.num_row_groups >= 4
    assert_same(read_parquet(path), whole)
    for size in (1, 4, 7, 30, 100):
        parts = list(iter_parquet(path, size))
        assert [len(p) for p in parts] == [size] * (30 // size) + [30 % size] * (30 % size > 0)
        assert_same(LatticeBatch.concatenate(parts), whole)
    with pytest.raises(ValueError, match="batch_size"):
        iter_parquet(path, 0)


def test_a_run_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    path.write_text("precious")

    def run() -> None:
        with ParquetWriter(path) as writer:
            writer.write(example())
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run()
    with pytest.raises(LatticeError, match="no batch was written"), ParquetWriter(path):
        pass
    assert path.read_text() == "precious"
    assert [p.name for p in tmp_path.iterdir()] == ["a.parquet"]


def test_batches_must_have_the_same_columns(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    with ParquetWriter(path) as writer:
        writer.write(example())
        with pytest.raises(LatticeError, match=r"columns differ .*extra: double"):
            writer.write(example().with_columns(extra=torch.zeros(3).double()))
        with pytest.raises(LatticeError, match=r"columns differ .*relative_density: float"):
            writer.write(example().with_columns(relative_density=torch.zeros(3)))
        writer.write(example())
    assert count_parquet(path) == 6


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"positions": torch.zeros(3)}, "a column cannot be called 'positions'"),
        ({"x": torch.zeros(3, dtype=torch.complex64)}, "column 'x': Parquet does not hold torch.complex64"),
        ({"x": torch.zeros(3, 0)}, r"column 'x': .* of shape \(3, 0\)"),
    ],
)
def test_columns_that_do_not_fit(tmp_path: Path, columns: dict, reason: str) -> None:
    with pytest.raises(LatticeError, match=reason):
        write_parquet(example().with_columns(**columns), tmp_path / "a.parquet")
    assert not list(tmp_path.iterdir())


# ----------------------------------------------------------------------------------- files that are not ours


def rewritten(path: Path, change: Any) -> None:
    """Applies `change` to the table of a file."""
    pq.write_table(change(pq.read_table(path)), path)


def replaced(name: str, values: list) -> Any:
    """A change that puts other values of the same type in a column."""

    def change(table: Any) -> Any:
        field = table.schema.field(name).with_nullable(True)
        return table.set_column(table.schema.get_field_index(name), field, pa.array(values, field.type))

    return change


FOREIGN = {
    "no positions": (lambda t: t.drop_columns(["positions", "radii"]), "there is no column 'positions', 'radii'"),
    "another table": (lambda _: pa.table({"x": [1]}), "not a file of lattices: there is no column 'cell'"),
    "no metadata": (lambda t: t.replace_schema_metadata(None), "metadata 'fastlattice'"),
    "metadata of another kind": (lambda t: t.replace_schema_metadata({"fastlattice": "[]"}), "metadata 'fastlattice'"),
    "no JSON": (lambda t: t.replace_schema_metadata({"fastlattice": "{"}), "metadata 'fastlattice'"),
    "the future": (lambda t: t.replace_schema_metadata({"fastlattice": '{"version": 2}'}), "written in version 2"),
    "nulls": (replaced("name", ["a", None, "a"]), "column 'name' holds nulls"),
    "fewer radii": (replaced("radii", [[0.1] * 3, [0.1] * 3, [0.1] * 2]), "'radii' does not hold one for each strut"),
    "no such node": (replaced("struts", [[[0, 1]] * 3] * 2 + [[[0, 2]] * 3]), r"names node \[0, 2\]"),
    "a null inside": (
        lambda t: t.append_column("x", pa.array([[1.0], [None], [2.0]], pa.list_(pa.float64(), 1))),
        "column 'x' holds nulls",
    ),
    "another type": (lambda t: t.set_column(4, "radii", pa.array([1.0, 2.0, 3.0])), "column 'radii' has type double"),
    "unknown type": (lambda t: t.append_column("x", pa.array([[1], [], [2]])), "column 'x'"),
}


@pytest.mark.parametrize("case", FOREIGN)
def test_files_of_others_are_refused_with_what_they_lack(tmp_path: Path, case: str) -> None:
    change, reason = FOREIGN[case]
    path = tmp_path / "a.parquet"
    write_parquet(example(), path)
    rewritten(path, change)
    with pytest.raises(CatalogueError, match=reason) as caught:
        read_parquet(path)
    assert caught.value.path == str(path)
    with pytest.raises(CatalogueError, match=reason):
        list(iter_parquet(path))


def test_no_parquet_at_all(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    for content in (b"", b"PAR1", b"hello" * 100, b"PAR1" + b"\xff" * 100 + b"PAR1"):
        path.write_bytes(content)
        with pytest.raises(CatalogueError, match="not a Parquet file, or damaged"):
            read_parquet(path)
    with pytest.raises(FileNotFoundError):
        read_parquet(tmp_path / "missing.parquet")


@pytest.fixture(scope="module")
def intact(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("intact") / "a.parquet"
    write_parquet(example(), path)
    return path.read_bytes()


@given(st.integers(0, 10**6), st.integers(1, 255))
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_flipped_byte_is_found_or_does_no_harm(intact: bytes, tmp_path: Path, place: int, flip: int) -> None:
    path = tmp_path / "a.parquet"
    content = bytearray(intact)
    content[place % len(content)] ^= flip
    path.write_bytes(content)
    try:
        back = read_parquet(path)
    except CatalogueError:
        return
    for name in ("cell", "positions", "struts", "shifts", "radii"):
        assert torch.equal(getattr(back, name), getattr(example(), name))


def test_without_pyarrow_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str, *_: Any) -> None:
        raise ModuleNotFoundError(name)

    monkeypatch.setattr("importlib.import_module", missing)
    for action in (
        lambda: example().to_parquet(tmp_path / "a.parquet"),
        lambda: read_parquet(tmp_path / "a.parquet"),
        lambda: ParquetWriter(tmp_path / "a.parquet"),
    ):
        with pytest.raises(MissingExtraError, match=r"pip install 'fastlattice\[parquet\]'"):
            action()


def test_readers_of_many_threads_leave_arrow_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    write_parquet(example(), path)
    pool = pa.default_memory_pool().backend_name
    with ThreadPoolExecutor(4) as threads:
        assert len(list(threads.map(lambda _: len(read_parquet(path)), range(100)))) == 100
    assert pa.default_memory_pool().backend_name == pool
