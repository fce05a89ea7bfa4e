"""A network frozen for predictions one after another: what does not depend on the lattice is done once."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import torch

from fastlattice._observers import observed
from fastlattice.fe.status import Checks
from fastlattice.lattice import Lattice, LatticeBatch
from fastlattice.lattice.batch import as_batch
from fastlattice.models.predict import Prediction, in_range, predict

if TYPE_CHECKING:
    from fastlattice.models.base import StiffnessModel

Fast = Callable[[Any, LatticeBatch, Checks], "torch.Tensor | None"]
FEW = 16
"""Lattices up to which what is saved counts; more are predicted as ever."""
NODES = 2048
"""Their nodes, all together."""


def are_few(batch: LatticeBatch) -> bool:
    """Whether a batch is worth the short way, and nobody looks on."""
    return 0 < batch.cell.shape[0] <= FEW and batch.positions.shape[0] <= NODES and not observed(batch._geometry)


class Frozen:
    """Predictions of a network as it was when it was frozen: the bits of `fastlattice.predict`, sooner.

    The parameters of LatticeMACE on the CPU are held packed as its kernels read them, and compared with nothing; one
    native call leads from a few lattices to their stiffness. Other networks and larger batches are predicted as ever.

    Args:
        model: the network. A copy is kept: what becomes of it afterwards changes nothing here.

    Attributes:
        model: the copy, whose parameters need no gradients.
    """

    def __init__(self, model: StiffnessModel) -> None:
        self.model = copy.deepcopy(model).requires_grad_(False).eval()
        self._fast: Fast | None = self.model.packed()

    def __call__(self, lattices: LatticeBatch | Lattice | Iterable[Lattice]) -> Prediction:
        """What `fastlattice.predict` gives.

        Args:
            lattices: a batch, one lattice or a sequence of lattices.

        Raises:
            LatticeError: something in the sequence is not a Lattice.

        Warns:
            RangeWarning: lattices are outside what the network was trained on; the message says in what.
        """
        batch = as_batch(lattices)
        if self._fast and are_few(batch):
            checks = Checks.room(batch.cell.shape[0])
            if (found := self._fast(self.model, batch, checks)) is not None:
                return self._prediction(batch, found, checks)
        with torch.no_grad():
            return predict(self.model, batch)

    def __reduce__(self) -> tuple[Any, ...]:
        """Copies and other processes pack for themselves."""
        return Frozen, (self.model,)

    def _prediction(self, batch: LatticeBatch, stiffness: torch.Tensor, checks: Checks) -> Prediction:
        """Of lattices with which nothing is wrong."""
        status, rank, valid, culprit = checks
        inside = torch.frombuffer(bytearray(b"\1") * len(batch.cell), dtype=torch.bool)  # ones, by no kernel of torch's
        if self.model.card is not None:
            with torch.no_grad():
                inside = in_range(self.model, batch, inside)
        return Prediction(stiffness, status, rank, valid, culprit, batch.names, batch, inside)
