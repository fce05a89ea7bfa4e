"""From the start of a process to the result of one lattice, beyond what `import torch` takes of it.

Processes in turn: `import torch` alone, and `fastlattice screen` or `fastlattice fe` of a cell; p20, p50 and p80 are of
the differences, on the clock. `processor_seconds` is the median difference in processor time, of which other programs
take nothing.
"""

import resource
import subprocess
import sys
import time

import numpy as np
import pytest

from bench.support.timing import record
from fastlattice import LatticeBatch, unit_cell, write_catalogue

TESTS = ["screening/test_runs.py"]
ROUNDS = 10


def seconds(*arguments):
    """On the clock and of the processor, of a Python process."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
    passed, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return np.array([passed, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime])


@pytest.mark.parametrize("command", ["screen", "fe"])
def test_start(benchmark, tmp_path, command):
    cell = tmp_path / "cell.lat"
    write_catalogue(cell, LatticeBatch.from_lattices([unit_cell("octet", 0.02)]))
    found, folders = [], (str(tmp_path / str(k)) for k in range(ROUNDS + 2))

    def both():
        output = ["-o", next(folders)] if command == "screen" else []
        found.append([seconds("-c", "import torch"), seconds("-m", "fastlattice", command, str(cell), *output)])

    benchmark.pedantic(both, rounds=ROUNDS, warmup_rounds=1)
    alone, whole = np.swapaxes(found[1:], 0, 1)
    clock, processor = (whole - alone).T
    op = f"fastlattice {command}, one lattice, beyond import torch"
    record(benchmark, clock.tolist(), op, "native", "octet cell", processor_seconds=float(np.median(processor)))
