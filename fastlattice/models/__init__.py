"""Networks from lattices to stiffness, what they read, and their files.

Stands on lattice, elasticity, fe, ops.
"""

from fastlattice.models.base import StiffnessModel
from fastlattice.models.card import Card, RangeWarning
from fastlattice.models.cgc import CGC, CGCConfig
from fastlattice.models.conventions import Conventions
from fastlattice.models.frozen import Frozen
from fastlattice.models.mace.config import MACEConfig
from fastlattice.models.mace.model import LatticeMACE
from fastlattice.models.mcgc import MCGC, MCGCConfig
from fastlattice.models.nnconv import NNConv, NNConvConfig
from fastlattice.models.predict import Prediction, predict
from fastlattice.models.weights import pretrained_names

__all__ = [
    "CGC",
    "MCGC",
    "CGCConfig",
    "Card",
    "Conventions",
    "Frozen",
    "LatticeMACE",
    "MACEConfig",
    "MCGCConfig",
    "NNConv",
    "NNConvConfig",
    "Prediction",
    "RangeWarning",
    "StiffnessModel",
    "predict",
    "pretrained_names",
]
