"""A lattice beside its Young's modulus in all directions, as a picture (extra "plot")."""

import fastlattice
from fastlattice.pictures.plot import plot_summary

lattice = fastlattice.unit_cell("octet", 0.05)
stiffness = fastlattice.homogenise(lattice).stiffness[0]
plot_summary(lattice, stiffness, "octet.png")
print("octet.png")
