"""Independent homogenisation of frames: dense, slow and short, with textbook 12x12 elements in local axes."""

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

R = np.sqrt(0.5)
# Mandel basis of symmetric matrices, order 11, 22, 33, 23, 13, 12.
MANDEL = np.zeros((6, 3, 3))
for m, (p, q) in enumerate([(0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (0, 1)]):
    MANDEL[m, p, q] = MANDEL[m, q, p] = 1 if p == q else R


def element_stiffness(length, radius, nu, kappa):
    """[12, 12] in local axes (x along the strut); unknowns u, v, w, rotations of end 1, then of end 2."""
    area, inertia, shear = np.pi * radius**2, np.pi * radius**4 / 4, 0.5 / (1 + nu)
    phi = 12 * inertia / (kappa * shear * area * length**2)
    k = np.zeros((12, 12))
    k[np.ix_([0, 6], [0, 6])] = area / length * np.array([[1, -1], [-1, 1]])
    k[np.ix_([3, 9], [3, 9])] = 2 * shear * inertia / length * np.array([[1, -1], [-1, 1]])
    bent = np.array([0, 1, 0, -1])  # the ends turn against each other
    for deflection, rotation, sign in ((1, 5, 1), (2, 4, -1)):
        sheared = np.array([1, sign * length / 2, -1, sign * length / 2])  # the ends move against each other
        unknowns = [deflection, rotation, deflection + 6, rotation + 6]
        k[np.ix_(unknowns, unknowns)] = 12 * inertia / length**3 / (1 + phi) * np.outer(
            sheared, sheared
        ) + inertia / length * np.outer(bent, bent)
    return k


def local_axes(direction):
    """Rows: the strut's axis and two directions across it."""
    x = direction / np.linalg.norm(direction)
    across = np.eye(3)[np.argmin(np.abs(x))]
    y = np.cross(across, x)
    y /= np.linalg.norm(y)
    return np.array([x, y, np.cross(x, y)])


def pinned_nodes(lattice):
    """One node of each connected piece."""
    n = lattice.num_nodes
    _, piece = connected_components(coo_matrix((np.ones(lattice.num_struts), lattice.struts.T), (n, n)), directed=False)
    return np.unique(piece, return_index=True)[1]


def assemble(lattice, nu=0.3, kappa=0.89):
    """K [n, n] (sparse), G [n, 6] of the unknowns that are left when one node of each piece is pinned, and W [6, 6]."""
    n = 6 * lattice.num_nodes
    rows, columns, entries = [], [], []
    G, W = np.zeros((n, 6)), np.zeros((6, 6))
    for (i, j), vector, radius in zip(lattice.struts, lattice.strut_vectors, lattice.radii, strict=True):
        turn = np.kron(np.eye(4), local_axes(vector))
        k = turn.T @ element_stiffness(np.linalg.norm(vector), radius, nu, kappa) @ turn
        macro = np.zeros((12, 6))
        macro[6:9] = (MANDEL @ vector).T  # the far end moves with the macro-strain
        unknowns = np.concatenate([6 * i + np.arange(6), 6 * j + np.arange(6)])
        rows.append(np.repeat(unknowns, 12))
        columns.append(np.tile(unknowns, 12))
        entries.append(k.ravel())
        np.add.at(G, unknowns, k @ macro)
        W += macro.T @ k @ macro
    K = coo_matrix((np.concatenate(entries), (np.concatenate(rows), np.concatenate(columns))), (n, n)).tocsr()
    free = np.ones(n, dtype=bool)
    for pinned in pinned_nodes(lattice):
        free[6 * pinned : 6 * pinned + 3] = False
    return K[free][:, free], G[free], W


def dense_stiffness(lattice, nu=0.3, kappa=0.89):
    """[6, 6] homogenised stiffness, Mandel, E_s = 1."""
    K, G, W = assemble(lattice, nu, kappa)
    return (W - G.T @ np.linalg.solve(K.toarray(), G)) / lattice.volume


def to_tensor(C):
    """[3, 3, 3, 3] of a Mandel matrix."""
    return np.einsum("mn,mij,nkl->ijkl", C, MANDEL, MANDEL)


def rotated(C, Q):
    """The Mandel matrix of a material turned by Q."""
    turned = np.einsum("ia,jb,kc,ld,abcd->ijkl", Q, Q, Q, Q, to_tensor(C))
    return np.einsum("mij,nkl,ijkl->mn", MANDEL, MANDEL, turned)
