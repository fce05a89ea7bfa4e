"""What networks in plain torch share: reductions beside a loop, and the matrix of 21 numbers."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from fastlattice.elasticity import unpack21
from fastlattice.models.message_passing import REDUCTIONS, reduced, stiffness_of
from fastlattice.models.nnconv import EdgeConditionedConvolution
from tests.support.network import FLOAT, generator, with_threads
from tests.support.tolerances import difference

LOOPS = {
    "sum": lambda rows: rows.sum(0),
    "mean": lambda rows: rows.mean(0),
    "min": lambda rows: rows.amin(0),
    "max": lambda rows: rows.amax(0),
}


@pytest.mark.parametrize("reduction", REDUCTIONS)
@given(index=st.lists(st.integers(0, 5), max_size=12), seed=st.integers(0, 99))
def test_reduced_is_a_loop(reduction, index, seed):
    """Values of both signs; where nothing is reduced there is 0, not the limit of the dtype."""
    values = torch.randn(len(index), 3, generator=generator(seed), dtype=FLOAT)
    index = torch.tensor(index, dtype=torch.int64)
    expected = torch.zeros(7, 3, dtype=FLOAT)
    for k in set(index.tolist()):
        expected[k] = LOOPS[reduction](values[index == k])
    assert torch.allclose(reduced(values, index, 7, reduction), expected, rtol=1e-14, atol=1e-14)


@pytest.mark.parametrize("reduction", ["min", "max"])
def test_equal_values_share_the_gradient(reduction):
    values = torch.tensor([[2.0], [2.0], [2.0], [7.0]], requires_grad=True)
    index = torch.tensor([0, 0, 0, 1])
    reduced(values, index, 2, reduction).sum().backward()
    assert values.grad.flatten().tolist() == pytest.approx([1 / 3, 1 / 3, 1 / 3, 1.0])


@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_reduced_is_pytorch_geometrics(reduction):
    """Result and gradient, many values alike: that is what the released code reduces with."""
    utils = pytest.importorskip("torch_geometric.utils")
    rng = generator(1)
    values = torch.randint(0, 3, (60, 4), generator=rng).to(FLOAT).requires_grad_()
    index, weight = torch.randint(0, 9, (60,), generator=rng), torch.randn(12, 4, generator=rng, dtype=FLOAT)
    both = [reduced(values, index, 12, reduction), utils.scatter(values, index, 0, 12, reduction)]
    assert torch.equal(*both)
    assert torch.equal(*(torch.autograd.grad((out * weight).sum(), values)[0] for out in both))


def test_the_convolution_is_pytorch_geometrics():
    nn = pytest.importorskip("torch_geometric.nn")
    ours, rng = EdgeConditionedConvolution(6).to(FLOAT), generator(2)
    torch.nn.init.normal_(ours.bias)
    theirs = nn.NNConv(6, 6, ours.nn, aggr="add", root_weight=False).to(FLOAT)
    theirs.bias = ours.bias
    edge_index = torch.randint(0, 12, (2, 50), generator=rng)
    features, edges = (torch.randn(n, d, generator=rng, dtype=FLOAT) for n, d in ((12, 6), (50, 5)))
    assert difference(ours(features, edge_index, edges), theirs(features, edge_index, edges)) < 1e-13


@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_same_bits_at_any_number_of_threads(reduction):
    """Result and gradient; 30,000 rows are enough for torch to share out what it may."""
    rng = generator(0)
    values = torch.randn(30_000, 16, generator=rng).requires_grad_()
    index = torch.randint(0, 500, (30_000,), generator=rng)
    weight = torch.randn(500, 16, generator=rng)

    def both():
        out = reduced(values, index, 500, reduction)
        gathered = out.index_select(0, index).square()
        return out, *torch.autograd.grad((out * weight).sum() + gathered.sum(), values)

    first = with_threads(1, both)
    for threads in (2, 3):
        assert all(torch.equal(one, other) for one, other in zip(with_threads(threads, both), first, strict=True))


def test_upper_triangle_by_rows():
    numbers = torch.arange(42, dtype=FLOAT).reshape(2, 21)
    matrix = stiffness_of(numbers, "none")
    assert torch.equal(matrix, unpack21(numbers))
    assert matrix[0, 0].tolist() == [0, 1, 2, 3, 4, 5]
    assert matrix[0, :, 5].tolist() == [5, 10, 14, 17, 19, 20]
    assert torch.equal(stiffness_of(numbers, "square"), matrix @ matrix)
