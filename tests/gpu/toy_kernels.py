"""Small kernels with known faults, by which the proofs are shown to find them."""

from __future__ import annotations

import triton
import triton.language as tl

from fastlattice.kernels.specialisation import Specialisation


@triton.jit(do_not_specialize=["n"])
def sound(x, y, n: tl.int64, BLOCK: tl.constexpr):
    i = tl.program_id(0).to(tl.int64) * BLOCK + tl.arange(0, BLOCK)
    v = tl.load(x + i, mask=i < n)
    tl.store(y + i, v * v + 1.0, mask=i < n)


@triton.jit(do_not_specialize=["n"])
def spilling(x, y, n: tl.int64, BLOCK: tl.constexpr):
    """Holds as many numbers at once as a thread's registers cannot."""
    i = tl.program_id(0).to(tl.int64) * BLOCK + tl.arange(0, BLOCK)
    v = tl.load(x + i, mask=i < n)
    for k in range(4):
        v = v * tl.sum(v, axis=0) + k
    tl.store(y + i, v, mask=i < n)


@triton.jit
def rounding(x, y, BLOCK: tl.constexpr):
    """Multiplies matrices in tf32, as tl.dot does unless told not to."""
    i = tl.arange(0, BLOCK)
    at = i[:, None] * BLOCK + i[None, :]
    v = tl.load(x + at)
    tl.store(y + at, tl.dot(v, v))


@triton.jit(do_not_specialize=["n"])
def short(x, y, n, BLOCK: tl.constexpr):
    """Takes its size in 32 bits unless the number needs more, whatever the specialisation says."""
    i = tl.program_id(0).to(tl.int64) * BLOCK + tl.arange(0, BLOCK)
    tl.store(y + i, tl.load(x + i, mask=i < n), mask=i < n)


def specialisations(kernels: list[str]) -> list[Specialisation]:
    """Those of the kernels named."""
    pointers, sized = {"x": "*fp32", "y": "*fp32"}, {"x": "*fp32", "y": "*fp32", "n": "i64"}
    listed = {
        "sound": Specialisation("sound", sound, sized, {"BLOCK": 128}),
        "spilling": Specialisation("spilling", spilling, sized, {"BLOCK": 16384}, num_warps=1),
        "rounding": Specialisation("rounding", rounding, pointers, {"BLOCK": 32}),
        "short": Specialisation("short", short, sized, {"BLOCK": 128}),
    }
    return [listed[name] for name in kernels]
