"""Training of networks: `train` and `evaluate`, and what they are made of for loops of one's own.

Such a loop needs a loss and `training_step` only (examples/training_loop.py).

Stands on lattice, elasticity, fe, io, ops, models, data.
"""

from fastlattice.training.config import TrainingConfig
from fastlattice.training.directional import directional_stiffness, mean_square, sphere_directions
from fastlattice.training.evaluation import Evaluation, evaluate
from fastlattice.training.loop import Outcome, train
from fastlattice.training.losses import (
    LOSSES,
    Loss,
    energy_penalty,
    log_frobenius,
    loss_of,
    relative_frobenius,
    smooth_l1,
    squared,
    whitened,
)
from fastlattice.training.metrics import equivariance_loss, metrics, summary
from fastlattice.training.rotations import random_rotations, rotated
from fastlattice.training.steps import Averaged, Step, accumulate_gradients, training_step

__all__ = [
    "LOSSES",
    "Averaged",
    "Evaluation",
    "Loss",
    "Outcome",
    "Step",
    "TrainingConfig",
    "accumulate_gradients",
    "directional_stiffness",
    "energy_penalty",
    "equivariance_loss",
    "evaluate",
    "log_frobenius",
    "loss_of",
    "mean_square",
    "metrics",
    "random_rotations",
    "relative_frobenius",
    "rotated",
    "smooth_l1",
    "sphere_directions",
    "squared",
    "summary",
    "train",
    "training_step",
    "whitened",
]
