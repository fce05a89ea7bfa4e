"""Metrics against loops over components, and what must hold of them."""

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from fastlattice import homogenise
from fastlattice.training import (
    equivariance_loss,
    metrics,
    random_rotations,
    rotated,
    sphere_directions,
    summary,
)
from fastlattice.training.metrics import METRICS
from tests.support.stiffness_equations import compliance, directions, energy, fourth_order
from tests.support.training import labelled, network


def pair(seed: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    values = np.random.default_rng(seed).normal(size=(2, 6, 6))
    target = values[0] @ values[0].T
    return target + 0.1 * np.abs(np.linalg.eigvalsh(target)[0]) * (values[1] + values[1].T), target


def index(c: NDArray[np.float64]) -> float:
    """The universal anisotropy index of Ranganathan and Ostoja-Starzewski (2008), by Voigt's and Reuss's averages."""
    volumetric = np.diag([1, 1, 1, 0, 0, 0]) @ np.ones((6, 6)) @ np.diag([1, 1, 1, 0, 0, 0]) / 3
    deviatoric = np.eye(6) - volumetric
    s = np.linalg.inv(c)
    bulk, shear = (np.trace(p @ c) * np.trace(p @ s) for p in (volumetric, deviatoric))
    return bulk + shear / 5 - 6


def test_every_metric_is_what_its_equation_says() -> None:
    pairs = [pair(seed) for seed in range(3)]
    found = metrics(*(torch.from_numpy(np.array(side)) for side in zip(*pairs, strict=True)))
    assert tuple(found) == METRICS
    for row, (c, t) in enumerate(pairs):
        got = {name: float(values[row]) for name, values in found.items()}
        gamma = (t**2).mean()
        directional = np.mean([abs(energy(c - t, d)) for d in directions()])
        assert got["L_comp"] == pytest.approx(((c - t) ** 2).sum(), rel=1e-10)
        assert got["L_comp (mean absolute)"] == pytest.approx(sum(abs(e) for e in (c - t).ravel()) / 36, rel=1e-10)
        assert got["L_dir"] == pytest.approx(directional, rel=1e-10)
        assert got["L_dir_rel (sqrt gamma)"] == pytest.approx(directional / gamma**0.5, rel=1e-10)
        mean = np.mean([energy(t, d) for d in directions()])
        assert got["L_dir_rel (mean directional)"] == pytest.approx(directional / mean, rel=1e-10)
        assert got["relative Frobenius"] == pytest.approx(np.linalg.norm(c - t) / np.linalg.norm(t), rel=1e-10)
        found_values, true_values = np.linalg.eigvalsh(c), np.linalg.eigvalsh(t)
        for k in range(6):
            wanted = abs(found_values[k] - true_values[k]) / true_values[k]
            assert got[f"eigenvalue {k + 1}"] == pytest.approx(wanted, rel=1e-6)
        young = [abs(compliance(t, n, n) / compliance(c, n, n) - 1) for n in directions()]
        assert got["Young's modulus"] == pytest.approx(np.mean(young), rel=1e-6)
        shear = []
        for n in directions():
            m = np.cross(n, np.eye(3)[np.abs(n).argmin()])
            m /= np.linalg.norm(m)
            shear.append(abs(compliance(t, n, m) / compliance(c, n, m) - 1))
        assert got["shear modulus"] == pytest.approx(np.mean(shear), rel=1e-6)
        assert got["anisotropy"] == pytest.approx(abs((1 + index(c)) / (1 + index(t)) - 1), rel=1e-6)


def test_negative_eigenvalues_are_counted_and_have_no_moduli() -> None:
    target = torch.eye(6, dtype=torch.float64).repeat(3, 1, 1)
    stiffness = target.clone()
    stiffness[1, 5, 5] = -0.1
    stiffness[2, 5, 5] = -1e-9  # zero, as float32 has it
    found = metrics(stiffness, target)
    assert found["negative eigenvalue"].tolist() == [0, 1, 0]
    assert found["Young's modulus"].isnan().tolist() == [False, True, True]
    assert found["anisotropy"].isnan().tolist() == [False, True, True]
    assert found["eigenvalue 1"][1] == pytest.approx(1.1)


def test_a_zero_prediction_scores_one_in_one_normalisation_and_about_two_in_the_other() -> None:
    target = labelled(16).columns["target"]
    found = metrics(torch.zeros_like(target), target)
    assert torch.allclose(found["L_dir_rel (mean directional)"], torch.ones(16, dtype=torch.float64))
    assert 1.8 < float(found["L_dir_rel (sqrt gamma)"].mean()) < 2.6


def test_directions_are_unit_vectors_without_a_preference() -> None:
    d = sphere_directions()
    assert d.shape == (250, 3)
    assert torch.allclose(d.norm(dim=1), torch.ones(250, dtype=torch.float64), rtol=1e-14)
    assert torch.allclose(d.T @ d / 250, torch.eye(3, dtype=torch.float64) / 3, atol=2e-3)


def test_rotations_are_proper_uniform_and_belong_to_their_sample() -> None:
    turns = random_rotations(7, 0, 4000)
    eye = torch.eye(3, dtype=torch.float64)
    assert torch.allclose(turns @ turns.mT, eye.expand(4000, 3, 3), atol=1e-14)
    assert torch.allclose(torch.linalg.det(turns), torch.ones(4000, dtype=torch.float64))
    # Over all rotations the mean of Q is 0 and that of Q_ia Q_jb is d_ij d_ab / 3; the mean squared trace is 1.
    assert float(turns.mean(0).abs().max()) < 4 / 4000**0.5
    assert float((turns.diagonal(dim1=1, dim2=2).sum(1) ** 2).mean()) == pytest.approx(1, abs=0.1)
    assert bool((random_rotations(7, 1000, 50) == turns[1000:1050]).all())
    assert not bool((random_rotations(8, 0, 50) == turns[:50]).any())


def test_the_target_turns_with_its_lattice() -> None:
    batch = labelled(6)
    turned = rotated(batch, random_rotations(1, 0, 6))
    exact = homogenise(turned).stiffness
    error = (turned.columns["target"] - exact).flatten(1).norm(dim=1) / exact.flatten(1).norm(dim=1)
    assert float(error.max()) < 1e-10
    assert torch.allclose(turned.radii, batch.radii)


def test_turned_lattices_have_the_same_bits_in_any_batch() -> None:
    batch, turns = labelled(6), random_rotations(1, 0, 6)
    whole, part = rotated(batch, turns), rotated(batch[2:4], turns[2:4])
    assert torch.equal(whole[2:4].positions, part.positions)
    assert torch.equal(whole[2:4].cell, part.cell)


def test_an_equivariant_network_has_rounding_only_and_another_network_does_not() -> None:
    batch, model = labelled(8), network()
    scale = batch.columns["target"].square().mean((1, 2)).sqrt()
    single = equivariance_loss(model, batch, rotations=3) / scale
    double = equivariance_loss(model, batch, rotations=3, dtype=torch.float64) / scale
    assert 0 < float(double.max()) < 1e-10
    assert float(double.max()) < float(single.max()) < 1e-2
    assert next(model.parameters()).dtype == torch.float32

    class Fixed(type(model)):  # type: ignore[misc]
        """Predicts the same matrix whatever the orientation."""

        def in_units(self, graph):  # type: ignore[no-untyped-def]
            return torch.diag(torch.tensor([2.0, 1, 1, 1, 1, 1])).expand(graph.num_graphs, 6, 6)

    fixed = Fixed(model.config, model.conventions)
    turns = random_rotations(0, 0, 8)
    matrix = np.diag([2.0, 1, 1, 1, 1, 1])
    wanted = []
    for q in turns.numpy():
        turned = np.einsum("ia,jb,kc,ld,abcd->ijkl", q, q, q, q, fourth_order(matrix)) - fourth_order(matrix)
        wanted.append(np.mean([abs(np.einsum("ijkl,i,j,k,l", turned, d, d, d, d)) for d in directions()]))
    found = equivariance_loss(fixed, batch, rotations=1)
    assert found.numpy() == pytest.approx(np.array(wanted), rel=1e-6)


def test_summary_leaves_out_what_is_no_number() -> None:
    values = torch.tensor([1.0, float("nan"), 2.0, 3.0, 10.0])
    assert summary(values) == {"mean": 4.0, "median": 2.5, "p90": 10.0, "count": 4}
    assert summary(torch.full((2,), float("nan")))["count"] == 0
