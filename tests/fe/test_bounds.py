"""The bounds proven by mechanics: Loewner's order, invariances, and an independent dense computation."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from fastlattice import LatticeBatch, LatticeError, Status, bounds, homogenise, rcsr_net, unit_cell
from tests.fe.test_frame import affine_stiffness, irregular, stiffness, two_nets
from tests.fe.test_frame_status import CASES
from tests.support.bounds_reference import dense_bounds
from tests.support.frame_reference import rotated
from tests.support.strategies import lattices

NETS = {
    "irregular": lambda: irregular(0),
    "two nets": two_nets,
    "kelvin": lambda: unit_cell("kelvin").perturb(0.05, 0),
    "weaire_phelan": lambda: unit_cell("weaire_phelan", 0.01).perturb(0.1, 1),
    "one node": lambda: unit_cell("simple_cubic"),
}


def of(lattice, order=3, **options):
    result = bounds(lattice, order, **options)
    assert result.failures() == []
    return result.stiffness[0].numpy()


def assert_same(found, expected, tolerance=1e-12):
    """To within a part of the affine bound."""
    np.testing.assert_allclose(found, expected, rtol=0, atol=tolerance * np.abs(expected[0]).max())


@pytest.mark.parametrize("name", NETS)
def test_against_dense_reference(name):
    lattice = NETS[name]()
    assert_same(of(lattice, 4, nu=0.2, kappa=0.8), dense_bounds(lattice, 4, 0.2, 0.8))


@pytest.mark.parametrize("name", NETS)
def test_first_is_the_affine_bound(name):
    lattice = NETS[name]()
    np.testing.assert_allclose(of(lattice, 0)[0], affine_stiffness(lattice), rtol=1e-12, atol=1e-17)


@given(lattices(), st.integers(0, 5))
def test_loewner_order(lattice, order):
    """Each bounds the next, and all bound the exact stiffness, whatever the lattice."""
    result, exact = bounds(lattice, order), homogenise(lattice)
    assert result.stiffness.shape == (1, order + 1, 6, 6)
    if exact.ok[0]:
        assert result.ok[0]
        chain = torch.cat([result.stiffness[0], exact.stiffness])
        size = chain[0].diagonal().sum()
        assert torch.linalg.eigvalsh(chain[:-1] - chain[1:]).min() > -1e-11 * size
    elif result.ok[0]:
        assert exact.status[0] == Status.SINGULAR_PIVOT
    else:
        assert result.stiffness.isnan().all()


def test_converges_to_the_exact_stiffness():
    lattice = irregular(3)  # six unknowns a node, four nodes, six fields a step
    assert_same(of(lattice, 6)[[0, -1]], np.stack([of(lattice, 0)[0], stiffness(lattice)]), 1e-11)


@pytest.mark.parametrize("name", ["irregular", "kelvin"])
def test_supercell(name):
    lattice = NETS[name]()
    assert_same(of(lattice.supercell((2, 1, 3))), of(lattice), 1e-11)


def test_supercell_of_a_self_strut():
    lattice = irregular(1)
    assert any(i == j for i, j in lattice.struts)
    assert_same(of(lattice.supercell((1, 1, 2))), of(lattice), 1e-11)


@pytest.mark.parametrize("name", ["irregular", "weaire_phelan"])
def test_rotation(name):
    lattice, turn = NETS[name](), Rotation.random(random_state=0).as_matrix()
    assert_same(of(lattice.rotate(turn)), np.stack([rotated(C, turn) for C in of(lattice)]), 1e-11)


def test_balanced_loads_take_no_step():
    for name in ("simple_cubic", "octet", "bcc"):  # every node a centre of inversion
        found = of(unit_cell(name))
        assert_same(found, np.broadcast_to(found[0], found.shape))
        assert_same(found[-1:], stiffness(unit_cell(name))[None])


def test_rounded_positions_do_not_open_new_fields():
    lattice = rcsr_net("dia")
    moved = lattice.perturb(1e-10, 0)
    assert_same(of(moved), of(lattice), 1e-7)


def differentiable(batch, order):
    def function(cell, positions, radii, **options):
        return bounds(batch.replace(cell=cell, positions=positions, radii=radii), order, **options).stiffness

    return function, tuple(t.clone().requires_grad_() for t in (batch.cell, batch.positions, batch.radii))


@pytest.mark.parametrize("order", [0, 1, 3])
@pytest.mark.parametrize("beam", ["timoshenko", "euler-bernoulli"])
def test_gradcheck(order, beam):
    function, leaves = differentiable(LatticeBatch.from_lattices([irregular(0), irregular(1)]), order)
    scale = function(*leaves).abs().max().item()
    assert torch.autograd.gradcheck(
        lambda *x: function(*x, nu=0.2, beam=beam) / scale, leaves, eps=1e-6, atol=2e-6, rtol=1e-5
    )


def test_gradcheck_where_steps_run_out():
    """Of 24 unknowns three are free: the fourth step finds three new fields, the fifth none."""
    function, leaves = differentiable(LatticeBatch.from_lattices([irregular(2)]), 5)
    scale = function(*leaves).abs().max().item()
    assert torch.autograd.gradcheck(lambda *x: function(*x)[:, -1] / scale, leaves, eps=1e-6, atol=1e-5, rtol=1e-4)


def test_left_handed_cell():
    lattice = irregular().rotate([[-1, 0, 0], [0, 1, 0], [0, 0, 1]])
    function, leaves = differentiable(LatticeBatch.from_lattices([lattice]), 2)
    assert torch.autograd.gradcheck(lambda *x: 100 * function(*x), leaves, eps=1e-6, atol=1e-6, rtol=1e-5)


def test_scaling_laws():
    """Nothing changes when everything grows alike, nor when the lattice moves: exact identities of the gradient."""
    function, leaves = differentiable(LatticeBatch.from_lattices([irregular()]), 3)
    weights = torch.linspace(-1, 1, 144, dtype=torch.float64).reshape(1, 4, 6, 6)
    gradients = torch.autograd.grad((function(*leaves) * weights).sum(), leaves)
    size = sum((g * x).abs().sum() for g, x in zip(gradients, leaves, strict=True))
    assert abs(sum((g * x).sum() for g, x in zip(gradients, leaves, strict=True))) < 1e-11 * size
    assert gradients[1].sum(0).abs().max() < 1e-11 * size


def test_first_derivatives_only():
    function, leaves = differentiable(LatticeBatch.from_lattices([irregular()]), 1)
    (gradient,) = torch.autograd.grad(function(*leaves).sum(), leaves[1], create_graph=True)
    with pytest.raises(RuntimeError, match="first derivatives only"):
        gradient.sum().backward()


def test_same_bits_in_any_company():
    company = [make() for make in NETS.values()] + [unit_cell("octet").supercell((3, 3, 3)).perturb(0.01, 0)]
    batch = LatticeBatch.from_lattices(company * 3)
    function, leaves = differentiable(batch, 3)
    together = function(*leaves, threads=4)
    gradients = torch.autograd.grad(together.square().sum(), leaves)
    for b, lattice in enumerate(company):
        alone, own = differentiable(LatticeBatch.from_lattices([lattice]), 3)
        found = alone(*own, threads=1)
        expected = torch.autograd.grad(found.square().sum(), own)
        assert torch.equal(together[b], found[0])
        nodes, struts = (slice(*x[b : b + 2].tolist()) for x in (batch.node_offsets, batch.strut_offsets))
        rows = (gradients[0][b : b + 1], gradients[1][nodes], gradients[2][struts])
        assert all(torch.equal(x, y) for x, y in zip(rows, expected, strict=True))


@pytest.mark.parametrize("name", CASES)
def test_what_is_wrong_with_a_lattice(name):
    """As for homogenise; the neighbours' bits, and their gradients, stay."""
    lattice, (status, rank, _) = CASES[name]
    company = unit_cell("octet")
    result = bounds([company, lattice, company], 2)
    alone = bounds(company, 2).stiffness[0]
    assert torch.equal(result.stiffness[0], alone)
    assert torch.equal(result.stiffness[2], alone)
    if status == Status.SINGULAR_PIVOT:
        return
    assert result.stiffness[1].isnan().all()
    assert (Status(int(result.status[1])), int(result.rank[1])) == (status, rank)
    function, leaves = differentiable(LatticeBatch.from_lattices([company, lattice]), 2)
    gradients = torch.autograd.grad(function(*leaves)[0].sum(), leaves)
    assert all(g.isfinite().all() for g in gradients)
    assert not gradients[0][1].any()


def test_inputs_and_their_errors():
    lattice = unit_cell("octet")
    assert bounds([], 2).stiffness.shape == (0, 3, 6, 6)
    assert bounds(lattice).stiffness.shape == (1, 3, 6, 6)
    for options in (
        {"order": -1},
        {"order": 65},
        {"order": 1.0},
        {"order": True},
        {"nu": 0.5},
        {"kappa": 0},
        {"threads": 0},
    ):
        with pytest.raises(ValueError, match=next(iter(options))):
            bounds(lattice, **options)
    with pytest.raises(LatticeError, match="item 1 is a str"):
        bounds([lattice, "octet"])
