"""Conductivity beside the exact stiffness, in one run: lattices of many nets and realisations of few."""

import time

import numpy as np
import pytest
import torch

from bench.fe.bench_frame import realisations
from bench.support.lattices import NETS
from bench.support.timing import record
from fastlattice import LatticeBatch, conductivity, homogenise, unit_cell


def beside_homogenise(benchmark, batch, threads, rounds, op):
    """A row; call after call in turn, so that whatever else the machine does weighs on both alike.

    `of_homogenise` is the median of the ratios of their processor times, all threads together.
    """

    def seconds(call):
        start = time.process_time()
        assert call(batch, threads=threads).ok.all()
        return time.process_time() - start

    benchmark.pedantic(lambda: conductivity(batch, threads=threads), rounds=rounds, warmup_rounds=3)
    shapes = f"{len(batch):,} lattices: {len(batch.positions):,} nodes, {len(batch.struts):,} struts"
    times = benchmark.stats.stats.data
    row = record(benchmark, times, op, "native", shapes, torch.float64, threads, lattices=len(batch))
    pairs = np.array([[seconds(homogenise), seconds(conductivity)] for _ in range(rounds)])
    row["processor_microseconds_a_lattice"] = float(np.median(pairs[:, 1])) / len(batch) * 1e6
    row["of_homogenise"] = float(np.median(pairs[:, 0] / pairs[:, 1]))


@pytest.mark.parametrize("threads", [1, 2])
def test_lattices(benchmark, lattices, threads):
    """The lattices that everything is timed on: four of each net."""
    beside_homogenise(benchmark, lattices, threads, 40, "conductivity")


@pytest.mark.parametrize("threads", [1, 2])
def test_lattices_of_as_many_nets(benchmark, lattices, threads):
    """One of each net, so that nothing is shared."""
    nets = len(NETS.read_text().split())
    beside_homogenise(benchmark, lattices[:nets], threads, 100, "conductivity, one lattice a net")


@pytest.mark.parametrize("threads", [1, 2])
def test_realisations(benchmark, threads):
    beside_homogenise(benchmark, realisations(), threads, 20, "conductivity, 64 realisations a net")


def test_a_large_cell(benchmark):
    batch = LatticeBatch.from_lattices([unit_cell("diamond").supercell(6)])
    beside_homogenise(benchmark, batch, 1, 5, "conductivity, diamond 6x6x6")
