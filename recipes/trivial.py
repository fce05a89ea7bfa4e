"""What knows nothing, and what solves a little, beside networks: errors on the test sets. `python recipes/trivial.py`.

zero: no stiffness at all; median: one tensor times the density, the median over all lattices of the set; C_0 ... C_4:
`fastlattice.bounds`, whose C_0 (every node follows the strain) the network "base" starts from. Times are of one thread,
processor time, so that busy neighbours count little.
"""

import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import cast

import torch

from fastlattice import LatticeBatch, bounds, homogenise
from fastlattice.data.sets import test_set
from fastlattice.models import StiffnessModel
from fastlattice.training.metrics import metrics

FIGURES = ("L_dir_rel (sqrt gamma)", "L_dir_rel (mean directional)", "eigenvalue 1")
ORDERS = range(5)
_TIMES = 3


def timed(compute: Callable[[], torch.Tensor]) -> tuple[torch.Tensor, float]:
    """What is computed, and the least seconds that it took."""
    least = float("inf")
    for _ in range(_TIMES):
        begun = time.process_time()
        found = compute()
        least = min(least, time.process_time() - begun)
    return found, least


def _bound(batch: LatticeBatch, order: int) -> torch.Tensor:
    return bounds(batch, order, threads=1).stiffness[:, order]


def predictions(batch: LatticeBatch, base: StiffnessModel) -> Iterator[tuple[str, torch.Tensor, float]]:
    """Name, [B, 6, 6] stiffness and seconds of each row."""
    target, density = batch.columns["target"], batch.relative_density[:, None, None]
    assert isinstance(target, torch.Tensor)
    yield "zero", 0 * target, 0.0
    yield "median", (target / density).median(0).values * density, 0.0
    for order in ORDERS:
        yield f"C_{order}", *timed(partial(_bound, batch, order))
    yield "base", *timed(lambda: base.predict(batch).double())
    yield "exact finite elements", *timed(lambda: homogenise(batch, threads=1).stiffness)


def main() -> None:
    """Prints the table."""
    torch.set_num_threads(1)
    base = StiffnessModel.from_pretrained("base")
    print("| set | predictor | " + " | ".join(FIGURES) + " | µs a lattice |\n|---|---|" + "---|" * (1 + len(FIGURES)))
    for name in ("T1", "T3", "T4"):
        batch = test_set(name)
        for label, found, seconds in predictions(batch, base):
            values = metrics(found, cast(torch.Tensor, batch.columns["target"]))
            cells = [f"{values[figure].mean():.3f} ({values[figure].median():.3f})" for figure in FIGURES]
            cells.append(f"{1e6 * seconds / len(batch):.1f}" if seconds else "")
            print(f"| {name} | {label} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
