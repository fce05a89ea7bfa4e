"""mandel on the CPU, native: csrc/ops/mandel/mandel.cpp."""

from __future__ import annotations

import torch

from fastlattice.ops.backends.native import call, refusal
from fastlattice.ops.dispatch import implements
from fastlattice.ops.mandel.custom_op import MANDEL

_FUNCTIONS = (
    "none",
    "matrix_power_2",
    "matrix_power_4",
    "matrix_exp",
    "matrix_trunc_exp_2",
    "matrix_trunc_exp_4",
)
"""In the order of fl::PositiveFunction."""


def _forward(coefficients: torch.Tensor, positive_function: str) -> torch.Tensor:
    out = coefficients.new_empty(len(coefficients), 6, 6)
    call("fl_mandel", out.dtype, len(out), _FUNCTIONS.index(positive_function), coefficients, out)
    return out


def _backward(grad_out: torch.Tensor, coefficients: torch.Tensor, positive_function: str) -> torch.Tensor:
    grad = coefficients.new_empty(coefficients.shape)
    function = _FUNCTIONS.index(positive_function)
    call("fl_mandel_backward", grad.dtype, len(grad), function, coefficients, grad_out, grad)
    return grad


mandel = MANDEL.define("mandel", _forward, _backward, "cpu")
implements("mandel", "native", refusal)(mandel)
