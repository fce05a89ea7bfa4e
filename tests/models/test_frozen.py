"""A frozen network: the bits of `predict`, whatever it is asked and whatever becomes of the network."""

import copy
import gc
import weakref

import pytest
import torch

from fastlattice import Lattice, LatticeBatch, Status, _native, unit_cell
from fastlattice._native import NativeError
from fastlattice.errors import ArgumentError, GraphError
from fastlattice.fe import check
from fastlattice.models import Conventions, LatticeMACE, StiffnessModel, predict
from fastlattice.models.frozen import FEW
from tests.support.network import lattices, network


def same(model: StiffnessModel, given: LatticeBatch | Lattice | list[Lattice]) -> None:
    found, expected = model.frozen()(given), predict(model, given)
    assert torch.equal(found.stiffness.nan_to_num(7), expected.stiffness.nan_to_num(7))
    for name in ("status", "rank", "beam_valid", "culprit", "in_range"):
        column, wanted = getattr(found, name), getattr(expected, name)
        assert column.dtype == wanted.dtype
        assert torch.equal(column, wanted)
    assert list(found.names) == list(expected.names)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("conventions", [Conventions(), Conventions(radii="both_directions", quantity="C/density")])
def test_the_bits_of_predict(dtype: torch.dtype, conventions: Conventions) -> None:
    model = network(dtype=dtype)
    model.conventions = conventions
    assert model.packed() is not None
    same(model, lattices()[1])
    same(model, lattices())
    same(model, LatticeBatch.from_lattices(lattices() * (FEW // 4 + 1)))
    same(model, [])


def test_lattices_that_cannot_be_asked_about() -> None:
    octet = unit_cell("octet", 0.02)
    batch = LatticeBatch.from_lattices([octet, octet])
    radii = batch.radii.clone()
    radii[0] = torch.nan
    broken = batch.replace(radii=radii)
    same(network(), broken)
    assert network().frozen()(broken).status.tolist() == [Status.INVALID_INPUT, Status.OK]


def test_lattices_that_finite_elements_refuse() -> None:
    octet = unit_cell("octet", 0.02)
    struts = torch.tensor(octet.struts[:1].copy()), torch.tensor(octet.shifts[:1].copy())
    twice = LatticeBatch.from_lattices([octet])
    twice = twice.replace(
        struts=torch.cat([twice.struts, struts[0]]),
        shifts=torch.cat([twice.shifts, struts[1]]),
        radii=torch.cat([twice.radii, twice.radii[:1]]),
        strut_offsets=torch.tensor([0, len(twice.struts) + 1]),
    )
    for batch in (twice, LatticeBatch.concatenate([LatticeBatch.from_lattices([octet]), twice])):
        same(network(), batch)
        assert check(batch).status.tolist()[-1] == Status.DUPLICATE_STRUT


def test_answers_that_are_no_numbers() -> None:
    model = network(dtype=torch.float32)
    with torch.no_grad():
        for weight in model.parameters():
            weight.mul_(1e6)
    same(model, lattices())


def test_other_networks_predict_as_ever() -> None:
    base = StiffnessModel.from_pretrained("base")
    assert base.packed() is None
    same(base, unit_cell("octet", 0.02))


def test_a_hook_is_run() -> None:
    model = network()
    seen: list[int] = []
    model.stiffness_head.nonlin_readout.register_forward_hook(lambda *_: seen.append(1))
    assert model.packed() is None
    same(model, lattices()[0])


def test_later_training_changes_nothing() -> None:
    model = network()
    frozen, expected = model.frozen(), predict(model, lattices())
    frozen = copy.deepcopy(frozen)
    with torch.no_grad():
        for weight in model.parameters():
            weight.zero_()
    gc.collect()
    assert torch.equal(frozen(lattices()).stiffness, expected.stiffness)
    assert not frozen(lattices()).stiffness.requires_grad


def test_what_is_packed_is_freed_and_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    model: LatticeMACE = network()
    packed = model.packed()
    assert packed is not None
    held = packed._network  # type: ignore[attr-defined]
    features, edges = held._parameters[0].new_zeros(3, 1, 5), torch.zeros(0)
    with pytest.raises(NativeError, match="features"):
        _native.call(
            *("fl_network_packed_f64", 1, 3, 0, 0, 1, *held._shape, 21, held._handle),
            *(torch.zeros(2, 0, dtype=torch.int64), None, torch.zeros(3, dtype=torch.int64)),
            *(features, edges.double(), edges.double(), edges.double(), torch.zeros(21, dtype=torch.float64)),
        )
    gone = weakref.ref(held)
    del packed, held
    gc.collect()
    assert gone() is None


def ordinary(model: LatticeMACE, batch: LatticeBatch) -> torch.Tensor:
    """The stiffness by the single steps: with gradients nothing is kept."""
    with torch.enable_grad():
        return model.stiffness(batch).detach()


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("conventions", [Conventions(), Conventions(radii="both_directions", quantity="C/density")])
def test_parameters_that_predict_keeps_are_those_of_now(dtype: torch.dtype, conventions: Conventions) -> None:
    """However they change: also where torch does not see it."""
    model, batch = network(dtype=dtype), LatticeBatch.from_lattices(lattices())
    model.conventions = conventions

    def agree() -> None:
        for _ in range(3):
            assert torch.equal(model.predict(batch), ordinary(model, batch))

    agree()
    for weight in model.parameters():
        with torch.no_grad():
            weight.mul_(1.01)
        agree()
        weight.data.flatten()[-1] += 0.25
        agree()
    weight = model.stiffness_head.layers[0].product.linear.weight
    weight.data = weight.detach().flip(0).contiguous()
    agree()
    model.load_state_dict(network(dtype=dtype).state_dict())
    agree()
    assert torch.equal(copy.deepcopy(model).predict(batch), model.predict(batch))


def test_what_predict_keeps_hides_no_error() -> None:
    model, batch = network(), LatticeBatch.from_lattices(lattices())
    expected = model.predict(batch)
    assert torch.equal(model.predict(batch), expected)
    with pytest.raises(GraphError, match="holds a NaN or an infinite number at edge 0"):
        model.predict(batch.replace(radii=batch.radii * torch.nan))
    weight = model.stiffness_head.layers[0].product.linear.weight
    weight.data = weight.detach()[None]
    with pytest.raises(ArgumentError, match="product has shape"):
        model.predict(batch)
    weight.data = weight.detach()[0]
    assert torch.equal(model.predict(batch), expected)
    seen: list[int] = []
    model.stiffness_head.layers[0].register_forward_hook(lambda *_: seen.append(1))
    assert torch.equal(model.predict(batch), expected)
    assert seen == [1]
