"""What a hybrid network starts from: steps of relaxation of a graph's lattices, their energies and derivatives."""

from dataclasses import replace

import pytest
import torch

from fastlattice import LatticeBatch, bounds, homogenise, rcsr_net, unit_cell
from fastlattice._native import NativeError
from fastlattice.elasticity import rotate
from fastlattice.models.mace.mechanics import local_mechanics
from fastlattice.models.mace.relaxation import relaxed, relaxed_energies
from tests.models.test_extensions import batch, mechanics, network
from tests.support.network import generator, rotation
from tests.support.tolerances import difference


def test_relaxed_bounds_are_those_of_finite_elements():
    """Of graphs whose edges are known to be pairs, and of others, whose struts are read twice."""
    one = batch()
    graph = network("relaxed").inputs(one)
    expected = bounds(one, 4).stiffness
    for read in (graph, replace(graph, first_edge=None)):
        found = relaxed(read, 4, 1e-12)
        assert difference(found.bounds, expected) < 1e-12
        assert difference(found.density, one.relative_density) < 1e-12
        means = torch.zeros(len(one), 6, 6, dtype=torch.float64).index_add(0, read.batch, found.energy)
        assert difference(means / one.node_counts[:, None, None], expected[:, 4]) < 1e-12


def test_without_a_step_nodes_have_the_energies_of_the_affine_bound():
    one = batch()
    graph, vectors = mechanics(one)
    affine = local_mechanics(graph, vectors, torch.ones(len(one), dtype=torch.float64), one.volume)
    found = relaxed(graph, 0)
    assert difference(found.energy, affine.energy) < 1e-12
    assert difference(found.release, affine.release) < 1e-10


def test_fields_that_only_rounding_tells_apart_are_none():
    """Symmetric nets in single precision, as they are and turned: the bounds after four steps are the same."""
    nets = LatticeBatch.from_lattices([rcsr_net(name, 0.01) for name in ("urx", "bbs", "dft-e", "tpz", "umf", "gis-e")])
    turn = rotation(True, 5).numpy()
    turned = LatticeBatch.from_lattices([nets[i].rotate(turn) for i in range(len(nets))])
    model = network("relaxed", torch.float32)
    expected = rotate(relaxed(model.inputs(nets), 4).bounds[:, 4].numpy(), turn, notation="mandel")
    found = relaxed(model.inputs(turned), 4).bounds[:, 4]
    assert difference(found, torch.as_tensor(expected)) < 1e-5
    exact = homogenise(turned).stiffness
    assert (torch.linalg.eigvalsh(found - exact)[:, 0] > -1e-6 * exact.flatten(1).norm(dim=1)).all()


def test_what_nodes_alone_would_release_is_gained_half_at_least():
    """As after no step: the stiffness left below C_K is by half the mean release, or more."""
    larger = unit_cell("octet", 0.02).supercell((2, 1, 1))
    one = LatticeBatch.from_lattices([unit_cell("kelvin", 0.05).perturb(0.08, 3), larger.perturb(0.05, 2)])
    found, exact = relaxed(network("relaxed").inputs(one), 2), homogenise(one).stiffness
    owner = torch.arange(2).repeat_interleave(one.node_counts)
    means = torch.zeros_like(exact).index_add(0, owner, found.release) / one.node_counts[:, None, None]
    assert means.flatten(1).norm(dim=1).min() > 1e-6
    assert torch.linalg.eigvalsh(found.bounds[:, 2] - exact - 0.5 * means)[:, 0].min() > -1e-14


@pytest.mark.parametrize("steps", [0, 1, 3])
@pytest.mark.parametrize("result", [0, 1, 2])
@pytest.mark.parametrize("dependent", [1e-12, 1e-2])
def test_gradients_of_relaxed_energies(steps, result, dependent):
    """Whether no field is left out, or most are."""
    one = LatticeBatch.from_lattices([unit_cell(name).perturb(0.05, 0) for name in ("kelvin", "bcc")])
    graph = network("relaxed").inputs(one)
    ends = graph.edge_index[:, graph.first_edge]
    vectors = graph.positions[ends[1]] - graph.positions[ends[0]] + graph.shifts[graph.first_edge]
    leaves = vectors.requires_grad_(), (3 * graph.radius[graph.first_edge]).requires_grad_()

    def form(vectors, radius):
        return relaxed_energies(vectors, radius, ends, graph.batch, len(one), steps, dependent)[result]

    size = form(*leaves).detach()
    weight = torch.randn(size.shape, generator=generator(4), dtype=torch.float64) / size.abs().max()
    assert torch.autograd.gradcheck(lambda *x: (form(*x) * weight).sum(), leaves, eps=1e-6, atol=1e-5, rtol=1e-5)


def test_what_cannot_be_relaxed_is_refused_or_has_no_number():
    vectors, radius = torch.eye(3, dtype=torch.float64), torch.full((3,), 0.1, dtype=torch.float64)
    ends, owner = torch.tensor([[0, 1, 0], [1, 0, 1]]), torch.zeros(2, dtype=torch.int64)
    assert all(found.isfinite().all() for found in relaxed_energies(vectors, radius, ends, owner, 1, 2, 1e-12))
    assert all(found.isnan().all() for found in relaxed_energies(vectors, 0 * radius, ends, owner, 1, 2, 1e-12))
    with pytest.raises(NativeError, match="not a node"):
        relaxed_energies(vectors, radius, ends + 1, owner, 1, 2, 1e-12)
    with pytest.raises(NativeError, match="two lattices"):
        relaxed_energies(vectors, radius, ends, torch.tensor([0, 1]), 2, 2, 1e-12)
    leaf = vectors.clone().requires_grad_()
    total = relaxed_energies(leaf, radius, ends, owner, 1, 2, 1e-12)[0].sum()
    (slope,) = torch.autograd.grad(total, leaf, create_graph=True)
    with pytest.raises(RuntimeError, match=r"this relaxation has first derivatives only$"):
        slope.sum().backward()


def test_a_lattice_that_cannot_be_relaxed_takes_no_other_with_it():
    model, one = network("relaxed"), batch()
    graph = model.inputs(one)
    thin = torch.where(graph.batch[graph.edge_index[0]] == 1, 1e-200, graph.radius)
    found, expected = model.raw(replace(graph, radius=thin)), model.raw(graph)
    assert found[1].isnan().all()
    others = torch.arange(len(one)) != 1
    assert torch.equal(found[others], expected[others])
