"""Loads the native library: one shared object per instruction set, the best that the machine supports.

The choice is made once, at the first use. The environment variable FASTLATTICE_ISA (baseline, avx2 or avx512)
asks for one; a machine that lacks it is told so.

`call` is the only way into it. What crosses is checked here against the table `fastlattice._generated.abi`, which the
library was compiled from too: dtype, device, contiguity and kind of every tensor; its length, in the library.
"""

import ctypes
import os
import threading
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import torch

from fastlattice._generated import abi
from fastlattice.errors import LibraryError

_FOLDER = Path(__file__).resolve().parent / "_lib"
# Instruction sets from best to most portable, with the bits of fl_instruction_sets() that each needs.
_ISAS = {"avx512": 3, "avx2": 1, "baseline": 0}
_INSTALL = "pip install ."


class NativeError(RuntimeError):
    """The native library reported a failure that is not the fault of one lattice."""


def _open(isa: str) -> ctypes.CDLL:
    path = _FOLDER / f"libfastlattice_{isa}.so"
    if not path.exists():
        root = _FOLDER.parents[1]
        if (root / "setup.py").exists() and (root / "csrc").is_dir():
            raise LibraryError(
                f"the fastlattice that Python found first, in {root}, are the sources and not the installed package: "
                "start Python in another folder, or type pip install -e . here to use the sources themselves"
            )
        raise LibraryError(f"there is no native library {path.name}; build it by installing the package ({_INSTALL})")
    return opened(path)


def opened(path: Path, install: str = "pip install") -> ctypes.CDLL:
    """A library that was built from the same table of functions as this Python code.

    Args:
        path: of the library.
        install: the command that builds it, but for what is installed.

    Raises:
        LibraryError: it was built from another table.
    """
    library = ctypes.CDLL(str(path))
    version = getattr(library, "fl_abi_version", None)
    if version is not None:
        version.restype, version.argtypes = ctypes.c_int64, ()
    if version is None or version() != abi.VERSION:
        editable = (_FOLDER.parents[1] / "setup.py").exists()
        raise LibraryError(
            f"the native library {path} was built from other sources than this Python code: build it again by "
            f"installing the package ({install} {'-e .' if editable else '.'})"
        )
    library.fl_last_error.restype, library.fl_last_error.argtypes = ctypes.c_char_p, ()
    return library


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
        LibraryError: FASTLATTICE_ISA names one that was not built or that the machine lacks.
    """
    available = available_instruction_sets()
    wanted = os.environ.get("FASTLATTICE_ISA")
    if wanted and wanted not in available:
        raise LibraryError(f"FASTLATTICE_ISA={wanted} is not available here; choose from {', '.join(available)}")
    return wanted or available[0]


@cache
def library() -> ctypes.CDLL:
    """The loaded native library.

    Raises:
        LibraryError: it was not built, was built from other sources, or FASTLATTICE_ISA names one that is not there.
    """
    return _open(instruction_set())


def call(name: str, *arguments: Any) -> None:
    """Calls the exported function `name` of csrc/abi.h and raises what it reports.

    Args:
        name: of the function.
        arguments: one for each row of the function in `abi.FUNCTIONS`, each of
            - an int or a float;
            - for a buffer, a CPU tensor of its dtype, which crosses as pointer and length. One that is read may be a
              view, which is copied; one that is written must be contiguous. Integers that are read may also be a
              sequence, text may be bytes, and either a ctypes array;
            - for a list of buffers, a sequence of tensors;
            - None for an optional buffer that is not given;
            - for a pointer, what ctypes passes as one.

    Raises:
        TypeError: a tensor is of a wrong dtype or of a subclass, such as torch's fake tensors, or not a tensor.
        ValueError: a tensor is not on the CPU, or is written and not contiguous.
        NativeError: the function returned non-zero; of wrong lengths it says which buffer.
    """
    function = _function(name)
    kept: list[Any] = []  # what must outlive the call
    raw: list[Any] = []
    append = raw.append
    for (code, dtype, convert), value in zip(function.kinds, arguments, strict=True):
        # Nearly everything is a number, or a tensor as it should be: no function is called for those.
        if code == 0:
            append(value)
        elif code < 3 and type(value) in _PLAIN and value.dtype is dtype and value.is_cpu and value.is_contiguous():
            append(value.data_ptr())
            append(value.numel())
        else:
            convert(value, raw, kept)
    if function.run(*raw) != 0:
        raise NativeError(f"{name}: {library().fl_last_error().decode()}")


def call_interruptibly(name: str, *arguments: Any) -> None:
    """`call` for what may take long, as `interruptibly` does it. Args, errors: as for `call`."""
    interruptibly(lambda: call(name, *arguments))


def interruptibly(function: Callable[[], None]) -> None:
    """function(), which in the main thread is left when KeyboardInterrupt comes, not at its end.

    What was left goes on in a thread of its own, with memory that it keeps alive, until it is done; the end of the
    process does not wait for it. Modes of torch that belong to the calling thread, such as no_grad, do not hold there.
    """
    if threading.current_thread() is not threading.main_thread():
        return function()
    outcome: SimpleQueue[BaseException | None] = SimpleQueue()

    def run() -> None:
        try:
            function()
        except BaseException as error:
            outcome.put(error)
        else:
            outcome.put(None)

    threading.Thread(target=run, daemon=True).start()
    if (error := outcome.get()) is not None:
        raise error


_PLAIN = frozenset((torch.Tensor, torch.nn.Parameter))
_pointer, _size = torch.Tensor.data_ptr, torch.Tensor.numel
DTYPES = {  # torch's and the boundary's, by its names for them
    "f32": (torch.float32, ctypes.c_float),
    "f64": (torch.float64, ctypes.c_double),
    "i64": (torch.int64, ctypes.c_int64),
    "i32": (torch.int32, ctypes.c_int32),
    "u8": (torch.uint8, ctypes.c_uint8),
    "bool": (torch.bool, ctypes.c_uint8),
}
_Convert = Callable[[Any, list[Any], list[Any]], None]


class _Function:
    """An exported function, and for each of its arguments (0 number, 1 read, 2 written, 3 other; dtype; converter)."""

    def __init__(self, name: str) -> None:
        self.run = getattr(library(), name)
        self.kinds: list[tuple[int, torch.dtype | None, _Convert]] = []
        types: list[Any] = []
        for text in abi.FUNCTIONS[name]:
            kind, _, rest = text.partition(" ")
            if kind in ("int", "double"):
                types.append(ctypes.c_int64 if kind == "int" else ctypes.c_double)
                self.kinds.append((3 if kind == "int" else 0, None, _integer))
            elif kind == "pointer":
                types.append(ctypes.c_void_p)
                self.kinds.append((0, None, _integer))
            else:
                optional, many, written = rest.endswith("?"), "[]" in rest, kind == "out"
                dtype, element = DTYPES[rest.rstrip("[]?")]
                types += [ctypes.c_void_p] * (1 + many) + [ctypes.c_int64]
                make = _list_converter if many else _buffer_converter
                self.kinds.append((3 if many else 1 + written, dtype, make(written, dtype, element, optional)))
        self.run.argtypes, self.run.restype = types, ctypes.c_int32


_function = cache(_Function)


def _integer(value: Any, raw: list[Any], kept: list[Any]) -> None:
    if not -(1 << 63) <= value < 1 << 63:  # ctypes would cut it
        raise ValueError(f"{value} does not fit 64 bits")
    raw.append(value)


def _checked(tensor: Any, dtype: torch.dtype, written: bool) -> torch.Tensor:
    """The tensor, or the copy of a view that is only read.

    Raises:
        TypeError, ValueError: as `call`.
    """
    if type(tensor) not in _PLAIN:
        raise TypeError(f"the native library takes plain tensors, not {type(tensor).__name__}")
    if tensor.dtype is not dtype:
        raise TypeError(f"the native library takes a tensor of {dtype} here, not {tensor.dtype}")
    if not tensor.is_cpu:
        raise ValueError(f"the native library takes CPU tensors, not one on {tensor.device}")
    if written and not tensor.is_contiguous():
        raise ValueError("the native library writes to contiguous tensors only")
    return tensor.contiguous()


def _buffer_converter(written: bool, dtype: torch.dtype, element: Any, optional: bool) -> _Convert:
    def convert(value: Any, raw: list[Any], kept: list[Any]) -> None:
        if value is None and optional:
            raw += (None, 0)
            return
        if isinstance(value, (list, tuple)) and element is ctypes.c_int64 and not written:
            value = (element * len(value))(*value)
        if isinstance(value, bytes) and element is ctypes.c_uint8 and not written:
            raw += (value, len(value))
        elif isinstance(value, ctypes.Array) and value._type_ is element:
            kept.append(value)
            raw += (ctypes.addressof(value), len(value))
        else:
            tensor = _checked(value, dtype, written)
            kept.append(tensor)
            raw += (tensor.data_ptr(), tensor.numel())

    return convert


def _list_converter(written: bool, dtype: torch.dtype, element: Any, optional: bool) -> _Convert:
    def convert(value: Sequence[torch.Tensor] | None, raw: list[Any], kept: list[Any]) -> None:
        if value is None and optional:
            raw += (None, None, 0)
            return
        tensors = [
            tensor
            if type(tensor) in _PLAIN and tensor.dtype is dtype and tensor.is_cpu and tensor.is_contiguous()
            else _checked(tensor, dtype, written)
            for tensor in value or ()
        ]
        count = len(tensors)
        pointers = (ctypes.c_void_p * count)(*map(_pointer, tensors))
        sizes = (ctypes.c_int64 * count)(*map(_size, tensors))
        kept += (tensors, pointers, sizes)
        raw += (ctypes.addressof(pointers), ctypes.addressof(sizes), count)

    return convert
