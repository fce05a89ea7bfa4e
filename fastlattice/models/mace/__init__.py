"""LatticeMACE: the network of Grega et al. (ICLR 2024)."""

from fastlattice.models.mace.config import Conventions, MACEConfig
from fastlattice.models.mace.model import LatticeMACE

__all__ = ["Conventions", "LatticeMACE", "MACEConfig"]
