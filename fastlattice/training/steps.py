"""The building blocks of a training loop: one step of the optimiser, and the averaged network."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel

from fastlattice.errors import TrainingError
from fastlattice.lattice import LatticeBatch
from fastlattice.models import StiffnessModel
from fastlattice.ops.backends.native import one_torch_thread
from fastlattice.training.losses import Loss


@dataclass(frozen=True)
class Step:
    """What a step of the optimiser saw.

    Attributes:
        losses: [B] float64, one for each lattice, before the step.
        gradient_norm: of all parameters together, before it was clipped.
    """

    losses: Tensor
    gradient_norm: float


def training_step(
    model: StiffnessModel,
    batch: LatticeBatch,
    loss: Loss,
    optimiser: torch.optim.Optimizer,
    *,
    parts: int = 1,
    clip_norm: float | None = None,
    clip_value: float | None = None,
    reduce: Callable[[Sequence[nn.Parameter]], None] | None = None,
) -> Step:
    """One step of the optimiser on the mean loss of a batch.

    Args:
        model: the network; its parameters get new gradients.
        batch: lattices with the column `target` [B, 6, 6], stiffness in units of E_s.
        loss: of `fastlattice.training.losses`, or any function of the same kind.
        optimiser: over parameters of the model.
        parts: the batch is worked on in so many parts, one after another, for memory's sake: the gradient is that of
            the whole up to rounding.
        clip_norm: the gradient of all parameters together is scaled down to this norm, after `clip_value`.
        clip_value: every entry of the gradient is brought into [-clip_value, clip_value].
        reduce: called with the parameters once their gradients are complete, before clipping: the place for an
            average over processes.

    Raises:
        TrainingError: the batch is empty or has no target, or a loss or the gradient is not finite; no parameter has
            changed.
    """
    optimiser.zero_grad(set_to_none=True)
    losses = accumulate_gradients(model, batch, loss, parts)
    parameters = [parameter for group in optimiser.param_groups for parameter in group["params"]]
    if reduce is not None:
        reduce(parameters)
    gradients = [parameter.grad for parameter in parameters if parameter.grad is not None]
    with one_torch_thread():
        norm = nn.utils.get_total_norm(gradients)
        refuse_not_finite(losses, float(norm), batch)
        if clip_value is not None:
            nn.utils.clip_grad_value_(parameters, clip_value)
        if clip_norm is not None:
            clipped = norm if clip_value is None else nn.utils.get_total_norm(gradients)
            nn.utils.clip_grads_with_norm_(parameters, clip_norm, clipped)
        optimiser.step()
    return Step(losses, float(norm))


def accumulate_gradients(model: StiffnessModel, batch: LatticeBatch, loss: Loss, parts: int = 1) -> Tensor:
    """Adds the gradient of the mean loss of a batch to the parameters' `grad`; returns the losses [B] float64.

    Args: as for `training_step`.

    Raises:
        TrainingError: the batch is empty or has no target.
    """
    if not len(batch):
        raise TrainingError("the batch holds no lattice")
    size = -(-len(batch) // parts)
    found = []
    for start in range(0, len(batch), size):
        part = batch if size == len(batch) else batch[start : start + size]
        stiffness = model.stiffness(part)
        losses = loss(stiffness, target_of(part).to(stiffness.device))
        (losses.sum() / len(batch)).backward()
        found.append(losses.detach())
    return torch.cat(found)


def target_of(batch: LatticeBatch) -> Tensor:
    """The column `target` [B, 6, 6].

    Raises:
        TrainingError: there is none.
    """
    target = batch.columns.get("target")
    if not isinstance(target, Tensor) or target.shape[1:] != (6, 6):
        raise TrainingError("the lattices have no column 'target' of stiffness [B, 6, 6] in units of E_s")
    return target


def refuse_not_finite(losses: Tensor, gradient_norm: float, batch: LatticeBatch) -> None:
    """Refuses what an optimiser must not see.

    Raises:
        TrainingError: a loss, or the norm of the gradient, is not a finite number; the message names the lattices.
    """
    bad = (~losses.isfinite()).nonzero()[:, 0].tolist()
    if bad:
        names = ", ".join(f"{row} {batch.names[row]!r}" for row in bad[:5])
        raise TrainingError(f"the loss is not finite for {len(bad)} of {len(batch)} lattices of a batch: {names}")
    if not math.isfinite(gradient_norm):
        raise TrainingError(f"the gradient is not finite (its norm is {gradient_norm}), while every loss is")


class Averaged(AveragedModel):
    """An exponential moving average of a network's parameters; `module` is the averaged network.

    After each step of the optimiser call `update_parameters(model)`. The decay begins small, at most (1 + n) / (10 + n)
    after n updates, so that the first parameters are soon forgotten.

    Args:
        model: the network; it is copied.
        decay: how much of the average each update keeps, in [0, 1).

    Raises:
        ValueError: the decay is outside.
    """

    module: Any

    def __init__(self, model: StiffnessModel, decay: float) -> None:
        if not 0 <= decay < 1:
            raise ValueError(f"decay is {decay}; it must be in [0, 1)")
        super().__init__(model)
        self.decay = decay

    @torch.no_grad()
    def update_parameters(self, model: nn.Module) -> None:
        """Takes the network's parameters, as they are now, into the average; the first time nothing else is in it."""
        count = int(self.n_averaged)
        share = 1 - min(self.decay, (1 + count) / (10 + count)) if count else 1.0
        with one_torch_thread():
            torch._foreach_lerp_(list(self.module.parameters()), list(model.parameters()), share)
            for own, present in zip(self.module.buffers(), model.buffers(), strict=True):
                own.copy_(present)
        self.n_averaged += 1
