"""Loads the native library: one shared object per instruction set, the best that the machine supports.

The choice is made once, at the first use. The environment variable FASTLATTICE_ISA (baseline, avx2 or avx512)
asks for one; a machine that lacks it is told so.
"""

import ctypes
import os
from functools import cache
from pathlib import Path
from typing import Any

import torch

_FOLDER = Path(__file__).resolve().parent / "_lib"
# Instruction sets from best to most portable, with the bits of fl_instruction_sets() that each needs.
_ISAS = {"avx512": 3, "avx2": 1, "baseline": 0}


class NativeError(RuntimeError):
    """The native library reported a failure that is not the fault of one lattice."""


def _open(isa: str) -> ctypes.CDLL:
    path = _FOLDER / f"libfastlattice_{isa}.so"
    if not path.exists():
        raise ImportError(
            f"the native library {path.name} is missing; build it by installing the package (pip install .)"
        )
    return ctypes.CDLL(str(path))


@cache
def available_instruction_sets() -> tuple[str, ...]:
    """Instruction sets that were built and that this machine supports, best first."""
    mask = int(_open("baseline").fl_instruction_sets())
    return tuple(
        name for name, bits in _ISAS.items() if mask & bits == bits and (_FOLDER / f"libfastlattice_{name}.so").exists()
    )


@cache
def instruction_set() -> str:
    """The instruction set in use: FASTLATTICE_ISA if set, else the best available.

    Raises:
        ImportError: FASTLATTICE_ISA names one that was not built or that the machine lacks.
    """
    available = available_instruction_sets()
    wanted = os.environ.get("FASTLATTICE_ISA")
    if wanted and wanted not in available:
        raise ImportError(f"FASTLATTICE_ISA={wanted} is not available here; choose from {', '.join(available)}")
    return wanted or available[0]


@cache
def library() -> ctypes.CDLL:
    """The loaded native library."""
    lib = _open(instruction_set())
    lib.fl_last_error.restype = ctypes.c_char_p
    return lib


def call(name: str, *arguments: Any) -> None:
    """Calls the exported function `name` and raises what it reports.

    Tensors are passed as pointers to their first element and must be contiguous and on the CPU; None becomes a
    null pointer; ints are passed as int64, floats as double, anything else as ctypes passes it.

    Raises:
        NativeError: the function returned non-zero.
    """
    lib = library()
    if getattr(lib, name)(*map(_argument, arguments)) != 0:
        raise NativeError(f"{name}: {lib.fl_last_error().decode()}")


def _argument(value: Any) -> Any:
    if isinstance(value, torch.Tensor):
        if not (value.is_cpu and value.is_contiguous()):
            raise ValueError("the native library takes contiguous CPU tensors")
        return ctypes.c_void_p(value.data_ptr())
    if isinstance(value, int):
        return ctypes.c_int64(value)
    if isinstance(value, float):
        return ctypes.c_double(value)
    return ctypes.c_void_p(None) if value is None else value
