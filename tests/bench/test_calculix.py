"""What CalculiX answers, where it is installed, and that its absence is said."""

import shutil

import numpy as np
import pytest

from bench.support.calculix import calculix_stiffness
from fastlattice import homogenise, unit_cell


@pytest.mark.skipif(shutil.which("ccx") is None, reason="ccx is not installed (Debian package calculix-ccx)")
@pytest.mark.parametrize("name", ["simple_cubic", "diamond", "bcc"])
def test_stiffness(name):
    lattice = unit_cell(name, 0.002).perturb(0.02, seed=1)
    expected = homogenise(lattice).stiffness[0].numpy()
    assert np.abs(calculix_stiffness(lattice) - expected).max() < 0.01 * np.abs(expected).max()


def test_it_is_missing(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RuntimeError, match="calculix-ccx"):
        calculix_stiffness(unit_cell("diamond"))
