"""Expansion of a crystal by its space group: asymmetric unit in, all nodes and struts of the cell out.

Printed coordinates carry four or five digits, so the symmetry of what they describe holds only to 1e-5. It is made
exact first: each node moves onto the fixed points of its site symmetry group (the average over it), each end of an
edge onto the node it means, the metric of the cell onto the average over the point group. What follows is integer
arithmetic (units of 1/RESOLUTION of a lattice vector), so nodes of an orbit are equivalent exactly.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fastlattice._extras import module_of_extra
from fastlattice.topologies.asymmetric_unit import RESOLUTION, Crystal

# What printed digits may be off by, in units of the largest cell constant.
TOLERANCE = 2e-3

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Net:
    """A net on its full cell.

    Attributes (N nodes, M struts):
        name: as in the file.
        group: Hermann-Mauguin symbol of the space group with its setting, as "F d -3 m:2".
        constants: [6] cell constants a, b, c in the file's unit and alpha, beta, gamma in degrees.
        places: [N, 3] node positions in [0, RESOLUTION), in units of 1/RESOLUTION of a lattice vector.
        struts: [M, 2] nodes (i, j) with i <= j.
        shifts: [M, 3] integer shifts; struts are sorted by (i, j, s).
    """

    name: str
    group: str
    constants: Floats
    places: Ints
    struts: Ints
    shifts: Ints


def cell_matrix(constants: ArrayLike) -> Floats:
    """[..., 3, 3] cells, rows the lattice vectors, from [..., 6] constants (angles in degrees).

    The first vector lies along x, the second in the upper half of the xy plane, the third above it.
    """
    constants = np.asarray(constants, dtype=float)
    a, b, c = np.moveaxis(constants[..., :3], -1, 0)
    cos = np.cos(np.radians(constants[..., 3:]))
    for angle, exact in ((90.0, 0.0), (60.0, 0.5), (120.0, -0.5)):
        cos[constants[..., 3:] == angle] = exact
    alpha, beta, gamma = np.moveaxis(cos, -1, 0)
    sine = np.sqrt(1 - gamma**2)
    y = (alpha - beta * gamma) / sine
    cell = np.zeros((*constants.shape[:-1], 3, 3))
    cell[..., 0, 0] = a
    cell[..., 1, 0], cell[..., 1, 1] = b * gamma, b * sine
    cell[..., 2, 0], cell[..., 2, 1], cell[..., 2, 2] = c * beta, c * y, c * np.sqrt(1 - beta**2 - y**2)
    return cell


def expand(crystal: Crystal) -> Net:
    """All nodes and struts of one cell.

    Raises:
        CatalogueError: the group is unknown or two-dimensional, the cell or a node does not fit it, an edge ends where
            there is no node, or a node does not get the number of struts that its line states.
        MissingExtraError: gemmi is not installed (extra "cgd").
    """
    group, rotations, translations = _space_group(crystal)
    constants = _symmetric_constants(crystal, rotations)
    orbits = _Orbits(crystal, rotations, translations, cell_matrix(constants) / constants[:3].max())
    edges = [orbits.edge(edge.ends, edge.line) for edge in crystal.edges] or _nearest_edges(crystal, orbits)
    rows = orbits.struts(edges)
    degrees = orbits.degrees(rows)
    for node, degree in zip(crystal.nodes, degrees, strict=True):
        if degree != node.degree:
            raise crystal.fail(node.line, f"NODE {node.name} should have {node.degree} struts, but gets {degree}")
    return Net(crystal.name, group, constants, orbits.places, rows[:, :2], rows[:, 2:])


def _space_group(crystal: Crystal) -> tuple[str, Ints, Ints]:
    """Symbol, [n, 3, 3] rotations, [n, 3] translations (units of 1/RESOLUTION) of all operations, centring included."""
    gemmi = module_of_extra("gemmi", "cgd", "reading a .cgd file")
    symbol = crystal.group.replace("(", "").replace(")", "")
    # Origin choice 2 unless stated, as in Systre; hexagonal or rhombohedral axes by the angles unless stated.
    candidates = [symbol] if ":" in symbol else [f"{symbol}:2", symbol]
    found = next(
        filter(None, (gemmi.find_spacegroup_by_name(name, crystal.cell[3], crystal.cell[5]) for name in candidates)),
        None,
    )
    if found is None:
        raise crystal.fail(crystal.group_line, f"unknown space group {crystal.group!r}")
    operations = list(found.operations())
    rotations = np.array([operation.rot for operation in operations]) // gemmi.Op.DEN
    translations = np.array([operation.tran for operation in operations]) * (RESOLUTION // gemmi.Op.DEN)
    return found.xhm(), rotations, translations


def _symmetric_constants(crystal: Crystal, rotations: Ints) -> Floats:
    """[6] cell constants that the group leaves unchanged, next to those given."""
    given = np.array(crystal.cell)
    cosines = np.cos(np.radians(given[3:]))
    determinant = 1 + 2 * np.prod(cosines) - (cosines**2).sum()  # of the Gram matrix of the unit vectors
    if not determinant > 1e-6:
        raise crystal.fail(crystal.cell_line, "no cell has these angles (it would have no volume)")
    longest = given[:3].max()
    cell = cell_matrix(given) / longest
    metric = cell @ cell.T
    average = np.einsum("nij,ik,nkl->jl", rotations, metric, rotations) / len(rotations)
    if np.abs(average - metric).max() > TOLERANCE:
        raise crystal.fail(crystal.cell_line, f"the cell does not have the symmetry of its group {crystal.group}")
    lengths = np.sqrt(np.diag(average))
    i, j = np.array([1, 0, 0]), np.array([2, 2, 1])
    angles = np.degrees(np.arccos(average[i, j] / (lengths[i] * lengths[j])))
    # Twelve digits: the last bits of cos and arccos differ between machines, and 90 should be 90.
    return np.array([float(f"{value:.12g}") for value in (*(lengths * longest), *angles)])


class _Orbits:
    """The nodes of a cell, and what the group does to edges between them."""

    def __init__(self, crystal: Crystal, rotations: Ints, translations: Ints, cell: Floats) -> None:
        self.crystal, self.rotations, self.translations, self.cell = crystal, rotations, translations, cell
        self.representatives: dict[str, Ints] = {}
        parts = []
        for node in crystal.nodes:
            place, images = self._orbit(np.array(node.place), node.line)
            self.representatives[node.name] = place
            parts.append(images)
        self.places = np.concatenate(parts)
        self.orbit = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
        self._sorted, self._order = np.unique(self.places, axis=0, return_index=True)
        if len(self._sorted) < len(self.places):
            missing = np.setdiff1d(np.arange(len(self.places)), self._order)[0]
            raise crystal.fail(
                crystal.nodes[self.orbit[missing]].line, "this NODE is at a place that an earlier NODE takes"
            )

    def _images(self, place: Ints) -> Ints:
        return self.rotations @ place + self.translations

    def _length(self, difference: Ints) -> Floats:
        """Lengths of [..., 3] differences, in units of the largest cell constant."""
        return np.linalg.norm(difference / RESOLUTION @ self.cell, axis=-1)

    def _orbit(self, place: Ints, line: int) -> tuple[Ints, Ints]:
        """The node on the fixed points of its site symmetry, and the places of all its images in the cell, sorted."""
        moved = self._images(place) - place
        moved -= RESOLUTION * np.round(moved / RESOLUTION).astype(np.int64)
        fixing = self._length(moved) <= TOLERANCE
        order = int(fixing.sum())
        place = place + moved[fixing].sum(axis=0) // order
        images = np.unique(np.mod(self._images(place), RESOLUTION), axis=0)
        if len(images) * order != len(self.rotations):
            raise self.crystal.fail(
                line, f"NODE is so near to a symmetry element of {self.crystal.group} that its site is not clear"
            )
        return place, images

    def edge(self, ends: tuple[object, object], line: int) -> tuple[Ints, Ints]:
        """The exact places of the two ends of an edge."""
        first, second = (self._end(end, line) for end in ends)
        if np.array_equal(first, second):
            raise self.crystal.fail(line, "this EDGE begins and ends at the same node")
        return first, second

    def _end(self, end: object, line: int) -> Ints:
        if isinstance(end, str):
            return self.representatives[end]
        offset = np.array(end) - self.places
        whole = RESOLUTION * np.round(offset / RESOLUTION).astype(np.int64)
        distance = self._length(offset - whole)
        nearest = int(distance.argmin())
        if distance[nearest] > TOLERANCE:
            x, y, z = (f"{value / RESOLUTION:g}" for value in end)  # type: ignore[attr-defined]
            raise self.crystal.fail(line, f"there is no node at the end ({x}, {y}, {z}) of this EDGE")
        return self.places[nearest] + whole[nearest]

    def struts(self, edges: list[tuple[Ints, Ints]]) -> Ints:
        """[M, 5] rows (i, j, s), i <= j, of all images of the edges, each once, sorted."""
        places = np.array(edges, dtype=np.int64).reshape(-1, 2, 3)
        images = np.einsum("nij,ekj->neki", self.rotations, places) + self.translations[:, None, None]
        node, whole = self._find(images.reshape(-1, 3))
        node, whole = node.reshape(-1, 2), whole.reshape(-1, 2, 3)
        forward = np.concatenate([node, whole[:, 1] - whole[:, 0]], axis=1)
        backward = np.concatenate([node[:, ::-1], -forward[:, 2:]], axis=1)
        difference = forward - backward
        first = np.take_along_axis(difference, (difference != 0).argmax(axis=1)[:, None], axis=1)
        return np.unique(np.where(first > 0, backward, forward), axis=0)

    def _find(self, places: Ints) -> tuple[Ints, Ints]:
        """Node and cell of each place; every place is an image of a node, exactly."""
        whole = np.floor_divide(places, RESOLUTION)
        inside = places - RESOLUTION * whole
        _, inverse = np.unique(np.concatenate([self._sorted, inside]), axis=0, return_inverse=True)
        return self._order[inverse.reshape(-1)[len(self._sorted) :]], whole

    def degrees(self, rows: Ints) -> Ints:
        """[orbits] number of struts at a node of each orbit."""
        degree = np.bincount(rows[:, :2].ravel(), minlength=len(self.places))
        return degree[np.unique(self.orbit, return_index=True)[1]]

    def neighbours(self, place: Ints, count: int, line: int) -> tuple[Ints, Floats]:
        """The `count` nearest nodes of a node, and all as near as the last: their places and distances, sorted."""
        heights = 1 / np.linalg.norm(np.linalg.inv(self.cell), axis=0)  # spacings of the lattice planes
        reach = np.array([1, 1, 1])
        for _ in range(2):  # the second round reaches as far as the last of the first round's nearest
            if (2 * reach + 1).prod() * len(self.places) > 2_000_000:
                break
            cells = np.stack(np.meshgrid(*(np.arange(-n, n + 1) for n in reach), indexing="ij"), axis=-1)
            near = self.places + RESOLUTION * (cells.reshape(-1, 1, 3) + place // RESOLUTION)
            distance = self._length(near - place).ravel()
            order = distance.argsort(kind="stable")[1:]
            if count > len(order):
                break
            last = distance[order[count - 1]] + TOLERANCE
            reach = np.ceil(last / heights).astype(np.int64) + 1
        else:
            order = order[distance[order] <= last]
            return near.reshape(-1, 3)[order], distance[order]
        raise self.crystal.fail(line, f"the {count} neighbours of this NODE cannot be found by distance: state EDGE")


def _nearest_edges(crystal: Crystal, orbits: _Orbits) -> list[tuple[Ints, Ints]]:
    """Edges of a block that states none: nearest neighbours, shortest first, until each node has its struts.

    As Systre does; edges of one length come together, so the symmetry is kept.
    """
    candidates: list[tuple[float, int, Ints, Ints]] = []
    for index, node in enumerate(crystal.nodes):
        if node.degree:
            place = orbits.representatives[node.name]
            ends, lengths = orbits.neighbours(place, node.degree, node.line)
            candidates += [(length, index, place, end) for length, end in zip(lengths.tolist(), ends, strict=True)]
    candidates.sort(key=lambda candidate: candidate[0])
    edges: list[tuple[Ints, Ints]] = []
    wanted = np.array([node.degree for node in crystal.nodes])
    while candidates:
        shell = [c for c in candidates if c[0] <= candidates[0][0] + TOLERANCE]
        candidates = candidates[len(shell) :]
        open_orbits = np.flatnonzero(orbits.degrees(orbits.struts(edges)) < wanted)
        edges += [(start, end) for _, orbit, start, end in shell if orbit in open_orbits]
    return edges
