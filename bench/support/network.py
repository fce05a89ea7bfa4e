"""The network that is timed, and what a process can measure of it only once."""

import re
import resource
import sys
import time
from pathlib import Path

import torch

from fastlattice import LatticeMACE
from fastlattice.models.mace.config import uniform_irreps

CONFIG = {
    "hidden_irreps": uniform_irreps(32, 4),
    "readout_irreps": uniform_irreps(16, 4),
    "max_edge_radius": 0.1,
}


def built():
    """With random weights, the same in every run."""
    torch.manual_seed(0)
    return LatticeMACE(CONFIG)


def config_text(config):
    """What sets the cost, in words."""
    return f"{config.channels} channels, lmax {config.lmax}, ν {config.correlation}, {config.message_passes} layers"


def seconds_to_build():
    """Of the first network in this process."""
    start = time.perf_counter()
    built()
    return time.perf_counter() - start


def inference_memory(count):
    """Bytes: {"import": after imports, "above_import": what the peak of predicting `count` lattices adds}."""
    from bench.support.lattices import COUNT, lattices

    torch.set_num_threads(2)
    imported = peak_resident()
    batch = lattices().take(torch.arange(count) % COUNT)
    out = built().predict(batch)
    if not out.isfinite().all():
        raise ValueError("the stiffness is not finite")
    return {"import": imported, "above_import": peak_resident() - imported, "threads": torch.get_num_threads()}


def peak_resident():
    """Largest resident set of this process so far, bytes.

    Linux hands ru_maxrss on from the process that started this one, so /proc is asked.
    """
    status = Path("/proc/self/status")
    if status.exists():
        return 1024 * int(re.search(r"VmHWM:\s*(\d+) kB", status.read_text())[1])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
