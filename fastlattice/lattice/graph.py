"""The periodic graph of many lattices: both directions of every strut, sorted by receiver.

Native: csrc/lattice/graph.cpp.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import torch

from fastlattice import _native
from fastlattice._observers import observed, transformed

if TYPE_CHECKING:
    from fastlattice.lattice.batch import Geometry, LatticeBatch


@dataclass(frozen=True)
class Graph:
    """A batch as one periodic graph: every strut in both directions, sorted by receiver.

    Attributes (E = 2 M edges, N nodes, B lattices; names as in PyTorch Geometric and in Grega et al.'s model):
        edge_index: [2, E] int64, global node indices; row 0 senders, row 1 receivers (ascending).
        shifts: [E, 3] Cartesian shifts: the edge vector is positions[receiver] - positions[sender] + shift.
        edge_attr: [E, 1] radii.
        node_attrs: [N, 1] ones.
        positions: [N, 3].
        batch: [N] int64, the lattice of each node.
        strut: [E] int64, the batch-wide strut of each edge.
        reverse: [E] int64, the edge that is the same strut seen from its other end.
        first_edge: [M] int64, the first of the two edges of each strut.
        num_graphs: B.
        relative_density: [B], what a network that predicts stiffness / density needs; None where it is not known.
        lattice_constants: [B, 3] lengths of the lattice vectors, for networks that divide by them; None likewise.
    """

    edge_index: torch.Tensor
    shifts: torch.Tensor
    edge_attr: torch.Tensor
    node_attrs: torch.Tensor
    positions: torch.Tensor
    batch: torch.Tensor
    strut: torch.Tensor
    reverse: torch.Tensor
    first_edge: torch.Tensor
    num_graphs: int
    relative_density: torch.Tensor | None = None
    lattice_constants: torch.Tensor | None = None

    def to(self, device: torch.device | str | None = None, dtype: torch.dtype | None = None) -> Graph:
        """The graph on a device, numbers of floating point in a dtype; None: as they are. Gradients flow through."""

        def moved(column: Any) -> Any:
            if not isinstance(column, torch.Tensor):
                return column
            return column.to(device=device, dtype=dtype if column.is_floating_point() else None)

        return Graph(**{field.name: moved(getattr(self, field.name)) for field in fields(self)})


def graph_of(batch: LatticeBatch) -> Graph:
    """The work of `LatticeBatch.graph`, on the CPU and in float64."""
    shifts, radii, edge_index, owner, strut, reverse, first_edge = periodic_graph(batch)
    return Graph(
        edge_index=edge_index,
        shifts=shifts,
        edge_attr=radii[:, None],
        node_attrs=batch.positions.new_ones(len(owner), 1),
        positions=batch.positions,
        batch=owner,
        strut=strut,
        reverse=reverse,
        first_edge=first_edge,
        num_graphs=len(batch),
        relative_density=batch.relative_density,
        lattice_constants=batch.cell.norm(dim=2),
    )


Columns = tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]


def periodic_graph(batch: LatticeBatch) -> Columns:
    """What follows from the lattices for every edge; gradients of every order flow to cell and radii.

    Returns:
        shifts [E, 3], radii [E], edge_index [2, E], batch [N], strut [E], reverse [E] and first_edge [M] as in Graph.

    Raises:
        LatticeError: tensors of the batch were changed to another shape or dtype.
        NativeError: or to values that name nodes which a lattice does not have.
    """
    geometry = batch._columns_for_native()
    cell, positions, struts, shifts, radii, node_offsets, strut_offsets = geometry
    arrays = cell, struts, shifts, radii, node_offsets, strut_offsets
    if torch.compiler.is_compiling():
        return _op(*arrays, positions.shape[0])
    if transformed((cell, radii)):
        return _in_torch(*arrays, positions.shape[0])
    # Where nothing is recorded and nobody looks on, the dispatcher has nothing to add.
    if (torch.is_grad_enabled() and (cell.requires_grad or radii.requires_grad)) or observed(arrays):
        return _op(*arrays, positions.shape[0])
    return graph_columns(geometry)


def graph_columns(geometry: Geometry) -> Columns:
    """`periodic_graph` of a geometry that has been checked, where no gradients are recorded and nobody looks on."""
    cell, positions, struts, shifts, radii, node_offsets, strut_offsets = geometry
    columns = _empty(cell, struts, positions.shape[0])
    arrays = cell, struts, shifts, radii, node_offsets, strut_offsets
    counts = cell.shape[0], positions.shape[0], struts.shape[0]
    _native.call("fl_periodic_graph", *counts, *arrays, *columns)
    return columns


def _in_torch(
    cell: torch.Tensor,
    struts: torch.Tensor,
    shifts: torch.Tensor,
    radii: torch.Tensor,
    node_offsets: torch.Tensor,
    strut_offsets: torch.Tensor,
    num_nodes: int,
) -> Columns:
    """The numbers in torch, for transforms that the native function does not have; the indices are native."""
    plain = [torch.zeros(column.shape, dtype=torch.float64) for column in (cell, radii)]
    offsets = node_offsets, strut_offsets
    _, _, edge_index, batch, strut, reverse, first_edge = _op(plain[0], struts, shifts, plain[1], *offsets, num_nodes)
    _, back = _directions(struts, node_offsets, edge_index[1], batch, reverse, first_edge)
    sign = torch.ones(len(strut), dtype=torch.int64).index_fill(0, back, -1)
    steps = (sign[:, None] * shifts[strut]).to(torch.float64)
    each = torch.einsum("ei,eij->ej", steps, cell[batch[edge_index[1]]])
    return each, radii[strut], edge_index, batch, strut, reverse, first_edge


def _directions(
    struts: torch.Tensor,
    node_offsets: torch.Tensor,
    receiver: torch.Tensor,
    batch: torch.Tensor,
    reverse: torch.Tensor,
    first_edge: torch.Tensor,
) -> tuple[torch.Tensor, torch.Tensor]:
    """The edge that goes along each strut, from its first node to its second, and the edge that comes back."""
    along = receiver[first_edge] == struts[:, 1] + node_offsets[batch[receiver[first_edge]]]
    there = torch.where(along, first_edge, reverse[first_edge])
    return there, reverse[there]


def _forward(
    cell: torch.Tensor,
    struts: torch.Tensor,
    shifts: torch.Tensor,
    radii: torch.Tensor,
    node_offsets: torch.Tensor,
    strut_offsets: torch.Tensor,
    num_nodes: int,
) -> Columns:
    arrays = [t.contiguous() for t in (cell, struts, shifts, radii, node_offsets, strut_offsets)]
    columns = _empty(cell, struts, num_nodes)
    _native.call("fl_periodic_graph", len(cell), num_nodes, len(struts), *arrays, *columns)
    return columns


def _empty(cell: torch.Tensor, struts: torch.Tensor, num_nodes: int) -> Columns:
    count = struts.shape[0]
    edges = 2 * count
    return (
        cell.new_empty(edges, 3),
        cell.new_empty(edges),
        struts.new_empty(2, edges),
        struts.new_empty(num_nodes),
        struts.new_empty(edges),
        struts.new_empty(edges),
        struts.new_empty(count),
    )


def _keep(ctx: Any, inputs: Any, output: Any) -> None:
    cell, struts, shifts, _, node_offsets, *_ = inputs
    _, _, edge_index, batch, _, reverse, first_edge = output
    ctx.lattices = len(cell)
    ctx.set_materialize_grads(False)
    ctx.save_for_backward(struts, shifts, node_offsets, edge_index[1], batch, reverse, first_edge)


def _gradients(ctx: Any, grad_shifts: Any, grad_radii: Any, *_: Any) -> tuple[Any, ...]:
    """The transposes of two linear maps, in torch, so that they have derivatives themselves."""
    struts, shifts, node_offsets, receiver, batch, reverse, first_edge = ctx.saved_tensors
    grad_cell = grad_each = None
    if ctx.needs_input_grad[0] and grad_shifts is not None:
        owner = batch[receiver[first_edge]]
        there, back = _directions(struts, node_offsets, receiver, batch, reverse, first_edge)
        of_strut = shifts[:, :, None] * (grad_shifts[there] - grad_shifts[back])[:, None]
        grad_cell = grad_shifts.new_zeros(ctx.lattices, 3, 3).index_put((owner,), of_strut, accumulate=True)
    if ctx.needs_input_grad[3] and grad_radii is not None:
        grad_each = grad_radii[first_edge] + grad_radii[reverse[first_edge]]
    return grad_cell, None, None, grad_each, None, None, None


_op = torch.library.custom_op("fastlattice::periodic_graph", _forward, mutates_args=(), device_types="cpu")
_op.register_fake(lambda cell, struts, *columns: _empty(cell, struts, columns[-1]))
_op.register_autograd(_gradients, setup_context=_keep)
