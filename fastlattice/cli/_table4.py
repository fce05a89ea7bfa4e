"""Table 4 of Grega et al. (2024) measured anew: the time that networks and finite elements take for many lattices."""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch

from fastlattice import _native
from fastlattice._files import replacing
from fastlattice._version import __version__
from fastlattice.cli.predict import device_of
from fastlattice.cli.results import print_table
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


def run(arguments: argparse.Namespace) -> int:
    """Measures, prints and writes."""
    device = device_of(arguments.device)
    lattices = sample(arguments.lattices)
    found = measured(entries(device), lattices, 60 * arguments.minutes)
    _print(found, lattices, device)
    if arguments.output is not None:
        with replacing(arguments.output) as temporary:
            temporary.write_text(json.dumps(_report(found, lattices, device), indent=1) + "\n", encoding="utf-8")
    return 0


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


def _print(found: list[Entry], lattices: LatticeBatch, device: torch.device) -> None:
    nodes, struts = (float(each.double().mean()) for each in (lattices.node_counts, lattices.strut_counts))
    sys.stdout.write(
        f"{len(lattices)} lattices of {nodes:.0f} nodes and {struts:.0f} struts on average; networks on "
        f"{_device_name(device)}, finite elements on {_device_name(torch.device('cpu'))}\n\n"
    )
    rows = []
    for entry in found:
        middle, paper = statistics.median(entry.seconds), PAPER.get(entry.name)
        each = f"{1e6 * middle / len(lattices):.0f}"
        shown = "-" if paper is None else f"{paper:g}"
        rows.append([entry.name, f"{entry.parameters:,}", f"{middle:.3g}", each, f"{len(entry.seconds)}", shown])
    header = ["network", "parameters", "seconds", "us/lattice", "times", "paper, 5,000 (s)"]
    print_table(header, rows, sys.stdout, text_columns={0})


def _report(found: list[Entry], lattices: LatticeBatch, device: torch.device) -> dict[str, Any]:
    return {
        "table": "table4",
        "lattices": len(lattices),
        "nodes": int(lattices.node_counts.sum()),
        "struts": int(lattices.strut_counts.sum()),
        "device": _device_name(device),
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


def _device_name(device: torch.device) -> str:
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    threads = torch.get_num_threads()
    return f"{device.type} ({threads} thread{'s' * (threads > 1)})"
