"""The fixed sets are the same bits everywhere, held out of training, and labelled."""

import hashlib

import numpy as np
import pytest
import torch

from fastlattice import CatalogueError, LatticeBatch, homogenise, rcsr_net, read_catalogue
from fastlattice.data import sets
from fastlattice.data.bases import bases
from fastlattice.data.classes import nets_of_batch
from fastlattice.data.realisations import ContentHash, content_hash
from fastlattice.lattice.identity import are_isomorphic, coordination_sequences, fingerprint
from tests.support.published import authors_catalogue

GENERATED = ("T1", "T3", "T4", "validation")


@pytest.fixture(scope="module")
def made() -> dict[str, LatticeBatch]:
    return {name: sets.test_set(name) for name in GENERATED}


def sha256_of(batch: LatticeBatch) -> str:
    """What `ContentHash` states, written down once more."""
    counts = np.stack([batch.node_counts, batch.strut_counts], axis=1)
    parts = [part.astype("<i8").tobytes() for part in (counts, batch.struts.numpy(), batch.shifts.numpy())]
    parts += [(part.numpy() + 0.0).astype("<f8").tobytes() for part in (batch.cell, batch.positions, batch.radii)]
    parts.append(b"".join(str(name).encode() + b"\n" for name in batch.names))
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


@pytest.mark.parametrize("name", GENERATED)
def test_a_set_has_its_hash(made, name):
    assert sha256_of(made[name]) == sets.SHA256[name] == content_hash(made[name])


def test_the_hash_does_not_see_how_lattices_come(made):
    found = ContentHash()
    for start in range(0, 600, 77):
        found.update(made["T4"][start : start + 77])
    assert found.hexdigest() == sets.SHA256["T4"]


def test_the_hash_sees_every_part_of_the_geometry(made):
    batch = made["T3"][:3]
    known = content_hash(batch)
    for part in ("cell", "positions", "radii"):
        moved = getattr(batch, part).clone()
        moved.view(-1)[-1] += 2.0**-40
        assert content_hash(batch.replace(**{part: moved})) != known
    shifts = batch.shifts.clone()
    shifts[-1, 0] += 1
    assert content_hash(batch.replace(shifts=shifts)) != known
    assert content_hash(batch.with_columns(name=["a", "b", "c"])) != known
    assert content_hash(batch.with_columns(target=batch.columns["target"] * 2)) == known


@pytest.mark.parametrize("name", GENERATED)
def test_labels_are_the_exact_stiffness(made, name):
    batch = made[name]
    result = homogenise(batch)
    assert result.ok.all()
    assert torch.equal(batch.columns["target"], result.stiffness)
    assert torch.equal(batch.columns["beam_valid"], result.beam_valid)
    assert not batch.columns["seen"].any()


def test_levels_densities_and_sizes(made):
    count = {"T1": 600, "T3": 600, "T4": 600, "validation": 450}
    levels = {"T1": {0.1}, "T3": {0.0}, "T4": {0.0, 0.1}, "validation": {0.0, 0.05, 0.1}}
    for name, batch in made.items():
        assert len(batch) == count[name]
        assert set(batch.columns["level"].tolist()) == levels[name]
        assert set(batch.columns["relative_density"].tolist()) == {0.003, 0.01, 0.03}
        np.testing.assert_allclose(batch.relative_density, batch.columns["relative_density"], rtol=2e-9)
        np.testing.assert_allclose(batch.cell.norm(dim=2).amax(1), 1, rtol=2e-9)
        assert batch.node_counts.max() <= 40


def test_every_node_is_moved_by_the_level_and_no_two_alike(made):
    moved, still = made["T1"], made["T3"]
    assert list(moved.names) == list(still.names)
    assert torch.equal(moved.struts, still.struts)
    assert torch.equal(moved.shifts, still.shifts)
    steps = moved.positions - still.positions
    np.testing.assert_allclose(steps.norm(dim=1), 0.1, rtol=2e-8)
    assert len(torch.unique(steps, dim=0)) == len(steps)
    np.testing.assert_allclose((steps / 0.1).mean(0), 0, atol=3 * (1 / 3 / len(steps)) ** 0.5)
    np.testing.assert_allclose((steps / 0.1).T @ (steps / 0.1) / len(steps), np.eye(3) / 3, atol=0.02)
    random = made["T4"]
    for net in range(0, len(random), 6):
        assert random.columns["level"][net : net + 6].tolist() == [0, 0, 0, 0.1, 0.1, 0.1]


def test_nets_are_those_of_the_tables_and_each_has_its_own_class(made):
    for name, classes in (("T1", 200), ("T3", 200), ("T4", 100), ("validation", 150)):
        assert len(set(made[name].columns["net"])) == classes
    row = len(made["T3"]) // 2
    name = str(made["T3"].names[row])
    (found,) = nets_of_batch(made["T3"][row : row + 1])
    (known,) = nets_of_batch(LatticeBatch.from_lattices([rcsr_net(name)]))
    assert are_isomorphic(found, known)


def test_no_class_of_a_set_is_among_training_bases_or_in_another_set(made):
    def classes(batch):
        """Of each lattice, once: sorted coordination sequences, from struts and shifts alone."""
        found = set()
        for row in range(len(batch)):
            lattice = batch[row]
            rows = coordination_sequences(lattice.struts, lattice.shifts, lattice.num_nodes, 6)
            found.add(rows[np.lexsort(rows.T)].tobytes())
        return found

    training = classes(bases())
    assert len(training) > 1500
    by_set = {name: classes(made[name].take(made[name].columns["level"] == 0)) for name in ("T3", "T4", "validation")}
    by_set["T1"] = classes(made["T1"])
    assert by_set["T1"] == by_set["T3"]
    for name, found in by_set.items():
        assert not found & training, name
    assert not by_set["T1"] & by_set["validation"]
    assert not by_set["T4"] & by_set["validation"]


def test_the_authors_file():
    path = authors_catalogue("two_radii_396.lat")
    batch = sets.test_set("T2", path)
    whole = read_catalogue(path)
    labelled = ~whole.columns["target"].isnan().any(-1).any(-1)
    assert len(batch) == int(labelled.sum())
    assert torch.equal(batch.columns["target"], whole.columns["target"][labelled])
    assert sorted(batch.columns) == sorted(sets.test_set("T1").columns)
    seen = {str(net) for net, known in zip(batch.columns["net"], batch.columns["seen"], strict=True) if known}
    assert {"bam", "umj", "sit"} <= seen
    training = bases(max_nodes=None, kinds=("rcsr", "cells"))
    assert seen <= set(map(str, training.columns["net"]))
    known = {fingerprint(nets) for nets in nets_of_batch(training)}
    for nets, sees in zip(nets_of_batch(batch), batch.columns["seen"].tolist(), strict=True):
        assert sees or fingerprint(nets) not in known


def test_another_file_is_not_taken_for_the_authors(tmp_path):
    path = tmp_path / "two_radii_396.lat"
    path.write_text("something else")
    with pytest.raises(CatalogueError, match="SHA-256"):
        sets.test_set("T2", path)


@pytest.mark.parametrize("arguments", [("T5",), ("T2",), ("T1", "file.lat")])
def test_what_is_no_set_is_refused(arguments):
    with pytest.raises(ValueError, match=r"choose from|path of the authors"):
        sets.test_set(*arguments)
