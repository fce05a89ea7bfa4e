"""Inverse design: cells with the stiffness that is asked for, found by gradients (extra "design").

Stands on lattice, elasticity, fe, ops, models, pictures.
"""

from fastlattice.inverse.constraints import Constraints
from fastlattice.inverse.designs import Designs, design
from fastlattice.inverse.objective import Term, at_least, at_most, maximise, minimise, target, target_stiffness

__all__ = [
    "Constraints",
    "Designs",
    "Term",
    "at_least",
    "at_most",
    "design",
    "maximise",
    "minimise",
    "target",
    "target_stiffness",
]
