"""Times the network and each of its ops on a GPU, after it has verified them there.

    python -m bench.gpu [--device cuda:0] [--sizes 64,256,...] [--output FILE.json]
    python -m bench.gpu --dry-run

Every kernel is first compared with plain torch in fp64, forward and backward; if one is wrong, nothing is timed. Times
are those of the device, between CUDA events: p20, p50 and p80 of many calls in seconds, with whatever the previous call
left in the L2 cache ("warm"), and after the cache was overwritten ("cold"). `predict` alone is wall-clock time: it
starts from a batch in the CPU's memory. Plain torch on the same device stands beside the kernels as a peer, and
cuEquivariance-torch, where it is installed. What does not fit into memory is a row that says so.

A dry run does all of this but the timing, on the CPU by Triton's interpreter, with a small network.
"""

from __future__ import annotations

import argparse
import contextlib
import copy
import importlib.metadata
import importlib.util
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch

import fastlattice
from bench.support import gpu_peers
from bench.support.gpu_cases import cases, verify_case, verify_network
from bench.support.lattices import lattices as workload
from bench.support.network import CONFIG
from fastlattice import LatticeBatch, LatticeMACE, MACEConfig, unit_cell
from fastlattice._files import replacing
from fastlattice.errors import BackendError
from fastlattice.models.inputs import inputs_of
from fastlattice.models.mace.config import uniform_irreps
from fastlattice.ops import BACKENDS, choices
from fastlattice.ops.dispatch import choose

ROOT = Path(__file__).resolve().parents[1]
SIZES = (64, 256, 1024, 4096, 16384, 65536)
SECONDS = 1.0
"""Of calls to be timed for each row, about."""
VERIFIED = 64
"""Lattices of the batch that kernels are verified on."""
PREDICTED = 4096
"""Lattices at a time in `predict`."""
SMALL = {
    "hidden_irreps": uniform_irreps(2, 2),
    "readout_irreps": uniform_irreps(2, 2),
    "max_edge_radius": 0.1,
    "lmax": 2,
    "inter_MLP_dim": 4,
}
"""The network of a dry run."""


class Clock:
    """Device times of calls; in a dry run each call is made once, and there are no times.

    Args:
        device: where the calls run.
        dry: whether nothing is to be timed.
    """

    def __init__(self, device: torch.device, dry: bool) -> None:
        self.device, self.dry = device, dry
        if not dry:
            size = torch.cuda.get_device_properties(device).L2_cache_size
            self._flush = torch.empty(4 * size, dtype=torch.uint8, device=device)

    def times(self, call: Callable[[], Any], cold: bool) -> list[float]:
        """Seconds of calls on the device; a warm-up call comes first."""
        if self.dry and cold:
            return []  # the same call as with a warm cache
        call()
        if self.dry:
            return []
        rounds = int(np.clip(SECONDS / max(self._once(call, cold), 1e-6), 5, 300))
        return [self._once(call, cold) for _ in range(rounds)]

    def _once(self, call: Callable[[], Any], cold: bool) -> float:
        if cold:
            self._flush.zero_()
        start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
        start.record()
        call()
        end.record()
        end.synchronize()
        return start.elapsed_time(end) * 1e-3

    def wall(self, call: Callable[[], Any]) -> list[float]:
        """Wall-clock seconds of calls that end with their result in the CPU's memory."""
        call()
        if self.dry:
            return []
        times: list[float] = []
        while len(times) < 5 or (sum(times) < SECONDS and len(times) < 300):
            start = time.perf_counter()
            call()
            times.append(time.perf_counter() - start)
        return times


def rows_of(model: LatticeMACE, batch: LatticeBatch, clock: Clock) -> Iterator[dict[str, Any]]:
    """One row for each op, direction, backend and state of the cache, then those of the network."""
    like = model.node_ft_embedding.weight
    sizes = {"lattices": len(batch), "nodes": len(batch.positions), "edges": 2 * len(batch.struts)}
    for case in cases(batch, model.config, like):
        for backend in backends(case.stem, like):
            row = {"op": case.name, "backend": backend, **sizes}
            yield from timed(clock, {**row, "direction": "forward"}, partial(inference, case.forward, backend))
            yield from timed(clock, {**row, "direction": "backward"}, case.backward(backend))

    graph = inputs_of(batch, like)
    for backend in network_backends(like):
        model.backend = backend
        row = {"op": "LatticeMACE", "backend": backend, **sizes}
        yield from timed(clock, {**row, "direction": "forward"}, partial(inference, model.raw, graph))
        yield from timed(clock, {**row, "direction": "training"}, partial(training, model, graph))
        predict = partial(model.predict, batch, chunk=PREDICTED)
        yield summary({**row, "direction": "predict", "cache": "warm"}, clock.wall(lambda call=predict: call().cpu()))


def inference(function: Callable[..., Any], *arguments: Any) -> Any:
    with torch.no_grad():
        return function(*arguments)


def training(model: LatticeMACE, graph: Any) -> None:
    """Forward and backward, without an optimiser."""
    model.zero_grad(set_to_none=True)
    model.raw(graph).square().mean().backward()


def timed(clock: Clock, row: dict[str, Any], call: Callable[[], Any]) -> Iterator[dict[str, Any]]:
    """A row with a warm cache and one with a cold one."""
    for cache in ("warm", "cold"):
        yield summary({**row, "cache": cache}, clock.times(call, cache == "cold"))


def summary(row: dict[str, Any], times: list[float]) -> dict[str, Any]:
    """The row with the quantiles of its times; without times, in a dry run, they are None."""
    if not times:
        return {**row, "p20": None, "p50": None, "p80": None}
    p20, p50, p80 = np.quantile(times, [0.2, 0.5, 0.8]).tolist()
    return {**row, "p20": p20, "p50": p50, "p80": p80, "lattices_per_second": row["lattices"] / p50}


def backends(op: str, like: torch.Tensor) -> list[str]:
    """GPU backends that run an op there, fastest first; plain torch is the last."""
    able = []
    for name in BACKENDS:
        with contextlib.suppress(BackendError):
            able.append(choose(op, name, like.device, like.dtype))
    return [name for name in able if name != "native"]


def network_backends(like: torch.Tensor) -> list[str]:
    """The same for the whole network: "auto" first, where it takes the CUDA library for some ops."""
    taken = {choice.backend for choice in choices(like.device, like.dtype)}
    return ["auto"] * ("cuda" in taken) + backends("layer", like)


def verification(model: LatticeMACE, batch: LatticeBatch) -> Iterator[dict[str, Any]]:
    """One row for each op, dtype and backend but plain torch, which they are compared with; then the network's."""
    for dtype in (torch.float32, torch.float64):
        converted = copy.deepcopy(model).to(dtype)
        like = converted.node_ft_embedding.weight
        for case in cases(batch, model.config, like):
            for backend in backends(case.stem, like)[:-1]:
                yield verify_case(case, backend)
        for backend in network_backends(like)[:-1]:
            yield verify_network(converted, batch, backend)


def environment(device: torch.device) -> dict[str, Any]:
    """The device's name and everything else that figures depend on."""
    described = {"device": "CPU, interpreter"}
    if device.type == "cuda":
        properties = torch.cuda.get_device_properties(device)
        described = {
            "device": properties.name,
            "capability": f"{properties.major}.{properties.minor}",
            "multiprocessors": properties.multi_processor_count,
            "memory": properties.total_memory,
            "l2_cache": properties.L2_cache_size,
        }
    return {
        **described,
        "cuda": torch.version.cuda,
        "torch": torch.__version__,
        "triton": importlib.metadata.version("triton") if importlib.util.find_spec("triton") else None,
        "fastlattice": fastlattice.__version__,
        "commit": commit(),
        "tf32": torch.backends.cuda.matmul.allow_tf32,
        "date": datetime.now(timezone.utc).isoformat(timespec="seconds"),
    }


def commit() -> str:
    command = ["git", "describe", "--always", "--dirty", "--abbrev=12"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True).stdout.strip() or "unknown"


def run(device: torch.device, sizes: list[int], dry: bool, say: Callable[[str], None]) -> dict[str, Any]:
    """Verifies, then times.

    Args:
        device: where.
        sizes: lattices of each batch.
        dry: whether a small network runs, and nothing is timed.
        say: told what is being done.

    Returns:
        What goes into the file: "environment", "dry_run", "verification" and, if all is right, "rows".
    """
    torch.manual_seed(0)
    model = LatticeMACE(MACEConfig(**(SMALL if dry else CONFIG))).to(device)
    lattices = LatticeBatch.from_lattices([unit_cell("simple_cubic")]) if dry else workload()

    def batch_of(count: int) -> LatticeBatch:
        return lattices.take(torch.arange(count) % len(lattices))

    result: dict[str, Any] = {"environment": environment(device), "dry_run": dry, "verification": []}
    for row in verification(model, batch_of(min(VERIFIED, sizes[0]))):
        difference = f"forward {row['forward']:.1e}, gradient {row['gradient']:.1e}"
        say(f"{'right' if row['passed'] else 'WRONG'}  {row['op']}, {row['backend']}, {row['dtype']}: {difference}")
        result["verification"].append(row)
    if not all(row["passed"] for row in result["verification"]):
        return result

    result["rows"], clock = [], Clock(device, dry)
    for count in sizes:
        try:
            for row in rows_of(model, batch_of(count), clock):
                figure = "not timed" if row["p50"] is None else f"{row['p50'] * 1e6:.1f} us"
                say(f"{count} lattices, {row['op']}, {row['direction']}, {row['backend']}, {row['cache']}: {figure}")
                result["rows"].append(row)
        except torch.OutOfMemoryError:
            say(f"{count} lattices: out of memory")
            result["rows"].append({"lattices": count, "error": "out of memory"})
            torch.cuda.empty_cache()
    if not dry:
        result["peers"] = gpu_peers.measured(MACEConfig(**CONFIG), sizes, lattices, str(device), say)
    return result


def write(result: dict[str, Any], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as temporary:
        temporary.write_text(json.dumps(result, indent=1) + "\n")


def main(arguments: list[str] | None = None) -> int:
    """Returns 1 if a kernel is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", default="cuda", help="torch device (default cuda)")
    parser.add_argument("--sizes", help=f"lattices of each batch (default {','.join(map(str, SIZES))})")
    parser.add_argument("--output", type=Path, help="JSON file (default bench/results/gpu-DEVICE-COMMIT.json)")
    parser.add_argument("--dry-run", action="store_true", help="on the CPU by the interpreter, without times")
    given = parser.parse_args(arguments)
    if given.dry_run:
        os.environ["TRITON_INTERPRET"] = "1"  # before Triton is imported
    elif not torch.cuda.is_available():
        parser.error("torch can use no GPU here; --dry-run runs everything but the timing on the CPU")
    device = torch.device("cpu" if given.dry_run else given.device)
    sizes = [int(n) for n in given.sizes.split(",")] if given.sizes else [1] if given.dry_run else list(SIZES)

    started = time.monotonic()
    with torch.cuda.device(device) if device.type == "cuda" else contextlib.nullcontext():
        result = run(device, sizes, given.dry_run, lambda line: print(f"{time.monotonic() - started:7.1f} s  {line}"))
    name = result["environment"]["device"].replace(" ", "-").replace(",", "").lower()
    path = given.output or ROOT / "bench" / "results" / f"gpu-{name}-{result['environment']['commit']}.json"
    write(result, path)
    print(path)
    if "rows" not in result:
        print("a kernel is wrong: nothing was timed", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
