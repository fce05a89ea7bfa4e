"""What a stream draws, by properties that hold whatever the random numbers are, and by the distributions of many draws.

Bounds are four standard deviations of what chance does to the numbers drawn here, which the seed fixes.
"""

import math
from collections import Counter

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from fastlattice.data import Range, Recipe, Stream
from fastlattice.data.batches import WINDOW
from tests.support import stream_reference as reference
from tests.support.streams import FEW, RECIPES, numbers, seeds


@given(numbers, seeds, st.floats(1e-6, 0.3), st.sampled_from(["none", "random"]))
@settings(max_examples=30)
def test_every_node_moves_by_exactly_the_level(start, seed, level, rotation):
    """The same samples at level 0 are the same but for the displacements."""
    shared = {"zero_share": 0, "rotation": rotation, "removal_share": 0.3, "strain_share": 0.5}
    moved, still = (Stream(FEW, Recipe(level=p, **shared), seed).unlabelled(start, start + 50) for p in (level, 0))
    assert torch.equal(moved.cell, still.cell)
    assert torch.allclose(moved.cell.norm(dim=2).amax(1), torch.ones(50, dtype=torch.float64), rtol=1e-14)
    distance = (moved.positions - still.positions).norm(dim=1)
    assert ((distance - level).abs() <= 1e-15 + 1e-13 * level).all()
    assert (moved.columns["level"] == level).all()


def test_directions_are_uniform():
    shared = {"zero_share": 0, "removal_share": 0, "strain_share": 0}
    moved, still = (Stream(FEW, Recipe(level=p, **shared)).unlabelled(0, 8000) for p in (0.1, 0))
    d = (moved.positions - still.positions) / 0.1
    n = len(d)
    assert (d.mean(0).abs() < 4 / math.sqrt(3 * n)).all()
    assert torch.allclose(d.T @ d / n, torch.eye(3, dtype=torch.float64) / 3, atol=4 / math.sqrt(5 * n))


def test_gaussian_displacements():
    shared = {"zero_share": 0, "removal_share": 0, "strain_share": 0, "displacement": "gaussian"}
    moved, still = (Stream(FEW, Recipe(level=p, **shared)).unlabelled(0, 8000) for p in (0.06, 0))
    d = (moved.positions - still.positions) / 0.06 * math.sqrt(3)
    n = d.numel()
    assert d.mean().abs() < 4 / math.sqrt(n)
    assert (d.square().mean() - 1).abs() < 4 * math.sqrt(2 / n)
    assert (d.pow(4).mean() - 3).abs() < 4 * math.sqrt(96 / n)


@given(numbers, st.sampled_from(list(RECIPES)))
@settings(max_examples=20)
def test_density_is_exact(start, name):
    batch = Stream(FEW, RECIPES[name], 1).unlabelled(start, start + 200)
    assert ((batch.relative_density / batch.columns["relative_density"] - 1).abs() < 1e-12).all()


def test_draws_have_their_distributions():
    n = 20_000
    batch = Stream(FEW, Recipe(density=Range(1e-3, 1e-1), level=Range(0.02, 0.1), zero_share=0.25)).unlabelled(0, n)
    level, density = batch.columns["level"], batch.columns["relative_density"]
    assert abs(float((level == 0).double().mean()) - 0.25) < 4 * math.sqrt(0.25 * 0.75 / n)
    for values, low, high in ((level[level > 0], 0.02, 0.1), (density.log10(), -3, -1)):
        u = ((values - low) / (high - low)).sort().values
        assert u[0] >= 0
        assert u[-1] <= 1
        grid = torch.arange(1, len(u) + 1, dtype=torch.float64) / len(u)
        assert (u - grid).abs().max() < 2 / math.sqrt(len(u))  # Kolmogorov and Smirnov: one in 1,500


def test_lists_give_each_number_as_often():
    n = 20_000
    batch = Stream(FEW, Recipe(density=(0.01, 0.03, 0.1), zero_share=0, level=(0.0, 0.05))).unlabelled(0, n)
    for column, values in (("relative_density", (0.01, 0.03, 0.1)), ("level", (0.0, 0.05))):
        counts = Counter(batch.columns[column].tolist())
        assert counts.keys() == set(values)
        assert max(abs(c - n / len(values)) for c in counts.values()) < 4 * math.sqrt(n / 4)


def test_weights_are_those_of_the_groups():
    weights = torch.tensor([0.0, 3.0, 1.0, 0.0, 4.0, 0.0])
    base = Stream(FEW, weights=weights).unlabelled(0, 20 * WINDOW).columns["base"]
    share = torch.bincount(base, minlength=6) / len(base)
    assert ((share == 0) == (weights == 0)).all()
    assert ((share - weights / 8).abs() < 4 * math.sqrt(0.25 / (20 * 512))).all()


def test_two_valued_radii():
    recipe = Recipe(radii="two-valued", radius_ratio=2.0, other_share=0.3, removal_share=0)
    batch = Stream(FEW, recipe).unlabelled(0, 2000)
    smallest = torch.stack([r.min() for r in batch.radii.split(batch.strut_counts.tolist())])
    ratio = batch.radii / smallest.repeat_interleave(batch.strut_counts)
    thick = (ratio - 2).abs() < 1e-12
    assert (thick | ((ratio - 1).abs() < 1e-12)).all()
    n = len(ratio)
    assert abs(float(thick.double().mean()) - 0.3) < 4 * math.sqrt(0.21 / n) + 0.01  # some lattices are all thick


def test_log_normal_radii():
    batch = Stream(FEW, Recipe(radii="log-normal", radius_sigma=0.4, removal_share=0)).unlabelled(0, 4000)
    owner = torch.arange(4000).repeat_interleave(batch.strut_counts)
    logs = batch.radii.log()
    mean = torch.zeros(4000, dtype=torch.float64).index_add(0, owner, logs) / batch.strut_counts
    freedom = len(logs) - 4000
    variance = (logs - mean[owner]).square().sum() / freedom
    assert abs(float(variance) / 0.16 - 1) < 4 * math.sqrt(2 / freedom)


def test_strain_keeps_the_shape_of_no_strain_on_average():
    """The logarithm of the stretch is traceless and symmetric; its five components have the deviation asked for."""
    shared = {"level": 0, "removal_share": 0, "strain": 0.15}
    strained, plain = (Stream(FEW, Recipe(strain_share=p, **shared)).unlabelled(0, 4000) for p in (1, 0))
    stretch = torch.linalg.solve(plain.cell, strained.cell)
    scale = torch.linalg.det(stretch) ** (1 / 3)  # of the largest cell constant, brought back to 1
    values, vectors = torch.linalg.eigh(stretch / scale[:, None, None])
    assert torch.allclose(stretch, stretch.mT, atol=1e-12)
    e = (vectors * values.log()[:, None]) @ vectors.mT
    five = torch.stack(
        [
            (e[:, 0, 0] - e[:, 1, 1]) / math.sqrt(2),
            (e[:, 0, 0] + e[:, 1, 1] - 2 * e[:, 2, 2]) / math.sqrt(6),
            *(math.sqrt(2) * e[:, i, j] for i, j in ((1, 2), (0, 2), (0, 1))),
        ]
    )
    assert torch.allclose(five @ five.T / 4000, 0.15**2 * torch.eye(5, dtype=torch.float64), atol=4 * 0.15**2 * 0.023)


def test_removal_is_common_to_a_group():
    recipe = Recipe(removal_share=1, removal=0.25, level=0, strain_share=0)
    batch = Stream(FEW, recipe, 2).unlabelled(0, WINDOW)
    groups = reference.groups(2, np.arange(WINDOW))
    kept = {}
    for row, group in enumerate(groups.tolist()):
        one = batch[row]
        kept.setdefault(group, set()).add((one.struts.tobytes(), one.shifts.tobytes()))
    assert {len(each) for each in kept.values()} == {1}
    share = batch.strut_counts / FEW.strut_counts[batch.columns["base"]]
    assert abs(float(share.mean()) - 0.75) < 0.02
    full = FEW.strut_counts[batch.columns["base"]]
    assert ((full - batch.strut_counts - full * 0.25).abs() < 1).all()
