"""An infinite stream of labelled lattices: a seed and a sample's number say all of it."""

from __future__ import annotations

import operator
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from fastlattice import _native
from fastlattice._generated import abi
from fastlattice.data.batches import WINDOW, Batches, Drawn
from fastlattice.data.recipe import RADII, Range, Recipe
from fastlattice.errors import LatticeError
from fastlattice.fe import Status, homogenise
from fastlattice.lattice.batch import Column, Geometry, LatticeBatch

__all__ = ["WINDOW", "Drawn", "Stream"]


class Stream:
    """Lattices without end, made from bases and labelled by exact finite elements.

    `stream[a:b]` are the samples a .. b - 1, 0 <= a <= b <= 2^62, less those without a stiffness: a LatticeBatch with
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
    slice, at any number of threads and in any process. Its bits are the same for one instruction set and one C library;
    others may round differently.

    Samples come in windows of 4,096. A window holds 512 groups of eight realisations of one base, which is drawn for
    each group; each eighth of the window has one of every group, in an order of its own. So finite elements find eight
    realisations to solve at once where a whole window is drawn, and a batch from within an eighth has no two of one
    group.

    A stream can be pickled, and used by several threads at once.

    Args:
        bases: any lattices; that each has a stiffness is not asked.
        recipe: what is done to them; None: the default one.
        seed: 0 <= seed < 2^64; others give other samples.
        weights: [len(bases)] relative frequency of each base, not negative, not all zero; None: all the same.
        threads: to use; None takes torch.get_num_threads() when called.

    Raises:
        LatticeError: there is no base, a base has no cell, or weights do not fit.
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
        self._names = bases.names
        self._geometry = _normalised(bases)
        self._cumulative = _cumulative(weights, len(bases))
        self._numbers, self._scalars = _numbers(self.recipe), _scalars(self.recipe)

    def __repr__(self) -> str:
        return f"Stream({len(self.bases)} bases, seed {self.seed}, {self.recipe})"

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

    def draw(self, start: int, stop: int, threads: int | None = None) -> Drawn:
        """The samples start .. stop - 1 that have a stiffness, and how many have none.

        Args:
            start, stop: numbers of samples.
            threads: to use; None: the stream's.

        Raises:
            IndexError: not 0 <= start <= stop <= 2^62.
        """
        threads = self._threads(threads)
        batch = self.unlabelled(start, stop, threads)
        result = homogenise(batch, threads=threads)
        labelled = LatticeBatch._trusted(batch._geometry, {**batch.columns, "target": result.stiffness})
        ok = result.ok.numpy()
        if ok.all():
            return Drawn(labelled, Counter())
        return Drawn(_kept(labelled, ok), Counter(map(Status, result.status.numpy()[~ok].tolist())))

    def unlabelled(self, start: int, stop: int, threads: int | None = None) -> LatticeBatch:
        """The samples start .. stop - 1, every one of them, without the column target.

        Args, errors: as `draw`.
        """
        start, stop = operator.index(start), operator.index(stop)
        if not 0 <= start <= stop <= 1 << 62:
            raise IndexError(f"a stream has the samples 0 .. 2^62 - 1, not {start} .. {stop - 1}")
        count, bases = stop - start, self._geometry
        seed = self.seed - (self.seed >> 63 << 64)  # the same 64 bits
        shared = (
            *(self._threads(threads), seed, start, count, len(self.bases), len(abi.QUANTITY), self._cumulative),
            *(bases.node_offsets, bases.strut_offsets, *self._numbers, self.recipe.removal_share),
        )
        base, node_offsets, strut_offsets = (torch.empty(n, dtype=torch.int64) for n in (count, count + 1, count + 1))
        _native.call("fl_stream_sizes", *shared, base, node_offsets, strut_offsets)

        nodes, struts = int(node_offsets[-1]), int(strut_offsets[-1])
        cell, positions, radii, level, density = (
            torch.empty(shape, dtype=torch.float64) for shape in ((count, 3, 3), (nodes, 3), struts, count, count)
        )
        ends, shifts = (torch.empty(struts, width, dtype=torch.int64) for width in (2, 3))
        beam_valid = torch.empty(count, dtype=torch.bool)
        _native.call(
            "fl_stream_fill",
            *shared,
            *bases[:4],
            *self._scalars,
            *(node_offsets, strut_offsets, cell, positions, ends, shifts, radii, level, density, beam_valid),
        )
        columns: dict[str, Column] = {
            "name": self._names.take(base),
            "base": base,
            "level": level,
            "relative_density": density,
            "sample": torch.arange(start, stop),
            "beam_valid": beam_valid,
        }
        geometry = Geometry(cell, positions, ends, shifts, radii, node_offsets, strut_offsets)
        return LatticeBatch._trusted(geometry, columns)

    def batches(
        self,
        size: int,
        start: int = 0,
        stop: int | None = None,
        shard: tuple[int, int] = (0, 1),
        threads: int | None = None,
    ) -> Batches:
        """Batches of labelled lattices, one after another, made in the background while the last ones are used.

        Args, errors: as `Batches`.

        Example:
            >>> for batch in stream.batches(64, stop=6400):
            ...     loss = (network(batch) - batch.columns["target"]).square().mean()
        """
        return Batches(self, size, start, stop, shard, threads)

    def _threads(self, threads: int | None) -> int:
        return threads or self.threads or torch.get_num_threads()


def _normalised(bases: LatticeBatch) -> Geometry:
    """The bases, each with the largest cell constant 1."""
    geometry = Geometry(*(tensor.detach() for tensor in bases._columns_for_native()))
    size = geometry.cell.norm(dim=2).amax(1)
    if not bool((size > 0).all()) or not bool(size.isfinite().all()):
        raise LatticeError("a base has a cell of no size, or one that is not finite")
    positions = geometry.positions / size.repeat_interleave(bases.node_counts)[:, None]
    return geometry._replace(cell=geometry.cell / size[:, None, None], positions=positions)


def _cumulative(weights: Any, count: int) -> torch.Tensor:
    """[count] running sum of the weights, its last entry 1."""
    given = torch.ones(count) if weights is None else torch.as_tensor(weights, dtype=torch.float64)
    values = given.detach().to(torch.float64).cpu().numpy()
    if values.shape != (count,) or not np.isfinite(values).all() or (values < 0).any() or not values.any():
        raise LatticeError(f"weights must be {count} numbers, one for each base, none negative and not all zero")
    total = np.cumsum(values)
    return torch.from_numpy(total / total[-1])


def _numbers(recipe: Recipe) -> tuple[torch.Tensor, ...]:
    """What the quantities of the native sampler are drawn from: low [q], high [q], choices, their offsets [q + 1]."""
    low: list[float] = []
    high: list[float] = []
    choices: list[float] = []
    offsets = [0]
    for name in abi.QUANTITY:
        value = getattr(recipe, name)
        low.append(value.low if isinstance(value, Range) else 0.0)
        high.append(value.high if isinstance(value, Range) else 0.0)
        if not isinstance(value, Range):
            choices += value if isinstance(value, tuple) else (value,)
        offsets.append(len(choices))
    return *(torch.tensor(each, dtype=torch.float64) for each in (low, high, choices)), torch.tensor(offsets)


def _scalars(recipe: Recipe) -> tuple[float, ...]:
    """The other arguments of the native sampler."""
    given: Any = recipe.radii  # weights by name, once it is checked
    weights = [given[name] for name in RADII]
    choices = abi.DISPLACEMENT.index(recipe.displacement), abi.ROTATION.index(recipe.rotation)
    return recipe.strain_share, recipe.strain, recipe.zero_share, *weights, recipe.max_slenderness, *choices


def _kept(batch: LatticeBatch, keep: NDArray[np.bool_]) -> LatticeBatch:
    """The lattices of a mask: as `take`, for masks that leave out few, and without torch's threads."""
    edges = np.flatnonzero(np.diff(np.r_[False, keep, False]))
    runs = edges.reshape(-1, 2).tolist()

    def rows(values: torch.Tensor, offsets: list[int] | None = None) -> torch.Tensor:
        array = values.numpy()
        parts = [array[a:b] if offsets is None else array[offsets[a] : offsets[b]] for a, b in runs]
        return torch.from_numpy(np.concatenate(parts) if parts else array[:0].copy())

    def offsets(counts: torch.Tensor) -> torch.Tensor:
        return torch.from_numpy(np.r_[0, np.cumsum(counts.numpy()[keep])])

    nodes, struts = batch.node_offsets.tolist(), batch.strut_offsets.tolist()
    geometry = Geometry(
        rows(batch.cell),
        rows(batch.positions, nodes),
        rows(batch.struts, struts),
        rows(batch.shifts, struts),
        rows(batch.radii, struts),
        offsets(batch.node_counts),
        offsets(batch.strut_counts),
    )
    where = torch.from_numpy(np.flatnonzero(keep))
    columns = {k: rows(c) if isinstance(c, torch.Tensor) else c.take(where) for k, c in batch.columns.items()}
    return LatticeBatch._trusted(geometry, columns)
