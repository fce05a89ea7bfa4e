"""What can be done to all lattices of a batch at once: LatticeBatch has these as its methods.

Columns that a transform may make untrue do not come along: what was computed for the old geometry must not pass for
a property of the new one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import torch
from numpy.typing import ArrayLike

from fastlattice.errors import LatticeError
from fastlattice.lattice.randomness import Seed, check_orthogonal, random_directions, random_rotations

if TYPE_CHECKING:
    from fastlattice.lattice.batch import LatticeBatch

TENSORS = ("target", "stiffness", "compliance")
"""Columns that are 6x6 Mandel matrices where a batch has them."""
RESULTS = (*TENSORS, "status", "rank", "reason")
"""Columns with what was computed from all of the geometry."""
OF_SHAPE = ("level", "imperfection_level")
OF_RADII = ("relative_density", "density", "beam_valid")


class _Batch(Protocol):
    """What the transforms need of a LatticeBatch."""

    def __len__(self) -> int: ...
    @property
    def cell(self) -> torch.Tensor: ...
    @property
    def positions(self) -> torch.Tensor: ...
    @property
    def radii(self) -> torch.Tensor: ...
    @property
    def node_counts(self) -> torch.Tensor: ...
    @property
    def strut_counts(self) -> torch.Tensor: ...
    @property
    def relative_density(self) -> torch.Tensor: ...
    @property
    def columns(self) -> Mapping[str, Any]: ...
    @property
    def replace(self) -> Any: ...
    def rotate(self, rotation: Any) -> LatticeBatch: ...


class Transforms:
    """Methods of LatticeBatch that return the same lattices moved, strained, turned or with other radii."""

    def perturb(self: _Batch, level: float | ArrayLike | torch.Tensor, seed: Seed) -> LatticeBatch:
        """Moves every node by exactly `level` times its lattice's largest cell constant, in a random direction.

        A batch of one lattice is moved as `Lattice.perturb` moves it. Gradients flow to cell, positions and level. The
        columns of results, density, beam_valid and level do not come along.

        Args:
            level: length of the step in units of the longest lattice vector (the imperfection level of Grega et al.
                2024): a number, or [B].
            seed: integer, or a numpy Generator; directions are uniform on the sphere, independent for each node.

        Raises:
            LatticeError: level has another shape.
        """
        step = _per_lattice("level", level, len(self)) * self.cell.norm(dim=2).amax(1)
        directions = torch.from_numpy(random_directions(seed, len(self.positions)))
        moved = self.positions + step.repeat_interleave(self.node_counts)[:, None] * directions
        return self.replace(positions=moved, columns=_without(self.columns, *RESULTS, *OF_SHAPE, *OF_RADII))

    def strain(self: _Batch, tensor: ArrayLike | torch.Tensor) -> LatticeBatch:
        """Strains cells and positions affinely: every vector v becomes exp(e) v; shifts and radii stay.

        Gradients flow to cell, positions and e. The columns of results, density, beam_valid and level do not come
        along.

        Args:
            tensor: logarithmic (Hencky) strain e, [3, 3] or [B, 3, 3], symmetric.

        Raises:
            LatticeError: e is not symmetric or has another shape.
        """
        e = torch.as_tensor(tensor, dtype=torch.float64)
        if e.shape not in ((3, 3), (len(self), 3, 3)) or not torch.allclose(e, e.mT, rtol=0, atol=1e-12):
            raise LatticeError(f"a strain is a symmetric tensor, [3, 3] or [{len(self)}, 3, 3]")
        stretch = torch.matrix_exp(e).expand(len(self), 3, 3)
        columns = _without(self.columns, *RESULTS, *OF_SHAPE, *OF_RADII)
        return self.replace(**_mapped(self, stretch), columns=columns)

    def with_density(self: _Batch, density: float | ArrayLike | torch.Tensor) -> LatticeBatch:
        """Scales the radii of each lattice by one factor so that its relative density is `density`.

        Gradients flow to cell, positions, radii and density. The column relative_density is set; those of results and
        beam_valid do not come along.

        Args:
            density: a number, or [B]; between 0 and 1.

        Raises:
            LatticeError: a density is out of range, density has another shape, or a lattice has no strut with a length.
        """
        wanted = _per_lattice("density", density, len(self))
        if not bool(((wanted > 0) & (wanted < 1)).all()):
            raise LatticeError("a relative density is a positive number below 1")
        present = self.relative_density
        if not bool((present > 0).all()):
            raise LatticeError(f"lattice {int((~(present > 0)).nonzero()[0])} has no strut with a length")
        radii = self.radii * (wanted / present).sqrt().repeat_interleave(self.strut_counts)
        columns = _without(self.columns, *RESULTS, *OF_RADII)
        return self.replace(radii=radii, columns={**columns, "relative_density": wanted.detach()})

    def with_radii(self: _Batch, radii: float | ArrayLike | torch.Tensor) -> LatticeBatch:
        """The same lattices with other radii.

        Gradients flow to radii. The columns of results, density and beam_valid do not come along.

        Args:
            radii: a number, or one for each strut [M]; positive. Where only their ratios matter, `with_density` after
                it sets the scale.

        Raises:
            LatticeError: a radius is not positive, or radii has another shape.

        Example:
            >>> batch.with_radii(torch.exp(0.3 * torch.randn(len(batch.radii)))).with_density(0.01)
        """
        given = torch.as_tensor(radii, dtype=torch.float64)
        if given.shape not in ((), self.radii.shape) or not bool((given > 0).all()):
            raise LatticeError(f"radii are positive: one number, or one for each of the {len(self.radii)} struts")
        columns = _without(self.columns, *RESULTS, *OF_RADII)
        return self.replace(radii=given.expand(self.radii.shape).contiguous(), columns=columns)

    def rotate(self: _Batch, rotation: ArrayLike | torch.Tensor | Seed) -> LatticeBatch:
        """Turns lattices: every vector v becomes Q v. Columns target, stiffness and compliance [B, 6, 6] turn along.

        Gradients flow to cell, positions and Q.

        Args:
            rotation: orthogonal Q, proper or not, [3, 3] or [B, 3, 3]; or a seed (an integer, or a numpy Generator) of
                uniformly random proper rotations, one for each lattice (the "+tr" of Grega et al. 2024).

        Raises:
            LatticeError: Q is not orthogonal or has another shape.
        """
        from fastlattice.elasticity import rotate

        if isinstance(rotation, int | np.integer | np.random.Generator):
            rotation = random_rotations(rotation, len(self))
        q = torch.as_tensor(rotation, dtype=torch.float64)
        if q.shape not in ((3, 3), (len(self), 3, 3)):
            raise LatticeError(f"rotations are matrices, [3, 3] or [{len(self)}, 3, 3], not {list(q.shape)}")
        check_orthogonal(q.detach().numpy())
        q = q.expand(len(self), 3, 3)
        turned = {k: rotate(c, q.detach(), notation="mandel") for k, c in self.columns.items() if k in TENSORS}
        return self.replace(**_mapped(self, q.mT), columns={**self.columns, **turned})

    def reflect(self: _Batch, normal: ArrayLike | torch.Tensor) -> LatticeBatch:
        """Mirrors lattices in the plane through the origin with this normal; else as `rotate`.

        Args:
            normal: [3] or [B, 3], of any length but zero.

        Raises:
            LatticeError: the normal has no length, or another shape.
        """
        n = torch.as_tensor(normal, dtype=torch.float64)
        length = n.norm(dim=-1, keepdim=True) if n.ndim and n.shape[-1] == 3 else torch.zeros(1)
        if not bool(((length > 0) & length.isfinite()).all()):
            raise LatticeError("the normal of a mirror is a vector with a length, [3] or [B, 3]")
        n = n / length
        return self.rotate(torch.eye(3, dtype=torch.float64) - 2 * n[..., :, None] * n[..., None, :])


def _mapped(batch: _Batch, maps: torch.Tensor) -> dict[str, torch.Tensor]:
    """Cell and positions with every row v as v @ map [B, 3, 3]."""
    each = maps.repeat_interleave(batch.node_counts, 0)
    return {"cell": _rows(batch.cell, maps[:, None]), "positions": _rows(batch.positions, each)}


def _rows(vectors: torch.Tensor, maps: torch.Tensor) -> torch.Tensor:
    """Rows v [..., 3] as v @ map [..., 3, 3]: sums of three products, the same bits in any batch."""
    x, y, z = (vectors[..., k, None] * maps[..., k, :] for k in range(3))
    return x + y + z


def _per_lattice(label: str, value: Any, count: int) -> torch.Tensor:
    """[count] float64 of one number or of one for each lattice."""
    given = torch.as_tensor(value, dtype=torch.float64)
    if given.shape not in ((), (count,)):
        raise LatticeError(f"{label} is one number or one for each of the {count} lattices, not {list(given.shape)}")
    return given.expand(count)


def _without(columns: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: column for name, column in columns.items() if name not in names}
