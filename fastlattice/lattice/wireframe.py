"""Finite wireframes: beams in space as CAD tools hold them, before anything is known of their periodicity."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Wireframe:
    """What a file of beams says.

    Attributes (N nodes, M struts):
        nodes: [N, 3] float64 positions.
        struts: [M, 2] int64 nodes.
        radii: [M] float64, NaN where the file says nothing.
        cell: [3, 3] float64, rows the lattice vectors, where the file states a cell.
        unit: of all lengths, as "mm"; "" where the file says nothing.
        name: of the wireframe.
        notes: what a reader changed or left out, a sentence each.
    """

    nodes: NDArray[np.float64]
    struts: NDArray[np.int64]
    radii: NDArray[np.float64]
    cell: NDArray[np.float64] | None = None
    unit: str = ""
    name: str = ""
    notes: tuple[str, ...] = ()
