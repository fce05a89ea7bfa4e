"""message passing on the CPU, native: csrc/network/network.cpp."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from fastlattice.ops import constants
from fastlattice.ops.arguments import Edges, LayerParameters, NetworkSizes, ReadoutParameters
from fastlattice.ops.backends.native import call, dense, int64_array
from fastlattice.ops.check import lmax_of
from fastlattice.ops.message_passing.custom_op import (
    FIRST,
    MESSAGE_PASSING,
    READOUT,
    Call,
    empty_results,
    parameters_of,
)


def _inputs(given: Call) -> tuple[Any, ...]:
    """What both native functions take first."""
    features, edges, sizes, parameters = given.features, given.edges, given.sizes, given.parameters
    nodes, components, channels = features.shape
    lmax = lmax_of(edges.sh.shape[1])
    fold: tuple[Any, ...] = (0, 1, *[None] * 5)
    if given.contraction > 1:
        rows, entries = constants.folded_counts(lmax, sizes.correlation), (lmax, sizes.correlation)
        fold = (sum(rows), given.contraction, *constants.fold_entries(*entries))
    first = FIRST + given.contraction
    hidden = ((len(parameters) - (READOUT if given.multiplicities else 0)) // given.layers - first) // 2
    widths = [parameters[first].shape[1], *(p.shape[0] for p in parameters[first : first + hidden])]
    counts = nodes, edges.sh.shape[0], edges.length.shape[0], given.num_graphs, given.layers
    degrees = lmax_of(components), lmax, channels
    radial = hidden, int64_array(widths), sizes.max_length, sizes.max_radius, sizes.agg_norm
    outputs = sizes.correlation, constants.degree_mask(given.output_degrees), given.residuals
    read = int64_array(given.multiplicities) if given.multiplicities else None
    graph = edges.index, edges.strut, given.batch
    arrays = parameters, features, edges.sh, edges.length, edges.radius
    return *counts, *degrees, *radial, *outputs, read, constants.silu_gain(), *fold, *graph, *arrays


def _forward(*flat: Any) -> tuple[torch.Tensor, torch.Tensor]:
    given = Call.of(flat)
    out, kept = empty_results(given)
    call("fl_network", out.dtype, *_inputs(given), out, kept if given.keep else None)
    return out, kept


def _backward(grad: torch.Tensor, kept: torch.Tensor, *arguments: Any) -> list[torch.Tensor]:
    *flat, wanted = arguments
    given = Call.of(flat)
    if not given.keep:
        raise RuntimeError("the native network was run without keep=True, so it has no gradients")
    room = MESSAGE_PASSING.room(flat, wanted)
    *of_graph, of_parameters = room
    call(
        "fl_network_backward",
        grad.dtype,
        *_inputs(given),
        kept,
        grad,
        *of_graph,
        of_parameters,
    )
    return MESSAGE_PASSING.wanted(room)


_op = MESSAGE_PASSING.define("network", _forward, _backward, "cpu", dense)


def message_passing(
    features: torch.Tensor,
    edges: Edges,
    layers: Sequence[LayerParameters],
    sizes: NetworkSizes,
    output_degrees: list[int],
    residuals: int,
    readout: ReadoutParameters | None = None,
    batch: torch.Tensor | None = None,
    num_graphs: int = 0,
) -> torch.Tensor:
    """Layers, and a readout if there is one; see `Call`."""
    lmax = lmax_of(edges.sh.shape[1])
    contraction, parameters = parameters_of(layers, readout, lmax, sizes.correlation)
    multiplicities = [] if readout is None else readout.of_every_degree(lmax)
    recorded = (features, edges.sh, edges.length, edges.radius, *parameters)
    keep = torch.is_grad_enabled() and any(t.requires_grad for t in recorded)
    counts = num_graphs, parameters, len(layers), contraction, sizes
    return _op(*Call(features, edges, batch, *counts, output_degrees, residuals, multiplicities, keep).flat())[0]
