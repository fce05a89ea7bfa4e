"""Says what this installation is made of and how fast a way each part takes.

Prints versions, the instruction set of the native library, threads, optional packages, GPUs, and for each operation of
the network the backend it takes on the CPU and on CUDA devices, and why not a faster one.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import os
import platform
import sys
from collections.abc import Iterator

from fastlattice._version import __version__
from fastlattice.errors import BackendError, LibraryError

EPILOG = ""
_OPTIONAL = {
    "pyarrow": "parquet",
    "matplotlib": "plot",
    "plotly": "page",
    "gemmi": "cgd",
    "e3nn": "reference",
    "triton": "gpu",
}
_FASTER = {"cpu": ("native",), "cuda": ("cuda", "triton")}
"""Backends that are faster than plain torch, by the type of device that they are for."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`fastlattice doctor` takes no arguments."""


def run(arguments: argparse.Namespace) -> int:
    """Prints the report."""
    import torch

    lines = [
        ("fastlattice", __version__),
        ("Python", f"{platform.python_version()} on {platform.system()} {platform.machine()}"),
        ("torch", torch.__version__),
        ("numpy", importlib.metadata.version("numpy")),
        *((name, _optional(name, extra)) for name, extra in _OPTIONAL.items()),
        ("native library", _instruction_sets()),
        (
            "threads",
            f"{torch.get_num_threads()} of {os.cpu_count()} processors (torch.set_num_threads or OMP_NUM_THREADS)",
        ),
        *_gpus(),
        *_backends("cpu", "the CPU"),
        *_backends("cuda", "a CUDA device"),
    ]
    width = max(len(label) for label, _ in lines)
    for label, text in lines:
        sys.stdout.write(f"{label:<{width}}  {text}\n")
    return 0


def _optional(package: str, extra: str) -> str:
    from fastlattice.ops.backends import triton

    try:
        version = importlib.metadata.version(package)
        reason = triton.too_old() if package == "triton" else None
        return f"{version}: {reason}" if reason else version
    except importlib.metadata.PackageNotFoundError:
        return f"not installed; pip install 'fastlattice[{extra}]'"


def _instruction_sets() -> str:
    from fastlattice import _native

    try:
        available = _native.available_instruction_sets()
        chosen = _native.instruction_set()
    except LibraryError as error:
        return str(error)
    reason = "asked for by FASTLATTICE_ISA" if os.environ.get("FASTLATTICE_ISA") else "the best that this machine has"
    return f"{chosen}, {reason} (available: {', '.join(available)})"


def _gpus() -> Iterator[tuple[str, str]]:
    """One row for each device that torch can use, or why there is none."""
    import torch

    if not torch.cuda.is_available():
        built = torch.version.cuda or torch.version.hip
        yield "GPU", f"none that torch can use ({'no device or driver' if built else 'torch was built without CUDA'})"
        return
    for index in range(torch.cuda.device_count()):
        device = torch.cuda.get_device_properties(index)
        capability, memory = f"compute capability {device.major}.{device.minor}", device.total_memory / 2**30
        yield f"GPU cuda:{index}", f"{device.name}, {capability}, {memory:.0f} GiB"


def _backends(device: str, place: str) -> Iterator[tuple[str, str]]:
    """One row for each op: what `backend="auto"` takes there in fp32, and why nothing faster."""
    from fastlattice import ops

    try:
        choices = ops.choices(device)
    except (BackendError, LibraryError) as error:
        yield f"ops on {place}", str(error)
        return
    for choice in choices:
        declined = "; ".join(f"not {name}: {why}" for name, why in choice.declined.items() if name in _FASTER[device])
        yield f"op {choice.op}", f"{choice.backend} on {place} in fp32" + (f" ({declined})" if declined else "")
