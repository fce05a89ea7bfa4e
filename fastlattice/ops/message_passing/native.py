"""message passing on the CPU, native: csrc/network/network.cpp."""

from __future__ import annotations

import ctypes
import weakref
from collections.abc import Sequence
from typing import Any

import torch

from fastlattice import _native
from fastlattice._observers import observed
from fastlattice.ops import constants
from fastlattice.ops.arguments import Edges, LayerParameters, NetworkSizes, ReadoutParameters
from fastlattice.ops.backends.native import call, call_once, dense, int64_array
from fastlattice.ops.check import lmax_of
from fastlattice.ops.message_passing.custom_op import (
    FIRST,
    MESSAGE_PASSING,
    READOUT,
    Call,
    empty_results,
    parameters_of,
)


def _network(given: Call, l_in: int, lmax: int, channels: int) -> tuple[Any, ...]:
    """What the native functions take of a network before its parameters."""
    sizes, parameters = given.sizes, given.parameters
    fold: tuple[Any, ...] = (0, 1, *[None] * 5)
    if given.contraction > 1:
        rows, entries = constants.folded_counts(lmax, sizes.correlation), (lmax, sizes.correlation)
        fold = (sum(rows), given.contraction, *constants.fold_entries(*entries))
    first = FIRST + given.contraction
    besides = (READOUT if given.multiplicities else 0) + given.norms.bit_count()
    hidden = ((len(parameters) - besides) // given.layers - first) // 2
    widths = [parameters[first].shape[1], *(p.shape[0] for p in parameters[first : first + hidden])]
    radial = hidden, int64_array(widths), sizes.max_length, sizes.max_radius, sizes.agg_norm
    outputs = sizes.correlation, constants.degree_mask(given.output_degrees), given.residuals, given.norms
    norm = sizes.norm_share, sizes.norm_floor
    read = int64_array(given.multiplicities) if given.multiplicities else None
    return l_in, lmax, channels, *radial, *outputs, *norm, read, constants.silu_gain(), *fold


def _inputs(given: Call) -> tuple[Any, ...]:
    """What the native functions of a graph take first."""
    features, edges = given.features, given.edges
    nodes, components, channels = features.shape
    counts = nodes, edges.sh.shape[0], edges.length.shape[0], given.num_graphs, given.layers
    graph = edges.index, edges.strut, given.batch
    arrays = given.parameters, features, edges.sh, edges.length, edges.radius
    return *counts, *_network(given, lmax_of(components), lmax_of(edges.sh.shape[1]), channels), *graph, *arrays


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
    bits = residuals, _norms(layers)
    return _op(*Call(features, edges, batch, *counts, output_degrees, *bits, multiplicities, keep).flat())[0]


def _norms(layers: Sequence[LayerParameters]) -> int:
    """One bit for each layer, whether it reads a norm."""
    return sum((layer.norm is not None) << t for t, layer in enumerate(layers))


class PackedNetwork:
    """`network` of parameters that do not change: they are packed once, for the same bits in less time.

    Args:
        layers: of the network, from features of degree 0.
        readout: behind it.
        lmax: largest degree of the features between layers.
        sizes: of the network.

    Raises:
        ValueError, TypeError, NativeError: the parameters are not those of a network.
    """

    def __init__(
        self, layers: Sequence[LayerParameters], readout: ReadoutParameters, lmax: int, sizes: NetworkSizes
    ) -> None:
        contraction, parameters = parameters_of(layers, readout, lmax, sizes.correlation)
        self._parameters = [each.detach().clone(memory_format=torch.contiguous_format) for each in parameters]
        self._order = lmax, sizes.correlation
        self._kinds = [(p.shape, p.dtype, p.is_cpu) for p in parameters]
        self._dtype, self._shape = parameters[0].dtype, (0, lmax, len(layers[0].linear_bias))
        multiplicities, residuals = readout.of_every_degree(lmax), (1 << len(layers)) - 2
        empty = torch.empty(0, dtype=self._dtype)
        counts = 0, self._parameters, len(layers), contraction, sizes
        last = list(readout.multiplicities), residuals, _norms(layers), multiplicities, False
        given = Call(empty, Edges(empty, empty, empty, empty), None, *counts, *last)
        handle = ctypes.c_void_p()
        call_once("fl_network_pack", self._dtype, len(layers), *_network(given, *self._shape), self._parameters,
                  ctypes.byref(handle))  # fmt: skip
        self._handle = handle
        self._finalizer = weakref.finalize(self, _native.call, "fl_network_free", handle)

    def holds(self, layers: Sequence[LayerParameters], readout: ReadoutParameters) -> bool:
        """Whether these are the parameters that were packed, bit for bit."""
        _, parameters = parameters_of(layers, readout, *self._order)
        if observed(parameters) or [(p.shape, p.dtype, p.is_cpu) for p in parameters] != self._kinds:
            return False
        same = int64_array((0,))
        call_once("fl_network_holds", self._dtype, self._handle, len(parameters), parameters, same)
        return bool(same[0])

    def stiffness(
        self,
        geometry: Sequence[torch.Tensor],
        embedded: torch.Tensor,
        options: tuple[float, int, int, float, int],
        checks: Sequence[torch.Tensor] | None = None,
    ) -> torch.Tensor | None:
        """[B, 6, 6] float64 of lattices, the numbers those of the network's dtype, from their graph to their units.

        Args:
            geometry: the arrays of a LatticeBatch, cell to strut_offsets.
            embedded: [1, C] features of every node.
            options: what radii are multiplied by; 1 where the network reads radius / length, else 0; the number of the
                positive function; what the stiffness is multiplied by; 1 where by the relative density as well, else 0.
            checks: room for status, rank, culprit and beam_valid as of `fastlattice.fe.check`, which is then asked.

        Returns:
            None where a status is not OK, the graph has a fault, or a number is not finite.
        """
        count = len(geometry[0])
        out, answered = torch.empty(count, 6, 6, dtype=torch.float64), int64_array((0,))
        found = (None, None, None, None) if checks is None else checks
        given = self._handle, *self._shape[1:], embedded, *options, out, *found, answered
        call("fl_network_lattices", self._dtype, count, *geometry, *given)
        return out if answered[0] else None
