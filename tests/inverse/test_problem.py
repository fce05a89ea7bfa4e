"""Parametrisation, terms and constraints: gradients by finite differences, density and symmetry to rounding."""

from collections.abc import Iterator

import numpy as np
import pytest
import torch

from fastlattice import Constraints, DesignError, Lattice, LatticeBatch, LatticeMACE, elasticity, homogenise, unit_cell
from fastlattice._choices import SYMMETRIES
from fastlattice.inverse import target_stiffness
from fastlattice.inverse.constraints import Watched
from fastlattice.inverse.geometry import near_nodes, near_struts, segment_distances
from fastlattice.inverse.objective import Term, term_of, terms_of
from fastlattice.inverse.problem import Problem
from fastlattice.inverse.properties import property_of
from fastlattice.inverse.variables import Freedom, Starts, parametrise

ALL = ("positions", "radii", "cell")
PROPERTIES = (
    *("E_x", "E(1,1,0)", "E(1, 2, -0.5)", "G_xy", "G(1,1,0;1,-1,0)", "nu_xy", "nu(1,1,0;0,0,1)", "E", "G", "K", "nu"),
    *("E_min", "E_max", "G_min", "G_max", "nu_min", "nu_max", "C_11", "C_46", "A_U", "zener", "E_y/E_x", "G_xy/E_x"),
)
LIMITS = Constraints(
    smallest_radius=0.02,
    largest_radius=0.05,
    slenderness=0.1,
    node_distance=0.6,
    strut_distance=0.4,
    angle=70,
    overhang=30,
    build=(0.2, 0.1, 1.0),
)


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """As `design` does: many small tensors."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def lopsided() -> Lattice:
    """A cell without symmetry, whose moduli differ in all directions and whose limits are met and missed."""
    moved = unit_cell("octet", 0.05).perturb(0.06, 3)
    radii = moved.radii * np.random.default_rng(0).uniform(0.7, 1.4, moved.num_struts)
    return Lattice(moved.cell, moved.positions, moved.struts, moved.shifts, radii).with_relative_density(0.05)


def problem(terms: list[Term], limits: Constraints, density: float | None = 0.05) -> tuple[Problem, np.ndarray]:
    start = parametrise(lopsided(), Freedom(ALL), density)
    place = np.random.default_rng(5).uniform(-0.3, 0.3, len(start.bounds)) * start.bounds
    return Problem(Starts([start]), terms, Watched(limits, [start]), None), place


def differences(given: Problem, place: np.ndarray, step: float = 1e-6) -> tuple[np.ndarray, np.ndarray]:
    """Gradient of the cost and of all constraints along eight random directions, by central differences."""
    directions = np.random.default_rng(9).normal(size=(8, len(place)))
    found = []
    for direction in directions:
        after, before = (given.evaluate([0], [place + sign * step * direction])[0] for sign in (1, -1))
        cost, constraints = after.cost - before.cost, after.constraints - before.constraints
        found.append(np.array([cost, *constraints]) / (2 * step))
    return directions, np.array(found)


def check_gradient(given: Problem, place: np.ndarray, relative: float = 2e-6) -> None:
    here = given.evaluate([0], [place])[0]
    assert not here.failure
    directions, expected = differences(given, place)
    found = directions @ np.stack([here.gradient, *here.jacobian]).T
    scale = np.abs(expected).max(axis=0)
    assert (scale > 0).all()
    assert (np.abs(found - expected).max(axis=0) / scale).max() < relative


def test_gradients_of_all_properties() -> None:
    # Bounds are scaled by their value: one problem holds all properties, each a row of the Jacobian.
    bounds = [term_of(f"{name} >= 0.02") for name in PROPERTIES]
    check_gradient(*problem([term_of("minimise C_11"), *bounds], Constraints()), relative=2e-5)


@pytest.mark.parametrize("name", ["E_y", "nu_xy"])
@pytest.mark.parametrize("form", ["minimise 2*{}", "maximise {}", "target {}=0.003", "target {}=0"])
def test_gradients_of_terms(name: str, form: str) -> None:
    check_gradient(*problem([term_of(form.format(name))], Constraints()))


@pytest.mark.parametrize("up_to_scale", [False, True])
def test_gradient_of_a_target_stiffness(up_to_scale: bool) -> None:
    wanted = homogenise(unit_cell("kelvin", 0.05)).stiffness[0]
    check_gradient(*problem([target_stiffness(wanted, 1.5, up_to_scale)], Constraints()))


@pytest.mark.parametrize("density", [0.05, None])
def test_gradients_of_constraints(density: float | None) -> None:
    check_gradient(*problem([term_of("minimise E_x")], LIMITS, density), relative=2e-5)


@pytest.mark.parametrize("kind", LIMITS.kinds())
def test_the_smooth_constraint_is_just_below_the_worst(kind: str) -> None:
    given, place = problem([term_of("minimise E_x")], LIMITS)
    designs = given.starts.lattices([0], torch.from_numpy(place))
    smooth, slack = given.watched.smooth([0], designs)[kind], given.watched.slack([0], designs)[kind]
    ((_, g, _, _),) = [each for each in given.watched._each([0], designs) if each[0] == kind]
    assert g.min() - np.log(len(g)) / 200 <= smooth[0] <= g.min() + 1e-15
    assert np.sign(float(slack[0])) == np.sign(float(g.min()))


def test_slack_is_measured_by_hand() -> None:
    cube = unit_cell("simple_cubic", 0.03)  # edge 1, one node, three struts at right angles
    limits = Constraints(
        smallest_radius=0.01, slenderness=0.2, node_distance=0.9, strut_distance=0.7, angle=80, overhang=20
    )
    start = parametrise(cube, Freedom(("cell",)), 0.03)
    slack = Watched(limits, [start]).slack([0], LatticeBatch.from_lattices([cube]))
    radius = np.sqrt(0.01 / np.pi)
    expected = {"smallest_radius": radius - 0.01, "slenderness": 0.2 - radius, "angle": 10, "overhang": -20}
    expected |= {"node_distance": 0.1, "strut_distance": 0.3}
    assert {kind: float(value) for kind, value in slack.items()} == pytest.approx(expected)


def test_distances_of_segments_agree_with_dense_sampling() -> None:
    generator = np.random.default_rng(2)
    p, u, q, v = (torch.from_numpy(generator.normal(size=(200, 3))) for _ in range(4))
    v[:20] = u[:20] * 0.7  # parallel ones
    t = torch.linspace(0, 1, 401, dtype=torch.float64)
    dense = torch.cdist(p[:, None] + t[:, None] * u[:, None], q[:, None] + t[:, None] * v[:, None]).amin((1, 2))
    found = segment_distances(p, u, q, v)
    assert (found <= dense + 1e-12).all()
    assert (dense - found).max() < 0.02


def test_near_pairs_are_all_pairs_of_a_supercell() -> None:
    lattice = lopsided()
    big = lattice.supercell(5)
    middle = np.array([2, 2, 2]) @ lattice.cell
    count = 0
    for node in range(lattice.num_nodes):
        distance = np.linalg.norm(big.positions - (lattice.positions[node] + middle), axis=1)
        count += int(((distance > 1e-9) & (distance <= 0.8)).sum())
    assert 2 * len(near_nodes(lattice, 0.8)) == count


def test_near_struts_are_all_pairs_of_a_supercell() -> None:
    lattice = unit_cell("kelvin", 0.05).perturb(0.05, 3)
    big = lattice.supercell(5)
    starts = torch.from_numpy(big.positions[big.struts[:, 0]])
    vectors = torch.from_numpy(big.strut_vectors.copy())
    copies = lattice.num_struts
    first = copies * ((2 * 5 + 2) * 5 + 2)  # the struts of the cell in the middle
    count = 0
    for strut in range(first, first + copies):
        one = (t[strut].expand(len(starts), 3) for t in (starts, vectors))
        distance = segment_distances(*one, starts, vectors)
        meet = np.isin(big.struts, big.struts[strut]).any(axis=1)
        count += int((distance.numpy() <= 0.3)[~meet].sum())
    assert count > 0
    assert 2 * len(near_struts(lattice, 0.3)) == count


@pytest.mark.parametrize("symmetry", SYMMETRIES)
@pytest.mark.parametrize("name", ["octet", "kelvin", "diamond"])
def test_density_and_symmetry_are_held_to_rounding(name: str, symmetry: str) -> None:
    try:
        start = parametrise(unit_cell(name, 0.04), Freedom(ALL, symmetry, move=0.2), 0.07)
    except DesignError:
        pytest.skip("nothing is free")
    for seed in range(3):
        place = np.random.default_rng(seed).uniform(-1, 1, len(start.bounds)) * start.bounds
        design = Starts([start]).lattices([0], torch.from_numpy(place))[0]
        assert design.relative_density == pytest.approx(0.07, rel=1e-12)
        assert start.kept.deviation(design) < 1e-12
        assert np.abs(design.radii[start.kept.struts] - design.radii).max() < 1e-12
        rotations = start.kept.rotations(design.cell)
        assert np.abs(rotations @ rotations.swapaxes(1, 2) - np.eye(3)).max() < 1e-12
        stiffness = homogenise(design).stiffness[0].numpy()
        for rotation in rotations:
            turned = elasticity.rotate(stiffness, rotation, notation="mandel")
            assert np.abs(turned - stiffness).max() < 1e-9 * np.abs(stiffness).max()


def test_the_kept_symmetry_decides_what_is_free() -> None:
    octet = unit_cell("octet", 0.04)
    # Octet's nodes are where mirrors meet: nothing but the cell's size is free of its whole symmetry.
    assert len(parametrise(octet, Freedom(ALL, "all"), 0.04).bounds) == 1
    # Face-centred translations: one node, 6 struts of a primitive cell, 6 strains.
    assert len(parametrise(octet, Freedom(ALL, "translations"), 0.04).bounds) == 3 + 6 + 6
    assert len(parametrise(octet, Freedom(ALL, "none"), 0.04).bounds) == 12 + 24 + 6
    assert len(parametrise(octet, Freedom(ALL, "orthotropic"), 0.04).bounds) == 3 + 3
    with pytest.raises(DesignError, match="nothing is free to change in positions, radii with symmetry 'all'"):
        parametrise(octet, Freedom(symmetry="all"), 0.04)


def test_starts_do_not_influence_one_another() -> None:
    each = [parametrise(unit_cell(name, 0.05).perturb(0.02, 1), Freedom(ALL), 0.05) for name in ("octet", "kelvin")]
    each += each[:1]
    terms = [term_of("minimise E_x"), term_of("K >= 0.001")]
    together = Problem(Starts(each), terms, Watched(LIMITS, each), None)
    generator = np.random.default_rng(4)
    places = [generator.uniform(-0.3, 0.3, len(p.bounds)) * p.bounds for p in each]
    for row, (one, place) in enumerate(zip(together.evaluate([0, 1, 2], places), places, strict=True)):
        single = Problem(Starts([each[row]]), terms, Watched(LIMITS, [each[row]]), None).evaluate([0], [place])[0]
        assert one.cost == single.cost
        assert np.array_equal(one.gradient, single.gradient)
        assert np.array_equal(one.constraints, single.constraints)
        assert np.array_equal(one.jacobian, single.jacobian)


def test_gradients_of_a_network() -> None:
    torch.manual_seed(0)
    config = {"hidden_irreps": "4x0e+4x1o+4x2e+4x3o+4x4e", "readout_irreps": "4x0e+4x1o+4x2e+4x3o+4x4e"}
    network = LatticeMACE({**config, "max_edge_radius": 0.1, "correlation": 2})
    start = parametrise(lopsided(), Freedom(ALL), 0.05)
    given = Problem(Starts([start]), [term_of("minimise C_11")], Watched(Constraints(), [start]), network.double())
    check_gradient(given, 0.1 * start.bounds, relative=1e-5)


def test_properties_are_those_of_elasticity() -> None:
    stiffness = homogenise(lopsided()).stiffness
    octet = homogenise(unit_cell("octet", 0.05)).stiffness
    x, y = torch.eye(3, dtype=torch.float64)[:2]
    assert property_of("E_y").of(stiffness) == elasticity.young_modulus(stiffness, y)
    assert property_of("nu_xy").of(stiffness) == elasticity.poisson_ratio(stiffness, x, y)
    assert property_of("G_yx").of(stiffness) == elasticity.shear_modulus(stiffness, y, x)
    assert property_of("K").of(stiffness) == elasticity.voigt_reuss_hill(stiffness).bulk_hill
    assert property_of("C_46").of(stiffness) == stiffness[:, 3, 5]
    assert float(property_of("zener").of(octet)) == pytest.approx(float(elasticity.zener_ratio(octet)[0]), rel=1e-12)


@pytest.mark.parametrize(
    ("text", "kind", "name", "value", "weight"),
    [
        ("minimise E_y", "minimise", "E_y", np.nan, 1),
        (" maximise 2.5 * E(1, 1, 0) ", "maximise", "E(1,1,0)", np.nan, 2.5),
        ("target nu_xy=-0.3", "target", "nu_xy", -0.3, 1),
        ("target 1e-1*E_y/E_x = 2", "target", "E_y/E_x", 2, 0.1),
        ("E_x>=1e-4", "at_least", "E_x", 1e-4, 1),
        ("zener <= 1.2", "at_most", "zener", 1.2, 1),
    ],
)
def test_terms_from_text(text: str, kind: str, name: str, value: float, weight: float) -> None:
    term = term_of(text)
    assert term.quantity is not None
    assert (term.kind, term.quantity.name, term.weight) == (kind, name, weight)
    assert term.value == value or (np.isnan(term.value) and np.isnan(value))
    assert str(term_of(str(term))) == str(term)


@pytest.mark.parametrize(
    "text",
    [
        *("", "minimise", "minimise E_q", "shrink E_x", "target E_x", "target E_x=big", "E_x > 3", "minimise -1*E_x"),
        *("minimise 0*E_x", "minimise __import__('os')", "minimise E(0,0,0)", "minimise E(1,0)", "minimise G_xx"),
        *("minimise nu(1,0,0;1,1,0)", "minimise C_17", "minimise E_x/E_y/E_z", "E_x >= nan", "target E_x=inf"),
    ],
)
def test_bad_text_is_refused(text: str) -> None:
    with pytest.raises(DesignError):
        term_of(text)


def test_bad_objectives_are_refused() -> None:
    for bad in ([], ["E_x >= 1"], [3], [None]):
        with pytest.raises(DesignError):
            terms_of(bad)  # type: ignore[arg-type]
    for matrix in (np.eye(5), -np.eye(6), "C", np.full((6, 6), np.nan)):
        with pytest.raises(ValueError):
            target_stiffness(matrix)


@pytest.mark.parametrize(
    "bad",
    [
        *({"smallest_radius": 0}, {"slenderness": -1}, {"angle": 90}, {"overhang": float("nan")}),
        *({"smallest_radius": 2, "largest_radius": 1}, {"build": (0, 0, 0)}, {"build": (1, 2)}),
    ],
)
def test_bad_limits_are_refused(bad: dict) -> None:
    with pytest.raises(DesignError):
        Constraints(**bad)


@pytest.mark.parametrize(
    "bad",
    [
        *({"variables": ("nodes",)}, {"variables": ()}, {"variables": ("cell", "cell")}, {"symmetry": "some"}),
        *({"radii": "two"}, {"move": 0}, {"move": 2}, {"thickening": 1}, {"strain": 0.5}, {"move": float("nan")}),
    ],
)
def test_bad_freedoms_are_refused(bad: dict) -> None:
    with pytest.raises(DesignError):
        Freedom(**bad)
