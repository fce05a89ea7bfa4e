"""Compiles ahead what a network's first steps would else wait for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import Any

import torch

from fastlattice import ops
from fastlattice.errors import BackendError
from fastlattice.models.mace.blocks import first_degree, matrix_function, stiffness_up_to
from fastlattice.models.mace.config import MACEConfig
from fastlattice.ops.backends import triton

DTYPES = {torch.float32: "fp32", torch.float64: "fp64"}
"""In Triton's notation."""


def requests(config: MACEConfig, dtype: torch.dtype) -> Iterator[tuple[str, dict[str, Any]]]:
    """For each kernel file that a network uses, the arguments of its `specialisations`.

    Args:
        config: of the network.
        dtype: float32 or float64.

    Yields:
        Name of the op, which is also the file's stem, and arguments by name.
    """
    kind, lmax = DTYPES[dtype], config.lmax
    yield "edge_sh", {"dtype": kind, "lmax": lmax}
    for l_in in dict.fromkeys([first_degree(config), lmax][: config.message_passes]):
        yield "edge_conv", {"dtype": kind, "lmax": lmax, "l_in": l_in, "channels": config.channels}
    every = list(range(lmax + 1))
    last = list(stiffness_up_to(lmax)) if lmax == 4 or config.pooled_gate else every
    for degrees in [last] if config.message_passes == 1 else [every, last]:
        order = {"correlation": config.correlation, "output_degrees": degrees}
        yield "symmetric_contraction", {"dtype": kind, "lmax": lmax, "channels": config.channels, **order}
    yield "readout", {"dtype": kind, "channels": config.channels, "degrees": last}
    yield "mandel", {"dtype": kind, "positive_functions": [matrix_function(config)]}


def warmup(
    config: Any, device: torch.device | str = "cuda", dtype: torch.dtype = torch.float32, progress: bool = False
) -> list[str]:
    """Compiles every GPU kernel that a network runs, forward and backward, so that its first step does not wait.

    Triton keeps compiled kernels on disk (TRITON_CACHE_DIR), so that the next process finds them. Several are compiled
    at a time. Where no Triton kernel is compiled, on the CPU or by the interpreter, there is nothing to do.

    Args:
        config: of the network: what LatticeMACE takes.
        device: where it will run.
        dtype: of its parameters.
        progress: show a progress bar.

    Returns:
        Names of the kernels that are ready now.

    Raises:
        ConfigError: the configuration is malformed, or asks for what the engine cannot run.
        BackendError: torch cannot use the device, or FASTLATTICE_BACKEND cannot run an op there.
    """
    config, device = MACEConfig.from_any(config), torch.device(device)
    if device.type == "cuda" and (device.index or 0) >= torch.cuda.device_count():
        raise BackendError(f"torch cannot use {device} here; see `fastlattice doctor`")
    taken = {choice.op: choice.backend for choice in ops.choices(device, dtype)}
    if device.type != "cuda" or os.environ.get("TRITON_INTERPRET") == "1":
        return []
    listed = {}
    for op, arguments in requests(config, dtype):
        if taken[op] == "triton":
            listed.update({one.name: one for one in triton.kernels(op).specialisations(**arguments)})
    return _compiled(listed, device, progress)


def _compiled(listed: dict[str, Any], device: torch.device, progress: bool) -> list[str]:
    from fastlattice._progress import ProgressBar

    def compile_one(name: str) -> str:
        with torch.cuda.device(device):  # the current device is a thread's own
            listed[name].compile()
        return name

    workers = min(len(listed), os.cpu_count() or 1) or 1
    bar = ProgressBar(total=len(listed), unit="kernel", disable=not progress)
    with ThreadPoolExecutor(workers) as pool, bar:
        for future in as_completed([pool.submit(compile_one, name) for name in listed]):
            bar.set_postfix_str(future.result())
            bar.update()
    return list(listed)
