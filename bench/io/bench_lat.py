"""Reading and writing catalogues and Parquet on one core: megabytes of file and lattices a second."""

import pytest
import torch

from bench.support.timing import record
from fastlattice import iter_catalogue, rcsr_batch, read_catalogue, write_catalogue
from fastlattice.io.parquet import read_parquet
from tests.support.published import CATALOGUES

PUBLISHED = CATALOGUES / "two_radii_396.lat"


@pytest.fixture(scope="module", params=["published", "rcsr"])
def plain(request, tmp_path_factory):
    """A plain catalogue of some fifty megabytes: the authors' sample thirty times, or the RCSR nets in their digits."""
    path = tmp_path_factory.mktemp("catalogues") / f"{request.param}.lat"
    if request.param == "rcsr":
        write_catalogue(path, rcsr_batch(), digits=5)
        path.write_bytes(path.read_bytes() * 4)
    elif PUBLISHED.exists():
        path.write_bytes(PUBLISHED.read_bytes() * 30)
    else:
        pytest.skip("the published sample is not here")
    return path


@pytest.fixture
def timed(benchmark, request):
    """timed(path, rows, call): times a call that reads or writes all of `path`."""

    def run(path, rows, call):
        benchmark.pedantic(call, rounds=7, warmup_rounds=1)
        megabytes = path.stat().st_size / 1e6
        op = request.node.originalname.removeprefix("test_").replace("_", " ")
        variant = request.node.callspec.params
        op += f" {variant['direction']}" if "direction" in variant else ""
        digits = f", {variant['digits'] or 'all'} digits" if "digits" in variant else ""
        shapes = f"{path.suffix} of {megabytes:.0f} MB, {rows:,} lattices ({variant['plain']}{digits})"
        row = record(benchmark, benchmark.stats.stats.data, f"catalogue, {op}", "native", shapes, "", lattices=rows)
        row["megabytes_per_second"] = megabytes / row["p50"]

    return run


def same(left, right):
    arrays = ("cell", "positions", "struts", "shifts", "radii", "node_offsets", "strut_offsets")
    return all(torch.equal(getattr(left, name), getattr(right, name)) for name in arrays)


def test_read(timed, plain):
    rows = len(read_catalogue(plain))
    assert rows > 1000
    timed(plain, rows, lambda: read_catalogue(plain))


def test_stream(timed, plain):
    rows = len(read_catalogue(plain))
    assert sum(map(len, iter_catalogue(plain, 4096))) == rows
    timed(plain, rows, lambda: [len(batch) for batch in iter_catalogue(plain, 4096)])


def test_read_compressed(timed, plain, tmp_path):
    batch, path = read_catalogue(plain)[:12_000], tmp_path / "packed.lat.gz"
    write_catalogue(path, batch, digits=5)
    assert len(read_catalogue(path)) == len(batch)
    timed(path, len(batch), lambda: read_catalogue(path))


@pytest.mark.parametrize("digits", [None, 5])
def test_write(timed, plain, tmp_path, digits):
    batch, path = read_catalogue(plain)[:12_000], tmp_path / "written.lat"
    write_catalogue(path, batch, digits)
    back = read_catalogue(path)
    assert len(back) == len(batch)
    assert digits is not None or same(back, batch)
    timed(path, len(batch), lambda: write_catalogue(path, batch, digits))


def test_read_exact(timed, plain, tmp_path):
    batch, path = read_catalogue(plain)[:12_000], tmp_path / "exact.lat"
    write_catalogue(path, batch)
    assert same(read_catalogue(path), batch)
    timed(path, len(batch), lambda: read_catalogue(path))


@pytest.mark.parametrize("direction", ["to", "from"])
def test_parquet(timed, plain, tmp_path, direction):
    batch, path = read_catalogue(plain), tmp_path / "lattices.parquet"
    batch.to_parquet(path)
    assert same(read_parquet(path), batch)
    timed(path, len(batch), lambda: batch.to_parquet(path) if direction == "to" else read_parquet(path))
