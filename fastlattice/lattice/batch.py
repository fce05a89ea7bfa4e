"""LatticeBatch: many lattices as a structure of arrays, and the periodic graph that a network sees."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import overload

import torch

from fastlattice.errors import LatticeError
from fastlattice.lattice.graph import Graph, periodic_graph
from fastlattice.lattice.lattice import Lattice
from fastlattice.lattice.ragged import ragged_indices
from fastlattice.lattice.strings import StringColumn

Column = torch.Tensor | StringColumn


class LatticeBatch:
    """Many lattices on contiguous CPU tensors, with no Python object per lattice.

    Args (B lattices, N nodes and M struts in all):
        cell: [B, 3, 3] float64, rows are lattice vectors.
        positions: [N, 3] float64, Cartesian.
        struts: [M, 2] int64, node indices counted from the lattice's own first node.
        shifts: [M, 3] int64.
        radii: [M] float64.
        node_offsets, strut_offsets: [B + 1] int64; lattice b owns rows offsets[b]:offsets[b + 1].
        columns: one value per lattice, by name: tensors [B, ...] or StringColumn. "name" is always there.

    Numpy arrays are taken without a copy. cell, positions and radii may require gradients; `homogenise` and the
    networks pass them on. Slices share memory with the batch.

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
        columns: Mapping[str, Column] | None = None,
    ) -> None:
        self.cell = _checked(cell, "cell", (-1, 3, 3), torch.float64)
        self.positions = _checked(positions, "positions", (-1, 3), torch.float64)
        self.struts = _checked(struts, "struts", (-1, 2), torch.int64)
        self.shifts = _checked(shifts, "shifts", (-1, 3), torch.int64)
        self.radii = _checked(radii, "radii", (-1,), torch.float64)
        self.node_offsets = _checked(node_offsets, "node_offsets", (len(self.cell) + 1,), torch.int64)
        self.strut_offsets = _checked(strut_offsets, "strut_offsets", (len(self.cell) + 1,), torch.int64)
        self.columns: dict[str, Column] = dict(columns or {})
        if "name" not in self.columns:
            empty = torch.empty(0, dtype=torch.uint8)
            self.columns["name"] = StringColumn(empty, torch.zeros(len(self) + 1, dtype=torch.int64))
        self._check_consistency()

    def _check_consistency(self) -> None:
        if not len(self.struts) == len(self.shifts) == len(self.radii):
            raise LatticeError(
                f"{len(self.struts)} struts, {len(self.shifts)} shifts, {len(self.radii)} radii: the counts differ"
            )
        for label, offsets, total in (
            ("node_offsets", self.node_offsets, len(self.positions)),
            ("strut_offsets", self.strut_offsets, len(self.struts)),
        ):
            if int(offsets[0]) != 0 or int(offsets[-1]) != total or bool((offsets[1:] < offsets[:-1]).any()):
                raise LatticeError(f"{label} must rise from 0 to {total}")
        if len(self.struts):
            nodes = (self.node_offsets[1:] - self.node_offsets[:-1]).repeat_interleave(self.strut_counts)
            if int(self.struts.min()) < 0 or bool((self.struts.amax(1) >= nodes).any()):
                bad = int(((self.struts < 0) | (self.struts >= nodes[:, None])).any(1).nonzero()[0])
                lattice = int(torch.searchsorted(self.strut_offsets, bad, right=True)) - 1
                raise LatticeError(
                    f"lattice {lattice} {self.names[lattice]!r}: strut {bad - int(self.strut_offsets[lattice])} names "
                    f"node {self.struts[bad].tolist()}, but it has {int(self.node_counts[lattice])} nodes"
                )
        for label, column in self.columns.items():
            if len(column) != len(self):
                raise LatticeError(f"column {label!r} has {len(column)} rows for {len(self)} lattices")

    @classmethod
    def _trusted(cls, arrays: Sequence[torch.Tensor], columns: dict[str, Column]) -> LatticeBatch:
        """A batch from parts that are known to fit: no check, so that slices cost nothing."""
        batch = cls.__new__(cls)
        batch.cell, batch.positions, batch.struts, batch.shifts, batch.radii = arrays[:5]
        batch.node_offsets, batch.strut_offsets = arrays[5:]
        batch.columns = columns
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
            LatticeError: the batches do not have the same columns, or there is no batch.
        """
        batches = list(batches)
        if not batches:
            raise LatticeError("nothing to concatenate")
        names = batches[0].columns.keys()
        for batch in batches:
            if batch.columns.keys() != names:
                raise LatticeError(f"batches have different columns: {sorted(names)} and {sorted(batch.columns)}")
        columns: dict[str, Column] = {}
        for name in names:
            parts = [batch.columns[name] for batch in batches]
            if all(isinstance(part, StringColumn) for part in parts):
                columns[name] = StringColumn.concatenate([p for p in parts if isinstance(p, StringColumn)])
            else:
                columns[name] = torch.cat([p for p in parts if isinstance(p, torch.Tensor)])

        def offsets(attribute: str) -> torch.Tensor:
            counts = torch.cat([getattr(batch, attribute).diff() for batch in batches])
            return torch.cat([counts.new_zeros(1), counts.cumsum(0)])

        geometry = [
            torch.cat([getattr(b, k) for b in batches]) for k in ("cell", "positions", "struts", "shifts", "radii")
        ]
        return cls._trusted([*geometry, offsets("node_offsets"), offsets("strut_offsets")], columns)

    def __len__(self) -> int:
        return len(self.cell)

    def __repr__(self) -> str:
        counts = f"{len(self)} lattices, {len(self.positions)} nodes, {len(self.struts)} struts"
        return f"LatticeBatch({counts}; {', '.join(self.columns)})"

    @overload
    def __getitem__(self, index: int) -> Lattice: ...
    @overload
    def __getitem__(self, index: slice) -> LatticeBatch: ...
    def __getitem__(self, index: int | slice) -> Lattice | LatticeBatch:
        """batch[i] is a Lattice (a copy); batch[a:b] a LatticeBatch that shares memory."""
        if isinstance(index, slice):
            start, stop, step = index.indices(len(self))
            if step != 1:
                return self.take(torch.tensor(range(len(self))[index], dtype=torch.int64))
            return self._slice(start, max(start, stop))
        row = range(len(self))[index]
        one = self._slice(row, row + 1)
        return Lattice(one.cell[0], one.positions, one.struts, one.shifts, one.radii, one.names[0])

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
        return self._trusted((*geometry, nodes - n0, struts - m0), {k: c[start:stop] for k, c in self.columns.items()})

    def take(self, indices: torch.Tensor) -> LatticeBatch:
        """The lattices `indices` (int64, or a boolean mask of length B), in that order, as a new batch."""
        rows = torch.as_tensor(indices)
        rows = rows.nonzero()[:, 0] if rows.dtype == torch.bool else rows.to(torch.int64)
        nodes, node_offsets = ragged_indices(self.node_offsets, rows)
        struts, strut_offsets = ragged_indices(self.strut_offsets, rows)
        columns = {k: c.take(rows) if isinstance(c, StringColumn) else c[rows] for k, c in self.columns.items()}
        geometry = (
            self.cell[rows],
            self.positions[nodes],
            self.struts[struts],
            self.shifts[struts],
            self.radii[struts],
        )
        return self._trusted((*geometry, node_offsets, strut_offsets), columns)

    def with_columns(self, **columns: Column) -> LatticeBatch:
        """The same lattices with columns added or replaced; geometry is shared."""
        geometry = (self.cell, self.positions, self.struts, self.shifts, self.radii)
        return LatticeBatch(*geometry, self.node_offsets, self.strut_offsets, {**self.columns, **columns})

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
        owner = torch.arange(len(self)).repeat_interleave(self.strut_counts, output_size=len(self.struts))
        struts = self.struts + self.node_offsets[owner][:, None]
        shifts = (self.shifts.to(self.cell.dtype)[:, :, None] * self.cell[owner]).sum(1)
        return self.positions[struts[:, 1]] - self.positions[struts[:, 0]] + shifts

    @property
    def relative_density(self) -> torch.Tensor:
        """[B] sum of pi r^2 L over the struts, divided by the volume of the cell."""
        volumes = torch.pi * self.radii**2 * self.strut_vectors.norm(dim=1)
        owner = torch.arange(len(self)).repeat_interleave(self.strut_counts)
        return torch.zeros(len(self), dtype=torch.float64).index_add(0, owner, volumes) / self.volume

    def graph(self) -> Graph:
        """Both directions of every strut as one graph, sorted by receiver; gradients flow to cell, positions, radii.

        The edges of a lattice stand together and their order does not depend on the rest of the batch.
        """
        shifts, radii, edge_index, batch, strut, reverse, first_edge = periodic_graph(self)
        return Graph(
            edge_index=edge_index,
            shifts=shifts,
            edge_attr=radii[:, None],
            node_attrs=self.positions.new_ones(len(batch), 1),
            positions=self.positions,
            batch=batch,
            strut=strut,
            reverse=reverse,
            first_edge=first_edge,
            num_graphs=len(self),
        )

    def to(self, device: torch.device | str | None = None, dtype: torch.dtype | None = None) -> Graph:
        """`graph()` on a device, as a training loop wants it; the batch itself stays in the CPU's memory.

        Networks take either. Of a LatticeBatch they know besides that the two edges of a strut are equal and opposite,
        and compute what these share once.
        """
        return self.graph().to(device, dtype)

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
    rows = 0

    def joined() -> LatticeBatch:
        return waiting[0] if len(waiting) == 1 else LatticeBatch.concatenate(waiting)

    for batch in batches:
        waiting.append(batch)
        rows += len(batch)
        if rows < batch_size:
            continue
        all_rows, whole = joined(), rows - rows % batch_size
        for start in range(0, whole, batch_size):
            yield all_rows[start : start + batch_size]
        waiting, rows = ([all_rows[whole:]] if whole < rows else []), rows - whole
    if rows:
        yield joined()


def _checked(value: torch.Tensor, label: str, shape: tuple[int, ...], dtype: torch.dtype) -> torch.Tensor:
    try:
        tensor = torch.as_tensor(value)
    except (TypeError, ValueError, RuntimeError) as error:
        raise LatticeError(f"{label}: {error}") from None
    if tensor.dtype != dtype or tensor.device.type != "cpu":
        raise LatticeError(f"{label} must be a CPU tensor of {dtype}, not {tensor.dtype} on {tensor.device}")
    if tensor.ndim != len(shape) or any(n not in (-1, m) for n, m in zip(shape, tensor.shape, strict=True)):
        expected = ", ".join("*" if n == -1 else str(n) for n in shape)
        raise LatticeError(f"{label} has shape {tuple(tensor.shape)}, expected [{expected}]")
    return tensor.contiguous()
