"""network and layer on the CPU, native: csrc/network/network.cpp."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from fastlattice.ops import constants
from fastlattice.ops.backends.native import call, contiguous, int64_array, refusal
from fastlattice.ops.custom_op import CustomOp
from fastlattice.ops.dispatch import implements
from fastlattice.ops.layer import LayerParameters
from fastlattice.ops.symmetric_contraction import fold_weights

FIRST = 5
"""A layer's parameters before those of the contraction."""

READOUT = 3
"""Parameters of the readout."""


def _forward(
    features: torch.Tensor,
    sh: torch.Tensor,
    length: torch.Tensor,
    radius: torch.Tensor,
    edge_index: torch.Tensor,
    strut: torch.Tensor | None,
    batch: torch.Tensor | None,
    num_graphs: int,
    layers: int,
    tensors: int,
    parameters: Sequence[torch.Tensor],
    max_length: float,
    max_radius: float,
    agg_norm: float,
    correlation: int,
    outputs: Sequence[int],
    residuals: int,
    copies: Sequence[int],
    keep: bool,
) -> tuple[torch.Tensor, torch.Tensor]:
    # The readout of every lattice, or without `batch` the features of every node; and what the gradients need, or
    # nothing unless `keep`. `tensors`: of the contraction in a layer, one or as `fold_weights` takes them; `residuals`
    # has a bit for each layer that adds its features.
    out, kept = _empty_results(features, sh, batch, num_graphs, layers, copies, keep)
    numbers = max_length, max_radius, agg_norm, correlation, outputs, residuals, copies
    first = _arguments(features, sh, length, parameters, (num_graphs, layers, tensors), numbers)
    arrays = edge_index, strut, batch, parameters, contiguous(features), sh, length, radius
    call("fl_network", features.dtype, *first, *arrays, out, kept if keep else None)
    return out, kept


def _arguments(
    features: torch.Tensor,
    sh: torch.Tensor,
    length: torch.Tensor,
    parameters: Sequence[torch.Tensor],
    sizes: tuple[int, int, int],
    numbers: tuple[Any, ...],
) -> tuple[Any, ...]:
    """What the native functions take before the arrays; sizes and numbers as they stand in the op's arguments."""
    num_graphs, layers, tensors = sizes
    max_length, max_radius, agg_norm, correlation, outputs, residuals, copies = numbers
    l_in, lmax = (round(t.shape[1] ** 0.5) - 1 for t in (features, sh))
    fold: tuple[Any, ...] = (0, 1, *[None] * 5)
    if tensors > 1:
        fold = (sum(constants.folded_counts(lmax, correlation)), tensors, *constants.fold_entries(lmax, correlation))
    first = FIRST + tensors
    hidden = ((len(parameters) - (READOUT if copies else 0)) // layers - first) // 2
    widths = [parameters[first].shape[1], *(p.shape[0] for p in parameters[first : first + hidden])]
    degrees = sum(1 << degree for degree in set(outputs))
    nodes, _, channels = features.shape
    counts = nodes, sh.shape[0], length.shape[0], num_graphs, layers, l_in, lmax, channels
    network = hidden, int64_array(widths), max_length, max_radius, agg_norm, correlation, degrees, residuals
    return *counts, *network, int64_array(copies) if copies else None, constants.silu_gain(), *fold


def _empty_results(
    features: torch.Tensor,
    sh: torch.Tensor,
    batch: torch.Tensor | None,
    num_graphs: int,
    layers: int,
    copies: Sequence[int],
    keep: bool,
) -> tuple[torch.Tensor, torch.Tensor]:
    (nodes, _, channels), components = features.shape, sh.shape[1]
    size = (num_graphs, sum(count * (2 * degree + 1) for degree, count in enumerate(copies)))
    out = features.new_empty((nodes, components, channels) if batch is None else size)
    if not keep:
        return out, features.new_empty(0)
    return out, features.new_empty(2 * layers - (batch is None), nodes, components, channels)


def _fake(  # type: ignore[no-untyped-def]
    features, sh, length, radius, edge_index, strut, batch, num_graphs, layers, tensors, parameters, max_length,
    max_radius, agg_norm, correlation, outputs, residuals, copies, keep
):  # fmt: skip
    return _empty_results(features, sh, batch, num_graphs, layers, copies, keep)


def _backward(
    grad: torch.Tensor,
    kept: torch.Tensor,
    features: torch.Tensor,
    sh: torch.Tensor,
    length: torch.Tensor,
    radius: torch.Tensor,
    edge_index: torch.Tensor,
    strut: torch.Tensor | None,
    batch: torch.Tensor | None,
    num_graphs: int,
    layers: int,
    tensors: int,
    parameters: Sequence[torch.Tensor],
    max_length: float,
    max_radius: float,
    agg_norm: float,
    correlation: int,
    outputs: Sequence[int],
    residuals: int,
    copies: Sequence[int],
    wanted: list[bool],
) -> list[torch.Tensor]:
    # Gradients of features, of sh, of length and radius, and of all parameters: those of the four that are wanted.
    grads = _empty_gradients(wanted, features, sh, length, radius, parameters)
    left = iter(grads)
    of_features = next(left) if wanted[0] else None
    of_sh = next(left) if wanted[1] else None
    of_struts = (next(left), next(left)) if wanted[2] else (None, None)
    of_parameters = list(left) if wanted[3] else None
    numbers = max_length, max_radius, agg_norm, correlation, outputs, residuals, copies
    first = _arguments(features, sh, length, parameters, (num_graphs, layers, tensors), numbers)
    arrays = edge_index, strut, batch, parameters, contiguous(features), sh, length, radius, kept, grad
    call("fl_network_backward", features.dtype, *first, *arrays, of_features, of_sh, *of_struts, of_parameters)
    return grads


def _fake_backward(  # type: ignore[no-untyped-def]
    grad, kept, features, sh, length, radius, edge_index, strut, batch, num_graphs, layers, tensors, parameters,
    max_length, max_radius, agg_norm, correlation, outputs, residuals, copies, wanted
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
    arrays, ctx.sizes, parameters = inputs[:7], inputs[7:10], inputs[10]
    ctx.numbers, ctx.keep = inputs[11:18], inputs[18]
    ctx.mark_non_differentiable(output[1])
    ctx.set_materialize_grads(False)  # none for the second result
    ctx.save_for_backward(output[1], *arrays, *parameters)


def _formula(backward, ctx, grad, _):  # type: ignore[no-untyped-def]
    kept, *arrays = ctx.saved_tensors[:8]
    parameters = ctx.saved_tensors[8:]
    # torch takes an empty list for one of tensors.
    of_numbers = [[] if isinstance(value, (list, tuple)) and not value else None for value in ctx.numbers]
    if grad is None:
        return *[None] * 10, [None] * len(parameters), *of_numbers, None
    if not ctx.keep:
        raise RuntimeError("the native network was run without keep=True, so it has no gradients")
    need = ctx.needs_input_grad
    wanted = [need[0], need[1], need[2] or need[3], any(p.requires_grad for p in parameters)]
    left = iter(backward(grad, kept, *arrays, *ctx.sizes, parameters, *ctx.numbers, wanted))
    of_features = next(left) if wanted[0] else None
    of_sh = next(left) if wanted[1] else None
    of_struts = (next(left), next(left)) if wanted[2] else (None, None)
    of_parameters = list(left) if wanted[3] else [None] * len(parameters)
    return of_features, of_sh, *of_struts, *[None] * 6, of_parameters, *of_numbers, None


_network = CustomOp("network", _fake, _fake_backward, _setup, _formula).define("network", _forward, _backward, "cpu")


def _parameters_of(layers: Sequence[LayerParameters], lmax: int, correlation: int) -> tuple[int, list[torch.Tensor]]:
    """How many tensors the contraction of a layer has, and one list of all; the weights of all are folded, or none."""
    folded = any(isinstance(layer.contraction, torch.Tensor) for layer in layers)
    count, tensors = 1 if folded else len(constants.weight_counts(lmax, correlation)), []
    for p in layers:
        contraction = [p.contraction] if isinstance(p.contraction, torch.Tensor) else p.contraction
        if len(contraction) != count:
            contraction = [fold_weights(contraction, lmax, correlation)]
        tensors += [p.up, p.radial, p.linear_weight, p.linear_bias, p.product, *contraction]
        tensors += [*p.hidden_weights, *p.hidden_biases]
    return count, tensors


def _recorded(*tensors: torch.Tensor) -> bool:
    """Whether gradients will be asked for."""
    return torch.is_grad_enabled() and any(t.requires_grad for t in tensors)


@implements("network", "native", refusal)
def _run_network(
    features: torch.Tensor,
    sh: torch.Tensor,
    length: torch.Tensor,
    radius: torch.Tensor,
    edge_index: torch.Tensor,
    batch: torch.Tensor,
    num_graphs: int,
    layers: Sequence[LayerParameters],
    gate: torch.Tensor,
    weight: torch.Tensor,
    bias: torch.Tensor,
    copies: list[int],
    max_length: float,
    max_radius: float,
    agg_norm: float,
    correlation: int,
    strut: torch.Tensor | None,
    backend: str,
) -> torch.Tensor:
    tensors, parameters = _parameters_of(layers, len(copies) - 1, correlation)
    parameters += [gate, weight, bias]
    keep = _recorded(features, sh, length, radius, *parameters)
    outputs = [degree for degree, count in enumerate(copies) if count]
    arrays = features, sh, length, radius, edge_index, strut, batch, num_graphs, len(layers), tensors, parameters
    residuals = (1 << len(layers)) - 2  # from the second layer on
    return _network(*arrays, max_length, max_radius, agg_norm, correlation, outputs, residuals, copies, keep)[0]


@implements("layer", "native", refusal)
def _run_layer(
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
    tensors, flat = _parameters_of([parameters], round(sh.shape[1] ** 0.5) - 1, correlation)
    keep = _recorded(features, sh, length, radius, *flat)
    arrays = features, sh, length, radius, edge_index, strut, None, 0, 1, tensors, flat
    return _network(*arrays, max_length, max_radius, agg_norm, correlation, outputs, int(residual), [], keep)[0]
