"""What is done to whole batches, against what is done to one lattice, closed forms, and finite elements."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from fastlattice import LatticeBatch, LatticeError, elasticity, homogenise, unit_cell
from tests.support.strategies import lattices

seeds = st.integers(0, 2**32 - 1)
F64 = {"dtype": torch.float64}


def some():
    cells = [unit_cell("bcc"), unit_cell("octet").supercell((1, 1, 2)), unit_cell("diamond")]
    return LatticeBatch.from_lattices(cells)


@given(st.lists(lattices(), min_size=1, max_size=4), seeds, st.floats(0, 0.5))
def test_perturbed_by_exactly_the_level(found, seed, level):
    batch = LatticeBatch.from_lattices(found)
    moved = batch.perturb(level, seed)
    step = level * batch.cell.norm(dim=2).amax(1).repeat_interleave(batch.node_counts)
    assert torch.allclose((moved.positions - batch.positions).norm(dim=1), step, rtol=1e-12, atol=1e-14)
    assert torch.equal(moved.positions, batch.perturb(level, seed).positions)
    one = LatticeBatch.from_lattices(found[:1]).perturb(level, seed)
    assert np.allclose(one[0].positions, found[0].perturb(level, seed).positions, rtol=1e-14, atol=1e-15)


def test_levels_of_their_own():
    batch = some()
    moved = batch.perturb([0, 0.1, 0.2], 3)
    step = (moved.positions - batch.positions).norm(dim=1)
    expected = torch.tensor([0, 0.1, 0.2], **F64) * batch.cell.norm(dim=2).amax(1)
    assert torch.allclose(step, expected.repeat_interleave(batch.node_counts))


@given(st.lists(lattices(), min_size=1, max_size=4), seeds)
def test_rotated_as_one_by_one(found, seed):
    batch = LatticeBatch.from_lattices(found)
    turned = batch.rotate(seed)
    q = torch.linalg.solve(batch.cell, turned.cell).mT
    assert torch.allclose(q @ q.mT, torch.eye(3, **F64).expand_as(q), atol=1e-10)
    assert torch.allclose(torch.linalg.det(q), torch.ones(len(q), **F64))
    for b, lattice in enumerate(found):
        alone = lattice.rotate(q[b].numpy())
        assert np.allclose(turned[b].positions, alone.positions, atol=1e-10)
        assert np.allclose(turned[b].strut_lengths, lattice.strut_lengths)


def test_tensors_turn_along():
    batch = some().perturb(0.05, 1)
    labelled = batch.with_columns(target=homogenise(batch).stiffness, mine=torch.arange(3))
    for turned in (labelled.rotate(5), labelled.rotate(np.eye(3)[[1, 0, 2]]), labelled.reflect([1.0, 2, 3])):
        exact = homogenise(turned).stiffness
        assert (turned.columns["target"] - exact).abs().max() < 1e-9 * exact.abs().max()
        assert not torch.allclose(turned.columns["target"], labelled.columns["target"], rtol=1e-3)
        assert torch.equal(turned.columns["mine"], torch.arange(3))


def test_a_mirror_undoes_itself_and_keeps_its_plane():
    batch = some().perturb(0.05, 1)
    normals = torch.tensor([[1.0, 2, 3], [0, 0, 5], [1, -1, 0]], **F64)
    twice = batch.reflect(normals).reflect(normals)
    assert torch.allclose(twice.positions, batch.positions, atol=1e-12)
    once = batch.reflect(normals)
    across = torch.cross(normals, torch.tensor([[0.3, 0.5, 0.7]], **F64).expand(3, 3), dim=1)
    assert torch.allclose((batch.cell @ across[:, :, None]), (once.cell @ across[:, :, None]), atol=1e-12)
    assert torch.allclose((batch.cell @ normals[:, :, None]), -(once.cell @ normals[:, :, None]), atol=1e-12)


def test_rotations_by_seed_are_uniform():
    one = LatticeBatch.from_lattices([unit_cell("bcc")])
    turned = one.take([0] * 20_000).rotate(0)
    q = torch.linalg.solve(one.cell, turned.cell)
    assert (q.mean(0).abs() < 4 / 20_000**0.5 / 3**0.5).all()
    assert (
        abs(float(q.diagonal(dim1=1, dim2=2).sum(1).square().mean()) - 1) < 0.05
    )  # of the trace of SO(3)'s Haar measure


@given(st.lists(lattices(), min_size=1, max_size=3), seeds)
def test_strain_is_affine(found, seed):
    batch = LatticeBatch.from_lattices(found)
    e = np.random.default_rng(seed).normal(size=(3, 3)) * 0.2
    e = (e + e.T) / 2
    strained = batch.strain(e)
    w, v = np.linalg.eigh(e)
    stretch = torch.from_numpy((v * np.exp(w)) @ v.T)
    assert torch.allclose(strained.strut_vectors, batch.strut_vectors @ stretch, atol=1e-12)
    assert torch.allclose(strained.volume, batch.volume * np.exp(np.trace(e)))
    assert torch.equal(strained.radii, batch.radii)


@given(st.lists(lattices(), min_size=1, max_size=3), st.floats(1e-4, 0.5))
def test_density_is_exact(found, density):
    batch = LatticeBatch.from_lattices(found)
    scaled = batch.with_density(density)
    assert ((scaled.relative_density / density - 1).abs() < 1e-12).all()
    factor = (scaled.radii / batch.radii).split(batch.strut_counts.tolist())
    assert all(torch.allclose(f, f[0]) for f in factor)
    assert torch.allclose(scaled.columns["relative_density"], torch.full((len(batch),), density, **F64))


def test_densities_and_radii_of_their_own():
    batch = some().with_density([0.01, 0.02, 0.03])
    assert torch.allclose(batch.relative_density, torch.tensor([0.01, 0.02, 0.03], **F64))
    weights = torch.linspace(1, 2, len(batch.radii), **F64)
    assert torch.equal(batch.with_radii(weights).radii, weights)
    assert (batch.with_radii(0.1).radii == 0.1).all()


def test_what_no_longer_holds_does_not_come_along():
    batch = some()
    columns = {name: torch.zeros(3) for name in ("level", "relative_density", "beam_valid", "status", "mine")}
    labelled = batch.with_columns(target=homogenise(batch).stiffness, **columns)
    assert set(labelled.perturb(0.1, 0).columns) == {"name", "mine"}
    assert set(labelled.strain(np.zeros((3, 3))).columns) == {"name", "mine"}
    assert set(labelled.with_radii(0.1).columns) == {"name", "mine", "level"}
    assert set(labelled.with_density(0.1).columns) == {"name", "mine", "level", "relative_density"}
    assert set(labelled.rotate(0).columns) == set(labelled.columns)


def test_gradients():
    batch = some()
    weights = torch.linspace(1, 2, len(batch.radii), **F64)

    def f(cell, positions, radii, level, e, density):
        moved = batch.replace(cell=cell, positions=positions).strain((e + e.T) / 2).perturb(level, 3)
        thick = moved.with_radii(radii).with_density(density).reflect([1.0, 1, 0]).rotate(4)
        return thick.positions.sin().sum() + thick.cell.cos().sum() + (thick.radii * weights).sum()

    e = 0.1 * torch.arange(9, **F64).reshape(3, 3)
    inputs = [
        batch.cell,
        batch.positions,
        batch.radii * weights,
        torch.tensor(0.05, **F64),
        e,
        torch.tensor(0.02, **F64),
    ]
    assert torch.autograd.gradcheck(f, [x.clone().requires_grad_() for x in inputs])


def test_stiffness_through_all_of_them():
    """Density scales what stretches; a mirror and a rotation turn the tensor."""
    batch = some().with_density(1e-4)
    C = homogenise(batch).stiffness
    thin = homogenise(batch.with_density(1e-5)).stiffness
    octet = 1
    assert torch.allclose(thin[octet] * 10, C[octet], rtol=1e-2, atol=1e-8)
    q = torch.tensor([[0.6, -0.8, 0], [0.8, 0.6, 0], [0, 0, 1]], **F64)
    turned = homogenise(batch.rotate(q)).stiffness
    assert (turned - elasticity.rotate(C, q, notation="mandel")).abs().max() < 1e-10 * C.abs().max()


@pytest.mark.parametrize(
    "bad",
    [
        lambda b: b.perturb([0.1, 0.2], 0),
        lambda b: b.strain([[0, 1, 0], [0, 0, 0], [0, 0, 0]]),
        lambda b: b.strain(np.zeros((2, 3, 3))),
        lambda b: b.with_density(0),
        lambda b: b.with_density(1.0),
        lambda b: b.with_density(float("nan")),
        lambda b: b.with_density([0.1, 0.2]),
        lambda b: b.with_radii(0),
        lambda b: b.with_radii([0.1, 0.2]),
        lambda b: b.rotate(2 * np.eye(3)),
        lambda b: b.rotate(np.eye(2)),
        lambda b: b.rotate(np.eye(3)[None].repeat(2, 0)),
        lambda b: b.reflect([0, 0, 0]),
        lambda b: b.reflect([1, 0]),
    ],
)
def test_refuses(bad):
    with pytest.raises(LatticeError):
        bad(some())
