"""Cells of 400 to 4,400 nodes: exact finite elements, upper bounds, networks: `python recipes/large_cells.py`.

Perturbed supercells of three nets, every node moved by 0.1 of the net's own cell, and two kinds of random nets: foams
of Voronoi cells and Delaunay networks of random points. All at density 0.02. Errors are L_dir_rel (sqrt gamma); times
are of one thread, processor time.
"""

import warnings
from functools import partial

import numpy as np
import torch
from measure import bound, predicted, timed

from fastlattice import Lattice, LatticeBatch, homogenise, rcsr_net
from fastlattice.data.random_nets import NODES_OF_A_FOAM, merged
from fastlattice.data.tetrahedra import Tetrahedra
from fastlattice.models import RangeWarning, StiffnessModel
from fastlattice.training.metrics import metrics

NETS = ("dia", "pcu", "bcu", "foam", "network")
NODES = (512, 1728, 4096)
ORDERS = (0, 2, 4, 8, 12, 16)
NETWORKS = ("base", "hybrid")
FIGURE = "L_dir_rel (sqrt gamma)"


def cell(net: str, nodes: int) -> LatticeBatch:
    """A perturbed supercell, or a random net, of about as many nodes."""
    if net in ("foam", "network"):
        return LatticeBatch.from_lattices([random_net(net, nodes)])
    one = rcsr_net(net, 0.02)
    times = max(1, round((nodes / one.num_nodes) ** (1 / 3)))
    return LatticeBatch.from_lattices([one.supercell((times,) * 3)]).perturb(0.1 / times, seed=1)


def random_net(kind: str, nodes: int) -> Lattice:
    """Of random points in a cube; what is shorter than a tenth of their spacing becomes one node."""
    count = round(nodes / NODES_OF_A_FOAM) if kind == "foam" else nodes
    cells = Tetrahedra.of(np.random.default_rng(1).random((count, 3)))
    assert cells is not None
    positions, struts, shifts = merged(*(cells.foam() if kind == "foam" else cells.network()), 0.1 * count ** (-1 / 3))
    return Lattice(np.eye(3), positions, struts, shifts, 1.0, kind).with_relative_density(0.02)


def main() -> None:
    """Prints the table."""
    torch.set_num_threads(1)
    warnings.simplefilter("ignore", RangeWarning)
    networks = [StiffnessModel.from_pretrained(name) for name in NETWORKS]
    for network in networks:
        network.predict(cell("pcu", 8))
    names = ["exact", *(f"C_{order}" for order in ORDERS), *NETWORKS]
    print("| net, nodes | " + " | ".join(names) + " |\n|---|" + "---|" * len(names))
    for net in NETS:
        for nodes in NODES:
            batch = cell(net, nodes)
            exact, spent = timed(partial(_exact, batch))
            cells = [f"{1e3 * spent:.0f} ms"]
            bounds = [partial(bound, batch, order) for order in ORDERS]
            for solver in bounds + [partial(predicted, network, batch) for network in networks]:
                found, spent = timed(solver)
                cells.append(f"{metrics(found, exact)[FIGURE].item():.3f}, {1e3 * spent:.1f} ms")
            print(f"| {net}, {batch.node_counts.item():,} | " + " | ".join(cells) + " |")


def _exact(batch: LatticeBatch) -> torch.Tensor:
    return homogenise(batch, threads=1).stiffness


if __name__ == "__main__":
    main()
