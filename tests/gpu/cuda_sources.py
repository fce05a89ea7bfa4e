"""Compiles csrc/cuda: by the CPU's compiler to a library that runs, by nvcc to what the registers are read from."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sysconfig
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.gpu.compiled import _cache as proof_cache

ROOT = Path(__file__).resolve().parents[2]
CSRC = ROOT / "csrc"
NVCC = next(filter(None, map(shutil.which, (os.environ.get("CUDACXX", ""), "nvcc", "/usr/local/cuda/bin/nvcc"))), None)
CXX = next(filter(None, map(shutil.which, (os.environ.get("CXX", ""), "c++", "g++", "clang++"))), None)

_CUOBJDUMP = (
    *("cuobjdump", "/usr/local/cuda/bin/cuobjdump", Path(NVCC or "").resolve().with_name("cuobjdump")),
    Path(sysconfig.get_path("purelib")) / "triton" / "backends" / "nvidia" / "bin" / "cuobjdump",
)
_INSTRUCTION = re.compile(r"^\s+/\*[0-9a-f]+\*/\s+(?:@!?\S+\s+)?([A-Z][A-Z0-9_]*)", re.MULTILINE)
_USAGE = re.compile(r"Function (\S+):\s+REG:(\d+) STACK:(\d+)")


def host_library(folder: Path) -> Path:
    """The CUDA library for the CPU: the same functions, whose kernels run thread after thread."""
    sources = [*sorted(CSRC.rglob("*.cu")), CSRC / "base" / "boundary.cpp"]
    flags = ["-std=c++17", f"-I{CSRC}", "-x", "c++", "-O1", "-fPIC", "-fvisibility=hidden", "-w"]

    def compiled(source: Path) -> Path:
        target = folder / f"{source.stem}.o"
        _run([CXX, *flags, "-c", source, "-o", target])
        return target

    with ThreadPoolExecutor(2) as pool:
        objects = list(pool.map(compiled, sources))
    _run([CXX, "-shared", *objects, "-o", folder / "libfastlattice_cuda.so"])
    return folder / "libfastlattice_cuda.so"


@dataclass(frozen=True)
class Usage:
    """What a kernel needs of a device.

    Attributes:
        kernel: its direction, with the program for backward.
        order: largest number of factors.
        degrees: bits of the degrees that it computes.
        dtype: "fp32" or "fp64".
        registers: of a thread.
        stack: bytes of a thread's stack.
        local: load and store instructions of local memory (LDL, STL), where spilled registers are.
        operations: floating-point instructions.
    """

    kernel: str
    order: int
    degrees: int
    dtype: str
    registers: int
    stack: int
    local: int
    operations: int

    @property
    def spills(self) -> bool:
        """Whether registers did not suffice."""
        return bool(self.stack or self.local)


def contraction_usages(lmax: int, orders: Sequence[int], dtype: str, capability: int, folder: Path) -> list[Usage]:
    """Of all kernels of symmetric_contraction, for all and for even degrees; kept by the hash of the sources.

    Args:
        lmax: largest degree.
        orders: largest numbers of factors.
        dtype: "fp32" or "fp64".
        capability: compute capability times ten.
        folder: for what the compiler writes.
    """
    generated = CSRC / "cuda" / "generated" / f"symmetric_contraction_lmax{lmax}.cu"
    text = _instances(generated.read_text(), lmax, orders, {"fp32": "float", "fp64": "double"}[dtype])
    headers = sorted([*CSRC.glob("cuda/*.h"), CSRC / "base" / "boundary.h"])
    version = _run([NVCC, "--version"])
    parts = [version, str(capability), text, *(path.read_text() for path in (generated, *headers, Path(__file__)))]
    kept = proof_cache() / f"cuda_{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()}.json"
    if not kept.exists():
        found = _usages(text, dtype, capability, folder)
        kept.parent.mkdir(parents=True, exist_ok=True)
        partial = kept.with_suffix(f".{os.getpid()}")
        partial.write_text(json.dumps([asdict(usage) for usage in found]))
        partial.replace(kept)
    return [Usage(**usage) for usage in json.loads(kept.read_text())]


def _instances(generated: str, lmax: int, orders: Sequence[int], T: str) -> str:
    """A source file that has these kernels only."""
    everything = (2 << lmax) - 1
    lines = [
        "#define FL_DEFINE_CONTRACTION(Programs, T)",
        f'#include "{CSRC}/cuda/generated/symmetric_contraction_lmax{lmax}.cu"',
        "namespace fl {",
        f"using P = lmax{lmax}::Programs;",
    ]
    for order in orders:
        for degrees in sorted({everything, everything & 0x55}):
            constants = f"{T}, {order}, {degrees}"
            read, write = f"const {T}*", f"{T}*"
            lines.append(
                f"template __global__ void forward_kernel<P, {constants}>(int64_t, int, {read}, {read}, {write});"
            )
            programs = re.findall(r"struct (Backward\w+)", generated)
            lines += [
                f"template __global__ void backward_kernel<P, lmax{lmax}::{program}, {constants}>"
                f"(int64_t, int64_t, int, {read}, {read}, {read}, {write}, {write});"
                for program in programs[: 1 if order == 1 else None]
            ]
    return "\n".join([*lines, "}", ""])


def _usages(text: str, dtype: str, capability: int, folder: Path) -> list[Usage]:
    source, cubin = folder / "instances.cu", folder / "instances.cubin"
    source.write_text(text)
    _run(
        [NVCC, "-std=c++17", f"-I{CSRC}", "-O3", "-fmad=true", f"-arch=sm_{capability}", "-cubin", source, "-o", cubin]
    )
    cuobjdump = next(filter(None, map(shutil.which, _CUOBJDUMP)))
    functions = _run([cuobjdump, "-sass", cubin]).split("Function : ")[1:]
    counts = {f.split(maxsplit=1)[0]: Counter(_INSTRUCTION.findall(f)) for f in functions}
    found = []
    for name, registers, stack in _USAGE.findall(_run([cuobjdump, "-res-usage", cubin])):
        count, program = counts[name], re.search(r"Backward(\w+?)E", name)
        order, degrees = re.search(r"[fd]Li(\d)ELi(\d+)E", name).groups()
        found.append(
            Usage(
                kernel=f"backward l12={program[1]}" if program else "forward",
                order=int(order),
                degrees=int(degrees),
                dtype=dtype,
                registers=int(registers),
                stack=int(stack),
                local=count["LDL"] + count["STL"],
                operations=sum(
                    count[f"{kind}{operation}"] + 2 * count[f"{kind}{operation}2"]
                    for kind in "FD"
                    for operation in ("FMA", "MUL", "ADD")
                ),
            )
        )
    return sorted(found, key=lambda usage: (usage.order, -usage.degrees, usage.kernel != "forward", usage.kernel))


def _run(command: Sequence[object]) -> str:
    finished = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if finished.returncode:
        raise RuntimeError(f"{command[0]} failed:\n{finished.stderr[-3000:]}")
    return finished.stdout + finished.stderr
