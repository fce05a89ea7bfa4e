"""What CalculiX answers, where it is installed, and that its absence is said."""

import shutil

import numpy as np
import pytest

from bench.support.calculix import calculix_stiffness
from fastlattice import homogenise, unit_cell

needs_ccx = pytest.mark.skipif(shutil.which("ccx") is None, reason="ccx is not installed (Debian package calculix-ccx)")


@needs_ccx
@pytest.mark.parametrize("name", ["simple_cubic", "octet", "bcc"])
def test_stiffness_of_stretched_struts(name):
    lattice = unit_cell(name, 0.002).perturb(0.02, seed=1)
    expected = homogenise(lattice).stiffness[0].numpy()
    assert np.abs(calculix_stiffness(lattice) - expected).max() < 1e-3 * np.abs(expected).max()


@needs_ccx
def test_stiffness_of_bent_struts():
    """The bulk modulus of diamond rests on stretching, its shear moduli on bending."""
    lattice = unit_cell("diamond", 0.01)
    expected, found = homogenise(lattice).stiffness[0].numpy(), calculix_stiffness(lattice)
    for modulus in (lambda c: c[0, :3].sum(), lambda c: c[0, 0] - c[0, 1], lambda c: c[3, 3]):
        assert modulus(found) == pytest.approx(modulus(expected), rel=1e-3)


def test_it_is_missing(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RuntimeError, match="calculix-ccx"):
        calculix_stiffness(unit_cell("diamond"))
