"""Networks from lattices to stiffness, what they read, and their files."""

from fastlattice.models.base import StiffnessModel
from fastlattice.models.cgc import CGC, CGCConfig
from fastlattice.models.conventions import Conventions
from fastlattice.models.mace.config import MACEConfig
from fastlattice.models.mace.model import LatticeMACE
from fastlattice.models.mcgc import MCGC, MCGCConfig
from fastlattice.models.nnconv import NNConv, NNConvConfig
from fastlattice.models.predict import Prediction, predict

__all__ = [
    "CGC",
    "MCGC",
    "CGCConfig",
    "Conventions",
    "LatticeMACE",
    "MACEConfig",
    "MCGCConfig",
    "NNConv",
    "NNConvConfig",
    "Prediction",
    "StiffnessModel",
    "predict",
]
