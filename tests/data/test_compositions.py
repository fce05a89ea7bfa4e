"""The paper's training sets in their proportions, and as files."""

import json

import numpy as np
import pytest
import torch

from fastlattice import LatticeBatch, LatticeError, homogenise, unit_cell
from fastlattice.data.bases import bases
from fastlattice.data.compositions import COMPOSITIONS, composition, write_dataset
from fastlattice.data.realisations import content_hash
from fastlattice.data.splits import held_out
from fastlattice.io.parquet import parquet_dataset, read_parquet, write_parquet

SOME = 40


@pytest.fixture(scope="module")
def some():
    """Forty bases, among them some of one node."""
    batch = bases()
    single = batch.take(batch.node_counts == 1)
    return LatticeBatch.concatenate([single[:3], batch.take(batch.node_counts > 1)[: SOME - 3]])


def counts(some, realisations):
    several = int((some.node_counts > 1).sum())
    return 3 * (len(some) + 3 * realisations * several)


@pytest.mark.parametrize(("name", "realisations"), [("0imp", 0), ("1imp", 1), ("2imp", 2), ("4imp", 4)])
def test_counts_levels_and_densities(some, name, realisations):
    made = composition(name, some, seed=1)
    batch = made.lattices
    assert len(batch) + len(made.failures) == counts(some, realisations)
    assert made.recipe["geometries"] * 3 == counts(some, realisations)
    levels, number = np.unique(batch.columns["level"], return_counts=True)
    assert levels.tolist() == ([0.0, 0.02, 0.04, 0.07] if realisations else [0.0])
    assert number[0] == 3 * len(some)
    np.testing.assert_allclose(batch.relative_density, batch.columns["relative_density"], rtol=2e-9)
    assert set(batch.columns["relative_density"].tolist()) == {0.001, 0.003, 0.01}
    assert torch.equal(batch.columns["target"], homogenise(batch).stiffness)
    assert not held_out(batch).any()


def test_the_quarter_is_part_of_the_half(some):
    quarter, half, whole = (set(composition(n, some).lattices.names) for n in ("0imp_quarter", "0imp_half", "0imp"))
    assert (len(quarter), len(half), len(whole)) == (SOME / 4, SOME / 2, SOME)
    assert quarter < half < whole
    assert set(composition("0imp_quarter", some, seed=1).lattices.names) != quarter


def test_realisations_are_moved_by_their_level_each_in_its_own_way(some):
    batch = composition("2imp", some).lattices
    level = batch.columns["level"]
    name = str(some.names[SOME - 1])
    rows = [row for row in range(len(batch)) if str(batch.names[row]) == name]
    rows = rows[::3]  # of three densities one
    assert level[rows].tolist() == [0.0, 0.02, 0.04, 0.07, 0.02, 0.04, 0.07]
    still = batch[rows[0]].positions
    for row in rows[1:]:
        steps = np.linalg.norm(batch[row].positions - still, axis=1)
        np.testing.assert_allclose(steps, level[row].item(), rtol=1e-6)
    assert len({batch[row].positions.tobytes() for row in rows}) == 7


def test_a_composition_is_a_file_that_says_what_it_is(some, tmp_path):
    made = composition("1imp", some, seed=3)
    path = tmp_path / "a.parquet"
    digest = write_dataset(made.lattices, path, made.recipe)
    again = read_parquet(path)
    assert content_hash(again) == digest == content_hash(composition("1imp", some, seed=3).lattices)
    assert torch.equal(again.columns["target"], made.lattices.columns["target"])
    stated = parquet_dataset(path)
    assert stated == {"recipe": made.recipe, "lattices": len(made.lattices), "content_sha256": digest}
    assert stated["recipe"]["composition"] == "1imp"
    import pyarrow.parquet as pq

    metadata = json.loads(pq.read_schema(path).metadata[b"fastlattice"])
    assert "Young's modulus" in metadata["stiffness"]


def test_a_file_without_a_dataset_says_nothing_of_one(tmp_path):
    write_parquet(LatticeBatch.from_lattices([unit_cell("octet")]), tmp_path / "a.parquet")
    assert parquet_dataset(tmp_path / "a.parquet") == {}


def test_names_are_those_of_the_paper():
    assert list(COMPOSITIONS) == ["0imp_quarter", "0imp_half", "0imp", "1imp", "2imp", "4imp"]


def test_what_makes_no_sense_is_refused(some):
    with pytest.raises(ValueError, match="there is no composition '3imp'"):
        composition("3imp", some)
    with pytest.raises(ValueError, match="seed"):
        composition("0imp", some, seed=-1)
    with pytest.raises(LatticeError, match="densities"):
        composition("0imp", some, densities=(0.0,))
    with pytest.raises(LatticeError, match="no bases"):
        composition("0imp", some[:0])
