"""Screening of lattices from a Parquet file, results on disk, beside finite elements alone on the same lattices.

`of_bare` is as in bench_nets.py, and counts opening the file, which reads all of it for its hash, with the screening.
"""

import time

import numpy as np
import torch

from bench.screening.bench_nets import LATTICES, ROUNDS, THREADS, some, source
from bench.support.timing import median_seconds, record
from fastlattice import homogenise
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

    def bare():
        for batch in some():
            homogenise(batch, threads=THREADS)

    benchmark.pedantic(screening, rounds=ROUNDS, warmup_rounds=1)
    row = record(
        benchmark,
        benchmark.stats.stats.data,
        "screening a Parquet file",
        "native",
        f"{LATTICES:,} perturbed nets, {path.stat().st_size / 1e6:.0f} MB, results on disk",
        torch.float64,
        THREADS,
        lattices=LATTICES,
    )
    pairs = [[median_seconds(each, 1, time.process_time) for each in (screening, bare)] for _ in range(ROUNDS)]
    here, alone = np.median(pairs, axis=0)
    row["processor_microseconds_a_lattice"] = here / LATTICES * 1e6
    row["of_bare"] = float(alone * 8 / here)
