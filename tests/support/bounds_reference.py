"""Independent bounds of the stiffness: dense Krylov spaces by Householder QR, with textbook elements in local axes."""

import numpy as np
from scipy.linalg import block_diag, cholesky, qr, solve_triangular

from tests.support.frame_reference import MANDEL, element_stiffness, local_axes


def dense_bounds(lattice, order, nu=0.3, kappa=0.89):
    """[order + 1, 6, 6]: least energies over span{f, A f, ..., A^(k-1) f}, A the scaled stiffness."""
    n = 6 * lattice.num_nodes
    K, D, G, W = np.zeros((n, n)), np.zeros((n, n)), np.zeros((n, 6)), np.zeros((6, 6))
    for (i, j), vector, radius in zip(lattice.struts, lattice.strut_vectors, lattice.radii, strict=True):
        turn = np.kron(np.eye(4), local_axes(vector))
        k = turn.T @ element_stiffness(np.linalg.norm(vector), radius, nu, kappa) @ turn
        macro = np.zeros((12, 6))
        macro[6:9] = (MANDEL @ vector).T
        ends = [6 * i + np.arange(6), 6 * j + np.arange(6)]
        to_ends = np.zeros((n, 12))
        to_ends[ends[0], np.arange(6)] += 1
        to_ends[ends[1], np.arange(6, 12)] += 1
        K += to_ends @ k @ to_ends.T
        G += to_ends @ k @ macro
        W += macro.T @ k @ macro
        for end, own in zip(ends, (slice(0, 6), slice(6, 12)), strict=True):
            D[np.ix_(end, end)] += k[own, own]
    lower = block_diag(*(cholesky(D[b : b + 6, b : b + 6], lower=True) for b in range(0, n, 6)))
    scaled = solve_triangular(lower, solve_triangular(lower, K, lower=True).T, lower=True)
    load = solve_triangular(lower, G, lower=True)
    result, basis, block = [W], np.zeros((n, 0)), load
    for _ in range(order):
        block = block - basis @ (basis.T @ block)
        block = block - basis @ (basis.T @ block)
        new, triangle, _ = qr(block, mode="economic", pivoting=True)
        sizes = np.abs(np.diag(triangle))
        new = new[:, : len(sizes)][:, sizes > 1e-6 * max(sizes.max(initial=0), 1e-4 * np.linalg.norm(load))]
        basis = np.concatenate([basis, new], axis=1)
        projected = basis.T @ load
        result.append(W - projected.T @ np.linalg.solve(basis.T @ scaled @ basis, projected))
        block = scaled @ new
    return np.array(result) / lattice.volume
