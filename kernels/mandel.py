"""A positive semi-definite function of the 6x6 Mandel matrix that 21 coefficients stand for, and the gradient.

One lane does one lattice. A symmetric matrix is a tuple of the 21 values on and above the diagonal, row by row, and
all of it stays in registers: nothing is exchanged between lanes but how often the tile's worst lattice is squared. A
*number* is a tuple of one matrix, or of two, value and derivative in a direction; the functions are written once for
both. The derivative of f at a symmetric M is a self-adjoint map, so the gradient for a cotangent G is the derivative in
the direction G, and the backward kernel is the forward one on pairs.

The exponential halves the matrix until no eigenvalue is beyond 1, sums the Taylor series by Horner's rule and squares
as often as it halved. Horner's rule takes more products than the series by blocks that the CPU sums (12 instead of 6),
but keeps three matrices instead of six: the products cost nothing beside the network, registers do.

Registers of a thread, fp32, on sm_80, 90 and 100: at most 50, 52, 58 for powers, 64, 64, 121 for the exponential;
backward 72, 80, 126 and 127, 127, 218. Nothing is on the stack but, in fp64, 208 bytes of the exponential's backward.
"""

from collections.abc import Sequence
from typing import Any

import torch
import triton
import triton.language as tl

from fastlattice._generated.abi import POSITIVE_FUNCTION
from fastlattice.kernels.generated.mandel_basis import BASIS
from fastlattice.kernels.specialisation import OPTIONS, Specialisation

BLOCK, WARPS = 32, 1
"""Lattices of a program, one a lane."""


def _place(i: int, j: int) -> int:
    low = min(i, j)
    return low * (11 - low) // 2 + max(i, j)


_AT = tl.constexpr(tuple(tuple(_place(i, j) for j in range(6)) for i in range(6)))
"""Where entry (i, j) of a symmetric matrix stands. Not every Triton computes it in a function's call."""


@triton.jit
def _product(a, b):
    """Upper triangle of the product of two symmetric matrices."""
    out = ()
    for i in tl.static_range(6):
        for j in tl.static_range(i, 6):
            total = a[_AT[i][0]] * b[_AT[0][j]]
            for k in tl.static_range(1, 6):
                total += a[_AT[i][k]] * b[_AT[k][j]]
            out = out + (total,)
    return out


@triton.jit
def _multiply(x, y):
    """Product of two numbers that are polynomials in the same one: it is symmetric."""
    if len(x) == 1:
        return (_product(x[0], y[0]),)
    else:
        left, right, slope = _product(x[1], y[0]), _product(x[0], y[1]), ()
        for e in tl.static_range(21):
            slope = slope + (left[e] + right[e],)
        return (_product(x[0], y[0]), slope)


@triton.jit
def _scaled(x, scale, constant: tl.constexpr):
    """constant + scale x."""
    value, slope = (), ()
    for i in tl.static_range(6):
        for j in tl.static_range(i, 6):
            entry = scale * x[0][_AT[i][j]]
            if i == j and constant != 0:
                entry += constant
            value = value + (entry,)
    if len(x) == 1:
        return (value,)
    else:
        for e in tl.static_range(21):
            slope = slope + (scale * x[1][e],)
        return (value, slope)


@triton.jit
def _where(condition, x, y):
    """x in the lanes where the condition holds, else y."""
    number = ()
    for n in tl.static_range(len(x)):
        matrix = ()
        for e in tl.static_range(21):
            matrix = matrix + (tl.where(condition, x[n][e], y[n][e]),)
        number = number + (matrix,)
    return number


@triton.jit
def _row_norm(m):
    """The largest sum of absolute values of a row: no eigenvalue is larger."""
    norm = tl.abs(m[0]) * 0
    for i in tl.static_range(6):
        total = tl.abs(m[_AT[i][0]])
        for j in tl.static_range(1, 6):
            total += tl.abs(m[_AT[i][j]])
        norm = tl.maximum(norm, total)
    return norm


@triton.jit
def _halvings(norm):
    """How often to halve a norm until it is at most 1, and the power of two that does it: from the exponent's bits."""
    if norm.dtype == tl.float64:
        bits, digits, bias = norm.to(tl.int64, bitcast=True), 52, 1023
    else:
        bits, digits, bias = norm.to(tl.int32, bitcast=True), 23, 127
    halvings = tl.minimum(tl.maximum((bits >> digits) - (bias - 1), 0), bias - 1)
    return halvings, ((bias - halvings) << digits).to(norm.dtype, bitcast=True)


@triton.jit
def _exponential(m, TERMS: tl.constexpr):
    """e^m. Where no eigenvalue is beyond 1, 20 terms leave 4e-19 and 12 terms 2e-9 of the identity."""
    halvings, scale = _halvings(_row_norm(m[0]))
    x = _scaled(m, scale, 0)
    left = tl.zeros_like(scale) + (TERMS - 1)
    total = _scaled(x, 1 / left, 1)
    for _ in range(TERMS - 2):
        left -= 1
        total = _scaled(_multiply(x, total), 1 / left, 1)
    for n in range(tl.max(halvings, axis=0)):
        total = _where(halvings > n, _multiply(total, total), total)
    return total


@triton.jit
def _apply(FUNCTION: tl.constexpr, m):
    """The positive semi-definite function of a number."""
    if FUNCTION == "matrix_exp":
        m = _exponential(m, 20 if m[0][0].dtype == tl.float64 else 12)
    elif FUNCTION == "matrix_trunc_exp_2":
        m = _scaled(m, 0.5, 1)
    elif FUNCTION == "matrix_trunc_exp_4":
        m = _scaled(m, 0.25, 1)
    if FUNCTION == "matrix_power_2" or FUNCTION == "matrix_trunc_exp_2":
        m = _multiply(m, m)
    elif FUNCTION == "matrix_power_4" or FUNCTION == "matrix_trunc_exp_4":
        m = _multiply(m, m)
        m = _multiply(m, m)
    return m


@triton.jit
def _matrix(c):
    """The Mandel matrix of 21 coefficients."""
    matrix = ()
    for e in tl.static_range(21):
        entry = tl.zeros_like(c[0])
        for n in tl.static_range(21):
            if BASIS[n][e] != 0:
                entry += BASIS[n][e] * c[n]
        matrix = matrix + (entry,)
    return matrix


@triton.jit
def _columns(rows, valid, WIDTH: tl.constexpr):
    """The numbers of each lane's row, one tensor a column."""
    columns = ()
    for n in tl.static_range(WIDTH):
        columns = columns + (tl.load(rows + n, mask=valid, other=0.0),)
    return columns


@triton.jit(do_not_specialize=["count"])
def _forward(coefficients, out, count: tl.int64, FUNCTION: tl.constexpr, BLOCK: tl.constexpr):
    """From coefficients [count, 21] to out [count, 6, 6]."""
    lattice = tl.program_id(0).to(tl.int64) * BLOCK + tl.arange(0, BLOCK)
    valid = lattice < count
    m = (_matrix(_columns(coefficients + lattice * 21, valid, 21)),)
    result = _apply(FUNCTION, m)[0]
    for i in tl.static_range(6):
        for j in tl.static_range(6):
            tl.store(out + lattice * 36 + (6 * i + j), result[_AT[i][j]], mask=valid)


@triton.jit(do_not_specialize=["count"])
def _backward(coefficients, grad_out, grad_coefficients, count: tl.int64, FUNCTION: tl.constexpr, BLOCK: tl.constexpr):
    """Gradient [count, 21] of sum(grad_out * out) with respect to the coefficients."""
    lattice = tl.program_id(0).to(tl.int64) * BLOCK + tl.arange(0, BLOCK)
    valid = lattice < count
    # The result is symmetric: only the symmetric part of its cotangent counts.
    g, direction = _columns(grad_out + lattice * 36, valid, 36), ()
    for i in tl.static_range(6):
        for j in tl.static_range(i, 6):
            direction = direction + (0.5 * (g[6 * i + j] + g[6 * j + i]),)
    m = (_matrix(_columns(coefficients + lattice * 21, valid, 21)), direction)
    slope = _apply(FUNCTION, m)[1]
    for n in tl.static_range(21):
        gradient = tl.zeros_like(slope[0])
        for i in tl.static_range(6):
            for j in tl.static_range(i, 6):
                if BASIS[n][_AT[i][j]] != 0:
                    gradient += (BASIS[n][_AT[i][j]] * (1 if i == j else 2)) * slope[_AT[i][j]]
        tl.store(grad_coefficients + lattice * 21 + n, gradient, mask=valid)


def mandel(coefficients: torch.Tensor, positive_function: str) -> torch.Tensor:
    """[B, 21] coefficients to [B, 6, 6]; see `fastlattice.ops.mandel`."""
    out = coefficients.new_empty(len(coefficients), 6, 6)
    _launch(_forward, positive_function, coefficients, out)
    return out


def mandel_backward(grad_out: torch.Tensor, coefficients: torch.Tensor, positive_function: str) -> torch.Tensor:
    """Gradient of the coefficients, [B, 21], for a cotangent [B, 6, 6]."""
    grad = torch.empty_like(coefficients)
    _launch(_backward, positive_function, coefficients, grad_out, grad)
    return grad


def _launch(kernel: Any, positive_function: str, coefficients: torch.Tensor, *others: torch.Tensor) -> None:
    count = len(coefficients)
    if count:
        grid = (triton.cdiv(count, BLOCK),)
        kernel[grid](coefficients, *others, count, **_constants(positive_function), num_warps=WARPS, **OPTIONS)


def _constants(positive_function: str) -> dict[str, Any]:
    return {"FUNCTION": positive_function, "BLOCK": BLOCK}


def specialisations(dtype: str, positive_functions: Sequence[str] = POSITIVE_FUNCTION) -> list[Specialisation]:
    """What the launches compile.

    Args:
        dtype: "fp32" or "fp64".
        positive_functions: of the networks to be run.
    """
    pointer = f"*{dtype}"
    forward = {"coefficients": pointer, "out": pointer, "count": "i64"}
    backward = {"coefficients": pointer, "grad_out": pointer, "grad_coefficients": pointer, "count": "i64"}
    return [
        Specialisation(f"mandel {direction} {function} {dtype}", kernel, signature, _constants(function), WARPS)
        for function in positive_functions
        for direction, kernel, signature in (("forward", _forward, forward), ("backward", _backward, backward))
    ]
