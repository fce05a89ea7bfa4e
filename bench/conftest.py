"""What all benchmarks share: tests that come first, the lattices, and what each row records.

A benchmark file is timed only after the tests of what it times have passed: bench_<stem>.py waits for
tests/<folder>/<stem>/ or tests/<folder>/test_<stem>*.py, or for those of its TESTS. Rows are pytest-benchmark's, one
JSON file a run under bench/results/; bench/support/timing.py says what a row holds. The terminal shows them as a table.
"""

import datetime
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import pytest
import torch

from fastlattice._native import instruction_set

ROOT = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT))  # benchmarks compare with the references of tests/
ROWS = pytest.StashKey[list]()


def pytest_addoption(parser):
    group = parser.getgroup("fastlattice")
    group.addoption("--ungated", action="store_true", help="time without running the tests first; rows say so")
    group.addoption("--peer-seconds", type=float, default=60, help="limit of a peer that may not finish")
    group.addoption("--peer-gigabytes", type=float, default=8, help="limit of a peer that may not finish")


def pytest_configure(config):
    config.stash[ROWS] = []
    config.option.benchmark_storage = f"file://{ROOT / 'bench' / 'results'}"
    config.option.benchmark_autosave = None if config.option.collectonly else commit()
    config.option.benchmark_quiet = True


def pytest_benchmark_update_machine_info(machine_info):
    machine_info.pop("node", None)  # the machine's name says nothing about it
    machine_info.update(torch=torch.__version__, cores=os.cpu_count(), when=datetime.date.today().isoformat())


@cache
def commit():
    described = subprocess.run(
        ["git", "describe", "--always", "--dirty", "--abbrev=12"], cwd=ROOT, capture_output=True, text=True
    )
    return described.stdout.strip() or "unknown"


def tests_of(module):
    """Patterns, below tests/, of what must pass before anything of a benchmark module is timed."""
    path = Path(module.__file__).relative_to(ROOT / "bench")
    folder, stem = path.parent, path.stem.removeprefix("bench_")
    whole = (ROOT / "tests" / folder / stem).is_dir()
    return getattr(module, "TESTS", [f"{folder}/{stem}/test_*.py" if whole else f"{folder}/test_{stem}*.py"])


@cache
def failure(pattern):
    """What the tests of a pattern say when they fail; empty where they pass."""
    files = sorted((ROOT / "tests").glob(pattern))
    if not files:
        return f"there are no tests {pattern}"
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *map(str, files)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode == 0 and " passed" in done.stdout.splitlines()[-1]:
        return ""
    what = "fail" if done.returncode else "were skipped, all of them"
    return f"the tests {pattern} {what}:\n{done.stdout[-4000:]}{done.stderr[-1000:]}"


@pytest.fixture(scope="session")
def gates(request):
    """What is wrong with each pattern; the tests of all of them run first, two at a time."""
    if request.config.option.ungated:
        return {}
    patterns = sorted({pattern for item in request.session.items for pattern in tests_of(item.module)})
    with ThreadPoolExecutor(2) as pool:
        return dict(zip(patterns, pool.map(failure, patterns), strict=True))


@pytest.fixture(autouse=True, scope="module")
def _gate(request, gates):
    """Nothing is timed that is not right."""
    reasons = [gates[pattern] for pattern in tests_of(request.module) if gates.get(pattern)]
    if reasons:
        pytest.fail("\n".join(reasons), pytrace=False)


@pytest.fixture(autouse=True)
def _record(request):
    """Completes the row of a benchmark and keeps it for the table."""
    if "benchmark" not in request.fixturenames:
        yield
        return
    benchmark = request.getfixturevalue("benchmark")
    benchmark.extra_info.update(instruction_set=instruction_set(), commit=commit())
    if request.config.option.ungated:
        benchmark.extra_info["ungated"] = True
    yield
    if benchmark.stats is not None:  # neither skipped nor disabled
        request.config.stash[ROWS].append((request.node.name, benchmark.extra_info))


def pytest_terminal_summary(terminalreporter, config):
    rows = config.stash[ROWS]
    if not rows:
        return
    first = rows[0][1]
    terminalreporter.section(f"{first['instruction_set']}, commit {first['commit']}; milliseconds: p20, p50, p80")
    hidden = ("instruction_set", "commit", "p20", "p50", "p80", "op", "backend", "profile")
    for name, info in rows:
        times = " ".join(f"{info[p] * 1e3:9.4g}" if p in info else 9 * " " for p in ("p20", "p50", "p80"))
        rest = {k: v for k, v in info.items() if k not in hidden}
        text = ", ".join(f"{k} {v:.4g}" if isinstance(v, float) else f"{k} {v}" for k, v in rest.items())
        terminalreporter.write_line(f"{info.get('op', name):36} {info.get('backend', ''):14} {times}  {text}")


@pytest.fixture(scope="session")
def lattices():
    """The 1,024 lattices of bench/support/lattices.py, their digest checked."""
    from bench.support.lattices import lattices

    return lattices()


@pytest.fixture
def threads(request):
    """Torch's number of threads for one benchmark."""
    torch.set_num_threads(request.param)
    yield request.param
    torch.set_num_threads(1)


@pytest.fixture(autouse=True, scope="session")
def _one_torch_thread():
    """Torch's idle threads spin for a while after each operation, on the cores that are being timed."""
    torch.set_num_threads(1)
