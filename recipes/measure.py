"""What the recipes that compare predictors share."""

import time
from collections.abc import Callable

import torch

from fastlattice import LatticeBatch, bounds
from fastlattice.models import StiffnessModel


def timed(compute: Callable[[], torch.Tensor], times: int = 1) -> tuple[torch.Tensor, float]:
    """What is computed, and the least seconds of processor time that it took."""
    least = float("inf")
    for _ in range(times):
        begun = time.process_time()
        found = compute()
        least = min(least, time.process_time() - begun)
    return found, least


def bound(batch: LatticeBatch, order: int) -> torch.Tensor:
    """[B, 6, 6] the bound C_order."""
    return bounds(batch, order, threads=1).stiffness[:, order]


def predicted(network: StiffnessModel, batch: LatticeBatch) -> torch.Tensor:
    """[B, 6, 6] what a network says."""
    return network.predict(batch).double()
