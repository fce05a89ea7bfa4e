"""Labelled lattices and small networks for the tests of training."""

import torch

from fastlattice import Conventions, LatticeBatch, LatticeMACE, homogenise, unit_cell

NAMES = ("octet", "bcc", "kelvin", "simple_cubic")


def labelled(count: int, level: float = 0.03, density: float = 0.02) -> LatticeBatch:
    """`count` perturbed unit cells with their exact stiffness; each has one."""
    bases = [unit_cell(name, density) for name in NAMES]
    lattices = [bases[k % len(bases)].perturb(level, seed=k) for k in range(count)]
    batch = LatticeBatch.from_lattices(lattices)
    result = homogenise(batch)
    assert bool(result.ok.all())
    return batch.with_columns(target=result.stiffness)


def network(channels: int = 4, dtype: torch.dtype = torch.float32, **settings: object) -> LatticeMACE:
    """A small network whose output is of the targets' size."""
    config = {
        "hidden_irreps": "+".join(f"{channels}x{l}{'eo'[l % 2]}" for l in range(5)),
        "readout_irreps": "+".join(f"{channels}x{l}{'eo'[l % 2]}" for l in range(5)),
        "max_edge_radius": 0.1,
        "correlation": 2,
        **settings,
    }
    torch.manual_seed(0)
    return LatticeMACE(config, Conventions("C/density")).to(dtype)
