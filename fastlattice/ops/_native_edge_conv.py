"""edge_conv on the CPU, native: csrc/edge_conv.cpp."""

from __future__ import annotations

import torch

from fastlattice.ops._custom_op import once_differentiable
from fastlattice.ops._dispatch import implements
from fastlattice.ops._native_op import call, refusal


def _size(features: torch.Tensor, sh: torch.Tensor, hidden: torch.Tensor) -> tuple[int, ...]:
    """Nodes, edges, rows of hidden, l_in, lmax, channels, width of hidden."""
    l_in, lmax = (round(t.shape[1] ** 0.5) - 1 for t in (features, sh))
    return len(features), len(sh), len(hidden), l_in, lmax, features.shape[2], hidden.shape[1]


@torch.library.custom_op("fastlattice::edge_conv", mutates_args=(), device_types="cpu")
def edge_conv(
    features: torch.Tensor,
    sh: torch.Tensor,
    hidden: torch.Tensor,
    weight: torch.Tensor,
    edge_index: torch.Tensor,
    linear_weight: torch.Tensor,
    linear_bias: torch.Tensor,
    agg_norm: float,
    strut: torch.Tensor | None = None,
) -> torch.Tensor:
    """See `fastlattice.ops.edge_conv`."""
    out = features.new_empty(len(features), sh.shape[1], features.shape[2])
    inputs = features, sh, hidden, weight, edge_index, linear_weight, linear_bias, strut
    call("fl_edge_conv", features.dtype, *_size(features, sh, hidden), agg_norm, *inputs, out)
    return out


@edge_conv.register_fake
def _(features, sh, hidden, weight, edge_index, linear_weight, linear_bias, agg_norm, strut=None):  # type: ignore[no-untyped-def]
    return features.new_empty(len(features), sh.shape[1], features.shape[2])


@torch.library.custom_op("fastlattice::edge_conv_backward", mutates_args=(), device_types="cpu")
def edge_conv_backward(
    grad: torch.Tensor,
    features: torch.Tensor,
    sh: torch.Tensor,
    hidden: torch.Tensor,
    weight: torch.Tensor,
    edge_index: torch.Tensor,
    linear_weight: torch.Tensor,
    linear_bias: torch.Tensor,
    agg_norm: float,
    strut: torch.Tensor | None,
    wanted: list[bool],
) -> list[torch.Tensor]:
    """Gradients of features, sh, hidden, and of the three parameters: those of the four that are wanted, in order."""
    grads = _empty_gradients(wanted, features, sh, hidden, weight, linear_weight, linear_bias)
    left = iter(grads)
    outputs = [next(left) if w else None for w in [*wanted[:3], *[wanted[3]] * 3]]
    inputs = features, sh, hidden, weight, edge_index, linear_weight, linear_bias, strut
    size = _size(features, sh, hidden)
    call("fl_edge_conv_backward", features.dtype, *size, agg_norm, *inputs, grad, *outputs)
    return grads


@edge_conv_backward.register_fake
def _(  # type: ignore[no-untyped-def]
    grad, features, sh, hidden, weight, edge_index, linear_weight, linear_bias, agg_norm, strut, wanted
):
    return _empty_gradients(wanted, features, sh, hidden, weight, linear_weight, linear_bias)


def _empty_gradients(wanted: list[bool], *inputs: torch.Tensor) -> list[torch.Tensor]:
    everything = [*wanted[:3], *[wanted[3]] * 3]
    return [t.new_empty(t.shape) for t, w in zip(inputs, everything, strict=True) if w]


def _setup(ctx, inputs, output) -> None:  # type: ignore[no-untyped-def]
    *tensors, ctx.agg_norm, strut = inputs
    ctx.save_for_backward(*tensors, strut)


def _backward(ctx, grad):  # type: ignore[no-untyped-def]
    features, sh, hidden, weight, edge_index, linear_weight, linear_bias, strut = ctx.saved_tensors
    need = ctx.needs_input_grad
    wanted = [*need[:3], need[3] or need[5] or need[6]]
    parameters = weight, edge_index, linear_weight, linear_bias
    left = iter(edge_conv_backward(grad, features, sh, hidden, *parameters, ctx.agg_norm, strut, wanted))
    grads = [next(left) if w else None for w in [*wanted[:3], *[wanted[3]] * 3]]
    return *grads[:4], None, *grads[4:], None, None


edge_conv.register_autograd(_backward, setup_context=_setup)
once_differentiable(edge_conv_backward, "edge_conv")
implements("edge_conv", "native", refusal)(edge_conv)
