"""radial_mlp on the CPU, native: csrc/ops/radial_mlp/radial_mlp.cpp."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from fastlattice.ops.backends.native import call, int64_array, refusal
from fastlattice.ops.custom_op import once_differentiable
from fastlattice.ops.dispatch import implements


def _network(weights: Sequence[torch.Tensor], max_length: float, max_radius: float) -> tuple[Any, ...]:
    """The arguments that describe the layers: their number, widths, and the last centres."""
    widths = [weights[0].shape[1], *(w.shape[0] for w in weights)]
    return len(weights), int64_array(widths), max_length, max_radius


@torch.library.custom_op("fastlattice::radial_mlp", mutates_args=(), device_types="cpu")
def radial_mlp(
    length: torch.Tensor,
    radius: torch.Tensor,
    weights: Sequence[torch.Tensor],
    biases: Sequence[torch.Tensor],
    max_length: float,
    max_radius: float,
) -> torch.Tensor:
    """See `fastlattice.ops.radial_mlp`."""
    out = length.new_empty(len(length), weights[-1].shape[0])
    network = _network(weights, max_length, max_radius)
    call("fl_radial_mlp", length.dtype, len(length), *network, length, radius, weights, biases, out)
    return out


@radial_mlp.register_fake
def _(length, radius, weights, biases, max_length, max_radius):  # type: ignore[no-untyped-def]
    return length.new_empty(len(length), weights[-1].shape[0])


@torch.library.custom_op("fastlattice::radial_mlp_backward", mutates_args=(), device_types="cpu")
def radial_mlp_backward(
    grad: torch.Tensor,
    length: torch.Tensor,
    radius: torch.Tensor,
    weights: Sequence[torch.Tensor],
    biases: Sequence[torch.Tensor],
    max_length: float,
    max_radius: float,
    geometry: bool,
    parameters: bool,
) -> list[torch.Tensor]:
    """Gradients of length and radius, if asked for, then of all weights and all biases, if asked for."""
    grads = _empty_gradients(length, radius, weights, biases, geometry, parameters)
    network = _network(weights, max_length, max_radius)
    of_geometry = grads[:2] if geometry else [None, None]
    of_parameters: list[list[torch.Tensor] | None] = [None, None]
    if parameters:
        of_parameters = [grads[-2 * len(weights) : -len(weights)], grads[-len(weights) :]]
    inputs = length, radius, weights, biases, grad
    call("fl_radial_mlp_backward", length.dtype, len(length), *network, *inputs, *of_geometry, *of_parameters)
    return grads


@radial_mlp_backward.register_fake
def _(grad, length, radius, weights, biases, max_length, max_radius, geometry, parameters):  # type: ignore[no-untyped-def]
    return _empty_gradients(length, radius, weights, biases, geometry, parameters)


def _empty_gradients(
    length: torch.Tensor,
    radius: torch.Tensor,
    weights: Sequence[torch.Tensor],
    biases: Sequence[torch.Tensor],
    geometry: bool,
    parameters: bool,
) -> list[torch.Tensor]:
    like = [length, radius] * geometry + [*weights, *biases] * parameters
    return [t.new_empty(t.shape) for t in like]


def _setup(ctx, inputs, output) -> None:  # type: ignore[no-untyped-def]
    length, radius, weights, biases, ctx.max_length, ctx.max_radius = inputs
    ctx.layers = len(weights)
    ctx.save_for_backward(length, radius, *weights, *biases)


def _backward(ctx, grad):  # type: ignore[no-untyped-def]
    length, radius, *parameters = ctx.saved_tensors
    weights, biases = parameters[: ctx.layers], parameters[ctx.layers :]
    geometry = ctx.needs_input_grad[0] or ctx.needs_input_grad[1]
    of_parameters = any(t.requires_grad for t in parameters)
    last = ctx.max_length, ctx.max_radius
    grads = radial_mlp_backward(grad, length, radius, weights, biases, *last, geometry, of_parameters)
    first = grads[:2] if geometry else [None, None]
    rest = grads[2 * geometry :] if of_parameters else [None] * (2 * ctx.layers)
    return *first, rest[: ctx.layers], rest[ctx.layers :], None, None


radial_mlp.register_autograd(_backward, setup_context=_setup)
once_differentiable(radial_mlp_backward, "radial_mlp")
implements("radial_mlp", "native", refusal)(radial_mlp)
