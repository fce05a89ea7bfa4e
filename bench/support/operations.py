"""Multiply-adds of the native algorithm, one for each lane: what fractions of the machine's limit are counted from.

What is linear is folded, what both directions of a strut share is counted once, and of the last layer only the degrees
that the stiffness reads (0, 2, 4). Exponentials, square roots and divisions are not counted.
"""

import torch

from fastlattice import _native
from fastlattice.ops import constants

STIFFNESS_DEGREES, STIFFNESS_ENTRIES = (0, 2, 4), 21


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
    paths = constants.edge_paths(l_in, lmax)
    coefficients = [constants.clebsch_gordan(*path) for path in paths]
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


def layer(nodes, edges, channels, l_in, lmax, bases, width, layers, correlation, outputs, direction="forward"):
    """One layer, by piece; `layers` hidden layers of the radial network; where l_in = 0, all nodes are alike."""
    if l_in == 0:
        messages = constant_edge_conv(nodes, edges, channels, lmax, width, direction)
    else:
        messages = linear(nodes, range(l_in + 1), channels, channels, direction)
        messages += edge_conv(nodes, edges, channels, l_in, lmax, width, direction)
    contraction = symmetric_contraction(nodes, channels, lmax, correlation, outputs)
    return {
        "radial network": radial_mlp(edges // 2, bases, width, layers, direction),
        "linear maps and edge_conv": messages,
        "symmetric contraction": contraction[direction == "training"],
        "linear map of the product": linear(nodes, outputs, channels, channels, direction),
    }


def readout(nodes, lattices, channels, degrees, entries, direction="forward"):
    """Scalars and gates, gated degrees, sums over the nodes, and one linear map for each lattice to some entries."""
    total = linear(nodes, (0,), channels, len(degrees) * channels, direction)
    total += linear(nodes, degrees[1:], channels, channels, direction)
    total += linear(nodes, degrees, channels, 1, direction)
    return total + linear(lattices, (0,), channels, entries, direction)


def parts(config, nodes, struts, lattices, direction="forward"):
    """LatticeMACE at lmax 4, from the geometry to 6x6, by piece."""
    radial = config.num_edge_bases, config.inter_MLP_dim, config.inter_MLP_layers - 1, config.correlation
    found, last = {}, config.message_passes - 1
    for t in range(config.message_passes):
        degrees = config.lmax if t else 0, config.lmax
        outputs = STIFFNESS_DEGREES if t == last else range(config.lmax + 1)
        pieces = layer(nodes, 2 * struts, config.channels, *degrees, *radial, outputs, direction)
        found.update({f"layer {t + 1}: {name}": count for name, count in pieces.items()})
    sizes = config.channels, STIFFNESS_DEGREES, STIFFNESS_ENTRIES
    return {**found, "readout": readout(nodes, lattices, *sizes, direction)}


def network(config, nodes, struts, lattices, direction="forward"):
    """All of it; "training" is a forward and a backward pass."""
    directions = ("forward", "training") if direction == "training" else (direction,)
    return sum(sum(parts(config, nodes, struts, lattices, each).values()) for each in directions)
