"""Derives fastlattice/ops/tables.safetensors from e3nn: the constants of the network, exact.

Every coefficient c is the square root of a rational number and is stored as one: numerator sign(c) n and denominator d
with |c| = sqrt(n / d). Recognition of n / d from e3nn's doubles is certain: denominators are products of primes up to
17 (checked), and recomputing c from it agrees to rounding. So the file is the same, byte for byte, on every machine.

Degrees go up to 4; tables for a smaller lmax are the rows whose degrees do not exceed it.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cache
from itertools import combinations, product
from pathlib import Path

import numpy as np
import torch
from e3nn import o3
from e3nn.math import normalize2mom
from numpy.typing import NDArray
from safetensors.numpy import save

LMAX = 4
DEGREES = range(LMAX + 1)
OUTPUT = Path(__file__).resolve().parents[1] / "fastlattice" / "ops" / "tables.safetensors"

FloatArray = NDArray[np.float64]
Cubic = tuple[int, int, int, int]  # ((l1 l2) l12, l3): what couples to what on the way to L
Polynomial = dict[tuple[int, ...], float]  # sorted component indices of a monomial -> coefficient


@cache
def clebsch_gordan(l1: int, l2: int, l3: int) -> FloatArray:
    """[2 l1 + 1, 2 l2 + 1, 2 l3 + 1], component-normalised, signs as in left-to-right coupling."""
    w3j = o3.wigner_3j(l3, l1, l2, dtype=torch.float64).permute(1, 2, 0).numpy()
    return np.where(np.abs(w3j) > 1e-12, w3j * math.sqrt(2 * l3 + 1), 0.0)


def natural(*degrees: int) -> bool:
    """Whether the parities of spherical harmonics multiply to the parity of one."""
    return sum(degrees) % 2 == 0


def couples(l1: int, l2: int, l3: int) -> bool:
    """The triangle inequality."""
    return abs(l1 - l2) <= l3 <= l1 + l2


def exact(values: FloatArray) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Signed numerators and denominators of the squares of `values`."""
    numerators, denominators = [], []
    for value in values.tolist():
        square = Fraction(value * value).limit_denominator(10**6)
        rest = square.denominator
        for prime in (2, 3, 5, 7, 11, 13, 17):
            while rest % prime == 0:
                rest //= prime
        if rest != 1 or abs(math.sqrt(square) - abs(value)) > 2e-14:
            raise ValueError(f"{value} is not recognised as the square root of a rational number")
        numerators.append(int(math.copysign(square.numerator, value)))
        denominators.append(square.denominator)
    return np.array(numerators, dtype=np.int32), np.array(denominators, dtype=np.int32)


# ---- The symmetric contraction in two stages: A A -> B, coupled to l12; then B, mixed by weights, with a third A


def quadratic_paths() -> list[tuple[int, int, int]]:
    """(l1 <= l2, L) of all quadratic covariants, by L. Odd L of a degree with itself is antisymmetric: zero."""
    return [
        (l1, l2, out)
        for out, l1, l2 in product(DEGREES, repeat=3)
        if l1 <= l2 and couples(l1, l2, out) and natural(l1, l2, out) and not (l1 == l2 and out % 2)
    ]


def polynomial(path: Cubic, out: int) -> Polynomial:
    """The cubic covariant of `path` as a polynomial: its component m = 0, which fixes the others."""
    l1, l2, l12, l3 = path
    coupled = np.einsum("ijk,kl->ijl", clebsch_gordan(l1, l2, l12), clebsch_gordan(l12, l3, out)[:, :, out])
    terms: Polynomial = defaultdict(float)
    for i, j, k in zip(*np.nonzero(coupled), strict=True):
        terms[tuple(sorted((l1 * l1 + i, l2 * l2 + j, l3 * l3 + k)))] += coupled[i, j, k]
    return terms


def vectors(polynomials: Sequence[Polynomial]) -> FloatArray:
    """One row of coefficients for each polynomial."""
    monomials = {m: n for n, m in enumerate(sorted({m for p in polynomials for m in p}))}
    rows = np.zeros((len(polynomials), len(monomials)))
    for row, terms in zip(rows, polynomials, strict=True):
        for monomial, coefficient in terms.items():
            row[monomials[monomial]] += coefficient
    return rows


def factors(path: Cubic) -> tuple[int, ...]:
    """The degrees of the three factors, sorted: polynomials with different factors share no monomial."""
    return tuple(sorted((path[0], path[1], path[3])))


def operations(paths: Sequence[Cubic], out: int) -> int:
    """Multiply-adds per channel of stage two: mixing, coefficients of (l12, l3), and products with A."""
    pairs = {(l12, l3) for _, _, l12, l3 in paths}
    count = sum(2 * l12 + 1 for _, _, l12, _ in paths)
    count += sum(np.count_nonzero(clebsch_gordan(l12, l3, out)) for l12, l3 in pairs if l3 > 0)
    for l3 in {l3 for _, l3 in pairs}:
        used = [clebsch_gordan(l12, l3, out).any(axis=0) for l12, other in pairs if other == l3]
        count += int(np.count_nonzero(np.any(used, axis=0)))
    return count


def cubic_paths(out: int) -> list[Cubic]:
    """A basis of the cubic covariants of degree `out`, natural parity and l12 <= 4 only, with few operations.

    Local search: the pairs (l12, l3) that may be used are toggled up to three at a time while that saves operations;
    within them, each block of equal factors takes independent paths, smallest l12 first.
    """
    candidates = [
        (l1, l2, l12, l3)
        for l1, l2, l12 in ((a, b, c) for a, b, c in product(DEGREES, repeat=3) if (a, b, c) in quadratic_paths())
        for l3 in DEGREES
        if couples(l12, l3, out) and natural(l12, l3, out)
    ]
    blocks: dict[tuple[int, ...], list[Cubic]] = defaultdict(list)
    for path in sorted(candidates, key=lambda path: (path[2], path)):
        blocks[factors(path)].append(path)
    directions = {}
    ranks = {}
    for key, paths in blocks.items():
        rows = vectors([polynomial(path, out) for path in paths])
        directions[key] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        ranks[key] = np.linalg.matrix_rank(rows, tol=1e-8)

    def basis(pairs: frozenset[tuple[int, int]]) -> list[Cubic] | None:
        chosen: list[Cubic] = []
        for key, paths in blocks.items():
            orthonormal: list[FloatArray] = []
            for path, direction in zip(paths, directions[key], strict=True):
                if len(orthonormal) == ranks[key] or path[2:] not in pairs:
                    continue
                rest = direction - sum((q * (q @ direction) for q in orthonormal), np.zeros_like(direction))
                if np.linalg.norm(rest) > 0.3:  # far from dependent: keeps the fold map well conditioned
                    orthonormal.append(rest / np.linalg.norm(rest))
                    chosen.append(path)
            if len(orthonormal) < ranks[key]:
                return None
        return chosen

    pairs = frozenset((l12, l3) for _, _, l12, l3 in candidates)
    every, best = sorted(pairs), basis(pairs)
    if best is None:
        raise ValueError(f"no well-conditioned basis for L = {out}")
    cost = operations(best, out)

    def neighbours(size: int) -> Iterator[tuple[int, list[tuple[int, int]], list[Cubic]]]:
        for toggled in combinations(every, size):
            other = pairs.symmetric_difference(toggled)
            found = basis(other)
            if found is not None:
                yield operations(found, out), sorted(other), found

    size = 1
    while size <= 3:
        candidate = min(neighbours(size), default=None)
        if candidate is not None and candidate[0] < cost:
            cost, pairs, best, size = candidate[0], frozenset(candidate[1]), candidate[2], 1
        else:
            size += 1
    return sorted(best, key=lambda path: (path[3], path[2], path))


@cache
def original_paths(order: int) -> list[tuple[o3.Irrep, tuple[int, ...]]]:
    """The released network's couplings, in its order: (irrep, (l1, l2, l12, l3, ...)) left to right."""
    if order == 1:
        return [(o3.Irrep(l, (-1) ** l), (l, l)) for l in DEGREES]
    extended = [
        (ir, (*path, l, ir.l))
        for left, path in original_paths(order - 1)
        for l in DEGREES
        for ir in left * o3.Irrep(l, (-1) ** l)
    ]
    return sorted(extended, key=lambda item: item[0])


def original_cubic(out: int) -> list[Cubic]:
    """The paths of W^3 for degree `out`: any order of l1 and l2, l12 up to 8, both parities of l12."""
    wanted = o3.Irrep(out, (-1) ** out)
    return [(path[1], path[2], path[3], path[4]) for ir, path in original_paths(3) if ir == wanted]


def original_quadratic(out: int) -> list[tuple[int, int]]:
    """The paths (l1, l2) of W^2 for degree `out`."""
    wanted = o3.Irrep(out, (-1) ** out)
    return [(path[1], path[2]) for ir, path in original_paths(2) if ir == wanted]


def fold_cubic(out: int, basis: Sequence[Cubic]) -> FloatArray:
    """[len(basis), original paths]: P with polynomial(original k) = sum over p of P[p, k] polynomial(basis p)."""
    original = original_cubic(out)
    fold = np.zeros((len(basis), len(original)))
    for key in sorted({factors(path) for path in original}):
        rows = [n for n, path in enumerate(basis) if factors(path) == key]
        columns = [n for n, path in enumerate(original) if factors(path) == key]
        chosen = [polynomial(basis[n], out) for n in rows]
        both = vectors(chosen + [polynomial(original[n], out) for n in columns])
        span, targets = both[: len(rows)].T, both[len(rows) :].T
        block = np.linalg.lstsq(span, targets, rcond=None)[0] if rows else np.zeros((0, len(columns)))
        if not np.allclose(span @ block, targets, rtol=0, atol=1e-13):
            raise ValueError(f"the basis does not span L = {out}, factors {key}")
        fold[np.ix_(rows, columns)] = block
    return np.where(np.abs(fold) > 1e-12, fold, 0.0)


def fold_quadratic(out: int, basis: Sequence[tuple[int, int, int]]) -> FloatArray:
    """[paths of `basis` that end in `out`, original paths]; (l2, l1) is (l1, l2) up to the sign of the coefficients."""
    original = original_quadratic(out)
    wanted = [path for path in basis if path[2] == out]
    fold = np.zeros((len(wanted), len(original)))
    for column, (l1, l2) in enumerate(original):
        for row, (a, b, _) in enumerate(wanted):
            if (a, b) == (min(l1, l2), max(l1, l2)):
                forward, backward = clebsch_gordan(a, b, out), clebsch_gordan(l1, l2, out)
                aligned = backward if (a, b) == (l1, l2) else backward.transpose(1, 0, 2)
                fold[row, column] = np.sum(forward * aligned) / np.sum(forward * forward)
                if not np.allclose(fold[row, column] * forward, aligned, rtol=0, atol=1e-14):
                    raise ValueError(f"({l1}, {l2}) -> {out} is not its own transpose")
    return np.round(fold)


# ---- The other constants


def mandel_basis() -> FloatArray:
    """[21, 6, 6]: the Mandel matrix of each coefficient of 2x0e + 2x2e + 1x4e, order 11, 22, 33, 23, 13, 12."""
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    basis = o3.ReducedTensorProducts("ijkl=jikl=ijlk=klij", i="1o").change_of_basis.numpy()
    torch.set_default_dtype(before)
    i, j = np.array([0, 1, 2, 1, 0, 0]), np.array([0, 1, 2, 2, 2, 1])
    factor = np.sqrt([1.0, 1.0, 1.0, 2.0, 2.0, 2.0])
    matrices = basis[:, i[:, None], j[:, None], i, j] * np.outer(factor, factor)
    return np.where(np.abs(matrices) > 1e-12, matrices, 0.0)


def silu_gain() -> float:
    """e3nn's factor that gives SiLU a second moment of one: a sampled constant, rounded to what all machines share."""
    return round(normalize2mom(torch.nn.functional.silu).cst, 14)


def tables() -> dict[str, NDArray[np.generic]]:
    """All tables by name; `fastlattice.ops.constants` reads them and says what they mean."""
    result: dict[str, NDArray[np.generic]] = {}

    def store(name: str, index: FloatArray | NDArray[np.int64], values: FloatArray) -> None:
        result[f"{name}.index"] = np.ascontiguousarray(index, dtype=np.int16)
        result[f"{name}.numerator"], result[f"{name}.denominator"] = exact(values)

    full = np.zeros(((LMAX + 1) ** 2,) * 3)
    for l1, l2, l3 in product(DEGREES, repeat=3):
        if couples(l1, l2, l3) and natural(l1, l2, l3):
            block = tuple(slice(l * l, (l + 1) ** 2) for l in (l1, l2, l3))
            full[block] = clebsch_gordan(l1, l2, l3)
    store("clebsch_gordan", np.argwhere(full), full[np.nonzero(full)])

    quadratic = quadratic_paths()
    cubic = [(out, *path) for out in DEGREES for path in cubic_paths(out)]
    result["quadratic_paths"] = np.array(quadratic, dtype=np.int8)
    result["cubic_paths"] = np.array([(l1, l2, l12, l3, out) for out, l1, l2, l12, l3 in cubic], dtype=np.int8)
    result["original_quadratic_paths"] = np.array(
        [(*path, out) for out in DEGREES for path in original_quadratic(out)], dtype=np.int8
    )
    result["original_cubic_paths"] = np.array(
        [(*path, out) for out in DEGREES for path in original_cubic(out)], dtype=np.int8
    )
    for name, blocks in (
        ("fold_quadratic", [fold_quadratic(out, quadratic) for out in DEGREES]),
        ("fold_cubic", [fold_cubic(out, [path[1:] for path in cubic if path[0] == out]) for out in DEGREES]),
    ):
        fold = np.zeros(np.sum([block.shape for block in blocks], axis=0))
        row = column = 0
        for block in blocks:
            fold[row : row + block.shape[0], column : column + block.shape[1]] = block
            row, column = row + block.shape[0], column + block.shape[1]
        store(name, np.argwhere(fold), fold[np.nonzero(fold)])

    basis = mandel_basis()
    store("mandel_basis", np.argwhere(basis), basis[np.nonzero(basis)])
    result["silu_gain"] = np.array([silu_gain()])
    return result


def files() -> dict[Path, bytes]:
    """The tables."""
    return {OUTPUT: save(tables(), metadata={"generator": "codegen/tables.py"})}
