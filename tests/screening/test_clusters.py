"""On a cluster: the bytes of one process, whatever becomes of workers."""

import os
import pickle
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from fastlattice import LatticeBatch, unit_cell, unit_cell_names, write, write_catalogue
from fastlattice.cli import main
from fastlattice.screening import (
    Cluster,
    ClusterError,
    Job,
    cluster,
    clusters,
    job_of,
    open_engine,
    open_source,
    parsed,
    run,
)
from tests.screening.test_runs import content

ray: Any = pytest.importorskip("ray", reason="screening on a cluster needs the extra 'ray'")

SPEC = "nets:pcu,dia,srs?level=0.05&density=0.001..0.1&count=9000&seed=3&removal_share=0.2&removal=0.5"
ROWS = 1000


@pytest.fixture(scope="module")
def two() -> Iterator[Cluster]:
    """A cluster of two workers in this machine."""
    ray.init("local", num_cpus=2, include_dashboard=False, log_to_driver=False, logging_level="ERROR")
    with cluster("auto") as joined:
        yield joined
    assert ray.is_initialized()  # whose cluster it is leaves it
    ray.shutdown()


@pytest.fixture(scope="module")
def job() -> Job:
    options = parsed("density > 0.002", top=50, by="E_min", certify=5)
    return job_of(open_source(SPEC), open_engine("fe"), options, ROWS)


@pytest.fixture(scope="module")
def one(job: Job) -> Job:
    """A single shard, for a single worker."""
    return job_of(job.source, job.engine, job.options, job.source.count)


def workers() -> list[int]:
    """Processes of workers that compute a shard."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            title = path.read_bytes()
        except OSError:
            continue
        if title.startswith(b"ray::_Worker.compute"):
            found.append(int(path.parent.name))
    return found


class Killer:
    """Kills so many workers at their work, one after another."""

    def __init__(self, most: int) -> None:
        self.killed: list[int] = []
        self._most, self._over = most, threading.Event()
        self._thread = threading.Thread(target=self._kill)

    def _kill(self) -> None:
        while not self._over.wait(0.005) and len(self.killed) < self._most:
            for pid in set(workers()) - set(self.killed):
                os.kill(pid, signal.SIGKILL)
                self.killed.append(pid)
                break

    def __enter__(self) -> "Killer":
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._over.set()
        self._thread.join()


@pytest.mark.usefixtures("two")
def test_the_command_gives_the_bytes_of_one_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Relative paths, rejects and rows of three formats included."""
    monkeypatch.chdir(tmp_path)
    folder = Path("in")
    folder.mkdir()
    batch = LatticeBatch.from_lattices(unit_cell(name, 0.02) for name in unit_cell_names())
    write_catalogue(folder / "a.lat", batch)
    batch.to_parquet(folder / "b.parquet")
    (folder / "c.parquet").write_bytes(b"PAR1 no, not really PAR1")
    write(folder / "d.obj", batch[0], tessellate=1)
    command = ["screen", "in", "--shard-rows", "5", "--extremes", "--certify", "3", "--by", "E_min"]
    assert main([*command, "-o", "alone"]) == 1
    assert main([*command, "-o", "together", "--cluster", "auto"]) == 1
    assert capsys.readouterr().out.count("is complete") == 2
    assert content(Path("together")) == content(Path("alone"))


def test_killed_workers_change_nothing(two: Cluster, job: Job, tmp_path: Path) -> None:
    run(job, tmp_path / "alone")
    with Killer(1) as killer:
        assert run(job, tmp_path / "together", cluster=two).complete
    assert killer.killed
    assert content(tmp_path / "together") == content(tmp_path / "alone")


def test_workers_that_always_die_end_the_run(
    two: Cluster, one: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clusters, "ATTEMPTS", 1)
    with Killer(1), pytest.raises(ClusterError, match="a worker died over shard 0"):
        run(one, tmp_path, cluster=two)
    assert not (tmp_path / "complete.json").exists()


def test_a_worker_without_the_instruction_set_refuses(
    two: Cluster, one: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(two, "instruction_set", "neon")
    with pytest.raises(ClusterError, match="refuses: FASTLATTICE_ISA=neon is not available here"):
        run(one, tmp_path, cluster=two)


def test_a_cluster_too_small_is_refused(two: Cluster, job: Job, tmp_path: Path) -> None:
    with pytest.raises(ClusterError, match="no machine of the cluster has 3 processors"):
        run(job, tmp_path, threads=3, cluster=two)


def test_a_worker_that_would_compute_something_else_refuses(
    job: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    isa = job.identity["platform"]["instruction_set"]
    monkeypatch.setenv("FASTLATTICE_ISA", isa)
    monkeypatch.chdir(tmp_path)
    identity = {**job.identity, "platform": {**job.identity["platform"], "pyarrow": "1.0"}}
    worker, where = clusters._Worker(), (isa, str(tmp_path), str(tmp_path))
    worker.open(*where, job.identity, pickle.dumps(job), torch.get_num_threads())
    with pytest.raises(ClusterError, match=r"refuses: .* differs in platform\.pyarrow"):
        worker.open(*where, identity, pickle.dumps(job), 1)
    with pytest.raises(ClusterError, match="need the same files"):
        worker.open(isa, str(tmp_path / "elsewhere"), str(tmp_path), job.identity, pickle.dumps(job), 1)


def test_the_poorest_machine_decides_on_the_instruction_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clusters._native, "available_instruction_sets", lambda: ("avx512", "avx2", "baseline"))
    monkeypatch.setattr(clusters._native, "instruction_set", _Chosen("avx512"))
    monkeypatch.delenv("FASTLATTICE_ISA", raising=False)
    rich, poor = ("avx512", "avx2", "baseline"), ("avx2", "baseline")
    assert clusters._agreed({"a": rich, "b": rich}) == "avx512"
    with pytest.raises(ClusterError, match="b has no better instruction set than avx2: set FASTLATTICE_ISA=avx2"):
        clusters._agreed({"a": rich, "b": poor})


class _Chosen:
    """`_native.instruction_set`, after the library was loaded."""

    def __init__(self, name: str) -> None:
        self.name, self.currsize = name, 1

    def __call__(self) -> str:
        return self.name

    def cache_info(self) -> "_Chosen":
        return self
