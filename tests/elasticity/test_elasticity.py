"""Elasticity tensors: against independent libraries, closed forms, and invariances."""

import json
from pathlib import Path

import mechkit
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from fastlattice import elasticity
from fastlattice.elasticity import convert, rotate
from fastlattice.errors import ElasticityError
from tests.support.stiffnesses import cubic, isotropic, random_rotation, random_stiffness

NOTATIONS = ("tensor", "mandel", "voigt", "abaqus", "ansys")
QUANTITIES = ("stiffness", "compliance")
ELASTICIPY = json.loads((Path(__file__).parents[1] / "data" / "elasticipy.json").read_text())["cases"]
SEEDS = st.integers(0, 2**32 - 1)


def labelled(order: tuple[str, ...]) -> np.ndarray:
    """A Voigt-like stiffness whose entry for pairs ij, kl spells the four indices, smaller pair first."""
    place = ("11", "22", "33", "23", "13", "12")

    def entry(a: str, b: str) -> float:
        return float("".join(sorted((a, b), key=place.index)))

    return np.array([[entry(a, b) for b in order] for a in order])


# ---------------------------------------------------------------------------------------------- notations


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_tensor_components_and_their_factors(quantity: str) -> None:
    tensor = np.zeros((3, 3, 3, 3))
    values = {(0, 0, 1, 1): 2.0, (1, 1, 0, 2): 3.0, (1, 2, 0, 1): 5.0, (1, 2, 1, 2): 7.0}
    for (i, j, k, m), value in values.items():
        for a, b in ((i, j), (j, i)):
            for c, d in ((k, m), (m, k)):
                tensor[a, b, c, d] = tensor[c, d, a, b] = value
    root, voigt = np.sqrt(2), 2.0 if quantity == "compliance" else 1.0
    mandel = convert(tensor, from_="tensor", to="mandel", quantity=quantity)
    np.testing.assert_allclose([mandel[0, 1], mandel[1, 4], mandel[3, 5], mandel[3, 3]], [2, 3 * root, 10, 14])
    given = convert(tensor, from_="tensor", to="voigt", quantity=quantity)
    np.testing.assert_array_equal(
        [given[0, 1], given[1, 4], given[3, 5], given[3, 3]], [2, 3 * voigt, 5 * voigt**2, 7 * voigt**2]
    )
    assert np.count_nonzero(mandel) == np.count_nonzero(given) == 7


def test_vendor_orders_spelled_out() -> None:
    voigt = labelled(("11", "22", "33", "23", "13", "12"))
    np.testing.assert_array_equal(
        convert(voigt, from_="voigt", to="abaqus"), labelled(("11", "22", "33", "12", "13", "23"))
    )
    np.testing.assert_array_equal(
        convert(voigt, from_="voigt", to="ansys"), labelled(("11", "22", "33", "12", "23", "13"))
    )


def test_vendor_lists_of_constants_spelled_out() -> None:
    """Abaqus: data lines of *ELASTIC, TYPE=ANISOTROPIC. Ansys: C1-C21 of TB,ANEL, where 4, 5, 6 are xy, yz, xz."""
    abaqus = convert(labelled(("11", "22", "33", "23", "13", "12")), from_="voigt", to="abaqus")
    listed = elasticity.pack21(abaqus, notation="abaqus")
    lines = """1111 1122 2222 1133 2233 3333 1112 2212
               3312 1212 1113 2213 3313 1312 1313 1123
               2223 3323 2312 2313 2323"""  # D1213 = D1312 and so on: the smaller pair comes first in `labelled`
    assert listed.tolist() == [float(x) for x in lines.split()]
    ansys = np.array([[float(f"{min(i, j)}{max(i, j)}") for j in range(1, 7)] for i in range(1, 7)])
    constants = "11 21 31 41 51 61 22 32 42 52 62 33 43 53 63 44 54 64 55 65 66"
    assert elasticity.pack21(ansys, notation="ansys").tolist() == [float(x[::-1]) for x in constants.split()]


@given(SEEDS, st.sampled_from(NOTATIONS), st.sampled_from(NOTATIONS), st.sampled_from(QUANTITIES))
def test_conversions_are_invertible(seed: int, first: str, second: str, quantity: str) -> None:
    matrix = convert(random_stiffness(seed, shape=(2,)), from_="mandel", to=first, quantity=quantity)
    there = convert(matrix, from_=first, to=second, quantity=quantity)
    np.testing.assert_allclose(convert(there, from_=second, to=first, quantity=quantity), matrix, rtol=4e-16)
    if first != "tensor":
        packed = elasticity.pack21(matrix, notation=first)
        assert packed.shape == (2, 21)
        np.testing.assert_array_equal(elasticity.unpack21(packed, notation=first), matrix)


@given(SEEDS, st.sampled_from(["mandel", "voigt", "abaqus", "ansys"]))
def test_strain_energy_does_not_depend_on_the_notation(seed: int, notation: str) -> None:
    """eps:C:eps and sigma:S:sigma; strains have doubled shears in Voigt's notation, stresses do not."""
    generator = np.random.default_rng(seed)
    tensor = convert(random_stiffness(seed), from_="mandel", to="tensor")
    strain = generator.standard_normal((3, 3))
    strain += strain.T
    order = {"abaqus": "00 11 22 01 02 12", "ansys": "00 11 22 01 12 02"}.get(notation, "00 11 22 12 02 01")
    vector = np.array([strain[int(p[0]), int(p[1])] for p in order.split()])
    for quantity, shear in (("stiffness", 2.0), ("compliance", 1.0)):
        factor = np.sqrt(2) if notation == "mandel" else shear
        components = vector * np.array([1, 1, 1, factor, factor, factor])
        matrix = convert(tensor, from_="tensor", to=notation, quantity=quantity)
        energy = np.einsum("ij,ijkl,kl", strain, tensor, strain)
        assert components @ matrix @ components == pytest.approx(energy, rel=1e-12)


@given(SEEDS)
def test_inverse_of_a_stiffness_is_the_compliance_in_mandel_and_voigt(seed: int) -> None:
    stiffness = random_stiffness(seed)
    compliance = elasticity.compliance(stiffness)
    np.testing.assert_allclose(stiffness @ compliance, np.eye(6), atol=1e-13)
    for notation in ("voigt", "abaqus", "ansys"):
        np.testing.assert_allclose(
            convert(stiffness, from_="mandel", to=notation)
            @ convert(compliance, from_="mandel", to=notation, quantity="compliance"),
            np.eye(6),
            atol=1e-13,
        )


# ---------------------------------------------------------------------------------------------- rotations


@given(SEEDS, st.sampled_from(NOTATIONS), st.sampled_from(QUANTITIES))
def test_rotation_is_that_of_the_tensor_in_every_notation(seed: int, notation: str, quantity: str) -> None:
    q, tensor = random_rotation(seed), convert(random_stiffness(seed), from_="mandel", to="tensor")
    expected = np.einsum("ia,jb,kc,ld,abcd->ijkl", q, q, q, q, tensor)
    matrix = convert(tensor, from_="tensor", to=notation, quantity=quantity)
    turned = rotate(matrix, q, notation=notation, quantity=quantity)
    np.testing.assert_allclose(convert(turned, from_=notation, to="tensor", quantity=quantity), expected, atol=1e-14)


@given(SEEDS)
def test_mandel_rotation_is_an_orthogonal_homomorphism(seed: int) -> None:
    p, q = random_rotation(seed, (2,))
    r, s = elasticity.mandel_rotation(np.stack([p, q]))
    np.testing.assert_allclose(r @ r.T, np.eye(6), atol=1e-14)
    np.testing.assert_allclose(elasticity.mandel_rotation(p @ q), r @ s, atol=1e-14)
    np.testing.assert_array_equal(elasticity.mandel_rotation(-p), r)


@given(SEEDS)
def test_directional_moduli_turn_with_the_material(seed: int) -> None:
    stiffness, q = random_stiffness(seed), random_rotation(seed)
    n, m, _ = random_rotation(seed + 1)
    turned = rotate(stiffness, q, notation="mandel")
    for modulus, directions in (
        (elasticity.young_modulus, (n,)),
        (elasticity.linear_compressibility, (n,)),
        (elasticity.shear_modulus, (n, m)),
        (elasticity.poisson_ratio, (n, m)),
    ):
        there = modulus(turned, *(q @ d for d in directions))
        assert there == pytest.approx(modulus(stiffness, *directions), rel=1e-10, abs=1e-10)
    np.testing.assert_allclose(elasticity.kelvin_moduli(turned), elasticity.kelvin_moduli(stiffness), atol=1e-14)
    assert elasticity.universal_anisotropy(turned) == pytest.approx(elasticity.universal_anisotropy(stiffness))


# ---------------------------------------------------------------------------------------------- independent libraries


@given(SEEDS)
@settings(max_examples=20)
def test_mechkit_agrees(seed: int) -> None:
    stiffness, n = random_stiffness(seed), random_rotation(seed)
    converter = mechkit.notation.Converter()
    tensor = convert(stiffness, from_="mandel", to="tensor")
    np.testing.assert_allclose(converter.to_mandel6(tensor), stiffness, atol=1e-15)
    voigt = mechkit.notation.VoigtConverter(silent=True)
    for quantity in QUANTITIES:
        expected = voigt.mandel6_to_voigt(stiffness.copy(), voigt_type=quantity)
        np.testing.assert_allclose(
            convert(stiffness, from_="mandel", to="voigt", quantity=quantity), expected, atol=1e-15
        )
    analyser = mechkit.visualization.StiffnessAnalyser(stiffness)
    np.testing.assert_allclose(elasticity.young_modulus(stiffness, n), analyser.E_in_direction(n), rtol=1e-10)
    compressibility = elasticity.linear_compressibility(stiffness, n)
    np.testing.assert_allclose(1 / (3 * compressibility), analyser.K_in_direction(n), rtol=1e-8)


@pytest.mark.parametrize("name", ELASTICIPY)
def test_elasticipy_agrees(name: str) -> None:
    case = ELASTICIPY[name]
    voigt = np.array(case["voigt"])
    stiffness = convert(voigt, from_="voigt", to="mandel")
    np.testing.assert_allclose(stiffness, case["kelvin"], atol=1e-12)
    compliance = convert(elasticity.compliance(stiffness), from_="mandel", to="voigt", quantity="compliance")
    np.testing.assert_allclose(compliance, case["compliance_voigt"], rtol=1e-9, atol=1e-12)
    turned = rotate(voigt, case["rotation"], notation="voigt")
    np.testing.assert_allclose(turned, case["rotated_voigt"], rtol=1e-9, atol=1e-10)
    n, m = case["n"], case["m"]
    np.testing.assert_allclose(elasticity.young_modulus(stiffness, n), case["young"], rtol=1e-9)
    np.testing.assert_allclose(elasticity.linear_compressibility(stiffness, n), case["compressibility"], rtol=1e-9)
    np.testing.assert_allclose(elasticity.shear_modulus(stiffness, n, m), case["shear"], rtol=1e-9)
    np.testing.assert_allclose(elasticity.poisson_ratio(stiffness, n, m), case["poisson"], rtol=1e-9)
    averages = elasticity.voigt_reuss_hill(stiffness)
    bulk = [averages.bulk_voigt, averages.bulk_reuss, averages.bulk_hill]
    np.testing.assert_allclose(bulk, case["bulk"], rtol=1e-9)
    shear = [averages.shear_voigt, averages.shear_reuss, averages.shear_hill]
    np.testing.assert_allclose(shear, case["shear_average"], rtol=1e-9)
    assert elasticity.universal_anisotropy(stiffness) == pytest.approx(case["universal_anisotropy"], rel=1e-9)
    np.testing.assert_allclose(elasticity.kelvin_moduli(stiffness), case["kelvin_moduli"], rtol=1e-9)
    for modulus in ("young", "shear", "poisson"):
        suffix = "ratio" if modulus == "poisson" else "modulus"
        extremes = getattr(elasticity, f"{modulus}_{suffix}_extremes")(stiffness)
        minimum, maximum = case[f"{modulus}_extremes"]
        assert extremes.maximum == pytest.approx(maximum, rel=2e-5)  # Elasticipy's optimiser stops at about 1e-6
        if (name, modulus) == ("soft modes", "poisson"):  # and there in a local minimum
            assert extremes.minimum < minimum - 0.5
        else:
            assert extremes.minimum == pytest.approx(minimum, rel=2e-5)


# ---------------------------------------------------------------------------------------------- closed forms


@pytest.mark.parametrize(("young", "poisson"), [(1.0, 0.3), (70.0, 0.0), (2.5, -0.4), (0.01, 0.49)])
def test_isotropic(young: float, poisson: float) -> None:
    stiffness = isotropic(young, poisson)
    shear, bulk = young / (2 * (1 + poisson)), young / (3 * (1 - 2 * poisson))
    n, m, _ = random_rotation(3)
    assert elasticity.young_modulus(stiffness, n) == pytest.approx(young)
    assert elasticity.shear_modulus(stiffness, n, m) == pytest.approx(shear)
    assert elasticity.poisson_ratio(stiffness, n, m) == pytest.approx(poisson, abs=1e-14)
    assert elasticity.linear_compressibility(stiffness, n) == pytest.approx(1 / (3 * bulk))
    for extremes, value in (
        (elasticity.young_modulus_extremes(stiffness), young),
        (elasticity.shear_modulus_extremes(stiffness), shear),
        (elasticity.poisson_ratio_extremes(stiffness), poisson),
    ):
        assert [extremes.minimum, extremes.maximum] == pytest.approx([value, value], rel=1e-12, abs=1e-12)
    averages = elasticity.voigt_reuss_hill(stiffness)
    for bound in ("voigt", "reuss", "hill"):
        assert getattr(averages, f"bulk_{bound}") == pytest.approx(bulk)
        assert getattr(averages, f"shear_{bound}") == pytest.approx(shear)
    assert (averages.young_hill, averages.poisson_hill) == pytest.approx((young, poisson), abs=1e-14)
    assert elasticity.universal_anisotropy(stiffness) == pytest.approx(0, abs=1e-12)
    assert elasticity.zener_ratio(stiffness) == pytest.approx(1)
    np.testing.assert_allclose(elasticity.kelvin_moduli(stiffness), sorted([2 * shear] * 5 + [3 * bulk]))


@pytest.mark.parametrize("constants", [(1.0, 0.4, 0.6), (1.0, 0.2, 0.05), (0.02, 1e-4, 1e-5)])
def test_cubic(constants: tuple[float, float, float]) -> None:
    """1/E = S11 - 2 J (S11 - S12 - S44/2), J = (n1 n2)^2 + (n2 n3)^2 + (n3 n1)^2 from 0 on <100> to 1/3 on <111>."""
    c11, c12, c44 = constants
    stiffness = cubic(c11, c12, c44)
    s11, s12 = (c11 + c12) / ((c11 - c12) * (c11 + 2 * c12)), -c12 / ((c11 - c12) * (c11 + 2 * c12))
    along_axis, along_diagonal = 1 / s11, 1 / (s11 - 2 / 3 * (s11 - s12 - 1 / (2 * c44)))
    young = elasticity.young_modulus_extremes(stiffness)
    assert young.minimum == pytest.approx(min(along_axis, along_diagonal), rel=1e-12)
    assert young.maximum == pytest.approx(max(along_axis, along_diagonal), rel=1e-12)
    axis, diagonal = (young.argmin, young.argmax) if along_axis < along_diagonal else (young.argmax, young.argmin)
    np.testing.assert_allclose(np.sort(np.abs(axis)), [0, 0, 1], atol=1e-6)
    np.testing.assert_allclose(np.abs(diagonal), np.sqrt(1 / 3), atol=1e-6)
    shear = elasticity.shear_modulus_extremes(stiffness)
    assert [shear.minimum, shear.maximum] == pytest.approx(sorted([c44, (c11 - c12) / 2]), rel=1e-12)
    averages = elasticity.voigt_reuss_hill(stiffness)
    assert averages.bulk_voigt == pytest.approx((c11 + 2 * c12) / 3)
    assert averages.bulk_reuss == pytest.approx((c11 + 2 * c12) / 3)
    assert averages.shear_voigt == pytest.approx((c11 - c12 + 3 * c44) / 5)
    assert averages.shear_reuss == pytest.approx(5 / (4 / (c11 - c12) + 3 / c44))
    assert elasticity.zener_ratio(stiffness) == pytest.approx(2 * c44 / (c11 - c12))
    with pytest.raises(ElasticityError, match="not cubic about the coordinate axes"):
        elasticity.zener_ratio(rotate(stiffness, random_rotation(1), notation="mandel"))


def test_poisson_ratio_has_a_sign_and_a_direction() -> None:
    """A transversely isotropic compliance written down: nu_31 = 0.6 under stress along 3, nu_12 = -0.2."""
    compliance = np.diag([1.0, 1.0, 1 / 5, 1.0, 1.0, 1.2])
    compliance[0, 1] = compliance[1, 0] = 0.2
    compliance[:2, 2] = compliance[2, :2] = -0.6 / 5
    stiffness = np.linalg.inv(compliance)
    x, y, z = np.eye(3)
    assert elasticity.poisson_ratio(stiffness, z, x) == pytest.approx(0.6)
    assert elasticity.poisson_ratio(stiffness, x, z) == pytest.approx(0.6 / 5)
    assert elasticity.poisson_ratio(stiffness, x, y) == pytest.approx(-0.2)
    assert elasticity.young_modulus(stiffness, [0, 0, -3]) == pytest.approx(5)


# ---------------------------------------------------------------------------------------------- extremes


@given(SEEDS, st.sampled_from([0.3, 1e-2, 1e-4]))
@settings(max_examples=25, deadline=None)
def test_extremes_bound_every_direction_and_are_attained(seed: int, softest: float) -> None:
    stiffness = random_stiffness(seed, softest)
    generator = np.random.default_rng(seed)
    n, m = random_rotation(seed, (5000,))[:, :2].swapaxes(0, 1)
    for modulus, extremes, pairs in (
        (elasticity.young_modulus, elasticity.young_modulus_extremes(stiffness), False),
        (elasticity.shear_modulus, elasticity.shear_modulus_extremes(stiffness), True),
        (elasticity.poisson_ratio, elasticity.poisson_ratio_extremes(stiffness), True),
    ):
        for value, place in ((extremes.minimum, extremes.argmin), (extremes.maximum, extremes.argmax)):
            at = tuple(place) if pairs else (place,)
            assert modulus(stiffness, *at) == pytest.approx(value, rel=1e-9)
            # stationary: turning the frame a little changes nothing to first order
            for _ in range(3):
                skew = np.cross(np.eye(3), 1e-5 * generator.standard_normal(3))
                turn = np.linalg.solve(np.eye(3) - skew / 2, np.eye(3) + skew / 2)
                assert modulus(stiffness, *(turn @ d for d in at)) == pytest.approx(value, rel=1e-4, abs=1e-4)
        values = modulus(stiffness, n, m) if pairs else modulus(stiffness, n)
        slack = 1e-9 * (1 + np.abs(values).max())
        assert extremes.minimum <= values.min() + slack
        assert extremes.maximum >= values.max() - slack


@given(SEEDS, st.sampled_from([0.3, 1e-3]))
@settings(max_examples=10, deadline=None)
def test_ranges_about_a_direction_are_those_of_a_turn_about_it(seed: int, softest: float) -> None:
    stiffness, frame = random_stiffness(seed, softest), random_rotation(seed)
    angle = np.linspace(0, np.pi, 2001)

    def turn(angle: np.ndarray) -> np.ndarray:
        return np.cos(angle)[:, None] * frame[1] + np.sin(angle)[:, None] * frame[2]

    for modulus, find in (
        (elasticity.shear_modulus, elasticity.shear_modulus_range),
        (elasticity.poisson_ratio, elasticity.poisson_ratio_range),
    ):
        turned = modulus(stiffness, frame[0], turn(angle))
        scale = np.ptp(turned) + 1e-9
        places = turned.argmin(), turned.argmax()
        for found, place, extreme in zip(find(stiffness, 3 * frame[0]), places, (np.min, np.max), strict=True):
            nearby = angle[place] + np.linspace(-1, 1, 201) * np.pi / 2000  # a peak may be sharp
            expected = extreme(modulus(stiffness, frame[0], turn(nearby)))
            assert found == pytest.approx(expected, abs=1e-5 * scale + 1e-5 * abs(expected))


def test_ranges_about_a_direction_of_an_isotropic_material_are_one_value_with_a_gradient() -> None:
    stiffness = torch.from_numpy(isotropic(2.0, 0.25)).requires_grad_()
    shear, poisson = (
        find(stiffness, [1, 1, 0]) for find in (elasticity.shear_modulus_range, elasticity.poisson_ratio_range)
    )
    assert [x.item() for x in (*shear, *poisson)] == pytest.approx([0.8, 0.8, 0.25, 0.25])
    (sum(shear) + sum(poisson)).backward()
    assert stiffness.grad.isfinite().all()


def test_a_narrow_peak_of_poisson_ratio_is_found() -> None:
    """Near a very stiff direction nu has a peak much narrower than any grid; local searches from many starts agree."""
    from scipy.optimize import minimize
    from scipy.spatial.transform import Rotation

    stiffness = rotate(cubic(1.0, 0.9985, 1.0), random_rotation(5), notation="mandel")
    extremes = elasticity.poisson_ratio_extremes(stiffness)

    tensor = convert(np.linalg.inv(stiffness), from_="mandel", to="tensor", quantity="compliance").reshape(9, 9)

    def poisson(vector: np.ndarray) -> float:
        n, m, _ = Rotation.from_rotvec(vector).as_matrix()
        nn, mm = np.outer(n, n).ravel(), np.outer(m, m).ravel()
        return -(nn @ tensor @ mm) / (nn @ tensor @ nn)

    starts = np.random.default_rng(0).uniform(-np.pi, np.pi, (25, 3))
    options = {"xatol": 1e-8, "fatol": 1e-10, "maxiter": 2000}
    for sign, value in ((1, extremes.minimum), (-1, extremes.maximum)):
        found = [
            minimize(lambda v, sign=sign: sign * poisson(v), s, method="Nelder-Mead", options=options).fun
            for s in starts
        ]
        assert sign * value <= min(found) + 1e-7
        assert sign * value == pytest.approx(min(found), rel=1e-6)


@pytest.mark.parametrize(("softest", "index"), [(1e-4, 45), (1e-6, 24), (1e-6, 45)])
def test_close_minima_in_one_valley_are_told_apart(softest: float, index: int) -> None:
    """Stiffnesses whose Poisson's ratio has close extremes, against 200,000 directions with the best m for each."""
    stiffness = random_stiffness(0, softest, (60,))[index]
    compliance = convert(np.linalg.inv(stiffness), from_="mandel", to="tensor", quantity="compliance")
    n = np.random.default_rng(1).standard_normal((200_000, 3))
    n /= np.linalg.norm(n, axis=1, keepdims=True)
    t = np.cross(n, np.eye(3)[np.abs(n).argmin(axis=1)])
    t /= np.linalg.norm(t, axis=1, keepdims=True)
    plane = np.stack([t, np.cross(n, t)], axis=1)
    along = np.einsum("ijkl,xi,xj->xkl", compliance, n, n, optimize=True)
    sideways = np.linalg.eigvalsh(plane @ along @ plane.swapaxes(1, 2))
    ratios = -sideways / np.einsum("xkl,xk,xl->x", along, n, n)[:, None]
    extremes = elasticity.poisson_ratio_extremes(stiffness)
    assert extremes.minimum <= ratios.min() < 0.9 * extremes.minimum
    assert 0.9 * extremes.maximum < ratios.max() <= extremes.maximum


@given(SEEDS)
@settings(max_examples=20, deadline=None)
def test_bounds_are_ordered(seed: int) -> None:
    stiffness = random_stiffness(seed, 1e-3, shape=(5,))
    averages = elasticity.voigt_reuss_hill(stiffness)
    for name in ("bulk", "shear"):
        voigt, reuss, hill = (getattr(averages, f"{name}_{bound}") for bound in ("voigt", "reuss", "hill"))
        assert (reuss < hill).all()
        assert (hill < voigt).all()
    assert (elasticity.universal_anisotropy(stiffness) > 0).all()
    young = elasticity.young_modulus_extremes(stiffness)
    assert (young.minimum <= averages.young_hill).all()
    assert (elasticity.kelvin_moduli(stiffness)[:, 0] <= young.minimum).all()
    assert (young.maximum <= elasticity.kelvin_moduli(stiffness)[:, -1] * (1 + 1e-12)).all()


# ---------------------------------------------------------------------------------------------- numpy and torch

EVERY = {
    "convert": lambda c: convert(c, from_="mandel", to="abaqus"),
    "tensor": lambda c: convert(c, from_="mandel", to="tensor"),
    "pack21": lambda c: elasticity.pack21(c),
    "rotate": lambda c: rotate(c, random_rotation(0), notation="mandel"),
    "compliance": elasticity.compliance,
    "young_modulus": lambda c: elasticity.young_modulus(c, [1, 2, 3]),
    "shear_modulus": lambda c: elasticity.shear_modulus(c, [1, 0, 1], [1, 3, -1]),
    "poisson_ratio": lambda c: elasticity.poisson_ratio(c, [1, 0, 1], [1, 3, -1]),
    "linear_compressibility": lambda c: elasticity.linear_compressibility(c, [1, 2, 3]),
    "young_max": lambda c: elasticity.young_modulus_extremes(c).maximum,
    "shear_min": lambda c: elasticity.shear_modulus_extremes(c).minimum,
    "poisson_argmax": lambda c: elasticity.poisson_ratio_extremes(c).argmax,
    "shear_range": lambda c: elasticity.shear_modulus_range(c, [1, 2, 3])[0],
    "poisson_range": lambda c: elasticity.poisson_ratio_range(c, [3, -1, 0])[1],
    "young_hill": lambda c: elasticity.voigt_reuss_hill(c).young_hill,
    "universal_anisotropy": elasticity.universal_anisotropy,
    "kelvin_moduli": elasticity.kelvin_moduli,
}


@pytest.mark.parametrize("function", EVERY.values(), ids=EVERY)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_numpy_and_torch_give_the_same_bits_dtype_and_shape(function, dtype: str) -> None:
    stiffness = random_stiffness(8, 0.01, shape=(2, 3)).astype(dtype)
    from_numpy, from_torch = function(stiffness), function(torch.from_numpy(stiffness))
    assert isinstance(from_numpy, np.ndarray)
    assert isinstance(from_torch, torch.Tensor)
    assert from_numpy.dtype == dtype
    assert str(from_torch.dtype) == f"torch.{dtype}"
    assert from_numpy.shape[:2] == from_torch.shape[:2] == (2, 3)
    np.testing.assert_array_equal(from_numpy, from_torch.numpy())


@pytest.mark.parametrize("function", EVERY.values(), ids=EVERY)
def test_batch_mates_do_not_change_a_bit(function) -> None:
    stiffness = random_stiffness(9, 0.01, shape=(37,))
    together = function(stiffness)
    for start, stop in ((0, 1), (5, 7), (20, 37)):
        np.testing.assert_array_equal(function(stiffness[start:stop]), together[start:stop])


@pytest.mark.parametrize("function", EVERY.values(), ids=EVERY)
def test_no_stiffness_gives_nan_and_empty_batches_pass(function) -> None:
    stiffness = random_stiffness(9, 0.01, shape=(3,))
    expected = function(stiffness)
    stiffness[1] = np.nan
    result = function(stiffness)
    assert np.isnan(result[1]).all()
    np.testing.assert_array_equal(result[[0, 2]], expected[[0, 2]])
    assert function(stiffness[:0]).shape == (0, *expected.shape[1:])


@pytest.mark.parametrize("name", [k for k in EVERY if not k.endswith("argmax")])
def test_gradients(name: str) -> None:
    root = torch.from_numpy(np.linalg.cholesky(random_stiffness(11, 0.1, shape=(2,)))).requires_grad_()
    assert torch.autograd.gradcheck(lambda r: EVERY[name](r @ r.mT), (root,), fast_mode=True)


def test_gradient_with_respect_to_the_direction() -> None:
    stiffness = torch.from_numpy(random_stiffness(1))
    direction = torch.tensor([0.3, -0.2, 0.9], dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda n: elasticity.young_modulus(stiffness, n), (direction,))


def test_directions_broadcast_with_the_batch() -> None:
    stiffness, n = random_stiffness(2, shape=(4,)), random_rotation(2)
    table = elasticity.young_modulus(stiffness[:, None], n)
    assert table.shape == (4, 3)
    assert table[3, 1] == elasticity.young_modulus(stiffness[3], n[1])
    assert isinstance(elasticity.young_modulus(stiffness[0], n[0]), float)


# ---------------------------------------------------------------------------------------------- refusals

GOOD = isotropic(1, 0.3)
SKEWED = GOOD + np.triu(np.full((6, 6), 1e-3), 1)
HOLE = np.where(np.eye(6) == 1, np.nan, GOOD)


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (lambda: convert(GOOD, from_="mandel", to="nye"), "unknown notation 'nye'.*abaqus"),
        (lambda: convert(GOOD, from_="mandel", to="voigt", quantity="flexibility"), "unknown quantity 'flexibility'"),
        (lambda: convert(GOOD, from_="tensor", to="voigt"), r"shape \(6, 6\), expected \[..., 3, 3, 3, 3\]"),
        (lambda: convert(np.ones((6, 5)), from_="mandel", to="voigt"), r"shape \(6, 5\), expected \[..., 6, 6\]"),
        (lambda: convert(SKEWED, from_="mandel", to="voigt"), "stiffness is not symmetric"),
        (lambda: convert([["a"] * 6] * 6, from_="mandel", to="voigt"), "stiffness: "),
        (lambda: convert(GOOD * 1j, from_="mandel", to="voigt"), "real numbers"),
        (lambda: convert(np.eye(81).reshape([3] * 8)[0, 0, 0, 1], from_="tensor", to="voigt"), "not symmetric"),
        (lambda: elasticity.pack21(SKEWED), "matrix is not symmetric"),
        (lambda: elasticity.pack21(GOOD, notation="tensor"), "unknown notation of a 6x6 matrix 'tensor'"),
        (lambda: elasticity.unpack21(np.ones(20)), r"shape \(20,\), expected \[..., 21\]"),
        (lambda: elasticity.mandel_rotation(np.ones((3, 3))), "rotation is not orthogonal"),
        (lambda: rotate(GOOD, np.full((3, 3), np.nan), notation="mandel"), "rotation holds a NaN"),
        (lambda: elasticity.young_modulus(GOOD, [0, 0, 0]), "direction is the zero vector"),
        (lambda: elasticity.young_modulus(GOOD, [0, 1]), "direction has shape"),
        (lambda: elasticity.shear_modulus(GOOD, [0, 0, 1], [0, 1, 1]), "not at a right angle"),
        (lambda: elasticity.young_modulus(HOLE, [0, 0, 1]), "stiffness holds a NaN"),
        (lambda: elasticity.compliance(np.diag([1.0, 1, 1, 1, 1, 0])), "stiffness is not positive definite"),
        (
            lambda: elasticity.voigt_reuss_hill(np.stack([GOOD, -GOOD, -GOOD])),
            r"stiffness \[1\] is not positive definite \(2 of 3 are so\)",
        ),
    ],
)
def test_malformed_input_is_refused_with_the_reason(call, reason: str) -> None:
    with pytest.raises(ElasticityError, match=reason):
        call()


def test_single_precision_rounding_passes_for_symmetric() -> None:
    stiffness = random_stiffness(4).astype(np.float32)
    stiffness[0, 1] *= np.float32(1 + 3e-7)
    assert rotate(stiffness, random_rotation(4), notation="mandel").dtype == np.float32
    with pytest.raises(ElasticityError, match="not symmetric"):
        rotate(stiffness.astype(np.float64), random_rotation(4), notation="mandel")


def test_positive_definiteness() -> None:
    batch = np.stack([GOOD, -GOOD, np.full((6, 6), np.nan), np.diag([1.0, 1, 1, 1, 1, 1e-9])])
    assert elasticity.is_positive_definite(batch).tolist() == [True, False, False, True]
    assert elasticity.is_positive_definite(torch.from_numpy(batch), tolerance=1e-6).tolist() == [True] + 3 * [False]
