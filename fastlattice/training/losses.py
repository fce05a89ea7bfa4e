"""Losses: one number for each lattice, and the same number whatever the unit of its stiffness.

A `Loss` takes the stiffness and the target, both [B, 6, 6] Mandel and in the same unit, and returns [B] float64,
differentiable in the stiffness. Stiffness spans many orders of magnitude over densities and topologies, so every loss
here divides by the target's size.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from fastlattice.training.directional import directional_stiffness, mean_square, sphere_directions

Loss = Callable[[Tensor, Tensor], Tensor]
"""Takes stiffness [B, 6, 6] and target [B, 6, 6] and returns [B] float64."""

WHITENING_FLOOR = 1e-3
"""What `whitened` adds to the target's eigenvalues, relative to their mean."""


def squared(stiffness: Tensor, target: Tensor) -> Tensor:
    """[B] 100 · mean((C − T)²) / γ, with γ = mean(T²) over the 36 entries.

    The training loss of the released code of Grega et al. (2024); their equation 16 has 36 in the place of 100.
    """
    stiffness, target = stiffness.double(), target.double()
    return 100 * mean_square(stiffness - target) / mean_square(target)


def relative_frobenius(stiffness: Tensor, target: Tensor) -> Tensor:
    """[B] |C − T| / |T| in the Frobenius norm.

    Unlike the squared loss it is not ruled by the lattices that the network knows least. Where C = T the gradient is
    zero.
    """
    stiffness, target = stiffness.double(), target.double()
    norm = torch.linalg.vector_norm
    return norm((stiffness - target).flatten(1), dim=1) / norm(target.flatten(1), dim=1)


def log_frobenius(stiffness: Tensor, target: Tensor) -> Tensor:
    """[B] ln(1 + |C − T| / |T|): `relative_frobenius` while the error is small, its logarithm where it is large.

    The rare lattice that is nearly a mechanism, and predicted a thousand times too stiff, has a gradient like others'
    instead of a thousand times theirs.
    """
    return relative_frobenius(stiffness, target).log1p()


def whitened(stiffness: Tensor, target: Tensor, floor: float = WHITENING_FLOOR) -> Tensor:
    """[B] |T'^(-1/2) (C − T) T'^(-1/2)| / sqrt(6) in the Frobenius norm: errors relative to each of T's eigenvalues.

    A soft mode counts as much as a stiff one, down to `floor`. For C = (1 + e) T and no floor it is |e|. It needs no
    positive definite C, so that it serves networks without a positive semi-definite head.

    Args:
        stiffness: [B, 6, 6].
        target: [B, 6, 6], positive semi-definite.
        floor: T' = T + floor · (tr T / 6) · 1: modes softer than that share of the mean one count for less.
    """
    stiffness, target = stiffness.double(), target.detach().double()
    values, vectors = torch.linalg.eigh(target)
    shifted = values.clamp(min=0) + floor * values.mean(1, keepdim=True)
    root = vectors * shifted.rsqrt()[:, None]  # T'^(-1/2) but for a rotation, which the norm does not see
    error = root.mT @ (stiffness - target) @ root
    return torch.linalg.vector_norm(error.flatten(1), dim=1) / 6**0.5


def smooth_l1(stiffness: Tensor, target: Tensor) -> Tensor:
    """[B] mean over the 36 entries of the smooth L1 loss of e = (C − T) / sqrt(γ): e²/2 below 1, |e| − 1/2 above.

    The loss that Meyer et al. (2022) take, who divide each component by its range in the training set instead.
    """
    stiffness, target = stiffness.double(), target.double()
    scale = mean_square(target).sqrt()[:, None, None]
    return nn.functional.smooth_l1_loss(stiffness / scale, target / scale, reduction="none").mean((-1, -2))


def energy_penalty(stiffness: Tensor, target: Tensor) -> Tensor:
    """[B] mean over 250 directions of relu(−c_q) / sqrt(γ), with c_q = C_ijkl d_i d_j d_k d_l and γ = mean(T²).

    The learning bias "+lb" of Grega et al. (2024) against negative strain energy; the division by sqrt(γ), which the
    paper does not state, makes it scale free as the losses are.
    """
    along = directional_stiffness(stiffness.double(), sphere_directions())
    return torch.relu(-along).mean(1) / mean_square(target.double()).sqrt()


LOSSES: dict[str, Loss] = {
    "squared": squared,
    "relative_frobenius": relative_frobenius,
    "log_frobenius": log_frobenius,
    "whitened": whitened,
    "smooth_l1": smooth_l1,
}
"""The losses by name."""


def loss_of(name: str, penalty: float = 0.0) -> Loss:
    """The loss of a name, plus `penalty` times the energy penalty.

    Raises:
        KeyError: there is no loss of that name.
    """
    loss = LOSSES[name]
    if not penalty:
        return loss
    return lambda stiffness, target: loss(stiffness, target) + penalty * energy_penalty(stiffness, target)
