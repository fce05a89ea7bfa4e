"""What a network reads of a batch: found, checked, and brought to the network's dtype and device."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch

from fastlattice._observers import observed
from fastlattice.errors import GraphError
from fastlattice.lattice import Graph, LatticeBatch
from fastlattice.lattice.graph import periodic_graph
from fastlattice.ops.backends.native import call, int64_array, refusal

ATTRIBUTES = ("edge_index", "positions", "shifts", "edge_attr", "node_attrs", "batch", "num_graphs")


@dataclass(frozen=True)
class Inputs:
    """A periodic graph (E edges, N nodes, B lattices), every tensor in one dtype and on one device.

    Attributes:
        positions: [N, 3].
        edge_index: [2, E] int64, senders and receivers.
        shifts: [E, 3].
        radius: [E].
        node_attrs: [N, 1].
        batch: [N] int64.
        num_graphs: B.
        uniform: whether all node_attrs are known to be ones.
        strut: [E] int64, and reverse: [E] int64, first_edge: [M] int64 (one edge of each strut), where edges are known
            to come in opposite pairs; else None.
    """

    positions: torch.Tensor
    edge_index: torch.Tensor
    shifts: torch.Tensor
    radius: torch.Tensor
    node_attrs: torch.Tensor
    batch: torch.Tensor
    num_graphs: int
    uniform: bool = False
    strut: torch.Tensor | None = None
    reverse: torch.Tensor | None = None
    first_edge: torch.Tensor | None = None


def inputs_of(batch: Any, like: torch.Tensor) -> Inputs:
    """Reads a LatticeBatch, a Graph, or any object with the attributes of a Graph.

    Columns of a LatticeBatch or Graph are converted to the dtype and device of `like`; those of other objects must
    have them already (under torch.autocast their dtype is converted). Only for a LatticeBatch are the two directions of
    a strut known to be equal and opposite.

    Raises:
        GraphError: an attribute is missing or has a wrong type, shape, dtype, device or value.
    """
    if torch.jit.is_tracing():
        raise RuntimeError(
            "torch.jit.trace would keep the sizes of one batch for all others; use torch.compile or torch.export"
        )
    if isinstance(batch, LatticeBatch):
        inputs = _from_lattices(batch, like)
    elif isinstance(batch, Graph):
        inputs = _from_graph(batch, like)
    else:
        inputs = _from_object(batch, like)
    if not torch.compiler.is_compiling():
        _check_values(inputs)
    return inputs


def _from_lattices(batch: LatticeBatch, like: torch.Tensor) -> Inputs:
    """Our own graphs fit together: there are only values to be checked."""
    device, dtype = like.device, like.dtype
    shifts, radius, edge_index, owner, strut, reverse, first_edge = periodic_graph(batch)
    return Inputs(
        batch.positions.to(device, dtype),
        edge_index.to(device),
        shifts.to(device, dtype),
        radius.to(device, dtype),
        like.new_ones(owner.shape[0], 1),
        owner.to(device),
        batch.cell.shape[0],
        uniform=True,
        strut=strut.to(device),
        reverse=reverse.to(device),
        first_edge=first_edge.to(device),
    )


def _from_graph(graph: Graph, like: torch.Tensor) -> Inputs:
    columns = {name: getattr(graph, name) for name in ATTRIBUTES}
    for name in ("positions", "shifts", "edge_attr", "node_attrs"):
        columns[name] = columns[name].to(like.device, like.dtype)
    for name in ("edge_index", "batch"):
        columns[name] = columns[name].to(like.device)
    return _assembled(columns, like)


def _from_object(batch: Any, like: torch.Tensor) -> Inputs:
    columns = {name: getattr(batch, name, None) for name in ATTRIBUTES}
    missing = [name for name, value in columns.items() if value is None]
    if missing:
        raise GraphError(
            f"the {type(batch).__name__} has no {', '.join(missing)}; a network reads {', '.join(ATTRIBUTES)} "
            "(or takes a LatticeBatch)"
        )
    if torch.amp.is_autocast_available(like.device.type) and torch.is_autocast_enabled(like.device.type):
        for name, value in columns.items():  # what was computed under autocast is in its dtype
            if isinstance(value, torch.Tensor) and value.is_floating_point():
                columns[name] = value.to(like.dtype)
    return _assembled(columns, like)


def _assembled(columns: dict[str, Any], like: torch.Tensor) -> Inputs:
    """Shapes, dtypes and devices are checked here, without a look at the values."""
    try:
        num_graphs = int(columns["num_graphs"])
    except (TypeError, ValueError):
        raise GraphError(f"num_graphs is {columns['num_graphs']!r}; it must be an integer") from None
    for name in ATTRIBUTES[:-1]:
        if not isinstance(columns[name], torch.Tensor):
            raise GraphError(f"{name} must be a tensor, not a {type(columns[name]).__name__}")
        wanted = torch.int64 if name in ("edge_index", "batch") else like.dtype
        if columns[name].dtype != wanted:
            reason = "indices are int64" if wanted == torch.int64 else f"the network's parameters are {wanted}"
            raise GraphError(f"{name} is {columns[name].dtype}, but {reason}")
        if columns[name].device != like.device:
            raise GraphError(f"{name} is on {columns[name].device}, but the network is on {like.device}")
    nodes = columns["positions"].shape[0] if columns["positions"].ndim else 0
    edges = columns["edge_index"].shape[-1] if columns["edge_index"].ndim else 0
    for name, shape in (
        ("positions", (nodes, 3)),
        ("edge_index", (2, edges)),
        ("shifts", (edges, 3)),
        ("edge_attr", (edges, 1)),
        ("node_attrs", (nodes, 1)),
        ("batch", (nodes,)),
    ):
        if tuple(columns[name].shape) != shape:
            counts = f"{nodes} nodes and {edges} edges"
            raise GraphError(f"{name} has shape {list(columns[name].shape)}, expected {list(shape)} for {counts}")
    return Inputs(
        columns["positions"],
        columns["edge_index"],
        columns["shifts"],
        columns["edge_attr"][:, 0],
        columns["node_attrs"],
        columns["batch"],
        num_graphs,
    )


_FAULTS = (
    ("positions", "holds a NaN or an infinite number at node {}"),
    ("shifts", "holds a NaN or an infinite number at edge {}"),
    ("edge_attr", "holds a NaN or an infinite number at edge {}"),
    ("node_attrs", "holds a NaN or an infinite number at node {}"),
    ("edge_index", "names a node at edge {} that does not exist; the nodes are 0..{last}"),
    ("batch", "puts node {} into a lattice that does not exist; num_graphs is {graphs}"),
    ("num_graphs", "is {graphs}, but lattice {} has no nodes"),
    ("edge_index", "joins two lattices at edge {}"),
    ("positions", "and shifts give edge {} no length"),
)
"""What may be wrong, in the order in which it is looked for; csrc/lattice/graph.cpp looks for the same."""


def _check_values(inputs: Inputs) -> None:
    """Raises for values that no lattice has."""
    nodes, graphs = len(inputs.positions), inputs.num_graphs
    if nodes == 0 or graphs < 1:
        if nodes or graphs or inputs.edge_index.numel():
            raise GraphError(f"num_graphs is {graphs} for {nodes} nodes and {inputs.edge_index.shape[1]} edges")
        return
    numbers = inputs.positions, inputs.shifts, inputs.radius, inputs.node_attrs
    indices = inputs.edge_index, inputs.batch
    if observed(numbers + indices):  # an op: a transform or a mode sees it and hands it values, or fakes without any
        _check_op(*(column.detach() for column in numbers), *indices, graphs)
    else:
        _check(*numbers, *indices, graphs)


def _check(
    positions: torch.Tensor,
    shifts: torch.Tensor,
    radius: torch.Tensor,
    node_attrs: torch.Tensor,
    edge_index: torch.Tensor,
    batch: torch.Tensor,
    num_graphs: int,
) -> torch.Tensor:
    columns = positions, shifts, radius, node_attrs, edge_index, batch
    native = refusal(positions.device, positions.dtype) is None
    fault = (_first_fault if native else _first_fault_on_device)(*columns, num_graphs)
    if fault is not None:
        name, message = _FAULTS[fault[0]]
        raise GraphError(f"{name} {message.format(fault[1], last=len(positions) - 1, graphs=num_graphs)}")
    return torch.empty(0)


_check_op = torch.library.custom_op("fastlattice::check_graph", _check, mutates_args=())
_check_op.register_fake(lambda *arguments: torch.empty(0))


@_check_op.register_vmap
def _check_each(info: Any, dims: tuple[int | None, ...], *arguments: Any) -> tuple[torch.Tensor, None]:
    for n in range(info.batch_size):
        _check_op(*(a if dim is None else a.select(dim, n) for a, dim in zip(arguments, dims, strict=True)))
    return torch.empty(0), None


def _first_fault(
    positions: torch.Tensor,
    shifts: torch.Tensor,
    radius: torch.Tensor,
    node_attrs: torch.Tensor,
    edge_index: torch.Tensor,
    batch: torch.Tensor,
    num_graphs: int,
) -> tuple[int, int] | None:
    """The number of the first fault and the node, edge or lattice where it is; None if there is none."""
    found = int64_array((0, 0))
    sizes = len(positions), edge_index.shape[1], num_graphs
    columns = [c.contiguous() for c in (positions, edge_index, shifts, radius, node_attrs, batch)]
    call("fl_check_graph", positions.dtype, *sizes, *columns, found)
    fault, place = found
    return (fault - 1, place) if fault else None


@torch.no_grad()
def _first_fault_on_device(
    positions: torch.Tensor,
    shifts: torch.Tensor,
    radius: torch.Tensor,
    node_attrs: torch.Tensor,
    edge_index: torch.Tensor,
    batch: torch.Tensor,
    graphs: int,
) -> tuple[int, int] | None:
    """The same with torch: one look at a single flag unless something is wrong."""
    nodes = len(positions)
    # Indices are clamped so that the other checks cannot fail on them; whether they had to be is a check of its own.
    sender, receiver = edge_index.clamp(0, nodes - 1)
    owner = batch.clamp(0, graphs - 1)
    vectors = positions[receiver] - positions[sender] + shifts
    population = torch.zeros(graphs, dtype=torch.int64, device=owner.device).index_add(0, owner, torch.ones_like(owner))
    checks = [
        ~positions.isfinite().all(1),
        ~shifts.isfinite().all(1),
        ~radius.isfinite(),
        ~node_attrs.isfinite().all(1),
        ((edge_index < 0) | (edge_index >= nodes)).any(0),
        (batch < 0) | (batch >= graphs),
        population == 0,
        owner[sender] != owner[receiver],
        (vectors == 0).all(1),
    ]
    if not bool(torch.stack([bad.any() for bad in checks]).any()):
        return None
    number = next(n for n, bad in enumerate(checks) if bool(bad.any()))
    return number, int(checks[number].nonzero()[0, 0])
