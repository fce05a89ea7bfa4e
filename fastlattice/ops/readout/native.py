"""readout on the CPU, native: csrc/ops/readout/readout.cpp."""

from __future__ import annotations

from typing import Any

import torch

from fastlattice.ops import constants
from fastlattice.ops.backends.native import call, int64_array, refusal
from fastlattice.ops.custom_op import CustomOp
from fastlattice.ops.dispatch import implements


def _numbers(features: torch.Tensor, num_graphs: int, copies: list[int]) -> tuple[Any, ...]:
    """What the native functions take before the arrays."""
    degrees = sum(1 << degree for degree, count in enumerate(copies) if count)
    sizes = len(features), num_graphs, len(copies) - 1, degrees, features.shape[2]
    return *sizes, int64_array(copies), constants.silu_gain()


def _size(copies: list[int]) -> int:
    return sum(count * (2 * degree + 1) for degree, count in enumerate(copies))


def _forward(
    features: torch.Tensor,
    batch: torch.Tensor,
    num_graphs: int,
    gate: torch.Tensor,
    weight: torch.Tensor,
    bias: torch.Tensor,
    copies: list[int],
) -> torch.Tensor:
    out = features.new_empty(num_graphs, _size(copies))
    call("fl_readout", out.dtype, *_numbers(features, num_graphs, copies), batch, gate, weight, bias, features, out)
    return out


def _fake(features, batch, num_graphs, gate, weight, bias, copies):  # type: ignore[no-untyped-def]
    return features.new_empty(num_graphs, _size(copies))


def _backward(
    grad: torch.Tensor,
    features: torch.Tensor,
    batch: torch.Tensor,
    num_graphs: int,
    gate: torch.Tensor,
    weight: torch.Tensor,
    bias: torch.Tensor,
    copies: list[int],
    wanted: list[bool],
) -> list[torch.Tensor]:
    # Gradients of the features, and of the three parameters: those of the two that are wanted.
    grads = _empty_gradients(wanted, features, gate, weight, bias)
    outputs = [grads[0] if wanted[0] else None, *(grads[-3:] if wanted[1] else [None] * 3)]
    inputs = batch, gate, weight, bias, features, grad
    call("fl_readout_backward", grad.dtype, *_numbers(features, num_graphs, copies), *inputs, *outputs)
    return grads


def _fake_backward(grad, features, batch, num_graphs, gate, weight, bias, copies, wanted):  # type: ignore[no-untyped-def]
    return _empty_gradients(wanted, features, gate, weight, bias)


def _empty_gradients(wanted: list[bool], features: torch.Tensor, *parameters: torch.Tensor) -> list[torch.Tensor]:
    # Of a network that reads even degrees only, the others have a gradient too: zero.
    return [t.new_empty(t.shape) for t in [features] * wanted[0] + [*parameters] * wanted[1]]


def _setup(ctx, inputs, output) -> None:  # type: ignore[no-untyped-def]
    features, batch, ctx.num_graphs, gate, weight, bias, ctx.copies = inputs
    ctx.save_for_backward(features, batch, gate, weight, bias)


def _formula(backward, ctx, grad):  # type: ignore[no-untyped-def]
    features, batch, *parameters = ctx.saved_tensors
    need = ctx.needs_input_grad
    wanted = [need[0], need[3] or need[4] or need[5]]
    grads = backward(grad, features, batch, ctx.num_graphs, *parameters, ctx.copies, wanted)
    of_parameters = grads[-3:] if wanted[1] else [None] * 3
    return grads[0] if wanted[0] else None, None, None, *of_parameters, None


readout = CustomOp("readout", _fake, _fake_backward, _setup, _formula).define("readout", _forward, _backward, "cpu")
implements("readout", "native", refusal)(readout)
