"""Whatever ends a run, the finished folder has the bytes of one that nothing ended."""

import random
import signal
import time
from pathlib import Path

import pytest

from fastlattice import LatticeBatch, unit_cell, unit_cell_names, write_catalogue
from fastlattice.errors import FastlatticeError
from fastlattice.screening import FolderError, Job, folder, job_of, open_engine, open_source, parsed, run, runs
from tests.support.screening import ended, started

SPEC = "nets:pcu,dia,srs?level=0.05&density=0.001..0.1&count=9000&seed=3&removal_share=0.2&removal=0.5"
ROWS = 1000
KILLS = 25


@pytest.fixture(scope="module")
def job() -> Job:
    """Lattices of which some have no stiffness; the best 50, certified."""
    options = parsed("density > 0.002", top=50, by="E_min", certify=5)
    return job_of(open_source(SPEC), open_engine("fe"), options, ROWS)


@pytest.fixture(scope="module")
def plain() -> Job:
    return job_of(open_source(SPEC), open_engine("fe"), parsed(), ROWS)


@pytest.fixture(scope="module")
def expected(job: Job, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    path = tmp_path_factory.mktemp("whole")
    assert run(job, path, threads=1).complete
    return content(path)


def content(path: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in path.iterdir() if not each.name.startswith(".lock")}


def test_a_run_has_a_file_for_each_shard_and_a_marker(expected: dict[str, bytes]) -> None:
    shards = [f"shard-{k:06d}.parquet" for k in range(9)]
    others = ["certified.parquet", "complete.json", "manifest.json", "rejected.csv", "selected.parquet"]
    assert sorted(expected) == sorted([*shards, *others])


def test_the_number_of_threads_changes_nothing(job: Job, expected: dict[str, bytes], tmp_path: Path) -> None:
    run(job, tmp_path, threads=4)
    assert content(tmp_path) == expected


def test_random_kills_lose_nothing(job: Job, expected: dict[str, bytes], tmp_path: Path) -> None:
    """25 runs, each killed at a random moment, then one that nothing kills: also a second, a third, ... resume."""
    delays = random.Random(0)
    start = time.perf_counter()
    run(job, tmp_path / "timed", threads=2)
    longest = time.perf_counter() - start
    place, killed = tmp_path / "results", 0
    for _ in range(KILLS):
        process = started(job, place, resume=True)
        while process.is_alive() and not (place / ".lock").exists():
            time.sleep(0.001)  # it begins
        time.sleep(delays.uniform(0, longest / 2))
        process.kill()
        killed += ended(process) == -signal.SIGKILL
        if (place / "complete.json").exists():  # the next kills hit a run from the beginning
            assert content(place) == expected
            for each in sorted(place.iterdir(), reverse=True):
                each.unlink()
    assert killed >= KILLS // 2
    assert run(job, place, resume=True).complete
    assert content(place) == expected


@pytest.mark.parametrize("name", ["shard-000004.parquet", "selected.parquet", "rejected.csv", "complete.json"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_kill_around_any_rename_loses_nothing(
    job: Job, expected: dict[str, bytes], tmp_path: Path, name: str, when: str
) -> None:
    assert ended(started(job, tmp_path, kill=(name, when))) == -signal.SIGKILL
    assert (tmp_path / name).exists() == (when == "after")
    assert run(job, tmp_path, resume=True).complete
    assert content(tmp_path) == expected


def test_a_full_disk_ends_the_run_and_the_next_goes_on(plain: Job, tmp_path: Path) -> None:
    whole, place = tmp_path / "whole", tmp_path / "results"
    run(plain, whole)

    assert ended(started(plain, place, file_limit=100_000)) == 3  # a shard has twice as much
    assert not [each for each in place.iterdir() if "shard" in each.name]  # nothing half written
    assert run(plain, place, resume=True).complete
    assert content(place) == content(whole)


def test_a_damaged_or_foreign_shard_is_computed_again(plain: Job, tmp_path: Path) -> None:
    run(plain, tmp_path)
    whole = content(tmp_path)
    (tmp_path / "shard-000002.parquet").write_bytes(whole["shard-000002.parquet"][:1000])
    (tmp_path / "shard-000005.parquet").write_bytes(whole["shard-000006.parquet"])
    assert run(plain, tmp_path, resume=True).rows == 2 * ROWS
    assert content(tmp_path) == whole


def test_a_folder_of_another_job_is_refused_with_the_difference(plain: Job, job: Job, tmp_path: Path) -> None:
    run(plain, tmp_path / "a")
    with pytest.raises(FolderError, match=r"another job.*options\.by \(null there, \"max:E_min\" here\)"):
        run(job, tmp_path / "a", resume=True)
    with pytest.raises(FolderError, match="a complete run of this very job"):
        run(plain, tmp_path / "a")
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "thesis.tex").touch()
    with pytest.raises(FolderError, match=r"not a folder of results: it holds thesis\.tex"):
        run(plain, tmp_path / "b")


def test_another_instruction_set_is_refused(plain: Job, tmp_path: Path) -> None:
    run(plain, tmp_path)
    identity = {**plain.identity, "platform": {**plain.identity["platform"], "instruction_set": "other"}}
    other = Job(plain.source, plain.engine, plain.options, plain.rows, identity)
    with pytest.raises(FolderError, match=r"platform\.instruction_set"):
        run(other, tmp_path, resume=True)


def test_two_processes_do_not_work_in_one_folder(plain: Job, tmp_path: Path) -> None:
    with folder.Folder(tmp_path, plain).held(False):
        assert ended(started(plain, tmp_path, resume=True)) == 3
    with folder.Folder(tmp_path, plain, (1, 3)).held(True):
        assert ended(started(plain, tmp_path, share=(1, 3))) == 3
        assert ended(started(plain, tmp_path, resume=True)) == 3
        assert ended(started(plain, tmp_path, share=(2, 3))) == 0
    assert run(plain, tmp_path, resume=True).rows == 6 * ROWS


def test_shares_give_the_folder_of_one_run(job: Job, expected: dict[str, bytes], tmp_path: Path) -> None:
    for index in (2, 0, 1):
        outcome = run(job, tmp_path, share=(index, 3))
        assert outcome.rows == 3 * ROWS
        assert outcome.complete == (index == 1)
    assert content(tmp_path) == expected


def catalogue(path: Path, density: float = 0.01) -> Path:
    write_catalogue(path, LatticeBatch.from_lattices(unit_cell(name, density) for name in unit_cell_names()))
    return path


def test_a_source_that_changed_is_refused(tmp_path: Path) -> None:
    path = catalogue(tmp_path / "a.lat")
    first = job_of(open_source(path), open_engine("fe"), parsed(), 4)
    run(first, tmp_path / "results", share=(0, 2))
    catalogue(path, 0.02)
    with pytest.raises(FastlatticeError, match="was changed while"):
        run(first, tmp_path / "results", share=(1, 2))
    assert not (tmp_path / "results" / "shard-000001.parquet").exists()
    second = job_of(open_source(path), open_engine("fe"), parsed(), 4)
    with pytest.raises(FolderError, match=r"source\.files\[0\]\.blocks_sha256"):
        run(second, tmp_path / "results", share=(1, 2))


def test_an_error_of_the_writer_ends_the_run(plain: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(runs, "write_shard", failing)
    with pytest.raises(OSError, match="No space left"):
        run(plain, tmp_path)
    assert not (tmp_path / "complete.json").exists()
