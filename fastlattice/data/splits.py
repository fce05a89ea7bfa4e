"""Which nets are held out: a side, training, validation or test, for every net, by a hash of what the net is.

The side follows from the net's fingerprint alone: it is the same under every name, on every cell, in every geometry,
and stays what it is when other nets come. Nets of equal fingerprint, isomorphic or not, are on one side. The classes of
the built-in unit cells (octet, bcc, Kelvin's foam and the other common ones) are always on the training side.

Of the RCSR's nets with at most 40 nodes in the primitive cell, 200 classes are test and 100 validation.
"""

from __future__ import annotations

import hashlib
from functools import cache

import torch

from fastlattice.data.classes import Nets, class_of, nets_of_batch
from fastlattice.lattice.batch import LatticeBatch
from fastlattice.lattice.identity import nets_of
from fastlattice.lattice.strings import StringColumn
from fastlattice.topologies.cells import unit_cell, unit_cell_names

TRAINING, VALIDATION, TEST = SIDES = ("training", "validation", "test")

SEED = 0
_TEST, _HELD_OUT = 0.09, 0.1319
"""Hashes below the first are test, below the second validation; they lie between those of the 200th and the 201st class
of at most 40 nodes, and of the 300th and the 301st."""


def side_of_fingerprint(fingerprint: str) -> str:
    """The side of a connected net on its primitive cell, as `Net.fingerprint` or `rcsr_fingerprint` gives it."""
    if fingerprint in _always_training():
        return TRAINING
    place = place_of(fingerprint)
    return TEST if place < _TEST else VALIDATION if place < _HELD_OUT else TRAINING


def place_of(fingerprint: str, seed: int = SEED) -> float:
    """A number in [0, 1), uniform over nets: the seeded hash of a fingerprint."""
    return int.from_bytes(hashlib.sha256(f"{seed} {fingerprint}".encode()).digest()[:6], "big") / 2**48


def side_of(nets: Nets | None) -> str:
    """The side of a lattice that consists of these nets: test if one of them is, else validation if one of them is.

    A net whose nodes collide in the barycentric placement is on the training side, for its fingerprint depends on the
    cell; what is no net (None) is there too.
    """
    found = {side_of_fingerprint(net.fingerprint) for net, _ in nets or () if net.is_stable}
    return TEST if TEST in found else VALIDATION if VALIDATION in found else TRAINING


def sides(batch: LatticeBatch) -> StringColumn:
    """The side of each lattice of a batch, "training", "validation" or "test", whatever its geometry, cell and radii.

    Example:
        >>> mine = fastlattice.read_catalogue("mine.lat")
        >>> train = mine.take([side == "training" for side in sides(mine)])
    """
    return StringColumn.from_strings(map(side_of, nets_of_batch(batch)))


def identified(batch: LatticeBatch) -> LatticeBatch:
    """The lattices with the columns net, the identity class ("" for what is no net), and side."""
    nets = nets_of_batch(batch)
    return batch.with_columns(
        net=StringColumn.from_strings("" if found is None else class_of(found) for found in nets),
        side=StringColumn.from_strings(map(side_of, nets)),
    )


def held_out(batch: LatticeBatch) -> torch.Tensor:
    """[B] bool, true where a lattice's net is of the test or the validation side: not to be trained on."""
    return torch.tensor([side_of(nets) != TRAINING for nets in nets_of_batch(batch)], dtype=torch.bool)


@cache
def _always_training() -> frozenset[str]:
    cells = (nets_of(unit_cell(name)) for name in unit_cell_names())
    return frozenset(net.fingerprint for nets in cells for net, _ in nets)
