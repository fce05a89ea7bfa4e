"""A cell as anisotropic as cortical bone: the stiffness of Ashman et al. (1984), at any multiple."""

import numpy as np
import torch

import fastlattice
from fastlattice import elasticity
from fastlattice.inverse import target_stiffness

young, shear = np.array([12.0, 13.4, 20.0]), np.array([6.23, 5.61, 4.53])  # GPa: E1 E2 E3, G23 G13 G12
compliance = np.diag([*1 / young, *1 / (2 * shear)])  # Mandel
for i, j, poisson in ((0, 1, 0.376), (0, 2, 0.222), (1, 2, 0.235)):
    compliance[i, j] = compliance[j, i] = -poisson / young[i]
bone = np.linalg.inv(compliance)

made = fastlattice.design(
    fastlattice.unit_cell("cubic_octet", 0.1),
    target_stiffness(bone, up_to_scale=True),
    ("positions", "radii", "cell"),
    move=0.2,
    thickening=8,
    constraints=fastlattice.Constraints(slenderness=0.25),
    starts=2,
    steps=200,
)
print(f"off the ratios of bone by {100 * made.values['stiffness'][made.best]:.2f}% (Frobenius)")
x, y, z = np.eye(3)
stiffness = made.stiffness.numpy()
for name, i, j, poisson in (("12", x, y, 0.376), ("13", x, z, 0.222), ("23", y, z, 0.235)):
    print(f"nu{name} = {elasticity.poisson_ratio(stiffness, i, j):.3f}, of bone {poisson}")
made.plot("bone.png", target=torch.from_numpy(bone * (stiffness * bone).sum() / (bone * bone).sum()))
print("bone.png")
