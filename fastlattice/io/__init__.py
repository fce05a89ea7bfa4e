"""Files in and out: one module a format; `files` chooses one by the suffix.

Stands on lattice, topologies, elasticity, fe.
"""
