"""edge_conv: weighted tensor product along edges, sum at the receivers, linear map (equations 12 and 13)."""

from __future__ import annotations

import torch

from fastlattice.ops import constants
from fastlattice.ops.check import check, check_index, lmax_of
from fastlattice.ops.dispatch import run


def edge_conv(
    features: torch.Tensor,
    sh: torch.Tensor,
    hidden: torch.Tensor,
    weight: torch.Tensor,
    edge_index: torch.Tensor,
    linear_weight: torch.Tensor,
    linear_bias: torch.Tensor,
    agg_norm: float,
    strut: torch.Tensor | None = None,
    *,
    backend: str = "auto",
) -> torch.Tensor:
    """What every node receives along its edges.

    With R = weight @ hidden one number per path (l1, l2, l3), channel and edge, and C the Clebsch-Gordan coefficients:

        message[e, path, l3, c] = R[e, path, c] (C (features[sender(e), l1, c], sh[e, l2]))
        received[n, path] = sum over edges e into n of message[e, path] / agg_norm
        out[n, l3] = sum over paths into l3 of received[n, path] @ linear_weight[path] / sqrt(paths into l3 * C)

    and linear_bias is added to the scalars. Paths are ordered by l3, then l1, then l2, natural parity only.

    Args:
        features: [N, (l_in + 1)^2, C] at the senders; l_in = 0 in the first layer.
        sh: [E, (lmax + 1)^2] harmonics of the edges.
        hidden: [M, H] hidden activations of the radial network.
        weight: [paths * C, H], its last layer, channel fastest.
        edge_index: [2, E] int64, senders and receivers.
        linear_weight: [paths * C * C], [C in, C out] for each path.
        linear_bias: [C].
        agg_norm: what the sum over edges is divided by.
        strut: [E] int64, the row of `hidden` of each edge: both directions of a strut may share one. None: row e.
        backend: "auto" or the name of one.

    Returns:
        [N, (lmax + 1)^2, C].

    Raises:
        ArgumentError: a wrong shape, dtype or device.
        BackendError: the backend asked for does not exist or cannot run this.
    """
    check(features, "features", (None, None, None))
    check(sh, "sh", (None, None), features)
    channels, edges = features.shape[2], sh.shape[0]
    lmax = lmax_of(sh.shape[1], "sh")
    paths = len(constants.edge_paths(lmax_of(features.shape[1], "features", lmax), lmax))
    check(hidden, "hidden", (edges if strut is None else None, None), features)
    check(weight, "weight", (paths * channels, hidden.shape[1]), features)
    check_index(edge_index, "edge_index", (2, edges), features)
    check(linear_weight, "linear_weight", (paths * channels * channels,), features)
    check(linear_bias, "linear_bias", (channels,), features)
    if strut is not None:
        check_index(strut, "strut", (edges,), features)
    inputs = (features, sh, hidden, weight, edge_index, linear_weight, linear_bias, float(agg_norm), strut)
    return run("edge_conv", backend, features, *inputs)


from fastlattice.ops.edge_conv import native, portable, triton_op  # noqa: E402, F401 - they register themselves
