"""Blocks of an extended network on the native library, as custom ops.

csrc/network/: rowwise_linear.cpp, node_inputs.cpp, bounded_head.cpp. The result of a row, a node or a lattice has the
same bits whatever stands beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from fastlattice._observers import transformed
from fastlattice.ops.backends.native import call
from fastlattice.ops.check import lmax_of
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


def _node_inputs_fake(
    scalars: torch.Tensor,
    tensors: torch.Tensor,
    odd: torch.Tensor,
    bias: torch.Tensor,
    scalar_weight: torch.Tensor,
    weights: Sequence[torch.Tensor],
) -> torch.Tensor:
    return scalars.new_empty(len(scalars), len(weights) ** 2, len(bias))


_NODE_INPUTS = CustomOp(
    "node_inputs",
    "Tensor scalars, Tensor tensors, Tensor odd, Tensor bias, Tensor scalar_weight, Tensor[] weights",
    groups=(("scalars", "tensors", "odd"), ("bias", "scalar_weight", "weights")),
    fake=_node_inputs_fake,
)


def _node_sizes(
    scalars: torch.Tensor, odd: torch.Tensor, bias: torch.Tensor, weights: Sequence[torch.Tensor]
) -> tuple[int, ...]:
    return *scalars.shape, len(bias), len(weights) - 1, lmax_of(odd.shape[1])


def _node_inputs_forward(*arguments: Any) -> torch.Tensor:
    scalars, _, odd, bias, _, weights = arguments
    out = _node_inputs_fake(*arguments)
    call("fl_node_inputs", out.dtype, *_node_sizes(scalars, odd, bias, weights), *arguments, out)
    return out


def _node_inputs_backward(grad: torch.Tensor, *arguments: Any) -> list[torch.Tensor]:
    *given, wanted = arguments
    scalars, _, odd, bias, _, weights = given
    room = _NODE_INPUTS.room(given, wanted)
    call("fl_node_inputs_backward", grad.dtype, *_node_sizes(scalars, odd, bias, weights), *given, grad, *room)
    return _NODE_INPUTS.wanted(room)


node_inputs = _NODE_INPUTS.define("node_inputs", _node_inputs_forward, _node_inputs_backward, "cpu")
"""(scalars [N, S], tensors [N, 3, 21], odd [N, at least (l + 1)^2, 2], bias [C], scalar weight [S, C], weights of each
degree 0 to l) -> [N, (l + 1)^2, C]: what `NodeInputs` says."""


_BOUNDED_HEAD = CustomOp(
    "bounded_head",
    "Tensor matrix, Tensor weights, Tensor root, Tensor guides, float largest",
    groups=(("matrix",), ("weights",), ("root",), ("guides",)),
    fake=lambda matrix, *_: matrix.new_empty(matrix.shape),
)


def _bounded_head_forward(
    matrix: torch.Tensor, weights: torch.Tensor, root: torch.Tensor, guides: torch.Tensor, largest: float
) -> torch.Tensor:
    out = matrix.new_empty(matrix.shape)
    call("fl_bounded_head", matrix.dtype, len(matrix), largest, matrix, weights, root, guides, out)
    return out


def _bounded_head_backward(grad: torch.Tensor, *arguments: Any) -> list[torch.Tensor]:
    *given, wanted = arguments
    *arrays, largest = given
    room = _BOUNDED_HEAD.room(given, wanted)
    call("fl_bounded_head_backward", grad.dtype, len(grad), largest, *arrays, grad, *room)
    return _BOUNDED_HEAD.wanted(room)


bounded_head = _BOUNDED_HEAD.define("bounded_head", _bounded_head_forward, _bounded_head_backward, "cpu")
"""(matrix [B, 6, 6], weights [B, 2], root [B, 6, 6] and guides [B, 2, 6, 6] float64, largest exponent) -> [B, 6, 6]
stiffness over E_s: what `BoundedHead` says."""
