"""A long batch in pieces: between two of them Python hears Ctrl-C, and what was asked for ends soon after.

A piece is as long as may be: lattices of one topology are solved together only where one piece has them.
"""

from __future__ import annotations

from collections.abc import Iterator
from threading import current_thread, main_thread
from time import perf_counter
from typing import Any, NamedTuple

import torch

from fastlattice import _native
from fastlattice.lattice.batch import Geometry

STRUTS = 4_000  # of the first piece of homogenise: a tenth of a second in one cell
SMALL_STRUTS = 400_000  # the same where all cells are small: two tenths, and half of that with many of one topology
SMALL_CELL = 64  # nodes
SECONDS = 0.2  # that a piece should take


class Rows(NamedTuple):
    """Consecutive lattices of a batch.

    Attributes:
        geometry: theirs alone.
        lattices, nodes, struts: where they are in the arrays of the batch; None: they are all of it.
        long: whether they may take a good part of `SECONDS`.
    """

    geometry: Geometry
    lattices: slice | None
    nodes: slice | None
    struts: slice | None
    long: bool

    def of_lattices(self, array: torch.Tensor) -> torch.Tensor:
        """Their part of an array [B, ...]."""
        return array if self.lattices is None else array[self.lattices]

    def of_nodes(self, array: torch.Tensor) -> torch.Tensor:
        """Their part of an array [N, ...] of all nodes."""
        return array if self.nodes is None else array[self.nodes]

    def of_struts(self, array: torch.Tensor) -> torch.Tensor:
        """Their part of an array [M, ...] of all struts."""
        return array if self.struts is None else array[self.struts]


def pieces(geometry: Geometry, speed: int = 1) -> Iterator[Rows]:
    """The batch in pieces that take about `SECONDS` each, by what the piece before took; a cell is never cut.

    A lattice's result does not depend on its batch, so neither does it on the pieces.

    Args:
        geometry: of the batch.
        speed: of what is done with a piece, in units of that of homogenise.
    """
    offsets = geometry.strut_offsets
    count, total = len(geometry.cell), len(geometry.struts)
    few = speed * STRUTS
    # Ctrl-C comes to the main thread; others need not listen.
    if count <= 1 or total <= few or current_thread() is not main_thread():
        yield Rows(geometry, None, None, None, total > few)
        return
    first = max(few, SMALL_STRUTS) if int(geometry.node_offsets.diff().max()) <= SMALL_CELL else few
    if total <= first:
        yield Rows(geometry, None, None, None, total > few)
        return
    begin, struts = 0, float(first)
    while begin < count:
        end = int(torch.searchsorted(offsets, int(offsets[begin]) + int(struts), right=True)) - 1
        end = min(max(end, begin + 1), count)
        started = perf_counter()
        yield _rows(geometry, begin, end, few)
        elapsed = max(perf_counter() - started, 1e-9)
        struts *= min(max(SECONDS / elapsed, 0.25), 4)
        begin = end


def native_call(rows: Rows, *arguments: Any) -> None:
    """A native call on some rows, which Ctrl-C leaves at once where it may be long."""
    (_native.call_interruptibly if rows.long else _native.call)(*arguments)


def _rows(geometry: Geometry, begin: int, end: int, few: int) -> Rows:
    lattices = slice(begin, end)
    first, last = geometry.node_offsets[[begin, end]].tolist()
    nodes = slice(first, last)
    first, last = geometry.strut_offsets[[begin, end]].tolist()
    struts = slice(first, last)
    part = Geometry(
        cell=geometry.cell[lattices],
        positions=geometry.positions[nodes],
        struts=geometry.struts[struts],
        shifts=geometry.shifts[struts],
        radii=geometry.radii[struts],
        node_offsets=geometry.node_offsets[begin : end + 1] - nodes.start,
        strut_offsets=geometry.strut_offsets[begin : end + 1] - struts.start,
    )
    return Rows(part, lattices, nodes, struts, last - first > few)
