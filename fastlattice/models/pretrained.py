"""Predictions by the networks that come with the package, or by one's own."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from fastlattice.lattice import Lattice, LatticeBatch
from fastlattice.models.base import StiffnessModel
from fastlattice.models.predict import Prediction
from fastlattice.models.predict import predict as predicted_by
from fastlattice.models.weights import pretrained_names, weights_of


@cache
def _kept(name: str) -> StiffnessModel:
    return StiffnessModel.load(weights_of(name)).requires_grad_(False)


def predict(
    lattices: LatticeBatch | Lattice | Iterable[Lattice],
    model: str | Path | StiffnessModel = "base",
    chunk: int | None = None,
    progress: bool = False,
) -> Prediction:
    """Stiffness that a network predicts, with what became of each lattice; one bad lattice does not disturb the others.

    On small cells and a CPU `homogenise` is both exact and faster; docs/accuracy.md says how far a network is off.

    Args:
        lattices: a batch, one lattice or a sequence of lattices.
        model: the name of a network that comes with the package, the path of one's own, or a network.
        chunk: lattices in a chunk; None: what suits the device and its threads.
        progress: show a progress bar.

    Returns:
        Prediction: `.stiffness` [B, 6, 6] float64 Mandel matrices in units of the solid's Young's modulus, status,
        and `in_range`, whether each lattice is of the kind that the network was trained on.

    Raises:
        CheckpointError: there is no such network.
        LatticeError: something in the sequence is not a Lattice.

    Warns:
        RangeWarning: lattices are outside what the network was trained on; the message says in what.

    Example:
        >>> fastlattice.predict(fastlattice.unit_cell("octet", 0.02)).stiffness
    """
    return predicted_by(network_of(model), lattices, chunk, progress)


def network_of(model: str | Path | StiffnessModel) -> StiffnessModel:
    """The network that users name: one that comes with the package, the path of their own, or a network.

    Raises:
        CheckpointError: there is no such network.
    """
    if isinstance(model, StiffnessModel):
        return model
    if isinstance(model, str) and model in pretrained_names():
        return _kept(model)
    path = Path(model)
    return StiffnessModel.load(path if path.is_file() else weights_of(str(model)))
