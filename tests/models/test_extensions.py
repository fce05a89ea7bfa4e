"""The network with what the released one does not have: mechanics around the nodes, norm, gate, bounded head."""

from dataclasses import replace

import pytest
import torch

from fastlattice import ConfigError, Conventions, LatticeBatch, LatticeMACE, MACEConfig, bounds, homogenise, unit_cell
from fastlattice._native import NativeError
from fastlattice.data import Stream, bases
from fastlattice.elasticity import rotate
from fastlattice.models.mace.config import uniform_irreps
from fastlattice.models.mace.extensions import BoundedHead
from fastlattice.models.mace.matrix_functions import FUNCTIONS, of_symmetric, share
from fastlattice.models.mace.mechanics import _of_edges, local_mechanics
from fastlattice.models.mace.node_mechanics import node_mechanics
from fastlattice.models.mace.relaxation import relaxed
from tests.support.network import generator, lattices, rotation, with_threads
from tests.support.tolerances import difference

ALL = {
    "edge_scalars": "relative",
    "node_inputs": "mechanics",
    "layer_norm": True,
    "pooled_gate": True,
    "positive_function": "bounded",
}


def to_degree(lmax):
    return {"lmax": lmax, "hidden_irreps": uniform_irreps(4, lmax), "readout_irreps": uniform_irreps(6, lmax)}


EXTENSIONS = {
    "relative edges": {"edge_scalars": "relative"},
    "geometry": {"node_inputs": "geometry"},
    "mechanics": {"node_inputs": "mechanics"},
    "norm": {"layer_norm": True},
    "gate": {"node_inputs": "geometry", "pooled_gate": True},
    "all": ALL,
    "relaxed": {**ALL, "relaxation_steps": 2},
    "relaxed by five steps": {**ALL, **to_degree(2), "relaxation_steps": 5},
    "all to degree 2": {**ALL, **to_degree(2)},
    "all to degree 3": {**ALL, **to_degree(3)},
    "norm to degree 2": {"layer_norm": True, **to_degree(2)},
}


def settings(**entries):
    relative = entries.get("edge_scalars") == "relative"
    return {
        "hidden_irreps": uniform_irreps(4, 4),
        "readout_irreps": uniform_irreps(6, 4),
        "max_edge_radius": 1.0 if relative else 0.1,
        "max_edge_length": 1.0 if relative else 0.6,
        "inter_MLP_dim": 8,
        "correlation": 2,
        "message_passes": 3,
        **entries,
    }


def network(name, dtype=torch.float64, seed=3):
    torch.manual_seed(seed)
    return LatticeMACE(settings(**EXTENSIONS[name])).to(dtype)


def batch():
    """Perturbed cells, one with struts from a node to its own image, and cubic ones, whose eigenvalues coincide."""
    cells = [unit_cell(name, 0.02) for name in ("octet", "kelvin", "simple_cubic", "bcc")]
    return LatticeBatch.from_lattices([*lattices(), *cells, *(cell.perturb(0.05, 1) for cell in cells)])


@pytest.mark.parametrize("name", EXTENSIONS)
class TestEveryExtension:
    def test_rotation_turns_the_stiffness(self, name):
        model, turn = network(name), rotation(True, 5).numpy()
        one = batch()
        turned = LatticeBatch.from_lattices([one[i].rotate(turn) for i in range(len(one))])
        expected = rotate(model.stiffness(one).detach().numpy(), turn, notation="mandel")
        assert difference(model.stiffness(turned), torch.as_tensor(expected)) < 1e-10

    def test_reflection_mirrors_the_stiffness(self, name):
        model, mirror = network(name), torch.diag(torch.tensor([1.0, -1.0, 1.0], dtype=torch.float64))
        one = batch()
        mirrored = one.replace(cell=one.cell @ mirror, positions=one.positions @ mirror)
        signs = torch.tensor([1.0, 1, 1, -1, 1, -1], dtype=torch.float64)
        expected = model.stiffness(one) * signs[:, None] * signs
        assert difference(model.stiffness(mirrored), expected) < 1e-10

    def test_a_supercell_is_the_cell(self, name):
        model = network(name)
        cells = [unit_cell("simple_cubic", 0.03).perturb(0.1, 0), unit_cell("octet", 0.01).perturb(0.05, 2)]
        larger = LatticeBatch.from_lattices([cell.supercell((2, 1, 3)) for cell in cells])
        assert difference(model.stiffness(larger), model.stiffness(LatticeBatch.from_lattices(cells))) < 1e-10

    def test_gradients_are_those_of_finite_differences(self, name):
        model = network(name)
        one = LatticeBatch.from_lattices([unit_cell("simple_cubic", 0.03), unit_cell("bcc", 0.02).perturb(0.05, 1)])
        weight = torch.randn(2, 6, 6, generator=generator(1), dtype=torch.float64)

        def scalar(positions, radii, cell):
            return (model.stiffness(one.replace(positions=positions, radii=radii, cell=cell)) * weight).sum() * 1e3

        given = [x.clone().requires_grad_() for x in (one.positions, one.radii, one.cell)]
        assert torch.autograd.gradcheck(scalar, given, eps=1e-7, atol=1e-5, rtol=1e-4)

    def test_every_parameter_learns(self, name):
        model = network(name)
        model.stiffness(batch()).pow(2).sum().backward()
        for label, parameter in model.named_parameters():
            assert parameter.grad.isfinite().all(), label
        assert sum(float(p.grad.abs().max()) > 0 for p in model.parameters()) > 0.8 * len(list(model.parameters()))

    def test_a_lattice_alone_is_the_same_lattice(self, name):
        model, one = network(name, torch.float32), batch()
        together = model.stiffness(one)
        for i in range(len(one)):
            assert difference(model.stiffness(one[i : i + 1]), together[i : i + 1]) < 1e-6

    def test_is_kept_by_a_file(self, name, tmp_path):
        model = network(name)
        model.save(tmp_path / "m.safetensors")
        again = LatticeMACE.load(tmp_path / "m.safetensors")
        assert again.config == model.config
        assert torch.equal(again.stiffness(batch()), model.stiffness(batch()))

    def test_the_portable_backend_agrees(self, name):
        model = network(name)
        native = model.stiffness(batch())
        model.backend = "torch"
        assert difference(model.stiffness(batch()), native) < 1e-11


@pytest.mark.parametrize("name", ["all", "relaxed", "relaxed by five steps"])
def test_the_bounded_head_stays_between_zero_and_the_bound(name):
    model, one = network(name), batch()
    for parameter in model.parameters():
        parameter.data *= 5  # far from where training goes
    found = model.stiffness(one)
    _, around = model._edges(model.inputs(one))
    gap = around.root @ around.root - found
    steps = model.config.relaxation_steps
    assert difference(around.root @ around.root, relaxed(model.inputs(one), steps).bounds[:, steps]) < 1e-9
    scale = around.root.flatten(1).norm(dim=1) ** 2
    assert (torch.linalg.eigvalsh(found)[:, 0] > 0).all()
    assert (torch.linalg.eigvalsh(gap)[:, 0] > -1e-12 * scale).all()


def mechanics(one):
    model = network("mechanics")
    graph = model.inputs(one)
    vectors = graph.positions[graph.edge_index[1]] - graph.positions[graph.edge_index[0]] + graph.shifts
    return graph, vectors


def test_the_affine_bound_is_above_exact_stiffness():
    one = batch()
    graph, vectors = mechanics(one)
    length = torch.ones(len(one), dtype=torch.float64)
    found = local_mechanics(graph, vectors, length, one.volume)
    exact = homogenise(one).stiffness
    scale = exact.flatten(1).norm(dim=1)
    assert (torch.linalg.eigvalsh(found.bound - exact)[:, 0] > -1e-12 * scale).all()
    octet = exact[4]
    assert difference(found.bound[4], octet) < 1e-12, "an octet truss deforms affinely"
    means = torch.zeros_like(found.bound).index_add(0, graph.batch, found.energy) / one.node_counts[:, None, None]
    assert difference(means, found.bound) < 1e-12
    longer = local_mechanics(graph, vectors, 7 * length, one.volume)
    assert difference(longer.release, found.release) < 1e-10, "the unit of rotations does not matter"


def test_native_mechanics_are_those_of_torch():
    """Values and first gradients; the portable form has been proven above and below."""
    one = batch()
    graph, _ = mechanics(one)
    weights = torch.randn(2, len(graph.batch), 6, 6, generator=generator(1), dtype=torch.float64)
    found = {}
    for backend in ("native", "torch"):
        moved, radius = graph.positions.clone().requires_grad_(), graph.radius.clone().requires_grad_()
        edges = moved[graph.edge_index[1]] - moved[graph.edge_index[0]] + graph.shifts
        length = torch.linspace(0.7, 1.3, len(one), dtype=torch.float64)
        result = local_mechanics(replace(graph, radius=radius), edges, length, one.volume, backend)
        total = (result.energy * weights[0] + result.release * weights[1]).sum() + result.bound.square().sum()
        total.backward()
        found[backend] = [result.bound, result.energy, result.release, moved.grad, radius.grad]
    for native, portable in zip(*found.values(), strict=True):
        assert difference(native, portable) < 1e-12


def test_native_mechanics_refuse_receivers_out_of_range():
    vectors, radius = torch.eye(3, dtype=torch.float64), torch.full((3,), 0.1, dtype=torch.float64)
    for wrong in (-1, 2):
        with pytest.raises(NativeError, match="receiver"):
            node_mechanics(vectors, radius, torch.tensor([0, 1, wrong]), 2)


@pytest.mark.parametrize("form", [node_mechanics, _of_edges])
def test_gradients_of_node_mechanics(form):
    graph, vectors = mechanics(LatticeBatch.from_lattices([unit_cell("kelvin").perturb(0.05, 0)]))
    receiver, nodes, radius = graph.edge_index[1], len(graph.batch), graph.radius.double()
    leaves = vectors.detach().requires_grad_(), radius.detach().requires_grad_()
    scale = form(*leaves, receiver, nodes)[1].abs().max().item()
    assert torch.autograd.gradcheck(
        lambda *x: tuple(y.sum(0) / scale for y in form(*x, receiver, nodes)), leaves, eps=1e-7, atol=1e-5, rtol=1e-5
    )


@pytest.mark.parametrize("name", ["base", "relaxed"])
def test_same_bits_in_any_company(name):
    model = LatticeMACE.from_pretrained(name) if name == "base" else network(name, torch.float32)
    one = batch()
    with torch.no_grad():
        together = with_threads(4, model.stiffness, one)
        alone = [with_threads(1, model.stiffness, one[b : b + 1]) for b in range(len(one))]
    assert torch.equal(together, torch.cat(alone))


def test_half_of_the_release_is_gained_at_least():
    """K <= 2 D, for the energy of a strut is at most twice that of its two ends each alone: K^-1 >= D^-1 / 2."""
    one = LatticeBatch.from_lattices([unit_cell("bcc", 0.02).perturb(0.08, 3), unit_cell("kelvin", 0.05)])
    graph, vectors = mechanics(one)
    found = local_mechanics(graph, vectors, torch.ones(2, dtype=torch.float64), one.volume)
    means = torch.zeros_like(found.bound).index_add(0, graph.batch, found.release) / one.node_counts[:, None, None]
    gained = found.bound - homogenise(one).stiffness
    assert means.flatten(1).norm(dim=1).min() > 1e-5
    assert torch.linalg.eigvalsh(gained - 0.5 * means)[:, 0].min() > -1e-14


def symmetric_matrices():
    """[5, 6, 6] positive definite, with eigenvalues three and six times over, and eigenvectors."""
    w = torch.rand(5, 6, generator=generator(2), dtype=torch.float64) + 0.5
    w[1, :3] = w[1, 0]
    w[2] = 1.0
    q, _ = torch.linalg.qr(torch.randn(5, 6, 6, generator=generator(3), dtype=torch.float64))
    matrix = q * w[:, None] @ q.mT
    return 0.5 * (matrix + matrix.mT), q


@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions_of_matrices(name):
    matrix = symmetric_matrices()[0].requires_grad_()
    inverse = {"sqrt": lambda x: x @ x, "rsqrt": lambda x: torch.linalg.inv(x @ x), "log": torch.linalg.matrix_exp}
    assert difference(inverse[name](of_symmetric(matrix, name)), matrix) < 1e-12
    assert torch.autograd.gradcheck(lambda x: of_symmetric(0.5 * (x + x.mT), name), matrix)


def test_the_share_of_a_bound():
    matrix, q = symmetric_matrices()
    whole = torch.linalg.inv(torch.eye(6, dtype=torch.float64) + torch.linalg.matrix_exp(matrix))
    assert difference(of_symmetric(matrix, share(15.0)), whole) < 1e-12
    matrix = (matrix + 17 * q[..., :1] @ q[..., :1].mT).requires_grad_()
    for largest in (15.0, 5.0):
        limited = torch.linalg.eigvalsh(matrix).clamp(max=largest)
        assert (limited[:, -1] == largest).all()
        found = torch.linalg.eigvalsh(of_symmetric(matrix, share(largest)))
        assert difference(found, (1 / (1 + limited.exp())).sort().values) < 1e-12
        assert torch.autograd.gradcheck(lambda x, w=largest: of_symmetric(0.5 * (x + x.mT), share(w)), matrix)


def test_samples_are_within_the_exponent_of_a_bounded_head():
    samples = Stream(bases(kinds=["rcsr", "cells", "random"], random=300), seed=77)[0:20_000]
    exact = samples.columns["target"]
    for steps in (0, 2, 4, 8):
        root = torch.linalg.cholesky(bounds(samples, steps).stiffness[:, -1])
        half = torch.linalg.solve_triangular(root, exact, upper=False)
        parts = torch.linalg.eigvalsh(torch.linalg.solve_triangular(root, half.mT, upper=False))
        exponents = (1 / parts[:, 0].clamp(max=1 - 1e-12) - 1).log()
        largest = BoundedHead(MACEConfig(**settings(**ALL, relaxation_steps=steps))).largest
        assert 0.8 * largest < exponents.max() < largest


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ({"edge_scalars": "metres"}, "edge_scalars is 'metres'"),
        ({"node_inputs": "all"}, "node_inputs is 'all'"),
        ({"pooled_gate": True}, "node_inputs must be"),
        ({"positive_function": "bounded"}, "needs node_inputs"),
        ({"edge_scalars": "relative", "max_edge_length": 0.6}, "must be 1"),
        ({"edge_scalars": "relative", "slenderness": True}, "nothing for"),
        ({"layer_norm": 2}, "must be true or false"),
        ({**ALL, "relaxation_steps": 1}, "0 or at least 2"),
        ({**ALL, "relaxation_steps": 65}, "more than 64"),
        ({**ALL, "relaxation_steps": -1}, "relaxation_steps"),
        ({"relaxation_steps": 2}, "with positive_function"),
    ],
)
def test_what_does_not_fit_is_refused(entries, message):
    with pytest.raises(ConfigError, match=message):
        MACEConfig.from_settings(settings(**entries))


def test_density_is_asked_for_whatever_the_output_means():
    model = network("all")
    graph = batch().graph()
    assert torch.equal(model.stiffness(graph), model.stiffness(batch()))
    foreign = {
        name: getattr(graph, name)
        for name in ("edge_index", "positions", "shifts", "edge_attr", "node_attrs", "batch", "num_graphs")
    }
    with pytest.raises(Exception, match="relative_density"):
        model(foreign)
    per_density = network("gate")
    plain = per_density.stiffness(batch())
    per_density.conventions = Conventions(quantity="C/density")
    assert difference(per_density.stiffness(batch()), plain * batch().relative_density[:, None, None]) < 1e-13


def test_features_of_the_nodes():
    model, one = network("all"), batch()
    features = model.node_features(one)
    assert list(features) == ["node_ft_embedding", *(f"stiffness_head.layers.{t}" for t in range(3))]
    assert features["node_ft_embedding"][:, 1:].abs().max() > 0
