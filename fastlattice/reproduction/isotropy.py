"""Figure 7 of Grega et al. (2024): below lmax 4 a network's answer for the simple cubic lattice is isotropic.

At a node of the simple cubic lattice features of degrees 1 to 3 vanish by symmetry; what is left below degree 4 are
scalars, and a stiffness that is made of scalars is isotropic. No training changes that, so none is done.
"""

from __future__ import annotations

import torch

from fastlattice.elasticity import young_modulus
from fastlattice.fe import homogenise
from fastlattice.lattice import Lattice
from fastlattice.models import LatticeMACE
from fastlattice.models.mace.config import uniform_irreps
from fastlattice.topologies.cells import unit_cell
from fastlattice.training import sphere_directions

DEGREES = (2, 3, 4)


def simple_cubic() -> Lattice:
    """The lattice, its nodes moved by nothing."""
    return unit_cell("simple_cubic", 0.01)


def answers(seed: int = 0) -> dict[str, torch.Tensor]:
    """[6, 6] float64 stiffness of the simple cubic lattice, positive definite: "lmax 2" ... of networks with random
    weights, and "finite elements".

    Args:
        seed: of the weights.
    """
    lattice = simple_cubic()
    found = {}
    for lmax in DEGREES:
        torch.manual_seed(seed)
        irreps = uniform_irreps(8, lmax)
        settings = {"hidden_irreps": irreps, "readout_irreps": irreps, "lmax": lmax, "positive_function": "matrix_exp"}
        model = LatticeMACE({**settings, "max_edge_radius": 0.1, "max_edge_length": 1.0}).double()
        found[f"lmax {lmax}"] = model.predict(lattice)[0]
    return {**found, "finite elements": homogenise(lattice).stiffness[0]}


def anisotropy(stiffness: torch.Tensor) -> float:
    """Largest over smallest Young's modulus over 250 directions, less one: 0 where the stiffness is isotropic.

    Args:
        stiffness: [6, 6] Mandel, positive definite.
    """
    modulus = young_modulus(stiffness, sphere_directions())
    return float(modulus.max() / modulus.min() - 1)
