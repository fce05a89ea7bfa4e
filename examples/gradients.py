"""Inverse design by gradients: the radii of a cell at fixed density that make it stiffest along x."""

import torch

import fastlattice
from fastlattice.elasticity import young_modulus

start = fastlattice.LatticeBatch.from_lattices([fastlattice.unit_cell("cubic_bcc", 0.05)])
density = start.relative_density
thickness = torch.zeros_like(start.radii, requires_grad=True)  # logarithm of each radius, but for a common factor
optimiser = torch.optim.Adam([thickness], lr=0.1)


def designed() -> fastlattice.LatticeBatch:
    """The cell with these radii, at the density of the start."""
    batch = start.replace(radii=start.radii * thickness.exp())
    return batch.replace(radii=batch.radii * (density / batch.relative_density).sqrt())


for step in range(41):
    modulus = young_modulus(fastlattice.homogenise(designed()).stiffness, [1, 0, 0]).sum()
    if step % 10 == 0:
        print(f"step {step}: E_x = {modulus:.5f} E_s at density {designed().relative_density.item():.3f}")
    optimiser.zero_grad()
    (-modulus.log()).backward()
    optimiser.step()
