"""readout on the CPU, native: csrc/ops/readout/readout.cpp."""

from __future__ import annotations

from typing import Any

import torch

from fastlattice.ops import constants
from fastlattice.ops.backends.native import call, dense, int64_array, refusal
from fastlattice.ops.dispatch import implements
from fastlattice.ops.readout.custom_op import READOUT, width


def _inputs(
    features: torch.Tensor,
    batch: torch.Tensor,
    num_graphs: int,
    gate: torch.Tensor,
    weight: torch.Tensor,
    bias: torch.Tensor,
    multiplicities: list[int],
) -> tuple[Any, ...]:
    """What both native functions take first: nodes, lattices, lmax, degrees that are read, channels, and so on."""
    degrees = constants.degree_mask(degree for degree, count in enumerate(multiplicities) if count)
    sizes = len(features), num_graphs, len(multiplicities) - 1, degrees, features.shape[2]
    numbers = int64_array(multiplicities), constants.silu_gain()
    return *sizes, *numbers, batch, gate, weight, bias, features


def _forward(features: torch.Tensor, batch: torch.Tensor, num_graphs: int, *others: Any) -> torch.Tensor:
    out = features.new_empty(num_graphs, width(others[-1]))
    call("fl_readout", out.dtype, *_inputs(features, batch, num_graphs, *others), out)
    return out


def _backward(grad: torch.Tensor, *arguments: Any) -> list[torch.Tensor]:
    *inputs, wanted = arguments
    # Of a network that reads even degrees only, the others have a gradient too: zero.
    room = READOUT.room(inputs, wanted)
    call("fl_readout_backward", grad.dtype, *_inputs(*inputs), grad, *room)
    return READOUT.wanted(room)


readout = READOUT.define("readout", _forward, _backward, "cpu", dense)
implements("readout", "native", refusal)(readout)
