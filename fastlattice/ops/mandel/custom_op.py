"""mandel as a custom op: what its compiled implementations share."""

from __future__ import annotations

import torch

from fastlattice.ops.custom_op import CustomOp


def _fake(coefficients: torch.Tensor, positive_function: str) -> torch.Tensor:
    return coefficients.new_empty(len(coefficients), 6, 6)


MANDEL = CustomOp("mandel", "Tensor coefficients, str positive_function", groups=(("coefficients",),), fake=_fake)
