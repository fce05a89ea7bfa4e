"""LatticeMACE: golden values, the reference in every configuration, the symmetries of the problem."""

import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from fastlattice import Conventions, GraphError, LatticeBatch, LatticeMACE, MACEConfig, unit_cell
from fastlattice.elasticity import rotate
from fastlattice.ops.mandel import POSITIVE_FUNCTIONS
from tests.support.golden import NAMES, load_golden, run_golden
from tests.support.network import (
    FLOAT,
    assert_gradients,
    config,
    generator,
    lattices,
    network,
    random_graph,
    rotation,
    with_threads,
)
from tests.support.symmetries import OF_THE_CELL, OF_THE_DESCRIPTION, replaced
from tests.support.tolerances import MODEL_FORWARD, MODEL_GRADIENT, difference

CONFIGURATIONS = {
    "nu 1": {"correlation": 1},
    "nu 2, three layers": {"correlation": 2, "message_passes": 3},
    "one layer": {"message_passes": 1},
    "lmax 2": {"lmax": 2},
    "lmax 3, nu 1": {"lmax": 3, "correlation": 1},
    "lmax 3, four readout channels": {"lmax": 3, "readout_irreps": "4x0e+4x1o+4x2e+4x3o"},
    "lmax 4, one channel": {"channels": 1},
    "one hidden layer": {"inter_MLP_layers": 2},
    "five linear layers": {"inter_MLP_layers": 5, "num_edge_bases": 2},
    **{name: {"positive_function": name, "correlation": 2} for name in POSITIVE_FUNCTIONS},
}


@pytest.mark.parametrize("name", NAMES)
def test_golden(name):
    run_golden(name)


def test_parameters_are_the_originals():
    """Names, shapes and order, so that optimiser states fit too; no buffers beside them."""
    golden = load_golden("F")
    model = LatticeMACE(golden.config)
    found = {name: parameter.shape for name, parameter in model.named_parameters()}
    assert found == {name: value.shape for name, value in golden.parameters.items()}
    assert list(found) == list(golden.parameters)
    assert model.state_dict().keys() == found.keys()


def agree_with_reference(model, graph):
    reference = pytest.importorskip("fastlattice.reference")
    leaves = {
        name: getattr(graph, name).requires_grad_() for name in ("positions", "shifts", "edge_attr", "node_attrs")
    }
    parameters = dict(model.named_parameters())
    found = model(graph)["stiffness"]
    expected = reference.lattice_mace(model.config, parameters, graph)["stiffness"]
    assert difference(found, expected) <= MODEL_FORWARD[FLOAT]
    wanted = [*leaves.values(), *parameters.values()]
    weight = torch.randn(expected.shape, generator=generator(9), dtype=FLOAT)
    gradients = [torch.autograd.grad((out * weight).sum(), wanted, materialize_grads=True) for out in (found, expected)]
    largest = max(s.abs().max() for s in gradients[1] if s.numel())
    for one, other in zip(*gradients, strict=True):
        assert one.numel() == 0 or (one - other).abs().max() <= MODEL_GRADIENT[FLOAT] * largest


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_configurations(name):
    agree_with_reference(network(**CONFIGURATIONS[name]), random_graph(9, 40, graphs=3))


@pytest.mark.parametrize(
    ("nodes", "edges", "graphs"), [(1, 0, 1), (1, 1, 1), (1, 7, 1), (3, 0, 3), (2, 63, 1), (40, 1000, 4), (5, 3, 5)]
)
def test_irregular_graphs(nodes, edges, graphs):
    """One node, no edges, self-edges, multi-edges, edges one way only, node_attrs that are not ones."""
    agree_with_reference(network(correlation=2), random_graph(nodes, edges, seed=nodes, graphs=graphs))


def test_single_precision():
    double = network()
    single = network(dtype=torch.float32)
    batch = LatticeBatch.from_lattices(lattices())
    found = single(batch)["stiffness"]
    assert found.dtype == torch.float32
    assert difference(found.double(), double(batch)["stiffness"]) <= MODEL_FORWARD[torch.float32]


def test_no_lattices():
    empty = LatticeBatch.from_lattices([])
    assert network()(empty)["stiffness"].shape == (0, 6, 6)
    assert network().predict(empty).shape == (0, 6, 6)


# ---- Symmetries of the whole model


def stiffness(model, changed):
    with torch.no_grad():
        return model(LatticeBatch.from_lattices(changed))["stiffness"]


@pytest.fixture(scope="module", params=[{}, {"lmax": 2}], ids=["lmax 4", "lmax 2"])
def model(request):
    return network(channels=6, **request.param)


@pytest.mark.parametrize("proper", [True, False])
def test_rotation(model, proper):
    turn = rotation(proper)
    found = stiffness(model, [lattice.rotate(turn.numpy()) for lattice in lattices()])
    expected = rotate(stiffness(model, lattices()), turn, notation="mandel")
    assert difference(found, expected) <= MODEL_FORWARD[FLOAT]
    assert difference(found, stiffness(model, lattices())) > 1e-3  # anisotropic: the test could fail


@pytest.mark.parametrize("name", ["simple_cubic", "octet", "kelvin"])
def test_cubic_lattices_are_isotropic_below_lmax_4(name):
    """Figure 7 of the paper: no invariant of a cubic lattice has a degree from 1 to 3."""
    cubic, turn = [unit_cell(name)], rotation(proper=True)
    for lmax in (2, 3, 4):
        found = stiffness(network(lmax=lmax, positive_function="none", correlation=2), cubic)
        apart = difference(rotate(found, turn, notation="mandel"), found)
        if lmax < 4:
            assert apart <= MODEL_FORWARD[FLOAT]
        else:
            assert apart > 1e-3


@pytest.mark.parametrize("change", OF_THE_DESCRIPTION + OF_THE_CELL)
def test_another_description_of_the_same_material(model, change):
    changed = [change(lattice, np.random.default_rng(n)) for n, lattice in enumerate(lattices())]
    assert difference(stiffness(model, changed), stiffness(model, lattices())) <= MODEL_FORWARD[FLOAT]


def test_scale_of_the_cell_matters(model):
    """Lengths are absolute for this network: the invariance tests above would notice a constant output."""
    grown = [replaced(lattice, cell=1.5 * lattice.cell, positions=1.5 * lattice.positions) for lattice in lattices()]
    assert difference(stiffness(model, grown), stiffness(model, lattices())) > 1e-3


@pytest.mark.parametrize("function", [name for name in POSITIVE_FUNCTIONS if name != "none"])
@pytest.mark.parametrize("lmax", [2, 4])
def test_positive_semi_definite(lmax, function):
    found = stiffness(network(lmax=lmax, positive_function=function, correlation=2), lattices())
    assert difference(found, found.transpose(1, 2)) < 1e-13
    values = torch.linalg.eigvalsh(found)
    assert (values[:, 0] >= -1e-12 * values[:, -1]).all()


def test_neighbours_in_the_batch_do_not_matter(model):
    alone = torch.cat([stiffness(model, [lattice]) for lattice in lattices()])
    assert torch.equal(stiffness(model, lattices()), alone)


# ---- Gradients


def test_gradcheck():
    model = network(channels=2, correlation=2, readout_irreps="1x0e+1x1o+1x2e+1x3o+1x4e").requires_grad_(False)
    model.backend = "torch"  # it has second derivatives
    assert_gradients(model, random_graph(3, 5))


def test_gradients_of_a_lattice_batch():
    """Through the strut-wise path: positions, radii and cell against central differences."""
    model = network(correlation=2).requires_grad_(False)
    batch = LatticeBatch.from_lattices(lattices())
    columns = [getattr(batch, name).requires_grad_() for name in ("positions", "radii", "cell")]
    gradients = torch.autograd.grad(model(batch)["stiffness"].sin().sum(), columns)
    rng = generator(4)
    for column, gradient in zip(columns, gradients, strict=True):
        direction = torch.randn(column.shape, generator=rng, dtype=FLOAT)
        values = []
        for step in (1e-6, -1e-6):
            with torch.no_grad():
                column += step * direction
                values.append(model(batch)["stiffness"].sin().sum())
                column -= step * direction
        expected = (values[0] - values[1]) / 2e-6
        assert float((gradient * direction).sum()) == pytest.approx(float(expected), rel=1e-6)


def test_strutwise_is_edgewise():
    """A LatticeBatch shares radial work between the directions of a strut; its Graph, taken as any graph, does not."""
    model, batch = network(), LatticeBatch.from_lattices(lattices())
    graph = batch.graph()
    foreign = SimpleNamespace(**vars(graph))
    expected = model(batch)["stiffness"]
    assert difference(model(graph)["stiffness"], expected) < 1e-12
    assert difference(model(foreign)["stiffness"], expected) < 1e-12


def test_unequal_pairs_are_not_lumped():
    """Radii that differ between the directions of a strut give each its own gradient."""
    model, graph = network(), LatticeBatch.from_lattices(lattices()).graph()
    radii = (graph.edge_attr * (1 + torch.rand(graph.edge_attr.shape, generator=generator(5), dtype=FLOAT))).detach()
    foreign = SimpleNamespace(**{**vars(graph), "edge_attr": radii.requires_grad_()})
    (gradient,) = torch.autograd.grad(model(foreign)["stiffness"].sum(), radii)
    assert (gradient[graph.reverse] != gradient).all()


# ---- What predict returns


def test_conventions():
    batch = LatticeBatch.from_lattices(lattices())
    plain = network()
    raw = plain(batch)["stiffness"]
    assert torch.equal(plain.stiffness(batch), raw)
    per_density = network()
    per_density.conventions = Conventions("C/density", scale=3.0)
    assert difference(per_density.stiffness(batch), 3 * raw * batch.relative_density[:, None, None]) < 1e-14
    doubled = network()
    doubled.conventions = Conventions(radii="both_directions")
    thinner = [replaced(lattice, radii=lattice.radii / 2**0.5) for lattice in lattices()]
    assert difference(doubled.stiffness(batch), stiffness(plain, thinner)) < 1e-12


def test_density_that_is_needed_and_missing():
    model, graph = network(), random_graph(4, 9)
    model.conventions = Conventions("C/density")
    with pytest.raises(GraphError, match=r"the batch needs relative_density \[1\]"):
        model.stiffness(graph)
    graph.relative_density = torch.tensor([0.25])
    assert torch.equal(model.stiffness(graph), model(graph)["stiffness"] * 0.25)


def test_predict_in_chunks(capsys):
    model, batch = network(), LatticeBatch.from_lattices(lattices())
    expected = model.stiffness(batch)
    for chunk in (1, 3, 256):
        found = model.predict(batch, chunk=chunk, progress=True)
        assert not found.requires_grad
        assert difference(found, expected) < 1e-12
    assert "4/4" in capsys.readouterr().err
    with pytest.raises(ValueError, match="chunk is 0"):
        model.predict(batch, chunk=0)


# ---- The package


def test_predict_in_threads():
    """The same bits in any number of threads and chunks, and in inference mode; a fault in a thread is raised."""
    model, batch = network(correlation=2), LatticeBatch.from_lattices(lattices() * 3)
    expected = with_threads(1, model.predict, batch)
    for threads, chunk in ((2, 2), (3, 1), (2, None)):
        assert torch.equal(with_threads(threads, model.predict, batch, chunk), expected)
    with torch.inference_mode():
        assert torch.equal(with_threads(2, model.predict, batch, 2), expected)
    batch.positions[-1, 0] = torch.nan
    with pytest.raises(GraphError, match="positions holds a NaN"):
        with_threads(2, model.predict, batch, 2)


def test_import_and_build():
    """e3nn is not imported, neither by the package nor by building and running a network."""
    code = (
        "import sys, torch, fastlattice as f\n"
        f"m = f.LatticeMACE({config().to_dict()!r})\n"
        "m.predict(f.LatticeBatch.from_lattices([f.unit_cell('octet')]))\n"
        "assert 'e3nn' not in sys.modules, 'e3nn was imported'\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_extra_repr_shows_the_configuration():
    model = network()
    assert isinstance(model.config, MACEConfig)
    assert str(model.config) in repr(model)
