"""Homogenisation against other people's programs: OpenSees, and the original authors' Abaqus results."""

import math

import numpy as np
import pytest
import torch

from fastlattice import homogenise, read_catalogue, unit_cell
from tests.fe.test_frame import irregular, two_nets
from tests.support.peers import opensees
from tests.support.published import authors_catalogue


@pytest.mark.parametrize("kappa", [0.8, math.inf])
@pytest.mark.parametrize("name", ["irregular", "two nets", "kelvin", "weaire_phelan", "octet", "hexagonal_honeycomb"])
def test_opensees(name, kappa):
    peer = opensees()
    special = {"irregular": irregular, "two nets": two_nets}
    lattice = special[name]() if name in special else unit_cell(name).perturb(0.03, seed=0)
    C = homogenise(lattice, nu=0.25, kappa=kappa).stiffness[0].numpy()
    D = peer.opensees_stiffness(lattice, nu=0.25, kappa=kappa)
    np.testing.assert_allclose(C, D, rtol=0, atol=1e-9 * np.abs(D).max())


def relative_errors(batch, **options):
    target = batch.columns["target"]
    labelled = ~target.isnan().any(2).any(1)
    result = homogenise(batch, **options)
    assert result.failures() == []
    error = (result.stiffness - target)[labelled]
    return torch.linalg.matrix_norm(error) / torch.linalg.matrix_norm(target[labelled])


@pytest.mark.parametrize(
    ("name", "count", "median", "median_b31"),
    [("two_radii_396.lat", 1182, 6e-4, 3e-4), ("sample_20.lat", 57, 3e-3, 6e-4)],
)
def test_abaqus_labels(name, count, median, median_b31):
    """Theirs are too stiff in bending; with the same elements mostly their five printed digits are left."""
    batch = read_catalogue(authors_catalogue(name))
    error = relative_errors(batch)
    assert len(error) == count
    assert error.median() <= median
    assert error.quantile(0.99) <= 1e-2
    assert relative_errors(batch, discretisation="abaqus-b31").median() <= median_b31
