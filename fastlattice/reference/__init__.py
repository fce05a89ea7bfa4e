"""The definition of right: every op and the whole network in plain torch and e3nn, slow and short (extra "reference").

Functions take the arguments of their twins in `fastlattice.ops`, without hints that only save work, and return the
same shapes. Node features are [N, (lmax + 1)^2, channels]: component l^2 + m of a channel is entry m of its part of
degree l, in e3nn's order.

Stands on ops, models.
"""

from fastlattice.errors import MissingExtraError

try:
    import e3nn  # noqa: F401
except ImportError:
    raise MissingExtraError("fastlattice.reference", "reference") from None

from fastlattice.ops.edge_conv.reference import edge_conv
from fastlattice.ops.edge_sh.reference import edge_sh
from fastlattice.ops.layer.reference import layer
from fastlattice.ops.mandel.reference import mandel
from fastlattice.ops.network.reference import network
from fastlattice.ops.radial_mlp.reference import radial_mlp
from fastlattice.ops.readout.reference import readout
from fastlattice.ops.symmetric_contraction.reference import symmetric_contraction
from fastlattice.reference.model import lattice_mace

__all__ = [
    "edge_conv",
    "edge_sh",
    "lattice_mace",
    "layer",
    "mandel",
    "network",
    "radial_mlp",
    "readout",
    "symmetric_contraction",
]
