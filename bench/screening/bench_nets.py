"""Screening of perturbed nets, results on disk, beside finite elements alone on the same lattices.

The nets are those of `nets:rcsr?level=0.05&density=0.001..0.1`, made as they are needed. `of_bare` is the processor
time that finite elements alone take for as many lattices over that of the screening with default columns, the two in
turn: what other programs take from the clock is in neither.
"""

import time
from functools import cache

import numpy as np
import torch

from bench.support.timing import median_seconds, record
from fastlattice import LatticeBatch, homogenise
from fastlattice.screening import job_of, open_engine, open_source, parsed, run

TESTS = ["screening/test_runs.py", "screening/test_properties.py"]
ROUNDS, THREADS = 5, 2
LATTICES = 131_072


@cache
def source():
    return open_source(f"nets:rcsr?level=0.05&density=0.001..0.1&count={LATTICES}&seed=1")


@cache
def some() -> list[LatticeBatch]:
    return [load() for _, load in source().pieces(0, LATTICES // 8, print)]


def timed(benchmark, screening, op, shapes):
    """A row: a screening of `LATTICES` beside finite elements alone on an eighth of them."""

    def bare():
        for batch in some():
            homogenise(batch, threads=THREADS)

    benchmark.pedantic(screening, rounds=ROUNDS, warmup_rounds=1)
    seconds = benchmark.stats.stats.data
    row = record(benchmark, seconds, op, "native", shapes, torch.float64, THREADS, lattices=LATTICES)
    pairs = [[median_seconds(each, 1, time.process_time) for each in (screening, bare)] for _ in range(ROUNDS)]
    here, alone = np.median(pairs, axis=0)
    row["processor_microseconds_a_lattice"] = here / LATTICES * 1e6
    row["of_bare"] = float(alone * 8 / here)


def test_screening(benchmark, tmp_path):
    job = job_of(source(), open_engine("fe"), parsed())
    folders = (tmp_path / str(k) for k in range(1000))
    shapes = f"{LATTICES:,} perturbed nets, results on disk"
    timed(benchmark, lambda: run(job, next(folders), threads=THREADS), "screening with default columns", shapes)
