"""symmetric_contraction in plain torch, for every device and dtype, differentiable to any order."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

import torch

from fastlattice.ops import constants
from fastlattice.ops.check import lmax_of
from fastlattice.ops.dispatch import implements


def _pair_coefficients(l1: int, l2: int, lmax: int) -> torch.Tensor:
    """[K, (2 l1 + 1) (2 l2 + 1)]: couples products of degrees l1 and l2 to every l12 of `quadratic_paths`."""
    blocks = [constants.clebsch_gordan(*path) for path in constants.quadratic_paths(lmax) if path[:2] == (l1, l2)]
    return torch.cat([block.flatten(0, 1).T for block in blocks])


def _horner_coefficients(pairs: tuple[tuple[int, int], ...], degree: int) -> torch.Tensor:
    """[(2 l3 + 1) (2 L + 1), M]: couples M mixed components, l12 after l12, with degree l3 to L."""
    return torch.cat([constants.clebsch_gordan(l12, l3, degree).flatten(1).T for l12, l3 in pairs], dim=1)


@dataclass(frozen=True)
class _Plan:
    """Where things stand in the arrays of coupled pairs [N, 141, C] and mixed pairs [N, M, C] (sizes at lmax 4).

    Attributes:
        blocks: (l1, l2) in the order of the coupled pairs.
        quadratic: entries (coupled component, quadratic path, component of the output).
        cubic: entries (coupled component, cubic path, mixed component).
        groups: for each (L, l3): L, l3, its (l12, l3) and the number of its mixed components, one after another.
    """

    blocks: list[tuple[int, int]]
    quadratic: list[tuple[int, int, int]]
    cubic: list[tuple[int, int, int]]
    groups: list[tuple[int, int, tuple[tuple[int, int], ...], int]]


@constants.table
def _plan(lmax: int, output_degrees: tuple[int, ...]) -> _Plan:
    quadratic, cubic = constants.quadratic_paths(lmax), constants.cubic_paths(lmax)
    blocks = sorted({path[:2] for path in quadratic})
    offsets, end = {}, 0
    for block in blocks:
        for path in quadratic:
            if path[:2] == block:
                offsets[path] = end
                end += 2 * path[2] + 1
    direct = [
        (offsets[path] + m, n, path[2] ** 2 + m)
        for n, path in enumerate(quadratic)
        if path[2] in output_degrees
        for m in range(2 * path[2] + 1)
    ]
    entries, groups, end = [], [], 0
    wanted = [(n, path) for n, path in enumerate(cubic) if path[4] in output_degrees]
    for (degree, l3), group in groupby(wanted, key=lambda item: (item[1][4], item[1][3])):
        pairs, start = [], end
        for l12, members in groupby(group, key=lambda item: item[1][2]):
            entries += [(offsets[path[:3]] + m, n, end + m) for n, path in members for m in range(2 * l12 + 1)]
            pairs.append((l12, l3))
            end += 2 * l12 + 1
        groups.append((degree, l3, tuple(pairs), end - start))
    return _Plan(blocks, direct, entries, groups)


def _entries(order: str, lmax: int, output_degrees: tuple[int, ...]) -> torch.Tensor:
    """[3, entries] of the plan, of order "quadratic" or "cubic"."""
    return torch.tensor(getattr(_plan(lmax, output_degrees), order), dtype=torch.int64).reshape(-1, 3).T


def _mix(pairs: torch.Tensor, weights: torch.Tensor, entries: torch.Tensor, size: int) -> torch.Tensor:
    """[N, size, C]: for every entry (source, path, target), weight of the path times the source, summed by target."""
    source, path, target = entries
    terms = pairs[:, source] * weights[path]
    return pairs.new_zeros(len(pairs), size, pairs.shape[2]).index_add(1, target, terms)


@implements("symmetric_contraction", "torch")
def symmetric_contraction(
    features: torch.Tensor, weights: torch.Tensor, correlation: int, output_degrees: list[int]
) -> torch.Tensor:
    """As `ops.symmetric_contraction`."""
    lmax, wanted = lmax_of(features.shape[1]), tuple(output_degrees)
    part = [features[:, constants.components(l)] for l in range(lmax + 1)]
    first, *higher = weights.split(constants.folded_counts(lmax, correlation))
    linear = [first[l] * part[l] if l in wanted else torch.zeros_like(part[l]) for l in range(lmax + 1)]
    out = torch.cat(linear, dim=1)
    if correlation == 1:
        return out

    plan = _plan(lmax, wanted)
    entries = [
        constants.constant(_entries, order, lmax, wanted, like=features, dtype=torch.int64)
        for order in ("quadratic", "cubic")[: correlation - 1]
    ]
    coupled = []
    for l1, l2 in plan.blocks:
        coefficients = constants.constant(_pair_coefficients, l1, l2, lmax, like=features)
        coupled.append(coefficients @ (part[l1][:, :, None] * part[l2][:, None]).flatten(1, 2))
    pairs = torch.cat(coupled, dim=1)
    out = out + _mix(pairs, higher[0], entries[0], out.shape[1])
    if correlation == 2:
        return out

    sizes = [size for *_, size in plan.groups]
    mixed = _mix(pairs, higher[1], entries[1], sum(sizes)).split(sizes, dim=1)
    cubic = [torch.zeros_like(a) for a in part]
    for (degree, l3, members, _), group in zip(plan.groups, mixed, strict=True):
        coefficients = constants.constant(_horner_coefficients, members, degree, like=features)
        factors = (coefficients @ group).unflatten(1, (2 * l3 + 1, 2 * degree + 1))
        cubic[degree] = cubic[degree] + (factors * part[l3][:, :, None]).sum(1)
    return out + torch.cat(cubic, dim=1)
