"""What knows nothing, and what solves a little, beside networks: errors on the test sets. `python recipes/trivial.py`.

zero: no stiffness at all; median: one tensor times the density, the median over all lattices of the set; C_0 ... C_8:
`fastlattice.bounds`, whose C_0 (every node follows the strain) the network "base" starts from, and C_8 "hybrid". Times
are of one thread, processor time, so that busy neighbours count little.
"""

from collections.abc import Iterator
from functools import partial
from typing import cast

import torch
from measure import bound, predicted, timed

from fastlattice import LatticeBatch, homogenise
from fastlattice.data.sets import test_set
from fastlattice.models import StiffnessModel
from fastlattice.training.metrics import metrics

FIGURES = ("L_dir_rel (sqrt gamma)", "L_dir_rel (mean directional)", "eigenvalue 1")
ORDERS = (0, 1, 2, 3, 4, 8)
NETWORKS = ("base", "hybrid")
_TIMES = 3


def predictions(batch: LatticeBatch) -> Iterator[tuple[str, torch.Tensor, float]]:
    """Name, [B, 6, 6] stiffness and seconds of each row."""
    target, density = batch.columns["target"], batch.relative_density[:, None, None]
    assert isinstance(target, torch.Tensor)
    yield "zero", 0 * target, 0.0
    yield "median", (target / density).median(0).values * density, 0.0
    for order in ORDERS:
        yield f"C_{order}", *timed(partial(bound, batch, order), _TIMES)
    for name in NETWORKS:
        network = StiffnessModel.from_pretrained(name)
        yield name, *timed(partial(predicted, network, batch), _TIMES)
    yield "exact finite elements", *timed(lambda: homogenise(batch, threads=1).stiffness, _TIMES)


def main() -> None:
    """Prints the table."""
    torch.set_num_threads(1)
    print("| set | predictor | " + " | ".join(FIGURES) + " | µs a lattice |\n|---|---|" + "---|" * (1 + len(FIGURES)))
    for name in ("T1", "T3", "T4"):
        batch = test_set(name)
        for label, found, seconds in predictions(batch):
            values = metrics(found, cast(torch.Tensor, batch.columns["target"]))
            cells = [f"{values[figure].mean():.3f} ({values[figure].median():.3f})" for figure in FIGURES]
            cells.append(f"{1e6 * seconds / len(batch):.1f}" if seconds else "")
            print(f"| {name} | {label} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
