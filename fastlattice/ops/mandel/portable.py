"""mandel in plain torch, for every device and dtype, differentiable to any order."""

from __future__ import annotations

import torch

from fastlattice.ops import constants
from fastlattice.ops.dispatch import implements


@implements("mandel", "torch")
def mandel(coefficients: torch.Tensor, positive_function: str) -> torch.Tensor:
    """As `ops.mandel`."""
    basis = constants.constant(constants.mandel_basis, like=coefficients)
    matrix = (coefficients @ basis.flatten(1)).unflatten(1, (6, 6))
    if positive_function == "none":
        return matrix
    if positive_function == "matrix_exp":
        return torch.linalg.matrix_exp(matrix)
    kind, power = positive_function.removeprefix("matrix_").rsplit("_", 1)
    if kind == "trunc_exp":
        matrix = matrix / int(power) + torch.eye(6, dtype=matrix.dtype, device=matrix.device)
    return torch.linalg.matrix_power(matrix, int(power))
