"""The machine's limits, measured beside what is compared with them."""

import torch

from fastlattice import _native


def fma_peak(dtype):
    """Fused multiply-adds a second of one thread, all lanes counted, from a burst of some ten microseconds."""
    rates = torch.zeros(2, dtype=torch.float64)
    _native.call("fl_fma_peak", rates[:1], rates[1:])
    return float(rates[{torch.float32: 0, torch.float64: 1}[dtype]])
