"""Exact finite elements for periodic frames."""

from fastlattice.fe.homogenise import DISCRETISATIONS, STOCKIEST_STRUT, Failure, Homogenised, Status, homogenise

__all__ = ["DISCRETISATIONS", "STOCKIEST_STRUT", "Failure", "Homogenised", "Status", "homogenise"]
