"""The building blocks of a loop: one step, accumulation, clipping, the average."""

import copy

import pytest
import torch

from fastlattice import LatticeBatch
from fastlattice.errors import TrainingError
from fastlattice.training import Averaged, relative_frobenius, training_step
from tests.support.training import labelled, network


def parameters(model: torch.nn.Module) -> torch.Tensor:
    return torch.cat([p.detach().flatten() for p in model.parameters()])


def gradient(model: torch.nn.Module) -> torch.Tensor:
    return torch.cat([p.grad.flatten() for p in model.parameters() if p.grad is not None])


def plain_sgd(model: torch.nn.Module) -> torch.optim.Optimizer:
    return torch.optim.SGD(model.parameters(), lr=1e-3)


def test_a_step_is_gradient_descent_on_the_mean_loss() -> None:
    batch, model = labelled(8), network(dtype=torch.float64)
    by_hand = copy.deepcopy(model)
    losses = relative_frobenius(by_hand.stiffness(batch), batch.columns["target"])
    losses.mean().backward()
    before = parameters(model)
    step = training_step(model, batch, relative_frobenius, plain_sgd(model))
    assert torch.equal(step.losses, losses.detach())
    assert step.gradient_norm == pytest.approx(float(gradient(by_hand).norm()), rel=1e-12)
    wanted = before - 1e-3 * gradient(by_hand)
    assert not torch.equal(wanted, before)
    assert torch.allclose(parameters(model), wanted, rtol=1e-14, atol=1e-16)


@pytest.mark.parametrize("parts", [2, 3, 8])
def test_accumulated_parts_give_the_gradient_of_the_whole(parts: int) -> None:
    batch = labelled(8)
    whole, apart = network(dtype=torch.float64), network(dtype=torch.float64)
    first = training_step(whole, batch, relative_frobenius, plain_sgd(whole))
    second = training_step(apart, batch, relative_frobenius, plain_sgd(apart), parts=parts)
    assert torch.allclose(first.losses, second.losses, rtol=1e-12)
    assert torch.allclose(gradient(whole), gradient(apart), rtol=1e-9, atol=1e-12 * first.gradient_norm)


def test_clipping_by_norm_and_by_value() -> None:
    batch = labelled(4)
    free, clipped, bounded = (network(dtype=torch.float64) for _ in range(3))
    step = training_step(free, batch, relative_frobenius, plain_sgd(free))
    assert step.gradient_norm > 0.01
    training_step(clipped, batch, relative_frobenius, plain_sgd(clipped), clip_norm=0.01)
    assert float(gradient(clipped).norm()) == pytest.approx(0.01, rel=1e-4)
    assert torch.allclose(gradient(clipped) / 0.01, gradient(free) / step.gradient_norm, rtol=1e-4, atol=1e-12)
    training_step(bounded, batch, relative_frobenius, plain_sgd(bounded), clip_value=1e-3)
    assert torch.equal(gradient(bounded), gradient(free).clamp(-1e-3, 1e-3))


def test_a_loss_that_is_no_number_names_its_lattices_and_changes_nothing() -> None:
    batch, model = labelled(4), network()
    target = batch.columns["target"].clone()
    target[2] = torch.nan
    before = parameters(model)
    with pytest.raises(TrainingError, match=rf"not finite for 1 of 4 .* 2 '{batch.names[2]}'"):
        training_step(model, batch.with_columns(target=target), relative_frobenius, plain_sgd(model))
    assert torch.equal(parameters(model), before)


def test_a_gradient_that_is_no_number_is_refused() -> None:
    batch, model = labelled(4), network()

    def cliff(stiffness: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        return relative_frobenius(stiffness, target) + (stiffness * 0).sum((1, 2)).double().abs().sqrt()

    before = parameters(model)
    with pytest.raises(TrainingError, match="gradient is not finite"):
        training_step(model, batch, cliff, plain_sgd(model))
    assert torch.equal(parameters(model), before)


@pytest.mark.parametrize(
    "batch", [labelled(2).replace(columns={}), labelled(2).with_columns(target=torch.zeros(2, 21))]
)
def test_lattices_without_a_label_are_refused(batch: LatticeBatch) -> None:
    model = network()
    with pytest.raises(TrainingError, match="no column 'target'"):
        training_step(model, batch, relative_frobenius, plain_sgd(model))


def test_the_average_is_what_its_recursion_says() -> None:
    model = network()
    averaged, wanted = Averaged(model, 0.9), None
    for count in range(5):
        with torch.no_grad():
            for parameter in model.parameters():
                parameter.add_(1.0 + count)
        averaged.update_parameters(model)
        decay = min(0.9, (1 + count) / (10 + count))
        wanted = parameters(model) if wanted is None else decay * wanted + (1 - decay) * parameters(model)
    assert torch.allclose(parameters(averaged.module), wanted, rtol=1e-5)
    assert averaged.module.config == model.config


def test_the_average_has_the_buffers_of_its_network() -> None:
    model = network()
    model.register_buffer("steps", torch.zeros(1))
    averaged = Averaged(model, 0.9)
    for count in range(1, 4):
        model.steps += 1
        averaged.update_parameters(model)
        assert averaged.module.steps == count
        assert averaged.n_averaged == count


@pytest.mark.parametrize("decay", [-0.1, 1.0])
def test_a_decay_outside_its_range_is_refused(decay: float) -> None:
    with pytest.raises(ValueError, match="decay"):
        Averaged(network(), decay)


def test_a_few_steps_learn_a_batch() -> None:
    batch, model = labelled(16), network()
    optimiser = torch.optim.AdamW(model.parameters(), lr=3e-3)
    steps = [training_step(model, batch, relative_frobenius, optimiser, clip_norm=1.0) for _ in range(60)]
    assert float(steps[-1].losses.mean()) < 0.5 * float(steps[0].losses.mean())
