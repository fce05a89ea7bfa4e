"""What a design must keep to, so that it can be made and is a beam lattice at all.

Every constraint holds for many struts or pairs at once. The optimiser sees one number for each kind, the
Kreisselmeier-Steinhauser function -log(sum exp(-rho g)) / rho of all g >= 0: it is never above the smallest g, so that
what satisfies it satisfies all of them, and it is smooth (Kreisselmeier and Steinhauser, IFAC Proc. 12, 1979, 113-117).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields

import numpy as np
import torch
from torch import Tensor

from fastlattice.errors import DesignError
from fastlattice.inverse import geometry
from fastlattice.inverse.variables import Parametrisation
from fastlattice.lattice.batch import LatticeBatch
from fastlattice.lattice.lattice import IntArray

SHARPNESS = 200.0
"""rho: of n numbers that are equally small, the function is log(n) / rho below them, 2% of the limit for 50."""

_ANGLES = ("angle", "overhang")


@dataclass(frozen=True)
class Constraints:
    """Limits that a design keeps to; None: no limit. Lengths are in the lattice's unit.

    Attributes:
        smallest_radius, largest_radius: of any strut.
        slenderness: largest radius over length of any strut (beam theory holds to 0.25).
        node_distance: smallest distance between two nodes, images included.
        strut_distance: smallest distance between the axes of two struts that do not meet, images included.
        angle: smallest angle between two struts at a node, in degrees, below 90.
        overhang: smallest angle between a strut and the build plate, in degrees, below 90: flatter struts need support.
        build: [3] the direction in which it is printed, for `overhang`.

    Raises:
        DesignError: a limit is not positive, an angle is 90 degrees or more, a radius can be neither, or the build
            direction is no vector.
    """

    smallest_radius: float | None = None
    largest_radius: float | None = None
    slenderness: float | None = None
    node_distance: float | None = None
    strut_distance: float | None = None
    angle: float | None = None
    overhang: float | None = None
    build: tuple[float, float, float] = (0.0, 0.0, 1.0)

    def __post_init__(self) -> None:
        for kind in self.kinds():
            limit = getattr(self, kind)
            if not (0 < limit < (90 if kind in _ANGLES else math.inf)):
                below = " and below 90 degrees" if kind in _ANGLES else ""
                raise DesignError(f"{kind} must be positive{below}, not {limit}")
        if self.smallest_radius and self.largest_radius and self.smallest_radius > self.largest_radius:
            raise DesignError(f"no radius is above {self.smallest_radius:g} and below {self.largest_radius:g}")
        build = np.asarray(self.build, dtype=float)
        if build.shape != (3,) or not np.isfinite(build).all() or not build.any():
            raise DesignError(f"build must be a direction of three numbers, not {self.build!r}")

    def kinds(self) -> list[str]:
        """Names of the limits that are set."""
        return [f.name for f in fields(self) if f.name != "build" and getattr(self, f.name) is not None]


class Watched:
    """The constraints of many starts: for each what can come near its limit.

    Args:
        limits: the constraints.
        each: the starts.
    """

    def __init__(self, limits: Constraints, each: Sequence[Parametrisation]) -> None:
        self.limits = limits
        self.kinds = limits.kinds()
        cells = {id(start): start for start in each}  # many starts of one cell share what can come near
        found = {(kind, key): _pairs(kind, limits, start) for key, start in cells.items() for kind in self.kinds}
        self._pairs = {kind: [found[kind, id(start)] for start in each] for kind in self.kinds}

    def smooth(self, rows: Sequence[int], designs: LatticeBatch) -> dict[str, Tensor]:
        """[B] by kind: not negative where all is well, below the smallest g of the design, differentiable."""
        return {kind: _soft_minimum(g, owner, len(designs)) for kind, g, owner, _ in self._each(rows, designs)}

    def slack(self, rows: Sequence[int], designs: LatticeBatch) -> dict[str, Tensor]:
        """[B] by kind: how far the worst strut or pair is on the good side of the limit, in units of the limit (degrees
        for angles); inf where nothing can come near it."""
        found = {}
        for kind, _, owner, spare in self._each(rows, designs):
            worst = spare.new_full((len(designs),), math.inf)
            found[kind] = worst.scatter_reduce(0, owner, spare.detach(), "amin")
        return found

    def _each(self, rows: Sequence[int], designs: LatticeBatch) -> list[tuple[str, Tensor, Tensor, Tensor]]:
        shape = _Shape(designs)
        found = []
        for kind in self.kinds:
            pairs = [self._pairs[kind][row] for row in rows]
            owner = torch.arange(len(designs)).repeat_interleave(torch.tensor([len(p) for p in pairs]))
            joined = torch.from_numpy(np.concatenate(pairs))
            g, spare = _MEASURES[kind](shape, joined, owner, self.limits)
            found.append((kind, g, owner, spare))
        return found


class _Shape:
    """Struts of a batch as vectors."""

    def __init__(self, designs: LatticeBatch) -> None:
        self.cell, self.positions, self.radii = designs.cell, designs.positions, designs.radii
        self.nodes, self.struts = designs.node_offsets[:-1], designs.strut_offsets[:-1]
        self.vectors = designs.strut_vectors
        self.lengths = torch.linalg.vector_norm(self.vectors, dim=1)
        first = self.nodes.repeat_interleave(designs.strut_counts)
        self.starts = self.positions[designs.struts[:, 0] + first]

    def shift(self, s: Tensor, owner: Tensor) -> Tensor:
        """[P, 3] Cartesian shifts of [P, 3] integer ones."""
        cell = self.cell[owner]
        s = s.to(cell)
        return s[:, :1] * cell[:, 0] + s[:, 1:2] * cell[:, 1] + s[:, 2:3] * cell[:, 2]


def _pairs(kind: str, limits: Constraints, start: Parametrisation) -> IntArray:
    """Struts or pairs of one start that the kind looks at, one a row."""
    lattice = start.start
    if kind in ("node_distance", "strut_distance"):
        shrunk = 1 - float(np.abs(start.strains * start.bounds).sum(axis=1).reshape(3, 3).sum(axis=1).max())
        if shrunk <= 0:
            raise DesignError(f"{kind} cannot be watched where the cell may strain so far: lower strain")
        within = getattr(limits, kind) / shrunk + 2 * start.reach
        return (geometry.near_nodes if kind == "node_distance" else geometry.near_struts)(lattice, within)
    if kind == "angle":
        return geometry.meeting_ends(lattice)
    return np.arange(lattice.num_struts)[:, None]


Measure = Callable[[_Shape, Tensor, Tensor, Constraints], tuple[Tensor, Tensor]]
"""(struts, rows, owner, limits) -> g >= 0 in units of the limit, and the slack."""


def _radius(shape: _Shape, rows: Tensor, owner: Tensor) -> Tensor:
    return shape.radii[rows[:, 0] + shape.struts[owner]]


def _smallest_radius(shape: _Shape, rows: Tensor, owner: Tensor, limits: Constraints) -> tuple[Tensor, Tensor]:
    assert limits.smallest_radius is not None
    r = _radius(shape, rows, owner)
    return r / limits.smallest_radius - 1, r - limits.smallest_radius


def _largest_radius(shape: _Shape, rows: Tensor, owner: Tensor, limits: Constraints) -> tuple[Tensor, Tensor]:
    assert limits.largest_radius is not None
    r = _radius(shape, rows, owner)
    return 1 - r / limits.largest_radius, limits.largest_radius - r


def _slenderness(shape: _Shape, rows: Tensor, owner: Tensor, limits: Constraints) -> tuple[Tensor, Tensor]:
    assert limits.slenderness is not None
    ratio = _radius(shape, rows, owner) / shape.lengths[rows[:, 0] + shape.struts[owner]]
    return 1 - ratio / limits.slenderness, limits.slenderness - ratio


def _node_distance(shape: _Shape, rows: Tensor, owner: Tensor, limits: Constraints) -> tuple[Tensor, Tensor]:
    assert limits.node_distance is not None
    i, j = (shape.positions[rows[:, k] + shape.nodes[owner]] for k in (0, 1))
    d = torch.linalg.vector_norm(j + shape.shift(rows[:, 2:], owner) - i, dim=1)
    return d / limits.node_distance - 1, d - limits.node_distance


def _strut_distance(shape: _Shape, rows: Tensor, owner: Tensor, limits: Constraints) -> tuple[Tensor, Tensor]:
    assert limits.strut_distance is not None
    a, b = (rows[:, k] + shape.struts[owner] for k in (0, 1))
    second = shape.starts[b] + shape.shift(rows[:, 2:], owner)
    d = geometry.segment_distances(shape.starts[a], shape.vectors[a], second, shape.vectors[b])
    return d / limits.strut_distance - 1, d - limits.strut_distance


def _angle(shape: _Shape, rows: Tensor, owner: Tensor, limits: Constraints) -> tuple[Tensor, Tensor]:
    assert limits.angle is not None
    first, second = (
        shape.vectors[rows[:, k] + shape.struts[owner]] * (1 - 2 * rows[:, k + 1, None]).to(torch.float64)
        for k in (0, 2)
    )
    a, b = (torch.linalg.vector_norm(v, dim=1) for v in (first, second))
    cosine = (first * second).sum(1) / (a * b)
    limit = math.cos(math.radians(limits.angle))
    return (limit - cosine) / (1 - limit), torch.rad2deg(cosine.detach().clamp(-1, 1).acos()) - limits.angle


def _overhang(shape: _Shape, rows: Tensor, owner: Tensor, limits: Constraints) -> tuple[Tensor, Tensor]:
    assert limits.overhang is not None
    n = torch.tensor(limits.build, dtype=torch.float64)
    strut = rows[:, 0] + shape.struts[owner]
    along = (shape.vectors[strut] * (n / n.norm())).sum(1) / shape.lengths[strut]
    sine = torch.where(along < 0, -along, along)  # a strut that lies flat is turned up, too
    elevation = torch.rad2deg(sine.detach().clamp(0, 1).asin())
    return sine / math.sin(math.radians(limits.overhang)) - 1, elevation - limits.overhang


_MEASURES: dict[str, Measure] = {
    "smallest_radius": _smallest_radius,
    "largest_radius": _largest_radius,
    "slenderness": _slenderness,
    "node_distance": _node_distance,
    "strut_distance": _strut_distance,
    "angle": _angle,
    "overhang": _overhang,
}


def _soft_minimum(g: Tensor, owner: Tensor, count: int) -> Tensor:
    """[count] Kreisselmeier-Steinhauser function of the numbers of each owner; 1 where it has none."""
    least = g.new_full((count,), math.inf).scatter_reduce(0, owner, g.detach(), "amin")
    none = least.isinf()
    above = torch.exp(-SHARPNESS * (g - least[owner]))
    total = g.new_zeros(count).index_add(0, owner, above)
    return torch.where(none, 1.0, torch.where(none, 0.0, least) - torch.where(none, 1.0, total).log() / SHARPNESS)
