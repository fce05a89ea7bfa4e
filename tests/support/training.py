"""Labelled lattices and small networks for the tests of training."""

from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file

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


SETTINGS = {
    "hidden_irreps": "4x0e+4x1o+4x2e+4x3o+4x4e",
    "readout_irreps": "4x0e+4x1o+4x2e+4x3o+4x4e",
    "max_edge_radius": 0.1,
    "correlation": 2,
}


def configuration(folder: Path, **sections: dict[str, Any]) -> dict[str, Any]:
    """A run of a few seconds on files that are written to a folder; entries of sections may be given."""
    files = {"training": folder / "training.parquet", "validation": folder / "validation.parquet"}
    if not files["training"].exists():
        labelled(48).to_parquet(files["training"])
        labelled(12, level=0.06).to_parquet(files["validation"])
    entries: dict[str, Any] = {
        "model": {"settings": SETTINGS},
        "data": {"files": [str(files["training"])], "batch": 8, "rotate": True},
        "optimiser": {"averaging": 0.9},
        "schedule": {"steps": 30, "warm_up": 5},
        "validation": {"data": [str(files["validation"])], "every": 10},
        "run": {"log_every": 5, "tensorboard": False},
    }
    return {name: {**entries.get(name, {}), **sections.get(name, {})} for name in {**entries, **sections}}


def same_weights(one: Path, other: Path) -> bool:
    """Whether two files of weights hold the same bits."""
    first, second = load_file(one), load_file(other)
    return first.keys() == second.keys() and all(torch.equal(first[name], second[name]) for name in first)
