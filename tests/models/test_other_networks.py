"""CGC, NNConv and MCGC: golden values, symmetries of the problem, gradients, inputs, files."""

import numpy as np
import pytest
import torch

from fastlattice import CGC, MCGC, CheckpointError, ConfigError, Conventions, LatticeBatch, LatticeMACE, NNConv
from fastlattice.models import CGCConfig, StiffnessModel, predict
from tests.support.geometric import geometric_batch
from tests.support.golden import OTHERS, load_golden, run_golden
from tests.support.network import FLOAT, assert_gradients, lattices, random_graph, with_threads
from tests.support.other_networks import NETWORKS, network
from tests.support.symmetries import OF_THE_CELL, OF_THE_DESCRIPTION, order_of_nodes
from tests.support.tolerances import MODEL_FORWARD, difference

VANILLA = {"form": "vanilla"}


def kind_of(name):
    return NNConv if name.startswith("nnconv") else CGC


@pytest.fixture(params=NETWORKS)
def model(request):
    kind, settings = NETWORKS[request.param]
    return network(kind, **settings)


def answers(model, items):
    with torch.no_grad():
        return model(LatticeBatch.from_lattices(items))["stiffness"]


# ---- The released code's


@pytest.mark.parametrize("name", OTHERS)
def test_golden(name):
    run_golden(name, kind=kind_of(name))


@pytest.mark.parametrize("name", ["cgc_vanilla_E", "nnconv_E"])
def test_parameters_are_the_originals(name):
    """Names, shapes and order; no buffers beside them."""
    golden = load_golden(name)
    model = kind_of(name).from_original(golden.parameters, golden.config)
    found = {name: parameter.shape for name, parameter in model.named_parameters()}
    expected = {name: value.shape for name, value in golden.parameters.items() if name != "indices"}
    assert list(found.items()) == list(expected.items())
    assert model.state_dict().keys() == found.keys()


def test_the_form_shows_in_the_weights():
    golden = load_golden("cgc_vanilla_E")
    assert CGC.from_original(golden.parameters, golden.config).config.form == "vanilla"
    state = network(CGC).state_dict()
    assert CGC.from_original(state, golden.config | {"hidden_irreps": 6}).config.form == "modified"


@pytest.mark.parametrize("name", ["cgc_vanilla_E", "nnconv_E", "E"])
def test_checkpoints_of_the_family_are_told_apart(name, tmp_path):
    """Also where there is no configuration, or one of the wrong network."""
    golden = load_golden(name)
    path = tmp_path / "last.ckpt"
    state = {f"model.{key}": value for key, value in golden.parameters.items()}
    torch.save({"state_dict": state, "hyper_parameters": {**golden.config, "lr": 1e-3}}, path)
    own = LatticeMACE if name == "E" else kind_of(name)
    assert type(own.from_original(path)) is own
    assert type(StiffnessModel.from_original(path)) is own
    for other in {LatticeMACE, CGC, NNConv} - {own}:
        message = rf"last\.ckpt is a {own.__name__} checkpoint: fastlattice\.{own.__name__}\.from_original"
        for config in (None, {}, golden.config):
            with pytest.raises(CheckpointError, match=message):
                other.from_original(path, config)


class Special(CGC):
    """What a user adds to the network."""


def test_subclasses_take_checkpoints():
    golden = load_golden("cgc_vanilla_E")
    assert type(Special.from_original(golden.parameters, golden.config)) is Special
    with pytest.raises(CheckpointError, match="is a NNConv checkpoint"):
        Special.from_original(load_golden("nnconv_E").parameters, golden.config)


def test_the_released_code_has_no_mcgc():
    with pytest.raises(CheckpointError, match="the released code has no MCGC"):
        MCGC.from_original(network(MCGC).state_dict(), {"hidden_irreps": 6})


def test_a_checkpoint_that_does_not_fit():
    golden = load_golden("nnconv_E")
    with pytest.raises(CheckpointError, match=r"unexpected: conv_list\.2\.bias"):
        NNConv.from_original(golden.parameters, {**golden.config, "message_passes": 2})
    with pytest.raises(ConfigError, match="no hidden_irreps"):
        NNConv.from_original(golden.parameters, {})


# ---- Symmetries


@pytest.mark.parametrize("change", OF_THE_DESCRIPTION + OF_THE_CELL)
def test_another_description_of_the_same_material(model, change):
    changed = [change(lattice, np.random.default_rng(n)) for n, lattice in enumerate(lattices())]
    assert difference(answers(model, changed), answers(model, lattices())) <= MODEL_FORWARD[FLOAT]


def test_lattices_differ(model):
    """The invariance tests would notice a constant answer."""
    one, other = answers(model, lattices()[1:3])
    assert difference(one, other) > 1e-3


@pytest.mark.parametrize("kind", [CGC, MCGC])
def test_positions_among_the_inputs_break_the_cells_symmetries(kind):
    """The vanilla form reads positions: as documented, it sees where the origin and the window are."""
    model = network(kind, **VANILLA)
    changed = [order_of_nodes(lattice, np.random.default_rng(0)) for lattice in lattices()]
    assert difference(answers(model, changed), answers(model, lattices())) <= MODEL_FORWARD[FLOAT]
    for change in OF_THE_CELL:
        changed = [change(lattice, np.random.default_rng(0)) for lattice in lattices()]
        assert difference(answers(model, changed), answers(model, lattices())) > 1e-4


def test_a_sum_over_nodes_grows_with_the_cell():
    model = network(CGC, global_reduction="sum")
    doubled = [lattice.supercell((2, 1, 1)) for lattice in lattices()]
    assert difference(answers(model, doubled), answers(model, lattices())) > 1e-3


@pytest.mark.parametrize("kind", [CGC, NNConv, MCGC])
def test_positive_semi_definite(kind):
    found = answers(network(kind, positive="square"), lattices())
    assert difference(found, found.transpose(1, 2)) < 1e-13
    values = torch.linalg.eigvalsh(found)
    assert (values[:, 0] >= -1e-12 * values[:, -1]).all()
    assert (torch.linalg.eigvalsh(answers(network(kind), lattices()))[:, 0] < 0).any()  # without it, there are others


def test_neighbours_in_the_batch_hardly_matter(model):
    """Torch's matrix products round by the size of the batch."""
    single = model.float()
    alone = torch.cat([answers(single, [lattice]) for lattice in lattices()])
    assert difference(answers(single, lattices()), alone) <= 1e-6


def test_single_precision(model):
    expected = answers(model, lattices())
    found = answers(model.float(), lattices())
    assert found.dtype == torch.float32
    assert difference(found.double(), expected) <= MODEL_FORWARD[torch.float32]


# ---- Gradients


def test_gradcheck(model):
    assert_gradients(model, random_graph(4, 9))


def test_gradients_reach_the_columns_and_every_parameter(model):
    batch = LatticeBatch.from_lattices(lattices())
    columns = [getattr(batch, name).requires_grad_() for name in ("positions", "radii", "cell")]
    wanted = [*columns, *model.parameters()]
    gradients = torch.autograd.grad(model(batch)["stiffness"].sin().sum(), wanted)
    assert all(gradient.any() and gradient.isfinite().all() for gradient in gradients)


# ---- What they take and return


def test_every_kind_of_batch(model):
    batch = LatticeBatch.from_lattices(lattices())
    expected = model(batch)["stiffness"]
    for given in (batch.graph(), vars(batch.graph()), geometric_batch(batch)):
        assert difference(model(given)["stiffness"], expected) < 1e-12
    assert model(LatticeBatch.from_lattices([]))["stiffness"].shape == (0, 6, 6)


@pytest.mark.parametrize(("nodes", "edges", "graphs"), [(1, 0, 1), (1, 1, 1), (1, 7, 1), (3, 0, 3), (5, 3, 5)])
def test_irregular_graphs(model, nodes, edges, graphs):
    """Nodes without edges, edges one way only: finite answers."""
    found = model(random_graph(nodes, edges, seed=nodes, graphs=graphs))["stiffness"]
    assert found.shape == (graphs, 6, 6)
    assert found.isfinite().all()


def test_predictions_in_chunks_and_threads(model):
    model.conventions = Conventions("C/density", scale=0.1)
    batch = LatticeBatch.from_lattices(lattices() * 2)
    expected = 0.1 * batch.relative_density[:, None, None] * model(batch)["stiffness"]
    assert difference(predict(model, batch).stiffness, expected) < 1e-12
    for threads, chunk in ((1, 3), (2, 1), (2, 3)):
        assert difference(with_threads(threads, model.predict, batch, chunk), expected) < 1e-12


def test_more_edges_than_are_worked_on_at_once(model, monkeypatch):
    batch = LatticeBatch.from_lattices(lattices())
    expected = model(batch)["stiffness"]
    monkeypatch.setattr("fastlattice.models.message_passing.ROWS_AT_ONCE", 7)
    assert difference(model(batch)["stiffness"], expected) < 1e-12


def test_autocast_leaves_the_dtype(model):
    batch, single = LatticeBatch.from_lattices(lattices()), model.float()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        found = single(batch)["stiffness"]
    assert found.dtype == torch.float32
    assert difference(found, single(batch)["stiffness"]) <= 1e-6


def test_files(model, tmp_path):
    path = tmp_path / "network.safetensors"
    model.conventions = Conventions("C/density", scale=0.1, radii="both_directions")
    model.save(path)
    batch = LatticeBatch.from_lattices(lattices())
    for kind in (type(model), StiffnessModel):
        again = kind.load(path)
        assert type(again) is type(model)
        assert (again.config, again.conventions) == (model.config, model.conventions)
        assert torch.equal(again.predict(batch), model.predict(batch))
    for other in {LatticeMACE, CGC, NNConv, MCGC} - {type(model)}:
        with pytest.raises(CheckpointError, match=f"holds a {type(model).__name__}, not a {other.__name__}"):
            other.load(path)


# ---- Configurations


def test_a_vanilla_network_returns_what_its_range_says():
    batch = LatticeBatch.from_lattices(lattices())
    plain = network(CGC, **VANILLA)
    low, high = torch.arange(21) - 30.0, torch.arange(21) + 5.0
    scaled = network(CGC, **VANILLA, minima=low.tolist(), maxima=high.tolist())
    rows, columns = torch.triu_indices(6, 6)
    expected = low + (high - low) * plain(batch)["stiffness"][:, rows, columns]
    assert difference(scaled(batch)["stiffness"][:, rows, columns], expected) < 1e-14


def test_the_range_of_a_training_set(tmp_path):
    stiffness = torch.randn(9, 6, 6, dtype=FLOAT)
    stiffness = stiffness + stiffness.mT
    config = CGCConfig(6, form="vanilla").fitted(lambda: stiffness)
    assert config.minima[1] == float(stiffness[:, 0, 1].min())
    assert config.maxima[-1] == float(stiffness[:, 5, 5].max())
    assert config.fitted(lambda: pytest.fail("it has a range")) is config
    plain = CGCConfig(6)
    assert plain.fitted(lambda: pytest.fail("it needs no range")) is plain
    model = CGC(config)
    model.save(tmp_path / "network.safetensors")
    assert CGC.load(tmp_path / "network.safetensors").config == config
    with pytest.raises(ConfigError, match="at least one"):
        CGCConfig(6, form="vanilla").fitted(lambda: stiffness[:0])


@pytest.mark.parametrize(
    ("kind", "entries", "message"),
    [
        (CGC, {"hidden_irreps": 0}, "hidden_irreps is 0; it must be an integer, at least 1"),
        (CGC, {"hidden_irreps": "8x0e"}, "malformed configuration"),
        (CGC, {"message_passes": 1.5}, r"message_passes is 1\.5"),
        (CGC, {"interaction_reduction": "median"}, "'median'; choose from sum, mean, min, max"),
        (CGC, {"global_reduction": "mul"}, "'mul'; choose from sum, mean, min, max"),
        (CGC, {"positive": "exp"}, "'exp'; choose from none, square"),
        (CGC, {"form": "new"}, "'new'; choose from modified, vanilla"),
        (CGC, {"positiv": "none"}, "'positiv'; did you mean 'positive'"),
        (CGC, {**VANILLA, "positive": "square"}, "'square' needs form 'modified'"),
        (CGC, {"minima": [0.0] * 21, "maxima": [1.0] * 21}, "belong to form 'vanilla'"),
        (CGC, {**VANILLA, "minima": [0.0] * 21}, "21 minima and 0 maxima"),
        (CGC, {**VANILLA, "minima": [2.0] * 21, "maxima": [1.0] * 21}, "no minimum above its maximum"),
        (CGC, {**VANILLA, "minima": [float("nan")] * 21, "maxima": [1.0] * 21}, "must be finite"),
        (NNConv, {"positive": "exp"}, "'exp'; choose from none, square"),
        (NNConv, {"message_passes": 0}, "message_passes is 0"),
        (MCGC, {"graph": "both"}, "'both'; choose from primal, dual, combined"),
    ],
)
def test_bad_configurations(kind, entries, message):
    with pytest.raises(ConfigError, match=message):
        kind({"hidden_irreps": 6, **entries})


def test_a_missing_width():
    with pytest.raises(ConfigError, match="the configuration has no hidden_irreps"):
        CGC({"message_passes": 2})
