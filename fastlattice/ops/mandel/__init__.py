"""mandel: from irreducible coefficients of the stiffness to a positive semi-definite 6x6 Mandel matrix (4.3, A.2)."""

from __future__ import annotations

import torch

from fastlattice._generated.abi import POSITIVE_FUNCTION
from fastlattice.errors import ArgumentError
from fastlattice.ops.check import check
from fastlattice.ops.dispatch import run

POSITIVE_FUNCTIONS = POSITIVE_FUNCTION
"""Their names, in the order by which the native functions count them."""


def mandel(coefficients: torch.Tensor, positive_function: str, *, backend: str = "auto") -> torch.Tensor:
    """Positive semi-definite function of the Mandel matrix M of a tensor with the symmetries of a stiffness.

    Args:
        coefficients: [B, 21] of the irreps 2x0e + 2x2e + 1x4e.
        positive_function: matrix_power_2 (M^2), matrix_power_4 (M^4), matrix_exp (e^M), matrix_trunc_exp_2
            ((1 + M/2)^2), matrix_trunc_exp_4 ((1 + M/4)^4) or none (M).
        backend: "auto" or the name of one.

    Returns:
        [B, 6, 6], symmetric, order 11, 22, 33, 23, 13, 12.

    Raises:
        ArgumentError: a wrong shape or dtype, or a function that does not exist.
        BackendError: the backend asked for does not exist or cannot run this.
    """
    check(coefficients, "coefficients", (None, 21))
    if positive_function not in POSITIVE_FUNCTIONS:
        raise ArgumentError(f"positive_function is {positive_function!r}; choose from {', '.join(POSITIVE_FUNCTIONS)}")
    return run("mandel", backend, coefficients, coefficients, positive_function)


from fastlattice.ops.mandel import native, portable, triton_op  # noqa: E402, F401 - they register themselves
