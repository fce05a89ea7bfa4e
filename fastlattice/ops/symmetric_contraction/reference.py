"""Products of a node's features up to order nu, contracted with generalised Clebsch-Gordan coefficients (14, 15)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import torch
from e3nn import o3

from fastlattice.ops.check import lmax_of
from fastlattice.ops.irreps import built_once, irreps

Coupling = tuple[o3.Irrep, torch.Tensor]


@built_once
def couplings(lmax: int, order: int, wanted: o3.Irrep | None = None) -> list[Coupling]:
    """Left-to-right coupling of `order` factors 0e + 1o + ... + lmax.

    Args:
        lmax: largest degree of a factor.
        order: number of factors.
        wanted: the only irrep to return; None returns all, which the next factor needs.

    Returns:
        For every way to couple, the irrep that comes out and [2 l + 1, S, ..., S] coefficients, S = (lmax + 1)^2;
        all intermediate irreps are kept, and the list is sorted stably by irrep at every level.
    """
    factor = irreps(1, lmax)
    if order == 1:
        result = [(ir, torch.eye(factor.dim)[ir.l**2 : (ir.l + 1) ** 2]) for _, ir in factor]
        return [item for item in result if wanted in (None, item[0])]
    result = []
    for (left_ir, left), (_, ir) in product(couplings(lmax, order - 1), factor):
        for out in left_ir * ir:
            if wanted in (None, out):
                cg = o3.wigner_3j(out.l, left_ir.l, ir.l) * out.dim**0.5
                block = left.new_zeros(out.dim, *left.shape[1:], factor.dim)
                block[..., ir.l**2 : (ir.l + 1) ** 2] = torch.einsum("oai,a...->o...i", cg, left)
                result.append((out, block))
    return sorted(result, key=lambda item: item[0])


@built_once
def u_matrix(lmax: int, order: int, degree: int) -> torch.Tensor:
    """[paths, 2 degree + 1, S, ..., S]: all couplings of `order` factors that end in the natural irrep of `degree`."""
    return torch.stack([block for _, block in couplings(lmax, order, o3.Irrep(degree, (-1) ** degree))])


def symmetric_contraction(
    features: torch.Tensor, weights: Sequence[torch.Tensor], correlation: int, output_degrees: Sequence[int]
) -> torch.Tensor:
    """out_L = sum over nu and k of W^nu[k] (U^nu_L[k] applied to nu copies of the features), channel by channel.

    Args:
        features: [N, (lmax + 1)^2, C].
        weights: [k, C] for each L = 0..lmax and, within it, each nu = 1..correlation.
        correlation: the largest nu.
        output_degrees: degrees L to compute; the others come out as zeros.

    Returns:
        [N, (lmax + 1)^2, C].
    """
    lmax = lmax_of(features.shape[1])
    parts = []
    for degree in range(lmax + 1):
        if degree not in output_degrees:
            parts.append(features.new_zeros(len(features), 2 * degree + 1, features.shape[2]))
            continue
        # Horner's scheme: (((U^3 W) A + U^2 W) A + U^1 W) A, one factor of A at a time.
        total = features.new_zeros(())
        for order in range(correlation, 0, -1):
            u = u_matrix(lmax, order, degree, like=features)
            total = total + torch.einsum("k...i,kc->...ic", u, weights[degree * correlation + order - 1])
            # The first factor is common to all nodes (no node axis yet), the others follow node by node.
            subscripts = "...ic,nic->n...c" if order == correlation else "n...ic,nic->n...c"
            total = torch.einsum(subscripts, total, features)
        parts.append(total)
    return torch.cat(parts, dim=1)
