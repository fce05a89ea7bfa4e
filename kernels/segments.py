"""Sums of rows by index, in a fixed order and with one writer for each sum: no atomics, the same bits every time.

The rows of a sum are those that a stable sort brings together, in their original order. A program sums a tile of
segments and columns; every lane walks along its own segment, so that the order does not depend on the tile.

32 registers of a thread in fp32 and fp64, on sm_80, 90 and 100; nothing on the stack.
"""

from typing import NamedTuple

import torch
import triton
import triton.language as tl

from fastlattice.kernels.specialisation import OPTIONS, Specialisation

LANES, WARPS = 128, 4
"""Sums of a program: as many columns as there are, at most all lanes, and segments beside them."""


class Segments(NamedTuple):
    """Which rows belong together.

    Attributes:
        order: [E] int64, rows by segment, in each segment ascending.
        bounds: [S + 1] int64, where in `order` each segment begins, and its end.
    """

    order: torch.Tensor
    bounds: torch.Tensor

    @classmethod
    def of(cls, index: torch.Tensor, count: int) -> "Segments":
        """Segments of the rows whose index [E] (int64) is 0, 1, ... count - 1; nothing waits for the device."""
        ascending, order = torch.sort(index, stable=True)
        return cls(order, torch.searchsorted(ascending, torch.arange(count + 1, device=index.device)))


@triton.jit(do_not_specialize=["segments", "width"])
def _sum_rows(
    rows, order, bounds, sums, segments: tl.int64, width: tl.int64, SEGMENTS: tl.constexpr, COLUMNS: tl.constexpr
):
    """sums [segments, width] of rows [E, width]."""
    segment = tl.program_id(0).to(tl.int64) * SEGMENTS + tl.arange(0, SEGMENTS)[:, None]
    column = tl.program_id(1) * COLUMNS + tl.arange(0, COLUMNS)[None, :]
    valid = (segment < segments) & (column < width)
    start = tl.load(bounds + segment, mask=segment < segments, other=0)
    end = tl.load(bounds + segment + 1, mask=segment < segments, other=0)
    total = tl.zeros([SEGMENTS, COLUMNS], rows.dtype.element_ty)
    for k in range(tl.max(end - start)):
        here = start + k < end
        row = tl.load(order + start + k, mask=here, other=0)
        total += tl.load(rows + row * width + column, mask=here & valid, other=0.0)
    tl.store(sums + segment * width + column, total, mask=valid)


def sum_rows(rows: torch.Tensor, segments: Segments) -> torch.Tensor:
    """Sum of the rows [E, ...] of each segment, [S, ...]."""
    count, width = len(segments.bounds) - 1, rows.shape[1:].numel()
    sums = rows.new_empty(count, *rows.shape[1:])
    if sums.numel():
        constants = _constants(width)
        grid = (triton.cdiv(count, constants["SEGMENTS"]), triton.cdiv(width, constants["COLUMNS"]))
        _sum_rows[grid](rows, *segments, sums, count, width, **constants, num_warps=WARPS, **OPTIONS)
    return sums


def _constants(width: int) -> dict[str, int]:
    columns = min(triton.next_power_of_2(width), LANES)
    return {"SEGMENTS": LANES // columns, "COLUMNS": columns}


def specialisations(dtype: str, width: int) -> list[Specialisation]:
    """What summing rows of a width compiles.

    Args:
        dtype: "fp32" or "fp64".
        width: numbers of a row.
    """
    pointer = f"*{dtype}"
    signature = {"rows": pointer, "order": "*i64", "bounds": "*i64", "sums": pointer, "segments": "i64", "width": "i64"}
    constants = _constants(width)
    name = f"sum_rows {constants['SEGMENTS']}x{constants['COLUMNS']} {dtype}"
    return [Specialisation(name, _sum_rows, signature, constants, WARPS)]
