"""Forces and moments in every strut under macroscopic loads, and what follows: peak stresses, first yield, buckling.

The displacements are those of `homogenise`; a strut's end forces are the derivatives of the energy that an exact
Timoshenko element stores (csrc/frame/adjoint.cpp has it).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from fastlattice._choices import KAPPA
from fastlattice.elasticity import compliance
from fastlattice.errors import ArgumentError
from fastlattice.fe.homogenise import solve
from fastlattice.fe.options import checked_options
from fastlattice.fe.status import Status, StiffnessResult
from fastlattice.lattice.batch import Geometry, LatticeBatch, as_batch
from fastlattice.lattice.lattice import Lattice
from fastlattice.lattice.ragged import owners

MACRO = ("stress", "strain")
STRESSES = ("von_mises", "normal", "axial")


@dataclass(frozen=True)
class StrutLoads(StiffnessResult):
    """Loads of the M struts of B lattices under unit macro-loads, in units of the solid's Young's modulus.

    Attributes:
        forces: [M, 2, 3, 6] float64, force on the strut at its two ends, in the frame of the cell, under each of the
            six unit loads in Mandel order; NaN in lattices whose status is not OK. In units of E_s times an area (macro
            "strain") or of the macro-stress times an area (macro "stress").
        moments: [M, 2, 3, 6] float64, moment on the strut at its two ends; force times length.
        macro: what the six unit loads are, "stress" or "strain".
        directions: [M, 3] unit vectors along the struts; lengths, radii: [M]; offsets: [B + 1] of lattices in struts.
        the others: as of `StiffnessResult`.
    """

    forces: Tensor
    moments: Tensor
    macro: str
    directions: Tensor
    lengths: Tensor
    radii: Tensor
    offsets: Tensor

    def axial_force(self) -> Tensor:
        """[M, 6], positive in tension."""
        return torch.einsum("mp,mpk->mk", self.directions, self.forces[:, 1])

    def under(self, load: Any) -> StrutStresses:
        """Stresses under macroscopic loads.

        Args:
            load: [..., 6] Mandel vectors of stress or strain (as `macro` says), the same for all lattices.

        Raises:
            ArgumentError: `load` has another shape.
        """
        given = torch.as_tensor(load, dtype=torch.float64)
        if given.ndim == 0 or given.shape[-1] != 6:
            raise ArgumentError(f"a load is a Mandel vector of 6 numbers, not of shape {tuple(given.shape)}")
        force = torch.einsum("mpk,...k->...mp", self.forces[:, 1], given)
        moment = torch.einsum("mepk,...k->...mep", self.moments, given)
        along = (force * self.directions).sum(-1)
        torque = (moment[..., 1, :] * self.directions).sum(-1)
        twisting = (moment * self.directions[:, None]).sum(-1, keepdim=True) * self.directions[:, None]
        bending = (moment - twisting).norm(dim=-1).amax(-1)
        area = math.pi * self.radii**2
        axial = along / area
        normal = axial.abs() + 4 * bending / (area * self.radii)
        shear = 2 * torque / (area * self.radii)
        return StrutStresses(axial, normal, (normal**2 + 3 * shear**2).sqrt(), along, self.lengths, self.radii)

    def peak(self, load: Any, of: str = "von_mises") -> Tensor:
        """The largest stress in any strut of each lattice under macroscopic loads.

        Args:
            load: [..., 6], as for `under`; `torch.eye(6)` are the six unit loads.
            of: the stress, "von_mises"; or "normal" or "axial", the size of which is meant.

        Returns:
            [..., B], NaN where status is not OK.

        Raises:
            ArgumentError: there is no such stress, or `load` has another shape.
        """
        if of not in STRESSES:
            raise ArgumentError(f"a peak is of one of {', '.join(STRESSES)}, not of {of!r}")
        stress = getattr(self.under(load), of).abs()
        owner = owners(self.offsets).expand_as(stress)
        out = stress.new_zeros(*stress.shape[:-1], len(self))
        return out.scatter_reduce(-1, owner, stress, "amax").masked_fill(~self.ok, math.nan)

    def yield_stress(self, directions: Any) -> Tensor:
        """Uniaxial macro-stress at which the first strut yields, over the yield strength of the solid.

        Args:
            directions: [D, 3] along which the lattice is pulled, of any length.

        Returns:
            [D, B].

        Raises:
            ArgumentError: the loads are strains, or `directions` has another shape or a zero.
        """
        if self.macro != "stress":
            raise ArgumentError("first yield needs the loads of unit macro-stresses: strut_loads(..., macro='stress')")
        n = torch.as_tensor(directions, dtype=torch.float64)
        if n.ndim != 2 or n.shape[-1] != 3 or not (n.norm(dim=1) > 0).all():
            raise ArgumentError("directions are vectors [D, 3], none of them zero")
        n = n / n.norm(dim=1, keepdim=True)
        x, y, z = n.unbind(1)
        root = math.sqrt(2)
        return 1 / self.peak(torch.stack([x * x, y * y, z * z, root * y * z, root * x * z, root * x * y], dim=1))

    def weakest(self, count: int = 2000) -> tuple[Tensor, Tensor]:
        """The lowest uniaxial macro-stress of first yield, [B], and its direction, [B, 3].

        Args:
            count: directions that are tried, evenly on a hemisphere (a Fibonacci spiral): the neighbours of each are
                about sqrt(2 pi / count) radians apart.
        """
        k = torch.arange(count, dtype=torch.float64)
        z = (k + 0.5) / count
        angle, ring = math.pi * (1 + math.sqrt(5)) * k, (1 - z * z).sqrt()
        n = torch.stack([ring * angle.cos(), ring * angle.sin(), z], dim=1)
        n = torch.cat([torch.eye(3, dtype=torch.float64), n])
        stress = torch.cat([self.yield_stress(part) for part in n.split(64)])
        lowest = torch.where(stress.isnan(), math.inf, stress).argmin(0)
        return stress[lowest, torch.arange(len(self))], n[lowest]


@dataclass(frozen=True)
class StrutStresses:
    """Stresses in M struts under macroscopic loads [..., 6], in the unit of the load (macro-stress) or of E_s (strain).

    Attributes:
        axial: [..., M] axial force over area, positive in tension.
        normal: [..., M] the largest axial stress over the section and both ends, in size: of the force and the bending.
        von_mises: [..., M] of that stress and the torsion's at the same place, the surface of an end. The shear of the
            transverse forces, which is zero there where they act in the plane of bending, is left out.
        force: [..., M] axial force; lengths, radii: [M].
    """

    axial: Tensor
    normal: Tensor
    von_mises: Tensor
    force: Tensor
    lengths: Tensor
    radii: Tensor

    def euler_load_factor(self, effective_length: float = 1.0) -> Tensor:
        """[..., M] Euler's critical force pi^2 E I / (K L)^2 over a strut's compression; infinite in tension.

        Of loads in units of the solid's modulus (E_s = 1): multiply a load by this factor, and the strut buckles.

        Args:
            effective_length: K, of the strut's length: 1 between hinges (less than joints hold), 0.5 clamped.

        Raises:
            ArgumentError: K is not positive.
        """
        if not effective_length > 0:
            raise ArgumentError(f"the effective length must be positive, not {effective_length}")
        critical = math.pi**3 * self.radii**4 / 4 / (effective_length * self.lengths) ** 2
        return torch.where(self.force < 0, critical / -self.force, math.inf)


def strut_loads(
    lattices: LatticeBatch | Lattice | Iterable[Lattice],
    macro: str = "stress",
    nu: float = 0.3,
    kappa: float = KAPPA,
    threads: int | None = None,
) -> StrutLoads:
    """End forces and moments of every strut under the six unit macro-stresses, or macro-strains. No gradients.

    Args:
        lattices: a batch, one lattice or a sequence of lattices.
        macro: "stress" or "strain": what the unit loads are, in Mandel order and normalisation.
        nu, kappa, threads: as for `homogenise`.

    Raises:
        ArgumentError: `macro` is neither.
        ValueError: nu, kappa or threads out of range.
        LatticeError: something in the sequence is not a Lattice.
    """
    if macro not in MACRO:
        raise ArgumentError(f"macro must be one of {', '.join(MACRO)}, not {macro!r}")
    options = checked_options(nu, kappa, threads, "exact", "timoshenko")
    batch = as_batch(lattices)
    geometry = Geometry(*(column.detach() for column in batch._columns_for_native()))
    displacements = torch.empty(len(geometry.positions), 6, 8, dtype=torch.float64)
    stiffness, found = solve(geometry, options, displacements)
    owner = owners(geometry.strut_offsets)
    ok = (found.status == Status.OK)[owner]
    forces = torch.full((len(owner), 2, 3, 6), math.nan, dtype=torch.float64)
    moments = torch.full_like(forces, math.nan)
    struts = geometry.struts[ok] + geometry.node_offsets[owner[ok], None]
    shift = geometry.shifts[ok].to(torch.float64)
    cells = geometry.cell[owner[ok]]
    vectors = geometry.positions[struts[:, 1]] - geometry.positions[struts[:, 0]] + (shift[:, None] @ cells)[:, 0]
    ends = displacements[struts][..., :6]
    forces[ok], moments[ok] = _end_loads(vectors, geometry.radii[ok], ends, options.nu, options.kappa)
    if macro == "stress":
        per_stress = compliance(stiffness)[owner][:, None]
        forces, moments = forces @ per_stress, moments @ per_stress
    directions = torch.full((len(owner), 3), math.nan, dtype=torch.float64)
    lengths = torch.full((len(owner),), math.nan, dtype=torch.float64)
    lengths[ok] = vectors.norm(dim=1)
    directions[ok] = vectors / lengths[ok, None]
    columns = (stiffness, *found, batch.names, batch)
    return StrutLoads(*columns, forces, moments, macro, directions, lengths, geometry.radii, geometry.strut_offsets)


def _end_loads(vectors: Tensor, radii: Tensor, ends: Tensor, nu: float, kappa: float) -> tuple[Tensor, Tensor]:
    """Forces and moments [M, 2, 3, 6] on struts from the fluctuations of their ends [M, 2, 6 unknowns, 6 strains].

    With Delta = u2 + eps v - u1, the mean rotation m, delta = th2 - th1 and gamma = Delta_perp / L - m x t, a strut
    stores half of EA/L (t.Delta)^2 + 12 q |gamma|^2 + EI/L |delta|^2 + (GJ - EI)/L (t.delta)^2.
    """
    length = vectors.norm(dim=1)[:, None, None]
    r = radii[:, None, None]
    t = (vectors / length[:, 0])[..., None]  # [M, 3, 1], over loads
    axial = math.pi * r**2 / length
    bending = axial * r**2 / 4
    torsion = bending / (1 + nu)
    q = bending / (1 + 6 * (1 + nu) / kappa * (r / length) ** 2)
    h = math.sqrt(0.5)
    x, y, z = vectors.unbind(1)
    zero = torch.zeros_like(x)
    macro = torch.stack(
        [
            torch.stack([x, zero, zero, zero, h * z, h * y], dim=1),
            torch.stack([zero, y, zero, h * z, zero, h * x], dim=1),
            torch.stack([zero, zero, z, h * y, h * x, zero], dim=1),
        ],
        dim=1,
    )
    stretch = ends[:, 1, :3] - ends[:, 0, :3] + macro
    mean, turn = (ends[:, 0, 3:] + ends[:, 1, 3:]) / 2, ends[:, 1, 3:] - ends[:, 0, 3:]
    along, twist = (t * stretch).sum(1, keepdim=True), (t * turn).sum(1, keepdim=True)
    t = t.expand_as(stretch)
    gamma = (stretch - along * t) / length - torch.linalg.cross(mean, t, dim=1)
    force = axial * along * t + 12 * q / length * gamma
    shared = -6 * q * torch.linalg.cross(t, gamma, dim=1)
    turned = bending * turn + (torsion - bending) * twist * t
    return torch.stack([-force, force], dim=1), torch.stack([shared - turned, shared + turned], dim=1)
