"""Nets given by their quotient graph alone: a place for every node, and a cell."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from fastlattice.errors import CatalogueError

MOST_NODES = 4096
"""Of a graph: the placement solves a dense system."""


@dataclass
class QuotientGraph:
    """One PERIODIC_GRAPH block as written; `fail` makes the error that belongs to it."""

    path: str
    line: int
    name: str = ""
    nodes: dict[str, int] = field(default_factory=dict)
    edges: list[tuple[int, int, list[int]]] = field(default_factory=list)

    def add(self, first: str, second: str, shift: list[int]) -> None:
        """An edge from a node to another, as many cells away as the shift says."""
        i, j = (self.nodes.setdefault(name, len(self.nodes)) for name in (first, second))
        self.edges.append((i, j, shift))

    @property
    def struts(self) -> NDArray[np.int64]:
        """[M, 2] nodes."""
        return np.array([edge[:2] for edge in self.edges], dtype=np.int64).reshape(-1, 2)

    @property
    def shifts(self) -> NDArray[np.int64]:
        """[M, 3] shifts."""
        return np.array([edge[2] for edge in self.edges], dtype=np.int64).reshape(-1, 3)

    def fail(self, line: int, reason: str) -> CatalogueError:
        """The error of this block at a line."""
        return CatalogueError(self.path, line, reason, self.name)


def barycentric_placement(graph: QuotientGraph) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The standard realisation of a net: every node in the middle of its neighbours, the strut vectors isotropic.

    Places follow Delgado-Friedrichs and O'Keeffe (Acta Cryst. A59, 2003, 351-360), the cell Kotani and Sunada (Trans.
    Amer. Math. Soc. 353, 2001, 1-20): of all cells of one volume it has the least sum of squared strut lengths, which
    is where sum v v^T is a multiple of the identity. It has all the symmetry that the net can have.

    Returns:
        cell [3, 3], rows the lattice vectors, the first along x, the second in the xy plane, the longest of length 1;
        fractional positions [N, 3].

    Raises:
        CatalogueError: the graph is not connected, not periodic in three directions, two nodes take one place, or it
            has more than 4,096 nodes.
    """
    nodes, struts, shifts = len(graph.nodes), graph.struts, graph.shifts
    if nodes > MOST_NODES:
        raise graph.fail(graph.line, f"the graph has {nodes} nodes; at most {MOST_NODES} are placed")
    laplacian, pull = np.zeros((nodes, nodes)), np.zeros((nodes, 3))
    for (i, j), shift in zip(struts, shifts, strict=True):
        laplacian[[i, j], [i, j]] += 1 if i != j else 0
        if i != j:
            laplacian[[i, j], [j, i]] -= 1
            pull[i] += shift
            pull[j] -= shift
    if nodes > 1 and np.linalg.eigvalsh(laplacian)[1] < 1e-9:
        raise graph.fail(graph.line, "the graph is not connected")
    fractional = np.zeros((nodes, 3))
    fractional[1:] = np.linalg.solve(laplacian[1:, 1:], pull[1:])  # the first node in the origin
    vectors = fractional[struts[:, 1]] - fractional[struts[:, 0]] + shifts
    moment = vectors.T @ vectors
    if np.linalg.eigvalsh(moment)[0] < 1e-9 * len(struts):
        raise graph.fail(graph.line, "the graph is not periodic in three directions")
    cell = np.linalg.cholesky(np.linalg.inv(moment))
    cell /= np.linalg.norm(cell, axis=1).max()
    _refuse_shared_places(graph, fractional)
    return cell, fractional


def _refuse_shared_places(graph: QuotientGraph, fractional: NDArray[np.float64]) -> None:
    names = list(graph.nodes)
    for node, place in enumerate(fractional[1:], start=1):
        offset = fractional[:node] - place
        distance = np.abs(offset - np.round(offset)).max(axis=1)
        if distance.min() < 1e-7:
            other = names[int(distance.argmin())]
            raise graph.fail(
                graph.line, f"the nodes {other} and {names[node]} take one place: the net has no barycentric placement"
            )
