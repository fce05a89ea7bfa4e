"""Networks from lattices to stiffness, what they read, and their files."""

from fastlattice.models.base import StiffnessModel
from fastlattice.models.conventions import Conventions
from fastlattice.models.mace.config import MACEConfig
from fastlattice.models.mace.model import LatticeMACE
from fastlattice.models.predict import Prediction, predict

__all__ = ["Conventions", "LatticeMACE", "MACEConfig", "Prediction", "StiffnessModel", "predict"]
