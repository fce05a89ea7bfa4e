"""Which kernels are compiled ahead: those of the paper's network, and everything that the ops take."""

from __future__ import annotations

from typing import Any

import torch

from fastlattice import MACEConfig
from fastlattice.config import uniform_irreps
from fastlattice.warmup import requests
from tests.gpu.compiled import Request

CHANNELS = 32
LMAXS, ORDERS, DTYPES = (1, 2, 3, 4), (1, 2, 3), ("fp32", "fp64")


def _request(op: str, arguments: dict[str, Any]) -> Request:
    return Request(f"fastlattice.kernels.{op}", arguments)


def _full(op: str, dtype: str) -> list[Request]:
    if op == "mandel":
        return [_request(op, {"dtype": dtype})]
    return [_request(op, {"dtype": dtype, "lmax": lmax}) for lmax in LMAXS]


PAPER = MACEConfig(uniform_irreps(CHANNELS, 4), uniform_irreps(16, 4), max_edge_radius=0.1)
REPRESENTATIVE = [_request(*request) for request in requests(PAPER, torch.float32)]
"""What the paper's network launches, forward and backward."""

OPS = ("edge_sh", "mandel")
FULL = {(op, dtype): _full(op, dtype) for dtype in DTYPES for op in OPS}
"""Everything that an op takes, by op and dtype."""
