"""layer: one message-passing layer of the network (equations 11 to 15)."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from fastlattice.errors import ArgumentError
from fastlattice.ops.arguments import Edges, LayerParameters, NetworkSizes
from fastlattice.ops.check import check_degrees
from fastlattice.ops.dispatch import run


def layer(
    features: torch.Tensor,
    edges: Edges,
    parameters: LayerParameters,
    sizes: NetworkSizes,
    output_degrees: Sequence[int],
    residual: bool,
    *,
    backend: str = "auto",
) -> torch.Tensor:
    """Norm if there is one, linear map of the senders, `radial_mlp`, `edge_conv`, `symmetric_contraction`, linear map,
    residual.

    On the CPU one native op runs all of it, a few lattices at a time; other backends run the single ops.

    Args:
        features: [N, (l_in + 1)^2, C]; l_in = 0 in the first layer of the released network.
        edges: E edges between the N nodes, with harmonics to degree lmax, 1 to 4.
        parameters: the layer's.
        sizes: the network's.
        output_degrees: degrees to compute; the others come out as zeros.
        residual: whether the features, normed, are added to the degrees that are computed; needs l_in = lmax.
        backend: "auto" or the name of one.

    Returns:
        [N, (lmax + 1)^2, C].

    Raises:
        ArgumentError: a wrong shape, dtype or device, or an order or degree that does not exist.
        BackendError: the backend asked for does not exist or cannot run this.
    """
    l_in, lmax = edges.check(features)
    degrees = check_degrees(sizes.correlation, output_degrees, lmax)
    if residual and l_in != lmax:
        raise ArgumentError(f"a residual needs features to degree {lmax}, not {l_in}")
    parameters.check(features, l_in, lmax, sizes.correlation)
    return run("layer", backend, features, features, edges, parameters, sizes, degrees, residual, backend)


from fastlattice.ops.layer import native, portable  # noqa: E402, F401 - they register themselves
