"""The machine's limits, measured in the run beside what is compared with them."""

from functools import cache

import numpy as np
import torch

from fastlattice import _native


def fma_rates(dtype, bursts=10):
    """Fused multiply-adds a second of one thread, all lanes counted, in bursts of some ten microseconds."""
    rates = torch.zeros(2, dtype=torch.float64)
    found = []
    for _ in range(bursts):
        _native.call("fl_fma_peak", rates[:1], rates[1:])
        found.append(float(rates[{torch.float32: 0, torch.float64: 1}[dtype]]))
    return found


@cache
def copy_rate(megabytes=256):
    """Bytes a second that one thread reads and writes when it copies what no cache holds; measured once a run."""
    import time

    source = np.ones(megabytes * 2**17)
    target = np.empty_like(source)
    times = []
    for _ in range(7):
        start = time.perf_counter()
        np.copyto(target, source)
        times.append(time.perf_counter() - start)
    return 2 * source.nbytes / min(times)
