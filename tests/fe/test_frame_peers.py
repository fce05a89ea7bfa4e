"""Homogenisation against other people's programs: OpenSees, and the original authors' Abaqus results."""

import math

import numpy as np
import pytest
import torch

from fastlattice import LatticeBatch, homogenise, read_catalogue, unit_cell
from tests.fe.test_frame import irregular, two_nets


@pytest.mark.parametrize("kappa", [0.8, math.inf])
@pytest.mark.parametrize("name", ["irregular", "two nets", "kelvin", "weaire_phelan", "octet", "hexagonal_honeycomb"])
def test_opensees(name, kappa):
    pytest.importorskip("openseespy")
    try:
        from tests.support.frame_opensees import opensees_stiffness
    except RuntimeError as error:  # the wheel does not load on every system
        pytest.skip(str(error))

    special = {"irregular": irregular, "two nets": two_nets}
    lattice = special[name]() if name in special else unit_cell(name).perturb(0.03, seed=0)
    C = homogenise(lattice, nu=0.25, kappa=kappa).stiffness[0].numpy()
    D = opensees_stiffness(lattice, nu=0.25, kappa=kappa)
    np.testing.assert_allclose(C, D, rtol=0, atol=1e-9 * np.abs(D).max())


def relative_errors(batch, **options):
    target = batch.columns["target"]
    labelled = ~target.isnan().any(2).any(1)
    result = homogenise(batch, **options)
    assert result.failures() == []
    error = (result.stiffness - target)[labelled]
    return torch.linalg.matrix_norm(error) / torch.linalg.matrix_norm(target[labelled])


def test_abaqus_labels(grega):
    batches = [read_catalogue(grega / name) for name in ("two_radii_396.lat", "sample_20.lat")]
    batch = LatticeBatch.concatenate(batches)
    error = relative_errors(batch)
    assert len(error) == 1239
    assert error.median() <= 6e-4
    assert error.quantile(0.99) <= 1e-2
    # The same elements as theirs: what is left is mostly their five printed digits.
    assert relative_errors(batch, discretisation="abaqus-b31").median() <= 3e-4
