"""Losses against loops over components, written from their equations."""

import numpy as np
import pytest
import torch

from fastlattice.training import (
    LOSSES,
    energy_penalty,
    log_frobenius,
    loss_of,
    relative_frobenius,
    smooth_l1,
    squared,
    whitened,
)
from fastlattice.training.losses import WHITENING_FLOOR
from tests.support.stiffness_equations import MANDEL, directions, fourth_order


def matrices(count: int, seed: int, definite: bool = True) -> torch.Tensor:
    values = torch.from_numpy(np.random.default_rng(seed).normal(size=(count, 6, 6)))
    return values @ values.mT if definite else values + values.mT


STIFFNESS, TARGET = matrices(5, 1, definite=False), matrices(5, 2)


def test_squared_is_a_hundred_times_the_mean_square_over_gamma() -> None:
    found = squared(STIFFNESS, TARGET)
    for c, t, loss in zip(STIFFNESS.numpy(), TARGET.numpy(), found.tolist(), strict=True):
        gamma = sum(t[i, j] ** 2 for i in range(6) for j in range(6)) / 36
        error = sum((c[i, j] - t[i, j]) ** 2 for i in range(6) for j in range(6)) / 36
        assert loss == pytest.approx(100 * error / gamma, rel=1e-12)


def test_relative_frobenius_is_the_norm_of_the_difference_over_that_of_the_target() -> None:
    found = relative_frobenius(STIFFNESS, TARGET)
    for c, t, loss in zip(STIFFNESS.numpy(), TARGET.numpy(), found.tolist(), strict=True):
        norms = [sum(m[i, j] ** 2 for i in range(6) for j in range(6)) ** 0.5 for m in (c - t, t)]
        assert loss == pytest.approx(norms[0] / norms[1], rel=1e-12)


def test_log_frobenius_weighs_a_thousandfold_error_like_others() -> None:
    factors = torch.tensor([1.0, 1.01, 1e3], dtype=torch.float64, requires_grad=True)
    log_frobenius(factors[:, None, None] * TARGET[:3], TARGET[:3]).sum().backward()
    slopes = (factors.detach() * factors.grad).tolist()  # what a change by a share of itself does
    assert slopes == pytest.approx([0, 1, 1], rel=1e-9)
    assert log_frobenius(1.01 * TARGET, TARGET).tolist() == pytest.approx([np.log(1.01)] * 5)


def test_smooth_l1_is_square_below_one_and_linear_above() -> None:
    found = smooth_l1(STIFFNESS, TARGET)
    errors = []
    for c, t, loss in zip(STIFFNESS.numpy(), TARGET.numpy(), found.tolist(), strict=True):
        errors.append(abs(c - t) / (t**2).mean() ** 0.5)
        assert loss == pytest.approx(np.where(errors[-1] < 1, errors[-1] ** 2 / 2, errors[-1] - 0.5).mean(), rel=1e-12)
    assert np.min(errors) < 1 < np.max(errors)


@pytest.mark.parametrize("floor", [0.0, WHITENING_FLOOR])
def test_whitened_is_the_difference_between_the_roots_of_the_target(floor: float) -> None:
    found = whitened(STIFFNESS, TARGET, floor)
    for c, t, loss in zip(STIFFNESS.numpy(), TARGET.numpy(), found.tolist(), strict=True):
        values, vectors = np.linalg.eigh(t + floor * np.trace(t) / 6 * np.eye(6))
        root = sum(np.outer(v, v) / value**0.5 for value, v in zip(values, vectors.T, strict=True))
        assert loss == pytest.approx(np.linalg.norm(root @ (c - t) @ root) / 6**0.5, rel=1e-9)


def test_whitened_weighs_all_modes_alike() -> None:
    stretched = TARGET.clone()
    values, vectors = torch.linalg.eigh(TARGET)
    for mode in range(6):
        v = vectors[:, :, mode]
        stretched = TARGET + 0.3 * values[:, mode, None, None] * v[:, :, None] * v[:, None]
        assert torch.allclose(whitened(stretched, TARGET, 0.0), torch.full((5,), 0.3 / 6**0.5, dtype=torch.float64))


def test_energy_penalty_counts_directions_of_negative_energy() -> None:
    found = energy_penalty(STIFFNESS, TARGET)
    for c, t, penalty in zip(STIFFNESS.numpy(), TARGET.numpy(), found.tolist(), strict=True):
        tensor, gamma = fourth_order(c), (t**2).mean()
        energies = [np.einsum("ijkl,i,j,k,l", tensor, d, d, d, d) for d in directions()]
        assert penalty == pytest.approx(np.mean([max(-e, 0) for e in energies]) / gamma**0.5, rel=1e-10)
    assert float(found.max()) > 0
    assert bool((energy_penalty(TARGET, TARGET) == 0).all())


@pytest.mark.parametrize("name", LOSSES)
def test_losses_do_not_depend_on_the_unit_and_vanish_at_the_target(name: str) -> None:
    loss = loss_of(name, 0.5)
    assert torch.allclose(loss(1e-7 * STIFFNESS, 1e-7 * TARGET), loss(STIFFNESS, TARGET), rtol=1e-9)
    at_target = TARGET.clone().requires_grad_()
    value = loss(at_target, TARGET)
    assert bool((value == 0).all())
    value.sum().backward()
    assert bool(at_target.grad.isfinite().all())


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("penalty", [0.0, 2.0])
def test_gradients_are_those_of_finite_differences(name: str, penalty: float) -> None:
    assert torch.autograd.gradcheck(lambda c: loss_of(name, penalty)(c, TARGET), STIFFNESS.clone().requires_grad_())


@pytest.mark.parametrize("name", LOSSES)
def test_a_network_in_float32_gets_gradients_in_float32_for_small_stiffness(name: str) -> None:
    stiffness = (1e-8 * STIFFNESS).float().requires_grad_()
    loss_of(name)(stiffness, 1e-8 * TARGET).sum().backward()
    assert stiffness.grad.dtype == torch.float32
    assert bool((stiffness.grad.isfinite() & (stiffness.grad != 0)).all())


def test_a_soft_target_keeps_the_whitened_loss_bounded() -> None:
    soft = torch.diag(torch.tensor([1.0, 1, 1, 1, 1, 0], dtype=torch.float64))[None]
    assert float(whitened(1.1 * torch.eye(6, dtype=torch.float64)[None], soft)) < 1.1 / (WHITENING_FLOOR * 5 / 6)


def test_mandel_order_of_the_equations_is_that_of_the_conventions() -> None:
    assert MANDEL == ((0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (0, 1))
