"""What all benchmarks share: where results go, what each row records, and the lattices to run on.

Each run saves one JSON file under bench/results/ (pytest-benchmark's own format and `pytest-benchmark compare`). Each
row's extra_info holds the instruction set, commit and threads, the p20, p50 and p80 of a call in seconds, and what
the benchmark derives from them; the terminal shows the same as one table.
"""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from fastlattice import LatticeBatch, read_catalogue, unit_cell, unit_cell_names
from fastlattice._native import instruction_set

ROOT = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT))  # benchmarks compare with the references of tests/
ROWS = pytest.StashKey[list]()


def pytest_configure(config):
    config.stash[ROWS] = []
    config.option.benchmark_storage = f"file://{ROOT / 'bench' / 'results'}"
    config.option.benchmark_autosave = not config.option.collectonly
    config.option.benchmark_quiet = True


def _commit():
    described = subprocess.run(
        ["git", "describe", "--always", "--dirty", "--abbrev=12"], cwd=ROOT, capture_output=True, text=True
    )
    return described.stdout.strip() or "unknown"


@pytest.fixture(scope="session")
def environment():
    return {"instruction_set": instruction_set(), "commit": _commit()}


@pytest.fixture(autouse=True)
def _record(request, environment):
    """Completes the extra_info of a benchmark and keeps its row for the table."""
    if "benchmark" not in request.fixturenames:
        yield
        return
    benchmark = request.getfixturevalue("benchmark")
    benchmark.extra_info.update({**environment, "threads": 1})
    yield
    if benchmark.stats is None:  # skipped or disabled
        return
    p20, p50, p80 = np.quantile(benchmark.stats.stats.data, [0.2, 0.5, 0.8]).tolist()
    benchmark.extra_info.update(p20=p20, p50=p50, p80=p80)
    if items := benchmark.extra_info.pop("items", None):
        benchmark.extra_info["per_second"] = items / p50
    request.config.stash[ROWS].append((request.node.name, benchmark.extra_info))


def pytest_terminal_summary(terminalreporter, config):
    rows = config.stash[ROWS]
    if not rows:
        return
    first = rows[0][1]
    terminalreporter.section(f"{first['instruction_set']}, commit {first['commit']}; seconds a call: p20, p50, p80")
    for name, info in rows:
        derived = {k: v for k, v in info.items() if k not in ("instruction_set", "commit", "p20", "p50", "p80")}
        text = ", ".join(f"{k} {v:.4g}" if isinstance(v, float) else f"{k} {v}" for k, v in derived.items())
        terminalreporter.write_line(f"{name:48} {info['p20']:10.3g} {info['p50']:10.3g} {info['p80']:10.3g}  {text}")


@pytest.fixture(scope="session")
def real_lattices():
    """The authors' catalogue of 1,188 lattices where it is, else as many perturbed built-in cells of similar size."""
    from tests.published import CATALOGUES

    path = CATALOGUES / "two_radii_396.lat"
    if path.exists():
        return read_catalogue(path)
    cells = [unit_cell(name) for name in unit_cell_names()]
    return LatticeBatch.from_lattices(cells[k % len(cells)].perturb(0.02, seed=k) for k in range(1188))


@pytest.fixture(autouse=True, scope="session")
def _one_torch_thread():
    """Torch's idle threads spin for a while after each operation, on the cores that are being timed."""
    torch.set_num_threads(1)
