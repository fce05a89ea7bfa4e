"""What the native backends share: calling a function for a dtype, and what they decline."""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch

from fastlattice import _native

_SUFFIXES = {torch.float32: "f32", torch.float64: "f64"}


def refusal(device: torch.device, dtype: torch.dtype) -> str | None:
    """Why the native library does not run on a device or in a dtype."""
    if device.type != "cpu":
        return "the native library runs on the CPU"
    if dtype not in _SUFFIXES:
        return "the native library computes in float32 and float64"
    return None


class _Local(threading.local):
    single_threaded = False


_local = _Local()


@contextmanager
def one_thread(single_threaded: bool = True) -> Iterator[None]:
    """Native ops that this thread calls within run in this thread alone, if asked for: others are at work beside it."""
    before, _local.single_threaded = _local.single_threaded, single_threaded
    try:
        yield
    finally:
        _local.single_threaded = before


@contextmanager
def one_torch_thread(single_threaded: bool = True) -> Iterator[None]:
    """Torch's ops on the CPU run in the calling thread alone, if asked for: many small ones cost more to share out than
    to do."""
    before = torch.get_num_threads()
    if single_threaded:
        torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def threads() -> int:
    """How many threads a native op runs in: torch's number, or one."""
    return 1 if _local.single_threaded else torch.get_num_threads()


def call(name: str, dtype: torch.dtype, *arguments: Any) -> None:
    """Calls `name` for a dtype with torch's number of threads, or one, and these arguments; those read may be views.

    Raises:
        TypeError, ValueError: as `_native.call`.
        NativeError: the function returned an error, an index out of range for example.
    """
    _native.call(f"{name}_{_SUFFIXES[dtype]}", threads(), *arguments)


def call_once(name: str, dtype: torch.dtype, *arguments: Any) -> None:
    """`call` of a function that has no threads."""
    _native.call(f"{name}_{_SUFFIXES[dtype]}", *arguments)


def int64_array(numbers: Sequence[int]) -> Any:
    """A C array of integers."""
    return (ctypes.c_int64 * len(numbers))(*numbers)


def dense(rows: torch.Tensor) -> torch.Tensor:
    """`rows.contiguous()`, without torch's threads where one row stands for all.

    After an op on many numbers torch's idle threads spin for a while, on the cores that the native threads need next.
    """
    if rows.ndim == 0 or rows.stride(0) != 0 or rows.numel() < 32768:  # torch takes fewer in one thread
        return rows.contiguous()
    out = rows.new_empty(rows.shape)
    call("fl_repeat", rows.dtype, len(rows), rows[0].numel(), rows[0].contiguous(), out)
    return out
