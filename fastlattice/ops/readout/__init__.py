"""readout: gated nonlinearity of the node features, mean over each lattice, linear map (equations 16 and 17)."""

from __future__ import annotations

from collections.abc import Mapping

import torch

from fastlattice.errors import ArgumentError
from fastlattice.ops.check import check, check_index, lmax_of
from fastlattice.ops.dispatch import run


def readout(
    features: torch.Tensor,
    batch: torch.Tensor,
    num_graphs: int,
    gate: torch.Tensor,
    weight: torch.Tensor,
    bias: torch.Tensor,
    copies: Mapping[int, int],
    *,
    backend: str = "auto",
) -> torch.Tensor:
    """Per node a linear map and e3nn's Gate, then the mean over the nodes of each lattice, then a linear map of it.

    The first map makes C scalars, C gates for each degree above 0, and C channels of each of these degrees. Scalars and
    gates pass SiLU (normalised to a second moment of one); each other channel is multiplied by its gate. Both maps are
    divided by sqrt(C).

    Args:
        features: [N, (lmax + 1)^2, C], lmax 1 to 4.
        batch: [N] int64, the lattice of each node; every lattice has nodes.
        num_graphs: B.
        gate: [(2 lmax + 1) * C * C]: [C, (lmax + 1) C] to scalars and gates, then [C, C] for each degree above 0.
        weight: [sum of C * copies], the second map: [C, copies] for each degree of `copies`.
        bias: [copies[0]], added to the scalars.
        copies: how many copies of each degree come out, degrees ascending, 0 among them; others are not read.
        backend: "auto" or the name of one.

    Returns:
        [B, sum of copies * (2 l + 1)]: degree after degree, [copies, 2 l + 1].

    Raises:
        ArgumentError: a wrong shape, dtype or device, or degrees that do not exist.
        RuntimeError: a lattice has no nodes; on a CUDA device when it comes to it.
        BackendError: the backend asked for does not exist or cannot run this.
    """
    check(features, "features", (None, None, None))
    check_index(batch, "batch", (len(features),), features)
    counts = check_readout(gate, weight, bias, copies, lmax_of(features.shape[1], "features"), features)
    return run("readout", backend, features, features, batch, int(num_graphs), gate, weight, bias, counts)


def check_readout(
    gate: torch.Tensor,
    weight: torch.Tensor,
    bias: torch.Tensor,
    copies: Mapping[int, int],
    lmax: int,
    features: torch.Tensor,
) -> list[int]:
    """Raises ArgumentError unless the parameters are those of a readout; returns the copies of every degree."""
    channels, degrees = features.shape[2], list(copies)
    if degrees != sorted(set(degrees)) or degrees[:1] != [0] or degrees[-1] > lmax or min(copies.values()) < 1:
        raise ArgumentError(f"copies are {dict(copies)}; expected ascending degrees from 0 to at most {lmax}")
    check(gate, "gate", ((2 * lmax + 1) * channels**2,), features)
    check(weight, "weight", (channels * sum(copies.values()),), features)
    check(bias, "bias", (copies[0],), features)
    return [copies.get(degree, 0) for degree in range(lmax + 1)]


def check_nodes(batch: torch.Tensor, num_graphs: int) -> None:
    """Raises a RuntimeError if a lattice has no nodes; nothing waits for a CUDA device."""
    found = torch.zeros(num_graphs, dtype=torch.bool, device=batch.device).index_fill(0, batch, True)
    torch._assert_async(found.all(), "a lattice has no nodes")


from fastlattice.ops.readout import native, portable, triton_op  # noqa: E402, F401 - they register themselves
