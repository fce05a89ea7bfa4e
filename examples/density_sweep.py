"""How stiffness scales with density: E / E_s = c rho^n, n = 1 where struts are stretched and 2 where they bend."""

import numpy as np
import torch

import fastlattice
from fastlattice.elasticity import voigt_reuss_hill

densities = np.geomspace(1e-4, 1e-2, 9)
names = ["octet", "kelvin", "diamond"]
cells = [fastlattice.unit_cell(name, density) for name in names for density in densities]

result = fastlattice.homogenise(cells)  # one batch, all threads
averages = voigt_reuss_hill(result.stiffness)
shear = averages.shear_hill.reshape(len(names), -1)

for name, values in zip(names, shear, strict=True):
    exponents = torch.diff(values.log()) / torch.diff(torch.tensor(densities).log())
    kind = "stretching" if exponents.mean() < 1.5 else "bending"
    print(f"{name:14s} G ~ rho^{exponents.mean():.2f}: {kind}")
