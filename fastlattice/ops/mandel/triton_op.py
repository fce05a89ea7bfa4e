"""mandel in Triton: kernels/mandel.py."""

from __future__ import annotations

import torch

from fastlattice.ops.backends.triton import call, refusal
from fastlattice.ops.dispatch import implements
from fastlattice.ops.mandel.custom_op import MANDEL


def _forward(coefficients: torch.Tensor, positive_function: str) -> torch.Tensor:
    return call("mandel", "mandel", coefficients, positive_function)


def _backward(
    grad_out: torch.Tensor, coefficients: torch.Tensor, positive_function: str, wanted: list[bool]
) -> list[torch.Tensor]:
    return [call("mandel", "mandel_backward", grad_out, coefficients, positive_function)]


mandel = MANDEL.define("mandel_triton", _forward, _backward)
implements("mandel", "triton", refusal)(mandel)
