"""A process that runs a golden network on some of its lattices by a backend, and saves stiffness and gradients.

The interpreter takes minutes for a whole golden file; lattices are independent, so that each processor can take some.
"""

from __future__ import annotations

import sys
from types import SimpleNamespace

import torch
from safetensors.torch import save_file

from fastlattice import LatticeMACE
from tests.support.golden import load_golden


def part(graph: SimpleNamespace, lattices: torch.Tensor) -> SimpleNamespace:
    """The graph of some lattices, with their nodes and edges in the same order."""
    nodes = torch.isin(graph.batch, lattices)
    edges = nodes[graph.edge_index[1]]
    place, owner = nodes.long().cumsum(0) - 1, torch.zeros(graph.num_graphs, dtype=torch.int64)
    owner[lattices] = torch.arange(len(lattices))
    return SimpleNamespace(
        positions=graph.positions[nodes].clone().requires_grad_(),
        edge_index=place[graph.edge_index[:, edges]],
        shifts=graph.shifts[edges],
        edge_attr=graph.edge_attr[edges],
        node_attrs=graph.node_attrs[nodes],
        batch=owner[graph.batch[nodes]],
        num_graphs=len(lattices),
    )


def main() -> None:
    name, backend, listed, path = sys.argv[1:]
    torch.set_num_threads(1)
    golden = load_golden(name)
    lattices = torch.tensor([int(number) for number in listed.split(",")])
    graph = part(golden.graph, lattices)
    model = LatticeMACE.from_original(golden.parameters, golden.config, backend=backend)
    stiffness = model(graph)["stiffness"]
    (stiffness * golden.cotangent[lattices]).sum().backward()
    gradients = {f"gradient/{name}": p.grad for name, p in model.named_parameters()}
    save_file({"stiffness": stiffness.detach(), "positions": graph.positions.grad, **gradients}, path)


if __name__ == "__main__":
    main()
