"""mandel in Triton: kernels/mandel.py."""

from __future__ import annotations

import torch

from fastlattice.ops._custom_mandel import MANDEL
from fastlattice.ops._dispatch import implements
from fastlattice.ops._triton_op import call, refusal


def _forward(coefficients: torch.Tensor, positive_function: str) -> torch.Tensor:
    return call("mandel", "mandel", coefficients, positive_function)


def _backward(grad_out: torch.Tensor, coefficients: torch.Tensor, positive_function: str) -> torch.Tensor:
    return call("mandel", "mandel_backward", grad_out, coefficients, positive_function)


mandel = MANDEL.define("mandel_triton", _forward, _backward)
implements("mandel", "triton", refusal)(mandel)
