"""symmetric_contraction in CUDA C++: csrc/cuda/symmetric_contraction.cu, where it was built."""

from __future__ import annotations

import torch

from fastlattice.ops.backends import cuda
from fastlattice.ops.check import lmax_of
from fastlattice.ops.constants import components, degree_mask
from fastlattice.ops.dispatch import implements
from fastlattice.ops.symmetric_contraction.custom_op import SYMMETRIC_CONTRACTION

_SUFFIXES = {torch.float32: "f32", torch.float64: "f64"}
_WEIGHT_LANES = 32  # channels of a block of weights
_LANES = 65536  # threads that loop over nodes in backward: twice what fills the largest device at 255 registers


def refusal(device: torch.device, dtype: torch.dtype) -> str | None:
    """Why the CUDA library does not run on a device or in a dtype."""
    if not cuda.built():
        return "the CUDA library was not built: install with FASTLATTICE_CUDA=1, which needs nvcc"
    if device.type != "cuda":
        return "the CUDA library runs on CUDA devices"
    if dtype not in _SUFFIXES:
        return "the CUDA library computes in float32 and float64"
    return cuda.too_old(device)


def _computed(lmax: int, output_degrees: list[int]) -> tuple[int, list[int]]:
    """The bits of the degrees that a kernel computes, all or even ones, and those of them that are not asked for."""
    even = all(degree % 2 == 0 for degree in output_degrees)
    computed = range(0, lmax + 1, 2) if even else range(lmax + 1)
    return degree_mask(computed), [degree for degree in computed if degree not in output_degrees]


def _clear(features: torch.Tensor, degrees: list[int]) -> None:
    for degree in degrees:
        features[:, components(degree)] = 0


def _in_blocks(weights: torch.Tensor) -> torch.Tensor:
    """[folded, C] to [blocks, folded, 32], zeros beyond the last channel."""
    padded = torch.nn.functional.pad(weights, (0, -weights.shape[1] % _WEIGHT_LANES))
    return padded.unflatten(1, (-1, _WEIGHT_LANES)).transpose(0, 1).contiguous()


def _forward(
    features: torch.Tensor, weights: torch.Tensor, correlation: int, output_degrees: list[int]
) -> torch.Tensor:
    nodes, lmax, channels = len(features), lmax_of(features.shape[1]), features.shape[2]
    out = features.new_empty(features.shape)
    mask, unwanted = _computed(lmax, output_degrees)
    name = f"fl_cuda_symmetric_contraction_{_SUFFIXES[features.dtype]}"
    if out.numel():
        cuda.call(name, nodes, lmax, channels, correlation, mask, features, _in_blocks(weights), out)
        _clear(out, unwanted)
    return out


def _backward(
    grad_out: torch.Tensor,
    features: torch.Tensor,
    weights: torch.Tensor,
    correlation: int,
    output_degrees: list[int],
    wanted: list[bool],
) -> list[torch.Tensor]:
    nodes, lmax, channels = len(features), lmax_of(features.shape[1]), features.shape[2]
    grad_features = features.new_empty(features.shape)
    if features.numel() == 0:
        return [grad_features, torch.zeros_like(weights)]
    mask, unwanted = _computed(lmax, output_degrees)
    if unwanted:
        grad_out = grad_out.clone()
        _clear(grad_out, unwanted)
    blocked = _in_blocks(weights)
    slots = min(nodes, max(1, _LANES // channels))
    sums = weights.new_empty(slots, *blocked.shape)
    sizes = slots, nodes, lmax, channels, correlation, mask
    name = f"fl_cuda_symmetric_contraction_backward_{_SUFFIXES[features.dtype]}"
    cuda.call(name, *sizes, features, blocked, grad_out, grad_features, sums)
    grad_weights = sums.sum(0).transpose(0, 1).flatten(1)[:, :channels]
    return [grad_features, grad_weights.contiguous()]


symmetric_contraction = SYMMETRIC_CONTRACTION.define("symmetric_contraction_cuda", _forward, _backward)
implements("symmetric_contraction", "cuda", refusal)(symmetric_contraction)
