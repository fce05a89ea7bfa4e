"""From numpy arrays to gigapascals: the stiffness of a lattice of one's own, and what it means along an axis."""

import numpy as np

import fastlattice
from fastlattice.elasticity import young_modulus

cell = np.eye(3)  # rows are the lattice vectors, in any unit of length
positions = np.array([[0, 0, 0], [0.5, 0.5, 0.5]])
struts = np.array([[0, 1]] * 8)  # a strut runs from node i to node j ...
shifts = np.array([[a, b, c] for a in (0, -1) for b in (0, -1) for c in (0, -1)])  # ... in the cell shifted by s

lattice = fastlattice.Lattice(cell, positions, struts, shifts, radii=0.05, name="bcc")
result = fastlattice.homogenise(lattice)
for failure in result.failures():
    raise SystemExit(f"{failure.name}: {failure.reason}")
assert result.beam_valid.all(), "struts are too thick for beam theory"

stiffness = 114.0 * result.stiffness[0]  # Ti-6Al-4V: 114 GPa; Mandel, in the order 11, 22, 33, 23, 13, 12
print(f"relative density {lattice.relative_density:.4f}, C11 = {stiffness[0, 0]:.3f} GPa")
for direction in ([1, 0, 0], [1, 1, 0], [1, 1, 1]):
    print(f"E along {direction} = {young_modulus(stiffness, direction):.4f} GPa")
