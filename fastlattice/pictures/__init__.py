"""Pictures of lattices and of their stiffness (extra "plot"), and pages to turn them on (extra "page").

Stands on lattice, elasticity, fe.
"""
