"""Products of a node's features up to order nu, coupled and mixed, channel by channel, and their gradients.

A lane does one channel of one node: codegen/symmetric_contraction_gpu.py says how, and writes the programs. Nodes and
channels stand in one row of lanes, so that no number of channels leaves lanes idle; the number of channels is a
constant, and so is then the distance between an array's rows.

Forward is one launch. Backward is one for each l12, or two where it needs more registers than there are; each adds to
the features' gradient after the one before. It loops over nodes and keeps its part of the weights' gradient in
registers: slot s sums over the nodes s, s + slots, ... and the sums of all slots are added up afterwards. Nothing is
atomic, and every number is written by one lane: the same bits each time.

Registers of a thread and floating-point instructions at lmax 4, order 3, fp32, Triton 3.9. No kernel has a stack or
spills. sm_100 has instructions for pairs of numbers, with more registers; each counts as two here:

                          all degrees                         even degrees
                          sm_80  sm_90  sm_100                sm_80  sm_90  sm_100
    forward               128    168    176    2,849-2,980    128    128    128    2,026-2,106
    backward  l12 = 0     128    151    170      264-373      128     96    128      194-260
              l12 = 1     168    254    248      915-985      128    128    167      612-665
              l12 = 2 a   246    235    253    1,207-1,341    168    217    215      876-993
              l12 = 2 b   168    168    255    1,495-1,636    168    168    218    1,105-1,198
              l12 = 3     167    168    168    1,161-1,266    128    128    142      858-909
              l12 = 4 a   128    142    178      675-807      128    127    129      482-592
              l12 = 4 b   168    220    255    1,623-1,741    128    168    168    1,162-1,255

What was tried: l12 = 4 undivided, which spills; the features' gradient of an l12 all in registers, which spills; all of
it in memory, twice the loads. Forward for sm_90 and sm_100, where at most 128 registers would let more warps reside:
other numbers of warps take as many registers or more; so do an l12 in two or three parts, and features read anew for
each l12; a limit of 128 spills, with those parts too.
To compile forward takes 30 s, backward 50 s in all (processor time, once: Triton keeps what it compiled).
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Any

import torch
import triton
import triton.language as tl

from fastlattice.kernels.specialisation import OPTIONS, Specialisation

BLOCK, WARPS = 128, 4
"""Lanes of a program: one a thread, for more would share its registers."""

LANES = 65536
"""At most as many lanes loop over nodes in backward: twice what fills the largest device at 255 registers."""


@triton.jit(do_not_specialize=["nodes"])
def _forward(
    features,
    weights,
    out,
    nodes: tl.int64,
    PROGRAM: tl.constexpr,
    ROWS: tl.constexpr,
    CHANNELS: tl.constexpr,
    CORRELATION: tl.constexpr,
    OUTPUTS: tl.constexpr,
    BLOCK: tl.constexpr,
):
    """From features [nodes, ROWS, CHANNELS] and weights [., CHANNELS] to out; OUTPUTS has a bit for each degree."""
    lane = tl.program_id(0).to(tl.int64) * BLOCK + tl.arange(0, BLOCK)
    node, channel = lane // CHANNELS, lane % CHANNELS
    first = node * (ROWS * CHANNELS) + channel
    zero = tl.zeros((BLOCK,), features.dtype.element_ty)
    mask = node < nodes
    PROGRAM(features + first, weights + channel, out + first, mask, zero, CHANNELS, CORRELATION, OUTPUTS)


@triton.jit(do_not_specialize=["nodes", "slots"])
def _backward(
    features,
    grad_out,
    weights,
    grad_features,
    sums,
    nodes: tl.int64,
    slots: tl.int64,
    PROGRAM: tl.constexpr,
    WEIGHTS: tl.constexpr,
    FOLDED: tl.constexpr,
    ROWS: tl.constexpr,
    CHANNELS: tl.constexpr,
    CORRELATION: tl.constexpr,
    OUTPUTS: tl.constexpr,
    BLOCK: tl.constexpr,
):
    """Sets or adds to grad_features; writes the rows WEIGHTS of sums [slots, FOLDED, CHANNELS]."""
    lane = tl.program_id(0).to(tl.int64) * BLOCK + tl.arange(0, BLOCK)
    slot, channel = lane // CHANNELS, lane % CHANNELS
    zero = tl.zeros((BLOCK,), features.dtype.element_ty)
    total = (zero,) * len(WEIGHTS)
    for start in range(0, nodes, slots):
        node = start + slot
        mask = (slot < slots) & (node < nodes)
        first = node * (ROWS * CHANNELS) + channel
        total = PROGRAM(
            features + first,
            grad_out + first,
            weights + channel,
            grad_features + first,
            mask,
            zero,
            CHANNELS,
            CORRELATION,
            OUTPUTS,
            total,
        )
    partial = sums + slot * (FOLDED * CHANNELS) + channel
    for n in tl.static_range(len(WEIGHTS)):
        if WEIGHTS[n] < FOLDED:
            tl.store(partial + WEIGHTS[n] * CHANNELS, total[n], slot < slots)


def symmetric_contraction(
    features: torch.Tensor, weights: torch.Tensor, correlation: int, output_degrees: Sequence[int]
) -> torch.Tensor:
    """The contraction; see `fastlattice.ops.symmetric_contraction`.

    Args:
        features: [N, (lmax + 1)^2, C], contiguous.
        weights: [folded, C], contiguous.
        correlation: largest number of factors, 1 to 3.
        output_degrees: degrees to compute; the others come out as zeros.

    Returns:
        [N, (lmax + 1)^2, C].
    """
    nodes, rows, channels = features.shape
    out = torch.empty_like(features)
    if out.numel():
        grid = (triton.cdiv(nodes * channels, BLOCK),)
        constants = _constants(_lmax(rows), correlation, output_degrees, channels)
        _forward[grid](features, weights, out, nodes, **constants, num_warps=WARPS, **OPTIONS)
    return out


def symmetric_contraction_backward(
    grad_out: torch.Tensor,
    features: torch.Tensor,
    weights: torch.Tensor,
    correlation: int,
    output_degrees: Sequence[int],
) -> tuple[torch.Tensor, torch.Tensor]:
    """Gradients of features and weights; all tensors contiguous."""
    nodes, rows, channels = features.shape
    grad_features = torch.empty_like(features)
    if features.numel() == 0:
        return grad_features, torch.zeros_like(weights)
    slots = min(nodes, max(1, LANES // channels))
    sums = features.new_empty(slots, *weights.shape)
    grid = (triton.cdiv(slots * channels, BLOCK),)
    for constants in _backward_constants(_lmax(rows), correlation, output_degrees, channels):
        arrays = features, grad_out, weights, grad_features, sums
        _backward[grid](*arrays, nodes, slots, **constants, num_warps=WARPS, **OPTIONS)
    return grad_features, sums.sum(0)


def _lmax(rows: int) -> int:
    return round(rows**0.5) - 1


def _programs(lmax: int) -> Any:
    return importlib.import_module(f"fastlattice.kernels.generated.symmetric_contraction_lmax{lmax}")


def _constants(lmax: int, correlation: int, output_degrees: Sequence[int], channels: int) -> dict[str, Any]:
    """Of the forward kernel."""
    return {
        "PROGRAM": _programs(lmax).forward,
        "ROWS": (lmax + 1) ** 2,
        "CHANNELS": channels,
        "CORRELATION": correlation,
        "OUTPUTS": sum(1 << degree for degree in set(output_degrees)),
        "BLOCK": BLOCK,
    }


def _backward_constants(
    lmax: int, correlation: int, output_degrees: Sequence[int], channels: int
) -> list[dict[str, Any]]:
    """Of the backward kernels, in the order in which they run; all linear terms are in the first."""
    programs = _programs(lmax)
    shared = _constants(lmax, correlation, output_degrees, channels) | {"FOLDED": programs.FOLDED[correlation - 1]}
    pieces = programs.BACKWARD[: 1 if correlation == 1 else None]
    return [{**shared, "PROGRAM": program, "WEIGHTS": rows} for program, rows in pieces]


def specialisations(
    dtype: str, lmax: int, correlation: int, output_degrees: Sequence[int], channels: int
) -> list[Specialisation]:
    """What the launches compile.

    Args:
        dtype: "fp32" or "fp64".
        lmax: largest degree, 0 to 4.
        correlation: largest number of factors, 1 to 3.
        output_degrees: degrees that are computed.
        channels: of the features.
    """
    pointer = f"*{dtype}"
    forward = {"features": pointer, "weights": pointer, "out": pointer, "nodes": "i64"}
    backward = {name: pointer for name in ("features", "grad_out", "weights", "grad_features", "sums")}
    backward |= {"nodes": "i64", "slots": "i64"}
    degrees = "".join(map(str, sorted(set(output_degrees))))
    sizes = f"nu={correlation} lmax={lmax} channels={channels} {dtype}"

    def name(direction: str, l12: str = "") -> str:
        return f"symmetric_contraction {direction} outputs={degrees} {l12}{sizes}"

    constants = _constants(lmax, correlation, output_degrees, channels)
    return [
        Specialisation(name("forward"), _forward, forward, constants, WARPS),
        *(
            Specialisation(
                name("backward", f"l12={constants['PROGRAM'].__name__.removeprefix('backward_')} "),
                _backward,
                backward,
                constants,
                WARPS,
            )
            for constants in _backward_constants(lmax, correlation, output_degrees, channels)
        ),
    ]
