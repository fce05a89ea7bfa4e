"""Networks from lattices to stiffness, what they read, and their files."""
