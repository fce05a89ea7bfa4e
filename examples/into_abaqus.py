"""The material card of a lattice for a solid model in Abaqus: 21 constants in its own order, in MPa."""

import fastlattice
from fastlattice.elasticity import convert, pack21

lattice = fastlattice.unit_cell("kelvin", 0.1).rotate([[0.6, -0.8, 0], [0.8, 0.6, 0], [0, 0, 1]])
stiffness = 68_900 * fastlattice.homogenise(lattice).stiffness[0].numpy()  # aluminium 6061: E_s = 68.9 GPa

constants = pack21(convert(stiffness, from_="mandel", to="abaqus"), notation="abaqus")
print("*MATERIAL, NAME=KELVIN")
print("*ELASTIC, TYPE=ANISOTROPIC")
for line in (constants[:8], constants[8:16], constants[16:]):
    print(", ".join(f"{value:.6g}" for value in line))
