"""The shipped constants against the installed e3nn, and against mathematics."""

import math
from itertools import product
from pathlib import Path

import pytest
import torch

from fastlattice.ops import constants

ROOT = Path(__file__).resolve().parents[2]


def test_clebsch_gordan_is_e3nn():
    o3 = pytest.importorskip("e3nn.o3")
    for l1, l2, l3 in product(range(5), repeat=3):
        if abs(l1 - l2) <= l3 <= l1 + l2 and (l1 + l2 + l3) % 2 == 0:
            expected = o3.wigner_3j(l1, l2, l3, dtype=torch.float64) * math.sqrt(2 * l3 + 1)
            assert (constants.clebsch_gordan(l1, l2, l3) - expected).abs().max() < 2e-15


def test_clebsch_gordan_is_orthogonal():
    """Coupling two degrees is an isometry onto each degree that comes out."""
    for l1, l2, l3 in product(range(5), repeat=3):
        if abs(l1 - l2) <= l3 <= l1 + l2 and (l1 + l2 + l3) % 2 == 0:
            matrix = constants.clebsch_gordan(l1, l2, l3).flatten(0, 1)
            assert (matrix.T @ matrix - torch.eye(2 * l3 + 1, dtype=torch.float64)).abs().max() < 1e-14


def test_mandel_basis_is_orthogonal():
    """Its norm is that of the tensor, and different irreps do not overlap."""
    gram = torch.einsum("aij,bij->ab", constants.mandel_basis(), constants.mandel_basis())
    assert (gram - gram.diagonal().diag()).abs().max() < 1e-14
    assert (gram.diagonal() - 1).abs().max() < 1e-14
    assert torch.equal(constants.mandel_basis(), constants.mandel_basis().transpose(1, 2))


@pytest.mark.parametrize(
    ("l_in", "lmax", "count"), [(0, 4, 5), (4, 4, 42), (0, 3, 4), (3, 3, 23), (2, 2, 11), (1, 1, 4)]
)
def test_edge_paths(l_in, lmax, count):
    paths = constants.edge_paths(l_in, lmax)
    assert len(paths) == len(set(paths)) == count
    assert paths == sorted(paths, key=lambda path: (path[2], path[0], path[1]))


def test_path_counts():
    """Counts of the released network's weights, and the true ranks behind them."""
    assert constants.original_counts(4) == [(1, 5, 42), (1, 8, 99), (1, 10, 139), (1, 10, 155), (1, 9, 150)]
    assert constants.folded_counts(4, 3) == (5, 27, 126)
    degrees = [path[4] for path in constants.cubic_paths(4)]
    assert [degrees.count(l) for l in range(5)] == [14, 21, 29, 31, 31]


@pytest.mark.parametrize("lmax", [1, 2, 3, 4])
def test_fold_map_has_full_rank(lmax):
    """No weight of the two-stage basis is redundant."""
    fold = constants.fold_map(lmax, 3)
    assert torch.linalg.matrix_rank(fold) == len(fold)
    assert torch.linalg.cond(fold) < 30


def test_constants_are_made_once_per_dtype():
    single = torch.zeros(1, dtype=torch.float32)
    first = constants.constant(constants.mandel_basis, like=single)
    assert first.dtype == torch.float32
    assert constants.constant(constants.mandel_basis, like=single) is first
    assert constants.constant(constants.mandel_basis, like=single.double()).dtype == torch.float64


def test_coefficients_are_rounded_correctly():
    """The roots of their fractions to the last bit, whatever torch is installed: generated files hold them."""
    stored = constants._stored()
    fractions = zip(*(stored[f"clebsch_gordan.{part}"].tolist() for part in ("numerator", "denominator")), strict=True)
    expected = [math.copysign(math.sqrt(abs(n) / d), n) for n, d in fractions]
    dense = constants._dense("clebsch_gordan", ((constants.LMAX + 1) ** 2,) * 3)
    assert dense[tuple(stored["clebsch_gordan.index"].long().T)].tolist() == expected
