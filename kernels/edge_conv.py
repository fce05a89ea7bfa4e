"""Weighted tensor product along edges, summed at the receivers, and the linear map after it; forward and backward.

A program is one warp: one receiver, 32 channels, one a lane, and the paths that start at one degree l1 of the senders.
It walks along the receiver's edges, keeps the sums of those paths in registers (25, 40, 54, 56 and 55 for l1 = 0 ... 4
at lmax 4) and writes them once. What happens for one edge is generated text, kernels/generated/edge_conv_lmax*.py.
Around the kernels stand library products: the radial weights of one l1 from `hidden`, for each strut or edge, so that
no temporary is larger than one l1; then the linear map, one product for each l3, for which the sums, the middle
features, lie as [N, 2 l3 + 1, paths * C]. They follow the caller's torch.backends.cuda.matmul settings.

The backward pass takes the linear map first, then one kernel for each l1 again, with the gradients of the sums in
registers. It writes the gradients of features and radial weights for each edge, which `segments.sum_rows` adds up by
sender and by strut, and adds those of the harmonics, summed over a warp's channels, to a row of their own for each
edge and block of channels. Nobody else writes any of these, and launches follow each other: sums have one order.

What was not taken, compiled by the same tools: all paths in one kernel spill; a kernel for each l3 reads the senders'
features five times; the linear map inside by tl.dot spills; products with the harmonics' coefficients ready (sum_j C
y_j) take up to 168 registers forward and spill on sm_100. A warp with fewer than 32 channels leaves lanes idle.

Registers of a thread, fp32, lmax 4, 32 channels, for l1 = 0 ... 4:

                          sm_80                    sm_90                    sm_100
    forward               64  72  96  96 128       64  80 128 127 127       61 128 149 140 151
    backward              63  96 128 128 128       64  96 128 166 168       62 118 132 178 188
    backward with sh      64  96 128 128 128       64  96 128 128 168       64 127 176 176 182

Nothing is on the stack in fp32. In fp64 it is up to 416 bytes at lmax 4, none below.
"""

import importlib
from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

import torch
import triton
import triton.language as tl

from fastlattice.kernels import segments
from fastlattice.kernels.edge_paths import Paths
from fastlattice.kernels.segments import Segments, sum_rows
from fastlattice.kernels.specialisation import OPTIONS, Specialisation, unspilled

BLOCK, WARPS = 32, 1
"""Channels of a program, one a lane."""


@triton.jit
def _degree(middle, node, L3: tl.constexpr, FAN: tl.constexpr, CHANNELS: tl.constexpr):
    """Where a node's middle features of degree L3 begin, [2 L3 + 1, FAN[L3], CHANNELS]: after all lower degrees."""
    before = 0
    for degree in tl.static_range(L3):
        before += (2 * degree + 1) * FAN[degree]
    return middle + (before * tl.num_programs(0).to(tl.int64) + node * (2 * L3 + 1) * FAN[L3]) * CHANNELS


@triton.jit
def _forward(
    features,
    sh,
    radial,
    middle,
    sender,
    row,
    edge,
    bounds,
    CONVOLVE: tl.constexpr,
    START: tl.constexpr,
    L1: tl.constexpr,
    PATHS: tl.constexpr,
    FIRST: tl.constexpr,
    OWN: tl.constexpr,
    FAN: tl.constexpr,
    COMPONENTS: tl.constexpr,
    HARMONICS: tl.constexpr,
    CHANNELS: tl.constexpr,
    BLOCK: tl.constexpr,
):
    """Middle features of one receiver: what the paths of the senders' degree L1 bring along its edges."""
    node = tl.program_id(0).to(tl.int64)
    channel = tl.program_id(1) * BLOCK + tl.arange(0, BLOCK)
    mask = channel < CHANNELS
    zero = tl.zeros([BLOCK], features.dtype.element_ty)
    sums = ()
    for l3 in tl.static_range(len(OWN)):
        for _ in tl.static_range((2 * l3 + 1) * OWN[l3]):
            sums = sums + (zero,)
    for k in range(tl.load(bounds + node), tl.load(bounds + node + 1)):
        h = features + (tl.load(sender + k) * COMPONENTS + L1 * L1) * CHANNELS + channel
        y = sh + tl.load(edge + k) * HARMONICS
        w = radial + tl.load(row + k) * PATHS * CHANNELS + channel
        sums = CONVOLVE(h, y, w, mask, zero, CHANNELS, sums)
    for l3 in tl.static_range(len(OWN)):
        place = _degree(middle, node, l3, FAN, CHANNELS) + channel
        for n in tl.static_range((2 * l3 + 1) * OWN[l3]):
            at = place + (n // OWN[l3] * FAN[l3] + FIRST[l3] + n % OWN[l3]) * CHANNELS
            tl.store(at, sums[START[l3] + n], mask=mask)


@triton.jit(do_not_specialize=["edges"])
def _backward(
    features,
    sh,
    radial,
    grad_middle,
    grad_features,
    grad_sh,
    grad_radial,
    sender,
    row,
    edge,
    bounds,
    edges: tl.int64,
    GRADIENT: tl.constexpr,
    WITH_SH: tl.constexpr,
    L1: tl.constexpr,
    PATHS: tl.constexpr,
    FIRST: tl.constexpr,
    OWN: tl.constexpr,
    FAN: tl.constexpr,
    COMPONENTS: tl.constexpr,
    HARMONICS: tl.constexpr,
    CHANNELS: tl.constexpr,
    BLOCK: tl.constexpr,
):
    """From the gradients of one receiver's middle features, those of what its edges took."""
    node = tl.program_id(0).to(tl.int64)
    channel = tl.program_id(1) * BLOCK + tl.arange(0, BLOCK)
    mask = channel < CHANNELS
    zero = tl.zeros([BLOCK], features.dtype.element_ty)
    grads = ()
    for l3 in tl.static_range(len(OWN)):
        place = _degree(grad_middle, node, l3, FAN, CHANNELS) + channel
        for n in tl.static_range((2 * l3 + 1) * OWN[l3]):
            at = place + (n // OWN[l3] * FAN[l3] + FIRST[l3] + n % OWN[l3]) * CHANNELS
            grads = grads + (tl.load(at, mask=mask, other=0.0),)
    for k in range(tl.load(bounds + node), tl.load(bounds + node + 1)):
        e = tl.load(edge + k)
        h = features + (tl.load(sender + k) * COMPONENTS + L1 * L1) * CHANNELS + channel
        w = radial + tl.load(row + k) * PATHS * CHANNELS + channel
        dh = grad_features + e * (2 * L1 + 1) * CHANNELS + channel
        dy = grad_sh + (tl.program_id(1) * edges + e) * HARMONICS
        dw = grad_radial + e * PATHS * CHANNELS + channel
        GRADIENT(h, sh + e * HARMONICS, w, dh, dy, dw, mask, zero, CHANNELS, WITH_SH, grads)


class Edges(NamedTuple):
    """Edges by receiver, each int64.

    Attributes:
        sender: [E].
        row: [E], of the radial weights.
        edge: [E], where the edge stands in the caller's arrays.
        bounds: [N + 1], where the edges of each receiver begin, and the end.
    """

    sender: torch.Tensor
    row: torch.Tensor
    edge: torch.Tensor
    bounds: torch.Tensor

    @classmethod
    def of(cls, edge_index: torch.Tensor, strut: torch.Tensor | None, nodes: int) -> "Edges":
        """Edges [2, E], which share the radial weights of their struts [E], if there are any."""
        order, bounds = Segments.of(edge_index[1], nodes)
        return cls(edge_index[0][order], order if strut is None else strut[order], order, bounds)


def _functions(lmax: int) -> Any:
    """The generated functions of one edge."""
    return importlib.import_module(f"fastlattice.kernels.generated.edge_conv_lmax{lmax}")


def _constants(paths: Paths, l1: int, channels: int) -> dict[str, Any]:
    """Compile-time constants of both kernels for the senders' degree l1."""
    return {
        "L1": l1,
        "PATHS": sum(paths.own(l1)),
        "FIRST": paths.first(l1),
        "OWN": paths.own(l1),
        "FAN": paths.fan,
        "COMPONENTS": (paths.l_in + 1) ** 2,
        "HARMONICS": (paths.lmax + 1) ** 2,
        "CHANNELS": channels,
        "BLOCK": BLOCK,
    }


@cache
def _forward_constants(paths: Paths, l1: int, channels: int) -> dict[str, Any]:
    convolve = _functions(paths.lmax).CONVOLVE[l1]
    return {"CONVOLVE": convolve, "START": paths.start(l1), **_constants(paths, l1, channels)}


@cache
def _backward_constants(paths: Paths, l1: int, channels: int, with_sh: bool) -> dict[str, Any]:
    gradient = _functions(paths.lmax).GRADIENT[l1]
    return {"GRADIENT": gradient, "WITH_SH": with_sh, **_constants(paths, l1, channels)}


def _radial(paths: Paths, l1: int, weight: torch.Tensor, channels: int) -> torch.Tensor:
    """Rows of `weight` for the paths from l1, [P C, H]."""
    return torch.cat([weight[rows] for rows in paths.slices(l1, channels)])


def _convolve(
    paths: Paths,
    l1: int,
    edges: Edges,
    features: torch.Tensor,
    sh: torch.Tensor,
    radial: torch.Tensor,
    middle: torch.Tensor,
) -> None:
    """Writes the middle features of the paths from l1, whose radial weights are [M, P C]."""
    nodes, _, channels = features.shape
    if middle.numel():
        grid, constants = (nodes, triton.cdiv(channels, BLOCK)), _forward_constants(paths, l1, channels)
        options = {"num_warps": WARPS, **OPTIONS, **unspilled()}
        _forward[grid](features, sh, radial, middle, *edges, **constants, **options)


def edge_conv(
    features: torch.Tensor,
    sh: torch.Tensor,
    hidden: torch.Tensor,
    weight: torch.Tensor,
    edge_index: torch.Tensor,
    linear_weight: torch.Tensor,
    linear_bias: torch.Tensor,
    agg_norm: float,
    strut: torch.Tensor | None,
) -> torch.Tensor:
    """What every node receives along its edges, [N, (lmax + 1)^2, C]; see `fastlattice.ops.edge_conv`."""
    nodes, _, channels = features.shape
    paths, edges = Paths.of(features, sh), Edges.of(edge_index, strut, nodes)
    middle = features.new_empty(paths.size(nodes, channels))
    for l1 in range(paths.l_in + 1):
        radial = hidden @ _radial(paths, l1, weight, channels).T
        _convolve(paths, l1, edges, features, sh, radial, middle)
    blocks = zip(paths.blocks(middle, nodes, channels), paths.linear(linear_weight, channels), strict=True)
    parts = [
        (block @ (linear * _scale(linear, agg_norm))).view(nodes, 2 * l3 + 1, channels)
        for l3, (block, linear) in enumerate(blocks)
    ]
    parts[0] = parts[0] + linear_bias
    return torch.cat(parts, dim=1)


def _scale(linear: torch.Tensor, agg_norm: float) -> float:
    """What the messages into one degree are divided by."""
    return 1 / (agg_norm * len(linear) ** 0.5)


def edge_conv_backward(
    grad: torch.Tensor,
    features: torch.Tensor,
    sh: torch.Tensor,
    hidden: torch.Tensor,
    weight: torch.Tensor,
    edge_index: torch.Tensor,
    linear_weight: torch.Tensor,
    linear_bias: torch.Tensor,
    agg_norm: float,
    strut: torch.Tensor | None,
    wanted: Sequence[bool],
) -> list[torch.Tensor]:
    """Gradients of features, sh, hidden, and of the three parameters: those of the four that are wanted, in order."""
    nodes, _, channels = features.shape
    paths, edges = Paths.of(features, sh), Edges.of(edge_index, strut, nodes)
    parts = [part.reshape(-1, channels) for part in grad.split([2 * l3 + 1 for l3 in range(paths.lmax + 1)], dim=1)]
    linears = list(paths.linear(linear_weight, channels))

    grad_middle = features.new_empty(paths.size(nodes, channels))
    for block, linear, out in zip(paths.blocks(grad_middle, nodes, channels), linears, parts, strict=True):
        torch.mm(out, (linear * _scale(linear, agg_norm)).T, out=block)
    middle = torch.empty_like(grad_middle) if wanted[3] else None
    grads = _gradients(paths, edges, grad_middle, middle, features, sh, hidden, weight, edge_index[0], strut, wanted)
    if middle is not None:
        of_linear = [
            (block.T @ out * _scale(linear, agg_norm)).flatten()
            for block, linear, out in zip(paths.blocks(middle, nodes, channels), linears, parts, strict=True)
        ]
        grads += [torch.cat(of_linear), grad[:, 0].sum(0)]
    return grads


def _gradients(
    paths: Paths,
    edges: Edges,
    grad_middle: torch.Tensor,
    middle: torch.Tensor | None,
    features: torch.Tensor,
    sh: torch.Tensor,
    hidden: torch.Tensor,
    weight: torch.Tensor,
    sender: torch.Tensor,
    strut: torch.Tensor | None,
    wanted: Sequence[bool],
) -> list[torch.Tensor]:
    """Gradients of features, sh, hidden and weight, those that are wanted, from that of the middle features.

    The middle features themselves are written to `middle`, where they are wanted: the radial weights are here.
    """
    nodes, _, channels = features.shape
    tiles, count = triton.cdiv(channels, BLOCK), len(sender)
    by_sender = Segments.of(sender, nodes) if wanted[0] else None
    by_strut = Segments.of(strut, len(hidden)) if strut is not None else None
    # Each block of channels adds to harmonics of its own, and the sums over l1 are in the order of the launches.
    grad_sh = sh.new_zeros(tiles, *sh.shape) if wanted[1] else sh.new_empty(0)
    grad_features, grad_hidden, grad_weight = [], torch.zeros_like(hidden), torch.zeros_like(weight)
    for l1 in range(paths.l_in + 1):
        part = _radial(paths, l1, weight, channels)
        radial = hidden @ part.T
        if middle is not None:
            _convolve(paths, l1, edges, features, sh, radial, middle)
        of_features, of_radial = features.new_empty(count, 2 * l1 + 1, channels), radial.new_empty(count, len(part))
        if grad_middle.numel():
            constants = _backward_constants(paths, l1, channels, wanted[1])
            arrays = features, sh, radial, grad_middle, of_features, grad_sh, of_radial
            _backward[nodes, tiles](*arrays, *edges, count, **constants, num_warps=WARPS, **OPTIONS)
        if by_sender:
            grad_features.append(sum_rows(of_features, by_sender))
        if by_strut:
            of_radial = sum_rows(of_radial, by_strut)
        if wanted[2]:
            grad_hidden.addmm_(of_radial, part)
        if wanted[3]:
            of_weight = of_radial.T @ hidden
            slices = paths.slices(l1, channels)
            for rows, value in zip(slices, of_weight.split([s.stop - s.start for s in slices]), strict=True):
                grad_weight[rows] = value
    made = torch.cat(grad_features, dim=1) if wanted[0] else None, grad_sh.sum(0), grad_hidden, grad_weight
    return [gradient for gradient, needed in zip(made, wanted, strict=True) if needed]


def specialisations(dtype: str, lmax: int, l_in: int, channels: int) -> list[Specialisation]:
    """What the launches of the forward and the backward pass compile.

    Args:
        dtype: "fp32" or "fp64".
        lmax: of harmonics and messages.
        l_in: of the features: 0 in the first layer.
        channels: of the features.
    """
    paths = Paths(l_in, lmax)

    def pointers(*names: str) -> dict[str, str]:
        return dict.fromkeys(names, f"*{dtype}")

    edges = dict.fromkeys(Edges._fields, "*i64")
    forward = {**pointers("features", "sh", "radial", "middle"), **edges}
    backward = {
        **pointers("features", "sh", "radial", "grad_middle", "grad_features", "grad_sh", "grad_radial"),
        **edges,
        "edges": "i64",
    }
    result: dict[str, Specialisation] = {}
    for l1 in range(l_in + 1):
        name = f"l1={l1} l_in={l_in} lmax={lmax} channels={channels} {dtype}"
        constants = _forward_constants(paths, l1, channels)
        listed = [Specialisation(f"edge_conv forward {name}", _forward, forward, constants, WARPS, unspilled)]
        for with_sh in (False, True):
            constants = _backward_constants(paths, l1, channels, with_sh)
            label = f"edge_conv backward{' with sh' * with_sh} {name}"
            listed.append(Specialisation(label, _backward, backward, constants, WARPS))
        for width in ((2 * l1 + 1) * channels, sum(paths.own(l1)) * channels):
            listed += segments.specialisations(dtype, width)
        result.update({one.name: one for one in listed})
    return list(result.values())
