"""What the Triton backends share: where they run, and calling a launcher of `fastlattice.kernels`.

Triton is imported when a kernel first runs, never before. Under TRITON_INTERPRET=1, set before that, kernels are
interpreted, and then they take tensors on the CPU too: slow, and the way to test them without a GPU.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import re
from pathlib import Path
from typing import Any

import torch

from fastlattice.errors import MissingExtraError
from fastlattice.ops.backends import cuda

OLDEST = (3, 4)
"""The first Triton that compiles the kernels: it takes functions and tuples as compile-time constants of others."""


def _version() -> tuple[int, ...]:
    """Of the Triton that an import would find, read from its source; () where there is none, or none that says."""
    spec = importlib.util.find_spec("triton")
    if spec is None or spec.origin is None:
        return ()
    found = re.search(r"__version__ = ['\"](\d+)\.(\d+)\.(\d+)", Path(spec.origin).read_text(encoding="utf-8"))
    return tuple(map(int, found.groups())) if found else ()


INSTALLED = importlib.util.find_spec("triton") is not None
VERSION = _version()


def too_old() -> str | None:
    """Why the installed Triton cannot compile the kernels; None where it can."""
    if not VERSION or VERSION >= OLDEST:
        return None
    found, needed = (".".join(map(str, version)) for version in (VERSION, OLDEST))
    return f"the GPU kernels need Triton {needed} or newer, as torch 2.8 brings it; {found} is installed"


def refusal(device: torch.device, dtype: torch.dtype) -> str | None:
    """Why the Triton kernels do not run on a device or in a dtype."""
    if not INSTALLED:
        return "Triton is not installed: pip install 'fastlattice[gpu]'"
    if reason := too_old():
        return reason
    if device.type == "cpu" and os.environ.get("TRITON_INTERPRET") != "1":
        return "the Triton kernels run on CUDA devices, and on the CPU only under TRITON_INTERPRET=1"
    if device.type not in ("cpu", "cuda"):
        return "the Triton kernels run on CUDA devices"
    if dtype not in (torch.float32, torch.float64):
        return "the Triton kernels compute in float32 and float64"
    return cuda.too_old(device)


def kernels(stem: str) -> Any:
    """The module `fastlattice.kernels.<stem>`.

    Raises:
        MissingExtraError: Triton is not installed.
    """
    if not INSTALLED:
        raise MissingExtraError(f"the Triton kernel of {stem}", "gpu")
    return importlib.import_module(f"fastlattice.kernels.{stem}")


def call(stem: str, launcher: str, *arguments: Any) -> Any:
    """Calls a launcher of `fastlattice.kernels.<stem>` on the device of its tensors, which may be views.

    Args:
        stem: of the kernel's file.
        launcher: name of the function there.
        arguments: passed on; tensors are made contiguous, the first argument is a tensor.

    Returns:
        What the launcher returns.

    Raises:
        MissingExtraError: Triton is not installed.
    """
    contiguous = [a.contiguous() if isinstance(a, torch.Tensor) else a for a in arguments]
    with torch.cuda.device_of(contiguous[0]):  # Triton launches on the current device, whatever the tensors' is
        return getattr(kernels(stem), launcher)(*contiguous)


def check_range(index: torch.Tensor, rows: int, label: str) -> None:
    """Raises a RuntimeError unless all entries of an index are 0 ... rows - 1.

    Nothing waits for a CUDA device: there the error comes when the device does, as for torch's own indexing.
    """
    message = f"{label} names a row that is not there: there are {rows}"
    torch._assert_async(((index >= 0) & (index < rows)).all(), message)
