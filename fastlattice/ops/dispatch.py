"""The one place that chooses which backend runs an op.

A backend is a name in BACKENDS and one implementation per op, which may decline a device or a dtype with a reason.
"auto" takes the first in BACKENDS that does not decline; the environment variable FASTLATTICE_BACKEND replaces "auto".
A backend that is asked for by name and cannot run raises.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch

from fastlattice.errors import BackendError

BACKENDS = ("cuda", "native", "triton", "torch")
"""Fastest first: the CUDA library, where it was built; the native library, on the CPU; Triton; plain torch."""

Refusal = Callable[[torch.device, torch.dtype], str | None]


@dataclass(frozen=True)
class Implementation:
    """A function that runs an op, and why it does not run on a device or in a dtype (None: it does)."""

    function: Callable[..., Any]
    refusal: Refusal


_IMPLEMENTATIONS: dict[str, dict[str, Implementation]] = {}


def implements(
    op: str, backend: str, refusal: Refusal = lambda device, dtype: None
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Registers a function as a backend's implementation of an op."""

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        _IMPLEMENTATIONS.setdefault(op, {})[backend] = Implementation(function, refusal)
        return function

    return register


def _refusal(op: str, backend: str, device: torch.device, dtype: torch.dtype) -> str | None:
    implementation = _IMPLEMENTATIONS[op].get(backend)
    return "not implemented" if implementation is None else implementation.refusal(device, dtype)


def choose(op: str, backend: str, device: torch.device, dtype: torch.dtype) -> str:
    """Name of the backend that runs `op`.

    Args:
        op: name of the op.
        backend: "auto" or one of BACKENDS.
        device: where the tensors are.
        dtype: of the floating-point tensors.

    Raises:
        BackendError: the backend does not exist, or cannot run the op there.
    """
    asked_by = "backend"
    if backend == "auto":
        backend, asked_by = os.environ.get("FASTLATTICE_BACKEND", "auto"), "FASTLATTICE_BACKEND"
    if backend == "auto":
        for name in BACKENDS:
            if _refusal(op, name, device, dtype) is None:
                return name
        raise BackendError(f"no backend runs {op} on {device} in {dtype}")
    if backend not in BACKENDS:
        raise BackendError(f"{asked_by}={backend} does not exist; choose from auto, {', '.join(BACKENDS)}")
    reason = _refusal(op, backend, device, dtype)
    if reason is not None:
        raise BackendError(f"{asked_by}={backend} cannot run {op} on {device} in {dtype}: {reason}")
    return backend


def run(op: str, backend: str, like: torch.Tensor, *arguments: Any) -> Any:
    """Calls the chosen implementation; device and dtype are those of `like`."""
    return _IMPLEMENTATIONS[op][choose(op, backend, like.device, like.dtype)].function(*arguments)


@dataclass(frozen=True)
class Choice:
    """What "auto" takes for an op, and why none of the faster backends."""

    op: str
    backend: str
    declined: dict[str, str]


def choices(device: torch.device | str = "cpu", dtype: torch.dtype = torch.float32) -> list[Choice]:
    """For every op, the backend that `backend="auto"` takes on this device and in this dtype, and why none faster.

    Raises:
        BackendError: FASTLATTICE_BACKEND names a backend that does not exist or cannot run an op.
    """
    device = torch.device(device)
    result = []
    for op in _IMPLEMENTATIONS:
        taken = choose(op, "auto", device, dtype)
        declined = {}
        for name in BACKENDS[: BACKENDS.index(taken)]:
            declined[name] = _refusal(op, name, device, dtype) or "FASTLATTICE_BACKEND asks for another"
        result.append(Choice(op, taken, declined))
    return result
