"""Exact finite elements for periodic frames."""

from fastlattice._beams import BEAMS, DISCRETISATIONS, KAPPA
from fastlattice.fe.conductivity import Conductivity, conductivity
from fastlattice.fe.homogenise import Checks, Homogenised, check, homogenise
from fastlattice.fe.status import MAX_SLENDERNESS, Failure, Status, StiffnessResult

__all__ = [
    "BEAMS",
    "DISCRETISATIONS",
    "KAPPA",
    "MAX_SLENDERNESS",
    "Checks",
    "Conductivity",
    "Failure",
    "Homogenised",
    "Status",
    "StiffnessResult",
    "check",
    "conductivity",
    "homogenise",
]
