"""Lattices that come with the package: unit cells, RCSR nets, and crystals from which they are made.

Stands on lattice.
"""
