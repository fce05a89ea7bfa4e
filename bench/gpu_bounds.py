"""Lower bounds on the time of each GPU kernel, from its instructions and from the bytes that it must move.

    python -m bench.gpu_bounds            writes the tables of docs/gpu.md
    python -m bench.gpu_bounds --check    fails where they are not those

Nothing here was timed: a bound says what no launch can be faster than, not how fast one is. Instructions and registers
are read from the machine code of sm_80 and sm_90; rates are those of the data sheets. A kernel takes at least the time
in which the device can issue its floating-point instructions, at the highest clock, and at least the time in which its
memory can deliver every input once and take every output once. What stays in a cache between kernels, which for small
batches is much, is not counted as free: bytes are bounds for batches that do not fit into it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.support.gpu_work import Work, backward, forward
from tests.gpu.compiled import Report, reports
from tests.gpu.grid import PAPER

DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "gpu.md"
BEGIN, END = "<!-- {name}: python -m bench.gpu_bounds -->", "<!-- end -->"


@dataclass(frozen=True)
class Device:
    """What the data sheet says.

    Attributes:
        name: of the product.
        capability: compute capability times ten.
        multiprocessors: SMs.
        clock: Hz, the highest.
        lanes: fp32 operations that an SM starts in a cycle.
        bandwidth: of the memory, bytes/s.
        shared: bytes of shared memory of an SM.
    """

    name: str
    capability: int
    multiprocessors: int
    clock: float
    lanes: int
    bandwidth: float
    shared: int

    def occupancy(self, report: Report) -> int:
        """Warps that an SM can hold at once, of 64: limited by registers, shared memory, and 32 programs.

        Registers are given out in units of 256 for a warp; an SM has 65,536. (CUDA C++ Programming Guide, "Compute
        capabilities"; a program takes 1 KiB of shared memory for the system.)
        """
        of_a_warp = -(-report.registers * 32 // 256) * 256
        by_registers = 65536 // of_a_warp // 4 * 4  # an SM has four parts, of a quarter of the registers each
        programs = min(by_registers, 64) // report.num_warps
        return min(programs, self.shared // (report.shared + 1024), 32) * report.num_warps

    @property
    def operations(self) -> float:
        """Floating-point instructions of a lane per second, all lanes together."""
        return self.multiprocessors * self.lanes * self.clock


A100 = Device("A100 SXM 80 GB", 80, 108, 1.41e9, 64, 2.039e12, 164 * 1024)
H100 = Device("H100 SXM", 90, 132, 1.98e9, 128, 3.35e12, 228 * 1024)
DEVICES = (A100, H100)

Reports = Mapping[tuple[str, int], Report]


@dataclass(frozen=True)
class Bound:
    """The least time that a kernel takes for one lattice on a device.

    Attributes:
        operations: floating-point instructions of lanes, or multiply-adds.
        compute: seconds to issue them.
        memory: seconds to move the bytes.
    """

    operations: int
    compute: float
    memory: float

    @property
    def seconds(self) -> float:
        """The larger of the two: at best they overlap."""
        return max(self.compute, self.memory)


def bound(work: Work, device: Device, found: Reports) -> Bound:
    """Of one kernel, on one device."""
    operations = work.multiply_adds
    for name in work.kernels:
        operations += work.lanes * sum(found[name, device.capability].operations.values())
    return Bound(operations, operations / device.operations, work.bytes / device.bandwidth)


def kernel_table(found: Reports) -> Iterator[str]:
    """Registers, occupancy and instructions of every kernel of the paper's network."""
    yield "| kernel | registers, sm_80/90/100 | warps of 64, A100/H100 | instructions | floating-point | stack |"
    yield "|---|---|---|---|---|---|"
    for name in dict.fromkeys(name for name, _ in found):
        by_device = [found[name, capability] for capability in (80, 90, 100)]
        registers = "/".join(str(r.registers) for r in by_device)
        warps = "/".join(str(d.occupancy(found[name, d.capability])) for d in DEVICES)
        operations = sum(by_device[0].operations.values())
        stack = "/".join(str(r.stack) for r in by_device) if any(r.stack for r in by_device) else "0"
        yield f"| {name} | {registers} | {warps} | {by_device[0].instructions:,} | {operations:,} | {stack} |"


def bound_table(works: Iterable[Work], found: Reports) -> Iterator[str]:
    """Work and bounds of a pass, kernel by kernel, and their sums."""
    yield "| kernel | operations | KB | A100 ≥ ns | by | H100 ≥ ns | by |"
    yield "|---|---|---|---|---|---|---|"
    sums = [0.0, 0.0]
    for work in works:
        cells = []
        for position, device in enumerate(DEVICES):
            limit = bound(work, device, found)
            sums[position] += limit.seconds
            cells += [f"{limit.seconds * 1e9:.2f}", "operations" if limit.compute > limit.memory else "bytes"]
        operations = bound(work, A100, found).operations
        yield f"| {work.name} | {operations:,} | {work.bytes / 1000:.1f} | {' | '.join(cells)} |"
    a100, h100 = (f"**{s * 1e9:.0f}** | ≤ {1e-6 / s:.2f} million lattices/s" for s in sums)
    yield f"| **sum** | | | {a100} | {h100} |"


def tables() -> dict[str, str]:
    """The tables by name."""
    compiled = reports(PAPER)
    found = {(r.name, r.capability): r for r in compiled}
    return {
        "kernels": "\n".join(kernel_table(found)),
        "inference": "\n".join(bound_table(forward(), found)),
        "backward": "\n".join(bound_table(backward(), found)),
    }


def written(text: str, made: Mapping[str, str]) -> str:
    """The document with its tables replaced."""
    for name, table in made.items():
        begin = BEGIN.format(name=name)
        text = re.sub(re.escape(begin) + ".*?" + re.escape(END), f"{begin}\n{table}\n{END}", text, flags=re.DOTALL)
    return text


def main() -> int:
    """Writes the tables into the document, or says whether they are there."""
    before = DOCUMENT.read_text(encoding="utf-8")
    after = written(before, tables())
    if sys.argv[1:] == ["--check"]:
        return int(before != after)
    DOCUMENT.write_text(after, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
