"""Writes fastlattice/data/random_nets.npz: random nets that are held out, so that their set does not depend on scipy.

They are the first random nets of a seed that are on the test and on the validation side, each net once.
"""

from __future__ import annotations

from itertools import count
from pathlib import Path

from codegen.nets import npz_bytes
from fastlattice.data.bases import random_bases
from fastlattice.data.splits import TEST, VALIDATION
from fastlattice.data.stored import to_arrays
from fastlattice.lattice.batch import LatticeBatch

TABLE = Path(__file__).resolve().parents[1] / "fastlattice" / "data" / "random_nets.npz"
SEED = 2024
NUMBERS = {TEST: 100, VALIDATION: 50}


def files() -> dict[Path, bytes]:
    """The table."""
    found: dict[str, list[LatticeBatch]] = {side: [] for side in NUMBERS}
    seen = set[str]()
    for number in count():
        batch = random_bases(1, SEED, side=None, first=number)
        side, net = str(batch.columns["side"][0]), str(batch.columns["net"][0])
        if len(found.get(side, ())) < NUMBERS.get(side, 0) and net not in seen:
            found[side].append(batch)
            seen.add(net)
        if all(len(found[side]) == wanted for side, wanted in NUMBERS.items()):
            return {TABLE: npz_bytes(to_arrays(LatticeBatch.concatenate([*found[TEST], *found[VALIDATION]])))}
    raise AssertionError
