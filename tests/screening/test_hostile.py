"""Whatever is in a file: its lattices are screened, or it is rejected with a reason."""

import csv
import json
import warnings
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fastlattice import LatticeBatch, unit_cell, write, write_catalogue
from fastlattice.cli import main
from fastlattice.errors import FastlatticeError
from fastlattice.screening import open_source

SUFFIXES = (".lat", ".lat.gz", ".parquet", ".obj", ".vtu", ".ltcx", ".inp", ".json", ".csv", ".txt", ".stl")


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Files as they should be."""
    folder = tmp_path_factory.mktemp("sound")
    batch = LatticeBatch.from_lattices([unit_cell("octet", 0.02), unit_cell("kelvin", 0.02)])
    batch.to_parquet(folder / "a.parquet")
    for name in ("a.lat", "a.lat.gz"):
        write_catalogue(folder / name, batch)
    for name in ("a.obj", "a.vtu", "a.ltcx", "a.inp"):
        write(folder / name, batch[0], tessellate=1)
    return {path.name[1:]: path.read_bytes() for path in folder.iterdir()}


def check(folder: Path) -> None:
    """Every row is there, or rejected with a reason."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            source = open_source(folder)
    except FastlatticeError:  # nothing at all could be read
        return
    rejects = list(source.rejects)
    rows = sum(len(load()) for _, load in source.pieces(0, source.count, rejects.append))
    assert rows + sum(each.rows for each in rejects) == source.count
    assert all(each.reason for each in rejects)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(suffix=st.sampled_from(SUFFIXES), content=st.binary(max_size=200))
def test_any_bytes(suffix: str, content: bytes, tmp_path: Path) -> None:
    for each in tmp_path.iterdir():
        each.unlink()
    (tmp_path / f"a{suffix}").write_bytes(content)
    check(tmp_path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(data=st.data())
def test_damaged_files(data: st.DataObject, sound: dict[str, bytes], tmp_path: Path) -> None:
    for each in tmp_path.iterdir():
        each.unlink()
    suffix = data.draw(st.sampled_from(sorted(sound)))
    content = bytearray(sound[suffix])
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content) - 1))
        kind = data.draw(st.sampled_from(("change", "cut", "digits")))
        if kind == "cut":
            del content[place:]
        else:
            content[place : place + 1] = data.draw(st.binary(max_size=3)) if kind == "change" else b"9999999999"
        if not content:
            break
    (tmp_path / f"a{suffix}").write_bytes(content)
    check(tmp_path)


def test_a_folder_of_hostile_files_ends_with_its_rejects(
    sound: dict[str, bytes], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for k, suffix in enumerate(SUFFIXES):
        (folder / f"hostile{k:02d}{suffix}").write_bytes(b"\x00\xff" * 50 + suffix.encode())
    (folder / "sound.parquet").write_bytes(sound[".parquet"])
    assert main(["screen", str(folder), "-o", str(tmp_path / "out")]) == 1
    summary = json.loads((tmp_path / "out" / "complete.json").read_text())
    assert summary["rows"] == 2
    assert summary["rejected"] == len(SUFFIXES)
    with (tmp_path / "out" / "rejected.csv").open(newline="") as stream:
        rejects = list(csv.DictReader(stream))
    assert [Path(each["file"]).suffix for each in rejects] == [Path(f"a{suffix}").suffix for suffix in SUFFIXES]
    assert all(each["reason"] for each in rejects)
