"""Relative densities for entries of a catalogue that state none."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

import torch

from fastlattice.lattice.batch import LatticeBatch


def at_densities(
    read: Callable[[float], Iterator[LatticeBatch]], densities: Sequence[float]
) -> Iterator[tuple[LatticeBatch, bool]]:
    """Batches of a catalogue, entries that state no density once for each that is given.

    Args:
        read: reads it with a default density.
        densities: wanted of entries that state none.

    Yields:
        A batch, and whether it has such entries.
    """
    # Entries without a density are those that come out at the default; with several, it is one that no file states.
    default = densities[0] if len(densities) == 1 else densities[0] * (1 - 2**-40)
    for batch in read(default):
        stated = batch.columns["relative_density"]
        assert isinstance(stated, torch.Tensor)
        unstated = stated == default
        yield (batch if len(densities) == 1 else _repeated(batch, unstated, densities)), bool(unstated.any())


def _repeated(batch: LatticeBatch, chosen: torch.Tensor, densities: Sequence[float]) -> LatticeBatch:
    """The batch with the chosen rows once for each density, one after another."""
    times = torch.where(chosen, len(densities), 1)
    rows = torch.arange(len(batch)).repeat_interleave(times)
    place = torch.arange(len(rows)) - (times.cumsum(0) - times)[rows]
    wanted = torch.tensor(densities, dtype=torch.float64)[place]
    before = batch.columns["relative_density"]
    assert isinstance(before, torch.Tensor)
    density = torch.where(chosen[rows], wanted, before[rows])
    out = batch.take(rows)
    factor = torch.where(chosen[rows], density / before[rows], 1.0).sqrt()
    columns = {"relative_density": density}
    target = out.columns.get("target")
    if isinstance(target, torch.Tensor):  # a label belongs to a density that the file states
        columns["target"] = target.masked_fill(chosen[rows][:, None, None], math.nan)
    radii = out.radii * factor.repeat_interleave(out.strut_counts)
    return out.replace(radii=radii).with_columns(**columns)
