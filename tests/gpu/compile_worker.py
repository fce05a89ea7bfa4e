"""A process that compiles Triton kernels for devices that are not there, and reads what the assembler made of them.

Started by `tests.gpu.compiled` with TRITON_INTERPRET=0. It takes tasks from its input and writes reports to its output,
one line of JSON each. The kernels are compiled by the way that a launch takes, with a driver that only knows a target.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import torch  # noqa: F401 - before Triton, whose specialisation knows torch's dtypes then
import triton

from tests.gpu import no_device

VERSION = 2
"""Of the reports: a change of what they hold makes those in the cache useless."""

_TOOLS = Path(triton.__file__).parent / "backends" / "nvidia" / "bin"
_INSTRUCTION = re.compile(r"^\s+/\*[0-9a-f]+\*/\s+(?:@!?\S+\s+)?([A-Z][A-Z0-9_]*)([.\w]*)", re.MULTILINE)
_USAGE = re.compile(r"REG:(\d+) STACK:(\d+) SHARED:(\d+)")


def report(specialisation) -> dict[str, object]:
    """Compiles for the current device and reads registers, stack and instructions of a specialisation.

    Raises:
        ValueError: the arguments that a launch would pass have other types than the specialisation says.
    """
    started = _processor_time()
    kernel = specialisation.compile()
    declared = {**specialisation.signature, **dict.fromkeys(specialisation.constants, "constexpr")}
    if dict(kernel.src.signature) != declared:
        raise ValueError(f"{specialisation.name}: a launch compiles {kernel.src.signature}, not {declared}")
    with tempfile.NamedTemporaryFile(suffix=".cubin") as file:
        file.write(kernel.asm["cubin"])
        file.flush()
        usage = _USAGE.search(_cuobjdump("-res-usage", file.name))
        instructions = [name for name, _ in _INSTRUCTION.findall(_cuobjdump("-sass", file.name))]
    counts = Counter(instructions)
    registers, stack, shared = map(int, usage.groups())
    return {
        "registers": registers,
        "stack": stack,
        "shared": max(shared, kernel.metadata.shared),
        "loads_local": counts["LDL"],
        "stores_local": counts["STL"],
        "instructions": sum(counts.values()) - counts["NOP"],
        "operations": {name: counts[name] for name in sorted(counts) if re.match(r"[FD](FMA|MUL|ADD)2?$|MUFU$", name)},
        "num_warps": specialisation.num_warps,
        "tf32": "tf32" in kernel.asm["ptx"],
        "seconds": round(_processor_time() - started, 1),
    }


def _processor_time() -> float:
    """Seconds of this process and of the assemblers that it ran."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _cuobjdump(option: str, cubin: str) -> str:
    finished = subprocess.run([_TOOLS / "cuobjdump", option, cubin], capture_output=True, text=True, check=True)
    return finished.stdout + finished.stderr


def cached_report(specialisation, capability: int, cache: Path) -> dict[str, object]:
    """The report from the cache, by the hash of all that it depends on, or made now and kept."""
    no_device.compile_for(capability)
    key = json.dumps(
        [
            VERSION,
            triton.__version__,
            capability,
            specialisation.function.cache_key,
            sorted(specialisation.signature.items()),
            sorted(specialisation.constants.items()),
            specialisation.num_warps,
            *specialisation.options().items(),
        ],
        default=lambda function: function.cache_key,  # of a kernel's function that is a constant of another
    )
    path = cache / f"{hashlib.sha256(key.encode()).hexdigest()}.json"
    if path.exists():
        return json.loads(path.read_text())
    made = report(specialisation)
    cache.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(f".{os.getpid()}")
    partial.write_text(json.dumps(made))
    partial.replace(path)
    return made


def main() -> None:
    """Answers each task [module, arguments of its specialisations(), position, capability] until there is none left."""
    cache = Path(sys.argv[1])
    for line in sys.stdin:
        module, arguments, position, capability = json.loads(line)
        specialisation = importlib.import_module(module).specialisations(**arguments)[position]
        try:
            found = cached_report(specialisation, capability, cache)
        except Exception as error:  # whatever the compiler raises is the report
            found = {"error": f"{type(error).__name__}: {error}"[:2000]}
        sys.stdout.write(json.dumps({"name": specialisation.name, "capability": capability, **found}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TRITON_CACHE_DIR"] = folder  # only reports are kept
        main()
