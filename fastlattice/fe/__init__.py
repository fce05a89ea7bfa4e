"""Exact finite elements for periodic frames."""

from fastlattice._beams import BEAMS, DISCRETISATIONS, KAPPA
from fastlattice.fe.bounds import MAX_ORDER, Bounds, bounds
from fastlattice.fe.homogenise import Checks, Homogenised, check, homogenise
from fastlattice.fe.status import MAX_SLENDERNESS, Failure, Status, StiffnessResult

__all__ = [
    "BEAMS",
    "DISCRETISATIONS",
    "KAPPA",
    "MAX_ORDER",
    "MAX_SLENDERNESS",
    "Bounds",
    "Checks",
    "Failure",
    "Homogenised",
    "Status",
    "StiffnessResult",
    "bounds",
    "check",
    "homogenise",
]
