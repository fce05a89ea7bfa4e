"""edge_sh in plain torch, for every device and dtype, differentiable to any order."""

from __future__ import annotations

import torch

from fastlattice.ops import constants
from fastlattice.ops.dispatch import implements


def _raising(degree: int) -> torch.Tensor:
    """[2 l + 1, 3, 2 l + 3]: Y_{l+1} from Y_l and Y_1, scaled by the pole, where only m = 0 is not zero."""
    coefficients = constants.clebsch_gordan(degree, 1, degree + 1)
    at_pole = coefficients[degree, 1, degree + 1] * (3 * (2 * degree + 1)) ** 0.5
    return coefficients * ((2 * degree + 3) ** 0.5 / at_pole)


@implements("edge_sh", "torch")
def edge_sh(
    positions: torch.Tensor, edge_index: torch.Tensor, shifts: torch.Tensor, lmax: int, reverse: torch.Tensor | None
) -> tuple[torch.Tensor, torch.Tensor]:
    """As `ops.edge_sh`."""
    sender, receiver = edge_index
    vectors = positions[receiver] - positions[sender] + shifts
    first = 3**0.5 * torch.nn.functional.normalize(vectors, dim=1)
    harmonics = [torch.ones_like(first[:, :1]), first]
    for degree in range(1, lmax):
        raising = constants.constant(_raising, degree, like=first)
        harmonics.append(torch.einsum("ei,ej,ijk->ek", harmonics[-1], first, raising))
    return torch.cat(harmonics, dim=1), torch.linalg.vector_norm(vectors, dim=1)
