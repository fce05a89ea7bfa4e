"""Every way in which a lattice can be unfit is reported for that lattice alone; results do not depend on company."""

import os
from functools import cache

import numpy as np
import pytest
import torch

from fastlattice import Lattice, LatticeBatch, Status, homogenise, unit_cell
from fastlattice.fe import Failure

CUBE = np.eye(3, dtype=int)


def with_extra(struts=(), shifts=(), nodes=()):
    """A simple cubic net and something beside it."""
    return Lattice(
        np.eye(3),
        np.array([[0.0, 0, 0], *nodes]),
        np.array([[0, 0]] * 3 + list(struts)),
        np.concatenate([CUBE, np.reshape(np.array(shifts, dtype=int), (-1, 3))]),
        0.02,
        name="a name",
    )


HALF = (0.5, 0.5, 0.5)
CASES = {
    "a strut of no length": (
        with_extra([(0, 1)], [(0, 0, 0)], [(0.0, 0.0, 0.0)]),
        (Status.ZERO_LENGTH_STRUT, 3, 3),
    ),
    "a strut from a node to itself": (with_extra([(0, 0)], [(0, 0, 0)]), (Status.ZERO_LENGTH_STRUT, 3, 3)),
    "the same strut twice": (
        with_extra([(0, 1), (1, 0), (0, 1)], [(1, 0, 0), (0, 0, 0), (1, 0, 0)], [HALF]),
        (Status.DUPLICATE_STRUT, 3, 5),
    ),
    "the same strut backwards": (
        with_extra([(0, 1), (1, 0)], [(1, 0, 0), (-1, 0, 0)], [HALF]),
        (Status.DUPLICATE_STRUT, 3, 4),
    ),
    "a self-strut backwards": (with_extra([(0, 0)], [(0, -1, 0)]), (Status.DUPLICATE_STRUT, 3, 3)),
    "a node without struts": (with_extra(nodes=[HALF]), (Status.ISOLATED_NODE, 0, 1)),
    "a finite piece": (
        with_extra([(1, 2)], [(0, 0, 0)], [HALF, (0.5, 0.5, 0.7)]),
        (Status.FLOATING_PIECE, 0, 1),
    ),
    "a chain beside the net": (with_extra([(1, 1)], [(1, 0, 0)], [HALF]), (Status.FLOATING_PIECE, 1, 1)),
    "a sheet beside the net": (
        with_extra([(1, 1), (1, 1)], [(1, 0, 0), (0, 1, 0)], [HALF]),
        (Status.FLOATING_PIECE, 2, 1),
    ),
    "a sheet alone": (
        Lattice(np.eye(3), [[0, 0, 0]], [[0, 0]] * 3, [[1, 0, 0], [0, 1, 0], [1, 1, 0]], 0.02),
        (Status.NOT_THREE_PERIODIC, 2, 0),
    ),
    "a slanted sheet alone": (
        Lattice(np.eye(3), [[0, 0, 0]], [[0, 0]] * 3, [[1, 1, 0], [0, 1, 1], [1, 0, -1]], 0.02),
        (Status.NOT_THREE_PERIODIC, 2, 0),
    ),
    "a chain alone": (
        Lattice(np.eye(3), [[0, 0, 0]], [[0, 0], [0, 0]], [[2, 2, 0], [3, 3, 0]], 0.02),
        (Status.NOT_THREE_PERIODIC, 1, 0),
    ),
    "two chains that cross without touching": (
        Lattice(np.eye(3), [[0, 0, 0], HALF], [[0, 0], [1, 1]], [[1, 0, 0], [0, 1, 0]], 0.02),
        (Status.NOT_THREE_PERIODIC, 1, 0),
    ),
    "a molecule": (
        Lattice(np.eye(3), [[0, 0, 0], HALF], [[0, 1]], [[0, 0, 0]], 0.02),
        (Status.NOT_THREE_PERIODIC, 0, 0),
    ),
    "no strut": (Lattice(np.eye(3), [[0, 0, 0]], [], [], []), (Status.ISOLATED_NODE, 0, 0)),
    "struts too thin for the arithmetic": (
        unit_cell("diamond").with_relative_density(1e-15),
        (Status.SINGULAR_PIVOT, 3, None),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_status(name):
    lattice, (status, rank, culprit) = CASES[name]
    company = unit_cell("octet")
    result = homogenise([company, lattice, company])
    alone = homogenise(company).stiffness[0]
    assert torch.equal(result.stiffness[0], alone)
    assert torch.equal(result.stiffness[2], alone)
    assert result.stiffness[1].isnan().all()
    assert (Status(int(result.status[1])), int(result.rank[1])) == (status, rank)
    if culprit is not None:
        assert result.culprit[1] == culprit
    assert result.ok.tolist() == [True, False, True]
    (failure,) = result.failures()
    assert failure == Failure(1, lattice.name, failure.reason)
    assert status.description in failure.reason


def raw(lattice, **changes):
    """The batch of one lattice, its columns changed without validation."""
    columns = {k: torch.as_tensor(np.array(getattr(lattice, k))) for k in ("positions", "struts", "shifts", "radii")}
    columns = {"cell": torch.as_tensor(np.array(lattice.cell))[None], **columns}
    for key, (index, value) in changes.items():
        columns[key][index] = value
    offsets = [torch.tensor([0, n]) for n in (lattice.num_nodes, lattice.num_struts)]
    return LatticeBatch(*columns.values(), *offsets)


@pytest.mark.parametrize(
    ("change", "rank"),
    [
        ({"positions": ((0, 1), np.nan)}, 3),
        ({"positions": ((0, 1), np.inf)}, 3),
        ({"cell": ((0, 2, 2), np.nan)}, 3),
        ({"cell": ((0, 2), 0.0)}, 3),
        ({"radii": (1, 0.0)}, 3),
        ({"radii": (1, -0.1)}, 3),
        ({"radii": (1, np.nan)}, 3),
        ({"radii": (1, np.inf)}, 3),
        ({"shifts": ((0, 0), 2**18 + 1)}, -1),
        ({"shifts": ((0, 0), -(2**62))}, -1),
    ],
)
def test_invalid_input(change, rank):
    result = homogenise(raw(unit_cell("octet"), **change))
    assert (Status(int(result.status[0])), int(result.rank[0])) == (Status.INVALID_INPUT, rank)
    assert result.stiffness.isnan().all()
    assert not result.beam_valid[0]


@pytest.mark.parametrize(
    ("key", "factor", "status"),
    [
        ("radii", 1e160, Status.SINGULAR_PIVOT),  # the struts' stiffness is no number
        ("radii", 1e-160, Status.SINGULAR_PIVOT),  # or zero
        ("all", 1e120, Status.INVALID_INPUT),  # the cell's volume is no number
        ("all", 1e-120, Status.INVALID_INPUT),  # or zero
    ],
)
def test_overflow_has_a_status(key, factor, status):
    lattice = unit_cell("diamond")
    scaled = {k: factor if key in (k, "all") else 1.0 for k in ("cell", "positions", "radii")}
    arrays = {k: getattr(lattice, k) * s for k, s in scaled.items()}
    batch = raw(lattice, **{k: (slice(None), torch.as_tensor(a)) for k, a in arrays.items()})
    result = homogenise(batch)
    assert result.status[0] == status
    assert result.stiffness.isnan().all()
    assert len(result.failures()) == 1


def test_node_indices_out_of_range_never_reach_memory():
    batch = raw(unit_cell("octet"))
    batch.struts[0, 0] = 10**12  # past the batch's own validation
    assert Status(int(homogenise(batch).status[0])) == Status.INVALID_INPUT


def test_far_shifts_are_exact():
    # A net whose cycles are nearly coplanar: their determinant is 1, lost in doubles, not in integers.
    s = 2**18
    cycles = [[s, s - 1, 0], [s - 1, s - 2, 0], [0, 0, s]]
    assert round(np.linalg.det(np.array(cycles, dtype=float))) != 0
    lattice = Lattice(np.eye(3), [[0, 0, 0]], [[0, 0]] * 3, cycles, 0.02)
    assert homogenise(lattice).rank[0] == 3
    coplanar = Lattice(np.eye(3), [[0, 0, 0]], [[0, 0]] * 3, [cycles[0], cycles[1], [1, 1, 0]], 0.02)
    assert homogenise(coplanar).rank[0] == 2


def test_order_of_precedence():
    """One defect more at each step: the reported status is always the lowest value."""
    base = with_extra([(1, 2)], [(0, 0, 0)], [HALF, (0.5, 0.5, 0.7)])

    def grown(lattice, struts=(), shifts=(), nodes=()):
        return Lattice(
            lattice.cell,
            np.concatenate([lattice.positions, np.reshape(nodes, (-1, 3))]),
            np.concatenate([lattice.struts, np.reshape(np.array(struts, dtype=int), (-1, 2))]),
            np.concatenate([lattice.shifts, np.reshape(np.array(shifts, dtype=int), (-1, 3))]),
            0.02,
        )

    isolated = grown(base, nodes=[(0.2, 0.3, 0.4)])
    duplicate = grown(isolated, [(0, 0)], [(1, 0, 0)])
    pointlike = grown(duplicate, [(0, 0)], [(0, 0, 0)])
    found = homogenise([base, isolated, duplicate, pointlike]).status.tolist()
    assert found == [Status.FLOATING_PIECE, Status.ISOLATED_NODE, Status.DUPLICATE_STRUT, Status.ZERO_LENGTH_STRUT]
    invalid = raw(pointlike, radii=(0, -1.0))
    assert Status(int(homogenise(invalid).status[0])) == Status.INVALID_INPUT


@pytest.mark.parametrize(("radius", "valid"), [(0.25, True), (0.2501, False), (0.51, False)])
def test_beam_validity(radius, valid):
    lattice = Lattice(np.eye(3), [[0, 0, 0]], [[0, 0]] * 3, CUBE, radius)
    result = homogenise(lattice)
    assert bool(result.ok[0])
    assert bool(result.beam_valid[0]) == valid


@cache
def mixed_batch():
    bases = [unit_cell(name) for name in ("bcc", "kelvin", "weaire_phelan")]
    cells = [base.perturb(0.03, seed) for seed, base in enumerate(bases * 20)]
    cells.insert(7, unit_cell("diamond").supercell((3, 3, 2)).perturb(0.01, 0))
    cells.insert(30, CASES["a sheet alone"][0])
    return LatticeBatch.from_lattices(cells)


def bits(result):
    return result.stiffness.view(torch.int64)


def test_same_bits_in_any_company_on_any_number_of_threads():
    batch = mixed_batch()
    expected = homogenise(batch, threads=1)
    for threads in (2, 3, 8):
        assert torch.equal(bits(homogenise(batch, threads=threads)), bits(expected))
    assert torch.equal(bits(homogenise(batch[25:50], threads=2)), bits(expected)[25:50])
    for b in (0, 7, 29, 31):
        assert torch.equal(bits(homogenise(batch[b])), bits(expected)[b : b + 1])


def test_same_bits_where_threads_share_one_cell():
    large = unit_cell("diamond").supercell(7).perturb(0.002, 0)
    assert large.num_nodes > 2000
    assert torch.equal(bits(homogenise(large, threads=1)), bits(homogenise(large, threads=2)))


def test_empty_batch():
    result = homogenise([])
    assert result.stiffness.shape == (0, 6, 6)
    assert (len(result), result.failures(), result.ok.shape) == (0, [], (0,))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_survives_a_fork():
    batch = mixed_batch()
    expected = bits(homogenise(batch, threads=2))
    child = os.fork()
    if child == 0:
        same = torch.equal(bits(homogenise(batch, threads=2)), expected)
        os._exit(0 if same else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
