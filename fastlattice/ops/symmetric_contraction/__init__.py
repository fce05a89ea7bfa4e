"""symmetric_contraction: products of a node's features up to order nu, coupled (equations 14 and 15).

All cubic covariants are spanned by ((l1 l2) l12, l3) -> L with natural parity and l12 <= 4. So two stages do: the
products A A are coupled to l12 once, for all outputs; those are mixed by the weights, and coupled with a third A.
The released network's weights, of which many are redundant, map exactly to those of this basis (`fold_weights`).
"""

from __future__ import annotations

from collections.abc import Sequence

import torch

from fastlattice.ops import constants
from fastlattice.ops.check import check, check_contraction, check_degrees, lmax_of
from fastlattice.ops.dispatch import run


def fold_weights(weights: Sequence[torch.Tensor], lmax: int, correlation: int) -> torch.Tensor:
    """Weights of the two-stage basis from those of the released network: an exact linear map, differentiable.

    Args:
        weights: [k, C] for each L = 0..lmax and, within it, each nu = 1..correlation.
        lmax: largest degree, 1 to 4.
        correlation: largest number of factors, 1 to 3.

    Returns:
        [folded, C]: one row for each L with one factor, then one for each quadratic, then each cubic path.

    Raises:
        ArgumentError: a wrong number of weights or a wrong shape.
    """
    check_contraction(weights, "weights", lmax, correlation, weights[0] if len(weights) else None)
    return constants.constant(constants.fold_map, lmax, correlation, like=weights[0]) @ torch.cat(list(weights))


def symmetric_contraction(
    features: torch.Tensor,
    weights: torch.Tensor | Sequence[torch.Tensor],
    correlation: int,
    output_degrees: Sequence[int],
    *,
    backend: str = "auto",
) -> torch.Tensor:
    """out_L = sum over nu and k of W^nu[k] (U^nu_L[k] applied to nu copies of the features), channel by channel.

    Args:
        features: [N, (lmax + 1)^2, C], lmax 1 to 4.
        weights: [folded, C] from `fold_weights`, or what that takes.
        correlation: largest number of factors, 1 to 3.
        output_degrees: degrees L to compute; the others come out as zeros.
        backend: "auto" or the name of one.

    Returns:
        [N, (lmax + 1)^2, C].

    Raises:
        ArgumentError: a wrong shape, dtype or device, or an order or degree that does not exist.
        BackendError: the backend asked for does not exist or cannot run this.
    """
    check(features, "features", (None, None, None))
    lmax = lmax_of(features.shape[1], "features")
    degrees = check_degrees(correlation, output_degrees, lmax)
    check_contraction(weights, "weights", lmax, correlation, features)
    if not isinstance(weights, torch.Tensor):
        weights = fold_weights(weights, lmax, correlation)
    return run("symmetric_contraction", backend, features, features, weights, correlation, degrees)


from fastlattice.ops.symmetric_contraction import cuda_op, native, portable, triton_op  # noqa: E402, F401 - they register themselves
