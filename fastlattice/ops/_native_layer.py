"""layer on the CPU, native: csrc/layer.cpp."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import torch

from fastlattice.ops._custom_op import CustomOp
from fastlattice.ops._dispatch import implements
from fastlattice.ops._native_op import call, contiguous, int64_array, pointers, refusal
from fastlattice.ops.layer import LayerParameters

FIRST = 6
"""Parameters before the hidden weights."""


def _forward(
    features: torch.Tensor,
    sh: torch.Tensor,
    length: torch.Tensor,
    radius: torch.Tensor,
    edge_index: torch.Tensor,
    strut: torch.Tensor | None,
    parameters: Sequence[torch.Tensor],
    max_length: float,
    max_radius: float,
    agg_norm: float,
    correlation: int,
    outputs: Sequence[int],
    residual: bool,
    keep: bool,
) -> tuple[torch.Tensor, torch.Tensor]:
    # The second result is what the gradients need, or empty unless `keep`.
    out, atomic = _empty_results(features, sh, keep)
    dense = [p.contiguous() for p in parameters]
    numbers = _numbers(features, sh, length, dense, max_length, max_radius, agg_norm, correlation, outputs, residual)
    arrays = edge_index, strut, pointers(dense), contiguous(features), sh, length, radius
    call("fl_layer", features.dtype, *numbers, *arrays, out, atomic if keep else None)
    return out, atomic


def _numbers(
    features: torch.Tensor,
    sh: torch.Tensor,
    length: torch.Tensor,
    parameters: Sequence[torch.Tensor],
    max_length: float,
    max_radius: float,
    agg_norm: float,
    correlation: int,
    outputs: Sequence[int],
    residual: bool,
) -> tuple[Any, ...]:
    """What the native functions take before the arrays."""
    l_in, lmax = (round(t.shape[1] ** 0.5) - 1 for t in (features, sh))
    hidden = (len(parameters) - FIRST) // 2
    widths = [parameters[FIRST].shape[1], *(p.shape[0] for p in parameters[FIRST : FIRST + hidden])]
    sizes = len(features), len(sh), len(length), l_in, lmax, features.shape[2]
    degrees = sum(1 << degree for degree in set(outputs))
    network = hidden, int64_array(widths), max_length, max_radius
    return *sizes, agg_norm, *network, correlation, degrees, int(residual)


def _empty_results(features: torch.Tensor, sh: torch.Tensor, keep: bool) -> tuple[torch.Tensor, torch.Tensor]:
    shape = len(features), sh.shape[1], features.shape[2]
    return features.new_empty(shape), features.new_empty(shape if keep else (0,))


def _fake(  # type: ignore[no-untyped-def]
    features, sh, length, radius, edge_index, strut, parameters, max_length, max_radius, agg_norm, correlation, outputs,
    residual, keep
):  # fmt: skip
    return _empty_results(features, sh, keep)


def _backward(
    grad: torch.Tensor,
    atomic: torch.Tensor,
    features: torch.Tensor,
    sh: torch.Tensor,
    length: torch.Tensor,
    radius: torch.Tensor,
    edge_index: torch.Tensor,
    strut: torch.Tensor | None,
    parameters: Sequence[torch.Tensor],
    max_length: float,
    max_radius: float,
    agg_norm: float,
    correlation: int,
    outputs: Sequence[int],
    residual: bool,
    wanted: list[bool],
) -> list[torch.Tensor]:
    # Gradients of features, of sh, of length and radius, and of all parameters: those of the four that are wanted.
    grads = _empty_gradients(wanted, features, sh, length, radius, parameters)
    left = iter(grads)
    of_features = next(left) if wanted[0] else None
    of_sh = next(left) if wanted[1] else None
    of_struts = (next(left), next(left)) if wanted[2] else (None, None)
    of_parameters = pointers(list(left)) if wanted[3] else None
    dense = [p.contiguous() for p in parameters]
    numbers = _numbers(features, sh, length, dense, max_length, max_radius, agg_norm, correlation, outputs, residual)
    arrays = edge_index, strut, pointers(dense), contiguous(features), sh, length, radius, atomic, grad
    call("fl_layer_backward", features.dtype, *numbers, *arrays, of_features, of_sh, *of_struts, of_parameters)
    return grads


def _fake_backward(  # type: ignore[no-untyped-def]
    grad, atomic, features, sh, length, radius, edge_index, strut, parameters, max_length, max_radius, agg_norm,
    correlation, outputs, residual, wanted
):  # fmt: skip
    return _empty_gradients(wanted, features, sh, length, radius, parameters)


def _empty_gradients(
    wanted: list[bool],
    features: torch.Tensor,
    sh: torch.Tensor,
    length: torch.Tensor,
    radius: torch.Tensor,
    parameters: Sequence[torch.Tensor],
) -> list[torch.Tensor]:
    like = [features] * wanted[0] + [sh] * wanted[1] + [length, radius] * wanted[2] + [*parameters] * wanted[3]
    return [t.new_empty(t.shape) for t in like]


def _setup(ctx, inputs, output) -> None:  # type: ignore[no-untyped-def]
    *graph, parameters = inputs[:7]
    ctx.numbers, ctx.kept = inputs[7:13], inputs[13]
    ctx.mark_non_differentiable(output[1])
    ctx.set_materialize_grads(False)  # none for the second result
    ctx.save_for_backward(output[1], *graph, *parameters)


def _formula(backward, ctx, grad, _):  # type: ignore[no-untyped-def]
    atomic, *graph = ctx.saved_tensors[:7]
    parameters = ctx.saved_tensors[7:]
    # torch takes an empty list of outputs for one of tensors.
    of_numbers = *[None] * 4, None if ctx.numbers[4] else [], None, None
    if grad is None:
        return *[None] * 6, [None] * len(parameters), *of_numbers
    if not ctx.kept:
        raise RuntimeError("the native layer was run without keep=True, so it has no gradients")
    need = ctx.needs_input_grad
    wanted = [need[0], need[1], need[2] or need[3], any(p.requires_grad for p in parameters)]
    left = iter(backward(grad, atomic, *graph, parameters, *ctx.numbers, wanted))
    of_features = next(left) if wanted[0] else None
    of_sh = next(left) if wanted[1] else None
    of_struts = (next(left), next(left)) if wanted[2] else (None, None)
    of_parameters = list(left) if wanted[3] else [None] * len(parameters)
    return of_features, of_sh, *of_struts, None, None, of_parameters, *of_numbers


layer = CustomOp("layer", _fake, _fake_backward, _setup, _formula).define("layer", _forward, _backward, "cpu")


@implements("layer", "native", refusal)
def _native(
    features: torch.Tensor,
    sh: torch.Tensor,
    length: torch.Tensor,
    radius: torch.Tensor,
    edge_index: torch.Tensor,
    parameters: LayerParameters,
    max_length: float,
    max_radius: float,
    agg_norm: float,
    correlation: int,
    outputs: list[int],
    residual: bool,
    strut: torch.Tensor | None,
    backend: str,
) -> torch.Tensor:
    p = parameters
    first = [p.up, p.radial, p.linear_weight, p.linear_bias, cast(torch.Tensor, p.contraction), p.product]
    tensors = [*first, *p.hidden_weights, *p.hidden_biases]
    keep = torch.is_grad_enabled() and any(t.requires_grad for t in (features, sh, length, radius, *tensors))
    numbers = max_length, max_radius, agg_norm, correlation, outputs, residual
    return layer(features, sh, length, radius, edge_index, strut, tensors, *numbers, keep)[0]
