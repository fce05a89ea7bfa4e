"""Loads the CUDA library, which is built on request only: FASTLATTICE_CUDA=1 when the package is installed."""

from __future__ import annotations

import ctypes
from functools import cache
from pathlib import Path
from typing import Any

import torch

from fastlattice._native import NativeError

PATH = Path(__file__).resolve().parents[2] / "_lib" / "libfastlattice_cuda.so"
CAPABILITY = (8, 0)
"""Compute capability of the oldest devices that the GPU kernels, of this library and of Triton, are made for."""


def too_old(device: torch.device) -> str | None:
    """Why a CUDA device is too old for the GPU kernels; None where it is not, or where there is none to be asked."""
    if device.type != "cuda" or not torch.cuda.is_available():
        return None
    found = torch.cuda.get_device_capability(device)
    if found >= CAPABILITY:
        return None
    needed, has = (".".join(map(str, capability)) for capability in (CAPABILITY, found))
    return f"the GPU kernels need compute capability {needed}; that of {device} is {has}"


@cache
def built() -> bool:
    """Whether this installation has the CUDA library."""
    return PATH.exists()


@cache
def library() -> ctypes.CDLL:
    """The loaded library.

    Raises:
        ImportError: it was not built.
        OSError: it cannot be loaded, for want of the CUDA runtime for example.
    """
    if not built():
        raise ImportError("the CUDA library is missing; build it with FASTLATTICE_CUDA=1 pip install .")
    return ctypes.CDLL(str(PATH))


def call(name: str, like: torch.Tensor, *arguments: torch.Tensor | int) -> None:
    """Calls an exported function on torch's current stream of a tensor's device, and raises what it reports.

    Args:
        name: of the function.
        like: any of the tensors.
        arguments: contiguous tensors, passed as pointers to their first elements, and integers.

    Raises:
        NativeError: the function returned non-zero.
    """
    lib = library()
    lib.fl_last_error.restype = ctypes.c_char_p
    with torch.cuda.device_of(like):  # a stream's kernels are launched on the current device
        stream = torch.cuda.current_stream().cuda_stream if like.is_cuda else None
        if getattr(lib, name)(ctypes.c_void_p(stream), *map(_argument, arguments)) != 0:
            raise NativeError(f"{name}: {lib.fl_last_error().decode()}")


def _argument(value: torch.Tensor | int) -> Any:
    if isinstance(value, torch.Tensor):
        if not value.is_contiguous():
            raise ValueError("the CUDA library takes contiguous tensors")
        return ctypes.c_void_p(value.data_ptr())
    return ctypes.c_int64(value)
