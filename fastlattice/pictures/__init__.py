"""Pictures of lattices and of their stiffness (extra "plot")."""
