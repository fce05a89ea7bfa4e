"""mandel on the CPU, native: csrc/mandel.cpp."""

from __future__ import annotations

import torch

from fastlattice.ops._custom_op import once_differentiable
from fastlattice.ops._dispatch import implements
from fastlattice.ops._native_op import call, refusal

_FUNCTIONS = (
    "none",
    "matrix_power_2",
    "matrix_power_4",
    "matrix_exp",
    "matrix_trunc_exp_2",
    "matrix_trunc_exp_4",
)
"""In the order of fl::PositiveFunction."""


@torch.library.custom_op("fastlattice::mandel", mutates_args=(), device_types="cpu")
def mandel(coefficients: torch.Tensor, positive_function: str) -> torch.Tensor:
    """See `fastlattice.ops.mandel`."""
    out = coefficients.new_empty(len(coefficients), 6, 6)
    call("fl_mandel", out.dtype, len(out), _FUNCTIONS.index(positive_function), coefficients, out)
    return out


@mandel.register_fake
def _(coefficients, positive_function):  # type: ignore[no-untyped-def]
    return coefficients.new_empty(len(coefficients), 6, 6)


@torch.library.custom_op("fastlattice::mandel_backward", mutates_args=(), device_types="cpu")
def mandel_backward(grad_out: torch.Tensor, coefficients: torch.Tensor, positive_function: str) -> torch.Tensor:
    """Gradient of the coefficients."""
    grad = coefficients.new_empty(coefficients.shape)
    function = _FUNCTIONS.index(positive_function)
    call("fl_mandel_backward", grad.dtype, len(grad), function, coefficients, grad_out, grad)
    return grad


@mandel_backward.register_fake
def _(grad_out, coefficients, positive_function):  # type: ignore[no-untyped-def]
    return coefficients.new_empty(coefficients.shape)


def _setup(ctx, inputs, output) -> None:  # type: ignore[no-untyped-def]
    coefficients, ctx.positive_function = inputs
    ctx.save_for_backward(coefficients)


def _backward(ctx, grad_out):  # type: ignore[no-untyped-def]
    return mandel_backward(grad_out, *ctx.saved_tensors, ctx.positive_function), None


mandel.register_autograd(_backward, setup_context=_setup)
once_differentiable(mandel_backward, "mandel")
implements("mandel", "native", refusal)(mandel)
