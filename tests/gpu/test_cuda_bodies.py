"""The bodies of the CUDA kernels, compiled for the CPU and run thread after thread: against the torch backend."""

import pytest
import torch

from fastlattice._generated import abi
from fastlattice._native import NativeError, opened
from fastlattice.errors import BackendError, LibraryError
from fastlattice.ops import constants
from fastlattice.ops.backends import cuda
from fastlattice.ops.symmetric_contraction import cuda_op
from tests.gpu.cuda_sources import CXX, host_library
from tests.support.backends import assert_contraction, contract, contraction, contraction_inputs
from tests.support.network import FLOAT

DTYPES = [torch.float64, torch.float32]


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    if CXX is None:
        pytest.skip("no C++ compiler is here")
    return opened(host_library(tmp_path_factory.mktemp("cuda")))


@pytest.fixture
def library(built, monkeypatch):
    """The package calls the CPU's version of the CUDA library."""
    monkeypatch.setattr(cuda, "library", lambda: built)


def on_host(a, w, cotangent, correlation=3, outputs=None):
    """What `with_gradients` gives."""
    degrees = list(range(round(a.shape[1] ** 0.5)) if outputs is None else outputs)
    out = cuda_op.symmetric_contraction(a, w, correlation, degrees)
    return out.detach(), *torch.autograd.grad(out, [a, w], cotangent)


def agree(arguments, correlation=3, outputs=None, dtype=FLOAT):
    found = on_host(*arguments, correlation, outputs)
    assert_contraction(found, contraction(*arguments, correlation, outputs, "torch"), dtype)
    return found


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("correlation", [1, 2, 3])
@pytest.mark.parametrize("lmax", [0, 1, 2, 3, 4])
def test_torch_backend(library, lmax, correlation, dtype):
    agree(
        contraction_inputs(nodes=63, lmax=lmax, channels=5, correlation=correlation, dtype=dtype),
        correlation,
        dtype=dtype,
    )


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("nodes", "lmax", "channels"), [(300, 4, 32), (1000, 3, 33), (20000, 1, 16)])
def test_many_nodes(library, nodes, lmax, channels, dtype, monkeypatch):
    """More than the slots, so that each sums over several."""
    monkeypatch.setattr(cuda_op, "_LANES", 70 * channels)
    agree(contraction_inputs(nodes=nodes, lmax=lmax, channels=channels, dtype=dtype), dtype=dtype)


@pytest.mark.parametrize(("nodes", "channels"), [(0, 3), (1, 1), (3, 0), (2, 129), (128, 1)])
def test_sizes(library, nodes, channels):
    """None, less than a block of threads, a node's channels in two blocks, a full block."""
    agree(contraction_inputs(nodes=nodes, lmax=2, channels=channels))


@pytest.mark.parametrize("lmax", [0, 2, 4])
@pytest.mark.parametrize("correlation", [1, 2, 3])
def test_output_subsets(library, lmax, correlation):
    """The kernels have all degrees or all even ones; from these come all others."""
    arguments = contraction_inputs(nodes=2, lmax=lmax, channels=2, correlation=correlation)
    assert not any(x.any() for x in on_host(*arguments, correlation, []))
    for outputs in ([0], range(0, lmax + 1, 2), range(max(lmax, 1)), [lmax]):
        found = agree(arguments, correlation, outputs)
        for degree in set(range(lmax + 1)) - set(outputs):
            assert not found[0][:, constants.components(degree)].any()


def test_the_cotangent_is_not_changed(library):
    a, w, cotangent = contraction_inputs(nodes=2, lmax=2)
    before = cotangent.clone()
    on_host(a, w, cotangent, outputs=[1])
    assert torch.equal(cotangent, before)


def test_uninitialised_memory_is_not_read(library, monkeypatch):
    """What kernels write is everything that is read afterwards."""
    arguments = contraction_inputs(nodes=5, lmax=2, channels=30)
    expected = contraction(*arguments, backend="torch")
    new = torch.Tensor.new_empty
    monkeypatch.setattr(torch.Tensor, "new_empty", lambda *a, **o: new(*a, **o).fill_(torch.nan))
    assert_contraction(on_host(*arguments), expected, FLOAT)


def test_opcheck(library):
    a, w, cotangent = contraction_inputs(nodes=3, lmax=2, channels=4)
    torch.library.opcheck(torch.ops.fastlattice.symmetric_contraction_cuda.default, (a, w, 3, [0, 2]))
    arguments = (cotangent, a.detach(), w.detach(), 3, [0, 2], [True])
    torch.library.opcheck(torch.ops.fastlattice.symmetric_contraction_cuda_backward.default, arguments)


@pytest.mark.parametrize(
    ("lmax", "correlation", "mask", "reason"),
    [(5, 3, 1, "lmax must be 0 to 4"), (2, 4, 7, "order must be 1, 2 or 3"), (2, 3, 2, "all degrees, or all even")],
)
def test_what_does_not_exist_is_said(library, lmax, correlation, mask, reason):
    a, w, _ = contraction_inputs(nodes=1, lmax=2)
    with pytest.raises(NativeError, match=reason):
        cuda.call("fl_cuda_symmetric_contraction_f64", 1, lmax, 3, correlation, mask, a, w, torch.empty_like(a))


# Numbers of elements of each buffer of a call: 2 nodes, lmax 1, 33 channels in two blocks, 9 weights, 3 slots.
SIZES = {"features": 264, "weights": 576, "grad_out": 264, "grad_features": 264, "sums": 1728, "out": 264}
CALLS = {
    "fl_cuda_symmetric_contraction_f64": ((2, 1, 33, 3, 3), ("features", "weights", "out")),
    "fl_cuda_symmetric_contraction_backward_f64": (
        (3, 2, 1, 33, 3, 3),
        ("features", "weights", "grad_out", "grad_features", "sums"),
    ),
}


@pytest.mark.parametrize(("name", "buffer"), [(name, buffer) for name, call in CALLS.items() for buffer in call[1]])
def test_every_buffer_crosses_as_it_must(library, name, buffer):
    numbers, buffers = CALLS[name]
    good = {each: torch.zeros(SIZES[each], dtype=FLOAT) for each in buffers}
    cuda.call(name, *numbers, *good.values())
    size = SIZES[buffer]
    for wrong, error, reason in (
        (torch.zeros(size - 1, dtype=FLOAT), NativeError, f"{buffer} has {size - 1} elements, expected {size}"),
        (torch.zeros(size), TypeError, "takes a tensor of torch.float64 here, not torch.float32"),
        (torch.zeros(2 * size, dtype=FLOAT)[::2], ValueError, "takes contiguous tensors"),
        (torch.zeros(size, dtype=FLOAT, device="meta"), ValueError, "tensors of one device"),
    ):
        with pytest.raises(error, match=reason):
            cuda.call(name, *numbers, *{**good, buffer: wrong}.values())


def test_what_was_built_from_another_table_is_refused(built, monkeypatch):
    monkeypatch.setattr(abi, "VERSION", 1)
    with pytest.raises(LibraryError, match=r"built from other sources.*FASTLATTICE_CUDA=1 pip install"):
        opened(built._name, "FASTLATTICE_CUDA=1 pip install")


def test_where_it_was_not_built(monkeypatch):
    """Asked for by name it raises and says what to do."""
    monkeypatch.setattr(cuda, "built", lambda: False)
    a, w, _ = contraction_inputs(nodes=1, lmax=1)
    with pytest.raises(BackendError, match=r"cuda cannot run symmetric_contraction on cpu.*FASTLATTICE_CUDA=1"):
        contract(a, w, backend="cuda")
    with pytest.raises(ImportError, match="FASTLATTICE_CUDA=1"):
        cuda.library.__wrapped__()


def test_where_there_is_no_gpu(monkeypatch):
    monkeypatch.setattr(cuda, "built", lambda: True)
    a, w, _ = contraction_inputs(nodes=1, lmax=1)
    with pytest.raises(BackendError, match="the CUDA library runs on CUDA devices"):
        contract(a, w, backend="cuda")
    gpu = torch.device("cuda")
    assert cuda_op.refusal(gpu, torch.float64) is None
    assert "float32 and float64" in cuda_op.refusal(gpu, torch.bfloat16)
