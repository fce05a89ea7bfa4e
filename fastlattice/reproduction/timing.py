"""Table 4 of Grega et al. (2024) measured anew: the time that networks and finite elements take for many lattices."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch

from fastlattice import _native
from fastlattice._version import __version__
from fastlattice.fe import homogenise
from fastlattice.lattice import LatticeBatch
from fastlattice.models import CGC, MCGC, LatticeMACE, NNConv, StiffnessModel
from fastlattice.models.mace.config import uniform_irreps

PAPER = {"CGC": 5.0, "NNConv": 5.0, "LatticeMACE": 15.0, "finite elements": 1.1e4}
"""Seconds of the paper's table 4: networks on an RTX 3070, finite elements (Abaqus) on an i7-11700."""


@dataclass
class Entry:
    """A column of the table: what is timed, how large it is, and the seconds that it took."""

    name: str
    parameters: int
    compute: Callable[[LatticeBatch], torch.Tensor]
    seconds: list[float]


def sample(size: int) -> LatticeBatch:
    """The first lattices of a fixed stream."""
    from fastlattice.data import Recipe, Stream, bases

    levels, densities = (0.0, 0.02, 0.04, 0.07), (0.003, 0.01, 0.03)
    recipe = Recipe(removal_share=0, strain_share=0, level=levels, radii="uniform", density=densities)
    return Stream(bases(["rcsr"], cell="conventional", max_nodes=60, side=None), recipe, seed=0)[0:size]


def entries(device: torch.device) -> list[Entry]:
    """The networks with random weights on their device, and finite elements on the CPU."""
    torch.manual_seed(0)
    networks: list[StiffnessModel] = [
        CGC({"hidden_irreps": 128, "message_passes": 4, "positive": "square"}),
        NNConv({"hidden_irreps": 32, "message_passes": 4, "positive": "square"}),
        MCGC({"hidden_irreps": 128, "message_passes": 4, "positive": "square"}),
        LatticeMACE(
            {"hidden_irreps": uniform_irreps(32, 4), "readout_irreps": uniform_irreps(16, 4), "max_edge_radius": 0.05}
        ),
    ]
    found = [
        Entry(type(network).__name__, sum(p.numel() for p in network.parameters()), _prediction(network.to(device)), [])
        for network in networks
    ]
    return [*found, Entry("finite elements", 0, lambda batch: homogenise(batch).stiffness, [])]


def _prediction(network: StiffnessModel) -> Callable[[LatticeBatch], torch.Tensor]:
    return lambda batch: network.predict(batch).cpu()


def measured(found: list[Entry], lattices: LatticeBatch, seconds: float) -> list[Entry]:
    """The entries with their times: all in turn, until the time is over."""
    for entry in found:
        entry.compute(lattices[: max(1, len(lattices) // 20)])  # libraries, kernels and memory are there then
    begun = time.monotonic()
    while not found[-1].seconds or time.monotonic() - begun < seconds:
        for entry in found:
            start = time.perf_counter()
            entry.compute(lattices)
            entry.seconds.append(time.perf_counter() - start)
    return found


def report(found: list[Entry], lattices: LatticeBatch, device: torch.device) -> dict[str, Any]:
    """Every time, what was timed, and the machine, ready for JSON."""
    return {
        "table": "table4",
        "lattices": len(lattices),
        "nodes": int(lattices.node_counts.sum()),
        "struts": int(lattices.strut_counts.sum()),
        "device": device_name(device),
        "threads": torch.get_num_threads(),
        "instruction_set": _native.instruction_set(),
        "versions": {"fastlattice": __version__, "torch": torch.__version__, "python": platform.python_version()},
        "entries": [
            {
                "name": entry.name,
                "parameters": entry.parameters,
                "seconds": entry.seconds,
                "paper_seconds": PAPER.get(entry.name),
            }
            for entry in found
        ],
    }


def device_name(device: torch.device) -> str:
    """The device, and on a CPU its threads."""
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    threads = torch.get_num_threads()
    return f"{device.type} ({threads} thread{'s' * (threads > 1)})"
