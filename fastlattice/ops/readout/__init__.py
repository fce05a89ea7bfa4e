"""readout: gated nonlinearity of the node features, mean over each lattice, linear map (equations 16 and 17)."""

from __future__ import annotations

from collections.abc import Mapping

import torch

from fastlattice.ops.arguments import ReadoutParameters
from fastlattice.ops.check import check, check_index, lmax_of
from fastlattice.ops.dispatch import run


def readout(
    features: torch.Tensor,
    batch: torch.Tensor,
    num_graphs: int,
    gate: torch.Tensor,
    weight: torch.Tensor,
    bias: torch.Tensor,
    multiplicities: Mapping[int, int],
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
        weight: [sum of C * multiplicities], the second map: [C, multiplicity] for each degree of `multiplicities`.
        bias: [multiplicities[0]], added to the scalars.
        multiplicities: how often each degree comes out, degrees ascending, 0 among them; others are not read.
        backend: "auto" or the name of one.

    Returns:
        [B, sum of multiplicities * (2 l + 1)]: degree after degree, [multiplicity, 2 l + 1].

    Raises:
        ArgumentError: a wrong shape, dtype or device, or degrees that do not exist.
        RuntimeError: a lattice has no nodes; on a CUDA device when it comes to it.
        BackendError: the backend asked for does not exist or cannot run this.
    """
    check(features, "features", (None, None, None))
    check_index(batch, "batch", (len(features),), features)
    parameters, lmax = ReadoutParameters(gate, weight, bias, multiplicities), lmax_of(features.shape[1], "features")
    parameters.check(features, lmax)
    counts = parameters.of_every_degree(lmax)
    return run("readout", backend, features, features, batch, int(num_graphs), gate, weight, bias, counts)


from fastlattice.ops.readout import native, portable, triton_op  # noqa: E402, F401 - they register themselves
