"""From irreducible coefficients of the stiffness to a positive semi-definite 6x6 Mandel matrix (section 4.3)."""

from __future__ import annotations

import torch
from e3nn import o3

from fastlattice.ops.irreps import built_once

PAIRS = [(0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (0, 1)]  # 11, 22, 33, 23, 13, 12


@built_once
def change_of_basis() -> torch.Tensor:
    """[21, 3, 3, 3, 3]: a tensor C_ijkl for each coefficient of 2x0e + 2x2e + 1x4e."""
    return o3.ReducedTensorProducts("ijkl=jikl=ijlk=klij", i="1o").change_of_basis


def positive(m: torch.Tensor, positive_function: str) -> torch.Tensor:
    """The positive semi-definite function of a symmetric matrix (appendix A.2)."""
    identity = torch.eye(6, dtype=m.dtype, device=m.device)
    match positive_function:
        case "none":
            return m
        case "matrix_power_2":
            return torch.linalg.matrix_power(m, 2)
        case "matrix_power_4":
            return torch.linalg.matrix_power(m, 4)
        case "matrix_exp":
            return torch.linalg.matrix_exp(m)
        case "matrix_trunc_exp_2":
            return torch.linalg.matrix_power(identity + m / 2, 2)
        case "matrix_trunc_exp_4":
            return torch.linalg.matrix_power(identity + m / 4, 4)
    raise ValueError(f"unknown positive function {positive_function!r}")


def mandel(coefficients: torch.Tensor, positive_function: str) -> torch.Tensor:
    """PSD function of the Mandel matrix of a stiffness tensor.

    Args:
        coefficients: [B, 21] of the irreps 2x0e + 2x2e + 1x4e.
        positive_function: matrix_power_2, matrix_power_4, matrix_exp, matrix_trunc_exp_2 or _4, or none.

    Returns:
        [B, 6, 6].
    """
    tensor = torch.einsum("bq,qijkl->bijkl", coefficients, change_of_basis(like=coefficients))
    i, j = torch.tensor(PAIRS, device=tensor.device).T
    factor = coefficients.new_tensor([1, 1, 1, 2, 2, 2]).sqrt()
    matrix = tensor[:, i[:, None], j[:, None], i, j] * torch.outer(factor, factor)
    return positive(matrix, positive_function)
