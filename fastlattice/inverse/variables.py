"""What an inverse design may change of one cell, as a vector z of free numbers, and the cell that a vector stands for.

x = (x0 + U z) (I + E z), cell = cell0 (I + E z), r = r0 exp(R z), then all radii by one factor so that the density is
held. U holds displacements that the kept symmetry leaves free: of one node of each orbit, in the directions that its
own symmetry does not fix, and turned along to the others. E holds symmetric strains that commute with all rotations, R
the orbits of struts. z = 0 is the start; every z within its bounds has the symmetry to rounding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from fastlattice._choices import RADII, SYMMETRIES, VARIABLES
from fastlattice.elasticity.basis import PAIRS
from fastlattice.errors import DesignError
from fastlattice.lattice.batch import LatticeBatch
from fastlattice.lattice.lattice import FloatArray, IntArray, Lattice
from fastlattice.lattice.symmetry import Isometries, isometries


@dataclass(frozen=True)
class Freedom:
    """What may change, and how far.

    Attributes:
        variables: some of "positions", "radii", "cell".
        symmetry: one of SYMMETRIES.
        radii: what shares a radius: each "strut" for itself (struts of one orbit of the kept symmetry always share
            one), each "orbit" of the start's whole symmetry, or all ("one").
        move: how far a node may move along each of its free directions, in units of the longest lattice vector.
        thickening: the factor by which a radius may grow or shrink, before all are scaled to hold the density.
        strain: the largest component of the cell's strain.
    """

    variables: tuple[str, ...] = ("positions", "radii")
    symmetry: str = "none"
    radii: str = "strut"
    move: float = 0.1
    thickening: float = 4.0
    strain: float = 0.2

    def __post_init__(self) -> None:
        unknown = [name for name in self.variables if name not in VARIABLES]
        if unknown or not self.variables or len(set(self.variables)) < len(self.variables):
            raise DesignError(f"variables are some of {', '.join(VARIABLES)}, each once, not {self.variables!r}")
        for label, chosen, known in (("symmetry", self.symmetry, SYMMETRIES), ("radii", self.radii, RADII)):
            if chosen not in known:
                raise DesignError(f"{label} is one of {', '.join(known)}, not {chosen!r}")
        for label, value, low, high in (
            ("move", self.move, 0.0, 1.0),
            ("thickening", self.thickening, 1.0, 100.0),
            ("strain", self.strain, 0.0, 0.3),
        ):
            if not low < value <= high:
                raise DesignError(f"{label} is above {low:g} and at most {high:g}, not {value}")


@dataclass(frozen=True, eq=False)
class Parametrisation:
    """The free numbers of one start.

    Attributes:
        start: the lattice at z = 0, made exactly symmetric.
        kept: the isometries that every design has.
        bounds: [n] largest absolute value of each free number.
        displacements: [3 N, n], U; lengths in the lattice's unit.
        strains: [9, n], E, row by row.
        logarithms: [M, n], R.
        reach: how far a node can move, at most.
        density: held, or None.
    """

    start: Lattice
    kept: Isometries
    bounds: FloatArray
    displacements: FloatArray
    strains: FloatArray
    logarithms: FloatArray
    reach: float
    density: float | None


def parametrise(lattice: Lattice, freedom: Freedom, density: float | None) -> Parametrisation:
    """The free numbers of a start.

    Raises:
        DesignError: nothing of the lattice is free to change.
    """
    every = isometries(lattice)
    start = every.symmetrised(lattice)
    kept = _kept(every, start.cell, freedom.symmetry)
    if density is not None:
        start = start.with_relative_density(density)
    rotations = kept.rotations(start.cell)
    length = float(np.linalg.norm(start.cell, axis=1).max())
    nodes, struts = start.num_nodes, start.num_struts
    columns: list[tuple[FloatArray, FloatArray, FloatArray, float]] = []  # displacement, strain, logarithm, bound
    still, rigid, same = np.zeros(3 * nodes), np.zeros(9), np.zeros(struts)
    if "positions" in freedom.variables:
        for field in free_displacements(kept, rotations):
            columns.append((length * field.ravel(), rigid, same, freedom.move))
    if "cell" in freedom.variables:
        for strain in free_strains(rotations):
            columns.append((still, strain.ravel(), same, freedom.strain))
    if "radii" in freedom.variables:
        for group in _groups(kept, every, freedom.radii, density is not None):
            columns.append((still, rigid, group, float(np.log(freedom.thickening))))
    if not columns:
        name = f" {lattice.name!r}" if lattice.name else ""
        kept_note = f" with symmetry {freedom.symmetry!r}" if freedom.symmetry != "none" else ""
        raise DesignError(f"lattice{name}: nothing is free to change in {', '.join(freedom.variables)}{kept_note}")
    u, e, r, bounds = (np.stack(parts, axis=-1) for parts in zip(*columns, strict=True))
    reach = np.sqrt(3) * freedom.move * length if "positions" in freedom.variables else 0.0
    return Parametrisation(start, kept, bounds, u, e, r, float(reach), density)


def _kept(every: Isometries, cell: FloatArray, symmetry: str) -> Isometries:
    rotations = np.abs(every.rotations(cell))
    eye = np.eye(3)
    to_axes = (np.abs(rotations - np.round(rotations)) < 1e-6).all((1, 2))
    chosen = {
        "none": np.arange(len(every)) == 0,
        "translations": (every.maps == np.eye(3)).all((1, 2)),
        "orthotropic": (np.abs(rotations - eye) < 1e-6).all((1, 2)),
        "tetragonal": to_axes & (rotations[:, 2, 2] > 0.5),
        "cubic": to_axes,
        "all": np.ones(len(every), dtype=bool),
    }[symmetry]
    return every.take(chosen)


def _groups(kept: Isometries, every: Isometries, radii: str, density_held: bool) -> list[FloatArray]:
    """Columns of R. Where the density is held, one radius for all is no freedom."""
    orbits = {"strut": kept, "orbit": every, "one": every}[radii].orbits()
    labels = np.zeros_like(orbits) if radii == "one" else np.unique(orbits, return_inverse=True)[1].reshape(-1)
    groups = int(labels.max()) + 1
    if groups == 1 and density_held:
        return []
    return [(labels == group).astype(float) for group in range(groups)]


def free_displacements(kept: Isometries, rotations: FloatArray) -> list[FloatArray]:
    """Fields [N, 3] of unit displacements of one node of each orbit, with those of its images."""
    fields = []
    for node in range(kept.nodes.shape[1]):
        images = kept.nodes[:, node]
        if images.min() < node:
            continue
        for direction in _span(rotations[images == node].mean(axis=0)):
            field = np.zeros((kept.nodes.shape[1], 3))
            np.add.at(field, images, rotations @ direction)
            fields.append(field / np.bincount(images, minlength=len(field)).clip(1)[:, None])
    return fields


def free_strains(rotations: FloatArray) -> list[FloatArray]:
    """Symmetric strains [3, 3] that all rotations leave as they are."""
    units = np.zeros((6, 3, 3))
    for k, (a, b) in enumerate(PAIRS):
        units[k, a, b] = units[k, b, a] = 1
    averaged = np.einsum("gab,kbc,gdc->kad", rotations, units, rotations) / len(rotations)
    return [strain.reshape(3, 3) for strain in _span(averaged.reshape(6, 9).T)]


def _span(columns: FloatArray) -> list[FloatArray]:
    """An orthogonal basis, largest component 1, of what columns span, by Gram-Schmidt in their order."""
    basis: list[FloatArray] = []
    for column in columns.T:
        for known in basis:
            column = column - (column @ known) / (known @ known) * known
        if np.abs(column).max() > 1e-6:
            basis.append(column / np.abs(column).max())
    return basis


class Starts:
    """Parametrisations of many starts, evaluated together.

    Args:
        parametrisations: of each start.
    """

    def __init__(self, parametrisations: Sequence[Parametrisation]) -> None:
        self.each = list(parametrisations)
        self.batch = LatticeBatch.from_lattices(p.start for p in self.each)
        self._last: tuple[tuple[int, ...], _Joined] | None = None

    def lattices(self, rows: Sequence[int], z: torch.Tensor) -> LatticeBatch:
        """The cells of some starts at their free numbers, one after another in z; gradients flow to z."""
        if self._last is None or self._last[0] != tuple(rows):
            self._last = (tuple(rows), _Joined([self.each[row] for row in rows], self.batch.take(list(rows))))
        return self._last[1].lattices(z)


class _Joined:
    """The maps of several starts as one sparse map."""

    def __init__(self, each: Sequence[Parametrisation], batch: LatticeBatch) -> None:
        self._batch = batch
        first = np.cumsum([0, *(len(p.bounds) for p in each)])
        self._displacements = _joined([p.displacements for p in each], first)
        self._strains = _joined([p.strains for p in each], first)
        self._logarithms = _joined([p.logarithms for p in each], first)
        self._held = torch.tensor([p.density is not None for p in each])
        self._densities = torch.tensor([p.density or 0.5 for p in each], dtype=torch.float64)

    def lattices(self, z: torch.Tensor) -> LatticeBatch:
        batch = self._batch
        moved = batch.positions + _apply(self._displacements, z, batch.positions.numel()).view(-1, 3)
        stretch = torch.eye(3, dtype=torch.float64) + _apply(self._strains, z, 9 * len(batch)).view(-1, 3, 3)
        of_nodes = stretch.repeat_interleave(batch.node_counts, 0)
        cell = sum(
            (batch.cell[:, :, k, None] * stretch[:, None, k] for k in (1, 2)), batch.cell[:, :, :1] * stretch[:, :1]
        )
        positions = sum((moved[:, k, None] * of_nodes[:, k] for k in (1, 2)), moved[:, :1] * of_nodes[:, 0])
        radii = batch.radii * _apply(self._logarithms, z, len(batch.radii)).exp()
        design = batch.replace(cell=cell, positions=positions, radii=radii)
        if bool(self._held.any()):
            wanted = torch.where(self._held, self._densities, design.relative_density.detach())
            factor = torch.where(self._held, (wanted / design.relative_density).sqrt(), 1.0)
            design = design.replace(radii=radii * factor.repeat_interleave(batch.strut_counts))
        return design


def _joined(maps: Sequence[FloatArray], first: IntArray) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Rows, columns and values of matrices along the diagonal of one."""
    rows, columns, values, row = [], [], [], 0
    for matrix, column in zip(maps, first, strict=False):
        i, j = np.nonzero(matrix)
        rows.append(i + row)
        columns.append(j + column)
        values.append(matrix[i, j])
        row += len(matrix)
    return tuple(torch.from_numpy(np.concatenate(parts)) for parts in (rows, columns, values))  # type: ignore[return-value]


def _apply(sparse: tuple[torch.Tensor, torch.Tensor, torch.Tensor], z: torch.Tensor, count: int) -> torch.Tensor:
    rows, columns, values = sparse
    return z.new_zeros(count).index_add(0, rows, values * z[columns])
