"""The network's ops: one signature each, one backend chosen per call.

Node features are [N, (lmax + 1)^2, channels], channel fastest; component l^2 + m belongs to degree l. The backend
"torch" is portable and differentiable to any order; "native" runs on the CPU in float32 and float64 and has first
derivatives. `choices` says what "auto" takes and why nothing faster.

An op is a folder: its public function, and one module for each backend, which another op does not import. Stands on no
other room; the Triton backend imports `fastlattice.kernels` when it first runs one.
"""

from fastlattice.ops.arguments import Edges, LayerParameters, NetworkSizes, ReadoutParameters
from fastlattice.ops.dispatch import BACKENDS, Choice, choices
from fastlattice.ops.edge_conv import edge_conv
from fastlattice.ops.edge_sh import edge_sh
from fastlattice.ops.layer import layer
from fastlattice.ops.mandel import mandel
from fastlattice.ops.network import network
from fastlattice.ops.radial_mlp import radial_mlp
from fastlattice.ops.readout import readout
from fastlattice.ops.symmetric_contraction import fold_weights, symmetric_contraction

__all__ = [
    "BACKENDS",
    "Choice",
    "Edges",
    "LayerParameters",
    "NetworkSizes",
    "ReadoutParameters",
    "choices",
    "edge_conv",
    "edge_sh",
    "fold_weights",
    "layer",
    "mandel",
    "network",
    "radial_mlp",
    "readout",
    "symmetric_contraction",
]
