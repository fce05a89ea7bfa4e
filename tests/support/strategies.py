"""Hypothesis strategies: random lattices that the tests of several parts share."""

import numpy as np
from hypothesis import strategies as st

from fastlattice import Lattice


@st.composite
def lattices(draw: st.DrawFn, max_nodes: int = 5, max_struts: int = 10) -> Lattice:
    """A random triclinic lattice with multi-struts and self-struts; it need not carry load."""
    generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    num_nodes = draw(st.integers(1, max_nodes))
    num_struts = draw(st.integers(1, max_struts))
    cell = np.eye(3) + 0.3 * generator.uniform(-1, 1, (3, 3))
    struts = generator.integers(0, num_nodes, (num_struts, 2))
    shifts = generator.integers(-2, 3, (num_struts, 3))
    shifts[(struts[:, 0] == struts[:, 1]) & (shifts == 0).all(1)] = [1, 0, 0]
    return Lattice.from_fractional(
        cell,
        generator.uniform(-0.5, 1.5, (num_nodes, 3)),
        struts,
        shifts,
        generator.uniform(0.01, 0.1, num_struts),
        name=draw(st.text(st.characters(exclude_categories=("Cs", "Cc", "Z")), max_size=8)),
    )
