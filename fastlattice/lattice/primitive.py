"""Reduction of a lattice to a primitive cell: its translations, the lattice they span, one node of each orbit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from fastlattice.lattice.struts import moved_struts, rarest, sorted_struts

if TYPE_CHECKING:
    from fastlattice.lattice.lattice import FloatArray, IntArray, Lattice

_TOGETHER = 32  # nodes whose images are looked for at once


def primitive_arrays(lattice: Lattice, tolerance: float) -> dict[str, NDArray[np.generic]] | None:
    """Arrays of the primitive lattice (cell, positions, struts, shifts, radii), or None if it is primitive already."""
    translations = _translations(lattice, tolerance)
    if len(translations) == 1:
        return None
    cell = _shortened(translation_basis(translations) @ lattice.cell)
    if np.linalg.det(cell) * np.linalg.det(lattice.cell) < 0:
        cell = -cell

    # Representatives: the first node of each orbit under the translations.
    to_new = np.linalg.inv(cell)
    length = np.linalg.norm(lattice.cell, axis=1).max()
    in_new = lattice.positions @ to_new
    owner = np.full(lattice.num_nodes, -1)
    representatives: list[int] = []
    for node in range(lattice.num_nodes):
        if owner[node] >= 0:
            continue
        offset = in_new - in_new[node]
        same = np.linalg.norm((offset - np.round(offset)) @ cell, axis=1) < 10 * tolerance * length
        same &= owner < 0
        owner[same] = len(representatives)
        representatives.append(node)

    # A strut of each orbit: with its vector turned into a fixed half space, the one that starts at a representative.
    vectors = lattice.strut_vectors
    scale = tolerance * length
    keys = np.where(np.abs(vectors) > scale, np.sign(vectors), 0) @ np.array([9, 3, 1])
    backward = keys < 0
    start = np.where(backward, lattice.struts[:, 1], lattice.struts[:, 0])
    end = np.where(backward, lattice.struts[:, 0], lattice.struts[:, 1])
    vectors = np.where(backward[:, None], -vectors, vectors)
    kept = np.isin(start, representatives)
    start, end, vectors = start[kept], end[kept], vectors[kept]
    positions = lattice.positions[representatives]
    ends = lattice.positions[start] + vectors
    return {
        "cell": cell,
        "positions": positions,
        "struts": np.stack([owner[start], owner[end]], axis=1),
        "shifts": np.round((ends - positions[owner[end]]) @ to_new).astype(np.int64),
        "radii": lattice.radii[kept],
    }


def _translations(lattice: Lattice, tolerance: float) -> FloatArray:
    """[m, 3] fractional translations in [0, 1) that map the lattice onto itself, zero first."""
    fractional = lattice.fractional
    wraps = np.floor(fractional).astype(np.int64)
    inside = fractional - wraps
    i, j = lattice.struts.T
    shifts = lattice.shifts + wraps[j] - wraps[i]
    length = np.linalg.norm(lattice.cell, axis=1).max()
    degree = np.bincount(lattice.struts.ravel(), minlength=lattice.num_nodes)
    start, *others = rarest(degree)
    found = [np.zeros(3)]
    # Translations move no node and no strut onto itself: their order divides the number of each kind.
    candidates = inside[others] - inside[start]
    orders = _divisors(int(np.gcd.reduce([*np.unique(degree, return_counts=True)[1], lattice.num_struts])))
    candidates = candidates[_have_order(candidates, orders, lattice.cell, 10 * tolerance * length)]
    # Struts as sorted rows, and their radii in that order: what a translation must reproduce.
    rows, order = sorted_struts(lattice.struts, shifts)
    for translation in candidates:
        image = _node_images(inside, translation, lattice.cell, tolerance * length)
        if image is None:
            continue
        moved, moved_order = moved_struts(lattice.struts, shifts, *image)
        if np.array_equal(rows, moved) and _same_radii(lattice.radii, rows, order, moved_order, tolerance):
            found.append(np.mod(translation, 1.0))
    return np.array(found)


def _divisors(number: int) -> IntArray:
    """[n] int64, those above 1."""
    every = np.arange(2, number + 1)
    return every[number % every == 0]


def _have_order(translations: FloatArray, orders: IntArray, cell: FloatArray, tolerance: float) -> NDArray[np.bool_]:
    """[n] whether one of the multiples of each fractional translation is a vector of the lattice."""
    multiples = translations[:, None] * orders[:, None]
    distance = np.linalg.norm((multiples - np.round(multiples)) @ cell, axis=2)
    return (distance <= tolerance * orders).any(axis=1)


def _node_images(
    inside: FloatArray, translation: FloatArray, cell: FloatArray, tolerance: float
) -> tuple[IntArray, IntArray] | None:
    """Node that each node moves onto, and the cell it lies in; None if a node moves onto none."""
    target = np.empty(len(inside), dtype=np.int64)
    crossed = np.empty((len(inside), 3), dtype=np.int64)
    for start in range(0, len(inside), _TOGETHER):
        nodes = slice(start, start + _TOGETHER)
        offset = (inside[nodes] + translation)[:, None] - inside
        whole = np.round(offset)
        away = (offset - whole) @ cell
        distance = np.einsum("nmk,nmk->nm", away, away)
        best = distance.argmin(axis=1)
        rows = np.arange(len(best))
        if distance[rows, best].max() > tolerance**2:
            return None
        target[nodes], crossed[nodes] = best, whole[rows, best]
    return target, crossed


def _same_radii(radii: FloatArray, rows: IntArray, order: IntArray, moved_order: IntArray, tolerance: float) -> bool:
    """Radii agree strut by strut; duplicate struts may exchange theirs."""
    group = np.cumsum(np.r_[0, (rows[1:] != rows[:-1]).any(axis=1)])
    here = radii[order][np.lexsort((radii[order], group))]
    there = radii[moved_order][np.lexsort((radii[moved_order], group))]
    return bool(np.allclose(here, there, rtol=tolerance, atol=0))


def translation_basis(translations: FloatArray) -> FloatArray:
    """[3, 3] basis (rows, fractional) of what the lattice vectors and a group of translations [n, 3] span."""
    order = len(translations)
    generators = np.concatenate([order * np.eye(3, dtype=np.int64), np.round(order * translations).astype(np.int64)])
    return integer_basis(generators) / order


def integer_basis(generators: IntArray) -> IntArray:
    """[rank, 3] basis in row echelon form (Hermite) of the lattice that integer vectors [n, 3] span."""
    basis: list[IntArray] = []
    rows = list(generators)
    for column in range(3):
        while True:
            rows = [r for r in rows if r.any()]
            active = [r for r in rows if r[column]]
            if len(active) <= 1:
                break
            pivot = min(active, key=lambda r: abs(r[column]))
            rows = [r if r is pivot else r - (r[column] // pivot[column]) * pivot for r in rows]
        basis += active
        rows = [r for r in rows if not r[column]]
    return np.array(basis, dtype=np.int64).reshape(-1, 3)


def _shortened(cell: FloatArray) -> FloatArray:
    """The same lattice on short vectors: no vector gets shorter by adding or subtracting the two others.

    Lengths that differ by rounding alone count as equal, so that the choice is the same on every machine.
    """
    cell = cell.copy()
    steps = np.array([(a, b) for a in (-1, 0, 1) for b in (-1, 0, 1)])
    unit = np.linalg.norm(cell, axis=1).max() * 1e-9
    changed = True
    while changed:
        changed = False
        for row in np.argsort(-np.round(np.linalg.norm(cell, axis=1) / unit), kind="stable"):
            candidates = cell[row] + steps @ np.delete(cell, row, axis=0)
            lengths = np.round(np.linalg.norm(candidates, axis=1) / unit)
            best = int(lengths.argmin())
            if lengths[best] < lengths[len(steps) // 2] - 1:
                cell[row] = candidates[best]
                changed = True
    return cell
