"""Tables and figures of Grega et al. (ICLR 2024) made anew, by training: `fastlattice reproduce`.

Stands on lattice, topologies, elasticity, fe, io, models, pictures, data, training.
"""
