"""Which kernels are compiled ahead: those of the paper's network, and everything that the ops take."""

from __future__ import annotations

from typing import Any

import torch

from fastlattice import MACEConfig
from fastlattice.models.mace.config import uniform_irreps
from fastlattice.models.mace.warmup import requests
from tests.gpu.compiled import Request

CHANNELS = 32
LMAXS, ORDERS, DTYPES = (1, 2, 3, 4), (1, 2, 3), ("fp32", "fp64")


def _request(op: str, arguments: dict[str, Any]) -> Request:
    return Request(f"fastlattice.kernels.{op}", arguments)


def _full(op: str, dtype: str) -> list[Request]:
    if op == "mandel":
        return [_request(op, {"dtype": dtype})]
    if op == "readout":
        return [_request(op, {"dtype": dtype, "channels": CHANNELS, "degrees": list(range(LMAXS[-1] + 1))})]
    listed = []
    for lmax in LMAXS:
        size, every = {"dtype": dtype, "lmax": lmax}, list(range(lmax + 1))
        if op == "edge_sh":
            listed.append(size)
        if op == "edge_conv":
            listed += [{**size, "l_in": l_in, "channels": CHANNELS} for l_in in (0, lmax)]
        if op == "symmetric_contraction":
            orders = [
                {"correlation": nu, "output_degrees": degrees} for nu in ORDERS for degrees in (every, every[::2])
            ]
            listed += [{**size, "channels": CHANNELS, **order} for order in orders]
    return [_request(op, arguments) for arguments in listed]


_CONFIG = MACEConfig(uniform_irreps(CHANNELS, 4), uniform_irreps(16, 4), max_edge_radius=0.1)
PAPER = [_request(*request) for request in requests(_CONFIG, torch.float32)]
"""What the paper's network launches, forward and backward."""

_COSTLY = [request for request in PAPER if request.module.endswith("symmetric_contraction")]
_CHEAP = [request for request in PAPER if request not in _COSTLY]
REPRESENTATIVE = {80: _CHEAP, 90: [*_CHEAP, _COSTLY[-1]], 100: _CHEAP}
"""What is compiled at every run of the tests, by compute capability; `make gpu-matrix` compiles all of PAPER."""

OPS = ("edge_conv", "edge_sh", "mandel", "readout", "symmetric_contraction")
FULL = {(op, dtype): _full(op, dtype) for dtype in DTYPES for op in OPS}
"""Every lmax, order and dtype that an op takes, by op and dtype."""
