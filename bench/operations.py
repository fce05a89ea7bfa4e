"""Multiply-adds of the native algorithm, one for each lane: what fractions of the machine's limit are counted from.

What is linear is folded, what both directions of a strut share is counted once, and of the last layer only the degrees
that the stiffness reads (0, 2, 4). Exponentials, square roots and divisions are not counted.
"""

import torch

from fastlattice import _native, _tables

STIFFNESS_ENTRIES = 21


def symmetric_contraction(nodes, channels, lmax, correlation, outputs):
    """(forward, backward to features and weights), by the generated programs' own count."""
    counts, mask = torch.zeros(2, dtype=torch.int64), sum(1 << degree for degree in outputs)
    _native.call("fl_symmetric_contraction_operations", lmax, correlation, mask, counts[:1], counts[1:])
    return tuple(nodes * channels * count for count in counts.tolist())


def edge_conv(nodes, edges, channels, l_in, lmax, width, direction="forward"):
    """Weights of the messages once a strut, products once an edge, the linear map once a node.

    A backward pass of training makes the messages again instead of keeping them; one for geometry has no gradients of
    parameters, but those of the harmonics.
    """
    paths = _tables.edge_paths(l_in, lmax)
    coefficients = [_tables.clebsch_gordan(*path) for path in paths]
    couplings = sum(int(c.any(dim=1).sum()) for c in coefficients)
    weights = sum(min(2 * l1 + 1, 2 * l3 + 1) for l1, _, l3 in paths)
    product = edges * (couplings + weights) * channels
    radial = edges // 2 * width * len(paths) * channels
    linear = nodes * sum(2 * l3 + 1 for _, _, l3 in paths) * channels**2
    if direction == "forward":
        return product + radial + linear
    if direction == "training":
        return 2 * product + 3 * radial + 2 * linear
    terms = sum(int(c.count_nonzero()) for c in coefficients)
    return product + edges * (couplings * channels + terms * 16) + 2 * radial + linear


def constant_edge_conv(nodes, edges, channels, lmax, width, direction="forward"):
    """Where all nodes have the same features: sums of weights times harmonics, without a gather."""
    radial = edges // 2 * width * (lmax + 1) * channels
    product = edges * (lmax + 1) ** 2 * channels
    linear = nodes * (lmax + 1) ** 2 * channels**2
    if direction == "forward":
        return product + radial + linear
    return 2 * product + 3 * radial + 2 * linear


def radial_mlp(struts, bases, width, layers, direction="forward"):
    """Without its last linear map, which belongs to edge_conv; a backward pass of training makes the layers again."""
    forward = struts * (2 * bases * width + (layers - 1) * width**2)
    return forward if direction == "forward" else 3 * forward


def linear(rows, degrees, fan_in, fan_out, direction="forward"):
    """A linear map of the channels of some degrees."""
    forward = rows * sum(2 * degree + 1 for degree in degrees) * fan_in * fan_out
    return forward if direction == "forward" else 2 * forward


def network(config, nodes, struts, lattices, direction="forward"):
    """LatticeMACE at lmax 4, from the geometry to 6x6; "training" is a forward and a backward pass."""
    if direction == "training":
        return sum(_network(config, nodes, struts, lattices, part) for part in ("forward", "training"))
    return _network(config, nodes, struts, lattices, direction)


def _network(config, nodes, struts, lattices, direction):
    channels, lmax, width, bases = config.channels, config.lmax, config.inter_MLP_dim, config.num_edge_bases
    every, used, last = range(lmax + 1), (0, 2, 4), config.message_passes - 1
    total = 0
    for layer in range(config.message_passes):
        outputs = used if layer == last else every
        total += radial_mlp(struts, bases, width, config.inter_MLP_layers - 1, direction)
        if layer == 0:
            total += constant_edge_conv(nodes, 2 * struts, channels, lmax, width, direction)
        else:
            total += linear(nodes, every, channels, channels, direction)
            total += edge_conv(nodes, 2 * struts, channels, lmax, lmax, width, direction)
        contraction = symmetric_contraction(nodes, channels, lmax, config.correlation, outputs)
        total += contraction[direction == "training"]
        total += linear(nodes, outputs, channels, channels, direction)
    total += linear(nodes, (0,), channels, len(used) * channels, direction)  # scalars and gates
    total += linear(nodes, used[1:], channels, channels, direction)
    total += linear(nodes, used, channels, 1, direction)  # gates applied, sums over the nodes
    # What follows is linear: one map for each lattice.
    return total + linear(lattices, (0,), channels, STIFFNESS_ENTRIES, direction)
