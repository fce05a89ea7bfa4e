"""Labelled lattices a second, beside finite elements alone on the same lattices.

Bases are the 256 nets of bench/support/lattices.py, whose sizes are those of a published sample (20 nodes and 45 struts
on average); the recipe is the default one. A row's `of_bare` is the processor time that
finite elements alone take for as many lattices over the row's own, the two timed in turn: what other programs take from
the clock is in neither.
"""

import time
from functools import cache

import numpy as np
import pytest
import torch

from bench.support.lattices import NETS
from bench.support.timing import median_seconds, record
from fastlattice import LatticeBatch, homogenise, rcsr_net
from fastlattice.data import Stream
from fastlattice.data.batches import WINDOW

TESTS = ["data/test_stream.py", "data/test_batches.py"]
ROUNDS = 15


@cache
def stream():
    return Stream(LatticeBatch.from_lattices(rcsr_net(name) for name in NETS.read_text().split()), seed=7)


@cache
def samples():
    return stream().unlabelled(0, WINDOW)


def timed(benchmark, call, op, threads, windows=1):
    """A row, and how its time compares with that of finite elements alone, which other programs slow alike."""
    benchmark.pedantic(call, rounds=ROUNDS, warmup_rounds=2)
    batch = samples()
    shapes = f"{len(batch):,} lattices: {len(batch.positions):,} nodes, {len(batch.struts):,} struts"
    lattices = len(batch) * windows
    row = record(benchmark, benchmark.stats.stats.data, op, "native", shapes, torch.float64, threads, lattices=lattices)
    pairs = [
        [median_seconds(each, 1, time.process_time) for each in (call, lambda: homogenise(batch, threads=threads))]
        for _ in range(ROUNDS)
    ]
    here, bare = np.median(pairs, axis=0)
    row["processor_microseconds_a_lattice"] = here / lattices * 1e6
    row["of_bare"] = float(bare / here * windows)


@pytest.mark.parametrize("threads", [1, 2])
def test_bare(benchmark, threads):
    """Finite elements alone: what the others are compared with."""
    timed(benchmark, lambda: homogenise(samples(), threads=threads), "exact stiffness alone", threads)


@pytest.mark.parametrize("threads", [1, 2])
def test_sampling(benchmark, threads):
    """Samples without labels."""
    timed(benchmark, lambda: stream().unlabelled(0, WINDOW, threads), "samples without labels", threads)


@pytest.mark.parametrize("threads", [1, 2])
def test_labelled(benchmark, threads):
    """One window, labelled, those without a stiffness left out."""
    timed(benchmark, lambda: stream().draw(0, WINDOW, threads), "labelled samples", threads)


@pytest.mark.parametrize("threads", [1, 2])
def test_batches(benchmark, threads):
    """Batches of 64 of eight windows, drawn ahead in the background."""

    def call():
        for _ in stream().batches(64, 0, 8 * WINDOW, threads=threads):
            pass

    timed(benchmark, call, "batches of 64 labelled samples", threads, windows=8)
