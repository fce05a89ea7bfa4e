"""Native blocks of extended networks: against plain torch, and against what they are defined as."""

import pytest
import torch

from fastlattice import MACEConfig
from fastlattice._native import NativeError
from fastlattice.models.mace.config import uniform_irreps
from fastlattice.models.mace.extensions import BoundedHead, NodeInputs
from fastlattice.models.mace.native_blocks import bounded_head, node_inputs, rowwise
from fastlattice.models.mace.surroundings import Surroundings
from tests.models.test_extensions import network
from tests.support.network import generator, with_threads
from tests.support.op_cases import Recorder
from tests.support.tolerances import difference

TOLERANCES = {torch.float64: 1e-12, torch.float32: 5e-6}
LINEAR = [(0, 3, 2), (1, 1, 1), (127, 21, 21), (1025, 10, 64), (700, 33, 5)]


def normal(*shape, seed=0):
    return torch.randn(*shape, generator=generator(seed), dtype=torch.float64)


def linear_leaves(rows, depth, columns):
    return [normal(rows, depth), normal(depth, columns, seed=1)]


CASES = [linear_leaves(*sizes) for sizes in LINEAR]


def results(leaves, backend, dtype):
    """The result and the gradients of a weighted sum of it."""
    own = [leaf.to(dtype).requires_grad_() for leaf in leaves]
    out = rowwise(*own, backend)
    grads = torch.autograd.grad((out * normal(*out.shape, seed=7).to(dtype)).sum(), own)
    return [out.detach(), *grads]


@pytest.mark.parametrize("dtype", TOLERANCES)
@pytest.mark.parametrize("leaves", CASES)
def test_native_against_torch(leaves, dtype):
    right = results(leaves, "torch", torch.float64)
    for found, wanted in zip(results(leaves, "native", dtype), right, strict=True):
        assert found.dtype == dtype
        assert found.shape == wanted.shape
        assert not wanted.numel() or difference(found.double(), wanted) < TOLERANCES[dtype]


@pytest.mark.parametrize("backend", ["native", "torch"])
def test_gradients(backend):
    own = [leaf.requires_grad_() for leaf in linear_leaves(4, 3, 5)]
    assert torch.autograd.gradcheck(lambda *x: rowwise(*x, backend), own)


@pytest.mark.parametrize("dtype", TOLERANCES)
def test_same_bits_in_any_company(dtype):
    rows, weight = (leaf.to(dtype) for leaf in linear_leaves(1500, 21, 21))
    together = with_threads(4, rowwise, rows, weight)
    assert torch.equal(together, torch.cat([with_threads(1, rowwise, row[None], weight) for row in rows]))
    four, one = (with_threads(n, results, [rows, weight], "native", dtype) for n in (4, 1))
    assert all(torch.equal(*pair) for pair in zip(four, one, strict=True))


def test_rows_of_any_shape():
    rows, weight = normal(4, 5, 3).transpose(0, 1), normal(3, 6, seed=2)
    assert difference(rowwise(rows, weight, "native"), rows @ weight) < 1e-14


def test_sizes_that_do_not_fit_are_refused():
    with pytest.raises((NativeError, ValueError), match="elements"):
        rowwise(normal(2, 3), normal(4, 5))


def test_torch_sees_it():
    with Recorder() as recorder:
        rowwise(normal(2, 3), normal(3, 2))
    assert [str(call.name()) for call, _ in recorder.calls] == ["fastlattice::rowwise_linear"]


def test_transforms_take_plain_torch():
    rows, weight = linear_leaves(3, 2, 4)
    jacobian = torch.func.jacrev(rowwise)(rows, weight)
    assert jacobian.shape == (3, 4, 3, 2)
    assert torch.equal(jacobian[0, :, 0], weight.T)


NODE_INPUTS = [(5, 4, 4), (67, 16, 4), (600, 16, 2), (9, 20, 3)]


def node_inputs_of(lmax, channels):
    """The module in double precision, whose parameters are the op's."""
    irreps = {"hidden_irreps": uniform_irreps(channels, lmax), "readout_irreps": uniform_irreps(2, lmax)}
    torch.manual_seed(2)
    settings = {**irreps, "lmax": lmax, "max_edge_radius": 0.1}
    module = NodeInputs(MACEConfig.from_settings({**settings, "node_inputs": "mechanics"})).double()
    module.bias.data.normal_()
    return module


def node_leaves(nodes, module, lmax):
    """Of the op: what is read, then the parameters."""
    read = normal(nodes, 13), normal(nodes, 3, 21, seed=1), normal(nodes, (lmax + 1) ** 2, 2, seed=2)
    return [*read, *(parameter.detach() for parameter in module.parameters())]


def native_node_inputs(scalars, tensors, odd, bias, scalar_weight, *weights):
    return node_inputs(scalars, tensors, odd, bias, scalar_weight, list(weights))


def weighed(function, leaves, dtype):
    """The result, and the gradients of a weighed sum of it."""
    own = [leaf.detach().to(dtype).requires_grad_() for leaf in leaves]
    out = function(*own)
    grads = torch.autograd.grad((out * normal(*out.shape, seed=7).to(dtype)).sum(), own)
    return [out.detach(), *grads]


@pytest.mark.parametrize("dtype", TOLERANCES)
@pytest.mark.parametrize(("nodes", "channels", "lmax"), NODE_INPUTS)
def test_node_inputs_are_those_of_the_module(nodes, channels, lmax, dtype):
    module = node_inputs_of(lmax, channels)
    leaves = node_leaves(nodes, module, lmax)

    def portable(scalars, tensors, odd, *parameters):
        around = Surroundings(
            *[torch.empty(0)] * 2, scalars[:, 3:], scalars[:, :3], torch.arange(nodes), tensors=tensors, odd=odd
        )
        names = [name for name, _ in module.named_parameters()]
        return torch.func.functional_call(module, dict(zip(names, parameters, strict=True)), (around, "torch"))

    found = weighed(native_node_inputs, leaves, dtype)
    for own, wanted in zip(found, weighed(portable, leaves, torch.float64), strict=True):
        assert own.dtype == dtype
        assert difference(own.double(), wanted) < TOLERANCES[dtype]


def test_gradients_of_node_inputs():
    leaves = [leaf.requires_grad_() for leaf in node_leaves(2, node_inputs_of(3, 3), 3)]
    assert torch.autograd.gradcheck(native_node_inputs, leaves)


@pytest.mark.parametrize("dtype", TOLERANCES)
def test_node_inputs_have_the_same_bits_in_any_company(dtype):
    leaves = [leaf.to(dtype) for leaf in node_leaves(600, node_inputs_of(4, 5), 4)]
    four, one = (with_threads(n, weighed, native_node_inputs, leaves, dtype) for n in (4, 1))
    assert all(torch.equal(*pair) for pair in zip(four, one, strict=True))
    alone = [native_node_inputs(*(x[n : n + 1] for x in leaves[:3]), *leaves[3:]) for n in range(20)]
    assert torch.equal(torch.cat(alone), four[0][:20])


LARGEST = 15.0


def head_leaves(count):
    """Matrices whose exponents are small, large, and beyond the limit; one lattice is isotropic."""
    size = torch.linspace(0.1, 6, count, dtype=torch.float64)[:, None, None]
    matrix, guides = size * normal(count, 6, 6), normal(count, 2, 6, 6, seed=1)
    matrix[0], guides[0] = torch.eye(6), torch.eye(6)
    root = 0.3 * normal(count, 6, 6, seed=2) + torch.eye(6)
    return [0.5 * (matrix + matrix.mT), normal(count, 2, seed=3), root + root.mT, guides + guides.mT]


def native_head(*arrays):
    return bounded_head(*arrays, LARGEST)


def portable_head(matrix, weights, root, guides):
    head = BoundedHead(network("all").config).double()
    assert head.largest == LARGEST
    head.weight.data.zero_()
    nothing = torch.empty(0)
    return head(matrix, Surroundings(*[nothing] * 5, root=root, guides=guides), weights, "torch")


def test_the_bounded_head_is_that_of_the_module():
    leaves = head_leaves(40)
    total = leaves[0] + (leaves[1][:, :, None, None] * leaves[3]).sum(1)
    most = torch.linalg.eigvalsh(total)[:, -1]
    assert most.min() < LARGEST < most.max()
    right = weighed(portable_head, leaves, torch.float64)
    for own, wanted in zip(weighed(native_head, leaves, torch.float64), right, strict=True):
        assert difference(own, wanted) < 1e-12
    narrow = [leaf.float() if n < 2 else leaf for n, leaf in enumerate(leaves)]
    assert native_head(*narrow).dtype == torch.float32
    same_numbers = portable_head(*(leaf.double() for leaf in narrow))
    assert difference(native_head(*narrow).double(), same_numbers) < 1e-7  # only what comes out is rounded


def test_gradients_of_the_bounded_head():
    def of_symmetric(matrix, weights, root, guides):
        return native_head(0.5 * (matrix + matrix.mT), weights, root, guides + guides.mT)

    assert torch.autograd.gradcheck(of_symmetric, [leaf.requires_grad_() for leaf in head_leaves(4)], rtol=1e-4)


def test_the_bounded_head_has_the_same_bits_in_any_company():
    leaves = head_leaves(50)
    four, one = (with_threads(n, weighed, native_head, leaves, torch.float64) for n in (4, 1))
    assert all(torch.equal(*pair) for pair in zip(four, one, strict=True))
    alone = [native_head(*(leaf[b : b + 1] for leaf in leaves)) for b in range(50)]
    assert torch.equal(torch.cat(alone), four[0])
