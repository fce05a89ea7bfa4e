"""What the native backends share: calling a function for a dtype, and what they decline."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
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


def call(name: str, dtype: torch.dtype, *arguments: Any) -> None:
    """Calls `name` for a dtype with torch's number of threads and these arguments; tensors may be views.

    Raises:
        NativeError: the function returned an error, an index out of range for example.
    """
    contiguous = [a.contiguous() if isinstance(a, torch.Tensor) else a for a in arguments]
    _native.call(f"{name}_{_SUFFIXES[dtype]}", torch.get_num_threads(), *contiguous)


def pointers(tensors: Sequence[torch.Tensor]) -> Any:
    """A C array of pointers to contiguous tensors."""
    return (ctypes.c_void_p * len(tensors))(*[t.data_ptr() for t in tensors])


def int64_array(numbers: Sequence[int]) -> Any:
    """A C array of integers."""
    return (ctypes.c_int64 * len(numbers))(*numbers)
