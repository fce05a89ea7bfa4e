"""The adjoint of homogenisation against finite differences."""

import pytest
import torch

from fastlattice import LatticeBatch, Status, homogenise, unit_cell
from tests.fe.test_frame import irregular, two_nets
from tests.fe.test_frame_status import CASES


def differentiable(batch):
    """The stiffness as a function of (cell, positions, radii), and these as leaves."""

    def stiffness(cell, positions, radii, **options):
        moved = LatticeBatch(
            cell, positions, batch.struts, batch.shifts, radii, batch.node_offsets, batch.strut_offsets
        )
        return homogenise(moved, **options).stiffness

    return stiffness, tuple(t.clone().requires_grad_() for t in (batch.cell, batch.positions, batch.radii))


@pytest.mark.parametrize(
    "lattices",
    [
        [irregular(0), irregular(1)],  # multi-struts, self-struts, triclinic
        [two_nets()],
        [irregular().supercell((2, 1, 1))],
        [unit_cell("simple_cubic"), unit_cell("kelvin").perturb(0.05, 0)],
    ],
    ids=["irregular", "two nets", "supercell", "symmetric"],
)
def test_gradcheck(lattices):
    stiffness, leaves = differentiable(LatticeBatch.from_lattices(lattices))
    scale = stiffness(*leaves).abs().max().item()
    assert torch.autograd.gradcheck(
        lambda *x: stiffness(*x, nu=0.2, kappa=0.8) / scale, leaves, eps=1e-6, atol=1e-6, rtol=1e-5
    )


@pytest.mark.parametrize("beam", ["timoshenko", "euler-bernoulli"])
def test_gradients_of_each_beam(beam):
    stiffness, leaves = differentiable(LatticeBatch.from_lattices([irregular(2)]))
    scale = stiffness(*leaves, beam=beam).abs().max().item()
    function = lambda *x: stiffness(*x, beam=beam) / scale  # noqa: E731
    assert torch.autograd.gradcheck(function, leaves, eps=1e-6, atol=1e-6, rtol=1e-5)


def test_left_handed_cell():
    lattice = irregular().rotate([[-1, 0, 0], [0, 1, 0], [0, 0, 1]])
    stiffness, leaves = differentiable(LatticeBatch.from_lattices([lattice]))
    assert torch.autograd.gradcheck(lambda *x: 100 * stiffness(*x), leaves, eps=1e-6, atol=1e-6, rtol=1e-5)


@pytest.mark.parametrize("lattice", [unit_cell("weaire_phelan").supercell((3, 1, 1)).perturb(0.005, 0)], ids=["large"])
def test_directional_derivative_of_a_large_cell(lattice):
    assert lattice.num_nodes > 64
    stiffness, leaves = differentiable(LatticeBatch.from_lattices([lattice]))
    generator = torch.Generator().manual_seed(0)
    weights = torch.randn(1, 6, 6, generator=generator, dtype=torch.float64)
    gradients = torch.autograd.grad((stiffness(*leaves) * weights).sum(), leaves)
    for which in range(3):
        step = torch.randn(leaves[which].shape, generator=generator, dtype=torch.float64)
        step *= 1e-5 * leaves[which].abs().max() / step.abs().max()
        with torch.no_grad():
            ends = [
                (stiffness(*(x + sign * step if k == which else x for k, x in enumerate(leaves))) * weights).sum()
                for sign in (1, -1)
            ]
        torch.testing.assert_close((gradients[which] * step).sum(), (ends[0] - ends[1]) / 2, rtol=1e-5, atol=0)


def test_scaling_laws():
    """C does not change when everything grows alike, nor when the lattice moves: exact identities of the gradient."""
    stiffness, leaves = differentiable(LatticeBatch.from_lattices([irregular()]))
    weights = torch.linspace(-1, 1, 36, dtype=torch.float64).reshape(1, 6, 6)
    gradients = torch.autograd.grad((stiffness(*leaves) * weights).sum(), leaves)
    size = sum((g * x).abs().sum() for g, x in zip(gradients, leaves, strict=True))
    assert abs(sum((g * x).sum() for g, x in zip(gradients, leaves, strict=True))) < 1e-12 * size
    assert gradients[1].sum(0).abs().max() < 1e-12 * size


def test_failures_get_zero_gradients_and_disturb_nobody():
    lattices = [irregular(), CASES["a sheet alone"][0], irregular(1)]
    batch = LatticeBatch.from_lattices(lattices)
    stiffness, leaves = differentiable(batch)
    C = stiffness(*leaves)
    assert C[1].isnan().all()
    gradients = torch.autograd.grad(C.sum(), leaves)
    without, other_leaves = differentiable(LatticeBatch.from_lattices(lattices[::2]))
    expected = torch.autograd.grad(without(*other_leaves).sum(), other_leaves)
    nodes, struts = batch.node_offsets.tolist(), batch.strut_offsets.tolist()
    kept = ([0, 2], [*range(nodes[1]), *range(nodes[2], nodes[3])], [*range(struts[1]), *range(struts[2], struts[3])])
    for gradient, rows, wanted in zip(gradients, kept, expected, strict=True):
        assert torch.equal(gradient[rows], wanted)
        gradient[rows] = 0
        assert not gradient.any()


def test_same_bits_on_any_number_of_threads():
    batch = LatticeBatch.from_lattices([irregular(k) for k in range(50)])
    results = []
    for threads in (1, 2, 5):
        stiffness, leaves = differentiable(batch)
        results.append(
            torch.cat(
                [g.flatten() for g in torch.autograd.grad(stiffness(*leaves, threads=threads).square().sum(), leaves)]
            )
        )
    assert torch.equal(results[0], results[1])
    assert torch.equal(results[0], results[2])


def test_one_leaf_is_enough():
    batch = LatticeBatch.from_lattices([irregular()])
    batch.radii.requires_grad_()
    result = homogenise(batch)
    assert result.status.tolist() == [Status.OK]
    result.stiffness.sum().backward()
    assert batch.radii.grad.shape == batch.radii.shape
    assert batch.positions.grad is None
    with torch.no_grad():
        assert not homogenise(batch).stiffness.requires_grad


def test_what_has_no_gradient_says_so():
    stiffness, leaves = differentiable(LatticeBatch.from_lattices([irregular()]))
    with pytest.raises(ValueError, match="no gradients"):
        stiffness(*leaves, discretisation="abaqus-b31")
    (first,) = torch.autograd.grad(stiffness(*leaves).sum(), leaves[2], create_graph=True)
    with pytest.raises(RuntimeError, match="first derivatives only"):
        first.sum().backward()
