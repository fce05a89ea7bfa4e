"""Blocks of an extended network on the native library, as custom ops of torch; elsewhere the same in plain torch.

csrc/network/rowwise_linear.cpp and csrc/network/degree_norm.cpp. A row's or a node's result has the same bits whatever
stands beside it, in either form.
"""

from __future__ import annotations

import torch

from fastlattice._observers import transformed
from fastlattice.ops import constants
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


def _norm_forward(features: torch.Tensor, scale: torch.Tensor, share: float, floor: float) -> torch.Tensor:
    out = features.new_empty(features.shape)
    call("fl_degree_norm", out.dtype, *_norm_sizes(features, scale), share, floor, features, scale, out)
    return out


def _norm_backward(
    grad: torch.Tensor, features: torch.Tensor, scale: torch.Tensor, share: float, floor: float, wanted: list[bool]
) -> list[torch.Tensor]:
    grads = [torch.empty_like(features), torch.empty_like(scale)]
    arguments = *_norm_sizes(features, scale), share, floor, features, scale, grad, *grads
    call("fl_degree_norm_backward", grad.dtype, *arguments)
    return grads


def _norm_sizes(features: torch.Tensor, scale: torch.Tensor) -> tuple[int, int, int]:
    return len(features), features.shape[2], len(scale) - 1


_NORM = CustomOp(
    "degree_norm",
    "Tensor features, Tensor scale, float share, float floor",
    groups=(("features", "scale"),),
    fake=lambda features, scale, share, floor: features.new_empty(features.shape),
)
_norm = _NORM.define("degree_norm", _norm_forward, _norm_backward, "cpu")


def degree_norm(
    features: torch.Tensor, scale: torch.Tensor, share: float, floor: float, backend: str = "auto"
) -> torch.Tensor:
    """[N, (lmax + 1)^2, C] features h to h_l s_l / sqrt(mean h_l^2 + share mean h^2 + floor), s [lmax + 1, C]."""
    if is_native(backend, features, scale):
        return _norm(features, scale, share, floor)
    added = share * (features * features).mean((1, 2), keepdim=True) + floor
    parts = []
    for degree, own in enumerate(scale):
        part = features[:, constants.components(degree)]
        parts.append(part * ((part * part).mean((1, 2), keepdim=True) + added).rsqrt() * own)
    return torch.cat(parts, 1)
