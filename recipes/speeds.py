"""How much faster a network of this package is than another: `python recipes/speeds.py small --beside base`.

Predictions (`model.predict`) for 4,096 lattices, T1 again and again, and fresh samples of nets of the RCSR, in one
thread and in two. The networks take turns; a ratio is the median over the rounds, of processor time in one thread and
of the clock in two.
"""

import argparse
import statistics
import time

import torch

from fastlattice import LatticeBatch
from fastlattice.data.bases import bases
from fastlattice.data.recipe import Recipe
from fastlattice.data.sets import test_set
from fastlattice.data.stream import Stream
from fastlattice.models import StiffnessModel
from fastlattice.models.pretrained import network_of

SAMPLES = 4096


def batches() -> dict[str, LatticeBatch]:
    """What is predicted, by name."""
    t1, stream = test_set("T1"), Stream(bases(kinds=["rcsr"]), Recipe(), 1)
    return {"T1": t1[torch.arange(SAMPLES) % len(t1)], "samples of the RCSR": stream.unlabelled(0, SAMPLES)}


def seconds(model: StiffnessModel, batch: LatticeBatch, threads: int) -> float:
    """Of one prediction."""
    clock = time.process_time if threads == 1 else time.perf_counter
    begun = clock()
    model.predict(batch)
    return clock() - begun


def main() -> None:
    """Prints microseconds a lattice and ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", help="of a network that comes with the package, or its file")
    parser.add_argument("--beside", default="base", help="the one that it is compared with")
    parser.add_argument("--rounds", type=int, default=11)
    arguments = parser.parse_args()
    both = [network_of(name) for name in (arguments.beside, arguments.name)]
    for what, batch in batches().items():
        for threads in (1, 2):
            torch.set_num_threads(threads)
            for model in both:
                model.predict(batch)
            rounds = [[seconds(model, batch, threads) for model in both] for _ in range(arguments.rounds)]
            slow, fast = (1e6 * statistics.median(times) / len(batch) for times in zip(*rounds, strict=True))
            ratio = statistics.median(before / after for before, after in rounds)
            print(f"{what}, threads {threads}: {slow:.0f} and {fast:.0f} us a lattice, {ratio:.2f} times faster")


if __name__ == "__main__":
    main()
