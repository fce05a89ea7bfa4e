"""Periodic edge vectors, their lengths and real spherical harmonics to degree 4, and the gradient.

One lane does one edge; the harmonics are those of csrc/ops/edge_sh/edge_sh.h. With y e3nn's polar axis and (z, x) the
plane across it, Y_(l, +m) = q_lm(y) Re (z + i x)^m and Y_(l, -m) = q_lm(y) Im (z + i x)^m, where q_lm is, but for its
norm, the m-th derivative of the Legendre polynomial P_l. The q_lm are written with s = x^2 + y^2 + z^2, which is 1, or
0 for an edge without direction: then all harmonics of degree l > 0 vanish. codegen/edge_sh.py derives them.

An edge of lmax 4 does some 90 operations for the 104 bytes that it writes in fp32: the kernel waits for memory. So both
edges of a pair compute their harmonics, although the second could take the first one's; they are equal to the last bit
but for their sign even so, as each is an even or odd function of the vector in every operation.

Gradients of the positions are those of the edges, summed for each node by `segments.sum_rows` in a fixed order.

Registers of a thread, fp32, on sm_80, 90 and 100: 30, 32, 32 forward and 31, 46, 68 backward for lmax 4, fewer for
less; nothing on the stack, in fp64 neither.
"""

from typing import Any

import torch
import triton
import triton.language as tl

from fastlattice.kernels import segments
from fastlattice.kernels.generated.polar import polar, polar_slope
from fastlattice.kernels.segments import Segments, sum_rows
from fastlattice.kernels.specialisation import OPTIONS, Specialisation

BLOCK, WARPS = 128, 4
"""Edges of a program, one a lane."""


@triton.jit
def _powers(x, z, LMAX: tl.constexpr):
    """Re and Im of (z + i x)^m, m = 0 ... LMAX."""
    re, im = (tl.zeros_like(x) + 1,), (tl.zeros_like(x),)
    for m in tl.static_range(LMAX):
        re, im = re + (z * re[m] - x * im[m],), im + (x * re[m] + z * im[m],)
    return re, im


@triton.jit
def _direction(positions, edge_index, shifts, edge, count, valid):
    """Unit vector (or zero) of each edge, its length, and the inverse of that, zero where there is no direction."""
    start = positions + tl.load(edge_index + edge, mask=valid, other=0) * 3
    end = positions + tl.load(edge_index + count + edge, mask=valid, other=0) * 3
    vector = ()
    for i in tl.static_range(3):
        inside = tl.load(end + i, mask=valid, other=0.0) - tl.load(start + i, mask=valid, other=0.0)
        vector = vector + (inside + tl.load(shifts + edge * 3 + i, mask=valid, other=0.0),)
    length = tl.sqrt(vector[0] * vector[0] + vector[1] * vector[1] + vector[2] * vector[2])
    inverse = tl.where(length > 1e-12, 1 / tl.maximum(length, 1e-12), 0.0)
    return (vector[0] * inverse, vector[1] * inverse, vector[2] * inverse), length, inverse


@triton.jit(do_not_specialize=["count"])
def _forward(positions, edge_index, shifts, sh, length, count: tl.int64, LMAX: tl.constexpr, BLOCK: tl.constexpr):
    """Harmonics sh [count, (LMAX + 1)^2] and length [count]."""
    edge = tl.program_id(0).to(tl.int64) * BLOCK + tl.arange(0, BLOCK)
    valid = edge < count
    u, distance, _ = _direction(positions, edge_index, shifts, edge, count, valid)
    s = u[0] * u[0] + u[1] * u[1] + u[2] * u[2]
    re, im = _powers(u[0], u[2], LMAX)
    row = sh + edge * (LMAX + 1) * (LMAX + 1)
    tl.store(length + edge, distance, mask=valid)
    tl.store(row, re[0], mask=valid)
    for l in tl.static_range(1, LMAX + 1):
        q = polar(u[1], s, l)
        tl.store(row + l * l + l, q[0], mask=valid)
        for m in tl.static_range(1, l + 1):
            tl.store(row + l * l + l + m, q[m] * re[m], mask=valid)
            tl.store(row + l * l + l - m, q[m] * im[m], mask=valid)


@triton.jit(do_not_specialize=["count"])
def _backward(
    positions,
    edge_index,
    shifts,
    grad_sh,
    grad_length,
    grad_shifts,
    count: tl.int64,
    LMAX: tl.constexpr,
    BLOCK: tl.constexpr,
):
    """Gradient [count, 3] of sum(grad_sh * sh) + sum(grad_length * length) with respect to each edge's vector.

    Terms through s point along the edge, and drop out with the projection across it.
    """
    edge = tl.program_id(0).to(tl.int64) * BLOCK + tl.arange(0, BLOCK)
    valid = edge < count
    u, distance, inverse = _direction(positions, edge_index, shifts, edge, count, valid)
    s = u[0] * u[0] + u[1] * u[1] + u[2] * u[2]
    re, im = _powers(u[0], u[2], LMAX)
    row = grad_sh + edge * (LMAX + 1) * (LMAX + 1)
    x, y, z = tl.zeros_like(distance), tl.zeros_like(distance), tl.zeros_like(distance)
    for l in tl.static_range(1, LMAX + 1):
        q, slope = polar(u[1], s, l), polar_slope(u[1], s, l)
        y += tl.load(row + l * l + l, mask=valid, other=0.0) * slope[0]
        for m in tl.static_range(1, l + 1):
            positive = tl.load(row + l * l + l + m, mask=valid, other=0.0)
            negative = tl.load(row + l * l + l - m, mask=valid, other=0.0)
            along_re, along_im = positive * q[m] * m, negative * q[m] * m
            x += along_im * re[m - 1] - along_re * im[m - 1]
            y += slope[m] * (positive * re[m] + negative * im[m])
            z += along_re * re[m - 1] + along_im * im[m - 1]
    along = x * u[0] + y * u[1] + z * u[2]
    stretch = tl.load(grad_length + edge, mask=valid, other=0.0)
    t = (x, y, z)
    for i in tl.static_range(3):
        gradient = stretch * u[i] + inverse * (t[i] - along * u[i])
        tl.store(grad_shifts + edge * 3 + i, gradient, mask=valid)


def edge_sh(
    positions: torch.Tensor, edge_index: torch.Tensor, shifts: torch.Tensor, lmax: int
) -> tuple[torch.Tensor, torch.Tensor]:
    """[E, (lmax + 1)^2] harmonics and [E] lengths; see `fastlattice.ops.edge_sh`."""
    sh, length = shifts.new_empty(len(shifts), (lmax + 1) ** 2), shifts.new_empty(len(shifts))
    _launch(_forward, positions, edge_index, shifts, sh, length, lmax=lmax)
    return sh, length


def edge_sh_backward(
    grad_sh: torch.Tensor,
    grad_length: torch.Tensor,
    positions: torch.Tensor,
    edge_index: torch.Tensor,
    shifts: torch.Tensor,
    lmax: int,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Gradients of positions [N, 3] and shifts [E, 3]."""
    grad_shifts = torch.empty_like(shifts)
    _launch(_backward, positions, edge_index, shifts, grad_sh, grad_length, grad_shifts, lmax=lmax)
    leaving, arriving = (sum_rows(grad_shifts, Segments.of(nodes, len(positions))) for nodes in edge_index)
    return arriving - leaving, grad_shifts


def _launch(kernel: Any, positions: torch.Tensor, edge_index: torch.Tensor, *others: torch.Tensor, lmax: int) -> None:
    count = edge_index.shape[1]
    if count:
        grid = (triton.cdiv(count, BLOCK),)
        kernel[grid](positions, edge_index, *others, count, **_constants(lmax), num_warps=WARPS, **OPTIONS)


def _constants(lmax: int) -> dict[str, Any]:
    return {"LMAX": lmax, "BLOCK": BLOCK}


def specialisations(dtype: str, lmax: int) -> list[Specialisation]:
    """What the launches of the forward and the backward pass compile.

    Args:
        dtype: "fp32" or "fp64".
        lmax: of the network.
    """
    graph = {"positions": f"*{dtype}", "edge_index": "*i64", "shifts": f"*{dtype}"}
    forward = {**graph, "sh": f"*{dtype}", "length": f"*{dtype}", "count": "i64"}
    backward = {**graph, **dict.fromkeys(("grad_sh", "grad_length", "grad_shifts"), f"*{dtype}"), "count": "i64"}
    return [
        Specialisation(f"edge_sh {direction} lmax={lmax} {dtype}", kernel, signature, _constants(lmax), WARPS)
        for direction, kernel, signature in (("forward", _forward, forward), ("backward", _backward, backward))
    ] + segments.specialisations(dtype, 3)
