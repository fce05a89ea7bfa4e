"""The readout in Triton under the interpreter: against torch, any order of nodes, gradients, wrong indices."""

import pytest
import torch

from fastlattice import ops
from tests.support.network import FLOAT, generator, leaves_of, readout_inputs, with_leaves
from tests.support.tolerances import OP_FORWARD, OP_GRADIENT, difference


def run(given, backend):
    leaves = leaves_of(given)
    out = ops.readout(**with_leaves(given, leaves), backend=backend)
    cotangent = torch.randn(out.shape, generator=generator(9), dtype=FLOAT).to(out.dtype)
    # Maps of degrees that are not read have no gradients.
    gradients = torch.autograd.grad(out, list(leaves.values()), cotangent, allow_unused=True)
    return out.detach(), dict(zip(leaves, gradients, strict=True))


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
@pytest.mark.parametrize(
    ("lmax", "channels", "multiplicities"), [(4, 4, {0: 2, 2: 2, 4: 1}), (1, 3, {0: 2, 1: 2}), (2, 33, {0: 1})]
)
def test_torch(lmax, channels, multiplicities, dtype):
    """Nodes of a lattice are not neighbours; lattices have one node and many."""
    given = readout_inputs(23, 5, channels, lmax, multiplicities, dtype=dtype)
    (out, gradients), (expected, others) = run(given, "triton"), run(given, "torch")
    assert difference(out, expected) <= OP_FORWARD[dtype]
    for name, gradient in gradients.items():
        assert difference(gradient, others[name]) <= OP_GRADIENT[dtype], name


def test_custom_op():
    given = readout_inputs(7, 3, 2, 1, {0: 1, 1: 1})
    rows = given["features"].flatten(1).clone().requires_grad_()
    torch.library.opcheck(torch.ops.fastlattice.sum_by_lattice_triton.default, (rows, given["batch"], 3))


def test_wrong_indices():
    given = readout_inputs(7, 3, 2, 1, {0: 1, 1: 1})
    with pytest.raises(RuntimeError, match="batch names a row that is not there: there are 3"):
        ops.readout(**{**given, "batch": given["batch"] + 1}, backend="triton")
