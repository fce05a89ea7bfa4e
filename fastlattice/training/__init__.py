"""Training of networks: losses, metrics, and the building blocks of a loop.

`fastlattice train` runs the whole; a loop of one's own needs `training_step` only (examples/training_loop.py).
"""

from fastlattice.training.directional import directional_stiffness, mean_square, sphere_directions
from fastlattice.training.losses import (
    LOSSES,
    Loss,
    energy_penalty,
    loss_of,
    relative_frobenius,
    squared,
    whitened,
)
from fastlattice.training.metrics import equivariance_loss, metrics, summary
from fastlattice.training.rotations import random_rotations, rotated
from fastlattice.training.steps import Averaged, Step, accumulate_gradients, training_step

__all__ = [
    "LOSSES",
    "Averaged",
    "Loss",
    "Step",
    "accumulate_gradients",
    "directional_stiffness",
    "energy_penalty",
    "equivariance_loss",
    "loss_of",
    "mean_square",
    "metrics",
    "random_rotations",
    "relative_frobenius",
    "rotated",
    "sphere_directions",
    "squared",
    "summary",
    "training_step",
    "whitened",
]
