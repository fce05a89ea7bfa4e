"""The shipped constants against the installed e3nn, and against mathematics."""

import importlib.util
import math
from itertools import product
from pathlib import Path

import pytest
import torch

from fastlattice import _tables

ROOT = Path(__file__).resolve().parents[1]


def test_regenerated_bytes():
    """codegen/tables.py makes the committed file, byte for byte, from the installed e3nn."""
    pytest.importorskip("e3nn")
    spec = importlib.util.spec_from_file_location("codegen_tables", ROOT / "codegen" / "tables.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.main(["--check"]) == 0


def test_check_notices_a_difference(tmp_path):
    pytest.importorskip("e3nn")
    spec = importlib.util.spec_from_file_location("codegen_tables", ROOT / "codegen" / "tables.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    changed = bytearray(module.OUTPUT.read_bytes())
    changed[-1] ^= 1
    (tmp_path / "tables.safetensors").write_bytes(bytes(changed))
    assert module.main(["--check", str(tmp_path / "tables.safetensors")]) == 1


def test_clebsch_gordan_is_e3nn():
    o3 = pytest.importorskip("e3nn.o3")
    for l1, l2, l3 in product(range(5), repeat=3):
        if abs(l1 - l2) <= l3 <= l1 + l2 and (l1 + l2 + l3) % 2 == 0:
            expected = o3.wigner_3j(l1, l2, l3, dtype=torch.float64) * math.sqrt(2 * l3 + 1)
            assert (_tables.clebsch_gordan(l1, l2, l3) - expected).abs().max() < 2e-15


def test_clebsch_gordan_is_orthogonal():
    """Coupling two degrees is an isometry onto each degree that comes out."""
    for l1, l2, l3 in product(range(5), repeat=3):
        if abs(l1 - l2) <= l3 <= l1 + l2 and (l1 + l2 + l3) % 2 == 0:
            matrix = _tables.clebsch_gordan(l1, l2, l3).flatten(0, 1)
            assert (matrix.T @ matrix - torch.eye(2 * l3 + 1, dtype=torch.float64)).abs().max() < 1e-14


def test_mandel_basis_is_orthogonal():
    """Its norm is that of the tensor, and different irreps do not overlap."""
    gram = torch.einsum("aij,bij->ab", _tables.mandel_basis(), _tables.mandel_basis())
    assert (gram - gram.diagonal().diag()).abs().max() < 1e-14
    assert (gram.diagonal() - 1).abs().max() < 1e-14
    assert torch.equal(_tables.mandel_basis(), _tables.mandel_basis().transpose(1, 2))


@pytest.mark.parametrize(
    ("l_in", "lmax", "count"), [(0, 4, 5), (4, 4, 42), (0, 3, 4), (3, 3, 23), (2, 2, 11), (1, 1, 4)]
)
def test_edge_paths(l_in, lmax, count):
    paths = _tables.edge_paths(l_in, lmax)
    assert len(paths) == len(set(paths)) == count
    assert paths == sorted(paths, key=lambda path: (path[2], path[0], path[1]))


def test_path_counts():
    """Counts of the released network's weights, and the true ranks behind them."""
    assert _tables.original_counts(4) == [(1, 5, 42), (1, 8, 99), (1, 10, 139), (1, 10, 155), (1, 9, 150)]
    assert _tables.folded_counts(4, 3) == (5, 27, 126)
    degrees = [path[4] for path in _tables.cubic_paths(4)]
    assert [degrees.count(l) for l in range(5)] == [14, 21, 29, 31, 31]


@pytest.mark.parametrize("lmax", [1, 2, 3, 4])
def test_fold_map_has_full_rank(lmax):
    """No weight of the two-stage basis is redundant."""
    fold = _tables.fold_map(lmax, 3)
    assert torch.linalg.matrix_rank(fold) == len(fold)
    assert torch.linalg.cond(fold) < 30


def test_constants_are_made_once_per_dtype():
    single = torch.zeros(1, dtype=torch.float32)
    first = _tables.constant(_tables.mandel_basis, like=single)
    assert first.dtype == torch.float32
    assert _tables.constant(_tables.mandel_basis, like=single) is first
    assert _tables.constant(_tables.mandel_basis, like=single.double()).dtype == torch.float64


def test_coefficients_are_rounded_correctly():
    """The roots of their fractions to the last bit, whatever torch is installed: generated files hold them."""
    stored = _tables._stored()
    fractions = zip(*(stored[f"clebsch_gordan.{part}"].tolist() for part in ("numerator", "denominator")), strict=True)
    expected = [math.copysign(math.sqrt(abs(n) / d), n) for n, d in fractions]
    dense = _tables._dense("clebsch_gordan", ((_tables.LMAX + 1) ** 2,) * 3)
    assert dense[tuple(stored["clebsch_gordan.index"].long().T)].tolist() == expected
