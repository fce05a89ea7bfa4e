"""What a network reads of a batch: found, checked, and brought to the network's dtype and device."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import torch

from fastlattice._generated.abi import FAULT
from fastlattice._observers import autocasting, observed
from fastlattice.errors import GraphError
from fastlattice.lattice import Graph, LatticeBatch
from fastlattice.lattice.graph import periodic_graph
from fastlattice.ops.backends.native import call, int64_array, refusal

ATTRIBUTES = ("edge_index", "positions", "shifts", "edge_attr", "node_attrs", "batch", "num_graphs")
_SIBLING = {"positions": "pos", "shifts": "transformed_edge_shifts"}
"""Other names of attributes, in batches of the released code's successor, whose edges are there one way only."""


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
        relative_density: [B], or None where nothing asks for it.
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
    relative_density: torch.Tensor | None = None

    def __len__(self) -> int:
        return self.num_graphs

    def grouped(self) -> Inputs:
        """The same lattices with the nodes and the edges of each together, in the order of the lattices."""
        order, edges = self.batch.argsort(stable=True), self.batch[self.edge_index[1]].argsort(stable=True)
        place = torch.empty_like(order).scatter(0, order, torch.arange(len(order), device=order.device))
        return replace(
            self,
            positions=self.positions[order],
            edge_index=place[self.edge_index[:, edges]],
            shifts=self.shifts[edges],
            radius=self.radius[edges],
            node_attrs=self.node_attrs[order],
            batch=self.batch[order],
            strut=None,
            reverse=None,
            first_edge=None,
        )

    def __getitem__(self, lattices: slice) -> Inputs:
        """Some lattices of `grouped` inputs."""
        start, stop, _ = lattices.indices(self.num_graphs)
        limits = torch.tensor([start, stop], device=self.batch.device)
        first, last = torch.searchsorted(self.batch, limits).tolist()
        # Receivers are in order only as to their lattices: that is enough to find where a lattice's edges begin.
        nodes = torch.tensor([first, last], device=self.batch.device)
        begin, end = torch.searchsorted(self.edge_index[1].contiguous(), nodes).tolist()
        return replace(
            self,
            positions=self.positions[first:last],
            edge_index=self.edge_index[:, begin:end] - first,
            shifts=self.shifts[begin:end],
            radius=self.radius[begin:end],
            node_attrs=self.node_attrs[first:last],
            batch=self.batch[first:last] - start,
            num_graphs=stop - start,
            relative_density=None if self.relative_density is None else self.relative_density[start:stop],
        )


def inputs_of(batch: Any, like: torch.Tensor, with_density: bool = False, with_scale: bool = False) -> Inputs:
    """Reads a LatticeBatch, a Graph, or any object with the attributes of a Graph, or items of these names.

    Columns of a LatticeBatch or Graph are converted to the dtype and device of `like`; those of other objects must
    have them already (under torch.autocast their dtype is converted). Only for a LatticeBatch are the two directions of
    a strut known to be equal and opposite.

    Args:
        batch: what is read.
        like: [...] the dtype and the device.
        with_density: whether the relative density [B] is read.
        with_scale: whether lengths are divided by (a b c)^(1/3), the geometric mean of the lattice constants: those of
            a LatticeBatch or its Graph, else lattice_constants [B, 3] or lattice_constant_per_edge [E, 3].

    Raises:
        GraphError: an attribute is missing or has a wrong type, shape, dtype, device or value.
    """
    if torch.jit.is_tracing():  # type: ignore[attr-defined]
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
    find = _finder(batch)
    if with_density:
        inputs = replace(inputs, relative_density=_density(find, inputs))
    return _scaled(inputs, _scale(batch, find, inputs)) if with_scale else inputs


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


def _finder(batch: Any) -> Callable[[str], Any]:
    """Looks names up among the items of a batch that stores by name, as PyTorch Geometric's do, else its attributes.

    A Data has methods called node_attrs and edge_attrs (since 2.3): what is stored under these names is an item.
    """

    def find(name: str) -> Any:
        try:
            return batch[name]
        except (KeyError, IndexError, TypeError, AttributeError):
            found = getattr(batch, name, None)
            return None if callable(found) and not isinstance(found, torch.Tensor) else found

    plain = isinstance(batch, (LatticeBatch, Graph)) or not hasattr(type(batch), "__getitem__")
    return (lambda name: getattr(batch, name, None)) if plain else find


def _from_object(batch: Any, like: torch.Tensor) -> Inputs:
    find = _finder(batch)
    columns = {name: find(name) for name in ATTRIBUTES}
    one_way = columns["positions"] is None and columns["shifts"] is None
    if one_way:
        columns.update({name: find(other) for name, other in _SIBLING.items()})
    missing = [name for name, value in columns.items() if value is None]
    if missing:
        raise GraphError(
            f"the {type(batch).__name__} has no {', '.join(missing)}; a network reads {', '.join(ATTRIBUTES)} "
            "(or takes a LatticeBatch)"
        )
    if autocasting(like.device.type):
        for name, value in columns.items():  # what was computed under autocast is in its dtype
            if isinstance(value, torch.Tensor) and value.is_floating_point():
                columns[name] = value.to(like.dtype)
    inputs = _assembled(columns, like)
    return _both_ways(inputs) if one_way else inputs


def _both_ways(inputs: Inputs) -> Inputs:
    """The inputs with every edge once more from its other end."""
    return replace(
        inputs,
        edge_index=torch.cat([inputs.edge_index, inputs.edge_index.flip(0)], dim=1),
        shifts=torch.cat([inputs.shifts, -inputs.shifts]),
        radius=inputs.radius.repeat(2),
    )


def _density(find: Callable[[str], Any], inputs: Inputs) -> torch.Tensor:
    density = find("relative_density")
    if not isinstance(density, torch.Tensor) or density.shape != (inputs.num_graphs,):
        raise GraphError(
            f"the network predicts stiffness / density: the batch needs relative_density [{inputs.num_graphs}]"
        )
    return density.to(inputs.positions)


def _scale(batch: Any, find: Callable[[str], Any], inputs: Inputs) -> torch.Tensor:
    """[B] geometric mean of the lattice constants."""
    constants = batch.cell.norm(dim=2) if isinstance(batch, LatticeBatch) else find("lattice_constants")
    per_edge = find("lattice_constant_per_edge") if constants is None else None
    edges = inputs.edge_index.shape[1]
    if isinstance(per_edge, torch.Tensor) and tuple(per_edge.shape) in ((edges, 3), (edges // 2, 3)):
        sender = inputs.edge_index[0, : len(per_edge)]
        constants = per_edge.new_ones(inputs.num_graphs, 3).index_put((inputs.batch[sender],), per_edge)
    if not isinstance(constants, torch.Tensor) or constants.shape != (inputs.num_graphs, 3):
        raise GraphError(
            "the network divides lengths by the geometric mean of the lattice constants: the batch needs "
            f"lattice_constants [{inputs.num_graphs}, 3] or lattice_constant_per_edge [E, 3]"
        )
    if not torch.compiler.is_compiling() and not bool((constants > 0).all() and constants.isfinite().all()):
        raise GraphError("lattice constants must be positive numbers")
    return constants.to(inputs.positions).prod(1) ** (1 / 3)


def _scaled(inputs: Inputs, scale: torch.Tensor) -> Inputs:
    """All lengths of each lattice divided by its scale [B]."""
    nodes = scale[inputs.batch]
    edges = nodes[inputs.edge_index[1]]
    return replace(
        inputs,
        positions=inputs.positions / nodes[:, None],
        shifts=inputs.shifts / edges[:, None],
        radius=inputs.radius / edges,
    )


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


_FAULTS = {
    "position": ("positions", "holds a NaN or an infinite number at node {}"),
    "shift": ("shifts", "holds a NaN or an infinite number at edge {}"),
    "radius": ("edge_attr", "holds a NaN or an infinite number at edge {}"),
    "attribute": ("node_attrs", "holds a NaN or an infinite number at node {}"),
    "edge": ("edge_index", "names a node at edge {} that does not exist; the nodes are 0..{last}"),
    "owner": ("batch", "puts node {} into a lattice that does not exist; num_graphs is {graphs}"),
    "empty": ("num_graphs", "is {graphs}, but lattice {} has no nodes"),
    "bridge": ("edge_index", "joins two lattices at edge {}"),
    "length": ("positions", "and shifts give edge {} no length"),
}
"""What may be wrong, by the names of fl::Fault and in the order in which it is looked for."""


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
        name, message = _FAULTS[FAULT[1 + fault[0]]]
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
