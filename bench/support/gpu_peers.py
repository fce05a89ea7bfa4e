"""cuEquivariance-torch on a GPU, with its closed CUDA kernels, in a process of its own: building it may not finish.

Its weights belong to another basis of the same paths, so that its numbers are not ours; degrees, factors and channels
are. Its tensor product is the channelwise product alone, without gather, sum and linear map.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from bench.support import isolated
from fastlattice import LatticeBatch, MACEConfig

SECONDS, GIGABYTES = 600.0, None
ROUNDS = 20


def measured(
    config: MACEConfig, sizes: list[int], lattices: LatticeBatch, device: str, say: Callable[[str], None]
) -> list[dict[str, Any]]:
    """A row for each of its two operations and each size, or one that says why there is none."""
    nodes = [int(lattices.node_counts[torch.arange(n) % len(lattices)].sum()) for n in sizes]
    edges = [2 * int(lattices.strut_counts[torch.arange(n) % len(lattices)].sum()) for n in sizes]
    rows = []
    for name, rows_of_input, more in (
        ("symmetric_contraction", nodes, [config.correlation]),
        ("tensor_product", edges, []),
    ):
        row = {"op": name, "backend": "cuequivariance", "direction": "forward", "cache": "warm"}
        arguments = [rows_of_input, config.channels, config.lmax, *more, device]
        try:
            found = isolated.run(f"bench.support.gpu_peers:{name}", *arguments, seconds=SECONDS, gigabytes=GIGABYTES)
        except isolated.StoppedError as error:
            rows.append({**row, "error": str(error)})
        else:
            quantiles = [dict(zip(("p20", "p50", "p80"), q, strict=True)) for q in found["quantiles"]]
            made = {"build": found["build"]}
            rows += [{**row, "lattices": n, **q, **made} for n, q in zip(sizes, quantiles, strict=False)]
        say(f"cuequivariance, {name}: {rows[-1].get('error') or rows[-1]['p50']}")
    return rows


def symmetric_contraction(nodes: list[int], channels: int, lmax: int, correlation: int, device: str) -> dict[str, Any]:
    """{"build": s, "quantiles": p20, p50 and p80 for each number of nodes}."""
    import cuequivariance as cue
    import cuequivariance_torch as cuet

    irreps = cue.Irreps("O3", " + ".join(f"{channels}x{l}{'eo'[l % 2]}" for l in range(lmax + 1)))

    def build() -> Any:
        return cuet.SymmetricContraction(irreps, irreps, correlation, 1, layout=cue.ir_mul, device=device)

    def inputs(module: Any, count: int) -> tuple[torch.Tensor, ...]:
        element = torch.zeros(count, dtype=torch.int32, device=device)
        return torch.randn(count, irreps.dim, device=device), element

    return _measured(build, inputs, nodes)


def tensor_product(edges: list[int], channels: int, lmax: int, device: str) -> dict[str, Any]:
    """The same for each number of edges."""
    import cuequivariance as cue
    import cuequivariance_torch as cuet

    degrees = [f"{l}{'eo'[l % 2]}" for l in range(lmax + 1)]
    features = cue.Irreps("O3", " + ".join(f"{channels}x{degree}" for degree in degrees))
    harmonics = cue.Irreps("O3", " + ".join(f"1x{degree}" for degree in degrees))
    kept = [cue.O3(l, (-1) ** l) for l in range(lmax + 1)]

    def build() -> Any:
        options = {"layout": cue.ir_mul, "shared_weights": False, "device": device}
        return cuet.ChannelWiseTensorProduct(features, harmonics, kept, **options)

    def inputs(module: Any, count: int) -> tuple[torch.Tensor, ...]:
        widths = features.dim, harmonics.dim, module.weight_numel
        return tuple(torch.randn(count, width, device=device) for width in widths)

    return _measured(build, inputs, edges)


@torch.no_grad()
def _measured(
    build: Callable[[], Any], inputs: Callable[[Any, int], tuple[torch.Tensor, ...]], sizes: list[int]
) -> dict[str, Any]:
    start = time.perf_counter()
    module = build()
    built, quantiles = time.perf_counter() - start, []
    for size in sizes:
        given, times = inputs(module, size), []
        module(*given)
        for _ in range(ROUNDS):
            begin, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
            begin.record()
            module(*given)
            end.record()
            end.synchronize()
            times.append(begin.elapsed_time(end) * 1e-3)
        quantiles.append(np.quantile(times, [0.2, 0.5, 0.8]).tolist())
    return {"build": built, "quantiles": quantiles}
