"""The lattices that everything is timed on are the committed ones, and of the sizes that they claim."""

import numpy as np
import pytest
import torch

from bench.support import lattices as timed
from fastlattice import homogenise, read_catalogue
from tests.support.published import CATALOGUES

DECILES = np.linspace(0, 1, 11)


def test_they_are_the_committed_ones():
    batch = timed.lattices()
    assert len(batch) == 1024
    assert timed.digest(batch) == timed.SHA256
    assert len(set(batch.names)) == 256


@pytest.mark.parametrize("array", ["struts", "shifts", "positions", "radii", "cell"])
def test_every_array_is_in_the_digest(array):
    batch = timed.lattices()
    changed = batch.take(torch.arange(len(batch)))
    getattr(changed, array).view(-1)[-1] += 1
    assert timed.digest(changed) != timed.SHA256


def test_a_changed_recipe_is_refused(monkeypatch):
    monkeypatch.setattr(timed, "LEVELS", (0.0, 0.03, 0.06, 0.09))
    timed.lattices.cache_clear()
    with pytest.raises(RuntimeError, match="SHA-256"):
        timed.lattices()


def test_they_have_20_nodes_and_90_edges_on_average():
    batch = timed.lattices()
    assert abs(float(batch.node_counts.double().mean()) - 20) < 0.2
    assert abs(2 * float(batch.strut_counts.double().mean()) - 90) < 1
    assert int(batch.node_counts.max()) == 60
    assert int(batch.strut_counts.max()) == 144
    assert 0.0029 < float(batch.relative_density.min()) < float(batch.relative_density.max()) < 0.031


def test_deciles_are_those_of_the_published_sample():
    path = CATALOGUES / "two_radii_396.lat"
    if not path.exists():
        pytest.skip(f"the published sample does not come with the project: this runs where it is {path}")
    published = read_catalogue(path)
    for counts in ("node_counts", "strut_counts"):
        found, wanted = (np.quantile(getattr(b, counts).numpy(), DECILES) for b in (timed.lattices(), published))
        np.testing.assert_allclose(found, wanted, rtol=0.1)


def test_they_carry_load():
    assert homogenise(timed.lattices()).failures() == []


@pytest.mark.parametrize(
    ("count", "nodes", "struts"), [(1, 21, 45), (4, 80, 176), (64, 1279, 2885), (1024, 20532, 45848)]
)
def test_a_sample_is_average(count, nodes, struts):
    """What performance is stated of: 20 nodes and 45 struts a lattice, as near as `count` neighbours come to it."""
    batch = timed.sample(count)
    assert len(batch) == count
    assert (len(batch.positions), len(batch.struts)) == (nodes, struts)

    def distance(lattices):
        return abs(len(lattices.positions) / (20 * count) - 1) + abs(len(lattices.struts) / (45 * count) - 1)

    everything = timed.lattices()
    assert distance(batch) == min(distance(everything[k : k + count]) for k in range(1024 - count + 1))
    assert distance(batch) < 0.051
