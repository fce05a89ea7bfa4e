"""network: all message-passing layers and the readout (equations 11 to 17)."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from fastlattice.errors import ArgumentError
from fastlattice.ops.arguments import Edges, LayerParameters, NetworkSizes, ReadoutParameters
from fastlattice.ops.check import check_degrees, check_index
from fastlattice.ops.dispatch import run


def network(
    features: torch.Tensor,
    edges: Edges,
    batch: torch.Tensor,
    num_graphs: int,
    layers: Sequence[LayerParameters],
    readout: ReadoutParameters,
    sizes: NetworkSizes,
    *,
    backend: str = "auto",
) -> torch.Tensor:
    """`layer` after layer, from the second on with the residual, and `readout`.

    The last layer computes the degrees that the readout reads, the others all. On the CPU one native op takes a few
    lattices at a time through all of it, so that their features never leave a core's cache; other backends run the
    single ops.

    Args:
        features: [N, (l_in + 1)^2, C]; l_in = 0 in the released network.
        edges: E edges between the N nodes, with harmonics to degree lmax, 1 to 4.
        batch: [N] int64, the lattice of each node; every lattice has nodes.
        num_graphs: B.
        layers: the parameters of each layer.
        readout: the parameters of the readout.
        sizes: the network's.
        backend: "auto" or the name of one.

    Returns:
        [B, sum of multiplicities * (2 l + 1)]: degree after degree, [multiplicity, 2 l + 1].

    Raises:
        ArgumentError: a wrong shape, dtype or device, or an order or degree that does not exist.
        BackendError: the backend asked for does not exist or cannot run this.
    """
    l_in, lmax = edges.check(features)
    if not layers:
        raise ArgumentError("there is no layer; expected one or more")
    if len(layers) > 63:
        raise ArgumentError(f"there are {len(layers)} layers; expected 63 at most")
    check_degrees(sizes.correlation, (), lmax)
    for t, parameters in enumerate(layers):
        parameters.check(features, lmax if t else l_in, lmax, sizes.correlation)
    if len({tuple(weight.shape for weight in parameters.hidden_weights) for parameters in layers}) > 1:
        raise ArgumentError("the radial networks of the layers have different sizes")
    check_index(batch, "batch", features.shape[:1], features)
    readout.check(features, lmax)
    return run("network", backend, features, features, edges, batch, int(num_graphs), layers, readout, sizes, backend)


from fastlattice.ops.network import native, portable  # noqa: E402, F401 - they register themselves
