"""The definition of right: every op and the whole network in plain torch and e3nn, slow and short (extra "reference").

Functions take the arguments of their twins in `fastlattice.ops`, without hints that only save work, and return the
same shapes. Node features are [N, (lmax + 1)^2, channels]: component l^2 + m of a channel is entry m of its part of
degree l, in e3nn's order.
"""

from fastlattice.errors import MissingExtraError

try:
    import e3nn  # noqa: F401
except ImportError:
    raise MissingExtraError("fastlattice.reference", "reference") from None

from fastlattice.reference.edge_conv import edge_conv
from fastlattice.reference.edge_sh import edge_sh
from fastlattice.reference.layer import layer
from fastlattice.reference.mandel import mandel
from fastlattice.reference.model import lattice_mace
from fastlattice.reference.network import network
from fastlattice.reference.radial_mlp import radial_mlp
from fastlattice.reference.readout import readout
from fastlattice.reference.symmetric_contraction import symmetric_contraction

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
