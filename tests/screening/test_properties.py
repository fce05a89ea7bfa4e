import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st

from fastlattice import elasticity, homogenise, unit_cell
from fastlattice.screening.properties import (
    ANISOTROPY,
    DERIVED,
    EXTREMES,
    PAIRS,
    extreme_columns,
    property_columns,
)

AXES = np.eye(3)


def definite(seed: int, count: int = 7) -> np.ndarray:
    factors = np.random.default_rng(seed).normal(size=(count, 6, 6))
    return factors @ factors.transpose(0, 2, 1) + 0.1 * np.eye(6)


@given(st.integers(0, 2**32 - 1))
def test_moduli_are_those_of_the_elasticity_package(seed: int) -> None:
    c = definite(seed)
    found = property_columns(c)
    for k, axis in enumerate("xyz"):
        np.testing.assert_allclose(found[f"E_{axis}"], elasticity.young_modulus(c, AXES[k]), rtol=1e-10)
        for m, other in enumerate("xyz"):
            if m != k:
                expected = elasticity.poisson_ratio(c, AXES[k], AXES[m])
                np.testing.assert_allclose(found[f"nu_{axis}{other}"], expected, rtol=1e-9, atol=1e-10)
    for name, n, m in (("G_yz", 1, 2), ("G_xz", 0, 2), ("G_xy", 0, 1)):
        np.testing.assert_allclose(found[name], elasticity.shear_modulus(c, AXES[n], AXES[m]), rtol=1e-10)
    np.testing.assert_allclose(found[ANISOTROPY], elasticity.universal_anisotropy(c), rtol=1e-9, atol=1e-10)


def test_a_lattice_has_the_same_bits_alone_and_among_others() -> None:
    c = definite(3, 1001)
    whole = property_columns(c)
    for row in (0, 1, 500, 1000):
        alone = property_columns(c[row : row + 1])
        assert all(alone[name][0] == whole[name][row] for name in whole)


def test_what_is_not_positive_definite_has_no_moduli_and_disturbs_no_other() -> None:
    c = definite(1, 4)
    c[1] = np.nan
    c[2, 3, 3] = -1.0
    found = property_columns(c)
    for name in DERIVED:
        assert np.isnan(found[name][[1, 2]]).all()
        assert np.isfinite(found[name][[0, 3]]).all()


def test_the_21_entries_are_those_of_the_upper_triangle() -> None:
    c = definite(0, 2)
    found = property_columns(c)
    assert list(found)[:21] == [f"C_{i + 1}{j + 1}" for i, j in PAIRS]
    assert (found["C_46"] == c[:, 3, 5]).all()


def test_extremes_are_at_the_rows_that_have_any() -> None:
    octet = homogenise(unit_cell("octet", 0.02)).stiffness.numpy()
    c = np.concatenate([octet, np.full((1, 6, 6), np.nan), octet])
    found = extreme_columns(c, np.array([True, False, True]), EXTREMES)
    young = elasticity.young_modulus_extremes(torch.from_numpy(octet))
    assert found["E_min"][0] == found["E_min"][2] == young.minimum[0]
    assert found["E_max"][2] == young.maximum[0]
    assert np.isnan([values[1] for values in found.values()]).all()
    assert list(extreme_columns(c, np.array([True, False, True]), ["nu_max"])) == ["nu_max"]
