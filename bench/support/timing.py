"""Times a call, and says how near it comes to the machine's limit.

Every row of a run has the same entries, in the extra_info of pytest-benchmark: op, backend, shapes, dtype, threads, the
p20, p50 and p80 of a call in seconds, the fraction of the bound, what the bound is and what it was measured to be, the
instruction set and the commit. A fraction is the time that the bound allows over the p50, all threads counted; the
bound is the p90 of what was seen while the row was timed. Multiply-adds are those of the native algorithm
(bench/support/operations.py), whatever the backend does, so that fractions compare like times; bytes are those that any
algorithm must move.
"""

import time

import numpy as np
import torch

from bench.support.peak import copy_rate, fma_rates


def measure(
    benchmark,
    call,
    rounds,
    op,
    backend,
    shapes,
    dtype=torch.float32,
    multiply_adds=0.0,
    bytes_moved=0.0,
    warmup=2,
    **info,
):
    """Times `call()` and completes its row.

    Args:
        benchmark: the fixture.
        call: without arguments.
        rounds: how often; `warmup` calls more come first.
        op: what is timed: an op or the model, and the direction.
        backend: a backend of `fastlattice.ops`, or the peer's name.
        shapes: sizes, to be read by people.
        dtype: of the multiply-adds.
        multiply_adds: in a call; 0 where they are not the limit.
        bytes_moved: in a call; 0 where they are not the limit.
        info: further entries; `lattices`, `nodes` or `edges` become rates as well.
    """
    rates = []  # around each call; nearly the best is what the machine can do, the very best a clock that jumped
    benchmark.pedantic(
        call, setup=lambda: rates.extend(fma_rates(dtype)), rounds=rounds, warmup_rounds=warmup, iterations=1
    )
    rates.extend(fma_rates(dtype))
    peak = float(np.quantile(rates, 0.9))
    threads = torch.get_num_threads()
    row = record(benchmark, benchmark.stats.stats.data, op, backend, shapes, dtype, threads, **info)
    if multiply_adds:
        row.update(bound="FMA", fraction=multiply_adds / threads / peak / row["p50"], bound_gfma=peak * 1e-9)
    elif bytes_moved:
        row.update(bound="copy", fraction=bytes_moved / copy_rate() / row["p50"], bound_gb=copy_rate() * 1e-9)
    return row


def record(benchmark, seconds, op, backend, shapes, dtype=torch.float32, threads=1, **info):
    """Completes a row from the seconds of its calls; see `measure`. Returns the row, which may be added to."""
    row = benchmark.extra_info
    name = str(dtype).removeprefix("torch.")
    row.update({"op": op, "backend": backend, "shapes": shapes, "dtype": name, "threads": threads, **info})
    if len(seconds):
        row.update(quantiles(seconds))
        row.update(
            {f"{unit}_per_second": info[unit] / row["p50"] for unit in ("lattices", "nodes", "edges") if unit in info}
        )
    return row


def quantiles(values):
    """p20, p50 and p80."""
    return dict(zip(("p20", "p50", "p80"), np.quantile(values, [0.2, 0.5, 0.8]).tolist(), strict=True))


def median_seconds(call, rounds, clock=time.perf_counter):
    """Of a call that is not a row of its own."""
    times = []
    for _ in range(rounds):
        start = clock()
        call()
        times.append(clock() - start)
    return float(np.median(times))
