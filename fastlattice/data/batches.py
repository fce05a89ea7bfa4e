"""Batches cut from a stream, made in the background."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import count
from typing import NamedTuple, Protocol

import torch

from fastlattice.fe import Status
from fastlattice.lattice.batch import LatticeBatch, rebatched

WINDOW = 4096
"""Samples of a window of a stream; csrc/data/sampler.cpp has the same."""


class Drawn(NamedTuple):
    """What `Stream.draw` gives.

    Attributes:
        lattices: the samples that have a stiffness, in the order of their numbers.
        dropped: how many have none, by why.
    """

    lattices: LatticeBatch
    dropped: Counter[Status]


class _Source(Protocol):
    """What a `Stream` is here."""

    threads: int | None

    def draw(self, start: int, stop: int, threads: int | None = None) -> Drawn: ...


class Batches(Iterator[LatticeBatch]):
    """The samples of a stream that have a stiffness, in batches of one size, in the order of their numbers.

    Windows are drawn ahead by threads that work on one window each, without the pool of threads that networks use: what
    is done with one batch hardly waits for the next. Memory holds as many windows as there are threads, and one more.

    To go on where a batch ended, start anew at the number after its last sample: the batches that follow are the same.

    Attributes:
        dropped: how many samples of the windows begun so far have no stiffness, by why.

    Args:
        stream: a `Stream`.
        size: lattices of a batch; only the last before `stop` may have fewer.
        start, stop: numbers of the first sample and of that after the last; without the latter there is no end.
        shard: (r, n): only the samples of the windows r, r + n, r + 2 n, ... of the stream.
        threads: that draw; None: the stream's, or torch.get_num_threads().

    Raises:
        ValueError: size, shard or threads out of range.
        IndexError: not 0 <= start <= stop <= 2^62.
    """

    def __init__(
        self,
        stream: _Source,
        size: int,
        start: int = 0,
        stop: int | None = None,
        shard: tuple[int, int] = (0, 1),
        threads: int | None = None,
    ) -> None:
        threads = threads or stream.threads or torch.get_num_threads()
        if size < 1 or threads < 1:
            raise ValueError(
                f"batches have at least one lattice and are made by at least one thread, not {size}, {threads}"
            )
        if not 0 <= shard[0] < shard[1]:
            raise ValueError(f"shard {shard[0]} of {shard[1]}: there is none")
        if not 0 <= start <= (start if stop is None else stop) <= 1 << 62:
            raise IndexError(f"a stream has the samples 0 .. 2^62 - 1, not {start} .. {stop}")
        self.dropped: Counter[Status] = Counter()
        self._stream = stream
        self._pieces = _pieces(start, stop, shard)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="fastlattice-stream")
        self._waiting: deque[Future[Drawn]] = deque()
        for _ in range(threads):
            self._submit()
        self._batches = rebatched(self._windows(), size)

    def __next__(self) -> LatticeBatch:
        return next(self._batches)

    def close(self) -> None:
        """Stops the threads; there are no more batches."""
        self._pieces = iter(())
        self._waiting.clear()
        self._batches = iter(())
        self._pool.shutdown(wait=False, cancel_futures=True)

    def __del__(self) -> None:
        if hasattr(self, "_pool"):
            self._pool.shutdown(wait=False, cancel_futures=True)

    def _submit(self) -> None:
        piece = next(self._pieces, None)
        if piece is not None:
            self._waiting.append(self._pool.submit(self._stream.draw, *piece, threads=1))

    def _windows(self) -> Iterator[LatticeBatch]:
        while self._waiting:
            drawn = self._waiting.popleft().result()
            self._submit()
            self.dropped += drawn.dropped
            yield drawn.lattices
        self._pool.shutdown(wait=False)


def _pieces(start: int, stop: int | None, shard: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """(first, end) of what there is of each window of a shard."""
    index, shards = shard
    first = start // WINDOW
    for window in count(first + (index - first) % shards, shards):
        begin, end = max(start, window * WINDOW), (window + 1) * WINDOW
        if stop is not None and begin >= stop:
            return
        yield begin, end if stop is None else min(end, stop)
