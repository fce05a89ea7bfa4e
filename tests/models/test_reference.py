"""The reference against the golden values of the released network."""

import pytest
import torch

from fastlattice.models.mace.config import MACEConfig
from tests.support.golden import NAMES, assert_golden, load_golden

pytest.importorskip("e3nn", reason="the reference needs e3nn")


@pytest.mark.parametrize("name", NAMES)
def test_golden(name):
    from fastlattice.reference import lattice_mace

    golden = load_golden(name)
    leaves = {k: v.requires_grad_() for k, v in golden.parameters.items()}
    positions = golden.graph.positions.requires_grad_()
    stiffness = lattice_mace(MACEConfig.from_any(golden.config), leaves, golden.graph)["stiffness"]
    gradients = torch.autograd.grad((stiffness * golden.cotangent).sum(), [*leaves.values(), positions])
    assert_golden(golden, stiffness, dict(zip(leaves, gradients, strict=False)), gradients[-1])
