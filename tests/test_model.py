import pytest

from fastlattice.model import LatticeMACE
from tests.golden import NAMES, assert_golden, load_golden


@pytest.mark.parametrize("name", NAMES)
def test_golden(name):
    golden = load_golden(name)
    model = LatticeMACE.from_original(golden.parameters, golden.config)
    assert [n for n, _ in model.named_parameters()] == list(golden.parameters)
    golden.graph.positions.requires_grad_()
    stiffness = model(golden.graph)["stiffness"]
    (stiffness * golden.cotangent).sum().backward()
    assert_golden(golden, stiffness, {n: p.grad for n, p in model.named_parameters()}, golden.graph.positions.grad)
