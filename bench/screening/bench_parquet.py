"""Screening of lattices from a Parquet file, results on disk, beside finite elements alone on the same lattices.

`of_bare` is as in bench_nets.py, and counts opening the file, which reads all of it for its hash, with the screening.
"""

from bench.screening.bench_nets import LATTICES, THREADS, source, timed
from fastlattice.io.parquet import ParquetWriter
from fastlattice.screening import job_of, open_engine, open_source, parsed, run

TESTS = ["screening/test_runs.py", "screening/test_sources.py"]


def test_screening(benchmark, tmp_path):
    path, folders = tmp_path / "lattices.parquet", (tmp_path / str(k) for k in range(1000))
    with ParquetWriter(path) as writer:
        for _, load in source().pieces(0, LATTICES, print):
            writer.write(load())

    def screening():
        run(job_of(open_source(path), open_engine("fe"), parsed()), next(folders), threads=THREADS)

    shapes = f"{LATTICES:,} perturbed nets, {path.stat().st_size / 1e6:.0f} MB, results on disk"
    timed(benchmark, screening, "screening a Parquet file", shapes)
