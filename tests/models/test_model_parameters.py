"""The network's parameters: predictions follow every change of them, and what stands in their place."""

import copy

import pytest
import torch
from torch.nn.utils import parametrize, prune

from fastlattice import LatticeBatch
from tests.support.network import lattices, network
from tests.support.tolerances import difference


def weight_of_contraction(model):
    return model.stiffness_head.layers[0].product.symmetric_contractions.contractions["4x1o"].weights


def weights_of(model):
    return [parameter for name, parameter in model.named_parameters() if "contractions" in name]


def optimiser_step(model, **options):
    optimiser = torch.optim.AdamW(weights_of(model), lr=0.1, **options)
    model(LatticeBatch.from_lattices(lattices()))["stiffness"].square().sum().backward()
    optimiser.step()


@torch.no_grad()
def in_place(model):
    weights_of(model)[0].add_(1)


def moving_average(model):
    for parameter in weights_of(model):
        parameter.data.mul_(0.9).add_(0.1)


def by_numpy(model):
    weights_of(model)[0].detach().numpy()[0, 0] += 1


def swapped_twice(model):
    """The memory of the first values may be used again for the last."""
    for parameter in weights_of(model):
        parameter.data = parameter.data * 2
        parameter.data = parameter.data + 1


def replaced_parameter(model):
    weights = weight_of_contraction(model)
    weights["2"] = torch.nn.Parameter(weights["2"].detach() + 1)


def in_inference_mode(model):
    with torch.inference_mode():
        moving_average(model)


def loaded(model, **options):
    model.load_state_dict({name: value + 0.1 for name, value in model.state_dict().items()}, **options)


CHANGES = {
    "in place": in_place,
    "one number": by_numpy,
    "data in place": moving_average,
    "data swapped": swapped_twice,
    "parameter replaced": replaced_parameter,
    "inference mode": in_inference_mode,
    "load_state_dict": loaded,
    "load_state_dict, assigned": lambda model: loaded(model, assign=True),
    "AdamW": optimiser_step,
    "AdamW, foreach": lambda model: optimiser_step(model, foreach=True),
    "AdamW, fused": lambda model: optimiser_step(model, fused=True),
    "initialised": lambda model: [torch.nn.init.normal_(weight) for weight in weights_of(model)],
    "float and back": lambda model: [moving_average(model.float()), model.double()],
}


@pytest.mark.parametrize("mode", [torch.no_grad, torch.inference_mode])
@pytest.mark.parametrize("change", CHANGES)
def test_predictions_follow_every_change(change, mode):
    """However the weights are changed, the next prediction is theirs, as that of a copy and of a network made anew."""
    model, again, batch = network(correlation=2), network(correlation=2), LatticeBatch.from_lattices(lattices())
    with mode():
        before = model.predict(batch).clone()
    CHANGES[change](model)
    again.load_state_dict(model.state_dict())
    expected = again.predict(batch)
    with mode():
        assert torch.equal(model.predict(batch), expected)
    assert torch.equal(copy.deepcopy(model).predict(batch), expected)
    assert difference(expected, before) > 1e-3  # a stale result would be noticed


def test_functional_call():
    """Other weights in place of the parameters."""
    model, batch = network(correlation=2), LatticeBatch.from_lattices(lattices())
    before = model(batch)["stiffness"]
    others = {name: value.detach() * 1.1 for name, value in model.named_parameters()}
    found = torch.func.functional_call(model, others, (batch,))["stiffness"]
    assert torch.equal(model(batch)["stiffness"], before)
    model.load_state_dict(others)
    assert torch.equal(found, model(batch)["stiffness"])


class Halved(torch.nn.Module):
    def forward(self, weight):
        return weight / 2


def pruned(module, name):
    prune.random_unstructured(module, name, amount=0.5)


def parametrised(module, name):
    parametrize.register_parametrization(module, name, Halved())


@pytest.mark.parametrize("compute", [pruned, parametrised])
@pytest.mark.parametrize("where", ["interaction.linear_up", "interaction.conv_tp_weights.2", "product.linear"])
def test_parameters_that_are_computed(where, compute):
    """What stands in a parameter's place is used."""
    model, plain, batch = network(correlation=2), network(correlation=2), LatticeBatch.from_lattices(lattices())
    module, other = (m.stiffness_head.layers[1].get_submodule(where) for m in (model, plain))
    compute(module, "weight")
    other.weight.data = module.weight.detach()
    found = model.predict(batch)
    assert torch.equal(found, plain.predict(batch))
    assert difference(found, network(correlation=2).predict(batch)) > 1e-3


def test_pruned_weights_of_the_contraction():
    model, plain, batch = network(correlation=2), network(correlation=2), LatticeBatch.from_lattices(lattices())
    weights = weight_of_contraction(model)
    prune.random_unstructured(weights, "2", amount=0.5)
    weight_of_contraction(plain)["2"].data = getattr(weights, "2").detach()
    found = model.predict(batch)
    assert torch.equal(found, plain.predict(batch))
    assert difference(found, network(correlation=2).predict(batch)) > 1e-6
