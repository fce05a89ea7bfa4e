"""The released network with its parameters packed: a few lattices' stiffness without what precedes every call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import torch
from torch.nn.functional import linear

from fastlattice._generated.abi import POSITIVE_FUNCTION
from fastlattice.fe.status import Checks
from fastlattice.lattice import LatticeBatch
from fastlattice.models.mace.blocks import Layer, parameter, submodule
from fastlattice.ops import LayerParameters, ReadoutParameters
from fastlattice.ops.message_passing import PackedNetwork

if TYPE_CHECKING:
    from fastlattice.models.mace.model import LatticeMACE, StiffnessHead


Parameters = tuple[list[LayerParameters], ReadoutParameters]


class PackedLatticeMACE:
    """What `LatticeMACE.stiffness` gives on the CPU, from the native functions alone.

    Copies and pickles hold None in its place: whoever needs it packs anew.

    Args:
        model: of lmax 4, with nothing that the released network does not have.
        parameters: what `parameters_of` gives for it.
    """

    def __init__(self, model: LatticeMACE, parameters: Parameters) -> None:
        self._network = PackedNetwork(*parameters, model.config.lmax, model.stiffness_head.sizes)
        self._embedded = _embedded(model)
        self._function = POSITIVE_FUNCTION.index(model.config.positive_function)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(None), ()

    def holds(self, model: LatticeMACE, parameters: Parameters) -> bool:
        """Whether the network's parameters are, bit for bit, those that were packed."""
        if _embedded(model).numpy().tobytes() != self._embedded.numpy().tobytes():
            return False
        return self._network.holds(*parameters)

    def __call__(self, model: LatticeMACE, batch: LatticeBatch, checks: Checks | None = None) -> torch.Tensor | None:
        """[B, 6, 6] float64, or None where a lattice is not as a network reads it: the ordinary way says how.

        Args:
            model: the network, with the parameters that were packed.
            batch: the lattices.
            checks: room for what is known of the lattices beside their stiffness; where not all is well, None is given.
        """
        conventions = model.conventions
        inputs = conventions.radius_factor, int(model.config.slenderness), self._function
        units = conventions.scale, int(conventions.quantity == "C/density")
        room = None if checks is None else checks.for_native()
        return self._network.stiffness(batch._columns_for_native(), self._embedded, (*inputs, *units), room)


def parameters_of(model: LatticeMACE) -> Parameters:
    """The parameters of the layers and of the readout, as they are now."""
    head = cast("StiffnessHead", submodule(model, "stiffness_head"))
    layers = submodule(head, "layers")._modules.values()
    return [cast(Layer, layer).op_parameters() for layer in layers], head._readout()


@torch.no_grad()
def _embedded(model: LatticeMACE) -> torch.Tensor:
    """[1, C] features of every node before the first layer."""
    embedding = submodule(model, "node_ft_embedding")
    weight, bias = parameter(embedding, "weight"), parameter(embedding, "bias")
    return linear(weight.new_ones(1, 1), weight, bias)
