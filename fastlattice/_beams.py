"""The names of what a beam can be: known before torch is, so that the command line explains itself at once."""

DISCRETISATIONS = ("exact", "abaqus-b31")
BEAMS = ("timoshenko", "euler-bernoulli")
KAPPA = 0.89
"""Shear correction factor of a solid circular section, as in Abaqus."""
