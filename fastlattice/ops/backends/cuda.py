"""Loads the CUDA library, which is built on request only: FASTLATTICE_CUDA=1 when the package is installed."""

from __future__ import annotations

import ctypes
from functools import cache
from pathlib import Path
from typing import Any

import torch

from fastlattice._generated import abi
from fastlattice._native import DTYPES, NativeError, opened

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
        LibraryError: it was built from other sources than this Python code.
        OSError: it cannot be loaded, for want of the CUDA runtime for example.
    """
    if not built():
        raise ImportError("the CUDA library is missing; build it with FASTLATTICE_CUDA=1 pip install .")
    return opened(PATH, "FASTLATTICE_CUDA=1 pip install")


@cache
def _function(library: ctypes.CDLL, name: str) -> Any:
    types: list[Any] = []
    for kind in (code.split()[0] for code in abi.CUDA_FUNCTIONS[name]):
        types += [ctypes.c_void_p] * (kind != "int") + [ctypes.c_int64] * (kind != "stream")
    function = getattr(library, name)
    function.argtypes, function.restype = types, ctypes.c_int32
    return function


def call(name: str, *arguments: torch.Tensor | int) -> None:
    """Calls an exported function on torch's current stream of the tensors' device, and raises what it reports.

    Args:
        name: of the function, in csrc/cuda/abi.h.
        arguments: one for each row of the function in `abi.CUDA_FUNCTIONS` after the stream: integers, and contiguous
            tensors of one device, which cross with their numbers of elements.

    Raises:
        TypeError: a tensor is of a wrong dtype.
        ValueError: a tensor is not contiguous, or on another device than the others.
        NativeError: the function returned non-zero; of wrong lengths it says which buffer.
    """
    lib = library()
    function = _function(lib, name)
    like = next(argument for argument in arguments if isinstance(argument, torch.Tensor))
    raw: list[int] = []
    for code, argument in zip(abi.CUDA_FUNCTIONS[name][1:], arguments, strict=True):
        raw += (
            _crossing(argument, DTYPES[code.split()[1]][0], like) if isinstance(argument, torch.Tensor) else [argument]
        )
    with torch.cuda.device_of(like):  # a stream's kernels are launched on the current device
        stream = torch.cuda.current_stream().cuda_stream if like.is_cuda else None
        if function(stream, *raw) != 0:
            raise NativeError(f"{name}: {lib.fl_last_error().decode()}")


def _crossing(tensor: torch.Tensor, dtype: torch.dtype, like: torch.Tensor) -> list[int]:
    """Pointer and number of elements."""
    if tensor.dtype is not dtype:
        raise TypeError(f"the CUDA library takes a tensor of {dtype} here, not {tensor.dtype}")
    if tensor.device != like.device:
        raise ValueError(f"the CUDA library takes tensors of one device, not of {like.device} and {tensor.device}")
    if not tensor.is_contiguous():
        raise ValueError("the CUDA library takes contiguous tensors")
    return [tensor.data_ptr(), tensor.numel()]
