"""Where a training step's time goes: 64 lattices, the network of bench/support/network.py, AdamW, average of weights.

    python -m bench.training_step [THREADS]

Shares are of the processor time of the thread that trains, so that busy neighbours do not change them; rates are by the
clock. The whole loop makes its samples in the background and keeps its records.
"""

import sys
import tempfile
import time
from collections import defaultdict
from contextlib import contextmanager
from pathlib import Path

import torch

from bench.support.lattices import lattices
from bench.support.network import CONFIG
from fastlattice import _native, homogenise
from fastlattice.training import Averaged, relative_frobenius, training_step
from fastlattice.training.building import network_of, optimiser_of
from fastlattice.training.config import TrainingConfig
from fastlattice.training.loop import Training, train
from fastlattice.training.samples import Ahead, samples_of

BATCH, STEPS, WARM_UP = 64, 40, 5


class Clock:
    """Processor time of this thread by part; a part's time is not its caller's."""

    def __init__(self):
        self.seconds, self._within = defaultdict(float), [0.0]

    @contextmanager
    def part(self, name):
        begun = time.thread_time()
        self._within.append(0.0)
        try:
            yield
        finally:
            spent, inner = time.thread_time() - begun, self._within.pop()
            self.seconds[name] += spent - inner
            self._within[-1] += spent

    def timed(self, name, function):
        def run(*arguments, **options):
            with self.part(name):
                return function(*arguments, **options)

        return run


@contextmanager
def native_calls_timed(clock):
    """Every function of the native library is a part of its own."""
    original, known = _native._function, {}

    def function(name):
        if name not in known:
            found = original(name)
            proxy = known[name] = type("Timed", (), {})()
            proxy.kinds, proxy.run = found.kinds, clock.timed("native library", found.run)
        return known[name]

    _native._function = function
    try:
        yield
    finally:
        _native._function = original


def configuration(folder):
    """The run whose steps are timed."""
    batch = lattices()
    result = homogenise(batch)
    path = Path(folder) / "labelled.parquet"
    batch.with_columns(target=result.stiffness).take(result.ok).replace().to_parquet(path)
    sections = {
        "model": {"settings": CONFIG},
        "data": {"files": [str(path)], "batch": BATCH, "rotate": True},
        "schedule": {"steps": STEPS},
        "validation": {"data": []},
        "run": {"tensorboard": False},
    }
    return TrainingConfig.from_mapping(sections)


def bare_steps(config, batches, clock):
    """Steps without a loop: seconds of each by the clock, parts by processor time."""
    model = network_of(config, torch.device("cpu"), samples_of(config.data))
    optimiser = optimiser_of(model, config.optimiser)
    averaged = Averaged(model, config.optimiser.averaging)
    optimiser.step = clock.timed("optimiser", optimiser.step)
    loss, seconds = clock.timed("loss", relative_frobenius), []
    for number in range(WARM_UP + STEPS):
        if number == WARM_UP:
            clock.seconds.clear()
        begun = time.perf_counter()
        with clock.part("Python, autograd and torch between them"):
            training_step(model, batches[number % len(batches)], loss, optimiser, clip_norm=1.0)
        with clock.part("average"):
            averaged.update_parameters(model)
        seconds.append(time.perf_counter() - begun)
    return seconds[WARM_UP:]


def loop_steps(config, folder):
    """Mean processor time of a step of the loop, in its own thread and in that which makes the samples."""
    marks, made = [], []
    step, work = Training._step, Ahead._work

    def marked(self, batch):
        marks.append(time.thread_time())
        return step(self, batch)

    def timed(self, number):
        begun = time.thread_time()
        batch = work(self, number)
        made.append(time.thread_time() - begun)
        return batch

    Training._step, Ahead._work = marked, timed
    try:
        train(config, folder, progress=False)
    finally:
        Training._step, Ahead._work = step, work
    return (marks[-1] - marks[WARM_UP]) / (len(marks) - 1 - WARM_UP), sum(made[WARM_UP:]) / len(made[WARM_UP:])


def main():
    """Prints the table."""
    torch.set_num_threads(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
    with tempfile.TemporaryDirectory() as folder:
        config = configuration(folder)
        samples = samples_of(config.data)
        batches = [samples[start : start + BATCH] for start in range(0, 8 * BATCH, BATCH)]
        clock = Clock()
        with native_calls_timed(clock):
            seconds = bare_steps(config, batches, clock)
        spent_in_loop, spent_on_samples = loop_steps(config, Path(folder) / "run")
    total = sum(clock.seconds.values())
    print(f"{torch.get_num_threads()} threads, {BATCH} lattices: {1e3 * total / STEPS:.1f} ms of processor time a step")
    for name, spent in sorted(clock.seconds.items(), key=lambda item: -item[1]):
        print(f"  {name:42s} {spent / total:6.1%}  {1e3 * spent / STEPS:7.2f} ms")
    bare, samples_ms = sorted(seconds)[len(seconds) // 2], 1e3 * spent_on_samples
    print(f"the whole loop: {1e3 * spent_in_loop:.1f} ms, and {samples_ms:.2f} ms in the background for the samples")
    print(f"{BATCH / bare:.0f} lattices/s in bare steps, by the clock (median)")


if __name__ == "__main__":
    main()
