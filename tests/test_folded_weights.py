"""Folded weights of the symmetric contraction: folded once where nothing changes, and never stale."""

import copy
import io
import pickle

import pytest
import torch

from fastlattice import LatticeBatch, ops
from fastlattice._blocks import SymmetricContractions
from tests.network import FLOAT, config, generator, lattices, network
from tests.tolerances import difference


class Block(SymmetricContractions):
    """What a layer does with the weights."""

    def forward(self, features):
        return ops.symmetric_contraction(features, self.folded(), 3, range(3), backend="torch")


@pytest.fixture
def block():
    torch.manual_seed(0)
    return Block(config(lmax=2, channels=3)).to(FLOAT)


@pytest.fixture
def folds(monkeypatch):
    """How often weights were folded."""
    calls = []
    fold = ops.fold_weights
    monkeypatch.setattr(ops, "fold_weights", lambda *arguments: calls.append(1) or fold(*arguments))
    return calls


FEATURES = torch.randn(4, 9, 3, generator=generator(0), dtype=FLOAT)


def fresh(block, features=FEATURES):
    """What the parameters give now, past anything kept."""
    weights = [weight.detach().clone() for weight in block.contractions.parameters()]
    return ops.symmetric_contraction(features, weights, 3, range(3), backend="torch")


@torch.no_grad()
def assert_current(block):
    features = FEATURES.to(next(block.parameters()).dtype)
    tolerance = 1e-13 if features.dtype == FLOAT else 1e-5
    assert difference(block(features), fresh(block, features)) < tolerance


def optimiser_step(block, **options):
    optimiser = torch.optim.AdamW(block.parameters(), lr=0.1, **options)
    block(FEATURES).square().sum().backward()
    optimiser.step()


def ema(block):
    for parameter in block.parameters():
        parameter.data.mul_(0.9).add_(0.1)


def by_numpy(block):
    next(block.parameters()).detach().numpy()[0, 0] += 1


def swapped_twice(block):
    """The memory of the first values may be used again for the last."""
    for parameter in block.parameters():
        parameter.data = parameter.data * 2
        parameter.data = parameter.data + 1


def replaced(block):
    weights = block.contractions["3x1o"].weights
    weights["2"] = torch.nn.Parameter(weights["2"].detach() + 1)


def in_inference_mode(block):
    with torch.inference_mode():
        for parameter in block.parameters():
            parameter.data.mul_(0.9)


@torch.no_grad()
def in_place(block):
    next(block.parameters()).add_(1)


@torch.no_grad()
def foreach(block):
    torch._foreach_mul_(list(block.parameters()), 1.5)


CHANGES = {
    "in place": in_place,
    "foreach": foreach,
    "one number": by_numpy,
    "data in place": ema,
    "data swapped": swapped_twice,
    "parameter replaced": replaced,
    "inference mode": in_inference_mode,
    "load_state_dict": lambda block: block.load_state_dict({k: v + 1 for k, v in block.state_dict().items()}),
    "load_state_dict, assigned": lambda block: block.load_state_dict(
        {k: v + 1 for k, v in block.state_dict().items()}, assign=True
    ),
    "AdamW": optimiser_step,
    "AdamW, foreach": lambda block: optimiser_step(block, foreach=True),
    "AdamW, fused": lambda block: optimiser_step(block, fused=True),
    "initialised": lambda block: [torch.nn.init.normal_(parameter) for parameter in block.parameters()],
    "float": lambda block: block.float(),
    "float and back": lambda block: block.float().double(),
}


@pytest.mark.parametrize("mode", [torch.no_grad, torch.inference_mode])
@pytest.mark.parametrize("change", CHANGES)
def test_every_change_is_followed(block, change, mode):
    with mode():
        before = block(FEATURES).clone()
    CHANGES[change](block)
    assert_current(block)
    if change not in ("float", "float and back"):
        assert difference(block(FEATURES), before) > 1e-3  # a stale result would be noticed


def test_folded_once(block, folds):
    with torch.no_grad():
        first = block(FEATURES)
        assert torch.equal(block(FEATURES), first)
    with torch.inference_mode():
        block(FEATURES)
    block.requires_grad_(False)
    block(FEATURES)
    assert len(folds) == 1
    in_place(block)
    block(FEATURES)
    assert len(folds) == 2


def test_gradients_flow_through_the_fold(block):
    with torch.no_grad():
        block(FEATURES)
    weights = [weight.detach().clone().requires_grad_() for weight in block.parameters()]
    expected = ops.symmetric_contraction(FEATURES, weights, 3, range(3), backend="torch")
    expected = torch.autograd.grad(expected.sin().sum(), weights)
    for _ in range(2):
        found = torch.autograd.grad(block(FEATURES).sin().sum(), list(block.parameters()))
        assert all(torch.equal(one, other) for one, other in zip(found, expected, strict=True))


def test_kept_in_inference_mode_serves_gradients_of_features(block):
    with torch.inference_mode():
        block(FEATURES)
    block.requires_grad_(False)
    features = FEATURES.clone().requires_grad_()
    block(features).sum().backward()
    assert features.grad.any()


def test_copies_and_pickles_follow_their_own_parameters(block):
    with torch.no_grad():
        block(FEATURES)
    file = io.BytesIO()
    torch.save(block, file)
    size = len(pickle.dumps(block._folded))
    assert size < 200  # what is kept stays behind
    file.seek(0)
    for other in (copy.deepcopy(block), pickle.loads(pickle.dumps(block)), torch.load(file, weights_only=False)):
        assert_current(other)
        in_place(other)
        assert_current(other)
        assert_current(block)
    assert list(block.state_dict()) == [name for name, _ in block.named_parameters()]
    assert not list(block.buffers())


def test_functional_call_and_vmap(block):
    """Other weights in place of the parameters, one set or many at a time."""
    with torch.no_grad():
        block(FEATURES)
        others = {name: value + 1 for name, value in block.named_parameters()}
        found = torch.func.functional_call(block, others, (FEATURES,))
        weights = list(others.values())
        expected = ops.symmetric_contraction(FEATURES, weights, 3, range(3), backend="torch")
        assert torch.equal(found, expected)
        stacked = {name: torch.stack([value, value + 1]) for name, value in block.named_parameters()}
        many = torch.func.vmap(lambda w: torch.func.functional_call(block, w, (FEATURES,)))(stacked)
        assert difference(many[1], expected) < 1e-12
    assert_current(block)


def test_network():
    """Through the whole network, trained between predictions."""
    model, batch = network(correlation=2), LatticeBatch.from_lattices(lattices())
    optimiser = torch.optim.SGD(model.parameters(), lr=1e-2)
    for _ in range(3):
        model.predict(batch)
        optimiser.zero_grad()
        model(batch)["stiffness"].square().sum().backward()
        optimiser.step()
        again = network(correlation=2)
        again.load_state_dict(model.state_dict())
        assert difference(model.predict(batch), again.predict(batch)) < 1e-12
