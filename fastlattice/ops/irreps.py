"""Between our feature layout and e3nn's, and e3nn's linear map with weights given by the caller."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from typing import Any

import torch
from e3nn import o3

from fastlattice.ops.check import lmax_of
from fastlattice.ops.constants import made_apart


def built_once(build: Callable[..., Any]) -> Callable[..., Any]:
    """Caches what an e3nn constructor returns, by its arguments and by dtype and device of `like`.

    e3nn builds its constants in torch's default dtype: here always fp64, converted where `like` asks for it.
    """

    def in_double_precision(arguments: tuple[Any, ...], dtype: torch.dtype, device: torch.device) -> Any:
        before = torch.get_default_dtype()
        torch.set_default_dtype(torch.float64)
        try:
            built = build(*arguments)
        finally:
            torch.set_default_dtype(before)
        return built.to(dtype=dtype, device=device) if hasattr(built, "to") else built

    cached = cache(partial(made_apart, in_double_precision))

    def wrapper(*arguments: Any, like: torch.Tensor | None = None) -> Any:
        if like is None:
            return cached(arguments, torch.float64, torch.device("cpu"))
        return cached(arguments, like.dtype, like.device)

    return wrapper


def irreps(channels: int, lmax: int) -> o3.Irreps:
    """`channels` times every l up to lmax with the parity of a spherical harmonic."""
    return o3.Irreps([(channels, (l, (-1) ** l)) for l in range(lmax + 1)])


def pack(features: torch.Tensor) -> torch.Tensor:
    """[N, (lmax + 1)^2, C] to e3nn's [N, (lmax + 1)^2 C], which holds [C, 2l + 1] for each l."""
    degrees = range(lmax_of(features.shape[1]) + 1)
    return torch.cat([features[:, l * l : (l + 1) ** 2].transpose(1, 2).flatten(1) for l in degrees], dim=1)


def unpack(features: torch.Tensor, channels: int) -> torch.Tensor:
    """The inverse of `pack`."""
    degrees = range(lmax_of(features.shape[1] // channels) + 1)
    return torch.cat(
        [
            features[:, channels * l * l : channels * (l + 1) ** 2].unflatten(1, (channels, 2 * l + 1)).transpose(1, 2)
            for l in degrees
        ],
        dim=1,
    )


@built_once
def _linear(irreps_in: o3.Irreps, irreps_out: o3.Irreps, biases: bool) -> o3.Linear:
    return o3.Linear(irreps_in, irreps_out, internal_weights=False, shared_weights=True, biases=biases)


def linear(
    features: torch.Tensor,
    irreps_in: o3.Irreps,
    irreps_out: o3.Irreps,
    weight: torch.Tensor,
    bias: torch.Tensor | None = None,
) -> torch.Tensor:
    """e3nn.o3.Linear on packed features, weights and the biases of the scalars in e3nn's flat order."""
    module = _linear(o3.Irreps(irreps_in), o3.Irreps(irreps_out), bias is not None, like=features)
    return module(features, weight, features.new_empty(0) if bias is None else bias)
