"""edge_sh: periodic edge vectors, their lengths and spherical harmonics (equation 12 of Grega et al. 2024)."""

from __future__ import annotations

import torch

from fastlattice import _tables
from fastlattice.errors import ArgumentError
from fastlattice.ops._check import check, check_index
from fastlattice.ops._dispatch import implements, run


def edge_sh(
    positions: torch.Tensor,
    edge_index: torch.Tensor,
    shifts: torch.Tensor,
    lmax: int,
    reverse: torch.Tensor | None = None,
    *,
    backend: str = "auto",
) -> tuple[torch.Tensor, torch.Tensor]:
    """Spherical harmonics of the edge directions, component-normalised, in e3nn's order and signs; edge lengths.

    The edge vector is positions[receiver] - positions[sender] + shift. An edge of length zero has no direction: its
    harmonics of degree l > 0 are zero.

    Args:
        positions: [N, 3].
        edge_index: [2, E] int64, senders and receivers.
        shifts: [E, 3].
        lmax: largest degree, 1 to 4.
        reverse: [E] int64, the edge that is the same strut seen from its other end, with the opposite vector to the
            last bit; None if edges do not come in such pairs. A backend may then compute one edge of each pair:
            Y_l(-v) = (-1)^l Y_l(v). Gradients flow to each edge's own inputs either way.
        backend: "auto" or the name of one.

    Returns:
        [E, (lmax + 1)^2] harmonics and [E] lengths.

    Raises:
        ArgumentError: a wrong shape, dtype or device, or an lmax beyond 4.
        BackendError: the backend asked for does not exist or cannot run this.
    """
    check(positions, "positions", (None, 3))
    check_index(edge_index, "edge_index", (2, None), positions)
    check(shifts, "shifts", (edge_index.shape[1], 3), positions)
    if not 1 <= lmax <= _tables.LMAX:
        raise ArgumentError(f"lmax is {lmax}; expected 1 to {_tables.LMAX}")
    if reverse is not None:
        check_index(reverse, "reverse", (edge_index.shape[1],), positions)
    return run("edge_sh", backend, positions, positions, edge_index, shifts, lmax, reverse)


def _raising(degree: int) -> torch.Tensor:
    """[2 l + 1, 3, 2 l + 3]: Y_{l+1} from Y_l and Y_1, scaled by the pole, where only m = 0 is not zero."""
    coefficients = _tables.clebsch_gordan(degree, 1, degree + 1)
    at_pole = coefficients[degree, 1, degree + 1] * (3 * (2 * degree + 1)) ** 0.5
    return coefficients * ((2 * degree + 3) ** 0.5 / at_pole)


@implements("edge_sh", "torch")
def _torch(
    positions: torch.Tensor, edge_index: torch.Tensor, shifts: torch.Tensor, lmax: int, reverse: torch.Tensor | None
) -> tuple[torch.Tensor, torch.Tensor]:
    sender, receiver = edge_index
    vectors = positions[receiver] - positions[sender] + shifts
    first = 3**0.5 * torch.nn.functional.normalize(vectors, dim=1)
    harmonics = [torch.ones_like(first[:, :1]), first]
    for degree in range(1, lmax):
        raising = _tables.constant(_raising, degree, like=first)
        harmonics.append(torch.einsum("ei,ej,ijk->ek", harmonics[-1], first, raising))
    return torch.cat(harmonics, dim=1), torch.linalg.vector_norm(vectors, dim=1)
