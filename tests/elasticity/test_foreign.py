"""Matrices of other programs."""

import warnings

import numpy as np
import pytest
import torch

from fastlattice import ElasticityError
from fastlattice import elasticity as el

# Fitted to stresses of a density functional, symmetric to its last digits only.
PRINTED = np.array(
    [
        [134.91, 54.33, 51.80, 3.57, 0.0, 0.0],
        [54.56, 134.60, 51.80, -3.54, 0.0, 0.0],
        [51.91, 51.91, 137.02, 0.0, 0.0, 0.0],
        [3.88, -3.77, 0.0, 35.41, 0.0, 0.0],
        [0.0, 0.0, 0.0, 0.0, 35.38, 3.86],
        [0.0, 0.0, 0.0, 0.0, 4.03, 38.38],
    ]
)
MEAN = (PRINTED + PRINTED.T) / 2
APART = 0.31 / 137.02


def test_printed_matrices_within_a_stated_tolerance() -> None:
    with pytest.raises(
        ElasticityError, match=r"not symmetric \(its halves differ by up to 2.3e-03 .*symmetrised\(matrix"
    ):
        el.convert(PRINTED, from_="voigt", to="mandel")
    with pytest.warns(UserWarning, match=r"matrix symmetrised: its halves differ by up to 2.3e-03"):
        found = el.symmetrised(PRINTED)
    np.testing.assert_array_equal(found, MEAN)
    with pytest.warns(UserWarning, match="symmetrised"):
        mandel = el.convert(PRINTED, from_="voigt", to="mandel", tolerance=0.01)
    np.testing.assert_array_equal(mandel, el.convert(MEAN, from_="voigt", to="mandel"))
    with pytest.warns(UserWarning, match="symmetrised"):
        el.symmetrised(PRINTED, tolerance=1.01 * APART)
    with pytest.raises(ElasticityError, match=r"halves that differ by more than 0\.002 of its largest entry"):
        el.symmetrised(PRINTED, tolerance=0.002)
    with pytest.raises(ElasticityError, match=r"matrix \[1\] has halves .* \(1 of 2 are so\)"):
        el.symmetrised(np.stack([MEAN, PRINTED]), tolerance=0.002)


def test_nothing_is_said_of_what_is_symmetric() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.array_equal(el.symmetrised(MEAN), MEAN)
        assert el.symmetrised(np.zeros((0, 6, 6))).shape == (0, 6, 6)
        assert np.isnan(el.symmetrised(np.full((6, 6), np.nan))).all()
        tensor = el.symmetrised(torch.tensor(MEAN, dtype=torch.float32, requires_grad=True))
    assert tensor.dtype == torch.float32
    assert tensor.requires_grad


@pytest.mark.parametrize("kind", ["rows", "zeros", "tensor"])
@pytest.mark.parametrize("upper", [True, False])
def test_triangles(kind: str, upper: bool) -> None:
    half = np.triu(MEAN) if upper else np.tril(MEAN)
    given = {
        "rows": [list(row[i:] if upper else row[: i + 1]) for i, row in enumerate(half)],
        "zeros": half,
        "tensor": torch.tensor(half),
    }[kind]
    np.testing.assert_array_equal(np.asarray(el.symmetrised(given)), MEAN)
    assert np.array_equal(np.asarray(el.convert(given, from_="voigt", to="voigt", tolerance=0)), MEAN)


@pytest.mark.parametrize("rows", [[[1, 2], [3]], [[1]] * 6, 3, "text"])
def test_what_is_no_matrix(rows: object) -> None:
    with pytest.raises(ElasticityError):
        el.symmetrised(rows)  # type: ignore[type-var]


def test_one_bad_matrix_is_reported_and_not_fatal_to_the_rest() -> None:
    singular = np.diag([1.0, 1, 1, 1, 1, 0])
    batch = np.stack([MEAN, singular, np.full((6, 6), np.nan), -MEAN, MEAN])
    with pytest.raises(ElasticityError, match=r"stiffness \[1\] is not positive definite \(2 of 5 are so\); definite"):
        el.compliance(batch)
    with pytest.warns(UserWarning, match="2 of 5 matrices are not positive definite: 1, 3$"):
        good = el.definite(batch)
    young = el.young_modulus(good, [1, 0, 0])
    assert np.isnan(young).tolist() == [False, True, True, True, False]
    assert young[0] == el.young_modulus(MEAN, [1, 0, 0])
    with pytest.warns(UserWarning, match="1 of 1 matrices are not positive definite$"):
        assert np.isnan(el.definite(singular)).all()
    nearly = np.diag([1.0, 1, 1, 1, 1, 1e-9])
    with pytest.warns(UserWarning, match="1 of 1"):
        el.definite(nearly, tolerance=1e-6)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.array_equal(el.definite(nearly), nearly)
