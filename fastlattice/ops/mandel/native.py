"""mandel on the CPU, native: csrc/ops/mandel/mandel.cpp."""

from __future__ import annotations

import torch

from fastlattice._generated.abi import POSITIVE_FUNCTION
from fastlattice.ops.backends.native import call, dense, refusal
from fastlattice.ops.dispatch import implements
from fastlattice.ops.mandel.custom_op import MANDEL


def _forward(coefficients: torch.Tensor, positive_function: str) -> torch.Tensor:
    out = coefficients.new_empty(len(coefficients), 6, 6)
    call("fl_mandel", out.dtype, len(out), POSITIVE_FUNCTION.index(positive_function), coefficients, out)
    return out


def _backward(
    grad_out: torch.Tensor, coefficients: torch.Tensor, positive_function: str, wanted: list[bool]
) -> list[torch.Tensor]:
    grad = coefficients.new_empty(coefficients.shape)
    function = POSITIVE_FUNCTION.index(positive_function)
    call("fl_mandel_backward", grad.dtype, len(grad), function, coefficients, grad_out, grad)
    return [grad]


mandel = MANDEL.define("mandel", _forward, _backward, "cpu", dense)
implements("mandel", "native", refusal)(mandel)
