"""What the samples of a stream are, in numpy: what csrc/data is held against."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fastlattice.data.recipe import RADII, Numbers, Range, Recipe

WINDOW, GROUP = 4096, 8
GROUPS = WINDOW // GROUP
# Purposes of random numbers: the second word of their counter.
ORDER, CHOICE, REMOVAL, SAMPLE, NODE, STRUT = range(6)

Floats, Ints = NDArray[np.float64], NDArray[np.int64]


class Bases(NamedTuple):
    """Arrays of the bases, as of LatticeBatch, and the running sum of their weights, its last entry 1."""

    cell: Floats
    positions: Floats
    struts: Ints
    shifts: Ints
    node_offsets: Ints
    strut_offsets: Ints
    cumulative: Floats


class Samples(NamedTuple):
    """Arrays of n samples, as of LatticeBatch, and what was drawn for each."""

    cell: Floats
    positions: Floats
    struts: Ints
    shifts: Ints
    radii: Floats
    node_offsets: Ints
    strut_offsets: Ints
    base: Ints
    level: Floats
    density: Floats
    beam_valid: NDArray[np.bool_]


def philox(seed: int, purpose: int, index: Ints | int, number: Ints) -> list[NDArray[np.uint64]]:
    """Philox4x32-10 (Salmon et al., SC11): four words of 32 bits for each index and number."""
    number, index = np.broadcast_arrays(np.asarray(number, np.uint64), np.asarray(index, np.uint64))
    low = np.uint64(0xFFFFFFFF)
    c = [index & low, np.full_like(index, purpose), number & low, number >> np.uint64(32)]
    k0, k1 = seed & 0xFFFFFFFF, seed >> 32
    for _ in range(10):
        p, q = c[0] * np.uint64(0xD2511F53), c[2] * np.uint64(0xCD9E8D57)
        c = [
            (q >> np.uint64(32)) ^ c[1] ^ np.uint64(k0),
            q & low,
            (p >> np.uint64(32)) ^ c[3] ^ np.uint64(k1),
            p & low,
        ]
        k0, k1 = (k0 + 0x9E3779B9) & 0xFFFFFFFF, (k1 + 0xBB67AE85) & 0xFFFFFFFF
    return c


def uniform(seed: int, purpose: int, index: Ints | int, number: Ints) -> tuple[Floats, Floats]:
    """Two numbers from 0 to below 1 for each index and number."""
    r = philox(seed, purpose, index, number)
    pairs = ((a << np.uint64(32) | b) >> np.uint64(11) for a, b in (r[:2], r[2:]))
    first, second = (pair.astype(np.float64) * 2.0**-53 for pair in pairs)
    return first, second


def normal(seed: int, purpose: int, index: Ints | int, number: Ints) -> tuple[Floats, Floats]:
    """Two standard normal numbers for each index and number (Box and Muller)."""
    u, v = uniform(seed, purpose, index, number)
    radius = np.sqrt(-2 * np.log(1 - u))
    return radius * np.cos(2 * np.pi * v), radius * np.sin(2 * np.pi * v)


def groups(seed: int, samples: Ints) -> Ints:
    """Number of the group of each sample.

    A window of 4,096 samples has eight parts; each part has one realisation of each of the window's 512 groups, in an
    order of its own: any neighbours within a part are of different groups.
    """
    window, place = np.divmod(samples, WINDOW)
    part, x = np.divmod(place, GROUPS)
    for word in philox(seed, ORDER, part, window):  # each step maps 0 .. 511 to itself, one to one
        r = word.astype(np.int64)
        x = (x * (2 * r + 1) + (r >> 16)) & (GROUPS - 1)
        x = x ^ x >> 5
    return window * GROUPS + x


def drawn(numbers: Numbers, u: Floats, logarithmic: bool = False) -> Floats:
    """What uniform numbers select from `numbers`."""
    if isinstance(numbers, Range):
        if logarithmic:
            return numbers.low * np.exp(u * np.log(numbers.high / numbers.low))
        return numbers.low + (numbers.high - numbers.low) * u
    values = np.atleast_1d(np.asarray(numbers, np.float64))
    return values[(u * len(values)).astype(np.int64)]


def ragged(count: Ints) -> tuple[Ints, Ints]:
    """(row, index within the row) of every element of ragged rows of these lengths."""
    row = np.repeat(np.arange(len(count)), count)
    within = np.arange(int(count.sum())) - np.repeat(np.cumsum(count) - count, count)
    return row, within


def sample(seed: int, samples: Ints, bases: Bases, recipe: Recipe) -> Samples:
    """The samples of the given numbers."""
    group = groups(seed, samples)
    u, lose = uniform(seed, CHOICE, 0, group)
    base = np.searchsorted(bases.cumulative, u, side="right")
    nodes, struts = np.diff(bases.node_offsets)[base], np.diff(bases.strut_offsets)[base]
    cell, level, density, kind, ratio, share, sigma = _scalars(seed, samples, recipe)

    # Struts, less those that the group has lost.
    strut_row, strut = ragged(struts)
    kept = _kept(seed, group, struts, lose < recipe.removal_share, recipe, strut_row, strut)
    strut_row, pick = strut_row[kept], (bases.strut_offsets[base][strut_row] + strut)[kept]
    struts = np.bincount(strut_row, minlength=len(samples))
    strut_row, strut = ragged(struts)

    # Affine: strain, then the largest cell constant back to 1, then rotation.
    strained = bases.cell[base] @ cell
    size = np.linalg.norm(strained, axis=2).max(1)[:, None, None]
    strained, cell = strained / size, cell / size
    node_row, node = ragged(nodes)
    x = np.einsum("ni,nij->nj", bases.positions[bases.node_offsets[base][node_row] + node], cell[node_row])
    x = x + _displacements(seed, samples[node_row], node, level[node_row], recipe)
    if recipe.rotation == "random":
        turn = _rotations(seed, samples)
        strained, x = strained @ turn.transpose(0, 2, 1), np.einsum("nj,nij->ni", x, turn[node_row])

    node_offsets, strut_offsets = (np.r_[0, np.cumsum(c)] for c in (nodes, struts))
    ends, shifts = bases.struts[pick], bases.shifts[pick]
    first = node_offsets[strut_row]
    vectors = x[first + ends[:, 1]] - x[first + ends[:, 0]] + np.einsum("ni,nij->nj", shifts, strained[strut_row])
    lengths = np.linalg.norm(vectors, axis=1)
    w = _relative_radii(
        seed, samples[strut_row], strut, kind[strut_row], *(a[strut_row] for a in (ratio, share, sigma))
    )
    volume = abs(np.linalg.det(strained))
    solid = np.pi * np.bincount(strut_row, w * w * lengths, len(samples))
    radii = w * np.sqrt(density * volume / solid)[strut_row]
    stocky = np.bincount(strut_row, radii > recipe.max_slenderness * lengths, len(samples))
    return Samples(strained, x, ends, shifts, radii, node_offsets, strut_offsets, base, level, density, stocky == 0)


def _scalars(seed: int, samples: Ints, recipe: Recipe) -> tuple[NDArray, ...]:
    def draw(block: int) -> tuple[Floats, Floats]:
        return uniform(seed, SAMPLE, block, samples)

    still, u = draw(0)
    level = np.where(still < recipe.zero_share, 0.0, drawn(recipe.level, u))
    strained, u = draw(1)
    density = drawn(recipe.density, u, logarithmic=True)
    which, u = draw(2)
    edges = np.cumsum([recipe.radii[name] for name in RADII])
    kind = np.searchsorted(edges, which * edges[-1], side="right")
    ratio, sigma = drawn(recipe.radius_ratio, u, logarithmic=True), drawn(recipe.radius_sigma, u)
    share = drawn(recipe.other_share, draw(3)[0])
    g = recipe.strain * np.stack([each for k in (5, 6, 7) for each in normal(seed, SAMPLE, k, samples)][:5], 1)
    e = np.zeros((len(samples), 3, 3))
    e[:, 0, 0] = g[:, 0] / np.sqrt(2) + g[:, 1] / np.sqrt(6)
    e[:, 1, 1] = -g[:, 0] / np.sqrt(2) + g[:, 1] / np.sqrt(6)
    e[:, 2, 2] = -2 * g[:, 1] / np.sqrt(6)
    for (i, j), k in (((1, 2), 2), ((0, 2), 3), ((0, 1), 4)):
        e[:, i, j] = e[:, j, i] = g[:, k] / np.sqrt(2)
    e *= (strained < recipe.strain_share)[:, None, None]
    values, vectors = np.linalg.eigh(e)
    exponential = (vectors * np.exp(values)[:, None]) @ vectors.transpose(0, 2, 1)
    return exponential, level, density, kind, ratio, share, sigma


def _kept(seed, group, struts, loses, recipe, row, strut):  # type: ignore[no-untyped-def]
    fraction, u = uniform(seed, CHOICE, 1, group)
    lost = np.where(loses, np.floor(drawn(recipe.removal, fraction) * struts + u), 0).astype(np.int64)
    kept = np.ones(len(row), bool)
    some = np.flatnonzero(lost[row] > 0)
    r = philox(seed, REMOVAL, strut[some] // 2, group[row[some]])
    key = np.where(strut[some] % 2 == 0, r[0] << np.uint64(32) | r[1], r[2] << np.uint64(32) | r[3])
    order = np.lexsort((strut[some], key, row[some]))
    begin = np.searchsorted(row[some], row[some], side="left")  # rows are sorted: rank within the row
    kept[some[order[np.arange(len(some)) - begin < lost[row[some]]]]] = False
    return kept


def _displacements(seed: int, samples: Ints, node: Ints, level: Floats, recipe: Recipe) -> Floats:
    if recipe.displacement == "exact":
        u, v = uniform(seed, NODE, node, samples)
        z = 2 * u - 1
        s = np.sqrt((1 - z) * (1 + z))
        direction = np.stack([s * np.cos(2 * np.pi * v), s * np.sin(2 * np.pi * v), z], 1)
    else:
        (a, b), (c, _) = (normal(seed, NODE, 2 * node + k, samples) for k in (0, 1))
        direction = np.stack([a, b, c], 1) / np.sqrt(3)
    return level[:, None] * direction


def _rotations(seed: int, samples: Ints) -> Floats:
    """Uniform rotations from uniform quaternions (Shoemake, Graphics Gems III, 1992)."""
    u = uniform(seed, SAMPLE, 3, samples)[1]
    v, w = (2 * np.pi * each for each in uniform(seed, SAMPLE, 4, samples))
    a, b = np.sqrt(1 - u), np.sqrt(u)
    q, x, y, z = a * np.sin(v), a * np.cos(v), b * np.sin(w), b * np.cos(w)
    rows = (
        (1 - 2 * (y * y + z * z), 2 * (x * y - q * z), 2 * (x * z + q * y)),
        (2 * (x * y + q * z), 1 - 2 * (x * x + z * z), 2 * (y * z - q * x)),
        (2 * (x * z - q * y), 2 * (y * z + q * x), 1 - 2 * (x * x + y * y)),
    )
    return np.stack([np.stack(row, 1) for row in rows], 1)


def _relative_radii(
    seed: int, samples: Ints, strut: Ints, kind: Ints, ratio: Floats, share: Floats, sigma: Floats
) -> Floats:
    u = uniform(seed, STRUT, strut // 2, samples)
    g = normal(seed, STRUT, strut // 2, samples)
    odd = strut % 2 == 1
    other = np.where(np.where(odd, u[1], u[0]) < share, ratio, 1.0)
    return np.select([kind == 1, kind == 2], [other, np.exp(sigma * np.where(odd, g[1], g[0]))], 1.0)
