"""Cells of 400 to 4,400 nodes: exact finite elements, upper bounds, networks: `python recipes/large_cells.py`.

Perturbed supercells of three nets of density 0.02, every node moved by 0.1 of the net's own cell. Errors are L_dir_rel
(sqrt gamma); times are of one thread, processor time.
"""

import warnings
from functools import partial

import torch
from measure import bound, timed

from fastlattice import LatticeBatch, homogenise, rcsr_net
from fastlattice.models import RangeWarning, StiffnessModel
from fastlattice.training.metrics import metrics

NETS = ("dia", "pcu", "bcu")
NODES = (512, 1728, 4096)
ORDERS = (0, 2, 4, 8, 16)
NETWORKS = ("base", "hybrid")
FIGURE = "L_dir_rel (sqrt gamma)"


def cell(net: str, nodes: int) -> LatticeBatch:
    """A perturbed supercell of about as many nodes."""
    one = rcsr_net(net, 0.02)
    times = max(1, round((nodes / one.num_nodes) ** (1 / 3)))
    return LatticeBatch.from_lattices([one.supercell((times,) * 3)]).perturb(0.1 / times, seed=1)


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
            for solver in bounds + [partial(_predicted, network, batch) for network in networks]:
                found, spent = timed(solver)
                cells.append(f"{metrics(found, exact)[FIGURE].item():.3f}, {1e3 * spent:.1f} ms")
            print(f"| {net}, {batch.node_counts.item():,} | " + " | ".join(cells) + " |")


def _exact(batch: LatticeBatch) -> torch.Tensor:
    return homogenise(batch, threads=1).stiffness


def _predicted(network: StiffnessModel, batch: LatticeBatch) -> torch.Tensor:
    return network.predict(batch).double()


if __name__ == "__main__":
    main()
