"""Times a call, and how much of the machine's limit it reaches.

Fractions compare processor time, all threads together, which other programs on the machine hardly change, with the
limit of one thread, measured before and after every call, for clocks change.
"""

import time

import numpy as np
import torch

from bench.peak import fma_peak


def copy_rate(megabytes=256):
    """Bytes a second that one thread reads and writes when it copies what no cache holds."""
    source = np.ones(megabytes * 2**17)
    target = np.empty_like(source)
    best = np.inf
    for _ in range(5):
        start = time.perf_counter()
        np.copyto(target, source)
        best = min(best, time.perf_counter() - start)
    return 2 * source.nbytes / best


def measure(benchmark, call, rounds, dtype, multiply_adds=0.0, bytes_moved=0.0, **per):
    """Records the median of a call, its processor time for each of what `per` counts, and fractions of the limits.

    Args:
        benchmark: the fixture.
        call: without arguments.
        rounds: how often.
        dtype: of the multiply-adds.
        multiply_adds: that the native algorithm makes in a call; 0 where they are not the limit.
        bytes_moved: that any algorithm must read and write; 0 where they are not the limit.
        per: number of edges, struts or nodes, by name.
    """
    benchmark.pedantic(call, rounds=rounds, warmup_rounds=2)
    times, peaks = [], []
    for _ in range(rounds):
        before, start = fma_peak(dtype), time.process_time()
        call()
        times.append(time.process_time() - start)
        peaks.append((before + fma_peak(dtype)) / 2)
    seconds, peak = float(np.median(times)), float(np.median(peaks))
    info = {"dtype": str(dtype).removeprefix("torch."), "threads": torch.get_num_threads()}
    info.update({f"processor_ns_a_{name}": seconds / count * 1e9 for name, count in per.items()})
    if multiply_adds:
        fraction = float(np.median(multiply_adds / np.array(times) / np.array(peaks)))
        info.update(fraction_of_fma_peak=fraction, peak_gfma=peak * 1e-9)
    if bytes_moved:
        rate = copy_rate()
        info.update(fraction_of_copy_rate=bytes_moved / seconds / rate, copy_gb=rate * 1e-9)
    benchmark.extra_info.update(info)
