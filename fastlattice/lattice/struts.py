"""Struts as rows of integers, so that sets of them can be compared; what maps of the nodes make of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]


def sorted_struts(struts: IntArray, shifts: IntArray) -> tuple[IntArray, IntArray]:
    """Struts as rows (i, j, s), each in the lesser of its two directions.

    Args:
        struts: [M, 2] int64.
        shifts: [M, 3] int64.

    Returns:
        [M, 5] int64 rows, sorted; [M] int64, the strut of each row.
    """
    forward = np.concatenate([struts, shifts], axis=1)
    backward = np.concatenate([struts[:, ::-1], -shifts], axis=1)
    line = np.arange(len(forward))
    at = (forward != backward).argmax(axis=1)
    rows = np.where((backward[line, at] < forward[line, at])[:, None], backward, forward)
    order = np.lexsort(rows.T[::-1])
    return rows[order], order


def moved_struts(
    struts: IntArray, shifts: IntArray, nodes: IntArray, cells: IntArray, matrix: IntArray | None = None
) -> tuple[IntArray, IntArray]:
    """`sorted_struts` of the images of struts under a map of the lattice.

    Args:
        struts: [M, 2] int64.
        shifts: [M, 3] int64.
        nodes: [N] int64, the node that each node becomes.
        cells: [N, 3] int64, the cell in which that node is met.
        matrix: [3, 3] int64, what lattice vectors become, s @ matrix; None: what they are.
    """
    i, j = struts.T
    turned = shifts if matrix is None else shifts @ matrix
    return sorted_struts(nodes[struts], turned + cells[j] - cells[i])


def rarest(labels: IntArray) -> IntArray:
    """Where the label stands that the fewest have: of a map of the lattice, one of these decides most."""
    kinds, counts = np.unique(labels, return_counts=True)
    return np.flatnonzero(labels == kinds[counts.argmin()])
