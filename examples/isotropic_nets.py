"""The stiffest of the 2,397 RCSR nets that are nearly isotropic."""

import fastlattice
from fastlattice.elasticity import definite, universal_anisotropy, voigt_reuss_hill

nets = fastlattice.rcsr_batch(relative_density=0.01)
result = fastlattice.homogenise(nets)
nets, stiffness = nets[result.ok], result.stiffness[result.ok]

stiffness = definite(stiffness, tolerance=1e-9)
anisotropy, shear = universal_anisotropy(stiffness), voigt_reuss_hill(stiffness).shear_hill
isotropic = (anisotropy < 0.05).nonzero()[:, 0]
best = isotropic[shear[isotropic].argsort(descending=True)][:5]

chosen = nets[best]  # lattices, names and all other columns
for name, g, a in zip(chosen.names, shear[best].tolist(), anisotropy[best].tolist(), strict=True):
    print(f"{name:8s} G = {g:.2e} E_s   A^U = {a:.3f}")
