"""Exact finite elements for periodic frames: stiffness and bounds, conductivity, the loads of struts, gradients.

Stands on lattice, elasticity.
"""

from fastlattice._choices import BEAMS, DISCRETISATIONS, KAPPA
from fastlattice.fe.bounds import MAX_ORDER, Bounds, bounds
from fastlattice.fe.conductivity import Conductivity, conductivity
from fastlattice.fe.homogenise import Homogenised, check, homogenise
from fastlattice.fe.loads import MACRO, StrutLoads, StrutStresses, strut_loads
from fastlattice.fe.status import MAX_SLENDERNESS, Checks, Failure, Status, StiffnessResult

__all__ = [
    "BEAMS",
    "DISCRETISATIONS",
    "KAPPA",
    "MACRO",
    "MAX_ORDER",
    "MAX_SLENDERNESS",
    "Bounds",
    "Checks",
    "Conductivity",
    "Failure",
    "Homogenised",
    "Status",
    "StiffnessResult",
    "StrutLoads",
    "StrutStresses",
    "bounds",
    "check",
    "conductivity",
    "homogenise",
    "strut_loads",
]
