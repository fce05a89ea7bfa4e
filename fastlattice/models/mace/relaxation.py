"""What a few steps of relaxation say of a lattice: the bounds of `fastlattice.bounds`, for a network to start from.

After K steps the bound C_K takes the place of the affine one, and so do the energies of the nodes. A part of the solver
that makes the labels is then a part of the network: a hybrid.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import torch

from fastlattice import _native
from fastlattice.models.inputs import Inputs
from fastlattice.models.mace.forms import (
    FLOOR_EIGENVALUE,
    eigenvalue_scalars,
    identity,
    irreps,
    symmetric,
    tamed,
)
from fastlattice.models.mace.matrix_functions import of_symmetric
from fastlattice.models.mace.node_mechanics import POISSON_RATIO, SHEAR_CORRECTION
from fastlattice.ops.backends.native import threads
from fastlattice.ops.custom_op import CustomOp

if TYPE_CHECKING:
    from fastlattice.models.mace.surroundings import Surroundings

FLOOR_GAIN = 1e-3
DEPENDENT = 1e-5
"""What part of the energy of a step's fields is none of a new field. Rounding to single precision, in which a network
has its lattices, breaks the symmetries by which fields are dependent, and what it makes of them may not count; on T1,
T3 and T4 the bounds lose nothing by it."""


def _fake(vectors: torch.Tensor, *others: Any) -> tuple[torch.Tensor, ...]:
    batch, lattices, order = others[2:5]
    new, nodes = vectors.new_empty, len(batch)
    return new(lattices, order + 1, 6, 6), new(nodes, 6, 6), new(nodes, 6, 6)


_RELAXED = CustomOp(
    "relaxation",
    "Tensor vectors, Tensor radius, Tensor ends, Tensor batch, int lattices, int order, float dependent",
    groups=(("vectors", "radius"),),
    fake=_fake,
    results=3,
    portable=False,
)


def _arguments(
    vectors: torch.Tensor,
    radius: torch.Tensor,
    ends: torch.Tensor,
    batch: torch.Tensor,
    lattices: int,
    order: int,
    dependent: float,
) -> tuple[Any, ...]:
    """Of the native functions, before their results."""
    sizes = threads(), len(batch), len(radius), lattices, order
    return *sizes, batch, ends, vectors, radius, POISSON_RATIO, SHEAR_CORRECTION, dependent


def _forward(*given: Any) -> tuple[torch.Tensor, ...]:
    out = _fake(*given)
    _native.call("fl_relaxed_energies", *_arguments(*given), *out)
    return out


def _backward(
    grad_energies: torch.Tensor, grad_share: torch.Tensor, grad_release: torch.Tensor, *arguments: Any
) -> list[torch.Tensor]:
    *given, _ = arguments
    grads = [torch.empty_like(each) for each in given[:2]]
    _native.call("fl_relaxed_energies_backward", *_arguments(*given), grad_energies, grad_share, grad_release, *grads)
    return grads


relaxed_energies = _RELAXED.define("relaxed_energies", _forward, _backward, "cpu")
"""(vectors [S, 3] and radius [S] float64, ends [2, S] int64, lattice of each node [N] int64, lattices B, order K, part
of a step's energy that is none of a new field) ->
[B, K + 1, 6, 6] the volume times the bounds C_0 to C_K, and [N, 6, 6] twice: each node's share of the last, and what
it alone would release beyond it, r^T D^-1 r with the loads r that the last field leaves there. All float64, and NaN
where a node's own stiffness is singular."""


@dataclass(frozen=True)
class Relaxed:
    """Energies as 6x6 Mandel matrices in units of the solid's Young's modulus, float64 (N nodes, B lattices, K steps).

    Attributes:
        bounds: [B, K + 1, 6, 6] C_0 to C_K.
        energy: [N, 6, 6] each node's share of C_K, times the number of nodes of its lattice.
        release: [N, 6, 6] what the node alone would give back beyond C_K, scaled likewise.
        density: [B] relative densities.
    """

    bounds: torch.Tensor
    energy: torch.Tensor
    release: torch.Tensor
    density: torch.Tensor


def relaxed(graph: Inputs, steps: int, dependent: float = DEPENDENT) -> Relaxed:
    """Some steps of relaxation, on the CPU whatever the device of the graph; differentiable, once.

    Args:
        graph: with relative_density; its edges come in both directions of every strut.
        steps: K.
        dependent: what part of the energy of a step's fields is none of a new field.
    """
    assert graph.relative_density is not None
    read = slice(None) if graph.first_edge is None else graph.first_edge  # else every strut twice, and so its volume
    ends, shifts, radius = graph.edge_index[:, read], graph.shifts[read], graph.radius[read].double()
    vectors = (graph.positions[ends[1]] - graph.positions[ends[0]] + shifts).double()
    density, own = graph.relative_density.double(), graph.batch
    material = torch.pi * radius**2 * vectors.norm(dim=1)
    volume = torch.zeros_like(density).index_add(0, own[ends[1]], material) / density
    arrays = (each.cpu() for each in (vectors, radius, ends, own))
    energies, share, release = (
        x.to(vectors.device) for x in relaxed_energies(*arrays, graph.num_graphs, steps, dependent)
    )
    per_node = (torch.bincount(own, minlength=graph.num_graphs).to(volume) / volume)[own][:, None, None]
    return Relaxed(energies / volume[:, None, None, None], share * per_node, release * per_node, density)


def on_relaxed(around: Surroundings, graph: Inputs, steps: int, backend: str = "auto") -> Surroundings:
    """The same with the bound C_K, K at least 2, with the nodes' energies and releases after K steps, measured by it,
    and with the gains of the last two steps as guides.

    Were each step to gain a certain part of what the one before did, the exact stiffness would follow from the two
    (Aitken's extrapolation); a weighed sum of their logarithms, 2 and -1, says it to a bounded head. Scalars are added
    to those of the lattice: the size of the bound, and of each guide its mean, soft least and soft largest logarithm.
    """
    assert around.tensors is not None
    found, own = relaxed(graph, steps), graph.batch
    sound = found.bounds.isfinite().flatten(1).all(1)[:, None, None]
    eye = identity(found.bounds)
    before, last, bound = (torch.where(sound, found.bounds[:, steps - k], eye) for k in (2, 1, 0))
    size = bound.diagonal(dim1=1, dim2=2).sum(1) / 6
    floored = bound + FLOOR_EIGENVALUE * size[:, None, None] * eye
    root, inverse = of_symmetric(floored, "sqrt"), of_symmetric(floored, "rsqrt")
    gains = (inverse @ symmetric(step) @ inverse for step in (last - bound, before - last))
    guides = [of_symmetric(symmetric(gain) + FLOOR_GAIN * eye, "log") for gain in gains]
    scalars = [(3 * size / found.density).log() / 2, *(each for guide in guides for each in eigenvalue_scalars(guide))]
    forms = torch.stack([inverse[own] @ form @ inverse[own] for form in (found.energy, found.release)], 1)
    return replace(
        around,
        lattice=torch.cat([around.lattice, torch.stack(scalars, 1).to(around.lattice)], 1),
        tensors=torch.cat([around.tensors[:, :1], tamed(irreps(forms, backend)).to(around.tensors)], 1),
        root=torch.where(sound, root, torch.nan),
        guides=torch.stack(guides, 1),
    )
