"""Distances and angles that constraints look at: which pairs can matter within a design's reach, and their values."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from fastlattice.lattice.lattice import FloatArray, IntArray, Lattice


def near_nodes(lattice: Lattice, within: float) -> IntArray:
    """[P, 5] pairs of different nodes (i, j, s), images included, no farther apart than `within`; each once."""
    nodes = lattice.num_nodes
    pairs = _images(lattice, lattice.positions, within)
    i, j, s = pairs[:, 0], pairs[:, 1], pairs[:, 2:]
    away = lattice.positions[j] + s @ lattice.cell - lattice.positions[i]
    return pairs[(np.linalg.norm(away, axis=1) <= within) & (i < nodes)]


def near_struts(lattice: Lattice, within: float) -> IntArray:
    """[P, 5] pairs of struts (a, b, s) that share no node, images included, no farther apart than `within`."""
    vectors, lengths = lattice.strut_vectors, lattice.strut_lengths
    starts = lattice.positions[lattice.struts[:, 0]]
    pairs = _images(lattice, starts + vectors / 2, within + float(lengths.max(initial=0)))
    a, b, s = pairs[:, 0], pairs[:, 1], pairs[:, 2:]
    ends_a = [(lattice.struts[a, 0], 0 * s), (lattice.struts[a, 1], lattice.shifts[a])]
    ends_b = [(lattice.struts[b, 0], s), (lattice.struts[b, 1], s + lattice.shifts[b])]
    meet = np.zeros(len(pairs), dtype=bool)
    for n, at in ends_a:
        for m, to in ends_b:
            meet |= (n == m) & (at == to).all(axis=1)
    pairs = pairs[~meet]
    a, b, s = pairs[:, 0], pairs[:, 1], pairs[:, 2:]
    tensors = (starts[a], vectors[a], starts[b] + s @ lattice.cell, vectors[b])
    return pairs[segment_distances(*map(torch.from_numpy, tensors)).numpy() <= within]


def _images(lattice: Lattice, places: FloatArray, within: float) -> IntArray:
    """[P, 5] pairs (i, j, s) with i < j, or i = j and the first number of s that is not zero positive, which contain
    all that are no farther apart than `within`."""
    fractional = np.linalg.solve(lattice.cell.T, places.T).T
    reach = np.ceil(within * np.linalg.norm(np.linalg.inv(lattice.cell), axis=0) + 0.5).astype(int)
    steps = np.stack(np.meshgrid(*(np.arange(-n, n + 1) for n in reach), indexing="ij"), axis=-1).reshape(-1, 3)
    first, second = np.triu_indices(len(places))
    found = []
    for begin in range(0, len(first), 65536):
        i, j = first[begin : begin + 65536], second[begin : begin + 65536]
        base = -np.round(fractional[j] - fractional[i]).astype(np.int64)
        for step in steps:
            s = base + step
            near = np.linalg.norm((fractional[j] + s - fractional[i]) @ lattice.cell, axis=1) <= within
            sign = s @ np.array([1 << 40, 1 << 20, 1])
            near &= (i < j) | (sign > 0)
            found.append(np.concatenate([i[near, None], j[near, None], s[near]], axis=1))
    return np.concatenate(found) if found else np.empty((0, 5), dtype=np.int64)


def meeting_ends(lattice: Lattice) -> IntArray:
    """[P, 4] pairs of strut ends at one node: strut and end (0 or 1) of each."""
    ends = [(int(node), strut, end) for strut, pair in enumerate(lattice.struts) for end, node in enumerate(pair)]
    at: dict[int, list[tuple[int, int]]] = {}
    for node, strut, end in ends:
        at.setdefault(node, []).append((strut, end))
    pairs = [(*p, *q) for each in at.values() for n, p in enumerate(each) for q in each[n + 1 :]]
    return np.array(pairs, dtype=np.int64).reshape(-1, 4)


def segment_distances(p: Tensor, u: Tensor, q: Tensor, v: Tensor) -> Tensor:
    """[P] distances between segments p + s u and q + t v, 0 <= s, t <= 1, each [P, 3]; differentiable.

    The nearest points are constants: by the envelope theorem the derivative is that at fixed s and t. Four searches
    from a point to the other segment and one between the lines contain the minimum (Ericson, Real-Time Collision
    Detection, 2005, section 5.1.9).
    """
    with torch.no_grad():
        w = p - q
        a, b, c, d, e = ((x * y).sum(-1) for x, y in ((u, u), (u, v), (v, v), (u, w), (v, w)))
        determinant = a * c - b * b
        s = ((b * e - c * d) / determinant.clamp_min(1e-300)).clamp(0, 1)
        candidates = [(s, ((b * s + e) / c).clamp(0, 1))]
        for end in (0.0, 1.0):
            fixed = torch.full_like(a, end)
            candidates.append((fixed, ((b * fixed + e) / c).clamp(0, 1)))
            candidates.append((((b * fixed - d) / a).clamp(0, 1), fixed))
        first, second = (torch.stack(part) for part in zip(*candidates, strict=True))
        best = _between(w, u, v, first, second).argmin(0, keepdim=True)
        s, t = first.gather(0, best)[0], second.gather(0, best)[0]
    return torch.linalg.vector_norm(p - q + s[:, None] * u - t[:, None] * v, dim=-1)


def _between(w: Tensor, u: Tensor, v: Tensor, s: Tensor, t: Tensor) -> Tensor:
    return torch.linalg.vector_norm(w + s[..., None] * u - t[..., None] * v, dim=-1)
