"""Reading and writing catalogues and Parquet on one core: megabytes of file and lattices a second.

    pytest bench/bench_catalogue.py -s

Each operation is timed five times after one run that checks its result; the row gives the median and the best. The
published sample is read where it lies beside the repository; the RCSR nets are always there.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch

from fastlattice import LatticeBatch, iter_catalogue, rcsr_batch, read_catalogue, write_catalogue
from fastlattice.parquet import read_parquet

REPEATS = 5
PUBLISHED = Path(__file__).resolve().parents[2] / "shared" / "data" / "grega" / "two_radii_396.lat"


@pytest.fixture(autouse=True)
def one_core() -> Iterator[None]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="module", params=["published", "rcsr"])
def plain(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plain catalogue of some fifty megabytes in the authors' digits."""
    path = tmp_path_factory.mktemp("catalogues") / f"{request.param}.lat"
    if request.param == "rcsr":
        write_catalogue(path, rcsr_batch(), digits=5)
        path.write_bytes(path.read_bytes() * max(1, 50_000_000 // path.stat().st_size))
    elif PUBLISHED.exists():
        path.write_bytes(PUBLISHED.read_bytes() * 30)
    else:
        pytest.skip("the published sample is not here")
    return path


def report(what: str, path: Path, rows: int, action: Callable[[], object]) -> None:
    """Times `action`, which reads or writes `path`, and prints its row."""
    seconds = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        action()
        seconds.append(time.perf_counter() - start)
    size, median = path.stat().st_size / 1e6, statistics.median(seconds)
    print(
        f"\n{what:32s} {path.name:16s} {size:6.1f} MB {rows:7d} lattices: median {size / median:6.1f} MB/s, "
        f"best {size / min(seconds):6.1f} MB/s, {rows / median:8.0f} lattices/s",
        end="",
    )


def same(left: LatticeBatch, right: LatticeBatch) -> bool:
    arrays = ("cell", "positions", "struts", "shifts", "radii", "node_offsets", "strut_offsets")
    return all(torch.equal(getattr(left, name), getattr(right, name)) for name in arrays)


def test_read(plain: Path) -> None:
    batch = read_catalogue(plain)
    assert len(batch) > 1000
    report("read_catalogue", plain, len(batch), lambda: read_catalogue(plain))


def test_stream(plain: Path) -> None:
    rows = len(read_catalogue(plain))
    assert sum(map(len, iter_catalogue(plain, 4096))) == rows
    report("iter_catalogue, 4096 a batch", plain, rows, lambda: [len(batch) for batch in iter_catalogue(plain, 4096)])


def test_read_gzip(plain: Path, tmp_path: Path) -> None:
    batch = read_catalogue(plain)[:12_000]
    packed = tmp_path / f"{plain.name}.gz"
    write_catalogue(packed, batch, digits=5)
    assert len(read_catalogue(packed)) == len(batch)
    report("read_catalogue, compressed", packed, len(batch), lambda: read_catalogue(packed))


@pytest.mark.parametrize("digits", [None, 5])
def test_write(plain: Path, tmp_path: Path, digits: int | None) -> None:
    batch, path = read_catalogue(plain)[:12_000], tmp_path / plain.name
    write_catalogue(path, batch, digits)
    back = read_catalogue(path)
    assert len(back) == len(batch)
    assert digits is not None or same(back, batch)
    report(f"write_catalogue, digits={digits}", path, len(batch), lambda: write_catalogue(path, batch, digits))
    report("  read_catalogue of that", path, len(batch), lambda: read_catalogue(path))


def test_parquet(plain: Path, tmp_path: Path) -> None:
    batch, path = read_catalogue(plain), tmp_path / f"{plain.stem}.parquet"
    batch.to_parquet(path)
    assert same(read_parquet(path), batch)
    report("to_parquet", path, len(batch), lambda: batch.to_parquet(path))
    report("from_parquet", path, len(batch), lambda: read_parquet(path))
