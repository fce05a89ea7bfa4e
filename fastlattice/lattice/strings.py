"""A column of strings without a Python object per row: UTF-8 bytes and offsets, the layout of Apache Arrow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from multiprocessing.context import get_spawning_popen
from typing import Any, overload

import numpy as np
import torch


def compact(tensor: torch.Tensor) -> torch.Tensor:
    """The tensor detached, on memory of its own where it is a part of something larger."""
    detached = tensor.detach()
    if detached.untyped_storage().nbytes() > detached.numel() * detached.element_size():
        detached = detached.clone(memory_format=torch.contiguous_format)
    return detached.requires_grad_(tensor.requires_grad)


def sent_by(owner: Any, state: dict[str, Any]) -> dict[str, Any]:
    """`state`, kept alive by its owner where a process is being spawned: torch hands it over as open files, which close
    with the tensors, before the process has begun to read them."""
    if get_spawning_popen() is not None:
        owner._sent = state
    return state


class StringColumn:
    """Immutable sequence of strings on two tensors.

    Args:
        data: [bytes] uint8, the UTF-8 texts one after another.
        offsets: [rows + 1] int64; row i is data[offsets[i]:offsets[i + 1]].

    Slices share memory with the column; copies and pickles hold their own rows only.

    Raises:
        ValueError: other dtypes or shapes, or offsets that fall or leave the data.
    """

    def __init__(self, data: torch.Tensor, offsets: torch.Tensor) -> None:
        if data.dtype != torch.uint8 or offsets.dtype != torch.int64 or data.ndim != 1 or offsets.ndim != 1:
            raise ValueError("a StringColumn takes uint8 bytes and int64 offsets, both one-dimensional")
        if not len(offsets) or int(offsets[0]) < 0 or int(offsets[-1]) > len(data) or bool((offsets.diff() < 0).any()):
            raise ValueError(f"a StringColumn's offsets must rise within its {len(data)} bytes")
        self.data, self.offsets = data, offsets

    @classmethod
    def _trusted(cls, data: torch.Tensor, offsets: torch.Tensor) -> StringColumn:
        """A column of parts that are known to fit, so that slices cost nothing."""
        column = cls.__new__(cls)
        column.data, column.offsets = data, offsets
        return column

    @classmethod
    def from_strings(cls, strings: Iterable[str]) -> StringColumn:
        """Packs Python strings."""
        encoded = [s.encode() for s in strings]
        data = (
            torch.frombuffer(bytearray(b"".join(encoded)), dtype=torch.uint8)
            if any(encoded)
            else torch.empty(0, dtype=torch.uint8)
        )
        lengths = torch.tensor([0, *map(len, encoded)], dtype=torch.int64)
        return cls(data, lengths.cumsum(0))

    @classmethod
    def concatenate(cls, columns: Iterable[StringColumn]) -> StringColumn:
        """The rows of all columns, one column after another."""
        columns = list(columns)
        parts, ends, total = [], [torch.zeros(1, dtype=torch.int64)], 0
        for column in columns:
            first, last = int(column.offsets[0]), int(column.offsets[-1])
            parts.append(column.data[first:last])
            ends.append(column.offsets[1:] - first + total)
            total += last - first
        return cls(torch.cat(parts) if parts else torch.empty(0, dtype=torch.uint8), torch.cat(ends))

    def take(self, indices: torch.Tensor) -> StringColumn:
        """Rows `indices` (int64), in that order."""
        # In numpy: for so little work torch would wake threads, which spin on when it is done.
        ends, rows = self.offsets.numpy(), indices.numpy()
        counts = np.diff(ends)[rows]
        offsets = np.r_[0, np.cumsum(counts)]
        where = np.arange(offsets[-1]) + np.repeat(ends[:-1][rows] - offsets[:-1], counts)
        return self._trusted(torch.from_numpy(self.data.numpy()[where]), torch.from_numpy(offsets))

    def __getstate__(self) -> dict[str, Any]:
        first, last = int(self.offsets[0]), int(self.offsets[-1])
        offsets = compact(self.offsets - first if first else self.offsets)
        return sent_by(self, {"data": compact(self.data[first:last]), "offsets": offsets})

    def __setstate__(self, state: dict[str, torch.Tensor]) -> None:
        self.__init__(state["data"], state["offsets"])  # type: ignore[misc]  # checked: files come from anywhere

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> StringColumn: ...
    def __getitem__(self, index: int | slice) -> str | StringColumn:
        if isinstance(index, slice):
            start, stop, step = index.indices(len(self))
            if step != 1:
                return self.take(torch.tensor(range(len(self))[index], dtype=torch.int64))
            return self._trusted(self.data, self.offsets[start : max(start, stop) + 1])
        row = range(len(self))[index]
        return bytes(self.data[int(self.offsets[row]) : int(self.offsets[row + 1])].numpy()).decode()

    def __iter__(self) -> Iterator[str]:
        offsets = self.offsets.tolist()
        text = bytes(self.data[offsets[0] : offsets[-1]].numpy())
        for begin, end in pairwise(offsets):
            yield text[begin - offsets[0] : end - offsets[0]].decode()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, StringColumn):
            return NotImplemented
        return list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"StringColumn({len(self)} rows)"
