"""The energies of the strut ends around each node, native: csrc/frame/mechanics.cpp, as a custom op of torch."""

from __future__ import annotations

import torch

from fastlattice import _native
from fastlattice._choices import KAPPA
from fastlattice.ops.custom_op import CustomOp

POISSON_RATIO, SHEAR_CORRECTION = 0.3, KAPPA
"""Of the solid and of a round section: those that the labels are made with."""


def _fake(vectors: torch.Tensor, radius: torch.Tensor, receivers: torch.Tensor, nodes: int) -> tuple[torch.Tensor, ...]:
    return vectors.new_empty(nodes, 6, 6), vectors.new_empty(nodes, 6, 6)


_NODE_MECHANICS = CustomOp(
    "node_mechanics",
    "Tensor vectors, Tensor radius, Tensor receivers, int nodes",
    groups=(("vectors", "radius"),),
    fake=_fake,
    results=2,
)


def _forward(
    vectors: torch.Tensor, radius: torch.Tensor, receivers: torch.Tensor, nodes: int
) -> tuple[torch.Tensor, ...]:
    energy, release = vectors.new_empty(nodes, 6, 6), vectors.new_empty(nodes, 6, 6)
    solid = POISSON_RATIO, SHEAR_CORRECTION
    _native.call("fl_frame_node_mechanics", nodes, len(vectors), receivers, vectors, radius, *solid, energy, release)
    return energy, release


def _backward(
    grad_energy: torch.Tensor,
    grad_release: torch.Tensor,
    vectors: torch.Tensor,
    radius: torch.Tensor,
    receivers: torch.Tensor,
    nodes: int,
    wanted: list[bool],
) -> list[torch.Tensor]:
    grads = [torch.empty_like(vectors), torch.empty_like(radius)]
    arguments = nodes, len(vectors), receivers, vectors, radius, POISSON_RATIO, SHEAR_CORRECTION
    _native.call("fl_frame_node_mechanics_backward", *arguments, grad_energy, grad_release, *grads)
    return grads


node_mechanics = _NODE_MECHANICS.define("node_mechanics", _forward, _backward, "cpu")
"""(vectors [E, 3], radius [E], receivers [E] int64, nodes) -> energy and release [nodes, 6, 6], all float64.

Of each node: half the energies of its struts as the lattice is strained affinely, and r^T D^-1 r with the loads r that
are left on it and the stiffness D of its strut ends. Units of E_s and of the cube of the unit of length.
"""
