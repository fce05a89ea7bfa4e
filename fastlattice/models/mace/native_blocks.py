"""The rowwise linear map of an extended network on the native library, as a custom op; elsewhere in plain torch.

csrc/network/rowwise_linear.cpp. A row's result has the same bits whatever stands beside it, in either form.
"""

from __future__ import annotations

import torch

from fastlattice._observers import transformed
from fastlattice.ops.backends.native import call
from fastlattice.ops.custom_op import CustomOp
from fastlattice.ops.dispatch import choose


def is_native(backend: str, *tensors: torch.Tensor) -> bool:
    """Whether the native library computes with these: not where a transform of torch.func is at work."""
    like = tensors[0]
    return choose("mandel", backend, like.device, like.dtype) == "native" and not transformed(tensors)


def _linear_forward(rows: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    out = rows.new_empty(*rows.shape[:-1], weight.shape[1])
    call("fl_rowwise_linear", out.dtype, rows.shape[:-1].numel(), *weight.shape, rows, weight, out)
    return out


def _linear_backward(
    grad: torch.Tensor, rows: torch.Tensor, weight: torch.Tensor, wanted: list[bool]
) -> list[torch.Tensor]:
    grad_rows, grad_weight = _LINEAR.room((rows, weight), wanted)
    arguments = rows.shape[:-1].numel(), *weight.shape, rows, weight, grad, grad_rows, grad_weight
    call("fl_rowwise_linear_backward", rows.dtype, *arguments)
    return _LINEAR.wanted([grad_rows, grad_weight])


_LINEAR = CustomOp(
    "rowwise",
    "Tensor rows, Tensor weight",
    groups=(("rows",), ("weight",)),
    fake=lambda rows, weight: rows.new_empty(*rows.shape[:-1], weight.shape[1]),
)
_linear = _LINEAR.define("rowwise_linear", _linear_forward, _linear_backward, "cpu")


def rowwise(rows: torch.Tensor, weight: torch.Tensor, backend: str = "auto") -> torch.Tensor:
    """[..., n] times [n, m], the same bits for a row whatever stands beside it."""
    if is_native(backend, rows, weight):
        return _linear(rows, weight)
    return (rows[..., :, None] * weight).sum(-2)
