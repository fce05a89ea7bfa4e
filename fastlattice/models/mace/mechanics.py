"""What the mechanics around each node say of a lattice before anything is solved.

Under a uniform strain of the whole lattice, nodes not turning, the struts store the energy of the affine bound C_0: the
Voigt bound of the lattice, bending included, never below its stiffness. What the ends of a node's struts leave
unbalanced there, and how much energy the node alone would give back if it moved, is local too. Strut ends are taken one
by one, so that a cell and its supercell say the same.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch

from fastlattice.models.inputs import Inputs
from fastlattice.models.mace.native_blocks import is_native
from fastlattice.models.mace.node_mechanics import POISSON_RATIO, SHEAR_CORRECTION, node_mechanics


@dataclass(frozen=True)
class LocalMechanics:
    """Energies as 6x6 Mandel matrices in units of the solid's Young's modulus, float64 (N nodes, B lattices).

    Attributes:
        bound: [B, 6, 6] the affine bound C_0.
        energy: [N, 6, 6] each node's share of it, times the number of nodes of its lattice.
        release: [N, 6, 6] what the node alone would give back, r^T D^-1 r with the unbalanced loads r and the stiffness
            D of its strut ends, scaled likewise: the mean over a lattice bounds what one step of relaxation gains.
    """

    bound: torch.Tensor
    energy: torch.Tensor
    release: torch.Tensor


def macro_displacements(vectors: torch.Tensor) -> torch.Tensor:
    """[E, 3, 6]: the far ends of vectors [E, 3] under unit macro-strains, Mandel order 11, 22, 33, 23, 13, 12."""
    x, y, z = (vectors * 0.5**0.5).unbind(1)
    zero = torch.zeros_like(x)
    shear = torch.stack([torch.stack(row, 1) for row in ((zero, z, y), (z, zero, x), (y, x, zero))], 1)
    return torch.cat([torch.diag_embed(vectors), shear], 2)


def cross_matrix(vectors: torch.Tensor) -> torch.Tensor:
    """[E, 3, 3]: the matrix of the cross product with vectors [E, 3] from the left."""
    x, y, z = vectors.unbind(1)
    zero = torch.zeros_like(x)
    return torch.stack([torch.stack(row, 1) for row in ((zero, -z, y), (z, zero, -x), (-y, x, zero))], 1)


def local_mechanics(
    graph: Inputs, vectors: torch.Tensor, length: torch.Tensor, volume: torch.Tensor, backend: str = "auto"
) -> LocalMechanics:
    """The local mechanics of B lattices; Timoshenko beams of round section, as for `fastlattice.homogenise`.

    Args:
        graph: its edges come in both directions of every strut.
        vectors: [E, 3] float64, of the edges.
        length: [B] float64, a length of each lattice: rotations are measured by it, which no result depends on but by
            rounding.
        volume: [B] float64, of the cells.
        backend: as of `fastlattice.ops`. The native one, on the CPU, has first derivatives in reverse mode; plain torch
            takes what torch.func transforms as well.
    """
    receiver, own = graph.edge_index[1], graph.batch
    nodes, graphs = len(own), graph.num_graphs
    per_edge = length[own[receiver]]
    vectors, radius = vectors / per_edge[:, None], graph.radius.double() / per_edge
    form = node_mechanics if is_native(backend, graph.positions, vectors, radius) else _of_edges
    energy, release = form(vectors, radius, receiver, nodes)
    counts = torch.bincount(own, minlength=graphs).to(volume)
    scaled = (volume / length**3)[:, None, None]
    bound = _sum(energy, own, graphs) / scaled
    share = counts[own][:, None, None] / scaled[own]
    return LocalMechanics(bound, energy * share, release * share)


def _of_edges(
    vectors: torch.Tensor, radius: torch.Tensor, receiver: torch.Tensor, nodes: int
) -> tuple[torch.Tensor, torch.Tensor]:
    """What `node_mechanics` gives, in plain torch."""
    span = vectors.norm(dim=1)
    along = vectors / span[:, None]
    # Section constants of a strut: EA/L, EI/L, GJ/L, and the stiffnesses of its ends (csrc/frame/frame.h).
    axial = torch.pi * radius**2 / span
    bending = 0.25 * radius**2 * axial
    torsion = bending / (1 + POISSON_RATIO)
    shear = 6 * (1 + POISSON_RATIO) / SHEAR_CORRECTION * (radius / span) ** 2
    q = bending / (1 + shear)
    a, b, c = 12 * q / span**2, 6 * q / span, (4 + shear) * q
    along_2 = along[:, :, None] * along[:, None, :]
    eye = torch.eye(3, dtype=vectors.dtype, device=vectors.device)
    force = (axial - a)[:, None, None] * along_2 + a[:, None, None] * eye
    moment = (torsion - c)[:, None, None] * along_2 + c[:, None, None] * eye
    couple = b[:, None, None] * cross_matrix(along)

    macro = macro_displacements(vectors)
    pull = force @ macro
    stiffness = torch.cat([torch.cat([force, couple], 2), torch.cat([-couple, moment], 2)], 1)
    stiffness = _sum(stiffness, receiver, nodes)
    load = _sum(torch.cat([pull, -couple @ macro], 1), receiver, nodes)
    energy = 0.5 * _sum(macro.mT @ pull, receiver, nodes)
    release = load.mT @ torch.linalg.solve(stiffness, load)
    return energy, 0.5 * (release + release.mT)


def _sum(rows: torch.Tensor, index: torch.Tensor, count: int) -> torch.Tensor:
    """[count, ...]: the rows of each index, summed in their order."""
    return rows.new_zeros(count, *rows.shape[1:]).index_add(0, index, rows)
