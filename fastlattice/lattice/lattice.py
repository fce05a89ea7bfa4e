"""A periodic strut lattice: unit cell, nodes, struts with integer shifts, radii.

Conventions: rows of `cell` are the lattice vectors; positions are Cartesian; a strut (i, j, s) is stored once and
runs along x_j - x_i + s @ cell. Several struts between the same nodes and struts from a node to its own image
(i = j, s != 0) are legal. Lengths are in the caller's unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray

from fastlattice.errors import LatticeError
from fastlattice.lattice.randomness import check_orthogonal, random_directions

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, eq=False, repr=False)
class Lattice:
    """One periodic strut lattice with circular struts; immutable, validated when made.

    Validation covers what makes the arrays a lattice at all (shapes, finite numbers, indices, positive radii, a
    cell with volume). Whether the lattice carries load is a matter of mechanics: `homogenise` reports it.

    Args:
        cell: [3, 3] lattice vectors, one a row.
        positions: [N, 3] Cartesian node positions; they need not lie inside the cell.
        struts: [M, 2] node indices (i, j).
        shifts: [M, 3] integer shifts s, in lattice vectors.
        radii: [M] strut radii, or one number for all.
        name: free text.

    Raises:
        LatticeError: with the lattice's name and what is wrong.
    """

    cell: FloatArray
    positions: FloatArray
    struts: IntArray
    shifts: IntArray
    radii: FloatArray
    name: str = ""

    def __init__(
        self,
        cell: ArrayLike | torch.Tensor,
        positions: ArrayLike | torch.Tensor,
        struts: ArrayLike | torch.Tensor,
        shifts: ArrayLike | torch.Tensor,
        radii: ArrayLike | torch.Tensor,
        name: str = "",
    ) -> None:
        try:
            cell = _array(cell, (3, 3), "cell")
            positions = _array(positions, (-1, 3), "positions")
            struts = _array(struts, (-1, 2), "struts", integer=True)
            shifts = _array(shifts, (-1, 3), "shifts", integer=True)
            if np.ndim(radii) == 0:
                radii = np.full(len(struts), float(radii))  # type: ignore[arg-type]
            radii = _array(radii, (-1,), "radii")
            _check_fit(cell, positions, struts, shifts, radii)
        except (TypeError, ValueError) as error:
            raise LatticeError(f"lattice {name!r}: {error}" if name else f"lattice: {error}") from None
        self._freeze(cell=cell, positions=positions, struts=struts, shifts=shifts, radii=radii)
        object.__setattr__(self, "name", str(name))

    def _freeze(self, **arrays: NDArray[Any]) -> None:
        for name, array in arrays.items():
            array.setflags(write=False)
            object.__setattr__(self, name, array)

    def __reduce__(self) -> tuple[Any, ...]:
        """Copies and pickles are made and frozen as the original was; they hold plain bytes, so that torch.load reads
        them with weights_only."""
        arrays = (self.cell, self.positions, self.struts, self.shifts, self.radii)
        return lattice_from_bytes, (self.name, *(a.astype(a.dtype.newbyteorder("<")).tobytes() for a in arrays))

    @classmethod
    def from_fractional(
        cls,
        cell: ArrayLike,
        fractional: ArrayLike,
        struts: ArrayLike,
        shifts: ArrayLike,
        radii: ArrayLike,
        name: str = "",
    ) -> Lattice:
        """A lattice whose node positions are given in lattice vectors: position = fractional @ cell.

        Args and errors as for `Lattice`; fractional: [N, 3].
        """
        return cls(
            cell, np.asarray(fractional, dtype=float) @ np.asarray(cell, dtype=float), struts, shifts, radii, name
        )

    @classmethod
    def from_wireframe(
        cls,
        nodes: ArrayLike,
        struts: ArrayLike,
        radii: ArrayLike,
        cell: ArrayLike | None = None,
        tolerance: float = 1e-4,
        on_faces: str = "copies",
        name: str = "",
    ) -> Lattice:
        """The lattice whose cell, cut out and maybe repeated, is a finite wireframe in a box.

        `fastlattice.lattice.wireframe.fold_wireframe` is the same and tells what it did.

        Args:
            nodes: [N, 3] positions.
            struts: [M, 2] nodes.
            radii: [M], or one for all.
            cell, tolerance, on_faces: as for `fold_wireframe`.
            name: of the lattice.

        Raises:
            LatticeError: the wireframe is malformed or not periodic.
            ValueError: tolerance or on_faces out of range.
        """
        from fastlattice.lattice.wireframe import Wireframe, fold_wireframe

        ends = np.array(struts, dtype=np.int64)
        every = np.broadcast_to(np.asarray(radii, dtype=float), (len(ends),))
        wireframe = Wireframe(np.array(nodes, dtype=float), ends, np.array(every), name=name)
        return fold_wireframe(wireframe, cell, tolerance, on_faces).lattice

    def __repr__(self) -> str:
        label = f"{self.name!r}: " if self.name else ""
        return f"Lattice({label}{self.num_nodes} nodes, {self.num_struts} struts, density {self.relative_density:.4g})"

    def __eq__(self, other: object) -> bool:
        """True where every array and the name are the same, bit for bit."""
        if not isinstance(other, Lattice):
            return NotImplemented
        names = ("cell", "positions", "struts", "shifts", "radii")
        return self.name == other.name and all(np.array_equal(getattr(self, k), getattr(other, k)) for k in names)

    __hash__ = None  # type: ignore[assignment]

    @property
    def num_nodes(self) -> int:
        """Number of nodes N in the cell."""
        return len(self.positions)

    @property
    def num_struts(self) -> int:
        """Number of struts M in the cell."""
        return len(self.struts)

    @cached_property
    def volume(self) -> float:
        """Volume of the cell (positive also for a left-handed cell)."""
        return float(abs(np.linalg.det(self.cell)))

    @cached_property
    def strut_vectors(self) -> FloatArray:
        """[M, 3] vectors x_j - x_i + s @ cell."""
        i, j = self.struts.T
        return _read_only(self.positions[j] - self.positions[i] + self.shifts @ self.cell)

    @cached_property
    def strut_lengths(self) -> FloatArray:
        """[M] lengths of the struts."""
        return _read_only(np.linalg.norm(self.strut_vectors, axis=1))

    @cached_property
    def relative_density(self) -> float:
        """Sum of pi r^2 L over the struts, divided by the volume of the cell (overlaps at nodes count twice)."""
        return float(np.pi * (self.radii**2 @ self.strut_lengths) / self.volume)

    @property
    def fractional(self) -> FloatArray:
        """[N, 3] node positions in lattice vectors."""
        return np.linalg.solve(self.cell.T, self.positions.T).T

    def with_relative_density(self, density: float) -> Lattice:
        """The same lattice with all radii scaled by one factor so that its relative density is `density`.

        Raises:
            LatticeError: the density does not lie between 0 and 1, or there is no strut to scale.
        """
        if not 0 < density < 1:
            raise LatticeError(f"lattice {self.name!r}: relative density {density} is not a positive number below 1")
        if not self.relative_density > 0:
            raise LatticeError(f"lattice {self.name!r}: it has no strut with a length, so no relative density")
        return self._replace(radii=self.radii * np.sqrt(density / self.relative_density))

    def rotate(self, rotation: ArrayLike) -> Lattice:
        """The lattice turned by a proper or improper rotation Q: every vector v becomes Q v.

        Raises:
            LatticeError: `rotation` is not an orthogonal [3, 3] matrix.
        """
        matrix = np.asarray(rotation, dtype=float)
        if matrix.ndim != 2:
            raise LatticeError("a rotation must be an orthogonal 3x3 matrix")
        check_orthogonal(matrix)
        return self._replace(cell=self.cell @ matrix.T, positions=self.positions @ matrix.T)

    def perturb(self, level: float, seed: int | np.random.Generator) -> Lattice:
        """Moves every node by exactly `level` times the largest cell constant, each in its own random direction.

        Args:
            level: step length in units of the longest lattice vector (the imperfection level of Grega et al. 2024).
            seed: integer seed, or a numpy Generator; directions are uniform on the sphere.
        """
        step = level * np.linalg.norm(self.cell, axis=1).max()
        return self._replace(positions=self.positions + step * random_directions(seed, self.num_nodes))

    def supercell(self, n: int | Sequence[int]) -> Lattice:
        """n1 x n2 x n3 copies of the cell as one lattice: the same material, described by a larger cell.

        Args:
            n: copies along each lattice vector, one number or three.

        Raises:
            LatticeError: a count is not a positive integer.
        """
        counts = np.broadcast_to(np.asarray(n), (3,))
        if counts.dtype.kind not in "iu" or counts.min() < 1:
            raise LatticeError(f"supercell counts must be positive integers, not {n!r}")
        images = np.stack(np.meshgrid(*map(np.arange, counts), indexing="ij"), axis=-1).reshape(-1, 3)
        i, j = self.struts.T
        reached = images[:, None, :] + self.shifts[None]  # image that the far end of each strut lies in
        wrapped = np.mod(reached, counts)
        image_index = (wrapped[..., 0] * counts[1] + wrapped[..., 1]) * counts[2] + wrapped[..., 2]
        start = np.arange(len(images))[:, None] * self.num_nodes + i
        return self._replace(
            cell=self.cell * counts[:, None],
            positions=(self.positions[None] + (images @ self.cell)[:, None]).reshape(-1, 3),
            struts=np.stack([start, image_index * self.num_nodes + j], axis=-1).reshape(-1, 2),
            shifts=((reached - wrapped) // counts).reshape(-1, 3),
            radii=np.tile(self.radii, len(images)),
        )

    def primitive(self, tolerance: float = 1e-6) -> Lattice:
        """The same material on a smallest possible cell; `self` where the cell is primitive already.

        Args:
            tolerance: how far, relative to the longest lattice vector (positions) or to the radius (radii), two
                places may differ and still count as translated copies.
        """
        from fastlattice.lattice.primitive import primitive_arrays

        arrays = primitive_arrays(self, tolerance)
        return self if arrays is None else self._replace(**arrays)

    def _replace(self, **arrays: ArrayLike) -> Lattice:
        names = ("cell", "positions", "struts", "shifts", "radii", "name")
        return Lattice(**{**{k: getattr(self, k) for k in names}, **arrays})


def lattice_from_bytes(name: str, cell: bytes, positions: bytes, struts: bytes, shifts: bytes, radii: bytes) -> Lattice:
    """A lattice from little-endian arrays: what copies and pickles of a Lattice call."""

    def array(data: bytes, kind: str, width: int) -> NDArray[Any]:
        return np.frombuffer(data, kind).reshape(-1, width)

    try:
        arrays = (array(cell, "<f8", 3), array(positions, "<f8", 3), array(struts, "<i8", 2), array(shifts, "<i8", 3))
        return Lattice(*arrays, np.frombuffer(radii, "<f8"), name)
    except (TypeError, ValueError) as error:
        raise LatticeError(f"damaged lattice: {error}") from None


def _array(value: Any, shape: tuple[int, ...], label: str, integer: bool = False) -> NDArray[Any]:
    """A copy of what users have, as float64 or int64 of a shape; -1 stands for any number.

    Raises:
        TypeError, ValueError: it is not numbers, has another shape, or holds what is not finite or not an integer.
    """
    try:
        given = value.detach().cpu().numpy() if isinstance(value, torch.Tensor) else np.asarray(value)
        if given.dtype.kind not in "iuf":
            raise ValueError(f"not numbers (dtype {given.dtype})")
        given = given.reshape(shape) if given.size == 0 else given
        result = np.array(given, dtype=np.int64 if integer else np.float64, order="C")
    except (TypeError, ValueError) as error:
        raise ValueError(f"{label}: {error}") from None
    if result.ndim != len(shape) or any(n not in (-1, m) for n, m in zip(shape, result.shape, strict=True)):
        expected = ", ".join("*" if n == -1 else str(n) for n in shape)
        raise ValueError(f"{label} has shape {tuple(given.shape)}, expected [{expected}]")
    if not np.isfinite(given).all():
        raise ValueError(f"{label} holds a NaN or an infinite number")
    if integer and not np.array_equal(result, given):
        raise ValueError(f"{label} must be integers")
    return result


def _check_fit(cell: FloatArray, positions: FloatArray, struts: IntArray, shifts: IntArray, radii: FloatArray) -> None:
    """Raises ValueError unless the arrays make a lattice together."""
    edges = np.linalg.norm(cell, axis=1)
    if not abs(np.linalg.det(cell)) > 1e-9 * np.prod(edges):
        raise ValueError("the cell has no volume: its vectors are linearly dependent")
    if len(positions) == 0:
        raise ValueError("there are no nodes")
    if not len(struts) == len(shifts) == len(radii):
        raise ValueError(f"{len(struts)} struts, {len(shifts)} shifts and {len(radii)} radii: the counts differ")
    if len(struts) and (struts.min() < 0 or struts.max() >= len(positions)):
        bad = int(np.flatnonzero(((struts < 0) | (struts >= len(positions))).any(axis=1))[0])
        raise ValueError(f"strut {bad} names node {struts[bad].tolist()}, but the nodes are 0..{len(positions) - 1}")
    if len(radii) and not radii.min() > 0:
        bad = int(np.flatnonzero(~(radii > 0))[0])
        raise ValueError(f"strut {bad} has radius {radii[bad]}: radii must be positive")


def _read_only(array: FloatArray) -> FloatArray:
    array.setflags(write=False)
    return array
