"""Ragged arrays: rows of different length, one after another, with offsets."""

from __future__ import annotations

import torch


def ragged_indices(offsets: torch.Tensor, rows: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Element indices of the given rows of a ragged array, and the offsets of the gathered array.

    Args:
        offsets: [R + 1] int64; row r is the elements offsets[r]:offsets[r + 1].
        rows: [n] int64, in any order, repeated or not.

    Returns:
        [elements] int64 and [n + 1] int64.
    """
    counts = (offsets[1:] - offsets[:-1])[rows]
    new_offsets = torch.cat([counts.new_zeros(1), counts.cumsum(0)])
    jump = offsets[:-1][rows] - new_offsets[:-1]
    return torch.arange(int(new_offsets[-1])) + jump.repeat_interleave(counts), new_offsets


def owners(offsets: torch.Tensor, elements: int | None = None) -> torch.Tensor:
    """[elements] int64: the row that each element of a ragged array belongs to.

    Args:
        offsets: [R + 1] int64; row r is the elements offsets[r]:offsets[r + 1].
        elements: how many there are, where it is known: torch's compilers then need not look.
    """
    return torch.arange(len(offsets) - 1).repeat_interleave(offsets.diff(), output_size=elements)
