"""LatticeMACE: the network of Grega et al. (ICLR 2024)."""

from fastlattice.models.mace.config import MACEConfig
from fastlattice.models.mace.model import LatticeMACE

__all__ = ["LatticeMACE", "MACEConfig"]
