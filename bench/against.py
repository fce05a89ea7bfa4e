"""Compares this checkout with another revision: both built, both in one run, call after call in turn.

    python -m bench.against REV [--pairs 40] [--only one_lattice,training]

Each revision is exported, built and run in a process of its own, on one thread. A pair is one timing of either, in an
order that changes from pair to pair; what is compared is the ratio of the two within each pair, so that a clock that
moves during the run moves both. The interval is that of the median ratio, by bootstrap, at 95%. A ratio above one means
that this checkout is faster.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
CASES = ("inference", "training", "one_lattice", "homogenise", "reading")


def built(revision: str | None, folder: Path) -> Path:
    """A folder with the package of a revision, or of the working tree, as it would be installed."""
    if revision is None:
        source = ROOT
    else:
        source = folder / "source"
        source.mkdir(parents=True)
        archive = subprocess.run(["git", "archive", revision], cwd=ROOT, check=True, capture_output=True).stdout
        subprocess.run(["tar", "-x"], cwd=source, input=archive, check=True)
    target = folder / "package"
    environment = {**os.environ}
    if revision is not None:
        environment["FASTLATTICE_OBJECTS"] = str(folder / "objects")
    command = [sys.executable, "setup.py", "--quiet", "build", "--build-lib", str(target)]
    if revision is not None:
        command += ["--build-temp", str(folder / "temporary")]
    subprocess.run(command, cwd=source, check=True, env=environment)
    return target


class Worker:
    """A process that times cases of one build when asked."""

    def __init__(self, package: Path) -> None:
        environment = {**os.environ, "PYTHONPATH": str(package), "OMP_NUM_THREADS": "1"}
        command = [sys.executable, "-P", str(Path(__file__)), "--worker"]
        self.process = subprocess.Popen(
            command, cwd=package, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self, case: str) -> float:
        """Seconds that one call of a case takes."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(case + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise SystemExit(f"the process that times {case} ended")
        return float(json.loads(answer))


def work() -> None:
    """Answers on standard output how long the cases named on standard input take."""
    calls = _cases()
    for line in sys.stdin:
        call, repeats = calls[line.strip()]
        started = time.perf_counter()
        for _ in range(repeats):
            call()
        print(json.dumps((time.perf_counter() - started) / repeats), flush=True)


def _cases():  # type: ignore[no-untyped-def]
    """What is timed, and how often a time: only what every revision has, under the names that users have."""
    import torch

    import fastlattice

    torch.set_num_threads(1)
    torch.manual_seed(0)
    irreps = "32x0e+32x1o+32x2e+32x3o+32x4e"
    model = fastlattice.LatticeMACE(
        {"hidden_irreps": irreps, "readout_irreps": "16x0e+16x1o+16x2e+16x3o+16x4e", "max_edge_radius": 0.1}
    )
    optimiser = torch.optim.AdamW(model.parameters(), lr=1e-3)
    names = ("srs", "dia", "nbo", "sod", "qtz", "fcu", "lta", "mep", "tbo", "rht")
    nets = [fastlattice.rcsr_net(name, 0.01) for name in names]
    batch = fastlattice.LatticeBatch.from_lattices(nets * 6)
    one = fastlattice.LatticeBatch.from_lattices(nets[:1])
    catalogue = Path(tempfile.mkdtemp()) / "nets.lat"
    fastlattice.write_catalogue(catalogue, batch)

    def training() -> None:
        optimiser.zero_grad()
        (1e3 * model(batch)["stiffness"]).square().mean().backward()
        optimiser.step()

    def no_gradients(call):  # type: ignore[no-untyped-def]
        def run() -> None:
            with torch.no_grad():
                call()

        return run

    calls = {
        "inference": (no_gradients(lambda: model.predict(batch)), 3),
        "training": (training, 2),
        "one_lattice": (no_gradients(lambda: model.predict(one)), 50),
        "homogenise": (lambda: fastlattice.homogenise(batch), 100),
        "reading": (lambda: fastlattice.read_catalogue(catalogue), 50),
    }
    for call, _ in calls.values():
        call()
    return calls


def compared(case: str, here: Worker, there: Worker, pairs: int) -> tuple[float, float, float]:
    """Median ratio of the times there and here, and the interval that holds it at 95%."""
    ratios = []
    for pair in range(pairs):
        order = (here, there) if pair % 2 else (there, here)
        times = {worker: worker.ask(case) for worker in order}
        ratios.append(times[there] / times[here])
    draws = np.random.default_rng(0).choice(ratios, (2000, pairs))
    low, high = np.quantile(np.median(draws, axis=1), [0.025, 0.975])
    return float(np.median(ratios)), float(low), float(high)


def main() -> int:
    """Command line."""
    if sys.argv[1:] == ["--worker"]:
        work()
        return 0
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("revision", help="of git, to compare with")
    parser.add_argument("--pairs", type=int, default=40, help="timings of either (default 40)")
    parser.add_argument("--only", default=",".join(CASES), help=f"of {', '.join(CASES)}")
    given = parser.parse_args()
    unknown = [case for case in given.only.split(",") if case not in CASES]
    if unknown:
        parser.error(f"there is no case {unknown[0]!r}; choose from {', '.join(CASES)}")
    folder = Path(tempfile.mkdtemp(prefix="against-"))
    try:
        there, here = Worker(built(given.revision, folder / "there")), Worker(built(None, folder / "here"))
        print(f"against {given.revision}, {given.pairs} pairs: times there / times here, 95% interval of the median")
        for case in given.only.split(","):
            ratio, low, high = compared(case, here, there, given.pairs)
            print(f"{case:12} {ratio:6.3f}   {low:.3f} to {high:.3f}", flush=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
