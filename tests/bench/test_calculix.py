"""The input that CalculiX gets; and its answer, where it is installed."""

import shutil

import numpy as np
import pytest

from bench.support.calculix import PIECES, calculix_stiffness, deck
from fastlattice import homogenise, unit_cell


def numbers(text, key):
    """Lines of data after each line that starts with a key."""
    lines = text.splitlines()
    return [lines[k + 1] for k, line in enumerate(lines) if line.startswith(key)]


def test_deck():
    lattice = unit_cell("diamond")
    text = deck(lattice, 0.3)
    nodes = [line for line in text.split("*NSET")[0].splitlines()[1:]]
    elements = [list(map(int, line.split(","))) for line in numbers(text, "*ELEMENT")]
    along = PIECES * lattice.num_struts
    assert along < len(elements)  # stubs besides
    assert [element[0] for element in elements] == list(range(1, len(elements) + 1))
    assert max(max(element[1:]) for element in elements) == len(nodes) - 2  # the last two carry the macro-strain
    assert text.count("*END STEP") == 6


@pytest.mark.skipif(shutil.which("ccx") is None, reason="ccx is not installed (Debian package calculix-ccx)")
@pytest.mark.parametrize("name", ["simple_cubic", "diamond", "bcc"])
def test_stiffness(name):
    lattice = unit_cell(name, 0.01).perturb(0.02, seed=1)
    expected = homogenise(lattice).stiffness[0].numpy()
    assert np.abs(calculix_stiffness(lattice) - expected).max() < 0.02 * np.abs(expected).max()


def test_it_is_missing(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RuntimeError, match="calculix-ccx"):
        calculix_stiffness(unit_cell("diamond"))
