"""A process that runs networks' kernels up to the point where each would be compiled, and warms up for the same.

Started by test_warmup with TRITON_INTERPRET=0 and settings of networks as JSON. Nothing is compiled: Triton calls a
hook before it would, and goes no further if that says so. Writes what would be compiled, by launches and by `warmup`.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import pkgutil
import sys
from unittest import mock

import torch
from triton import knobs
from triton.runtime import jit

from fastlattice import LatticeBatch, LatticeMACE, MACEConfig, kernels, warmup
from tests.gpu import no_device
from tests.support.network import config as small
from tests.support.network import lattices


class Recorder:
    """Triton's hook: notes what would be compiled, and stops there."""

    def __init__(self) -> None:
        self.seen: set[str] = set()

    def __call__(self, *, key, fn, compile, **_) -> bool:
        kinds = list(compile["signature"].values())
        self.seen.add(f"{fn.module}.{fn.name} {kinds} {compile['constants']} warps={compile['num_warps']} {key}")
        return True

    def taken(self) -> list[str]:
        seen, self.seen = sorted(self.seen), set()
        return seen


def launch(config: MACEConfig, dtype: torch.dtype) -> None:
    """Forward and backward passes over batches whose sizes are and are not multiples of 16; their results mean nothing.

    Kernels do not run here, so that the CPU's tensors are as good as a GPU's; eigenvalues of what none has written
    would not converge.
    """
    eigh = torch.linalg.eigh
    model = LatticeMACE(config, backend="triton").to(dtype)
    for batch, geometry in ((lattices(), True), (lattices()[:1], False), (lattices() * 16, True)):
        graph = LatticeBatch.from_lattices(batch)
        graph.positions.requires_grad_(geometry)
        with (
            mock.patch.dict(os.environ, {"TRITON_INTERPRET": "1"}),
            mock.patch("torch.linalg.eigh", lambda matrix: eigh(torch.eye(6, dtype=matrix.dtype).expand(matrix.shape))),
        ):
            model(graph)["stiffness"].sum().backward()


def warm_up(config: MACEConfig, dtype: torch.dtype) -> None:
    """As if there were a GPU; whether torch then says that there is one depends on its environment."""
    with (
        mock.patch("torch.cuda.device_count", return_value=1),
        mock.patch("torch.cuda.get_device_capability", return_value=(9, 0)),
        mock.patch("torch.cuda.device", return_value=contextlib.nullcontext()),
    ):
        warmup(config, "cuda", dtype)


def main() -> None:
    no_device.compile_for(90)
    for module in pkgutil.walk_packages(kernels.__path__, kernels.__name__ + "."):
        importlib.import_module(module.name)  # before the environment says that they are to be interpreted
    knobs.runtime.jit_cache_hook = recorder = Recorder()
    # Triton 3.4 describes for the hook, as JSON, constants that JSON has no word for; nobody reads the description.
    jit.serialize_specialization_data = lambda *arguments: ""
    for settings in json.loads(sys.argv[1]):
        dtype = getattr(torch, settings.pop("dtype"))
        launch(small(**settings), dtype)
        launched = recorder.taken()
        warm_up(small(**settings), dtype)
        sys.stdout.write(json.dumps({"launched": launched, "warmed": recorder.taken()}) + "\n")


if __name__ == "__main__":
    main()
