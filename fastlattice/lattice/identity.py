"""Which net a lattice is: its topology, whatever its geometry, cell and radii.

A net is given by its quotient graph: struts (i, j, s). It is compared in the barycentric placement, where each node is
in the middle of its neighbours (Delgado-Friedrichs and O'Keeffe, Acta Cryst. A59, 2003, 351-360): that follows from the
graph alone, and there an isomorphism of nets is an affine map. Every candidate is checked on the struts, in integers.
Nets in which nodes collide there are compared by a search for isomorphisms of the quotient graphs instead.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from fastlattice.errors import LatticeError
from fastlattice.lattice.lattice import FloatArray, IntArray, Lattice
from fastlattice.lattice.primitive import integer_basis, translation_basis
from fastlattice.lattice.struts import moved_struts, rarest, sorted_struts

SHELLS = 6
"""Of the coordination sequences in a fingerprint; what they leave open, an isomorphism decides."""

_GRID = 1 << 20  # places are told apart to a millionth of the cell
_TOGETHER = 64  # searches of coordination sequences
_OFF = 0.37  # rationals with small denominators lie off the grid's borders


@dataclass(frozen=True, eq=False)
class Net:
    """A connected periodic graph whose cycles span all translations: N nodes, M struts.

    Attributes:
        nodes: N.
        struts: [M, 2] int64.
        shifts: [M, 3] int64; strut (i, j, s) joins node i to node j, s cells away.
    """

    nodes: int
    struts: IntArray
    shifts: IntArray

    @cached_property
    def places(self) -> FloatArray:
        """[N, 3] barycentric fractional positions, the first node in the origin."""
        laplacian, pull = np.zeros((self.nodes, self.nodes)), np.zeros((self.nodes, 3))
        i, j = self.struts.T
        away = i != j  # a strut from a node to its own image pulls both ways
        for a, b, sign in ((i, j, 1.0), (j, i, -1.0)):
            np.add.at(laplacian, (a[away], a[away]), 1.0)
            np.add.at(laplacian, (a[away], b[away]), -1.0)
            np.add.at(pull, a[away], sign * self.shifts[away])
        places = np.zeros((self.nodes, 3))
        places[1:] = np.linalg.solve(laplacian[1:, 1:], pull[1:])
        return places

    @cached_property
    def keys(self) -> IntArray:
        """[N] int64, equal where two nodes share a place modulo the cell."""
        return _keys(self.places)

    @cached_property
    def is_stable(self) -> bool:
        """Whether all nodes have places of their own."""
        return len(np.unique(self.keys)) == self.nodes

    @cached_property
    def rows(self) -> IntArray:
        """[M, 5] struts (i, j, s) in their lesser direction, sorted."""
        return sorted_struts(self.struts, self.shifts)[0]

    @cached_property
    def around(self) -> tuple[IntArray, IntArray, IntArray]:
        """Both directions of every strut by its first node: offsets [N + 1], ends [2 M], shifts [2 M, 3]."""
        starts, ends = (np.concatenate([self.struts[:, a], self.struts[:, 1 - a]]) for a in (0, 1))
        order = np.argsort(starts, kind="stable")
        offsets = np.concatenate([[0], np.cumsum(np.bincount(starts, minlength=self.nodes))])
        return offsets, ends[order], np.concatenate([self.shifts, -self.shifts])[order]

    @cached_property
    def sequences(self) -> IntArray:
        """[N, SHELLS] coordination sequences."""
        return coordination_sequences(self.struts, self.shifts, self.nodes, SHELLS)

    @cached_property
    def fingerprint(self) -> str:
        """The same for isomorphic nets: numbers of nodes and struts, and a hash of all coordination sequences."""
        ordered = self.sequences[np.lexsort(self.sequences.T[::-1])]
        digest = hashlib.sha256(ordered.astype("<i8").tobytes()).hexdigest()
        return f"{self.nodes}-{len(self.struts)}-{digest[:16]}"

    def primitive(self) -> Net:
        """The net on its smallest cell: translations that map the graph onto itself become lattice vectors.

        Where nodes collide the net is returned as it is.
        """
        if self.nodes == 1 or not self.is_stable:
            return self
        translations = self._translations()
        if len(translations) == 1:
            return self
        to_new = np.linalg.inv(translation_basis(translations))
        places = self.places @ to_new
        keys = _keys(places)
        _, first, node = np.unique(keys, return_index=True, return_inverse=True)
        node = node.reshape(-1)
        cells = np.round(places - places[first][node]).astype(np.int64)
        kept = first[node] == np.arange(self.nodes)
        rows = kept[self.struts[:, 0]] | kept[self.struts[:, 1]]
        i, j = self.struts[rows].T
        shifts = np.round(self.shifts[rows] @ to_new).astype(np.int64) + cells[j] - cells[i]
        unique = np.unique(sorted_struts(np.stack([node[i], node[j]], 1), shifts)[0], axis=0)
        return Net(len(first), unique[:, :2], unique[:, 2:])

    def _translations(self) -> FloatArray:
        """[m, 3] fractional translations that map the net onto itself, zero first."""
        start, *others = rarest(np.diff(self.around[0]))
        found = [np.zeros(3)]
        for node in others:
            step = self.places[node] - self.places[start]
            if self._maps_onto(self, np.eye(3, dtype=np.int64), step):
                found.append(np.mod(step + 1e-9, 1.0) - 1e-9)
        return np.array(found)

    def _maps_onto(self, other: Net, matrix: IntArray, step: FloatArray) -> bool:
        """Whether x -> x @ matrix + step, in the barycentric placements, is an isomorphism; checked in integers."""
        moved = self.places @ matrix + step
        keys = _keys(moved)
        order = np.argsort(other.keys, kind="stable")
        if not np.array_equal(np.sort(keys), other.keys[order]):
            return False
        if not self.is_stable:
            return self._fits(other, matrix, moved, keys)
        image = order[np.searchsorted(other.keys[order], keys)]
        return np.array_equal(self._moved(other, matrix, moved, image), other.rows)

    def _moved(self, other: Net, matrix: IntArray, moved: FloatArray, image: IntArray) -> IntArray:
        """The struts as rows of the other net, where node n becomes image[n]."""
        cells = np.round(moved - other.places[image]).astype(np.int64)
        return moved_struts(self.struts, self.shifts, image, cells, matrix)[0]

    def _fits(self, other: Net, matrix: IntArray, moved: FloatArray, keys: IntArray) -> bool:
        """As `_maps_onto` where nodes share places: which of them becomes which, a graph isomorphism finds."""
        from networkx.algorithms.isomorphism import DiGraphMatcher

        here = _labelled(keys, moved, self.struts, self.shifts @ matrix)
        there = _labelled(other.keys, other.places, other.struts, other.shifts)
        same_place, same_shifts = (lambda a, b, what=what: a[what] == b[what] for what in ("key", "shifts"))
        return DiGraphMatcher(here, there, node_match=same_place, edge_match=same_shifts).is_isomorphic()

    def is_isomorphic(self, other: Net) -> bool:
        """Whether two nets, each on its primitive cell, are the same."""
        if self.fingerprint != other.fingerprint or self.is_stable != other.is_stable:
            return False
        return any(self._maps_onto(other, matrix, step) for matrix, step in self._candidates(other))

    def _candidates(self, other: Net) -> Iterator[tuple[IntArray, FloatArray]]:
        """All affine maps that take a node and three nodes near it to such of the other net; few of them fit."""
        start = int(rarest(self.labels)[0])
        vectors, kinds = self._near(start)
        frame = _independent(vectors)
        inverse = np.linalg.inv(vectors[frame])
        for target in np.flatnonzero(other.labels == self.labels[start]).tolist():
            images, image_kinds = other._near(target)
            first, second, third = (np.flatnonzero((image_kinds == kinds[n]).all(1)) for n in frame)
            triples = np.stack(np.meshgrid(first, second, third, indexing="ij"), -1).reshape(-1, 3)
            matrices = inverse @ images[triples]
            whole = np.round(matrices)
            fits = (np.abs(matrices - whole).max((1, 2)) < 1e-6) & (np.abs(np.abs(np.linalg.det(whole)) - 1) < 1e-6)
            for matrix in np.unique(whole[fits].astype(np.int64), axis=0):
                yield matrix, other.places[target] - self.places[start] @ matrix

    @cached_property
    def labels(self) -> IntArray:
        """[N] int64, equal for nodes with equal coordination sequences, in any net."""
        digests = (hashlib.sha256(row.astype("<i8").tobytes()).digest() for row in self.sequences)
        return np.array([int.from_bytes(digest[:7], "little") for digest in digests], dtype=np.int64)

    def _near(self, node: int) -> tuple[FloatArray, IntArray]:
        """Vectors [n, 3] to the nodes a few struts away, which span space; [n, 2] struts to and label of each."""
        offsets, ends, shifts = self.around
        seen, shell, found = {(node, 0, 0, 0)}, [(node, 0, 0, 0)], []
        for distance in itertools.count(1):
            reached = {
                (int(ends[k]), int(a + shifts[k, 0]), int(b + shifts[k, 1]), int(c + shifts[k, 2]))
                for n, a, b, c in shell
                for k in range(offsets[n], offsets[n + 1])
            }
            shell = sorted(reached - seen)
            seen |= reached
            found += [(distance, *each) for each in shell]
            if distance > 1 and len(_independent(self._vectors(node, found))) == 3:
                break
        return self._vectors(node, found), np.array([(d, self.labels[n]) for d, n, *_ in found], dtype=np.int64)

    def _vectors(self, node: int, found: Sequence[tuple[int, ...]]) -> FloatArray:
        table = np.array(found, dtype=np.int64)
        return self.places[table[:, 1]] + table[:, 2:] - self.places[node]


def nets_of(lattice: Lattice) -> list[tuple[Net, int]]:
    """The connected nets that a lattice consists of, each on its primitive cell, and how many of each there are.

    Raises:
        LatticeError: a piece of the lattice is not periodic in three directions, so that it is no net.
    """
    try:
        return nets_of_graph(lattice.num_nodes, lattice.struts, lattice.shifts)
    except LatticeError as error:
        raise LatticeError(f"lattice {lattice.name!r}: {error}" if lattice.name else f"lattice: {error}") from None


def nets_of_graph(nodes: int, struts: IntArray, shifts: IntArray) -> list[tuple[Net, int]]:
    """As `nets_of`, of struts [M, 2] and shifts [M, 3] between so many nodes."""
    found: list[tuple[Net, int]] = []
    rows, _ = sorted_struts(struts, shifts)
    for count, ends, steps in _pieces(nodes, rows[:, :2], rows[:, 2:]):
        basis = integer_basis(steps)
        if len(basis) < 3:
            raise LatticeError(f"a piece of it is periodic in {len(basis)} directions, so it is no net")
        inside = np.round(steps @ np.linalg.inv(basis)).astype(np.int64)
        unique = np.unique(sorted_struts(ends, inside)[0], axis=0)
        net = Net(count, unique[:, :2], unique[:, 2:]).primitive()
        copies = abs(round(np.linalg.det(basis)))
        for n, (known, number) in enumerate(found):
            if net.is_isomorphic(known):
                found[n] = known, number + copies
                break
        else:
            found.append((net, copies))
    return found


def fingerprint(nets: list[tuple[Net, int]]) -> str:
    """One line that is the same for lattices of the same nets: "2*" stands before one that is there twice."""
    return " + ".join(sorted(f"{count}*{net.fingerprint}" if count > 1 else net.fingerprint for net, count in nets))


def are_isomorphic(first: list[tuple[Net, int]], second: list[tuple[Net, int]]) -> bool:
    """Whether two lattices consist of the same nets, as many of each."""
    return len(first) == len(second) and all(
        any(number == count and net.is_isomorphic(other) for other, number in second) for net, count in first
    )


def _pieces(nodes: int, struts: IntArray, shifts: IntArray) -> Iterator[tuple[int, IntArray, IntArray]]:
    """Connected pieces: nodes, struts, and shifts seen from nodes moved along a spanning tree, which has none."""
    offsets, ends, steps = Net(nodes, struts, shifts).around
    cell = np.zeros((nodes, 3), dtype=np.int64)
    number = np.full(nodes, -1)
    owner = np.full(nodes, -1)
    for root in range(nodes):
        if owner[root] >= 0:
            continue
        owner[root], number[root], order = root, 0, [root]
        for node in order:
            for k in range(offsets[node], offsets[node + 1]):
                if owner[ends[k]] < 0:
                    owner[ends[k]], number[ends[k]] = root, len(order)
                    cell[ends[k]] = cell[node] + steps[k]
                    order.append(int(ends[k]))
        here = owner[struts[:, 0]] == root
        i, j = struts[here].T
        yield len(order), number[struts[here]], shifts[here] + cell[i] - cell[j]


def coordination_sequence(lattice: Lattice, shells: int = 10) -> IntArray:
    """[N, shells] numbers of nodes that are 1, 2, ... struts away from each node: 4, 12, 24, 42, 64 for diamond.

    Raises:
        LatticeError: as `coordination_sequences`.
    """
    return coordination_sequences(lattice.struts, lattice.shifts, lattice.num_nodes, shells)


def coordination_sequences(struts: IntArray, shifts: IntArray, nodes: int, shells: int) -> IntArray:
    """[nodes, shells] numbers of nodes that are 1, 2, ... struts away from each node, along the shortest way.

    Args:
        struts: [M, 2] int64.
        shifts: [M, 3] int64.
        nodes: N.
        shells: of each sequence.

    Raises:
        LatticeError: shifts too large to count with, beyond some 10^5 / shells cells.
    """
    # A node in a cell is one integer, (node, cell) in a box of cells that `shells` struts cannot leave; so is a strut.
    width = 2 * shells * int(np.abs(shifts).max(initial=0)) + 1
    size = width**3 * nodes
    if size * _TOGETHER >= 2**62:
        raise LatticeError(f"shifts are too large for {shells} shells")
    cells = shifts @ np.array([width**2, width, 1])
    i, j = struts.T
    steps = np.concatenate([(j - i) * width**3 + cells, (i - j) * width**3 - cells])
    start = np.concatenate([i, j])
    order = start.argsort(kind="stable")
    steps, first = steps[order], np.searchsorted(start[order], np.arange(nodes))
    degree = np.bincount(start, minlength=nodes)
    sequence = np.zeros((nodes, shells), dtype=np.int64)
    for begin in range(0, nodes, _TOGETHER):  # a search from many nodes at once: each in a number range of its own
        starts = np.arange(begin, min(begin + _TOGETHER, nodes))
        shell = (starts - begin) * size + starts * width**3 + width**3 // 2
        before = np.empty(0, dtype=np.int64)
        for distance in range(shells):
            node = shell % size // width**3
            count = degree[node]
            reached = (
                np.repeat(shell, count)
                + steps[np.repeat(first[node] - np.cumsum(count) + count, count) + np.arange(count.sum())]
            )
            # A neighbour of a shell lies in it, in the one before it or in the next.
            before, shell = shell, np.setdiff1d(reached, np.concatenate([before, shell]))
            sequence[begin : begin + _TOGETHER, distance] = np.bincount(shell // size, minlength=len(starts))
    return sequence


def _keys(places: FloatArray) -> IntArray:
    """[N] int64, equal for places that differ by less than a millionth of the cell, or by whole cells."""
    x, y, z = (np.floor((places - np.floor(places)) * _GRID + _OFF).astype(np.int64) % _GRID).T
    return (x * _GRID + y) * _GRID + z


def _independent(vectors: FloatArray) -> list[int]:
    """The first rows that span what all span, three at most."""
    chosen: list[int] = []
    for n in range(len(vectors)):
        if np.linalg.matrix_rank(vectors[[*chosen, n]], tol=1e-6) == len(chosen) + 1:
            chosen.append(n)
            if len(chosen) == 3:
                break
    return chosen


def _labelled(keys: IntArray, places: FloatArray, struts: IntArray, shifts: IntArray) -> Any:
    """A quotient graph for networkx: nodes know their place in the cell, pairs of nodes all shifts between them."""
    from networkx import DiGraph

    graph = DiGraph()
    graph.add_nodes_from((n, {"key": int(key)}) for n, key in enumerate(keys))
    cells = np.floor(places + _OFF / _GRID).astype(np.int64)
    i, j = struts.T
    between: dict[tuple[int, int], list[tuple[int, ...]]] = {}
    for (a, b), shift in zip(struts.tolist(), (shifts + cells[j] - cells[i]).tolist(), strict=True):
        between.setdefault((a, b), []).append(tuple(shift))
        between.setdefault((b, a), []).append(tuple(-s for s in shift))
    graph.add_edges_from((a, b, {"shifts": sorted(each)}) for (a, b), each in between.items())
    return graph
