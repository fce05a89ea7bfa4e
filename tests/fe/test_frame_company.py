"""Realisations of one topology are solved together; nobody can tell from the results."""

import math
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from fastlattice import Lattice, LatticeBatch, Status, homogenise, unit_cell
from tests.fe.test_frame import irregular, two_nets
from tests.fe.test_frame_status import CASES
from tests.support.frame_reference import dense_stiffness
from tests.support.instruction_sets import OTHERS
from tests.support.strategies import lattices

ROOT = Path(__file__).parents[2]
OPTIONS = [{}, {"kappa": math.inf}, {"discretisation": "abaqus-b31"}, {"nu": -0.3, "kappa": 0.5}]


def moved(base, count, seed=0):
    """Realisations of a lattice: its nodes moved, its cell strained, its radii drawn anew."""
    generator = np.random.default_rng(seed)
    scale = 0.03 * np.linalg.norm(base.cell, axis=1).min()
    made = []
    for _ in range(count):
        strain = np.eye(3) + generator.uniform(-0.1, 0.1, (3, 3))
        positions = (base.positions + scale * generator.standard_normal(base.positions.shape)) @ strain
        radii = np.mean(base.radii) * generator.uniform(0.5, 1.5, base.num_struts)
        made.append(Lattice(base.cell @ strain, positions, base.struts, base.shifts, radii))
    return made


def bases():
    """Self-struts, multi-struts, pieces that do not touch, supernodes wide and narrow, one node, 64 nodes."""
    names = ("simple_cubic", "octet", "kelvin", "weaire_phelan")
    return [irregular(), two_nets(), *map(unit_cell, names), unit_cell("diamond").supercell(2)]


def rows(result):
    """All that is known of each lattice, in words of bits."""
    columns = result.stiffness.view(torch.int64).reshape(len(result), 36), result.status, result.rank
    return torch.column_stack([*columns, result.beam_valid, result.culprit])


def assert_each_as_if_alone(batch, **options):
    together = rows(homogenise(batch, **options))
    alone = [rows(homogenise(batch[b : b + 1], **options)) for b in range(len(batch))]
    assert torch.equal(together, torch.cat(alone))
    return together


@pytest.mark.parametrize("options", OPTIONS, ids=str)
@pytest.mark.parametrize("base", range(len(bases())))
def test_same_bits_together_and_alone(base, options):
    assert_each_as_if_alone(LatticeBatch.from_lattices(moved(bases()[base], 11, base)), **options)


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 7, 8, 9, 15, 63, 65, 130])
def test_same_bits_in_groups_of_any_size(count):
    batch = LatticeBatch.from_lattices(moved(irregular(3), count, count))
    assert_each_as_if_alone(batch, threads=2)


def crowd():
    """Groups of several sizes and lattices of their own, mixed."""
    counts = (9, 17, 8, 5, 1, 3, 33)
    made = [lattice for k, base in enumerate(bases()) for lattice in moved(base, counts[k], k)]
    made += [unit_cell(name).perturb(0.02, 1) for name in ("bcc", "fcc", "diamond")]
    made.append(unit_cell("diamond").supercell((3, 3, 2)).perturb(0.01, 0))
    return LatticeBatch.from_lattices([made[k] for k in np.random.default_rng(5).permutation(len(made))])


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_same_bits_shuffled_and_on_any_number_of_threads(options):
    batch = crowd()
    expected = assert_each_as_if_alone(batch, threads=1, **options)
    order = np.random.default_rng(1).permutation(len(batch)).tolist()
    for threads in (1, 2, 3, 8):
        assert torch.equal(rows(homogenise(batch, threads=threads, **options)), expected)
        assert torch.equal(rows(homogenise(batch[order], threads=threads, **options)), expected[order])


@pytest.mark.parametrize("base", range(len(bases())))
def test_against_dense_reference(base):
    made = moved(bases()[base], 10, 7)
    result = homogenise(made, nu=0.2, kappa=0.8)
    assert result.failures() == []
    for b in (0, 4, 9):
        expected = dense_stiffness(made[b], 0.2, 0.8)
        np.testing.assert_allclose(result.stiffness[b].numpy(), expected, rtol=0, atol=1e-11 * np.abs(expected).max())


def spoilt(columns, b, n, m):
    """What may be wrong with lattice b of n nodes and m struts, and its status."""

    def put(key, index, value):
        def change():
            columns[key][index] = value

        return change

    return [
        (put("positions", (b * n, 1), math.nan), Status.INVALID_INPUT),
        (put("positions", (b * n + n - 1, 0), math.inf), Status.INVALID_INPUT),
        (put("positions", (b * n, 2), 1e9), Status.INVALID_INPUT),
        (put("cell", (b, 1, 1), math.nan), Status.INVALID_INPUT),
        (put("cell", (b, 2), 0.0), Status.INVALID_INPUT),
        (put("radii", b * m + m - 1, 0.0), Status.INVALID_INPUT),
        (put("radii", b * m, -1.0), Status.INVALID_INPUT),
        (put("radii", b * m + 1, math.inf), Status.INVALID_INPUT),
        (put("radii", slice(b * m, b * m + m), 1e-9), Status.SINGULAR_PIVOT),
        (put("radii", slice(b * m, b * m + m), 1e-160), Status.SINGULAR_PIVOT),
        (put("radii", b * m + 2, 0.6), Status.OK),  # stocky
    ]


@pytest.mark.parametrize("options", OPTIONS[:3], ids=str)
@pytest.mark.parametrize("count", [8, 20, 64])
def test_bad_realisations_do_not_disturb_the_good(count, options):
    good = LatticeBatch.from_lattices(moved(unit_cell("diamond"), count, count))
    expected = rows(homogenise(good, **options))
    n, m = good[0].num_nodes, good[0].num_struts
    keys = "cell", "positions", "struts", "shifts", "radii"
    columns = {key: getattr(good, key).clone() for key in keys}
    bad = {}
    for turn, b in enumerate(range(0, count, 3)):
        kinds = spoilt(columns, b, n, m)
        change, status = kinds[(turn + count) % len(kinds)]
        change()
        bad[b] = status
    batch = LatticeBatch(*columns.values(), good.node_offsets, good.strut_offsets)
    found = assert_each_as_if_alone(batch, threads=2, **options)
    for b in range(count):
        if b in bad:
            assert Status(int(found[b, 36])) == bad[b]
        else:
            assert torch.equal(found[b], expected[b])


def test_a_strut_without_length_among_others():
    base = Lattice(np.eye(3), [[0, 0, 0], [0.5, 0.5, 0.5]], [[0, 0]] * 3 + [[0, 1]], np.eye(4, 3, dtype=int), 0.02)
    made = moved(base, 16)
    made[5] = base._replace(positions=np.zeros((2, 3)))
    result = homogenise(made)
    assert (Status(int(result.status[5])), int(result.culprit[5])) == (Status.ZERO_LENGTH_STRUT, 3)
    assert_each_as_if_alone(LatticeBatch.from_lattices(made))


@pytest.mark.parametrize("name", [name for name in CASES if name not in ("a strut of no length", "no strut")])
def test_graphs_that_carry_no_load(name):
    lattice, (status, rank, culprit) = CASES[name]
    result = homogenise(LatticeBatch.from_lattices([lattice] * 20), threads=2)
    assert set(result.status.tolist()) == {status}
    assert set(result.rank.tolist()) == {rank}
    assert culprit is None or set(result.culprit.tolist()) == {culprit}
    assert result.stiffness.isnan().all()


def test_nearly_the_same_topology():
    """The same struts with other shifts, the same struts turned round, and in another order."""
    base = irregular(2)
    offset = np.array([[0, 0, 0], [1, 0, 0], [0, -1, 0], [0, 0, 2]])
    shifts = base.shifts + offset[base.struts[:, 0]] - offset[base.struts[:, 1]]
    elsewhere = Lattice(base.cell, base.positions + offset @ base.cell, base.struts, shifts, base.radii)
    turned = Lattice(base.cell, base.positions, base.struts[:, ::-1], -base.shifts, base.radii)
    order = np.arange(base.num_struts)[::-1]
    reordered = Lattice(base.cell, base.positions, base.struts[order], base.shifts[order], base.radii[order])
    made = [x for y in (base, elsewhere, turned, reordered) for x in moved(y, 9, 4)]
    made = [made[k] for k in np.random.default_rng(0).permutation(len(made))]
    assert_each_as_if_alone(LatticeBatch.from_lattices(made))
    expected = homogenise(base).stiffness
    for other in (elsewhere, turned, reordered):
        assert (homogenise([other] * 9).stiffness - expected).abs().max() < 1e-11 * expected.abs().max()


def test_same_bits_where_a_gradient_is_asked_for():
    batch = crowd()
    expected = rows(homogenise(batch))
    moving = batch.replace(positions=batch.positions.clone().requires_grad_())
    result = homogenise(moving)
    assert torch.equal(rows(homogenise(moving)).detach(), expected)
    result.stiffness.sum().backward()
    assert moving.positions.grad.isfinite().all()


@settings(max_examples=30)
@given(lattices(), st.integers(2, 20), st.integers(0, 2**32 - 1))
def test_any_lattices(lattice, count, seed):
    made = [*moved(lattice, count, seed), *moved(irregular(), 9, seed), lattice]
    order = np.random.default_rng(seed).permutation(len(made))
    assert_each_as_if_alone(LatticeBatch.from_lattices([made[k] for k in order]), threads=2)


@pytest.mark.skipif(bool(os.environ.get("FASTLATTICE_ISA")), reason="this is the process for one instruction set")
@pytest.mark.parametrize("isa", OTHERS)
def test_on_lesser_machines(isa):
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(Path(__file__).relative_to(ROOT))]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "FASTLATTICE_ISA": isa}, capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, done.stdout + done.stderr
