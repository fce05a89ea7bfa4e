"""Lattices a second against the number of nodes of their cell: the network, exact elements, other people's solvers.

Cells are copies of the diamond lattice, 4 struts a node, their nodes moved a little; small cells come many at a time
where a solver takes batches. One thread each. OpenSeesPy and CalculiX take one cell a call; CalculiX's time holds the
start of its process.
"""

import shutil

import numpy as np
import pytest
import torch

from bench.support import operations
from bench.support.network import built, config_text
from bench.support.timing import measure, record
from fastlattice import LatticeBatch, homogenise, unit_cell
from tests.support.peers import opensees

TESTS = ["models/test_*.py", "fe/test_*.py"]
SIZES = {  # nodes -> copies of the cubic cell; the first is the primitive cell
    2: None,
    8: 1,
    16: (1, 1, 2),
    32: (1, 2, 2),
    64: 2,
    216: 3,
    512: 4,
    1000: 5,
    1728: 6,
    4096: 8,
    8000: 10,
}
OP = "stiffness of cells of one size"


def cells(nodes, count):
    diamond = unit_cell("diamond")
    cell = diamond.primitive() if SIZES[nodes] is None else diamond.supercell(SIZES[nodes])
    return LatticeBatch.from_lattices([cell.perturb(0.02 / max(cell.cell.max(), 1), seed=k) for k in range(count)])


def size_of(batch):
    nodes = batch[0].num_nodes
    return f"{len(batch):,} cells of {nodes:,} nodes" if len(batch) > 1 else f"one cell of {nodes:,} nodes"


def timed(benchmark, call, batch, backend, rounds, **info):
    """Finite elements, in fp64."""
    benchmark.pedantic(call, rounds=rounds, warmup_rounds=1 if rounds > 2 else 0)
    info = {"lattices": len(batch), "nodes_per_cell": batch[0].num_nodes, **info}
    record(benchmark, benchmark.stats.stats.data, OP, backend, size_of(batch), torch.float64, **info)


@pytest.mark.parametrize("nodes", SIZES)
def test_network(benchmark, nodes):
    network, batch = built(), cells(nodes, max(1, 2048 // nodes))
    assert network.predict(batch).isfinite().all()
    counts = len(batch.positions), len(batch.struts), len(batch)
    row = {
        "op": OP,
        "backend": "LatticeMACE",
        "shapes": f"{size_of(batch)}, {config_text(network.config)}",
        "multiply_adds": operations.network(network.config, *counts),
        "lattices": len(batch),
        "nodes_per_cell": nodes,
    }
    measure(benchmark, lambda: network.predict(batch), 7 if nodes < 4000 else 2, warmup=1, **row)


@pytest.mark.parametrize("nodes", SIZES)
def test_exact(benchmark, nodes):
    batch = cells(nodes, max(1, 2048 // nodes))
    assert homogenise(batch).failures() == []
    rounds = 20 if nodes < 300 else 3 if nodes < 4000 else 1
    timed(benchmark, lambda: homogenise(batch, threads=1), batch, "exact FE", rounds)


def run_peer(benchmark, name, solve, nodes, tolerance, rounds):
    batch = cells(nodes, 1)
    lattice, C = batch[0], homogenise(batch).stiffness[0].numpy()
    difference = np.abs(solve(lattice) - C).max() / np.abs(C).max()
    assert difference < tolerance
    timed(benchmark, lambda: solve(lattice), batch, name, rounds, difference_from_exact=difference)


@pytest.mark.parametrize("nodes", [2, 8, 32, 64, 216])
def test_peer_opensees(benchmark, nodes):
    """OpenSeesPy assembles, numpy condenses (dense)."""
    run_peer(benchmark, "OpenSeesPy", opensees().opensees_stiffness, nodes, 1e-9, 5 if nodes < 100 else 1)


@pytest.mark.parametrize("nodes", [2, 8, 16, 32])
def test_peer_calculix(benchmark, nodes):
    """Four B32R beams a strut, expanded to solids: another discretisation, so about 1% from exact beams."""
    if shutil.which("ccx") is None:
        pytest.skip("ccx is not installed (Debian package calculix-ccx)")
    from bench.support.calculix import calculix_stiffness

    run_peer(benchmark, "CalculiX", calculix_stiffness, nodes, 0.03, 1)
