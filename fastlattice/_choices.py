"""What callers choose by name, of beams and of designs: known before torch is, so that the command line explains itself
at once. A room's own names, which only it knows, stand in the room."""

DISCRETISATIONS = ("exact", "abaqus-b31")
BEAMS = ("timoshenko", "euler-bernoulli")
KAPPA = 0.89
"""Shear correction factor of a solid circular section, as in Abaqus."""

VARIABLES = ("positions", "radii", "cell")
RADII = ("strut", "orbit", "one")
SYMMETRIES = ("none", "translations", "orthotropic", "tetragonal", "cubic", "all")
"""Which isometries of the start are kept: none; pure translations; those whose rotation takes each coordinate axis to
itself (orthotropic), to itself or x to y (tetragonal), or to any axis (cubic); all."""
METHODS = ("L-BFGS-B", "SLSQP", "trust-constr")
PROPERTIES = """\
E_x, E(1,1,0)          Young's modulus along an axis or a direction
G_xy, G(1,1,0;1,-1,0)  shear modulus in the plane of two directions
nu_xy, nu(n;m)         Poisson's ratio: contraction along the second, under stress along the first
E, G, K, nu            Hill's averages: Young's, shear and bulk modulus, Poisson's ratio
E_min, E_max, ...      smallest and largest of E, G or nu over all directions
C_11 ... C_66          a component of the Mandel stiffness, in the order 11, 22, 33, 23, 13, 12
A_U                    universal anisotropy, zero for isotropy
zener                  Zener's ratio of the nearest cubic stiffness, one for isotropy
P/Q                    the ratio of two of these
"""
"""What an objective is made of, as help shows it."""
