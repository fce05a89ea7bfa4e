"""The one table of tolerances, relative to the largest entry of what is compared."""

GOLDEN_OUTPUT = 1e-10  # fp64, of the largest entry of the stiffness
GOLDEN_GRADIENT = 1e-9  # fp64, of the largest gradient of the model
