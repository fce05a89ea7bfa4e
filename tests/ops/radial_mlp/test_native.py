"""The native radial_mlp: against reference and torch backend, any widths, determinism, custom op; exp itself."""

import pytest
import torch

from fastlattice import ops
from tests.support.backends import mlp_inputs
from tests.support.network import FLOAT, with_threads
from tests.support.tolerances import OP_FORWARD, OP_GRADIENT, difference

pytestmark = pytest.mark.usefixtures("uninitialised_memory_is_nan")

DTYPES = [torch.float64, torch.float32]


def leaves_of(given):
    return [t.requires_grad_() for t in (given["length"], given["radius"], *given["weights"], *given["biases"])]


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("bases", "layers", "width"), [(6, 2, 64), (10, 3, 50), (2, 1, 1), (7, 4, 17)])
@pytest.mark.parametrize("rows", [0, 1, 63, 1000])
def test_reference(rows, bases, layers, width, dtype):
    """Against fp64 also in fp32: two roundings of one cancelling sum may differ by more than the tolerance."""
    reference = pytest.importorskip("fastlattice.reference")
    given = mlp_inputs(rows, bases, width, layers, dtype)
    exact = {name: [t.double() for t in v] if isinstance(v, list) else v for name, v in given.items()}
    exact.update({name: given[name].double() for name in ("length", "radius")})
    found = ops.radial_mlp(**given, backend="native")
    leaves = leaves_of(given)
    gradients = torch.autograd.grad(ops.radial_mlp(**given, backend="native").sin().sum(), leaves)
    for expected in (reference.radial_mlp, lambda **arguments: ops.radial_mlp(**arguments, backend="torch")):
        leaves = leaves_of(exact)
        out = expected(**exact)
        assert difference(found.double(), out) <= OP_FORWARD[dtype]
        for one, other in zip(gradients, torch.autograd.grad(out.sin().sum(), leaves), strict=True):
            assert difference(one.double(), other) <= OP_GRADIENT[dtype]


def test_layers_of_different_widths():
    given = mlp_inputs(40)
    given["weights"] = [torch.randn(n, m, dtype=FLOAT) for n, m in ((20, 12), (5, 20), (33, 5))]
    given["biases"] = [torch.randn(n, dtype=FLOAT) for n in (20, 5, 33)]
    leaves = leaves_of(given)
    found, expected = (ops.radial_mlp(**given, backend=backend) for backend in ("native", "torch"))
    assert difference(found, expected) <= OP_FORWARD[FLOAT]
    gradients = [torch.autograd.grad(out.sin().sum(), leaves) for out in (found, expected)]
    assert all(difference(a, b) <= OP_GRADIENT[FLOAT] for a, b in zip(*gradients, strict=True))


@pytest.mark.parametrize("dtype", DTYPES)
def test_exponential_and_silu(dtype):
    """SiLU of one number, from -800 to 800: within a few units in the last place, but for what underflows."""
    x = torch.cat([torch.linspace(-800, 800, 4001), torch.linspace(-20, 20, 4001)]).to(dtype)
    given = {"length": torch.zeros(1, dtype=dtype), "radius": torch.zeros(1, dtype=dtype)}
    weight = torch.zeros(len(x), 4, dtype=dtype)
    found = ops.radial_mlp(**given, weights=[weight], biases=[x], max_length=1, max_radius=1, backend="native")[0]
    exact = x.double() / (1 + torch.exp(-x.double()))
    allowed = 4 * torch.finfo(dtype).eps * exact.abs() + 1e3 * torch.finfo(dtype).tiny
    assert ((found.double() - exact).abs() <= allowed).all()


def test_not_a_number_stays_one():
    given = mlp_inputs(5)
    given["length"][2] = float("nan")
    found = ops.radial_mlp(**given, backend="native")
    assert torch.equal(found.isnan().any(dim=1), torch.tensor([False, False, True, False, False]))


def test_gradcheck():
    given = mlp_inputs(rows=3, bases=3, width=4)

    def function(length, radius, w1, w2, b1, b2):
        return ops.radial_mlp(length, radius, [w1, w2], [b1, b2], 0.6, 0.03, backend="native")

    assert torch.autograd.gradcheck(function, leaves_of(given))


@pytest.mark.parametrize("wanted", [[0], [1], [2], [5], [0, 5]])
def test_some_gradients(wanted):
    given = mlp_inputs(rows=30)
    everything = [given["length"], given["radius"], *given["weights"], *given["biases"]]
    leaves = [everything[n].requires_grad_() for n in wanted]
    gradients = [
        torch.autograd.grad(ops.radial_mlp(**given, backend=name).sin().sum(), leaves) for name in ("native", "torch")
    ]
    assert all(difference(a, b) <= OP_GRADIENT[FLOAT] for a, b in zip(*gradients, strict=True))


def test_batch_mates_and_threads_change_no_bit():
    given = mlp_inputs(rows=3000, width=40)

    def run(rows):
        part = {**given, "length": given["length"][:rows], "radius": given["radius"][:rows]}
        leaves = leaves_of({**part, "length": part["length"].detach(), "radius": part["radius"].detach()})
        part = {**part, "length": leaves[0], "radius": leaves[1]}
        out = ops.radial_mlp(**part, backend="native")
        return out, *torch.autograd.grad(out.sin().sum(), leaves)

    results = [with_threads(n, run, 3000) for n in (1, 2, 3)]
    assert all(torch.equal(a, b) for other in results[1:] for a, b in zip(results[0], other, strict=True))
    for one, some in zip(results[0][:3], run(77)[:3], strict=True):
        assert torch.equal(one[:77], some)


def test_views():
    given = mlp_inputs(rows=20)
    expected = ops.radial_mlp(**given, backend="native")
    wide = torch.stack([given["length"], given["radius"]], dim=1)
    weights = [w.T.contiguous().T for w in given["weights"]]
    views = {**given, "length": wide[:, 0], "radius": wide[:, 1], "weights": weights}
    assert torch.equal(ops.radial_mlp(**views, backend="native"), expected)


def test_no_second_derivative():
    given = mlp_inputs(rows=7)
    given["length"].requires_grad_()
    out = ops.radial_mlp(**given, backend="native")
    (gradient,) = torch.autograd.grad(out.sin().sum(), [given["length"]], create_graph=True)
    with pytest.raises(RuntimeError, match="radial_mlp has first derivatives only"):
        gradient.sum().backward()
