"""edge_sh: periodic edge vectors, their lengths and spherical harmonics (equation 12 of Grega et al. 2024)."""

from __future__ import annotations

import torch

from fastlattice.errors import ArgumentError
from fastlattice.ops import constants
from fastlattice.ops.check import check, check_index
from fastlattice.ops.dispatch import run


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
    if not 1 <= lmax <= constants.LMAX:
        raise ArgumentError(f"lmax is {lmax}; expected 1 to {constants.LMAX}")
    if reverse is not None:
        check_index(reverse, "reverse", (edge_index.shape[1],), positions)
    return run("edge_sh", backend, positions, positions, edge_index, shifts, lmax, reverse)


from fastlattice.ops.edge_sh import native, portable, triton_op  # noqa: E402, F401 - they register themselves
