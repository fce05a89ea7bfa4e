"""Says what this installation is made of and how fast a way each part takes.

Prints versions, the instruction set of the native library, threads, optional packages, and for each operation of the
network the backend it takes and why not a faster one.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import os
import platform
import sys

import torch

from fastlattice import _native, ops
from fastlattice._version import __version__

EPILOG = ""
_OPTIONAL = {"pyarrow": "parquet", "matplotlib": "plot", "gemmi": "cgd", "e3nn": "reference"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`fastlattice doctor` takes no arguments."""


def run(arguments: argparse.Namespace) -> int:
    """Prints the report."""
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
        *((f"op {choice.op}", _backend(choice)) for choice in ops.choices()),
        ("GPU", torch.cuda.get_device_name() if torch.cuda.is_available() else "none that torch can use"),
    ]
    width = max(len(label) for label, _ in lines)
    for label, text in lines:
        sys.stdout.write(f"{label:<{width}}  {text}\n")
    return 0


def _optional(package: str, extra: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return f"not installed; pip install 'fastlattice[{extra}]'"


def _instruction_sets() -> str:
    available = _native.available_instruction_sets()
    chosen = _native.instruction_set()
    reason = "asked for by FASTLATTICE_ISA" if os.environ.get("FASTLATTICE_ISA") else "the best that this machine has"
    return f"{chosen}, {reason} (available: {', '.join(available)})"


def _backend(choice: ops.Choice) -> str:
    declined = "; ".join(f"not {name}: {reason}" for name, reason in choice.declined.items())
    return f"{choice.backend} on the CPU in fp32" + (f" ({declined})" if declined else "")
