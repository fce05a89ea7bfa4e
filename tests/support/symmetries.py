"""Changes of a lattice's description that leave the material as it is."""

from __future__ import annotations

import numpy as np

from fastlattice import Lattice


def replaced(lattice: Lattice, **arrays) -> Lattice:
    """A lattice with other arrays."""
    names = ("cell", "positions", "struts", "shifts", "radii")
    return Lattice(**{name: arrays.get(name, getattr(lattice, name)) for name in names})


def translation(lattice: Lattice, rng: np.random.Generator) -> Lattice:
    return replaced(lattice, positions=lattice.positions + rng.normal(size=3))


def order_of_nodes(lattice: Lattice, rng: np.random.Generator) -> Lattice:
    order = rng.permutation(lattice.num_nodes)
    return replaced(lattice, positions=lattice.positions[order], struts=np.argsort(order)[lattice.struts])


def order_of_struts(lattice: Lattice, rng: np.random.Generator) -> Lattice:
    order = rng.permutation(lattice.num_struts)
    return replaced(lattice, **{k: getattr(lattice, k)[order] for k in ("struts", "shifts", "radii")})


def direction_of_struts(lattice: Lattice, rng: np.random.Generator) -> Lattice:
    flip = rng.random(lattice.num_struts) < 0.5
    struts = np.where(flip[:, None], lattice.struts[:, ::-1], lattice.struts)
    return replaced(lattice, struts=struts, shifts=np.where(flip[:, None], -lattice.shifts, lattice.shifts))


def window(lattice: Lattice, rng: np.random.Generator) -> Lattice:
    """Every node replaced by one of its images: the same lattice seen through another window."""
    moved = rng.integers(-2, 3, (lattice.num_nodes, 3))
    start, end = lattice.struts.T
    shifts = lattice.shifts + moved[start] - moved[end]
    return replaced(lattice, positions=lattice.positions + moved @ lattice.cell, shifts=shifts)


def supercell(lattice: Lattice, rng: np.random.Generator) -> Lattice:
    return lattice.supercell((2, 1, 3))


OF_THE_DESCRIPTION = (order_of_nodes, order_of_struts, direction_of_struts)
OF_THE_CELL = (translation, window, supercell)
