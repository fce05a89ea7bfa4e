"""What an extended network reads of a lattice besides the paper's lengths and radii: nothing that has a scale.

Lengths are seen relative to the lattice's mean strut length, radii relative to the strut's length. On the CPU a native
function reads all of it, a lattice at a time; where derivatives by the geometry are recorded, or on other devices,
plain torch does. The two agree to rounding, and in both a lattice has the same bits whatever stands beside it.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch

from fastlattice.models.inputs import Inputs
from fastlattice.models.mace.forms import (
    FLOOR_EIGENVALUE,
    eigenvalue_scalars,
    identity,
    irreps,
    symmetric,
    tamed,
    to_irreps,
)
from fastlattice.models.mace.matrix_functions import of_symmetric
from fastlattice.models.mace.mechanics import local_mechanics
from fastlattice.models.mace.native_blocks import is_native
from fastlattice.models.mace.native_surroundings import native_surroundings
from fastlattice.models.mace.relaxation import DEPENDENT, FLOOR_GAIN, on_relaxed
from fastlattice.ops import constants

GEOMETRY_SCALARS = 3
"""Of a lattice: mean ln(r/L), ln(degree), ln(relative density); and as many of a node."""
MECHANICS_SCALARS = 7
"""Of a lattice: size of the affine bound, and mean, soft least and soft largest logarithm of the two `guides`."""
GUIDES = 2
"""6x6 matrices that the bounded head adds to its exponent: logarithms of the mean release and of the bound's shape."""
FORMS = 3
"""6x6 matrices of a node: its energy over the mean, its energy and its release measured by the bound."""
_FLOOR_RELEASE, _FLOOR_LOG = 3e-3, 1e-4


@dataclass(frozen=True)
class Surroundings:
    """What is read, in the network's dtype (M struts or edges, N nodes, B lattices).

    Attributes:
        length, radius: [M] the edge scalars, mapped so that most lie in [0, 1].
        lattice: [B, G] scalars of each lattice.
        node: [N, 3] scalars of each node: ln(degree), ln(volume of its struts), ln(volume of struts per node).
        owner: [N] int64, the lattice of each node.
        tensors: None, or [N, FORMS, 21] irreps 2x0e + 2x2e + 1x4e of each node's forms.
        odd: None, or [N, 25, 2] sums of the harmonics at each node, plain and weighted by r^2; odd degrees are read.
        root: None, or [B, 6, 6] the square root F of the affine bound.
        guides: None, or [B, GUIDES, 6, 6].
    """

    length: torch.Tensor
    radius: torch.Tensor
    lattice: torch.Tensor
    node: torch.Tensor
    owner: torch.Tensor
    tensors: torch.Tensor | None = None
    odd: torch.Tensor | None = None
    root: torch.Tensor | None = None
    guides: torch.Tensor | None = None


def surroundings(
    graph: Inputs, sh: torch.Tensor, with_mechanics: bool, backend: str = "auto", steps: int = 0
) -> Surroundings:
    """Reads a graph; differentiable.

    Args:
        graph: with relative_density.
        sh: [E, 25] harmonics of the edges.
        with_mechanics: whether `local_mechanics` is read as well.
        backend: as of `fastlattice.ops`.
        steps: of relaxation, for what `on_relaxed` says; at least 2, or 0 for none. It needs mechanics.
    """
    assert graph.relative_density is not None
    arrays = graph.positions, graph.shifts, graph.radius, sh, graph.relative_density
    recorded = torch.is_grad_enabled() and any(array.requires_grad for array in arrays)
    native = with_mechanics and not recorded and is_native(backend, *arrays)
    if native and (steps == 0 or graph.first_edge is not None):
        return _native(graph, sh, steps)
    around = _native(graph, sh, 0) if native else _portable(graph, sh, with_mechanics, backend)
    return on_relaxed(around, graph, steps, backend) if steps else around


def _native(graph: Inputs, sh: torch.Tensor, steps: int) -> Surroundings:
    """With mechanics, where nothing is recorded."""
    floors = [FLOOR_EIGENVALUE, _FLOOR_RELEASE, _FLOOR_LOG, FLOOR_GAIN, DEPENDENT]
    table = constants.constant(to_irreps, like=sh.new_empty(0, dtype=torch.float64))
    length, radius, lattice, node, tensors, odd, root, guides = native_surroundings(graph, sh, table, floors, steps)
    if graph.first_edge is not None:
        length, radius = length[graph.first_edge], radius[graph.first_edge]
    return Surroundings(length, radius, lattice, node, graph.batch, tensors, odd, root, guides)


def _portable(graph: Inputs, sh: torch.Tensor, with_mechanics: bool, backend: str) -> Surroundings:
    """The same in plain torch but for the mechanics around the nodes."""
    dtype = graph.positions.dtype
    own, (sender, receiver) = graph.batch, graph.edge_index
    of_edge, nodes, graphs = own[receiver], len(own), graph.num_graphs
    vectors = (graph.positions[receiver] - graph.positions[sender] + graph.shifts).double()
    span, radius = vectors.norm(dim=1), graph.radius.double()
    ends = span.new_zeros(graphs).index_add(0, of_edge, torch.ones_like(span))
    counts = torch.bincount(own, minlength=graphs).to(span)
    mean_length = span.new_zeros(graphs).index_add(0, of_edge, span) / ends
    slenderness, material = (radius / span).log(), torch.pi * radius**2 * span
    total = span.new_zeros(graphs).index_add(0, of_edge, material)  # every strut twice
    assert graph.relative_density is not None
    density = graph.relative_density.double()
    volume = 0.5 * total / density

    degree = span.new_zeros(nodes).index_add(0, receiver, torch.ones_like(span))
    at_node = span.new_zeros(nodes).index_add(0, receiver, material)
    size = (total / counts / mean_length**3).log() / 3 + 1
    mean_slenderness = span.new_zeros(graphs).index_add(0, of_edge, slenderness) / ends
    lattice = [mean_slenderness + 3, (ends / counts).log() - 1.5, density.log() / 2 + 2.3]
    node = torch.stack([degree.log() - 1.5, (at_node / (total / counts)[own]).log(), size[own]], 1)
    read = slice(None) if graph.first_edge is None else graph.first_edge
    edges = (((span / mean_length[of_edge]).log() + 2.5) / 3.5)[read], ((slenderness + 5.5) / 5)[read]
    if not with_mechanics:
        length, slender, scalars = (x.to(dtype) for x in (*edges, torch.stack(lattice, 1)))
        return Surroundings(length, slender, scalars, node.to(dtype), own)

    found = local_mechanics(graph, vectors, mean_length, volume, backend)
    size_of_bound = found.bound.diagonal(dim1=1, dim2=2).sum(1) / 6
    floor = FLOOR_EIGENVALUE * size_of_bound[:, None, None] * identity(found.bound)
    root, inverse = (of_symmetric(found.bound + floor, name) for name in ("sqrt", "rsqrt"))
    measured = inverse[own] @ found.release @ inverse[own]
    release = span.new_zeros(graphs, 6, 6).index_add(0, own, measured) / counts[:, None, None]
    shape = found.bound / size_of_bound[:, None, None]
    guides = [
        of_symmetric(symmetric(x) + floor * identity(x), "log")
        for x, floor in ((release, _FLOOR_RELEASE), (shape, _FLOOR_LOG))
    ]
    lattice.append((3 * size_of_bound / density).log() / 2)
    for guide in guides:
        lattice += eigenvalue_scalars(guide)
    forms = [found.energy / size_of_bound[own][:, None, None], inverse[own] @ found.energy @ inverse[own], measured]
    area = radius**2
    area = area / (span.new_zeros(graphs).index_add(0, of_edge, area) / ends)[of_edge]
    weights = torch.stack([torch.ones_like(area), area], 1).to(dtype)
    odd = sh.new_zeros(nodes, sh.shape[1], 2).index_add(0, receiver, sh[:, :, None] * weights[:, None]) / 4
    length, slender, scalars = (x.to(dtype) for x in (*edges, torch.stack(lattice, 1)))
    tensors = tamed(irreps(torch.stack(forms, 1), backend)).to(dtype)
    return Surroundings(length, slender, scalars, node.to(dtype), own, tensors, odd, root, torch.stack(guides, 1))
