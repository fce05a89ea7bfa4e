"""`surroundings` on the native library, csrc/network/surroundings.cpp, where nothing asks for its derivatives."""

from __future__ import annotations

import torch

from fastlattice._observers import observed
from fastlattice.models.inputs import Inputs
from fastlattice.models.mace.node_mechanics import POISSON_RATIO, SHEAR_CORRECTION
from fastlattice.ops.backends.native import call
from fastlattice.ops.check import lmax_of

_Found = tuple[
    torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor
]


def _empty(
    positions: torch.Tensor, radius: torch.Tensor, sh: torch.Tensor, density: torch.Tensor, steps: int
) -> _Found:
    nodes, edges, graphs, new = positions.shape[0], radius.shape[0], density.shape[0], positions.new_empty
    of_nodes = new(nodes, 3), new(nodes, 3, 21), new(nodes, sh.shape[1], 2)
    of_head = new(graphs, 6, 6, dtype=torch.float64), new(graphs, 2, 6, 6, dtype=torch.float64)
    return new(edges), new(edges), new(graphs, 17 if steps else 10), *of_nodes, *of_head


def _forward(
    positions: torch.Tensor,
    edge_index: torch.Tensor,
    shifts: torch.Tensor,
    radius: torch.Tensor,
    sh: torch.Tensor,
    batch: torch.Tensor,
    density: torch.Tensor,
    first_edge: torch.Tensor,
    to_irreps: torch.Tensor,
    floors: list[float],
    steps: int,
) -> _Found:
    out = _empty(positions, radius, sh, density, steps)
    sizes = len(positions), len(radius), len(first_edge), len(density), steps, out[2].shape[1], lmax_of(sh.shape[1])
    table = torch.tensor(floors, dtype=torch.float64), to_irreps
    arrays = positions, edge_index, shifts, radius, sh, batch, density, first_edge
    call("fl_surroundings", positions.dtype, *sizes, POISSON_RATIO, SHEAR_CORRECTION, *table, *arrays, *out)
    return out


_op = torch.library.custom_op("fastlattice::surroundings", _forward, mutates_args=(), device_types="cpu")
_op.register_fake(
    lambda positions, edge_index, shifts, radius, sh, batch, density, *tables: _empty(
        positions, radius, sh, density, tables[-1]
    )
)


def native_surroundings(
    graph: Inputs, sh: torch.Tensor, to_irreps: torch.Tensor, floors: list[float], steps: int
) -> _Found:
    """What `surroundings` reads of E edges, N nodes and B lattices; it has no derivatives.

    Args:
        graph: with relative_density, and for steps with first_edge.
        sh: [E, (lmax + 1)^2] harmonics of the edges.
        to_irreps: [21, 21] float64, from the upper triangle of a symmetric matrix.
        floors: of the eigenvalues of bounds, of the mean release and of the bound's shape, of a step's gain; and what
            part of a step's energy is none of a new field.
        steps: of relaxation.

    Returns:
        length and radius [E] of the edges, scalars [B, 10], or 17 with steps, and [N, 3], tensors [N, 3, 21] and odd
        [N, (lmax + 1)^2, 2], as of `Surroundings`, in the dtype of the positions; root [B, 6, 6] and guides
        [B, 2, 6, 6] in float64.

    Raises:
        NativeError: an index is out of range, or a lattice has no nodes.
    """
    assert graph.relative_density is not None
    edges = graph.positions, graph.edge_index, graph.shifts, graph.radius, sh
    struts = graph.batch.new_empty(0) if graph.first_edge is None else graph.first_edge
    arrays = *edges, graph.batch, graph.relative_density, struts, to_irreps
    run = _op if torch.compiler.is_compiling() or observed(arrays) else _forward
    return run(*arrays, floors, steps)
