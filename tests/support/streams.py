"""What the tests of streams share: bases, recipes that between them use everything, and what is drawn from either."""

import torch
from hypothesis import strategies as st

from fastlattice import Lattice, LatticeBatch, unit_cell
from fastlattice.data import Range, Recipe

GEOMETRY = ("cell", "positions", "struts", "shifts", "radii", "node_offsets", "strut_offsets")
ALL_DIFFERENT = Recipe(
    removal_share=0.5,
    removal=Range(0.05, 0.4),
    strain_share=0.5,
    level=(0.0, 0.02, 0.05),
    radii={"uniform": 1, "two-valued": 1, "log-normal": 1},
    rotation="random",
)
RECIPES = {
    "default": Recipe(),
    "all": ALL_DIFFERENT,
    "gaussian": Recipe(displacement="gaussian", zero_share=0, density=(0.01, 0.1), radius_sigma=0.2),
    "plain": Recipe(removal_share=0, strain_share=0, level=0.1, zero_share=0, radii="uniform", density=0.01),
}
numbers = st.integers(0, 2**62 - 3000)
seeds = st.integers(0, 2**64 - 1)


def _bases():
    cells = [unit_cell(name) for name in ("octet", "bcc", "kelvin", "diamond", "octet")]
    large = Lattice(3 * cells[2].cell, 3 * cells[2].positions, cells[2].struts, cells[2].shifts, 0.1, "large kelvin")
    return LatticeBatch.from_lattices([*cells, large])


FEW = _bases()
"""Six bases, one of them with a cell of another size."""


def same(a, b):
    """Asserts that two batches are the same to the last bit, columns included."""
    assert len(a) == len(b)
    for name in GEOMETRY:
        assert torch.equal(getattr(a, name), getattr(b, name)), name
    assert a.columns.keys() == b.columns.keys()
    for name, column in a.columns.items():
        other = b.columns[name]
        assert list(column) == list(other) if name == "name" else torch.equal(column, other), name
