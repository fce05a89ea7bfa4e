"""Networks that come with the package: found by name, with a card, honest about their range."""

import warnings

import pytest
import torch

import fastlattice
from fastlattice import CheckpointError, LatticeBatch, LatticeMACE, homogenise, rcsr_net, unit_cell
from fastlattice.cli import main
from fastlattice.elasticity import mandel_rotation
from fastlattice.models import Card, RangeWarning, StiffnessModel, predict, pretrained_names, weights
from fastlattice.models.card import quantities
from fastlattice.training.rotations import random_rotations, rotated
from tests.models.test_extensions import network

CARD = Card("tiny", "For a test.", "MIT", 64, {"steps": 1}, {"bases": "abc"}, {"T1": {"x": 0.5}}, {"nodes": (1, 4)})


def test_a_card_is_kept_with_the_weights(tmp_path):
    model = network("geometry")
    model.card = CARD
    model.save(tmp_path / "m.safetensors")
    assert StiffnessModel.load(tmp_path / "m.safetensors").card == CARD
    model.card = None
    model.save(tmp_path / "m.safetensors")
    assert StiffnessModel.load(tmp_path / "m.safetensors").card is None


def test_quantities_by_hand():
    cubic = unit_cell("simple_cubic", 0.03)  # one node, three struts of length 1 and one radius
    radius = (0.03 / (3 * torch.pi)) ** 0.5
    found = quantities(LatticeBatch.from_lattices([cubic, cubic.supercell((2, 1, 1))]))
    assert found["nodes"].tolist() == [1, 2]
    assert found["degree"].tolist() == [6, 6]
    torch.testing.assert_close(found["relative density"], torch.full((2,), 0.03, dtype=torch.float64))
    torch.testing.assert_close(found["slenderness"][0], torch.tensor(radius, dtype=torch.float64))


def test_what_is_out_of_range_is_said():
    model = network("geometry")
    model.card = CARD
    lattices = LatticeBatch.from_lattices([unit_cell("bcc"), unit_cell("kelvin"), unit_cell("octet")])
    with pytest.warns(RangeWarning, match=r"1 of 3 lattices .* 'tiny' .* nodes \(1\)"):
        found = predict(model, lattices)
    assert found.in_range.tolist() == [n <= 4 for n in lattices.node_counts.tolist()]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert predict(model, lattices[:1]).in_range.tolist() == [True]


def test_a_path_and_a_network_are_taken(tmp_path):
    model, lattice = network("geometry"), unit_cell("bcc")
    model.save(tmp_path / "m.safetensors")
    expected = model.predict(lattice)
    for given in (model, tmp_path / "m.safetensors", str(tmp_path / "m.safetensors")):
        assert torch.equal(fastlattice.predict(lattice, model=given).stiffness, expected)


def test_a_name_that_there_is_not():
    for call in (LatticeMACE.from_pretrained, lambda name: fastlattice.predict(unit_cell("bcc"), name)):
        with pytest.raises(CheckpointError, match="no network 'bass' comes with the package"):
            call("bass")


@pytest.mark.parametrize("name", pretrained_names())
class TestShipped:
    def test_says_what_it_is(self, name):
        card = StiffnessModel.from_pretrained(name).card
        assert card.name == name
        assert all((card.summary, card.licence, card.samples, card.recipe, card.data["bases_sha256"]))
        assert {"T1", "T3", "T4"} <= card.metrics.keys()
        assert card.trained.keys() == quantities(LatticeBatch.from_lattices([unit_cell("bcc")])).keys()
        page = weights.FOLDER / f"{name}.md"
        assert card.summary in page.read_text(encoding="utf-8")

    def test_is_near_exact_finite_elements_on_common_cells(self, name):
        cells = LatticeBatch.from_lattices([unit_cell(cell, 0.008) for cell in ("octet", "bcc", "kelvin", "fcc")])
        exact = homogenise(cells).stiffness
        found = fastlattice.predict(cells, name).stiffness
        error = (found - exact).flatten(1).norm(dim=1) / exact.flatten(1).norm(dim=1)
        assert error.median() < 0.2
        assert torch.linalg.eigvalsh(found)[:, 0].min() > 0

    def test_orientation_and_cell_do_not_matter_in_single_precision(self, name):
        """Of nets whose nodes' symmetry makes some degrees vanish, too, as that of cot's does."""
        cells = LatticeBatch.from_lattices([rcsr_net(net, 0.008) for net in ("cot", "dia", "srs", "nbo", "qtz")])
        turns = random_rotations(0, 0, len(cells))
        matrix = mandel_rotation(turns)
        expected = fastlattice.predict(cells, name).stiffness.double()
        turned = fastlattice.predict(rotated(cells, turns), name).stiffness.double()
        doubled = fastlattice.predict([cell.supercell((2, 1, 1)) for cell in cells], name).stiffness.double()
        size = expected.flatten(1).norm(dim=1)
        assert ((turned - matrix @ expected @ matrix.mT).flatten(1).norm(dim=1) / size).max() < 3e-5
        assert ((doubled - expected).flatten(1).norm(dim=1) / size).max() < 1e-5


def test_the_command_line_says_it_once(tmp_path, capsys, recwarn):
    model = network("geometry", torch.float32)
    model.card = CARD
    model.save(tmp_path / "m.safetensors")
    assert main(["predict", "bcc", "kelvin", "octet", "--weights", str(tmp_path / "m.safetensors")]) == 0
    said = capsys.readouterr().err
    assert said.count("1 lattices are outside what the network was trained on: nodes (1)") == 1
    assert not [warning for warning in recwarn if issubclass(warning.category, RangeWarning)]
