"""What stands between Python and a kernel: torch's modes, transforms, tracers and profilers, which must see every op.

The dispatcher shows each of them the ops of the native library, and costs as much as a short op runs. Where nobody
looks on, an op may be called without it.
"""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import _C
from torch.autograd.forward_ad import unpack_dual

# For modes, transforms and the profiler torch has no public question; each is one look at a flag of this thread.
_modes = _C._len_torch_dispatch_stack
_overrides = _C._len_torch_function_stack
_transforms = _C._are_functorch_transforms_active
_profiler = _C._autograd._profiler_enabled
_tracing = _C._is_tracing
_has_memory = _C._has_storage
_PLAIN = {torch.Tensor, torch.nn.Parameter, type(None)}
_WITH_AUTOCAST = {
    device for device in ("cpu", "cuda", "xpu", "mps", "hpu", "mtia", "maia") if torch.amp.is_autocast_available(device)
}  # asked once: torch 2.8 cannot compile the question


def autocasting(device: str) -> bool:
    """Whether torch.autocast is on for a type of device."""
    return device in _WITH_AUTOCAST and torch.is_autocast_enabled(device)


def observed(tensors: Iterable[torch.Tensor | None]) -> bool:
    """Whether a mode, a transform, a tracer, a compiler or a profiler is at work, or a tensor is of another class.

    Derivatives are not asked for: see `torch.is_grad_enabled` and `has_tangent`.
    """
    if _modes() or _overrides() or _transforms() or _profiler() or _tracing() or torch.compiler.is_compiling():
        return True
    return not _PLAIN.issuperset(map(type, tensors))


def has_tangent(tensors: Iterable[torch.Tensor | None]) -> bool:
    """Whether forward-mode derivatives (torch.func.jvp, jacfwd, torch.autograd.forward_ad) go through a tensor."""
    for tensor in tensors:
        if tensor is not None:
            primal, tangent = unpack_dual(tensor)
            if tangent is not None:
                return True
            if primal is tensor:  # nobody asks for any: torch has not even looked
                return False
    return False


def batched(tensors: Iterable[torch.Tensor | None]) -> bool:
    """Whether a tensor stands for many, as those of batched gradients do: it has no memory of its own."""
    return any(tensor is not None and not _has_memory(tensor) for tensor in tensors)


def in_transform() -> bool:
    """Whether a transform of torch.func is at work (grad, vmap, jvp, ...), or a batched gradient."""
    return bool(_transforms())


def transformed(tensors: Iterable[torch.Tensor | None]) -> bool:
    """Whether a transform is at work, or forward-mode derivatives go through a tensor."""
    return in_transform() or has_tangent(tensors)
