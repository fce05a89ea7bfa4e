"""LatticeBatch: many lattices as a structure of arrays, and the periodic graph that a network sees."""

from __future__ import annotations

import operator
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple, overload

import numpy as np
import torch
from numpy.typing import NDArray

from fastlattice import _native
from fastlattice.errors import LatticeError
from fastlattice.lattice.graph import Graph, graph_of
from fastlattice.lattice.lattice import Lattice
from fastlattice.lattice.ragged import owners, ragged_indices
from fastlattice.lattice.strings import StringColumn, compact, sent_by
from fastlattice.lattice.transforms import Transforms

Column = torch.Tensor | StringColumn
Rows = Sequence[int] | Sequence[bool] | NDArray[Any] | torch.Tensor


class Geometry(NamedTuple):
    """The arrays of a LatticeBatch, as its constructor takes them."""

    cell: torch.Tensor
    positions: torch.Tensor
    struts: torch.Tensor
    shifts: torch.Tensor
    radii: torch.Tensor
    node_offsets: torch.Tensor
    strut_offsets: torch.Tensor


class LatticeBatch(Transforms):
    """Many lattices on contiguous CPU tensors, with no Python object per lattice.

    Args (B lattices, N nodes and M struts in all):
        cell: [B, 3, 3] float64, rows are lattice vectors.
        positions: [N, 3] float64, Cartesian.
        struts: [M, 2] int64, node indices counted from the lattice's own first node.
        shifts: [M, 3] int64.
        radii: [M] float64.
        node_offsets, strut_offsets: [B + 1] int64; lattice b owns rows offsets[b]:offsets[b + 1].
        columns: one value per lattice, by name: tensors [B, ...] or StringColumn. "name" is always there.

    All of them are attributes that cannot be set: `replace` and `with_columns` make another batch. Numpy arrays are
    taken without a copy. cell, positions and radii may require gradients; `homogenise` and the networks pass them on.
    Slices share memory with the batch; copies and pickles hold what is theirs only.

    A torch DataLoader takes a batch as its dataset, or lattices and batches as its items: what it yields is a
    LatticeBatch with all columns.

    Raises:
        LatticeError: shapes, dtypes, devices, offsets or node indices that do not fit together.
    """

    def __init__(
        self,
        cell: torch.Tensor,
        positions: torch.Tensor,
        struts: torch.Tensor,
        shifts: torch.Tensor,
        radii: torch.Tensor,
        node_offsets: torch.Tensor,
        strut_offsets: torch.Tensor,
        columns: Mapping[str, Any] | None = None,
    ) -> None:
        given = Geometry(cell, positions, struts, shifts, radii, node_offsets, strut_offsets)
        self._geometry = _checked(Geometry(*map(_as_tensor, given, Geometry._fields)))
        self._columns = {name: _column(name, values) for name, values in (columns or {}).items()}
        self._device, self._dtype = torch.device("cpu"), torch.float64
        if "name" not in self._columns:
            empty = torch.empty(0, dtype=torch.uint8)
            self._columns["name"] = StringColumn(empty, torch.zeros(len(self) + 1, dtype=torch.int64))
        self._check_consistency()

    def _check_consistency(self) -> None:
        for label, offsets, total in (
            ("node_offsets", self.node_offsets, len(self.positions)),
            ("strut_offsets", self.strut_offsets, len(self.struts)),
        ):
            if int(offsets[0]) != 0 or int(offsets[-1]) != total or bool((offsets[1:] < offsets[:-1]).any()):
                raise LatticeError(f"{label} must rise from 0 to {total}")
        foreign = torch.full((1,), -1)
        if len(self.struts):  # what is empty, modules make when they are imported: no library is loaded for that
            counts = self.node_offsets, self.strut_offsets
            _native.call("fl_foreign_strut", len(self), self.struts, *counts, foreign)
        if (bad := int(foreign)) >= 0:
            lattice = int(torch.searchsorted(self.strut_offsets, bad, right=True)) - 1
            name = self._columns["name"][lattice]
            raise LatticeError(
                f"lattice {lattice} {name!r}: strut {bad - int(self.strut_offsets[lattice])} names "
                f"node {self.struts[bad].tolist()}, but it has {int(self.node_counts[lattice])} nodes"
            )
        for label, column in self._columns.items():
            if len(column) != len(self):
                raise LatticeError(f"column {label!r} has {len(column)} rows for {len(self)} lattices")

    @property
    def cell(self) -> torch.Tensor:
        """[B, 3, 3] float64, rows are lattice vectors."""
        return self._geometry.cell

    @property
    def positions(self) -> torch.Tensor:
        """[N, 3] float64, Cartesian."""
        return self._geometry.positions

    @property
    def struts(self) -> torch.Tensor:
        """[M, 2] int64, node indices counted from the lattice's own first node."""
        return self._geometry.struts

    @property
    def shifts(self) -> torch.Tensor:
        """[M, 3] int64."""
        return self._geometry.shifts

    @property
    def radii(self) -> torch.Tensor:
        """[M] float64."""
        return self._geometry.radii

    @property
    def node_offsets(self) -> torch.Tensor:
        """[B + 1] int64; lattice b owns the nodes node_offsets[b]:node_offsets[b + 1]."""
        return self._geometry.node_offsets

    @property
    def strut_offsets(self) -> torch.Tensor:
        """[B + 1] int64; lattice b owns the struts strut_offsets[b]:strut_offsets[b + 1]."""
        return self._geometry.strut_offsets

    @property
    def columns(self) -> Mapping[str, Column]:
        """One value per lattice, by name: tensors [B, ...] on `device`, or StringColumn."""
        return MappingProxyType(self._columns)

    @property
    def device(self) -> torch.device:
        """Where the columns are and `graph` goes; the geometry is in the CPU's memory always."""
        return self._device

    def _columns_for_native(self) -> Geometry:
        """The geometry as native code takes it, contiguous; looked at again, since tensors can be changed in place.

        Raises:
            LatticeError: a tensor is no longer what it was when the batch was made (`.data =`, `resize_`, ...).
        """
        return _checked(self._geometry)

    @classmethod
    def _trusted(cls, geometry: Sequence[torch.Tensor], columns: dict[str, Column]) -> LatticeBatch:
        """A batch from parts that are known to fit: no check, so that slices cost nothing."""
        batch = cls.__new__(cls)
        batch._geometry, batch._columns = Geometry(*geometry), columns
        batch._device, batch._dtype = torch.device("cpu"), torch.float64
        return batch

    def _like_self(self, geometry: Sequence[torch.Tensor], columns: dict[str, Column]) -> LatticeBatch:
        """`_trusted`, for the device and the dtype of this batch."""
        batch = self._trusted(geometry, columns)
        batch._device, batch._dtype = self._device, self._dtype
        return batch

    @classmethod
    def from_lattices(cls, lattices: Iterable[Lattice]) -> LatticeBatch:
        """Packs Lattice objects, in order, with their names.

        Raises:
            LatticeError: something in the list is not a Lattice.
        """
        lattices = list(lattices)
        for index, item in enumerate(lattices):
            if not isinstance(item, Lattice):
                raise LatticeError(f"item {index} is a {type(item).__name__}, not a Lattice")

        def stack(attribute: str, shape: tuple[int, ...], dtype: torch.dtype) -> torch.Tensor:
            parts = [torch.as_tensor(getattr(item, attribute).copy()) for item in lattices]
            return torch.cat(parts) if parts else torch.empty(shape, dtype=dtype)

        def offsets(counts: list[int]) -> torch.Tensor:
            return torch.tensor([0, *counts], dtype=torch.int64).cumsum(0)

        return cls(
            stack("cell", (0, 3), torch.float64).reshape(-1, 3, 3),
            stack("positions", (0, 3), torch.float64),
            stack("struts", (0, 2), torch.int64),
            stack("shifts", (0, 3), torch.int64),
            stack("radii", (0,), torch.float64),
            offsets([item.num_nodes for item in lattices]),
            offsets([item.num_struts for item in lattices]),
            {"name": StringColumn.from_strings(item.name for item in lattices)},
        )

    @classmethod
    def concatenate(cls, batches: Iterable[LatticeBatch]) -> LatticeBatch:
        """All lattices of several batches, one batch after another.

        Raises:
            LatticeError: the batches do not have the same columns, one is text in one batch and numbers in another,
                they are on different devices, or there is no batch.
        """
        batches = list(batches)
        if not batches:
            raise LatticeError("nothing to concatenate")
        first = batches[0]
        for batch in batches:
            if not isinstance(batch, LatticeBatch):
                raise LatticeError(f"cannot concatenate a {type(batch).__name__}")
            if batch._columns.keys() != first._columns.keys():
                raise LatticeError(
                    f"batches have different columns: {sorted(first._columns)} and {sorted(batch._columns)}"
                )
            if batch._device != first._device:
                raise LatticeError(f"batches are on different devices: {first._device} and {batch._device}")
        columns = {name: _joined(name, [batch._columns[name] for batch in batches]) for name in first._columns}

        def offsets(attribute: str) -> torch.Tensor:
            counts = torch.cat([getattr(batch, attribute).diff() for batch in batches])
            return torch.cat([counts.new_zeros(1), counts.cumsum(0)])

        geometry = [torch.cat([getattr(b, k) for b in batches]) for k in Geometry._fields[:5]]
        return first._like_self([*geometry, offsets("node_offsets"), offsets("strut_offsets")], columns)

    def __len__(self) -> int:
        return len(self.cell)

    def __repr__(self) -> str:
        counts = f"{len(self)} lattices, {len(self.positions)} nodes, {len(self.struts)} struts"
        place = "" if self._device.type == "cpu" else f"; for {self._device}"
        return f"LatticeBatch({counts}; {', '.join(self._columns)}{place})"

    @overload
    def __getitem__(self, index: int) -> Lattice: ...
    @overload
    def __getitem__(self, index: slice | Rows) -> LatticeBatch: ...
    def __getitem__(self, index: int | slice | Rows) -> Lattice | LatticeBatch:
        """One lattice, or several as a batch.

        batch[i] is a Lattice (a copy, without columns); batch[a:b] a LatticeBatch that shares memory; batch[[2, 0]],
        batch[tensor] and batch[mask] are `batch.take(...)`.

        Raises:
            IndexError: there is no such lattice, or a mask does not have one entry for each.
        """
        if isinstance(index, slice):
            start, stop, step = index.indices(len(self))
            if step != 1:
                return self.take(torch.tensor(range(len(self))[index], dtype=torch.int64))
            return self._slice(start, max(start, stop))
        if isinstance(index, list) or (isinstance(index, torch.Tensor | np.ndarray) and index.ndim):
            return self.take(index)
        row = range(len(self))[operator.index(index)]  # type: ignore[arg-type]
        one = self._slice(row, row + 1)
        return Lattice(one.cell[0], one.positions, one.struts, one.shifts, one.radii, one.names[0])

    def __getitems__(self, indices: list[int]) -> LatticeBatch:
        """What a torch DataLoader asks its dataset for: several lattices at once, with their columns."""
        return self.take(indices)

    def _slice(self, start: int, stop: int) -> LatticeBatch:
        nodes, struts = self.node_offsets[start : stop + 1], self.strut_offsets[start : stop + 1]
        n0, n1, m0, m1 = int(nodes[0]), int(nodes[-1]), int(struts[0]), int(struts[-1])
        geometry = (
            self.cell[start:stop],
            self.positions[n0:n1],
            self.struts[m0:m1],
            self.shifts[m0:m1],
            self.radii[m0:m1],
        )
        columns = {name: column[start:stop] for name, column in self._columns.items()}
        return self._like_self((*geometry, nodes - n0, struts - m0), columns)

    def take(self, indices: Rows) -> LatticeBatch:
        """The lattices `indices` (integers, from the end where negative; or a boolean mask [B]), in that order.

        Raises:
            IndexError: there is no such lattice, or a mask does not have one entry for each.
        """
        rows = _rows(indices, len(self))
        nodes, node_offsets = ragged_indices(self.node_offsets, rows)
        struts, strut_offsets = ragged_indices(self.strut_offsets, rows)
        columns = {k: c.take(rows) if isinstance(c, StringColumn) else c[rows] for k, c in self._columns.items()}
        geometry = (
            self.cell[rows],
            self.positions[nodes],
            self.struts[struts],
            self.shifts[struts],
            self.radii[struts],
        )
        return self._like_self((*geometry, node_offsets, strut_offsets), columns)

    def replace(
        self,
        *,
        cell: torch.Tensor | None = None,
        positions: torch.Tensor | None = None,
        struts: torch.Tensor | None = None,
        shifts: torch.Tensor | None = None,
        radii: torch.Tensor | None = None,
        node_offsets: torch.Tensor | None = None,
        strut_offsets: torch.Tensor | None = None,
        columns: Mapping[str, Any] | None = None,
    ) -> LatticeBatch:
        """A new batch with some arrays replaced, or with other columns; gradients flow to those that are given.

        Args: as for LatticeBatch; None keeps what this batch has. All else is shared.

        Raises:
            LatticeError: as LatticeBatch.

        Example:
            >>> thickness = torch.full_like(batch.radii, -3, requires_grad=True)
            >>> homogenise(batch.replace(radii=torch.nn.functional.softplus(thickness))).stiffness
        """
        given = Geometry(cell, positions, struts, shifts, radii, node_offsets, strut_offsets)  # type: ignore[arg-type]
        geometry = Geometry(*(old if new is None else new for old, new in zip(self._geometry, given, strict=True)))
        batch = LatticeBatch(*geometry, columns=self._columns if columns is None else columns).to(self._device)
        batch._dtype = self._dtype  # of the graph; columns keep the dtype that they are given in
        return batch

    def with_columns(self, **columns: Any) -> LatticeBatch:
        """The same lattices with columns added or replaced; geometry is shared.

        Args:
            columns: by name, tensors or numpy arrays [B, ...], or StringColumn or a list of strings.

        Raises:
            LatticeError: a column does not have a row for each lattice.
        """
        return self.replace(columns={**self._columns, **columns})

    @property
    def names(self) -> StringColumn:
        """The "name" column."""
        column = self.columns["name"]
        if not isinstance(column, StringColumn):
            raise LatticeError("column 'name' must be a StringColumn")
        return column

    @property
    def node_counts(self) -> torch.Tensor:
        """[B] int64 nodes of each lattice."""
        return self.node_offsets[1:] - self.node_offsets[:-1]

    @property
    def strut_counts(self) -> torch.Tensor:
        """[B] int64 struts of each lattice."""
        return self.strut_offsets[1:] - self.strut_offsets[:-1]

    @property
    def volume(self) -> torch.Tensor:
        """[B] cell volumes, positive."""
        return torch.linalg.det(self.cell).abs()

    @property
    def strut_vectors(self) -> torch.Tensor:
        """[M, 3] vectors x_j - x_i + s @ cell."""
        owner = owners(self.strut_offsets, len(self.struts))
        struts = self.struts + self.node_offsets[owner][:, None]
        shifts = (self.shifts.to(self.cell.dtype)[:, :, None] * self.cell[owner]).sum(1)
        return self.positions[struts[:, 1]] - self.positions[struts[:, 0]] + shifts

    @property
    def relative_density(self) -> torch.Tensor:
        """[B] sum of pi r^2 L over the struts, divided by the volume of the cell; differentiable."""
        geometry = self._columns_for_native()
        density = torch.empty(len(self), dtype=torch.float64)
        _native.call("fl_frame_density", len(self), *geometry, torch.get_num_threads(), density)
        if not any(each.requires_grad for each in geometry):
            return density
        volumes = torch.pi * self.radii**2 * self.strut_vectors.norm(dim=1)
        owner = owners(self.strut_offsets, len(self.struts))
        same = torch.zeros(len(self), dtype=torch.float64).index_add(0, owner, volumes) / self.volume
        return density + (same - same.detach())  # the bits of the one, the derivatives of the other

    def graph(self, device: torch.device | str | None = None, dtype: torch.dtype | None = None) -> Graph:
        """Both directions of every strut as one graph, sorted by receiver; gradients flow to cell, positions, radii.

        The edges of a lattice stand together and their order does not depend on the rest of the batch.

        Args:
            device: of its tensors; None: the batch's.
            dtype: of its numbers of floating point; None: that given to `to`, or float64.
        """
        return graph_of(self).to(device or self._device, dtype or self._dtype)

    def to(
        self,
        device: torch.device | str | torch.dtype | None = None,
        dtype: torch.dtype | None = None,
        non_blocking: bool = False,
    ) -> LatticeBatch:
        """The batch for a device, as training loops ask for it.

        The columns move, those of floating point to `dtype`; `graph` will go there as well. The geometry stays in the
        CPU's memory in float64: that is where exact finite elements and the graph's construction read it. Networks
        take the batch as it is, whatever device they are on.

        Args:
            device: None: stay; a dtype may stand here too.
            dtype: of columns and graph, None: as they are.
            non_blocking: as for torch.Tensor.to.
        """
        if isinstance(device, torch.dtype):
            device, dtype = None, device
        target = self._device if device is None else torch.device(device)

        def moved(column: Column) -> Column:
            if isinstance(column, StringColumn):
                return column
            kind = dtype if column.is_floating_point() else None
            return column.to(device=target, dtype=kind, non_blocking=non_blocking)

        batch = self._trusted(self._geometry, {name: moved(column) for name, column in self._columns.items()})
        batch._device, batch._dtype = target, dtype or self._dtype
        return batch

    def __copy__(self) -> LatticeBatch:
        return self._like_self(self._geometry, dict(self._columns))

    def __getstate__(self) -> dict[str, Any]:
        """What copies and pickles hold: of a slice, its own rows only."""
        columns = {k: c if isinstance(c, StringColumn) else compact(c) for k, c in self._columns.items()}
        geometry = tuple(map(compact, self._geometry))
        return sent_by(
            self, {"geometry": geometry, "columns": columns, "device": str(self._device), "dtype": self._dtype}
        )

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__(*state["geometry"], state["columns"])  # type: ignore[misc]  # checked: files come from anywhere
        tensors = [column for column in self._columns.values() if isinstance(column, torch.Tensor)]
        # torch.load's map_location moves tensors, and so the batch.
        self._device = tensors[0].device if tensors else torch.device(state["device"])
        self._dtype = state["dtype"]

    def to_parquet(self, path: str | Path) -> None:
        """Writes the batch as one Parquet file, units and conventions in its metadata (extra "parquet")."""
        from fastlattice.io.parquet import write_parquet

        write_parquet(self, path)

    @classmethod
    def from_parquet(cls, path: str | Path) -> LatticeBatch:
        """Reads what `to_parquet` wrote (extra "parquet").

        Raises:
            CatalogueError: the file is not one of ours, or is damaged.
        """
        from fastlattice.io.parquet import read_parquet

        return read_parquet(path)


def rebatched(batches: Iterable[LatticeBatch], batch_size: int) -> Iterator[LatticeBatch]:
    """The same lattices in batches of `batch_size`; the last holds what remains."""
    waiting: list[LatticeBatch] = []
    rows = 0  # that wait, fewer than a batch
    for batch in batches:
        begin = min(batch_size - rows, len(batch)) if rows else 0
        waiting += [batch[:begin]] * (begin > 0)
        rows += begin
        if rows == batch_size:
            yield LatticeBatch.concatenate(waiting)
            waiting, rows = [], 0
        while len(batch) - begin >= batch_size:
            yield batch[begin : begin + batch_size]
            begin += batch_size
        if begin < len(batch):
            waiting.append(batch[begin:])
            rows += len(batch) - begin
    if rows:
        yield waiting[0] if len(waiting) == 1 else LatticeBatch.concatenate(waiting)


_LAYOUT = (
    ("cell", torch.float64, "lattices", (3, 3)),
    ("positions", torch.float64, "nodes", (3,)),
    ("struts", torch.int64, "struts", (2,)),
    ("shifts", torch.int64, "struts", (3,)),
    ("radii", torch.float64, "struts", ()),
    ("node_offsets", torch.int64, "lattices + 1", ()),
    ("strut_offsets", torch.int64, "lattices + 1", ()),
)
"""Of each array of a batch: name, dtype, what its rows are, shape of a row."""
_DTYPES = [dtype for _, dtype, _, _ in _LAYOUT]


def _as_tensor(value: Any, label: str) -> torch.Tensor:
    try:
        return torch.as_tensor(value)
    except (TypeError, ValueError, RuntimeError) as error:
        raise LatticeError(f"{label}: {error}") from None


def _checked(geometry: Geometry) -> Geometry:
    """The arrays, contiguous, if dtypes, devices and shapes are those of one batch; their values are not looked at."""
    shapes = [tensor.shape for tensor in geometry]
    lattices, nodes, struts = [shape[0] if shape else 0 for shape in shapes[:3]]
    rows = {"lattices": lattices, "lattices + 1": lattices + 1, "nodes": nodes, "struts": struts}
    expected = [(rows[kind], *row) for _, _, kind, row in _LAYOUT]
    plain = [tensor.dtype for tensor in geometry] == _DTYPES and all([tensor.is_cpu for tensor in geometry])
    if plain and shapes == expected and all([tensor.is_contiguous() for tensor in geometry]):
        return geometry  # nearly always; what follows says what is wrong otherwise
    for tensor, shape, (label, dtype, kind, row) in zip(geometry, expected, _LAYOUT, strict=True):
        if tensor.dtype != dtype or not tensor.is_cpu:
            raise LatticeError(f"{label} must be a CPU tensor of {dtype}, not {tensor.dtype} on {tensor.device}")
        if tensor.shape != shape:
            if tensor.shape[1:] == row and tensor.ndim:
                raise LatticeError(f"{label} has {len(tensor)} rows, expected {kind} = {rows[kind]}: the counts differ")
            wanted = ", ".join(map(str, (kind, *row)))
            raise LatticeError(f"{label} has shape {tuple(tensor.shape)}, expected [{wanted}]")
    return Geometry(*[tensor.contiguous() for tensor in geometry])


def _column(name: str, values: Any) -> Column:
    """A column from what users have."""
    if isinstance(values, StringColumn):
        return values
    if isinstance(values, list | tuple) and values and all(isinstance(value, str) for value in values):
        return StringColumn.from_strings(values)
    column = _as_tensor(values, f"column {name!r}")
    if column.ndim == 0:
        raise LatticeError(f"column {name!r} is one number; it must have a row for each lattice")
    return column


def _joined(name: str, parts: list[Column]) -> Column:
    texts = [part for part in parts if isinstance(part, StringColumn)]
    if len(texts) == len(parts):
        return StringColumn.concatenate(texts)
    if texts:
        raise LatticeError(f"column {name!r} is text in one batch and numbers in another")
    numbers = [part for part in parts if isinstance(part, torch.Tensor)]
    try:
        return torch.cat(numbers)
    except RuntimeError as error:
        raise LatticeError(f"column {name!r}: {error}") from None


def _rows(indices: Rows, count: int) -> torch.Tensor:
    """Row numbers [n] int64 from indices or a mask."""
    rows = torch.as_tensor(indices)
    if rows.numel() == 0 and rows.dtype != torch.bool:
        rows = rows.to(torch.int64)
    if rows.ndim != 1 or rows.is_floating_point() or rows.is_complex():
        raise IndexError(f"lattices are chosen by integers or a mask [{count}], not by {rows.dtype} {list(rows.shape)}")
    if rows.dtype == torch.bool:
        if len(rows) != count:
            raise IndexError(f"the mask has {len(rows)} entries for {count} lattices")
        return rows.nonzero()[:, 0].cpu()
    rows = rows.to("cpu", torch.int64)
    if len(rows) and not -count <= int(rows.min()) <= int(rows.max()) < count:
        raise IndexError(f"there is no lattice {int(rows.max() if rows.max() >= count else rows.min())} of {count}")
    return rows.where(rows >= 0, rows + count)


def as_batch(lattices: LatticeBatch | Lattice | Iterable[Lattice]) -> LatticeBatch:
    """A batch from what functions of this package take: a batch, one lattice, or several.

    Raises:
        LatticeError: something among them is not a Lattice.
    """
    if isinstance(lattices, LatticeBatch):
        return lattices
    return LatticeBatch.from_lattices([lattices] if isinstance(lattices, Lattice) else lattices)


def collated(items: Any, *, collate_fn_map: Any = None) -> LatticeBatch:
    """What torch's default_collate makes of lattices or batches: one batch, with the columns of the batches."""
    if isinstance(items, LatticeBatch):  # a DataLoader's fetch of `__getitems__`
        return items
    return LatticeBatch.from_lattices(items) if isinstance(items[0], Lattice) else LatticeBatch.concatenate(items)
