"""An infinite stream of labelled lattices: a seed and a sample's number say all of it."""

from __future__ import annotations

import operator
from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from fastlattice.data import _sampler
from fastlattice.data.recipe import Recipe
from fastlattice.errors import LatticeError
from fastlattice.fe import Status, homogenise
from fastlattice.lattice.batch import LatticeBatch

WINDOW, GROUP = _sampler.WINDOW, _sampler.GROUP


class Drawn(NamedTuple):
    """What `Stream.draw` gives.

    Attributes:
        lattices: the samples that have a stiffness, in the order of their numbers.
        dropped: how many have none, by why.
    """

    lattices: LatticeBatch
    dropped: Counter[Status]


class Stream:
    """Lattices without end, made from bases and labelled by exact finite elements.

    `stream[a:b]` are the samples a .. b - 1, 0 <= a <= b < 2^62, less those that have no stiffness: a LatticeBatch with
    the columns

    - name: of the base;
    - target [n, 6, 6] float64: stiffness as `homogenise` gives it (Mandel, E_s = 1);
    - base [n] int64: row of `bases`;
    - level [n] float64: perturbation, in units of the largest cell constant;
    - relative_density [n] float64;
    - sample [n] int64: the sample's number;
    - beam_valid [n] bool: every strut has r / L <= recipe.max_slenderness.

    The largest cell constant of every sample is 1, whatever the unit of the bases; their radii are not used. A sample
    is a function of the seed, its number, the bases, their weights and the recipe alone: it is the same in whatever
    slice, at any number of threads and in any process. Its bits are the same on one instruction set; others round
    differently.

    Samples come in windows of 4,096. A window holds 512 groups of eight realisations of one base, drawn for each
    group; each eighth of the window has one of every group, in an order of its own. So finite elements find eight
    realisations to solve at once, and batches cut from an eighth never hold two of one group.

    Args:
        bases: any lattices; what they are to stand for is not looked at.
        recipe: what is done to them.
        seed: 0 <= seed < 2^64; others give other samples.
        weights: [len(bases)] relative frequency of each base, not negative, not all zero; None: all the same.
        threads: to use; None takes torch.get_num_threads() when called.

    Raises:
        LatticeError: there is no base, or weights do not fit.
        ValueError: seed or threads out of range.
    """

    def __init__(
        self,
        bases: LatticeBatch,
        recipe: Recipe | None = None,
        seed: int = 0,
        weights: torch.Tensor | NDArray[Any] | Sequence[float] | None = None,
        threads: int | None = None,
    ) -> None:
        if not len(bases):
            raise LatticeError("a stream needs at least one base")
        if not 0 <= operator.index(seed) < 1 << 64:
            raise ValueError(f"seed must lie between 0 and 2^64 - 1, not {seed}")
        if threads is not None and threads < 1:
            raise ValueError(f"threads must be at least 1, not {threads}")
        self.bases, self.recipe, self.seed, self.threads = bases, recipe or Recipe(), operator.index(seed), threads
        geometry = bases._columns_for_native()
        size = bases.cell.detach().norm(dim=2).amax(1)
        self._bases = _sampler.Bases(
            (geometry.cell.detach() / size[:, None, None]).numpy(),
            (geometry.positions.detach() / size.repeat_interleave(bases.node_counts)[:, None]).numpy(),
            *(getattr(geometry, name).numpy() for name in ("struts", "shifts", "node_offsets", "strut_offsets")),
            _cumulative(weights, len(bases)),
        )

    def __getitem__(self, samples: slice) -> LatticeBatch:
        """The samples a:b that have a stiffness.

        Raises:
            IndexError: not a slice of both ends, 0 <= a <= b, and step 1.
        """
        if not isinstance(samples, slice) or samples.start is None or samples.stop is None:
            raise IndexError("a stream has no end: ask for stream[a:b]")
        if samples.step not in (None, 1):
            raise IndexError(f"a stream is cut in steps of 1, not {samples.step}")
        return self.draw(samples.start, samples.stop).lattices

    def draw(self, start: int, stop: int) -> Drawn:
        """The samples start .. stop - 1 that have a stiffness, and how many have none.

        Raises:
            IndexError: not 0 <= start <= stop < 2^62.
        """
        batch = self.unlabelled(start, stop)
        result = homogenise(batch, threads=self.threads)
        batch = batch.with_columns(target=result.stiffness)
        bad = result.status[~result.ok]
        return Drawn(batch if result.ok.all() else batch.take(result.ok), Counter(map(Status, bad.tolist())))

    def unlabelled(self, start: int, stop: int) -> LatticeBatch:
        """The samples start .. stop - 1, every one of them, without the column target.

        Raises:
            IndexError: not 0 <= start <= stop < 2^62.
        """
        start, stop = operator.index(start), operator.index(stop)
        if not 0 <= start <= stop < 1 << 62:
            raise IndexError(f"a stream has the samples 0 .. 2^62 - 1, not {start} .. {stop - 1}")
        numbers = np.arange(start, stop, dtype=np.int64)
        made = _sampler.sample(self.seed, numbers, self._bases, self.recipe)
        base = torch.from_numpy(made.base)
        columns = {
            "name": self.bases.names.take(base),
            "base": base,
            "level": torch.from_numpy(made.level),
            "relative_density": torch.from_numpy(made.density),
            "sample": torch.from_numpy(numbers),
            "beam_valid": torch.from_numpy(made.beam_valid),
        }
        return LatticeBatch._trusted([torch.from_numpy(array) for array in made[:7]], columns)


def _cumulative(weights: Any, count: int) -> NDArray[np.float64]:
    """Running sum of the weights, its last entry 1."""
    given = torch.ones(count) if weights is None else torch.as_tensor(weights)
    values = given.detach().to(torch.float64).cpu().numpy()
    if values.shape != (count,) or not np.isfinite(values).all() or (values < 0).any() or not values.any():
        raise LatticeError(f"weights must be {count} numbers, one for each base, none negative and not all zero")
    total = np.cumsum(values)
    return total / total[-1]
