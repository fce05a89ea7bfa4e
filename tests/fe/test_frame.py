"""Homogenisation proven by mechanics: closed forms, invariances, and an independent dense computation."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from fastlattice import Lattice, LatticeBatch, LatticeError, Status, homogenise, unit_cell, unit_cell_names
from fastlattice.fe import check
from tests.support.frame_reference import MANDEL, dense_stiffness, rotated
from tests.support.strategies import lattices

NU, KAPPA = 0.3, 0.89


def stiffness(lattice, **options):
    result = homogenise(lattice, **options)
    assert result.failures() == []
    return result.stiffness[0].numpy()


def assert_same(C, D, tolerance=1e-11):
    np.testing.assert_allclose(C, D, rtol=0, atol=tolerance * np.abs(D).max())


def irregular(seed=0):
    """A triclinic net of four nodes with multi-struts, self-struts and unequal radii."""
    generator = np.random.default_rng(seed)
    struts = [(0, 1), (0, 1), (1, 2), (2, 2), (0, 0), (0, 2), (3, 1), (3, 2), (1, 0), (2, 1)]
    shifts = [
        (0, 0, 0),
        (1, 0, 0),
        (0, 0, 1),
        (0, 1, 0),
        (0, 0, 1),
        (0, 1, -1),
        (0, 0, 0),
        (1, 0, 0),
        (0, 1, 1),
        (1, 1, 1),
    ]
    cell = np.eye(3) + 0.2 * generator.uniform(-1, 1, (3, 3))
    return Lattice.from_fractional(cell, generator.random((4, 3)), struts, shifts, generator.uniform(0.01, 0.05, 10))


def two_nets(seed=0):
    """Two irregular nets in one cell that do not touch."""
    one, other = irregular(seed), irregular(seed + 1)
    return Lattice(
        one.cell,
        np.concatenate([one.positions, other.positions]),
        np.concatenate([one.struts, other.struts + one.num_nodes]),
        np.concatenate([one.shifts, other.shifts]),
        np.concatenate([one.radii, other.radii]),
    )


def section(length, radius, nu=NU, kappa=KAPPA):
    """EA/L and 12 EI / (L^3 (1 + phi))."""
    phi = 6 * (1 + nu) * radius**2 / (kappa * length**2)
    return np.pi * radius**2 / length, 3 * np.pi * radius**4 / (length**3 * (1 + phi))


def affine_stiffness(lattice):
    """The stiffness where nodes follow the macro-strain and do not turn: exact where symmetry forbids anything else."""
    C = np.zeros((6, 6))
    for vector, radius in zip(lattice.strut_vectors, lattice.radii, strict=True):
        length = np.linalg.norm(vector)
        axial, transverse = section(length, radius)
        along = np.outer(vector, vector) / length**2
        D = MANDEL @ vector
        C += D @ (transverse * np.eye(3) + (axial - transverse) * along) @ D.T
    return C / lattice.volume


@pytest.mark.parametrize(
    ("length", "radius", "nu", "kappa"), [(1, 0.02, 0.3, 0.89), (2.5, 0.4, -0.2, 0.5), (1, 0.2, 0.3, np.inf)]
)
def test_simple_cubic_in_closed_form(length, radius, nu, kappa):
    lattice = Lattice(length * np.eye(3), [[0.1, 0.2, 0.3]], [[0, 0]] * 3, np.eye(3, dtype=int), radius)
    axial, transverse = section(length, radius, nu, kappa)
    E, G = axial / length, transverse / (2 * length)  # G = 6 EI / (L^4 (1 + phi))
    assert_same(stiffness(lattice, nu=nu, kappa=kappa), np.diag([E, E, E, 2 * G, 2 * G, 2 * G]))


@pytest.mark.parametrize("name", ["bcc", "octet", "cubic_bcc", "simple_cubic"])
def test_affine_patch(name):
    lattice = unit_cell(name)
    assert_same(stiffness(lattice), affine_stiffness(lattice))


@pytest.mark.parametrize(("name", "expected"), [("octet", (1 / 6, 1 / 12, 1 / 12)), ("bcc", (1 / 9, 1 / 9, 1 / 9))])
def test_stretching_limit(name, expected):
    # Deshpande, Fleck and Ashby (2001) for the octet truss: C11 = rho / 6, C12 = C44 = rho / 12 as r -> 0.
    lattice = unit_cell(name).with_relative_density(1e-7)
    C = stiffness(lattice) / lattice.relative_density
    np.testing.assert_allclose((C[0, 0], C[0, 1], C[3, 3] / 2), expected, rtol=1e-5)


def test_honeycomb_solved_by_hand():
    # Two nodes joined by three struts at 120 degrees in the plane, and to their own images along z. Under the strain
    # diag(1, -1) the nodes move against each other by l (k - a) / (k + a), k = EA/l, a = 12 EI / (l^3 (1 + phi)).
    l, h, radius = 0.7, 1.3, 0.05
    cell = [[np.sqrt(3) * l, 0, 0], [np.sqrt(3) / 2 * l, 1.5 * l, 0], [0, 0, h]]
    struts, shifts = [(0, 1), (0, 1), (0, 1), (0, 0), (1, 1)], [(0, 0, 0), (0, -1, 0), (1, -1, 0), (0, 0, 1), (0, 0, 1)]
    lattice = Lattice(cell, [[0, 0, 0], [0, l, 0]], struts, shifts, radius)
    np.testing.assert_allclose(lattice.strut_lengths, [l, l, l, h, h])
    C, V = stiffness(lattice), lattice.volume
    k, a = section(l, radius)
    axial_z, _ = section(h, radius)
    np.testing.assert_allclose(C[0, 0] + C[1, 1] - 2 * C[0, 1], 6 * l**2 * k * a / ((k + a) * V), rtol=1e-12)
    np.testing.assert_allclose(C[0, 0] + C[1, 1] + 2 * C[0, 1], 3 * l**2 * k / V, rtol=1e-12)
    np.testing.assert_allclose(C[2, 2], 2 * h**2 * axial_z / V, rtol=1e-12)
    np.testing.assert_allclose(C[5, 5], C[0, 0] - C[0, 1], rtol=1e-12)  # isotropic in the plane
    np.testing.assert_allclose(C[2, :2], 0, atol=1e-15)


@pytest.mark.parametrize("name", unit_cell_names())
def test_against_dense_reference(name):
    for seed, lattice in enumerate((unit_cell(name), unit_cell(name).perturb(0.05, seed=1))):
        assert_same(stiffness(lattice, nu=0.2 + 0.1 * seed, kappa=0.8), dense_stiffness(lattice, 0.2 + 0.1 * seed, 0.8))


@pytest.mark.parametrize("make", [irregular, two_nets])
def test_irregular_against_dense_reference(make):
    for seed in range(5):
        assert_same(stiffness(make(seed)), dense_stiffness(make(seed)))


@given(lattices())
def test_any_lattice_gives_a_stiffness_or_a_reason(lattice):
    result = homogenise(lattice)
    C = result.stiffness[0].numpy()
    if result.ok[0]:
        assert result.rank[0] == 3
        assert_same(C, dense_stiffness(lattice), 1e-8)
        np.testing.assert_array_equal(C, C.T)
        assert np.linalg.eigvalsh(C).min() > 0
    else:
        assert np.isnan(C).all()
        (failure,) = result.failures()
        assert failure.name == lattice.name
        assert failure.reason.startswith(Status(int(result.status[0])).description)


@pytest.mark.parametrize("size", [3, 4])  # 216 and 512 nodes: dissection, wide supernodes
def test_large_cells_against_supercell_invariance(size):
    diamond = unit_cell("diamond")
    assert_same(stiffness(diamond.supercell(size)), stiffness(diamond))


def test_large_cell_against_dense_reference():
    lattice = unit_cell("kelvin").supercell((3, 2, 2)).perturb(0.01, seed=0)
    assert lattice.num_nodes == 144
    assert_same(stiffness(lattice), dense_stiffness(lattice), 1e-10)


def test_several_nets_in_a_large_cell():
    assert_same(stiffness(two_nets().supercell((3, 2, 2))), stiffness(two_nets()))
    assert_same(stiffness(irregular().supercell((5, 5, 1))), stiffness(irregular()))


@given(st.integers(0, 1000))
def test_description_does_not_matter(seed):
    """Numbering, direction of struts, their order, choice of images, and a rigid translation."""
    generator = np.random.default_rng(seed)
    lattice = two_nets(seed % 7)
    n = lattice.num_nodes
    renumbered = generator.permutation(n)
    images = generator.integers(-3, 4, (n, 3))
    i, j = lattice.struts.T
    positions = np.empty((n, 3))
    positions[renumbered] = lattice.positions + images @ lattice.cell + generator.standard_normal(3)
    struts = renumbered[lattice.struts]
    shifts = lattice.shifts + images[i] - images[j]
    backward = generator.random(len(struts)) < 0.5
    struts[backward], shifts[backward] = struts[backward, ::-1], -shifts[backward]
    order = generator.permutation(len(struts))
    other = Lattice(lattice.cell, positions, struts[order], shifts[order], lattice.radii[order])
    assert_same(stiffness(other), stiffness(lattice))


@pytest.mark.parametrize("counts", [2, (1, 3, 2), (5, 1, 1)])
def test_supercell(counts):
    assert_same(stiffness(irregular().supercell(counts)), stiffness(irregular()))


@pytest.mark.parametrize("seed", range(4))
def test_rotation_covariance(seed):
    Q = Rotation.random(random_state=seed).as_matrix() * (-1) ** seed  # proper and improper
    assert_same(stiffness(irregular().rotate(Q)), rotated(stiffness(irregular()), Q))


def test_similar_lattices_have_the_same_stiffness():
    lattice, factor = irregular(), 1e-3
    smaller = Lattice(
        factor * lattice.cell, factor * lattice.positions, lattice.struts, lattice.shifts, factor * lattice.radii
    )
    assert_same(stiffness(smaller), stiffness(lattice))


def test_dangling_strut_carries_nothing():
    lattice = irregular()
    longer = Lattice(
        lattice.cell,
        np.concatenate([lattice.positions, [[0.3, 0.1, 0.9]]]),
        np.concatenate([lattice.struts, [[1, 4]]]),
        np.concatenate([lattice.shifts, [[1, 0, 0]]]),
        np.concatenate([lattice.radii, [0.02]]),
    )
    assert_same(stiffness(longer), stiffness(lattice))


@pytest.mark.parametrize("strut", [0, 3])  # a strut between two nodes, a self-strut
def test_straight_node_of_two_struts_changes_nothing(strut):
    # The element is exact: two of them in a line are one.
    lattice = irregular()
    (i, j), shift = lattice.struts[strut], lattice.shifts[strut]
    middle = lattice.positions[i] + 0.3 * lattice.strut_vectors[strut]
    struts, shifts = lattice.struts.copy(), lattice.shifts.copy()
    struts[strut], shifts[strut] = (i, 4), 0
    split = Lattice(
        lattice.cell,
        np.concatenate([lattice.positions, [middle]]),
        np.concatenate([struts, [[4, j]]]),
        np.concatenate([shifts, [shift]]),
        np.concatenate([lattice.radii, [lattice.radii[strut]]]),
    )
    assert_same(stiffness(split), stiffness(lattice))


def test_soft_lattices_are_not_singular():
    # Bending alone holds diamond: at rho = 1e-8 its shear stiffness is 1e-8 of what stretching would give.
    for density in (1e-4, 1e-6, 1e-8):
        C = stiffness(unit_cell("diamond").with_relative_density(density))
        D = stiffness(unit_cell("diamond").with_relative_density(density / 4))
        np.testing.assert_allclose((C[0, 0] - C[0, 1]) / (D[0, 0] - D[0, 1]), 16, rtol=0.01)  # as rho^2


def test_inputs_and_their_errors():
    lattice = unit_cell("octet")
    batch = LatticeBatch.from_lattices([lattice, lattice])
    C = homogenise(lattice).stiffness[0]
    for same in ([lattice, lattice], (lattice, lattice), batch, batch[::1]):
        result = homogenise(same)
        assert torch.equal(result.stiffness, torch.stack([C, C]))
        assert result.stiffness.dtype == torch.float64
        assert len(result) == 2
        assert result.beam_valid.all()
    for options in (
        {"nu": 0.5},
        {"nu": -1},
        {"nu": float("nan")},
        {"kappa": 0},
        {"kappa": float("nan")},
        {"kappa": float("-inf")},
        {"beam": "shell"},
        {"threads": 0},
        {"discretisation": "b32"},
    ):
        with pytest.raises(ValueError, match=next(iter(options))):
            homogenise(lattice, **options)
    with pytest.raises(LatticeError, match="item 1 is a str"):
        homogenise([lattice, "octet"])


def test_euler_bernoulli_beams():
    """One theory by either of its names: stiffer than Timoshenko's, and the same for thin struts."""
    lattice = unit_cell("kelvin", 0.05)
    softer, stiffer = stiffness(lattice), stiffness(lattice, beam="euler-bernoulli")
    for options in ({"kappa": np.inf}, {"kappa": np.inf, "beam": "euler-bernoulli"}):
        assert np.array_equal(stiffness(lattice, **options), stiffer)
    assert np.linalg.eigvalsh(stiffer - softer).min() > -1e-12 * stiffer.max()
    assert 0.01 < np.linalg.norm(stiffer - softer) / np.linalg.norm(softer) < 0.06
    np.testing.assert_allclose(stiffness(lattice, kappa=1e9), stiffer, rtol=1e-8, atol=1e-15)
    thin = unit_cell("kelvin", 1e-5)
    np.testing.assert_allclose(stiffness(thin, kappa=np.inf), stiffness(thin), rtol=1e-4, atol=1e-18)
    b31 = stiffness(lattice, kappa=np.inf, discretisation="abaqus-b31")
    np.testing.assert_allclose(b31, stiffness(lattice, kappa=1e12, discretisation="abaqus-b31"), rtol=1e-9, atol=1e-15)
    with pytest.raises(ValueError, match=r"kappa is 0\.8, but an Euler-Bernoulli beam has no shear"):
        homogenise(lattice, kappa=0.8, beam="euler-bernoulli")


def test_checks_without_the_solver():
    """The same verdicts as of the whole computation."""
    lattices = [unit_cell("octet"), unit_cell("simple_cubic", 0.7), unit_cell("simple_cubic"), irregular(), two_nets()]
    batch = LatticeBatch.from_lattices(lattices)
    batch = LatticeBatch.concatenate([batch, batch.replace(radii=torch.full_like(batch.radii, torch.nan))])
    result = homogenise(batch)
    for threads in (1, 3):
        found = check(batch, threads=threads)
        for name in ("status", "rank", "beam_valid", "culprit"):
            assert torch.equal(getattr(found, name), getattr(result, name)), name
    assert result.beam_valid.tolist()[:3] == [True, False, True]
    assert len(check([]).status) == 0
    with pytest.raises(ValueError, match="threads"):
        check(batch, threads=0)
