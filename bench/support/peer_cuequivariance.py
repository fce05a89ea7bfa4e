"""cuEquivariance-torch on the CPU: seconds to build and to run its symmetric contraction and its tensor product.

Its GPU kernels are closed and not used; on a CPU it takes its PyTorch implementation ("naive"). Its weights belong to
another basis of the same paths, so that its numbers are not ours; the degrees, factors and channels are.
"""

import time

import torch


def _timed(build, arguments, calls):
    """{"build": s, "times": [s]}."""
    torch.set_num_threads(1)
    torch.manual_seed(0)
    start = time.perf_counter()
    module = build()
    built, given = time.perf_counter() - start, arguments(module)
    times = []
    with torch.no_grad():
        module(*given)
        for _ in range(calls):
            start = time.perf_counter()
            out = module(*given)
            times.append(time.perf_counter() - start)
    if not out.isfinite().all():
        raise ValueError("the result is not finite")
    return {"build": built, "times": times}


def symmetric_contraction(nodes, channels, lmax, correlation, calls):
    import cuequivariance as cue
    import cuequivariance_torch as cuet

    irreps = cue.Irreps("O3", " + ".join(f"{channels}x{l}{'eo'[l % 2]}" for l in range(lmax + 1)))

    def build():
        return cuet.SymmetricContraction(irreps, irreps, correlation, 1, layout=cue.ir_mul, method="naive")

    return _timed(build, lambda _: (torch.randn(nodes, irreps.dim), torch.zeros(nodes, dtype=torch.int32)), calls)


def tensor_product(edges, channels, lmax, calls):
    """The channelwise product alone: without gather, sum and linear map."""
    import cuequivariance as cue
    import cuequivariance_torch as cuet

    degrees = [f"{l}{'eo'[l % 2]}" for l in range(lmax + 1)]
    features = cue.Irreps("O3", " + ".join(f"{channels}x{degree}" for degree in degrees))
    harmonics = cue.Irreps("O3", " + ".join(f"1x{degree}" for degree in degrees))

    def build():
        return cuet.ChannelWiseTensorProduct(
            features,
            harmonics,
            [cue.O3(l, (-1) ** l) for l in range(lmax + 1)],
            layout=cue.ir_mul,
            shared_weights=False,
            method="naive",
        )

    def arguments(module):
        return (
            torch.randn(edges, features.dim),
            torch.randn(edges, harmonics.dim),
            torch.randn(edges, module.weight_numel),
        )

    return _timed(build, arguments, calls)
