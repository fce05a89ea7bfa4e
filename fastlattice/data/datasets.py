"""Streams and batches as torch's datasets, for training loops that are made of DataLoaders.

`Stream.batches` alone is faster: no lattice crosses from one process to another.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

from torch.utils.data import Dataset, IterableDataset, get_worker_info

from fastlattice.data.stream import Stream
from fastlattice.lattice.batch import LatticeBatch


class StreamDataset(IterableDataset[LatticeBatch]):
    """Batches of a stream, for DataLoader(dataset, batch_size=None, num_workers=n).

    Each worker takes windows of samples of its own, worker w of n those with the numbers w, w + n, ..., so that no
    sample comes twice and the order depends on n. Workers may be forked or spawned. Without workers, `start` goes on
    where a batch ended, as `Batches` says; with workers, give a multiple of the window's 4,096 samples. Every iteration
    begins at `start`: set it anew where an epoch is not to see the samples of the last one.

    Args:
        stream: of labelled lattices.
        batch_size, start, stop: as for `Batches`.
        shard: (r, n): of a process among n that train together.
    """

    def __init__(
        self,
        stream: Stream,
        batch_size: int,
        start: int = 0,
        stop: int | None = None,
        shard: tuple[int, int] = (0, 1),
    ) -> None:
        self.stream, self.batch_size, self.start, self.stop, self.shard = stream, batch_size, start, stop, shard

    def __iter__(self) -> Iterator[LatticeBatch]:
        worker = get_worker_info()
        index, workers = (worker.id, worker.num_workers) if worker else (0, 1)
        rank, ranks = self.shard
        mine = (rank * workers + index, ranks * workers)
        with closing(self.stream.batches(self.batch_size, self.start, self.stop, mine)) as batches:
            yield from batches


class LatticeDataset(Dataset[LatticeBatch]):
    """Lattices with their columns as a map-style dataset, for DataLoader(dataset, batch_size=..., shuffle=True).

    An item is a LatticeBatch of one lattice; a DataLoader gets a whole batch at once. (A LatticeBatch can be a
    DataLoader's dataset itself; this one is for code that asks for a torch Dataset.)

    Args:
        lattices: as they are, or those of a stream's samples start .. stop - 1 that have a stiffness.
        start, stop: where `lattices` is a Stream.

    Raises:
        IndexError: as `Stream.draw`.
    """

    def __init__(self, lattices: LatticeBatch | Stream, start: int = 0, stop: int = 0) -> None:
        self.lattices = lattices[start:stop] if isinstance(lattices, Stream) else lattices

    def __len__(self) -> int:
        return len(self.lattices)

    def __getitem__(self, index: int) -> LatticeBatch:
        row = range(len(self))[index]
        return self.lattices[row : row + 1]

    def __getitems__(self, indices: list[int]) -> LatticeBatch:
        return self.lattices.take(indices)
