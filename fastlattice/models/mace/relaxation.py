"""What a few steps of relaxation say of a lattice: the bounds of `fastlattice.bounds`, for a network to start from.

The bound C_K after K steps takes the place of the affine one, and what the last two steps gained that of what single
nodes would. A part of the solver that makes the labels is then a part of the network: a hybrid.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import torch

from fastlattice import _native
from fastlattice.models.inputs import Inputs
from fastlattice.models.mace.matrix_functions import of_symmetric
from fastlattice.models.mace.node_mechanics import POISSON_RATIO, SHEAR_CORRECTION
from fastlattice.models.mace.surroundings import FLOOR_EIGENVALUE, Surroundings, eigenvalue_scalars, identity, symmetric
from fastlattice.ops.backends.native import threads
from fastlattice.ops.custom_op import CustomOp

_FLOOR_GAIN = 1e-3


def _fake(
    vectors: torch.Tensor, radius: torch.Tensor, ends: torch.Tensor, batch: torch.Tensor, lattices: int, order: int
) -> torch.Tensor:
    return vectors.new_empty(lattices, order + 1, 6, 6)


_RELAXED = CustomOp(
    "relaxation",
    "Tensor vectors, Tensor radius, Tensor ends, Tensor batch, int lattices, int order",
    groups=(("vectors", "radius"),),
    fake=_fake,
)


def _arguments(
    vectors: torch.Tensor, radius: torch.Tensor, ends: torch.Tensor, batch: torch.Tensor, lattices: int, order: int
) -> tuple[Any, ...]:
    """Of the native functions, before their results."""
    sizes = threads(), len(batch), len(radius), lattices, order
    return *sizes, batch, ends, vectors, radius, POISSON_RATIO, SHEAR_CORRECTION


def _forward(*given: Any) -> torch.Tensor:
    out = _fake(*given)
    _native.call("fl_relaxed_energies", *_arguments(*given), out)
    return out


def _backward(grad: torch.Tensor, *arguments: Any) -> list[torch.Tensor]:
    *given, _ = arguments
    grads = [torch.empty_like(each) for each in given[:2]]
    _native.call("fl_relaxed_energies_backward", *_arguments(*given), grad, *grads)
    return grads


relaxed_energies = _RELAXED.define("relaxed_energies", _forward, _backward, "cpu")
"""(vectors [S, 3] and radius [S] float64, ends [2, S] int64, lattice of each node [N] int64, lattices B, order K) ->
[B, K + 1, 6, 6] float64: the volume times the bounds C_0 to C_K, NaN where a node's own stiffness is singular."""


def relaxed_bounds(graph: Inputs, order: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Bounds C_0 to C_order of the stiffness over E_s, [B, order + 1, 6, 6] float64, and densities [B], differentiable.

    They are computed on the CPU, whatever the device of the graph, which needs relative_density.
    """
    assert graph.relative_density is not None
    read = slice(None) if graph.first_edge is None else graph.first_edge  # else every strut twice, and so its volume
    ends, shifts, radius = graph.edge_index[:, read], graph.shifts[read], graph.radius[read].double()
    vectors = (graph.positions[ends[1]] - graph.positions[ends[0]] + shifts).double()
    density, owner = graph.relative_density.double(), graph.batch[ends[1]]
    material = torch.pi * radius**2 * vectors.norm(dim=1)
    volume = torch.zeros_like(density).index_add(0, owner, material) / density
    arrays = (each.cpu() for each in (vectors, radius, ends, graph.batch))
    energies = relaxed_energies(*arrays, graph.num_graphs, order).to(vectors.device)
    return energies / volume[:, None, None, None], density


def on_relaxed(around: Surroundings, graph: Inputs, order: int) -> Surroundings:
    """The same with the bound C_order, order at least 2, and with the gains of the last two steps as guides.

    Were each step to gain a certain part of what the one before did, the exact stiffness would follow from the two
    (Aitken's extrapolation); a weighed sum of their logarithms, 2 and -1, says it to a bounded head. Scalars are added
    to those of the lattice: the size of the bound, and of each guide its mean, soft least and soft largest logarithm.
    """
    found, density = relaxed_bounds(graph, order)
    sound = found.isfinite().flatten(1).all(1)[:, None, None]
    eye = identity(found)
    before, last, bound = (torch.where(sound, found[:, order - k], eye) for k in (2, 1, 0))
    size = bound.diagonal(dim1=1, dim2=2).sum(1) / 6
    floored = bound + FLOOR_EIGENVALUE * size[:, None, None] * eye
    root, inverse = of_symmetric(floored, "sqrt"), of_symmetric(floored, "rsqrt")
    gains = (inverse @ symmetric(step) @ inverse for step in (last - bound, before - last))
    guides = [of_symmetric(symmetric(gain) + _FLOOR_GAIN * eye, "log") for gain in gains]
    scalars = [(3 * size / density).log() / 2, *(each for guide in guides for each in eigenvalue_scalars(guide))]
    lattice = torch.cat([around.lattice, torch.stack(scalars, 1).to(around.lattice)], 1)
    return replace(around, lattice=lattice, root=torch.where(sound, root, torch.nan), guides=torch.stack(guides, 1))
